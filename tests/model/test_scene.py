"""Scenes: frozen, checked, and at rest where their skins say."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from axis_core.model import Mesh, MorphTarget, Node, Scene, Skeleton, Skin
from axis_core.model.digest import scene_digest
from axis_core.model.soup import scene_soup
from axis_core.testing import capsule_person, cube, skinned_arm


TRIANGLE = Mesh(positions=[[0, 0, 0], [1, 0, 0], [0, 1, 0]], faces=[[0, 1, 2]])


def test_arrays_of_a_mesh_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        TRIANGLE.positions[0, 0] = 1.0


def test_a_mesh_does_not_follow_later_changes_of_its_source() -> None:
    source = np.zeros((3, 3), np.float32)
    mesh = Mesh(positions=source, faces=[[0, 1, 2]])
    source[0, 0] = 5.0
    assert mesh.positions[0, 0] == 0.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"faces": [[0, 1, 3]]}, "points to vertex 3 of 3"),
        ({"normals": np.zeros((2, 3))}, "normals has 2 rows"),
        ({"uvs": [np.zeros((4, 2))]}, r"uvs\[0\] has 4 rows"),
        ({"joints": np.zeros((3, 4), int)}, "come together"),
        ({"morphs": [MorphTarget(name="m", positions=np.zeros((1, 3)))]}, r"morphs\[0\] has 1 rows"),
        ({"positions": np.zeros((3, 2))}, r"shape \(n, 3\)"),
    ],
)
def test_a_mesh_refuses_arrays_that_do_not_fit(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        attrs.evolve(TRIANGLE, **change)


def test_a_mesh_may_hold_nan() -> None:
    mesh = attrs.evolve(TRIANGLE, positions=np.full((3, 3), np.nan))
    assert np.isnan(mesh.positions).all()
    assert mesh == attrs.evolve(mesh)


@pytest.mark.parametrize(
    "broken",
    [
        {"nodes": [Node(meshes=[0])]},
        {"nodes": [Node(parent=3)]},
        {"nodes": [Node(skin=0)]},
        {"nodes": [Node()], "skins": [Skin(joints=[4], inverse_bind=[np.eye(4)])]},
    ],
)
def test_a_scene_refuses_indices_that_point_nowhere(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="there are"):
        Scene(**broken)


def test_a_scene_refuses_a_cycle() -> None:
    with pytest.raises(ValueError, match="own ancestor"):
        Scene(nodes=[Node(parent=1), Node(parent=0)])


def test_world_matrices_multiply_down_the_hierarchy() -> None:
    nodes = [Node(parent=1, translation=(0, 1, 0)), Node(translation=(1, 0, 0), scale=(2, 2, 2))]
    world = Scene(nodes=nodes).world_matrices()
    np.testing.assert_allclose(world[0][:3, 3], [1, 2, 0])


def test_a_skinned_mesh_rests_in_its_bind_pose_whatever_its_node_says() -> None:
    arm = skinned_arm()
    moved = attrs.evolve(arm, nodes=[attrs.evolve(n, translation=(5, 5, 5)) if n.meshes else n for n in arm.nodes])
    np.testing.assert_allclose(scene_soup(moved).positions, scene_soup(arm).positions, atol=1e-6)


def test_the_bind_pose_is_told_from_the_pose_of_the_nodes() -> None:
    """The lower arm is bent in the pose of the nodes: the rest shape is still the straight arm."""
    arm = skinned_arm()
    bent = [attrs.evolve(n, rotation=(0, 0, 0.6, 0.8)) if n.name == "lower" else n for n in arm.nodes]
    soup = scene_soup(attrs.evolve(arm, nodes=bent))
    np.testing.assert_allclose(np.ptp(soup.positions, axis=0), np.ptp(scene_soup(arm).positions, axis=0), atol=1e-5)


def test_the_skeleton_stands_parents_first_with_unique_names() -> None:
    inverse = np.tile(np.eye(4), (2, 1, 1))
    inverse[0, 1, 3] = -1.0
    nodes = [Node(name="bone", parent=1, translation=(0, 1, 0)), Node(name="bone")]
    scene = Scene(
        nodes=[*nodes, Node(meshes=[0], skin=0)],
        meshes=[attrs.evolve(TRIANGLE, joints=np.zeros((3, 4), int), weights=np.eye(4)[[0, 0, 0]])],
        skins=[Skin(joints=[0, 1], inverse_bind=inverse)],
    )
    skeleton = scene.skeleton()
    assert skeleton.names == ("bone", "bone_")
    assert skeleton.parents.tolist() == [-1, 0]
    np.testing.assert_allclose(skeleton.positions, [[0, 0, 0], [0, 1, 0]], atol=1e-6)


def test_a_skeleton_refuses_a_child_before_its_parent() -> None:
    with pytest.raises(ValueError, match="before its parent"):
        Skeleton(names=("a", "b"), parents=(1, -1), positions=np.zeros((2, 3)))


def test_the_soup_knows_where_its_rows_come_from() -> None:
    person = capsule_person()
    soup = scene_soup(person)
    assert len(soup.positions) == person.n_vertices
    assert len(soup.faces) == person.n_triangles
    for k, (_, m) in enumerate(soup.instances):
        rows = soup.faces[soup.face_instance == k]
        assert rows.min() >= soup.starts[k]
        assert rows.max() < soup.starts[k + 1]
        assert (soup.vertex_instance == k).sum() == person.meshes[m].n_vertices


def test_a_mirrored_node_turns_its_faces_around() -> None:
    box = cube()
    mirrored = attrs.evolve(box, nodes=[attrs.evolve(n, scale=(-1, 1, 1)) for n in box.nodes])
    for scene in (box, mirrored):
        soup = scene_soup(scene)
        corners = soup.positions[soup.faces.astype(int)]
        volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
        assert volume > 0


def test_the_digest_sees_every_change_and_only_changes() -> None:
    person = capsule_person()
    assert scene_digest(person) == scene_digest(capsule_person())
    first = person.meshes[0]
    nudged = np.array(first.positions)
    nudged[0, 0] += 1e-6
    variants = [
        attrs.evolve(person, name="other"),
        attrs.evolve(person, meshes=[attrs.evolve(first, positions=nudged), *person.meshes[1:]]),
        attrs.evolve(person, nodes=[attrs.evolve(person.nodes[0], name="x"), *person.nodes[1:]]),
        attrs.evolve(person, extras={"a": 1}),
    ]
    digests = {scene_digest(v) for v in [person, *variants]}
    assert len(digests) == len(variants) + 1
