"""Holes, crowded edges, scale and axes: mended for good, with skins and morphs alive."""

from __future__ import annotations

from pathlib import Path

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import axis_core
from axis_core.audit import RULES
from axis_core.model import Mesh, Node, Scene
from axis_core.model.rebase import rebase_scene
from axis_core.plugin.checks import run_rules
from axis_core.plugin.kinds import Subject
from axis_core.repairs import REPAIRS
from axis_core.repairs.fill_holes import triangulate_loop
from axis_core.testing import capsule_person, cube


BY_NAME = {r.name: r for r in REPAIRS}


def codes(scene: Scene) -> frozenset[str]:
    return run_rules(RULES, Subject(scene=scene), only=("mesh", "rig", "skin")).codes


def without_faces(scene: Scene, first: int, count: int) -> Scene:
    mesh = scene.meshes[0]
    keep = np.ones(mesh.n_triangles, bool)
    keep[first : first + count] = False
    return attrs.evolve(scene, meshes=[attrs.evolve(mesh, faces=mesh.faces[keep]), *scene.meshes[1:]])


def test_a_hole_in_a_skinned_body_is_closed_and_nothing_else_changes() -> None:
    person = capsule_person()
    torn = without_faces(person, 40, 4)
    assert "MESH_BOUNDARY_EDGES" in codes(torn)
    mended = BY_NAME["fill_holes"].apply(torn)
    assert mended.changes
    assert "MESH_BOUNDARY_EDGES" not in codes(mended.scene)
    assert "MESH_INCONSISTENT_WINDING" not in codes(mended.scene)
    before, after = torn.meshes[0], mended.scene.meshes[0]
    assert np.array_equal(before.positions, after.positions)
    assert np.array_equal(np.asarray(before.weights), np.asarray(after.weights))
    assert np.array_equal(after.faces[: before.n_triangles], before.faces)
    assert BY_NAME["fill_holes"].apply(mended.scene).changes == ()


def test_the_border_between_two_materials_is_no_hole_and_a_large_opening_stays() -> None:
    person = capsule_person()
    mesh = person.meshes[0]
    halves = [attrs.evolve(mesh, faces=mesh.faces[::2]), attrs.evolve(mesh, faces=mesh.faces[1::2])]
    nodes = [attrs.evolve(n, meshes=(0, len(person.meshes))) if 0 in n.meshes else n for n in person.nodes]
    split = attrs.evolve(person, meshes=[halves[0], *person.meshes[1:], halves[1]], nodes=nodes)
    assert BY_NAME["fill_holes"].apply(split).changes == ()
    square = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
    sheet = Scene(meshes=[Mesh(positions=square, faces=[[0, 1, 2], [0, 2, 3]])], nodes=[Node(meshes=(0,))])
    assert BY_NAME["fill_holes"].apply(sheet).changes == ()


@settings(deadline=None)
@given(st.integers(3, 40), st.integers(0, 2**32 - 1))
def test_a_star_shaped_loop_is_closed_without_overlap(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    radius = rng.uniform(0.3, 1.0, n)
    flat = np.stack([radius * np.cos(angle), radius * np.sin(angle), np.zeros(n)], axis=1)
    triangles = triangulate_loop(flat)
    assert triangles.shape == (n - 2, 3)
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    areas = 0.5 * np.cross(b - a, c - a)[:, 2]
    following = np.roll(flat, -1, axis=0)
    whole = 0.5 * float((flat[:, 0] * following[:, 1] - flat[:, 1] * following[:, 0]).sum())
    assert areas.min() > -1e-12
    assert areas.sum() == pytest.approx(whole, rel=1e-9)


def fin(scene: Scene) -> Scene:
    """The scene's first mesh with a triangle standing on one of its edges."""
    mesh = scene.meshes[0]
    a, b = mesh.faces[0, 0], mesh.faces[0, 1]
    tip = np.asarray(mesh.positions[[a, b]]).mean(axis=0) + np.array([0.0, 0.0, 0.05])
    rows = np.concatenate([np.arange(mesh.n_vertices), [a]])
    from axis_core.repairs.selection import with_vertices

    grown = with_vertices(mesh, rows, np.arange(mesh.n_vertices))
    positions = np.array(grown.positions)
    positions[-1] = tip
    faces = np.vstack([mesh.faces, np.array([[a, b, mesh.n_vertices]], mesh.faces.dtype)])
    return attrs.evolve(scene, meshes=[attrs.evolve(grown, positions=positions, faces=faces), *scene.meshes[1:]])


def test_a_fin_is_parted_and_the_body_stays_closed() -> None:
    person = capsule_person()
    finned = fin(person)
    assert "MESH_NON_MANIFOLD_EDGES" in codes(finned)
    mended = BY_NAME["split_non_manifold"].apply(finned)
    found = codes(mended.scene)
    assert "MESH_NON_MANIFOLD_EDGES" not in found
    moved: NDArray[np.float64] = np.asarray(mended.scene.meshes[0].positions, np.float64)
    n = finned.meshes[0].n_vertices
    assert np.array_equal(moved[:n], np.asarray(finned.meshes[0].positions, np.float64))
    extra = moved[n:]
    nearest = np.linalg.norm(extra[:, None] - moved[None, :n], axis=2).min(axis=1)
    assert (nearest < 1e-3).all()
    assert len(np.asarray(mended.scene.meshes[0].weights)) == len(moved)
    assert BY_NAME["split_non_manifold"].apply(mended.scene).changes == ()


def test_two_cubes_that_touch_in_an_edge_become_two_parts() -> None:
    one = cube().meshes[0]
    beside = np.asarray(one.positions, np.float64) + np.ptp(one.positions, axis=0) * [1.0, 1.0, 0.0]
    both = Mesh(
        positions=np.concatenate([one.positions, beside]),
        faces=np.concatenate([one.faces, one.faces.astype(np.int64) + one.n_vertices]),
    )
    scene = Scene(meshes=[both], nodes=[Node(meshes=(0,))])
    assert "MESH_NON_MANIFOLD_EDGES" in codes(scene)
    mended = BY_NAME["split_non_manifold"].apply(scene).scene
    assert not codes(mended) & {"MESH_NON_MANIFOLD_EDGES", "MESH_BOUNDARY_EDGES"}


@pytest.mark.parametrize("factor", [100.0, 1000.0, 0.01, 39.37, 517.0])
def test_a_wrong_unit_is_found_and_the_rig_comes_along(factor: float) -> None:
    person, _ = rebase_scene(capsule_person(), np.diag([factor, factor, factor, 1.0]))
    assert "SCALE_IMPLAUSIBLE" in codes(person)
    mended = BY_NAME["rescale"].apply(person)
    assert "SCALE_IMPLAUSIBLE" not in codes(mended.scene)
    assert "RIG_JOINT_OUTSIDE" not in codes(mended.scene)
    assert BY_NAME["rescale"].apply(mended.scene).changes == ()


TURNS = {
    "z up": np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),
    "backwards": np.diag([-1.0, 1.0, -1.0]),
    "on its side": np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]),
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_a_rigged_body_is_stood_up_from_its_bones(turn: NDArray[np.float64]) -> None:
    transform = np.eye(4)
    transform[:3, :3] = turn
    transform[:3, 3] = [0.0, 3.0, 0.0]
    person = capsule_person()
    turned, _ = rebase_scene(person, transform)
    assert codes(turned) & {"AXES_UNUSUAL", "OFF_FLOOR"}
    mended = BY_NAME["reorient"].apply(turned)
    assert not codes(mended.scene) & {"AXES_UNUSUAL", "OFF_FLOOR"}
    assert BY_NAME["reorient"].apply(mended.scene).changes == ()
    hips = [s.skeleton(0).positions[s.skeleton(0).index("hips")] for s in (person, mended.scene)]
    assert np.allclose(hips[0][1], hips[1][1], atol=0.03)


def test_a_body_without_a_rig_is_stood_up_from_its_figure() -> None:
    transform = np.eye(4)
    transform[:3, :3] = TURNS["z up"]
    turned, _ = rebase_scene(capsule_person(rigged=False), transform)
    mended = BY_NAME["reorient"].apply(turned)
    assert any("turned by 90" in change for change in mended.changes)


CHARACTERS = Path(__file__).resolve().parents[3] / "shared" / "groundtruth"


@pytest.mark.skipif(not CHARACTERS.is_dir(), reason="the folder of real characters is not beside this checkout")
@pytest.mark.parametrize("name", ["modular_women_Suit", "animals_pack_Fox", "mech_pack_Stan", "cute_fish_pack_Koi"])
def test_real_characters_are_clean_of_what_can_be_fixed_and_a_second_run_changes_nothing(name: str) -> None:
    scene = axis_core.read(CHARACTERS / "quaternius" / f"{name}.glb")
    mesh = scene.meshes[0]
    rng = np.random.default_rng(7)
    faces = mesh.faces[rng.permutation(mesh.n_triangles)]
    dirty = np.concatenate([faces, faces[:20], np.repeat(faces[:5, :1], 3, axis=1)])
    dirty[::17] = dirty[::17, ::-1]
    torn = attrs.evolve(scene, meshes=[attrs.evolve(mesh, faces=dirty), *scene.meshes[1:]])
    mended = axis_core.repair(torn)
    left = run_rules(RULES, Subject(scene=mended.scene))
    fixable = {code for r in REPAIRS if r.safe and not r.adds_surface for code in r.fixes}
    assert not left.codes & fixable
    assert axis_core.repair(mended.scene).changes == ()
    assert len(mended.scene.skins) == len(scene.skins)
    assert [len(m.morphs) for m in mended.scene.meshes] == [len(m.morphs) for m in scene.meshes]
