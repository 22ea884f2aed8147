"""Moving a scene: the surface, the joints and the clips go together, and the nodes come out clean."""

from __future__ import annotations

import attrs
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from axis_core.model import Animation, Channel, Node, Scene
from axis_core.model.rebase import rebase_scene, united_skins
from axis_core.model.soup import scene_soup
from axis_core.model.transform import compose_matrix, matrix_from_quaternion, quaternion_from_matrix, transform_points
from axis_core.testing import capsule_person, cube, skinned_arm


def similarity(seed: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    q = rng.normal(size=4)
    return compose_matrix(rng.normal(size=3), q / np.linalg.norm(q), np.full(3, rng.uniform(0.1, 10)))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_surface_and_the_joints_move_by_the_transform(seed: int) -> None:
    arm, matrix = skinned_arm(), similarity(seed)
    moved, _ = rebase_scene(arm, matrix)
    np.testing.assert_allclose(
        scene_soup(moved).positions, transform_points(matrix, scene_soup(arm).positions), atol=2e-4
    )
    np.testing.assert_allclose(
        moved.skeleton().positions, transform_points(matrix, arm.skeleton().positions), atol=2e-4
    )


def posed(scene: Scene, angle: float) -> NDArray[np.float64]:
    """Vertices with the lower joint turned about Z of its parent, by linear blend."""
    turn = np.array([0.0, 0.0, np.sin(angle / 2), np.cos(angle / 2)])
    rotation = matrix_from_quaternion(turn)
    nodes = [
        attrs.evolve(n, rotation=quaternion_from_matrix(matrix_from_quaternion(n.rotation) @ rotation))
        if n.name == "lower"
        else n
        for n in scene.nodes
    ]
    bent = attrs.evolve(scene, nodes=nodes)
    mesh = scene.meshes[0]
    matrices = bent.skin_matrices(0)[np.asarray(mesh.joints)]
    blended = np.einsum("vk,vkij->vij", np.asarray(mesh.weights, float), matrices)
    return np.einsum("vij,vj->vi", blended, np.pad(mesh.positions.astype(float), ((0, 0), (0, 1)), constant_values=1))[
        :, :3
    ]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), angle=st.floats(-1.5, 1.5))
def test_a_pose_before_moving_is_the_pose_after_moving(seed: int, angle: float) -> None:
    arm, matrix = skinned_arm(), similarity(seed)
    moved, _ = rebase_scene(arm, matrix)
    np.testing.assert_allclose(posed(moved, angle), transform_points(matrix, posed(arm, angle)), atol=5e-4)


def test_a_scaled_and_turned_armature_leaves_unit_scales() -> None:
    """What Blender writes: everything below an armature of scale 0.01 that is turned by a quarter."""
    arm = skinned_arm()
    top = Node(name="Armature", scale=(0.01, 0.01, 0.01), rotation=(-np.sqrt(0.5), 0, 0, np.sqrt(0.5)))
    nodes = [*(attrs.evolve(n, parent=3 if n.parent is None else n.parent) for n in arm.nodes), top]
    wrapped = attrs.evolve(arm, nodes=nodes)
    clean, _ = rebase_scene(wrapped, np.eye(4))
    assert all(np.allclose(n.scale, 1.0) for n in clean.nodes)
    assert "Armature" not in {n.name for n in clean.nodes}
    np.testing.assert_allclose(scene_soup(clean).positions, scene_soup(wrapped).positions, atol=1e-6)


def test_clips_follow_the_hierarchy_that_went() -> None:
    arm = skinned_arm()
    keys = Channel(node=0, path="translation", times=[0, 1], values=[[0, 0, 0], [1, 0, 0]])
    top = Node(name="Armature", scale=(2, 2, 2), translation=(0, 3, 0))
    nodes = [*(attrs.evolve(n, parent=3 if n.parent is None else n.parent) for n in arm.nodes), top]
    wrapped = attrs.evolve(arm, nodes=nodes, animations=[Animation(name="slide", channels=[keys])])
    clean, _ = rebase_scene(wrapped, np.eye(4))
    np.testing.assert_allclose(clean.animations[0].channels[0].values, [[0, 3, 0], [2, 3, 0]], atol=1e-6)


def test_static_nodes_are_baked_and_mirrors_turn_faces() -> None:
    box = cube()
    nodes = [attrs.evolve(box.nodes[0], scale=(-2, 2, 2), translation=(1, 0, 0))]
    baked, _ = rebase_scene(attrs.evolve(box, nodes=nodes), np.eye(4))
    soup = scene_soup(baked)
    corners = soup.positions[soup.faces.astype(int)]
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    assert np.isclose(volume, 8.0 * _volume(box))
    assert np.allclose(baked.nodes[0].scale, 1.0)


def _volume(scene: Scene) -> float:
    soup = scene_soup(scene)
    corners = soup.positions[soup.faces.astype(int)]
    return float(np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6)


def test_two_skins_of_one_rig_become_one() -> None:
    person = capsule_person()
    both = attrs.evolve(
        person,
        skins=[person.skins[0], person.skins[0]],
        nodes=[
            *(attrs.evolve(n, meshes=[0]) if n.meshes else n for n in person.nodes),
            Node(name="suit", meshes=[1], skin=1),
        ],
    )
    one = united_skins(both)
    assert len(one.skins) == 1
    np.testing.assert_allclose(scene_soup(one).positions, scene_soup(person).positions, atol=1e-6)
    np.testing.assert_array_equal(one.meshes[1].joints, person.meshes[1].joints)


def test_a_skin_of_other_joints_is_added_and_renumbered() -> None:
    person = capsule_person()
    n = len(person.skins[0].joints)
    order = np.arange(n)[::-1]
    skin = person.skins[0]
    turned = attrs.evolve(skin, joints=[skin.joints[k] for k in order], inverse_bind=skin.inverse_bind[order])
    suit = person.meshes[1]
    other = attrs.evolve(suit, joints=(n - 1 - np.asarray(suit.joints, int)) % n)
    both = attrs.evolve(
        person,
        meshes=[person.meshes[0], other],
        skins=[skin, turned],
        nodes=[
            *(attrs.evolve(k, meshes=[0]) if k.meshes else k for k in person.nodes),
            Node(name="suit", meshes=[1], skin=1),
        ],
    )
    one = united_skins(both)
    used = np.asarray(suit.weights) > 0
    np.testing.assert_array_equal(np.asarray(one.meshes[1].joints)[used], np.asarray(suit.joints)[used])
