"""PluginHost: what it collects, what it sets aside, what it refuses."""

from __future__ import annotations

import types
from importlib.metadata import Distribution, EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import attrs
import pytest

from axis_core import builtin
from axis_core.errors import NotFound, PluginError
from axis_core.plugin import AuditFormat, Context, Format, Outcome, PluginHost, Stage, hookimpl
from axis_core.plugin import host as host_module
from axis_core.testing import cube


def format_record(name: str) -> Format:
    """Return a format that nobody will read."""
    return Format(name=name, suffixes=(f".{name}",), media_types=("text/plain",), sniff=lambda _: False)


def plugin_of(**hooks: Any) -> types.SimpleNamespace:
    """Return a plugin with these hook functions."""
    return types.SimpleNamespace(**{name: hookimpl(function) for name, function in hooks.items()})


def giving(*names: str) -> types.SimpleNamespace:
    """Return a plugin that gives formats of these names."""
    return plugin_of(axis_formats=lambda: [format_record(n) for n in names])


class _Metadata(Distribution):
    """The distribution of an entry point made in a test."""

    def __init__(self, name: str) -> None:
        self._name = name

    def read_text(self, filename: str) -> str | None:
        return f"Metadata-Version: 2.1\nName: {self._name}\nVersion: 1.2\n" if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Path:
        return Path(path)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes the given sources installed plugins: entry point name -> module text."""

    def install(**sources: str) -> None:
        monkeypatch.syspath_prepend(str(tmp_path))
        points = []
        for name, source in sources.items():
            module = f"made_for_test_{name}_{tmp_path.name}".replace("-", "_")
            (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
            point = EntryPoint(name, module, "axis")
            vars(point)["dist"] = _Metadata(f"dist-of-{name}")
            points.append(point)
        monkeypatch.setattr(host_module, "entry_points", lambda *, group: EntryPoints(points))

    return install


GOOD = """
from axis_core.plugin import AuditFormat, hookimpl

@hookimpl
def axis_audit_formats():
    return [AuditFormat(name="{name}", media_type="text/plain", render=lambda report, *, name: b"")]
"""


def test_records_are_found_by_name() -> None:
    host = PluginHost([("mine", giving("one", "two"))], installed=False)
    assert host.format("two").name == "two"
    assert [f.name for f in host.formats] == ["one", "two"]
    assert host.origin("axis_formats", "one") == "mine"


def test_formats_are_also_found_by_suffix() -> None:
    record = Format(name="wavefront", suffixes=(".obj",), media_types=("model/obj",), sniff=lambda _: False)
    host = PluginHost([("mine", plugin_of(axis_formats=lambda: [record]))], installed=False)
    assert host.format(".OBJ") is record


def test_an_unknown_name_is_met_with_the_known_ones() -> None:
    host = PluginHost([("mine", giving("one"))], installed=False)
    with pytest.raises(NotFound) as caught:
        host.format("three")
    assert "one" in str(caught.value.hint)


def test_a_host_without_plugins_knows_nothing() -> None:
    host = PluginHost(installed=False)
    assert (host.formats, host.stages, host.plugins()) == ((), (), ())


def test_what_is_built_in_comes_through_the_same_door() -> None:
    host = PluginHost([("axis", builtin)], installed=False)
    (info,) = host.plugins()
    assert info.error == ""
    assert "formats:glb" in info.gives
    assert "platforms:unity" in info.gives
    assert len(info.gives) == sum(
        len(getattr(host, kind))
        for kind in (
            "formats",
            "platforms",
            "providers",
            "repairs",
            "rules",
            "audit_formats",
            "stages",
            "archetypes",
            "commands",
        )
    )


def test_stages_come_in_their_order() -> None:
    stages = [
        Stage(name=name, summary="", run=lambda s, o, c: s, options=object, order=order)
        for name, order in (("late", 30), ("early", 10), ("middle", 20))
    ]
    host = PluginHost([("mine", plugin_of(axis_stages=lambda: stages))], installed=False)
    assert [s.name for s in host.stages] == ["early", "middle", "late"]


def test_a_misspelt_hook_is_refused_with_the_list_of_hooks() -> None:
    with pytest.raises(PluginError) as caught:
        PluginHost([("mine", plugin_of(axis_formatz=lambda: [format_record("one")]))], installed=False)
    assert caught.value.code == "unknown_hook"
    assert "axis_formatz" in str(caught.value)
    assert "axis_formats" in str(caught.value.hint)


def test_an_unknown_argument_of_a_hook_is_refused() -> None:
    with pytest.raises(PluginError) as caught:
        PluginHost([("mine", plugin_of(axis_stage_started=lambda stage, weather: None))], installed=False)
    assert "weather" in str(caught.value)


@pytest.mark.parametrize("result", [None, "glb", [1], [AuditFormat(name="x", media_type="a/b", render=bytes)]])
def test_a_hook_that_returns_anything_but_a_list_of_its_records_is_refused(result: Any) -> None:
    with pytest.raises(PluginError) as caught:
        PluginHost([("mine", plugin_of(axis_formats=lambda: result))], installed=False)
    assert caught.value.code == "plugin_broken"
    assert "Format" in str(caught.value)


def test_two_records_of_one_name_are_an_error_that_names_both_plugins() -> None:
    with pytest.raises(PluginError) as caught:
        PluginHost([("first", giving("one")), ("second", giving("one"))], installed=False)
    assert caught.value.code == "duplicate_name"
    assert "'first'" in str(caught.value)
    assert "'second'" in str(caught.value)


def test_two_plugins_of_one_name_are_an_error() -> None:
    with pytest.raises(PluginError) as caught:
        PluginHost([("mine", giving("one")), ("mine", giving("two"))], installed=False)
    assert caught.value.code == "duplicate_name"


def test_installed_plugins_are_loaded_with_their_distribution(installed: Any) -> None:
    installed(fine=GOOD.format(name="fine"))
    host = PluginHost()
    (info,) = host.plugins()
    assert (info.name, info.distribution, info.version, info.error) == ("fine", "dist-of-fine", "1.2", "")
    assert info.gives == ("audit_formats:fine",)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("import no_such_module_anywhere", "no_such_module_anywhere"),
        ("raise RuntimeError('out of ink')", "out of ink"),
        ("def broken(:", "SyntaxError"),
        ("from axis_core.plugin import hookimpl\n@hookimpl\ndef axis_formats():\n    return 1 / 0", "division"),
        ("from axis_core.plugin import hookimpl\n@hookimpl\ndef axis_formats():\n    return None", "list of Format"),
        ("from axis_core.plugin import hookimpl\n@hookimpl\ndef axis_fromats():\n    return []", "axis_fromats"),
    ],
    ids=["missing module", "raises", "syntax", "raises when asked", "no list", "misspelt"],
)
def test_a_broken_installed_plugin_is_set_aside_and_takes_nothing_down(source: str, word: str, installed: Any) -> None:
    installed(broken=source, fine=GOOD.format(name="fine"))
    host = PluginHost([("axis", builtin)])
    infos = {info.name: info for info in host.plugins()}
    assert word in infos["broken"].error
    assert infos["broken"].gives == ()
    assert infos["fine"].error == ""
    assert host.audit_format("fine").name == "fine"
    assert host.format("glb").name == "glb"


def test_what_a_broken_plugin_might_have_given_is_said_when_it_is_missed(installed: Any) -> None:
    installed(broken="raise RuntimeError('out of ink')")
    with pytest.raises(NotFound) as caught:
        PluginHost().platform("nintendo")
    assert "broken" in str(caught.value.hint)
    assert "out of ink" in str(caught.value.hint)


def test_an_installed_plugin_cannot_take_the_place_of_what_is_built_in(installed: Any) -> None:
    installed(rival=GOOD.format(name="json"))
    with pytest.raises(PluginError) as caught:
        PluginHost([("axis", builtin)])
    assert caught.value.code == "duplicate_name"
    assert "'axis'" in str(caught.value)
    assert "'rival'" in str(caught.value)


def test_only_allowed_entry_points_are_loaded(installed: Any) -> None:
    installed(wanted=GOOD.format(name="wanted"), other="raise RuntimeError('must not be imported')")
    host = PluginHost(allow=["wanted"])
    assert [info.name for info in host.plugins()] == ["wanted"]


def test_hosts_are_values_that_know_nothing_of_each_other() -> None:
    first, second = (PluginHost([("mine", giving(name))], installed=False) for name in ("one", "two"))
    assert [f.name for f in first.formats] == ["one"]
    assert [f.name for f in second.formats] == ["two"]


def test_observers_see_stages_start_and_finish() -> None:
    seen: list[tuple[Any, ...]] = []
    watcher = plugin_of(
        axis_stage_started=lambda stage, state: seen.append(("started", stage.name, state.scene.n_triangles)),
        axis_stage_finished=lambda stage, seconds: seen.append(("finished", stage.name, seconds)),
    )
    host = PluginHost([("watcher", watcher)], installed=False)
    stage = Stage(name="noop", summary="", run=lambda s, o, c: s, options=object)
    state = Outcome(scene=cube())
    host.stage_started(stage, state)
    host.stage_finished(stage, state, 0.5)
    assert seen == [("started", "noop", 12), ("finished", "noop", 0.5)]


def test_a_context_stops_where_the_caller_cancelled() -> None:
    from axis_core.errors import Cancelled

    heard: list[tuple[float, str]] = []
    context = Context(
        host=PluginHost(installed=False),
        progress=lambda fraction, message: heard.append((fraction, message)),
        cancelled=lambda: len(heard) > 1,
    )
    context.step(0.1, "first")
    with pytest.raises(Cancelled):
        context.step(0.2, "second")
    assert heard == [(0.1, "first"), (0.2, "second")]


@pytest.mark.parametrize("order", [("reader", "writer"), ("writer", "reader")])
def test_a_plugin_that_reads_a_format_and_one_that_writes_it_are_one_format(order: tuple[str, str]) -> None:
    def read(data: bytes, **_: Any) -> Any:
        return cube()

    def write(scene: Any, **_: Any) -> tuple[()]:
        return ()

    base = Format(name="fbx", suffixes=(".fbx",), media_types=("text/plain",), sniff=lambda _: False)
    halves = {"reader": attrs.evolve(base, read=read), "writer": attrs.evolve(base, write=write)}
    plugins = [(name, plugin_of(axis_formats=lambda name=name: [halves[name]])) for name in order]
    host = PluginHost(plugins, installed=False)
    assert (host.format("fbx").read, host.format("fbx").write) == (read, write)
    with pytest.raises(PluginError, match="both give"):
        PluginHost([*plugins, ("third", plugin_of(axis_formats=lambda: [halves["reader"]]))], installed=False)
