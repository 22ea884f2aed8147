"""Props bound to their joints: they stand where they stood and move as the joint moves."""

import attrs
import numpy as np
import pytest

from axis_core.kernels.deform import linear_blend
from axis_core.model import Animation, Channel, Mesh, Node, Scene
from axis_core.stages.merge import merge_scene
from axis_core.stages.props import bind_props
from axis_core.testing import capsule_person


def with_hat(scale: tuple[float, float, float] = (0.5, 0.5, 0.5)) -> Scene:
    """A rigged person with a small mesh on a node below the head joint."""
    person = capsule_person()
    head = next(n for n, node in enumerate(person.nodes) if node.name == "head")
    rng = np.random.default_rng(0)
    unit = rng.normal(size=(6, 3))
    hat = Mesh(
        name="hat",
        positions=rng.normal(size=(6, 3)) * 0.1,
        faces=[[0, 1, 2], [3, 4, 5]],
        normals=unit / np.linalg.norm(unit, axis=1, keepdims=True),
        material=0,
    )
    k = len(person.meshes)
    node = Node(
        name="hat", parent=head, translation=(0.01, 0.2, 0), rotation=(0, 0.6, 0, 0.8), scale=scale, meshes=(k,)
    )
    return attrs.evolve(person, meshes=(*person.meshes, hat), nodes=(*person.nodes, node))


@pytest.mark.parametrize("scale", [(0.5, 0.5, 0.5), (-0.5, 0.5, 0.5), (1.0, 2.0, 0.5)])
def test_a_bound_prop_follows_its_joint(scale: tuple[float, float, float]) -> None:
    scene = with_hat(scale)
    bound = bind_props(scene)
    hat = bound.meshes[-1]
    assert bound.nodes[-1].skin == 0
    assert hat.joints is not None
    head = next(n for n, node in enumerate(scene.nodes) if node.name == "head")
    for turn in ((0, 0, 0, 1), (0.6, 0, 0, 0.8)):
        moved = [
            attrs.evolve(s, nodes=[attrs.evolve(n, rotation=turn) if i == head else n for i, n in enumerate(s.nodes)])
            for s in (scene, bound)
        ]
        world = moved[0].world_matrices()[-1]
        expected = scene.meshes[-1].positions @ world[:3, :3].T + world[:3, 3]
        found, _ = linear_blend(hat.positions, hat.joints, hat.weights, moved[1].skin_matrices(0))
        assert np.allclose(found, expected, atol=1e-5)


def test_a_mirrored_prop_keeps_its_outside() -> None:
    scene = with_hat((-0.5, 0.5, 0.5))
    assert np.array_equal(bind_props(scene).meshes[-1].faces, scene.meshes[-1].faces[:, ::-1])


def test_a_bound_prop_is_drawn_with_the_body() -> None:
    scene = with_hat()
    bare = [attrs.evolve(m, normals=None) for m in scene.meshes]
    scene = attrs.evolve(scene, meshes=bare)
    assert len(merge_scene(bind_props(scene)).meshes) == len(merge_scene(scene).meshes) - 1


def test_a_prop_that_a_clip_moves_is_left_alone() -> None:
    scene = with_hat()
    channel = Channel(node=len(scene.nodes) - 1, path="translation", times=[0.0], values=[[0.0, 0.0, 0.0]])
    scene = attrs.evolve(scene, animations=[Animation(name="tip", channels=(channel,))])
    assert bind_props(scene).nodes[-1].skin is None
