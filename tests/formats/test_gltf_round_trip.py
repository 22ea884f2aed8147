"""What is read, written and read again is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from axis_core.formats.gltf.pack import Packer
from axis_core.formats.gltf.read import read_gltf
from axis_core.formats.gltf.write import glb_bytes, gltf_bytes
from axis_core.model.animation import Animation, Channel
from axis_core.model.mesh import Mesh
from axis_core.model.morph import MorphTarget
from axis_core.model.scene import Node, Scene
from axis_core.model.skin import Skin
from axis_core.testing.scenes import capsule_person, cube, skinned_arm, textured_quad
from axis_core.testing.strategies import scenes


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def canonical(scene: Scene) -> Scene:
    """Bring what the writer changes on purpose into one form.

    Joints without weight are 0; nodes of skinned meshes have no transform; inverse bind matrices end in exactly
    0 0 0 1; a wrong ``skeleton`` and unused materials are dropped; the asset and the format are the writer's.
    """
    skins = []
    for skin in scene.skins:
        inverse = skin.inverse_bind.copy()
        assert np.allclose(inverse[:, 3], [0, 0, 0, 1], atol=1e-5)
        inverse[:, 3] = 0, 0, 0, 1
        skins.append(attrs.evolve(skin, inverse_bind=inverse, root=None))
    meshes = []
    for mesh in scene.meshes:
        if mesh.joints is not None and mesh.weights is not None:
            mesh = attrs.evolve(mesh, joints=np.where(mesh.weights == 0, 0, mesh.joints))
        meshes.append(mesh)
    nodes = [
        attrs.evolve(n, parent=None, translation=(0, 0, 0), rotation=(0, 0, 0, 1), scale=(1, 1, 1))
        if n.skin is not None and n.meshes
        else n
        for n in scene.nodes
    ]
    used = sorted({m.material for m in meshes if m.material is not None})
    meshes = [m if m.material is None else attrs.evolve(m, material=used.index(m.material)) for m in meshes]
    scene = attrs.evolve(scene, meshes=meshes, materials=[scene.materials[m] for m in used])
    return attrs.evolve(scene, nodes=nodes, skins=skins, asset={}, source_format="")


def test_every_character_comes_back_equal(character: Path) -> None:
    scene = read_gltf(character.read_bytes())
    again = read_gltf(glb_bytes(scene))
    assert len(again.meshes) == len(scene.meshes)
    before, after = canonical(scene), canonical(again)
    for a, b in zip(before.meshes, after.meshes):
        _assert_same_mesh(a, b)
    assert attrs.evolve(after, meshes=before.meshes) == before


def _assert_same_mesh(a: Mesh, b: Mesh) -> None:
    """Equal but for weights that do not sum to one and normals without length, which are mended."""
    plain: dict[str, Any] = {"weights": None, "joints": None, "normals": None}
    assert attrs.evolve(b, **plain) == attrs.evolve(a, **plain)
    if a.normals is not None:
        assert b.normals is not None
        assert np.allclose(a.normals, b.normals, atol=7e-3, equal_nan=True)
    if a.weights is not None:
        assert a.joints is not None
        assert b.joints is not None
        assert b.weights is not None
        total = a.weights.sum(axis=1, keepdims=True)
        good = (total > 0)[:, 0] & np.isfinite(a.weights).all(axis=1)
        assert np.allclose(a.weights[good] / total[good], b.weights[good], atol=1e-6)
        assert np.array_equal(a.weights[~good], b.weights[~good], equal_nan=True)
        assert np.array_equal(a.joints, b.joints)


def test_the_second_round_changes_no_byte(character: Path) -> None:
    once = glb_bytes(read_gltf(character.read_bytes()))
    assert glb_bytes(read_gltf(once)) == once


@QUICK
@given(scenes())
def test_any_scene_comes_back(scene: Scene) -> None:
    once = read_gltf(glb_bytes(scene))
    assert read_gltf(gltf_bytes(scene), source_format="glb") == once
    assert glb_bytes(once) == glb_bytes(read_gltf(glb_bytes(once)))
    assert once.n_triangles == scene.n_triangles
    for before, after in zip(scene.meshes, once.meshes):
        assert np.array_equal(before.positions, after.positions)
        assert np.array_equal(before.faces, after.faces)
        assert [m.positions.tolist() for m in before.morphs] == [m.positions.tolist() for m in after.morphs]


@QUICK
@given(scenes(nasty=True))
def test_nan_and_infinity_come_back_too(scene: Scene) -> None:
    once = read_gltf(glb_bytes(scene))
    kept = [m for m in scene.meshes if m.n_triangles]
    assert len(once.meshes) == len(kept)
    for before, after in zip(kept, once.meshes):
        assert np.array_equal(before.positions, after.positions, equal_nan=True)


@pytest.mark.parametrize("make", [cube, textured_quad, skinned_arm, capsule_person])
def test_equal_scenes_give_equal_bytes(make: Any) -> None:
    first, second = make(), make()
    assert glb_bytes(first) == glb_bytes(second)


def test_bytes_do_not_depend_on_which_arrays_are_one_object() -> None:
    scene = cube()
    mesh = scene.meshes[0]
    copy = attrs.evolve(mesh, positions=mesh.positions.copy(), faces=mesh.faces.copy())
    shared = attrs.evolve(scene, meshes=[mesh, mesh], nodes=[Node(meshes=(0,)), Node(meshes=(1,))])
    apart = attrs.evolve(shared, meshes=[mesh, copy])
    assert glb_bytes(shared) == glb_bytes(apart)


@QUICK
@given(
    hnp.arrays(
        np.float32, st.tuples(st.integers(1, 60), st.just(3)), elements=st.sampled_from([0.0, 0.0, 0.0, 1.5, -2.25])
    )
)
def test_displacements_survive_whether_sparse_or_not(values: np.ndarray[Any, Any]) -> None:
    padded = np.zeros((200, 3), np.float32)
    padded[: len(values)] = values
    for moves in (values, padded):
        mesh = Mesh(
            positions=np.zeros((len(moves), 3)),
            faces=[[0, 0, 0]],
            morphs=[MorphTarget(name="a", positions=moves), MorphTarget(name="b", positions=-moves)],
        )
        scene = Scene(nodes=[Node(meshes=(0,))], meshes=[mesh])
        again = read_gltf(glb_bytes(scene)).meshes[0].morphs
        assert [m.name for m in again] == ["a", "b"]
        assert np.array_equal(again[0].positions, moves)
        assert np.array_equal(again[1].positions, -moves)


def test_few_moved_vertices_are_stored_sparsely() -> None:
    moves = np.zeros((1000, 3), np.float32)
    dense, sparse = Packer(), Packer()
    dense.displacements(moves + 1)
    moves[17] = 1
    sparse.displacements(moves)
    assert "sparse" not in dense.accessors[0]
    assert sparse.accessors[0]["sparse"]["count"] == 1
    assert sparse.length < 64


def test_primitives_of_one_mesh_get_the_same_morph_targets() -> None:
    triangle = {"positions": np.eye(3), "faces": [[0, 1, 2]], "name": "face"}
    smile = MorphTarget(name="smile", positions=np.ones((3, 3)))
    blink = MorphTarget(name="blink", positions=np.full((3, 3), 2.0))
    meshes = [Mesh(**triangle, morphs=[smile, blink]), Mesh(**triangle), Mesh(**triangle, morphs=[blink])]
    again = read_gltf(glb_bytes(Scene(nodes=[Node(meshes=(0, 1, 2))], meshes=meshes)))
    assert [[m.name for m in mesh.morphs] for mesh in again.meshes] == [["smile", "blink"]] * 3
    assert [float(m.positions[0, 0]) for mesh in again.meshes for m in mesh.morphs] == [1, 2, 0, 0, 0, 2]


def test_colours_that_were_bytes_stay_bytes_and_others_stay_exact() -> None:
    steps = np.arange(256, dtype=np.float32).repeat(4).reshape(-1, 4) / np.float32(255)
    odd = steps * np.float32(0.999)
    for colors, size in ((steps, 4), (odd, 16)):
        mesh = Mesh(positions=np.zeros((256, 3)), faces=[[0, 1, 2]], colors=[colors])
        scene = Scene(nodes=[Node(meshes=(0,))], meshes=[mesh])
        assert np.array_equal(read_gltf(glb_bytes(scene)).meshes[0].colors[0], colors)
        plain = attrs.evolve(scene, meshes=[attrs.evolve(mesh, colors=())])
        assert abs(len(glb_bytes(scene)) - len(glb_bytes(plain)) - 256 * size) < 300


def test_more_than_65535_vertices_are_written_with_wide_indices() -> None:
    n = 65_537
    mesh = Mesh(positions=np.zeros((n, 3)), faces=[[0, 1, n - 1]])
    again = read_gltf(glb_bytes(Scene(nodes=[Node(meshes=(0,))], meshes=[mesh])))
    assert again.meshes[0].faces.tolist() == [[0, 1, n - 1]]


def test_animations_survive_with_their_interpolation() -> None:
    times = np.linspace(0, 1, 5, dtype=np.float32)
    turn = np.tile(np.float32([0, 0, 0, 1]), (5, 1))
    channels = [
        Channel(node=0, path="translation", times=times, values=np.ones((5, 3)), interpolation="STEP"),
        Channel(node=0, path="rotation", times=times, values=turn),
        Channel(node=0, path="scale", times=times, values=np.ones((15, 3)), interpolation="CUBICSPLINE"),
        Channel(node=0, path="weights", times=times, values=np.linspace(0, 1, 10).reshape(5, 2)),
    ]
    mesh = Mesh(
        positions=np.eye(3),
        faces=[[0, 1, 2]],
        morphs=[MorphTarget(name=name, positions=np.ones((3, 3))) for name in "ab"],
    )
    scene = Scene(
        nodes=[Node(meshes=(0,))], meshes=[mesh], animations=[Animation(name="idle", channels=channels)]
    )
    assert read_gltf(glb_bytes(scene)).animations == scene.animations


def test_joints_of_several_trees_get_a_common_root() -> None:
    nodes = [Node(name="a"), Node(name="b"), Node(meshes=(0,), skin=0)]
    mesh = Mesh(
        positions=np.eye(3), faces=[[0, 1, 2]], joints=[[0, 1, 0, 0]] * 3, weights=[[0.5, 0.5, 0, 0]] * 3
    )
    skin = Skin(joints=(0, 1), inverse_bind=np.tile(np.eye(4), (2, 1, 1)), name="rig")
    again = read_gltf(glb_bytes(Scene(nodes=nodes, meshes=[mesh], skins=[skin])))
    assert [n.name for n in again.nodes[:2]] == ["a", "b"]
    assert again.nodes[0].parent == again.nodes[1].parent == 3
    assert again.nodes[3].name == "rig"


def test_what_nothing_uses_is_left_out_and_numbers_follow(png: bytes) -> None:
    from axis_core.model.material import Material, Texture, TextureUse

    textures = [Texture(data=png + bytes([k]), media_type="image/png", name=f"t{k}") for k in range(3)]
    clearcoat = {"KHR_materials_clearcoat": {"clearcoatTexture": {"index": 2}}}
    idle = Material(name="idle", base_color_texture=TextureUse(texture=0))
    materials = [idle, Material(name="used", extensions=clearcoat)]
    mesh = Mesh(positions=np.eye(3), faces=[[0, 1, 2]], material=1)
    scene = Scene(nodes=[Node(meshes=(0,))], meshes=[mesh, mesh], materials=materials, textures=textures)
    again = read_gltf(glb_bytes(scene))
    assert [m.name for m in again.materials] == ["used"]
    assert [t.name for t in again.textures] == ["t2"]
    assert again.materials[0].extensions["KHR_materials_clearcoat"]["clearcoatTexture"]["index"] == 0
    kept = read_gltf(glb_bytes(attrs.evolve(scene, extensions={"VRM": {"materialProperties": []}})))
    assert len(kept.materials) == 2
    assert len(kept.textures) == 3


def test_a_transform_that_is_not_finite_is_refused() -> None:
    from axis_core.errors import InputError

    scene = attrs.evolve(cube(), nodes=[Node(meshes=(0,), translation=(0, np.nan, 0))])
    with pytest.raises(InputError) as caught:
        glb_bytes(scene)
    assert caught.value.pointer == "/nodes/0/translation"


def test_the_summary_of_an_earlier_file_is_not_carried_over() -> None:
    scene = attrs.evolve(cube(), asset={"version": "2.0", "extras": {"axis": {"old": 1}, "mine": 2}})
    assert read_gltf(glb_bytes(scene)).asset["extras"] == {"mine": 2}
    written = read_gltf(glb_bytes(scene, asset_extras={"axis": {"new": 1}}))
    assert written.asset["extras"] == {"axis": {"new": 1}, "mine": 2}
