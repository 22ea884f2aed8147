"""Every hook is on the page with its exact signature and an example that works."""

from __future__ import annotations

import inspect
import types
from pathlib import Path
from types import ModuleType

import pytest

from axis_core import builtin
from axis_core.plugin import Outcome, PluginHost, Stage
from axis_core.plugin.host import KINDS
from axis_core.plugin.specs import Specs
from axis_core.testing import check_archetype, check_format, check_platform, check_repair, check_stage, cube


HOOKS = sorted(name for name in vars(Specs) if name.startswith("axis_"))
CHECKS = {
    "axis_formats": check_format,
    "axis_platforms": check_platform,
    "axis_repairs": check_repair,
    "axis_stages": check_stage,
    "axis_archetypes": check_archetype,
}


def example(hook: str, root: Path, snippets: ModuleType) -> types.ModuleType:
    """Return the module that the page prints for ``hook``."""
    page = root / "docs" / "hooks.md"
    fence = f"```python hook={hook}\n"
    (text,) = [part.partition("```")[0] for part in page.read_text(encoding="utf-8").split(fence)[1:]]
    module = types.ModuleType(f"example_of_{hook}")
    exec(compile(text, f"hooks.md:{hook}", "exec"), vars(module))
    return module


@pytest.mark.parametrize("hook", HOOKS)
def test_the_heading_is_the_exact_signature(hook: str, root: Path) -> None:
    signature = inspect.signature(getattr(Specs, hook))
    parameters = [f"{p.name}: {p.annotation}" for p in signature.parameters.values() if p.name != "self"]
    heading = f"### `{hook}({', '.join(parameters)}) -> {signature.return_annotation}`"
    assert (root / "docs" / "hooks.md").read_text(encoding="utf-8").splitlines().count(heading) == 1


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_says_what_it_is_for(hook: str) -> None:
    assert inspect.getdoc(getattr(Specs, hook))


@pytest.mark.parametrize("hook", sorted(KINDS))
def test_the_example_gives_a_record_that_keeps_its_promises(hook: str, root: Path, snippets: ModuleType) -> None:
    module = example(hook, root, snippets)
    host = PluginHost([("axis", builtin), ("example", module)], installed=False)
    info = host.plugins()[1]
    (given,) = info.gives
    assert given.startswith(hook.removeprefix("axis_"))
    (record,) = getattr(module, hook)()
    assert host.origin(hook, record.name) == "example"
    if hook in CHECKS:
        CHECKS[hook](record)


def test_the_example_rule_finds_and_the_example_repair_mends(root: Path, snippets: ModuleType) -> None:
    import attrs

    from axis_core import audit, repair

    rule, mender = (example(h, root, snippets) for h in ("axis_audit_rules", "axis_repairs"))
    host = PluginHost([("axis", builtin), ("rule", rule), ("mender", mender)], installed=False)
    nameless = attrs.evolve(cube(), meshes=(attrs.evolve(cube().meshes[0], name=""),))
    assert "NAME_MISSING" in audit(nameless, host=host).codes
    mended = repair(nameless, repairs=["name_meshes"], host=host)
    assert "NAME_MISSING" not in audit(mended.scene, host=host).codes
    assert mended.changes


def test_the_example_provider_generates_and_passes_the_stages(root: Path, snippets: ModuleType) -> None:
    from axis_core.plugin import Context, Request

    module = example("axis_providers", root, snippets)
    host = PluginHost([("axis", builtin), ("example", module)], installed=False)
    request = Request(mode="avatar_parametric", parameters={"height_m": 2.0})
    made = host.provider("pyramid").generate(request, Context(host=host))
    assert made.scene.meshes[0].positions[:, 1].max() == 2.0
    assert made.parameters == {"height_m": 2.0}


def test_the_example_report_format_prints_a_report(root: Path, snippets: ModuleType) -> None:
    from axis_core import audit, print_report

    module = example("axis_audit_formats", root, snippets)
    host = PluginHost([("axis", builtin), ("example", module)], installed=False)
    report = audit(cube(), host=host)
    text = print_report(report, "count", name="cube", host=host).decode()
    assert text.startswith(f"cube: {len(report.issues)} findings")


def test_the_example_command_says_hello(root: Path, snippets: ModuleType) -> None:
    from click.testing import CliRunner

    (record,) = example("axis_commands", root, snippets).axis_commands()
    assert CliRunner().invoke(record.build(), ["you"]).output == "hello you\n"


@pytest.mark.parametrize("hook", ["axis_stage_started", "axis_stage_finished"])
def test_the_example_observer_is_called(hook: str, root: Path, snippets: ModuleType) -> None:
    module = example(hook, root, snippets)
    host = PluginHost([("example", module)], installed=False)
    stage = Stage(name="noop", summary="", run=lambda s, o, c: s, options=object)
    host.stage_started(stage, Outcome(scene=cube()))
    host.stage_finished(stage, Outcome(scene=cube()), 0.25)
    seen = {"axis_stage_started": [("noop", 12)], "axis_stage_finished": {"noop": 0.25}}[hook]
    assert seen == getattr(module, {"axis_stage_started": "started"}.get(hook, "seconds_by_stage"))


def test_every_collecting_hook_has_its_record_and_every_record_its_hook() -> None:
    collecting = {n for n in HOOKS if inspect.signature(getattr(Specs, n)).return_annotation != "None"}
    assert set(KINDS) == collecting
    for hook, kind in KINDS.items():
        assert inspect.signature(getattr(Specs, hook)).return_annotation == f"list[{kind.__name__}]"
