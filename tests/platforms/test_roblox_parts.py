"""Roblox: fifteen closed parts, by exact names, with attachments where they belong."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from axis_core.errors import CannotFit
from axis_core.formats.glb import GLB
from axis_core.formats.gltf.read import read_gltf
from axis_core.model import Material, Scene, TextureUse
from axis_core.model.humanoid import ROBLOX_ATTACHMENTS, ROBLOX_PARTS
from axis_core.platforms import roblox
from axis_core.platforms.part_cutting import border_loops, fan_caps
from axis_core.platforms.roblox_parts import split_parts
from axis_core.testing import capsule_person, cube


@pytest.fixture(scope="module")
def person() -> Scene:
    return roblox.fit_rig(capsule_person(), bones={})[0]


@pytest.fixture(scope="module")
def parts(person: Scene) -> Scene:
    return split_parts(person)


def test_there_are_fifteen_parts_by_their_names(parts: Scene) -> None:
    assert [m.name for m in parts.meshes] == [f"{p}_Geo" for p in ROBLOX_PARTS]


def test_every_part_is_closed_by_an_independent_library(parts: Scene) -> None:
    for mesh in parts.meshes:
        solid = trimesh.Trimesh(mesh.positions, mesh.faces, process=True)
        solid.merge_vertices(merge_tex=True, merge_norm=True)
        assert solid.is_watertight, mesh.name
        assert solid.is_winding_consistent, mesh.name


def test_the_surface_of_the_body_is_all_there(person: Scene, parts: Scene) -> None:
    def corners(scene: Scene) -> set[bytes]:
        out = set()
        for n, m in scene.instances():
            triangles = scene.world_positions(m, n)[scene.meshes[m].faces]
            out |= {np.sort(np.round(t, 4), axis=0).tobytes() for t in triangles}
        return out

    assert corners(person) <= corners(parts)


def test_parts_follow_the_joints_of_their_names(parts: Scene) -> None:
    names = [parts.nodes[j].name for j in parts.skins[0].joints]
    for mesh in parts.meshes:
        assert mesh.joints is not None
        assert mesh.weights is not None
        total = np.zeros(len(names))
        np.add.at(total, mesh.joints.reshape(-1), mesh.weights.reshape(-1))
        assert names[int(total.argmax())] == mesh.name.removesuffix("_Geo")
        np.testing.assert_allclose(mesh.weights.sum(axis=1), 1, atol=1e-5)


def test_every_attachment_is_in_its_part(parts: Scene) -> None:
    wanted = {f"{a}_Att": f"{p}_Geo" for p, names in ROBLOX_ATTACHMENTS.items() for a in names}
    found = {
        n.name: parts.nodes[n.parent].name for n in parts.nodes if n.name.endswith("_Att") and n.parent is not None
    }
    assert found == wanted
    assert len(found) == 19
    world = parts.world_matrices()
    at = {n.name: world[i][:3, 3] for i, n in enumerate(parts.nodes)}
    assert at["LeftCollar_Att"][0] > 0 > at["RightCollar_Att"][0]
    assert at["BodyFront_Att"][2] > at["BodyBack_Att"][2]
    assert at["Hat_Att"][1] > at["FaceCenter_Att"][1]
    np.testing.assert_allclose(at["Root_Att"], 0, atol=1e-9)


def test_plain_materials_become_one_with_a_palette(person: Scene, parts: Scene) -> None:
    assert len(person.materials) > 1
    (material,) = parts.materials
    assert material.base_color_texture is not None
    for mesh in parts.meshes:
        assert len(mesh.uvs) == 1
        assert mesh.uvs[0].min() >= 0
        assert mesh.uvs[0].max() <= 1


def test_several_textured_materials_need_an_atlas(person: Scene) -> None:
    textured = [attrs.evolve(m, base_color_texture=TextureUse(texture=0)) for m in person.materials]
    with pytest.raises(CannotFit, match="one a mesh"):
        split_parts(attrs.evolve(person, materials=textured))


def test_a_body_without_hands_says_which_parts_are_missing(person: Scene) -> None:
    nodes = [attrs.evolve(n, name="Other") if n.name == "LeftHand" else n for n in person.nodes]
    with pytest.raises(CannotFit, match="LeftHand"):
        split_parts(attrs.evolve(person, nodes=nodes, materials=[Material() for _ in person.materials]))


def test_a_manual_import_is_cut_and_an_avatar_setup_is_not(person: Scene) -> None:
    def meshes(**choices: object) -> int:
        files = roblox.export(person, name="a", format=GLB, options=roblox.Options(**choices))  # type: ignore[arg-type]
        return len(read_gltf(files[0].data).meshes)

    assert meshes() == 15
    assert meshes(route="avatar_setup") == len(person.meshes)
    assert meshes(parts="never") == len(person.meshes)
    with pytest.raises(CannotFit):
        roblox.export(cube(), name="a", format=GLB, options=roblox.Options(parts="always"))


def test_a_group_over_its_budget_is_told(person: Scene) -> None:
    dense = attrs.evolve(person, meshes=[attrs.evolve(m, faces=np.tile(m.faces, (12, 1))) for m in person.meshes])
    told = [i for i in roblox.check(dense, tier="") if i.code == "BUDGET_PART_TRIANGLES"]
    assert any("Head" in i.message for i in told)
    assert not [i for i in roblox.check(person, tier="") if i.code == "BUDGET_PART_TRIANGLES"]


@given(st.tuples(*[st.floats(0.2, 40)] * 3), st.sampled_from(sorted(roblox.SCALE_TYPES)))
@settings(max_examples=80, deadline=None)
def test_a_scaled_body_is_never_too_large(size: tuple[float, float, float], kind: str) -> None:
    largest = roblox.SCALE_TYPES[kind]
    factor = roblox.fitting_scale(np.array(size), largest)
    assert (np.array(size) * factor <= np.array(largest) * (1 + 1e-9)).all()


def test_studs_and_scale_types_change_the_size(person: Scene) -> None:
    options = roblox.Options(studs=True, scale_type="Classic", parts="never")
    files = roblox.export(person, name="a", format=GLB, options=options)
    scene = read_gltf(files[0].data)
    size = np.ptp(np.vstack([scene.world_positions(m, n) for n, m in scene.instances()]), axis=0)
    assert (size <= np.array(roblox.SCALE_TYPES["Classic"]) + 1e-4).all()
    assert size[1] > 4


@given(st.integers(3, 9), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_the_border_of_a_fan_is_closed_by_its_caps(n: int, turn: int) -> None:
    ring = [(k + turn) % n for k in range(n)]
    faces = np.array([(a, b, n) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)])
    loops = border_loops(faces)
    assert [len(loop) for loop in loops] == [n]
    caps, _ = fan_caps(loops, n + 1)
    edges = np.concatenate([f[:, [i, (i + 1) % 3]] for f in (faces, caps) for i in range(3)])
    forward = {tuple(e) for e in edges.tolist()}
    assert {(b, a) for a, b in forward} == forward
    assert len(forward) == len(edges)


def test_a_body_that_stays_whole_says_so_before_it_is_exported(person: Scene) -> None:
    assert "PARTS_NOT_CUT" not in {i.code for i in roblox.check(person)}
    hands = {j for s in person.skins for j, n in enumerate(s.joints) if "Hand" in person.nodes[n].name}
    meshes = [
        attrs.evolve(m, faces=m.faces[~np.isin(np.asarray(m.joints)[:, 0][m.faces], list(hands)).any(axis=1)])
        for m in person.meshes
    ]
    handless = attrs.evolve(person, meshes=meshes)
    (found,) = [i for i in roblox.check(handless) if i.code == "PARTS_NOT_CUT"]
    assert "Hand" in found.message
    (file,) = roblox.export(handless, name="a", format=GLB)
    assert len(read_gltf(file.data).meshes) == len(person.meshes)
