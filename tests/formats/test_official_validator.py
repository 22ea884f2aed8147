"""The Khronos validator has nothing to say about what is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

from axis_core.formats.gltf.read import read_gltf
from axis_core.formats.gltf.write import glb_bytes, gltf_bytes
from axis_core.model.animation import Animation, Channel
from axis_core.model.material import Material, Texture, TextureUse
from axis_core.model.mesh import Mesh
from axis_core.model.morph import MorphTarget
from axis_core.model.scene import Node, Scene
from axis_core.model.skin import Skin
from axis_core.testing.scenes import capsule_person, checker_png, cube, skinned_arm, textured_quad


OF_THE_SCENE = frozenset({"UNUSED_OBJECT", "NODE_EMPTY", "ACCESSOR_INDEX_TRIANGLE_DEGENERATE"})
"""UVs without a texture, sockets and empty triangles: what the author put there. None is an error or a warning."""


def rich_scene() -> Scene:
    """Return a scene with everything: two skinned parts with morphs under one node, a clip, a textured material."""
    rng = np.random.default_rng(7)
    n = 40
    positions = rng.normal(size=(n, 3)).astype(np.float32)
    weights = rng.random((n, 4)).astype(np.float32)
    weights[::3, 2:] = 0
    moves = np.zeros((n, 3), np.float32)
    moves[3:6] = 0.25
    common: dict[str, Any] = {
        "name": "body",
        "positions": positions,
        "faces": rng.permutation(np.arange(n - 1))[:39].reshape(-1, 3),
        "normals": rng.normal(size=(n, 3)),
        "tangents": rng.normal(size=(n, 4)),
        "uvs": [rng.random((n, 2))],
        "colors": [rng.integers(0, 256, (n, 4)) / np.float32(255)],
        "joints": rng.integers(0, 2, (n, 4)),
        "weights": weights,
        "material": 0,
    }
    smile = MorphTarget(name="smile", positions=moves, normals=moves)
    quiet = MorphTarget(name="quiet", positions=np.zeros((n, 3)))
    meshes = [Mesh(**common, morphs=[smile, quiet]), Mesh(**common | {"uvs": [rng.random((n, 2))]})]
    nodes = [
        Node(name="armature", translation=(0, 0, 1), scale=(2, 2, 2)),
        Node(name="hips", parent=0, rotation=(0, 0, 0.6, 0.8)),
        Node(name="spine", parent=1, translation=(0, 1, 0)),
        Node(name="body", parent=0, translation=(1, 2, 3), meshes=(0, 1), skin=0, morph_weights=(0.5,)),
        Node(name="camera", camera=0),
    ]
    inverse = np.tile(np.eye(4), (2, 1, 1)) + rng.normal(size=(2, 4, 4)) * [[1], [1], [1], [1e-6]]
    times = np.linspace(0, 2, 6)
    turns = rng.normal(size=(18, 4))
    channels = [
        Channel(node=1, path="rotation", times=times, values=turns, interpolation="CUBICSPLINE"),
        Channel(node=2, path="rotation", times=times, values=turns[:6]),
        Channel(node=2, path="scale", times=times, values=np.ones((6, 3)), interpolation="STEP"),
        Channel(node=3, path="weights", times=times, values=rng.random((6, 2))),
    ]
    use = TextureUse(texture=0, extensions={"KHR_texture_transform": {"scale": [2, 2]}})
    material = Material(
        name="skin",
        base_color_texture=use,
        normal_texture=TextureUse(texture=1, scale=0.5),
        alpha_mode="MASK",
        extensions={"KHR_materials_clearcoat": {"clearcoatFactor": 0.5, "clearcoatTexture": {"index": 1}}},
    )
    return Scene(
        name="hero",
        nodes=nodes,
        meshes=meshes,
        skins=[Skin(joints=(1, 2), inverse_bind=inverse, root=0)],
        materials=[material, Material(name="idle")],
        textures=[Texture(data=checker_png(4), media_type="image/png", name=f"map{k}") for k in range(2)],
        cameras=[{"type": "perspective", "perspective": {"yfov": 0.7, "znear": 0.1}}],
        animations=[Animation(name="wave", channels=channels)],
    )


@pytest.mark.parametrize("make", [cube, textured_quad, skinned_arm, capsule_person, rich_scene])
@pytest.mark.parametrize("write", [glb_bytes, gltf_bytes])
def test_clean_scenes_have_no_finding_of_any_severity(official: Any, make: Any, write: Any) -> None:
    assert official.findings(write(make())) == []


def test_every_character_has_no_error_and_no_warning(official: Any, character: Path) -> None:
    scene = read_gltf(character.read_bytes())
    ignore = OF_THE_SCENE
    if any(m.weights is not None and np.isnan(m.weights).any() for m in scene.meshes):
        # NaN is the repairs' business: the audit reports it. Rows with NaN pass through as they are.
        ignore |= {"ACCESSOR_INVALID_FLOAT", "ACCESSOR_JOINTS_INDEX_DUPLICATE"}
    assert official.findings(glb_bytes(scene), ignore=ignore) == []


def test_raw_bad_skins_and_normals_are_mended_by_writing(official: Any) -> None:
    scene = rich_scene()
    mesh = scene.meshes[0]
    assert mesh.joints is not None
    assert mesh.weights is not None
    assert mesh.normals is not None
    weights = mesh.weights.copy()
    weights[0], weights[1] = [3, 3, 0, 0], [1e-9, 0, 0, 0]
    joints, normals = mesh.joints.copy(), mesh.normals.copy()
    joints[0] = [1, 1, 1, 1]
    normals[:5] = 0
    bad = attrs.evolve(mesh, weights=weights, joints=joints, normals=normals)
    assert official.findings(glb_bytes(attrs.evolve(scene, meshes=[bad, scene.meshes[1]]))) == []


def test_joints_of_several_trees_pass(official: Any) -> None:
    scene = rich_scene()
    nodes = [attrs.evolve(n, parent=None) if n.name == "spine" else n for n in scene.nodes]
    assert official.findings(glb_bytes(attrs.evolve(scene, nodes=nodes))) == []


def test_a_skinned_mesh_among_the_joints_passes(official: Any) -> None:
    scene = rich_scene()
    nodes = [attrs.evolve(n, parent=2) if n.name == "body" else n for n in scene.nodes]
    assert official.findings(glb_bytes(attrs.evolve(scene, nodes=nodes))) == []


def test_parts_of_which_only_one_is_skinned_have_no_error(official: Any) -> None:
    scene = rich_scene()
    rigid = attrs.evolve(scene.meshes[1], joints=None, weights=None)
    report = official.validate(glb_bytes(attrs.evolve(scene, meshes=[scene.meshes[0], rigid])))
    assert report["issues"]["numErrors"] == 0
