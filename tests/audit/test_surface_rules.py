"""Cuts, slivers, charts, costs and Roblox's rules: found where they are, and nowhere else."""

from __future__ import annotations

import io

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from axis_core.audit import RULES
from axis_core.audit.rules.box_pairs import box_pairs
from axis_core.audit.rules.budget import Cost, vrchat_rank
from axis_core.audit.rules.surface import pierced_faces
from axis_core.audit.rules.uv import overlap_share
from axis_core.model import Issue, Material, Mesh, MorphTarget, Node, Scene, Severity, Texture, TextureUse
from axis_core.model.rebase import rebase_scene
from axis_core.model.soup import scene_soup
from axis_core.plugin.checks import apply_repairs, plan_repairs, run_rules
from axis_core.plugin.kinds import Subject
from axis_core.repairs import REPAIRS
from axis_core.testing import capsule_person, cube, skinned_arm, textured_quad


def found(scene: Scene, platform: str = "", tier: str = "") -> dict[str, Issue]:
    report = run_rules(RULES, Subject(scene=scene, platform=platform, tier=tier))
    return {i.code: i for i in reversed(report.issues)}


def of(points: NDArray[np.float64], faces: NDArray[np.int64]) -> Scene:
    return Scene(meshes=[Mesh(positions=points, faces=faces)], nodes=[Node(meshes=(0,))])


def grid(n: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A square of (n - 1)^2 cells in the plane y = 0."""
    x, z = np.meshgrid(np.linspace(0, 1, n), np.linspace(0, 1, n))
    points = np.stack([x.ravel(), np.zeros(n * n), z.ravel()], axis=1)
    at = np.arange(n * n).reshape(n, n)
    a, b, c, d = (k.ravel() for k in (at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1]))
    return points, np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 40), st.integers(1, 3))
def test_pairs_of_boxes_are_those_of_all_against_all(seed: int, n_a: int, n_b: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    low_a, low_b = rng.uniform(-1, 1, (n_a, size)), rng.uniform(-1, 1, (n_b, size))
    high_a, high_b = low_a + rng.exponential(0.2, (n_a, size)), low_b + rng.exponential(0.2, (n_b, size))
    i, j = box_pairs(low_a, high_a, low_b, high_b)
    near = (low_a[:, None] <= high_b[None]).all(axis=2) & (low_b[None] <= high_a[:, None]).all(axis=2)
    assert set(zip(i.tolist(), j.tolist(), strict=True)) == set(
        zip(*(k.tolist() for k in np.nonzero(near)), strict=True)
    )


def test_a_sheet_that_is_folded_through_itself_is_cut_and_a_bent_one_is_not() -> None:
    points, faces = grid(12)
    bent = points.copy()
    bent[:, 1] = 0.4 * np.sin(5 * points[:, 0])
    folded = bent.copy()
    end = points[:, 0] > 0.8
    folded[end, 0], folded[end, 1] = 0.15 + 0.1 * points[end, 0], 7.0 * points[end, 0] - 6.2
    label = np.zeros(len(faces), np.int64)
    assert not pierced_faces(bent, faces, label).any()
    assert pierced_faces(folded, faces, label).any()
    assert found(of(folded, faces))["MESH_SELF_INTERSECTION"].value > 0


def test_parts_that_overlap_are_no_cut_of_one_part() -> None:
    box = cube().meshes[0]
    both = np.concatenate([box.positions, np.asarray(box.positions) + 0.3])
    faces = np.concatenate([box.faces, np.asarray(box.faces, np.int64) + box.n_vertices])
    assert "MESH_SELF_INTERSECTION" not in found(of(both, faces))


def test_slivers_islands_and_a_dense_speck_are_counted() -> None:
    points, faces = grid(24)
    fine = found(of(points, faces))
    assert not {"MESH_SLIVERS", "MESH_MANY_ISLANDS", "MESH_DENSITY_UNEVEN"} & set(fine)
    assert found(of(points * [1, 1, 0.001], faces))["MESH_SLIVERS"].value == 1.0
    speck = np.concatenate([points, points * 0.01 + 2])
    assert found(of(speck, np.concatenate([faces, faces + len(points)])))["MESH_DENSITY_UNEVEN"].value >= 0.5
    apart = (points[faces] + 3 * np.arange(len(faces))[:, None, None]).reshape(-1, 3)
    assert found(of(apart, np.arange(len(apart)).reshape(-1, 3)))["MESH_MANY_ISLANDS"].value == len(faces)


def test_copies_of_vertices_are_told_and_merged() -> None:
    points, faces = grid(6)
    scene = of(points[faces].reshape(-1, 3), np.arange(faces.size).reshape(-1, 3))
    report = run_rules(RULES, Subject(scene=scene))
    assert "MESH_DUPLICATE_VERTICES" in report.codes
    mended = apply_repairs(scene, plan_repairs(REPAIRS, report)).scene
    assert mended.n_vertices == len(points)
    assert "MESH_DUPLICATE_VERTICES" not in found(mended)


@pytest.mark.parametrize(("shift", "share"), [(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)])
def test_the_overlap_of_two_charts_is_their_common_area(shift: float, share: float) -> None:
    points, faces = grid(5)
    chart = points[faces][:, :, [0, 2]]
    assert overlap_share(np.concatenate([chart, chart + np.array([shift, 0.0])])) == pytest.approx(share, abs=0.06)
    assert overlap_share(np.zeros((4, 3, 2))) == 0.0


def textured(scene: Scene, pixels: int, **material: object) -> Scene:
    out = io.BytesIO()
    Image.new("RGB", (pixels, pixels), "red").save(out, "PNG")
    texture = Texture(data=out.getvalue(), media_type="image/png", name="skin")
    return attrs.evolve(
        scene,
        textures=[texture],
        materials=[Material(**{"base_color_texture": TextureUse(texture=0), **material})],
        meshes=[attrs.evolve(m, material=0) for m in scene.meshes],
    )


def test_only_a_baked_image_minds_an_overlap() -> None:
    quad = textured_quad()
    mesh = quad.meshes[0]
    both = attrs.evolve(mesh, faces=np.concatenate([mesh.faces, mesh.faces[:, ::-1]]))
    scene = textured(attrs.evolve(quad, meshes=[both]), 64)
    assert "UV_OVERLAP" not in found(scene)
    baked = textured(scene, 64, occlusion_texture=TextureUse(texture=0))
    assert found(baked)["UV_OVERLAP"].value > 0.9


def test_texels_a_metre_are_measured_in_the_world() -> None:
    quad = textured_quad()
    assert "TEXEL_DENSITY_LOW" not in found(textured(quad, 512))
    large = attrs.evolve(quad, nodes=[attrs.evolve(n, scale=(50.0, 50.0, 50.0)) for n in quad.nodes])
    issue = found(textured(large, 512))["TEXEL_DENSITY_LOW"]
    assert issue.value < issue.limit
    assert "TEXEL_DENSITY_LOW" not in found(textured(quad, 1)), "a palette is no picture"


def test_a_target_of_positions_and_one_that_opens_seams_are_found() -> None:
    arm = skinned_arm()
    mesh = arm.meshes[0]
    n = mesh.n_vertices
    still = np.zeros((n, 3))

    def with_target(deltas: NDArray[np.float64]) -> Scene:
        target = MorphTarget(name="smile", positions=deltas)
        return attrs.evolve(arm, meshes=[attrs.evolve(mesh, morphs=[target]), *arm.meshes[1:]])

    fine = still.copy()
    fine[:, 1] = 0.01
    assert not {"MORPH_TOO_FAR", "MORPH_TEARS_SEAM"} & set(found(with_target(fine)))
    far = still.copy()
    far[0] = [0, 100, 0]
    assert "MORPH_TOO_FAR" in found(with_target(far))
    double = attrs.evolve(
        mesh,
        positions=np.asarray(mesh.positions)[mesh.faces.ravel()],
        normals=None,
        tangents=None,
        uvs=[],
        colors=[],
        attributes={},
        joints=np.asarray(mesh.joints)[mesh.faces.ravel()],
        weights=np.asarray(mesh.weights)[mesh.faces.ravel()],
        faces=np.arange(mesh.faces.size).reshape(-1, 3),
        morphs=[MorphTarget(name="gap", positions=np.eye(mesh.faces.size, 3) * 0.2)],
    )
    assert "MORPH_TEARS_SEAM" in found(attrs.evolve(arm, meshes=[double, *arm.meshes[1:]]))


def test_joints_that_share_a_name_are_told() -> None:
    person = capsule_person()
    assert "RIG_DUPLICATE_NAMES" not in found(person)
    first, second = person.skins[0].joints[5:7]
    nodes = list(person.nodes)
    nodes[second] = attrs.evolve(nodes[second], name=nodes[first].name)
    assert found(attrs.evolve(person, nodes=nodes))["RIG_DUPLICATE_NAMES"].value == 1


def test_a_head_with_a_skin_of_its_own_is_no_rig_on_one_joint() -> None:
    """Modular characters: each part under its own skin of the same joints, hats on one of them."""
    person = capsule_person()
    joint = len(person.skins[0].joints) - 1
    hat = attrs.evolve(
        cube(0.1).meshes[0],
        joints=np.full((cube().n_vertices, 4), joint),
        weights=np.eye(4)[np.zeros(cube().n_vertices, int)],
        material=None,
    )
    nodes = [*person.nodes, Node(name="hat", meshes=(len(person.meshes),), skin=len(person.skins))]
    dressed = attrs.evolve(person, meshes=[*person.meshes, hat], nodes=nodes, skins=[*person.skins, person.skins[0]])
    assert "SKIN_ONE_JOINT_HOLDS_ALL" not in found(dressed)


def test_a_tier_without_a_platform_has_its_budget() -> None:
    points, faces = grid(64)
    assert found(of(points, faces), tier="mobile_light")["BUDGET_TRIANGLES"].limit == 7500
    assert "BUDGET_TRIANGLES" not in found(of(points, faces), tier="mobile_standard")


@settings(deadline=None)
@given(
    st.integers(0, 200_000),
    st.floats(0, 300, allow_nan=False),
    st.integers(0, 40),
    st.integers(0, 500),
    st.sampled_from(["PC", "mobile"]),
)
def test_a_rank_never_gets_better_when_something_is_added(
    triangles: int, texture_mb: float, count: int, bones: int, device: str
) -> None:
    order = ("Excellent", "Good", "Medium", "Poor", "Very Poor")
    cost = Cost(
        triangles=triangles,
        texture_mb=texture_mb,
        skinned_meshes=count,
        materials=count,
        bones=bones,
        size_m=(1, 2, 1),
    )
    rank, reasons = vrchat_rank(cost, device)
    assert bool(reasons) == (rank != "Excellent")
    for more in (
        attrs.evolve(cost, triangles=triangles + 5000),
        attrs.evolve(cost, bones=bones + 50),
        attrs.evolve(cost, size_m=(9, 9, 9)),
    ):
        assert order.index(vrchat_rank(more, device)[0]) >= order.index(rank)


def test_ranks_are_told_for_unity_and_cost_no_score() -> None:
    person = capsule_person()
    plain, asked = (run_rules(RULES, Subject(scene=person, platform=p)) for p in ("", "unity"))
    ranks = [i for i in asked.issues if i.code == "VRCHAT_RANK"]
    assert [i.severity for i in ranks] == [Severity.HINT] * 2
    assert plain.score == asked.score


def test_what_roblox_states_is_only_told_for_roblox() -> None:
    quad = textured_quad()
    mesh = quad.meshes[0]
    worse = attrs.evolve(mesh, uvs=[mesh.uvs[0], mesh.uvs[0]], colors=[np.full((mesh.n_vertices, 4), 0.5)])
    scene = textured(attrs.evolve(quad, meshes=[worse]), 2048, alpha_mode="BLEND")
    wanted = {"ROBLOX_UV_SETS", "ROBLOX_VERTEX_COLORS", "ROBLOX_NOT_OPAQUE", "ROBLOX_TEXTURE_SIZE"}
    assert wanted <= set(found(scene, platform="roblox"))
    assert not wanted & set(found(scene, platform="unity"))
    assert not wanted & set(found(textured(quad, 512), platform="roblox"))


def test_a_beast_may_be_long_and_a_thing_without_a_rig_may_not() -> None:
    arm = skinned_arm()
    low, high = scene_soup(arm).bounds
    factor = 20.0 / float((high - low).max())
    grown, _ = rebase_scene(arm, np.diag([factor, factor, factor, 1.0]))
    assert "SCALE_IMPLAUSIBLE" not in found(grown)
    assert "SCALE_IMPLAUSIBLE" in found(cube(20.0))
