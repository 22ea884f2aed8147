"""The conformance checks: built-in records pass, and every broken promise is caught and named."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest

from axis_core.errors import InputError
from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.model.soup import scene_soup
from axis_core.plugin import (
    Archetype,
    Artefact,
    Context,
    Format,
    Outcome,
    Platform,
    PluginHost,
    Repair,
    RepairResult,
    Scene,
    Stage,
    option,
)
from axis_core.rig import analyse
from axis_core.testing import (
    capsule_person,
    check_archetype,
    check_format,
    check_platform,
    check_repair,
    check_stage,
    cube,
    skinned_arm,
)


def broken(check: Callable[[Any], None], record: Any, word: str, **more: Any) -> None:
    """Assert that ``check`` refuses ``record`` with a message that has ``word`` in it."""
    with pytest.raises(AssertionError) as caught:
        check(record, **more)
    assert word in str(caught.value)
    assert record.name in str(caught.value)




@pytest.mark.parametrize("name", ["glb", "gltf", "obj", "stl"])
def test_built_in_formats_keep_their_promises(host: PluginHost, name: str) -> None:
    check_format(host.format(name))


@pytest.mark.parametrize("name", ["unity", "unreal", "godot", "roblox", "axis_engine"])
def test_built_in_platforms_keep_their_promises(host: PluginHost, name: str) -> None:
    check_platform(host.platform(name))


def test_built_in_repairs_keep_their_promises(host: PluginHost) -> None:
    for record in host.repairs:
        check_repair(record)


@pytest.mark.parametrize("name", ["normalise", "decimate", "skin", "morphs", "lods", "audit"])
def test_built_in_stages_keep_their_promises(host: PluginHost, name: str) -> None:
    check_stage(host.stage(name), host=host)


@pytest.fixture(scope="module")
def figure() -> Figure:
    """The tiny person, analysed."""
    soup = scene_soup(capsule_person(rigged=False))
    return analyse(soup.positions, soup.faces)


def test_built_in_archetypes_keep_their_promises(host: PluginHost, figure: Figure) -> None:
    for record in host.archetypes:
        check_archetype(record, figure=figure if record.name in ("humanoid", "prop") else None)


def write_text(scene: Scene, *, name: str) -> tuple[Artefact, ...]:
    """Write the number of triangles."""
    return (Artefact(name=f"{name}.txt", role="avatar", media_type="text/plain", data=b"%d" % scene.n_triangles),)


GOOD_FORMAT = Format(
    name="text", suffixes=(".txt",), media_types=("text/plain",), sniff=lambda _: False, write=write_text
)


def test_a_small_export_format_passes() -> None:
    check_format(GOOD_FORMAT)


_counter = itertools.count()


def _unstable(scene: Scene, *, name: str) -> tuple[Artefact, ...]:
    return (attrs.evolve(write_text(scene, name=name)[0], data=b"%d" % next(_counter)),)


def _thawing(scene: Scene, *, name: str) -> tuple[Artefact, ...]:
    for mesh in scene.meshes:
        mesh.positions.flags.writeable = True
    return write_text(scene, name=name)


def _fragile(data: bytes, *, name: str, companions: Any) -> Scene:
    if data != b"12":
        raise KeyError("no")
    return cube()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"name": "No Name"}, "lower case"),
        ({"suffixes": ()}, "no suffix"),
        ({"suffixes": ("TXT",)}, "leading dot"),
        ({"media_types": ()}, "media type"),
        ({"write": None}, "neither"),
        ({"sniff": lambda _: True}, "sniff"),
        ({"write": _unstable}, "different bytes"),
        ({"write": _thawing}, "writable"),
        ({"write": lambda scene, *, name: ()}, "at least one"),
        ({"write": lambda scene, *, name: [write_text(scene, name=name)]}, "tuple"),
        ({"write": lambda scene, *, name: write_text(scene, name=f"../{name}")}, "plain file name"),
        ({"write": lambda scene, *, name: write_text(scene, name="other")}, "other"),
        ({"suffixes": (".dat",)}, "none of the suffixes"),
        ({"read": lambda data, *, name, companions: cube()}, "triangles"),
        ({"read": lambda data, *, name, companions: None}, "expected Scene"),
    ],
)
def test_a_broken_format_is_caught(changes: dict[str, Any], word: str) -> None:
    broken(check_format, attrs.evolve(GOOD_FORMAT, **changes), word)


def test_a_reader_that_raises_something_else_for_damaged_bytes_is_caught() -> None:
    broken(check_format, attrs.evolve(GOOD_FORMAT, write=None, read=_fragile), "KeyError")


def test_a_reader_that_scales_is_caught(host: PluginHost) -> None:
    glb = host.format("glb")
    assert glb.read is not None

    def centimetres(data: bytes, *, name: str, companions: Any) -> Scene:
        scene = glb.read(data, name=name, companions=companions)  # type: ignore[misc]
        meshes = [attrs.evolve(m, positions=m.positions * np.float32(100)) for m in scene.meshes]
        return attrs.evolve(scene, meshes=meshes)

    broken(check_format, attrs.evolve(glb, read=centimetres), "unit or axes")


def _add_material(scene: Scene, options: object) -> RepairResult:
    return RepairResult(scene=attrs.evolve(scene, materials=(*scene.materials, *scene.materials)), changes=("more",))


def _strip(scene: Scene, options: object) -> RepairResult:
    if not scene.skins:
        return RepairResult(scene=scene)
    meshes = [attrs.evolve(m, joints=None, weights=None) for m in scene.meshes]
    nodes = [attrs.evolve(n, skin=None) for n in scene.nodes]
    return RepairResult(scene=attrs.evolve(scene, meshes=meshes, nodes=nodes, skins=()), changes=("no skin",))


def _drop_morphs(scene: Scene, options: object) -> RepairResult:
    if not any(m.morphs for m in scene.meshes):
        return RepairResult(scene=scene)
    meshes = [attrs.evolve(m, morphs=(), morph_weights=()) for m in scene.meshes]
    return RepairResult(scene=attrs.evolve(scene, meshes=meshes), changes=("no morphs",))


GOOD_REPAIR = Repair(
    name="noop", summary="Does nothing.", fixes=("MESH_EMPTY",), apply=lambda scene, options: RepairResult(scene=scene)
)


@pytest.mark.parametrize(
    ("apply", "word"),
    [
        (_add_material, "second time"),
        (_strip, "lost a skin"),
        (_drop_morphs, "morph targets"),
        (lambda scene, options: scene, "expected RepairResult"),
        (lambda scene, options: RepairResult(scene=scene, changes=("did it",)), "changed nothing"),
        (lambda scene, options: RepairResult(scene=attrs.evolve(scene)), "does not say what"),
    ],
)
def test_a_broken_repair_is_caught(apply: Any, word: str) -> None:
    check_repair(GOOD_REPAIR)
    broken(check_repair, attrs.evolve(GOOD_REPAIR, apply=apply), word)


@attrs.frozen
class Options:
    """None."""


@attrs.frozen
class Silent:
    """An option without a line of documentation."""

    size: int = 3


@attrs.frozen
class Needy:
    """An option without a default."""

    size: int


@attrs.define
class Mutable:
    """An option that can be changed."""

    size: int = option(3, "how big")


GOOD_STAGE = Stage(
    name="noop",
    summary="Does nothing.",
    run=lambda state, options, context: Outcome(scene=state.scene),
    options=Options,
)


def _back_and_forth(state: Outcome, options: object, context: Context) -> Outcome:
    context.step(0.9)
    context.step(0.1)
    return Outcome(scene=state.scene)


def _too_far(state: Outcome, options: object, context: Context) -> Outcome:
    context.step(50)
    return Outcome(scene=state.scene)


def _moody(state: Outcome, options: object, context: Context) -> Outcome:
    return Outcome(scene=attrs.evolve(state.scene, name=str(next(_counter))))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"options": Silent}, "documentation"),
        ({"options": Needy}, "no default"),
        ({"options": Mutable}, "not frozen"),
        ({"options": dict}, "no attrs class"),
        ({"run": lambda state, options, context: state.scene}, "expected Outcome"),
        ({"run": _back_and_forth}, "goes back"),
        ({"run": _too_far}, "0..1"),
        ({"run": _moody}, "second time"),
    ],
)
def test_a_broken_stage_is_caught(changes: dict[str, Any], word: str) -> None:
    check_stage(GOOD_STAGE, state=Outcome(scene=skinned_arm()))
    broken(check_stage, attrs.evolve(GOOD_STAGE, **changes), word)


def _export(scene: Scene, *, name: str, format: Format) -> tuple[Artefact, ...]:
    assert format.write is not None
    return format.write(scene, name=name)


GOOD_PLATFORM = Platform(
    name="plain",
    title="Plain",
    skeleton="vrm",
    fit_rig=lambda scene, *, bones: (scene, ()),
    check=lambda scene, *, tier: (),
    export=_export,
)


def _moving(scene: Scene, *, bones: Any) -> tuple[Scene, tuple[str, ...]]:
    if not scene.skins:
        return scene, ()
    meshes = [attrs.evolve(m, positions=m.positions + np.float32(0.1)) for m in scene.meshes]
    return attrs.evolve(scene, meshes=meshes), ("moved",)


def _empty_export(scene: Scene, *, name: str, format: Format) -> tuple[Artefact, ...]:
    return _export(attrs.evolve(scene, meshes=scene.meshes[:1], nodes=_only_first(scene)), name=name, format=format)


def _only_first(scene: Scene) -> list[Any]:
    return [attrs.evolve(n, meshes=tuple(m for m in n.meshes if m == 0)) for n in scene.nodes]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"title": ""}, "title"),
        ({"unit_m": 0.0}, "unit"),
        ({"max_influences": 0}, "influences"),
        ({"budgets": {"gigantic": 5}}, "gigantic"),
        ({"skeleton": "unreal5"}, "pelvis"),
        ({"fit_rig": _moving}, "moved the surface"),
        ({"check": lambda scene, *, tier: None}, "tuple of Issue"),
        ({"export": _empty_export}, "missing from the exported file"),
    ],
)
def test_a_broken_platform_is_caught(changes: dict[str, Any], word: str) -> None:
    check_platform(GOOD_PLATFORM)
    broken(check_platform, attrs.evolve(GOOD_PLATFORM, **changes), word)


@pytest.mark.parametrize(
    ("score", "at", "word"),
    [(7.0, 0.0, "not in 0..1"), (0.5, 3.0, "outside the body"), (0.5, np.nan, "not finite")],
)
def test_a_broken_archetype_is_caught(score: float, at: float, word: str, figure: Figure) -> None:
    def place(_: Any, options: Any) -> Skeleton:
        return Skeleton(names=("root",), parents=[-1], positions=[[at, 0.5, 0.0]])

    broken(check_archetype, Archetype(name="odd", score=lambda _: score, place=place), word, figure=figure)


def test_errors_of_a_writer_are_not_hidden() -> None:
    def refuse(scene: Scene, *, name: str) -> tuple[Artefact, ...]:
        raise InputError("cannot hold it")

    with pytest.raises(InputError, match="cannot hold it"):
        check_format(attrs.evolve(GOOD_FORMAT, write=refuse))
