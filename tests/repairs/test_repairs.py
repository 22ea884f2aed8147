"""Each repair mends what it says, leaves clean scenes alone, and keeps what hangs on the vertices."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from axis_core.audit import RULES
from axis_core.model import Mesh, Scene
from axis_core.plugin.checks import apply_repairs, plan_repairs, run_rules
from axis_core.plugin.kinds import Repair, Subject
from axis_core.repairs import REPAIRS
from axis_core.testing import capsule_person, check_repair, skinned_arm, textured_quad


BY_NAME = {r.name: r for r in REPAIRS}
GEOMETRY = ("mesh", "skin", "morph", "material", "texture")


def with_mesh(scene: Scene, index: int = 0, **changes: object) -> Scene:
    meshes = list(scene.meshes)
    meshes[index] = attrs.evolve(meshes[index], **changes)
    return attrs.evolve(scene, meshes=meshes)


def damaged() -> dict[str, Scene]:
    """A damaged person for every code that a repair fixes."""
    person = capsule_person()
    mesh = person.meshes[0]
    positions, weights = np.array(mesh.positions), np.array(mesh.weights)
    n = len(positions)
    hole, bad = positions.copy(), weights.copy()
    hole[7] = np.nan
    bad[3] = np.nan
    off, none = weights.copy(), weights.copy()
    off[:40] *= 0.5
    none[:25] = 0.0
    faces = np.array(mesh.faces)
    turned = faces.copy()
    turned[::5] = turned[::5, ::-1]
    wide_joints = np.tile(np.arange(8), (n, 1))
    wide = np.full((n, 8), 0.125)
    normals = np.tile([0.0, 0.0, 1.0], (n, 1))
    normals[4] = 0.0
    return {
        "MESH_NON_FINITE": with_mesh(person, positions=hole),
        "SKIN_INVALID_WEIGHTS": with_mesh(person, weights=bad),
        "SKIN_NOT_NORMALISED": with_mesh(person, weights=off),
        "SKIN_UNWEIGHTED": with_mesh(person, weights=none),
        "MESH_DEGENERATE_FACES": with_mesh(person, faces=np.concatenate([faces, [[5, 5, 6]]])),
        "MESH_DUPLICATE_FACES": with_mesh(person, faces=np.concatenate([faces, faces[:9]])),
        "MESH_INCONSISTENT_WINDING": with_mesh(person, faces=turned),
        "MESH_INWARD": with_mesh(person, faces=faces[:, ::-1]),
        "MESH_UNREFERENCED_VERTICES": with_mesh(person, faces=faces[(faces != 0).all(axis=1)]),
        "NORMALS_INVALID": with_mesh(person, normals=normals),
        "SKIN_TOO_MANY_INFLUENCES": with_mesh(person, joints=wide_joints, weights=wide),
        "UV_NON_FINITE": with_mesh(person, uvs=[np.full((n, 2), np.nan)]),
    }


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda r: r.name)
def test_a_repair_keeps_the_promises_of_its_kind(repair: Repair) -> None:
    check_repair(repair)


@pytest.mark.parametrize("code", sorted(damaged()))
def test_the_planned_repairs_mend_what_was_found(code: str) -> None:
    scene = damaged()[code]
    if code == "SKIN_TOO_MANY_INFLUENCES":  # a platform's rule finds it, not a rule of geometry
        chosen: tuple[Repair, ...] = (BY_NAME["limit_influences"],)
    else:
        report = run_rules(RULES, Subject(scene=scene), only=GEOMETRY)
        assert code in report.codes
        chosen = plan_repairs(REPAIRS, report)
    mended = apply_repairs(scene, chosen)
    assert mended.changes
    after = run_rules(RULES, Subject(scene=mended.scene), only=GEOMETRY)
    assert code not in after.codes
    assert after.ok
    again = apply_repairs(mended.scene, chosen)
    assert again.scene is mended.scene
    assert again.changes == ()


@pytest.mark.parametrize("code", sorted(damaged()))
def test_skins_and_materials_stay_alive(code: str) -> None:
    scene = damaged()[code]
    mended = apply_repairs(scene, REPAIRS).scene
    assert len(mended.skins) == 1
    assert {m.material for m in mended.meshes} == {m.material for m in scene.meshes}
    for mesh in mended.meshes:
        assert mesh.weights is not None
        np.testing.assert_allclose(np.asarray(mesh.weights, float).sum(axis=1), 1.0, atol=1e-6)
        assert (np.asarray(mesh.weights) > 0).sum(axis=1).max() <= 4


def test_a_vertex_without_position_goes_between_its_neighbours() -> None:
    arm = skinned_arm()
    positions = np.array(arm.meshes[0].positions)
    truth = positions[30].copy()
    positions[30] = np.inf
    mended = BY_NAME["resolve_nan"].apply(with_mesh(arm, positions=positions), None).scene
    assert np.linalg.norm(mended.meshes[0].positions[30] - truth) < 0.05
    assert mended.n_triangles == arm.n_triangles


def test_merging_keeps_uv_seams() -> None:
    quad = textured_quad()
    mesh = quad.meshes[0]
    apart = attrs.evolve(
        mesh,
        positions=mesh.positions[mesh.faces.ravel()],
        normals=None if mesh.normals is None else mesh.normals[mesh.faces.ravel()],
        tangents=None,
        uvs=[uv[mesh.faces.ravel()] for uv in mesh.uvs],
        colors=[c[mesh.faces.ravel()] for c in mesh.colors],
        morphs=(),
        faces=np.arange(mesh.faces.size).reshape(-1, 3),
    )
    merged = BY_NAME["merge_vertices"].apply(attrs.evolve(quad, meshes=[apart]), None).scene.meshes[0]
    assert merged.n_vertices == mesh.n_vertices
    corners = {(*p, *u) for p, u in zip(merged.positions.tolist(), merged.uvs[0].tolist(), strict=True)}
    assert corners == {(*p, *u) for p, u in zip(mesh.positions.tolist(), mesh.uvs[0].tolist(), strict=True)}


def test_a_moebius_band_is_left_alone() -> None:
    n = 24
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    rings = [
        ((1 + s * np.cos(t / 2)) * np.cos(t), (1 + s * np.cos(t / 2)) * np.sin(t), s * np.sin(t / 2))
        for t in turn
        for s in (-0.2, 0.2)
    ]
    faces = []
    for k in range(n):
        a, b = 2 * k, 2 * k + 1
        c, d = (2 * k + 2, 2 * k + 3) if k + 1 < n else (1, 0)
        faces += [(a, b, c), (b, d, c)]
    band = Mesh(positions=rings, faces=faces)
    scene = Scene(meshes=[band])
    assert BY_NAME["fix_winding"].apply(scene, None).scene is scene


def test_an_unused_material_goes_and_the_others_are_renumbered() -> None:
    person = capsule_person()
    extra = attrs.evolve(
        person,
        materials=[person.materials[0], attrs.evolve(person.materials[0], name="unused"), person.materials[1]],
        meshes=[attrs.evolve(m, material=2 * (m.material or 0)) for m in person.meshes],
    )
    kept = BY_NAME["remove_unreferenced"].apply(extra, None).scene
    assert [m.name for m in kept.materials] == [m.name for m in person.materials]
    assert [m.material for m in kept.meshes] == [m.material for m in person.meshes]


def test_every_repair_that_a_code_names_is_there() -> None:
    from axis_core.model import ISSUE_CODES

    named = {name for code in ISSUE_CODES.values() for name in code.fixed_by}
    assert named <= set(BY_NAME)
