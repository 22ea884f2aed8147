"""Commands about this installation: plugins, stages, platforms, assets, doctor."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import click
import pytest
from click.testing import CliRunner, Result

from axis_core import door
from axis_core.cli.app import axis
from axis_core.plugin import Artefact, AuditFormat, Command, Format, PluginHost, Rule, Stage, hookimpl, issue


Axis = Callable[..., Result]


def as_json(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def run_with(plugin: SimpleNamespace, *args: object) -> Result:
    from axis_core import builtin

    host = PluginHost([("axis", builtin), ("third", plugin)], installed=False)
    return CliRunner().invoke(axis, list(map(str, args)), host=host)


def hooks(**records: list[Any]) -> SimpleNamespace:
    return SimpleNamespace(
        **{name: hookimpl(specname=name)(lambda found=found: found) for name, found in records.items()}
    )


def _write_points(scene: Any, *, name: str) -> tuple[Artefact, ...]:
    text = "\n".join(f"{x} {y} {z}" for mesh in scene.meshes for x, y, z in mesh.positions)
    return (Artefact(name=f"{name}.xyz", role="avatar", media_type="text/plain", data=text.encode()),)


XYZ = Format(name="xyz", suffixes=(".xyz",), media_types=("text/plain",), sniff=lambda head: False, write=_write_points)


def test_plugins_list_names_every_record_of_the_library(axis_run: Axis) -> None:
    (info,) = as_json(axis_run("plugins", "list", "--json"))["plugins"]
    assert info["name"] == "axis"
    assert {"formats:glb", "platforms:unity", "stages:ingest"} <= set(info["gives"])
    assert "unity" in axis_run("plugins", "list").stdout


def test_a_format_of_a_plugin_shows_up_in_the_list_and_in_convert(cube: Path) -> None:
    plugin = hooks(axis_formats=[XYZ])
    assert "xyz" in run_with(plugin, "plugins", "list").stdout
    out = cube.parent / "cube.xyz"
    assert run_with(plugin, "convert", cube, out).exit_code == 0
    assert len(out.read_text().splitlines()) == door.read(cube).n_vertices


def test_plugins_check_has_nothing_to_say_without_plugins(axis_run: Axis) -> None:
    assert as_json(axis_run("plugins", "check", "--json")) == {"ok": True, "plugins": {}}
    assert "no plugin is installed" in axis_run("plugins", "check").stdout


@pytest.mark.conformance
def test_plugins_check_passes_what_is_built_in(axis_run: Axis) -> None:
    assert as_json(axis_run("plugins", "check", "axis", "--json")) == {"ok": True, "plugins": {"axis": []}}


@attrs.frozen
class NoDefault:
    count: int


@pytest.mark.parametrize(
    ("hook", "record", "word"),
    [
        ("axis_formats", attrs.evolve(XYZ, suffixes=("XYZ",)), "lower case"),
        ("axis_formats", attrs.evolve(XYZ, suffixes=()), "no suffix"),
        ("axis_formats", attrs.evolve(XYZ, sniff=lambda head: True), "for its own"),
        ("axis_formats", attrs.evolve(XYZ, sniff=lambda head: head[9] == 0), "IndexError"),
        ("axis_formats", attrs.evolve(XYZ, write=None), "neither read nor write"),
        ("axis_stages", Stage(name="bad", summary="", run=print, options=NoDefault), "no default"),
        ("axis_audit_rules", Rule(name="bad", codes=(), check=lambda subject: [issue("RIG_MISSING")]), "RIG_MISSING"),
        ("axis_audit_formats", AuditFormat(name="bad", media_type="x/y", render=lambda report, *, name: name), "bytes"),
        ("axis_commands", Command(name="bad", summary="", build=lambda: 1 / 0), "ZeroDivisionError"),
        ("axis_commands", Command(name="bad", summary="", build=lambda: print), "no click command"),
    ],
)
def test_plugins_check_finds_a_record_that_breaks_the_rules(hook: str, record: Any, word: str) -> None:
    done = run_with(hooks(**{hook: [record]}), "plugins", "check")
    assert done.exit_code == 1
    assert word in done.stdout


def test_plugins_check_passes_good_records() -> None:
    command = Command(name="good", summary="", build=lambda: click.Command("good"))
    done = run_with(hooks(axis_commands=[command], axis_formats=[XYZ]), "plugins", "check")
    assert (done.exit_code, done.stdout) == (0, "third: ok\n")


def test_plugins_check_refuses_an_unknown_name(axis_run: Axis) -> None:
    done = axis_run("plugins", "check", "nope")
    assert done.exit_code == 2
    assert "axis" in done.stderr


def test_stages_are_listed_in_the_order_of_the_pipeline_with_their_options(axis_run: Axis) -> None:
    listed = as_json(axis_run("stages", "--json"))["stages"]
    assert [stage["name"] for stage in listed] == [stage.name for stage in door.default_host().stages]
    for stage in listed:
        shown = axis_run("stages", stage["name"]).stdout
        for key in stage["options"]["properties"]:
            assert f"{stage['name']}.{key}" in shown


def test_platforms_are_listed_with_their_rules(axis_run: Axis) -> None:
    listed = as_json(axis_run("platforms", "--json"))["platforms"]
    assert [p["name"] for p in listed] == ["unity", "unreal", "godot", "roblox", "axis_engine"]
    assert "at most 4 a vertex" in axis_run("platforms", "roblox").stdout
    assert axis_run("platforms", "nope").exit_code == 2


def test_assets_are_missing_in_an_empty_cache_and_the_list_says_how_to_get_them(
    axis_run: Axis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AXIS_CACHE_DIR", str(tmp_path))
    packs = as_json(axis_run("assets", "list", "--json"))["packs"]
    assert {pack["name"]: pack["state"] for pack in packs}["body"] == "missing"
    assert "axis assets install body" in axis_run("assets", "list").stdout
    assert as_json(axis_run("assets", "verify", "--json")) == {"packs": []}
    assert as_json(axis_run("assets", "remove", "body", "--json")) == {"removed": {"body": False}}
    refused = axis_run("assets", "verify", "body")
    assert refused.exit_code == 2
    assert "axis assets install body" in refused.stderr


def test_assets_take_no_other_file_than_the_pinned_one(
    axis_run: Axis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AXIS_CACHE_DIR", str(tmp_path / "cache"))
    wheel = tmp_path / "other-1.0-py3-none-any.whl"
    wheel.write_bytes(b"PK")
    done = axis_run("assets", "install", "body", "--from", wheel, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["code"] == "digest_mismatch"
    assert axis_run("assets", "install", "nope", "--from", wheel).exit_code == 2


def test_the_demo_without_its_data_names_the_command_that_fetches_it(
    axis_run: Axis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AXIS_CACHE_DIR", str(tmp_path / "cache"))
    done = axis_run("demo", "-o", tmp_path / "demo")
    assert done.exit_code == 2
    assert "axis assets install body" in done.stderr
    assert not (tmp_path / "demo").exists()


def test_the_demo_takes_a_mesh_of_ones_own(axis_run: Axis, biped: Path, tmp_path: Path) -> None:
    done = axis_run("demo", biped, "-o", tmp_path / "demo")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "demo" / "avatar.glb").is_file()


def test_the_doctor_looks_at_everything_and_says_what_to_do(axis_run: Axis) -> None:
    said = as_json(axis_run("doctor", "--json"))
    found = {finding["name"]: finding for finding in said["findings"]}
    assert {"Python", "AXIS", "libraries", "plugins", "drawing", "glTF audit", "kernel cache", "data body"} <= set(
        found
    )
    assert found["libraries"]["state"] == found["glTF audit"]["state"] == "ok"
    assert all(finding["hint"] for finding in said["findings"] if finding["state"] != "ok")
    assert said["ok"] is all(finding["state"] != "bad" for finding in said["findings"])
