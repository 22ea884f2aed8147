"""Merging: every triangle moves as it did, whichever pose and shape is asked for."""

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from axis_core.kernels.deform import linear_blend
from axis_core.model import Animation, Channel, Mesh, MorphTarget, Node, Scene, Skin
from axis_core.stages.merge import joined_mesh, merge_scene


def part(seed: int, targets: tuple[str, ...], *, width: int = 4, normals: bool = True) -> Mesh:
    rng = np.random.default_rng(seed)
    n = 9
    weights = rng.random((n, width))
    unit = rng.normal(size=(n, 3))
    return Mesh(
        name=f"part{seed}",
        positions=rng.normal(size=(n, 3)),
        faces=rng.integers(0, n, (7, 3)),
        normals=unit / np.linalg.norm(unit, axis=1, keepdims=True) if normals else None,
        joints=rng.integers(0, 3, (n, width)),
        weights=weights / weights.sum(axis=1, keepdims=True),
        morphs=[MorphTarget(name=t, positions=rng.normal(size=(n, 3))) for t in targets],
        material=0,
    )


def figure(*groups: tuple[Mesh, ...]) -> Scene:
    """Nodes with meshes of one skin of three joints."""
    from axis_core.model import Material

    joints = [Node(name="a"), Node(name="b", parent=0, translation=(0, 1, 0)), Node(name="c", parent=1)]
    meshes = [m for g in groups for m in g]
    starts = np.cumsum([0, *(len(g) for g in groups)])
    holders = [
        Node(name=f"n{k}", meshes=tuple(range(starts[k], starts[k + 1])), skin=0, translation=(k, 0, 0))
        for k in range(len(groups))
    ]
    inverse = np.tile(np.eye(4), (3, 1, 1))
    inverse[1:, 1, 3] = -1
    return Scene(
        nodes=[*joints, *holders],
        meshes=meshes,
        skins=[Skin(joints=(0, 1, 2), inverse_bind=inverse)],
        materials=[Material()],
    )


def posed(scene: Scene, values: dict[str, float], matrices: NDArray[np.float64]) -> NDArray[np.float64]:
    """All triangles of a scene in a pose and with morph weights, as rows in an order of their own."""
    out = []
    for _, k in scene.instances():
        mesh = scene.meshes[k]
        assert mesh.joints is not None
        moved = mesh.positions.astype(float)
        for morph in mesh.morphs:
            moved = moved + values.get(morph.name, 0.0) * morph.positions
        points, _ = linear_blend(moved, mesh.joints, mesh.weights, matrices)
        out.append(points[mesh.faces].reshape(-1, 9))
    rows = np.concatenate(out).round(3) + 0.0
    return rows[np.lexsort(rows.T)]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.floats(0, 1), st.floats(0, 1))
def test_triangles_move_as_before(seed: int, blink: float, smile: float) -> None:
    scene = figure((part(seed, ("blink", "smile")),), (part(seed + 1, ("smile",), width=8), part(seed + 2, ("smile",))))
    merged = merge_scene(scene)
    assert len(merged.meshes) == 1
    assert [m.name for m in merged.meshes[0].morphs] == ["blink", "smile"]
    matrices = np.tile(np.eye(4), (3, 1, 1))
    matrices[:, :3, 3] = np.random.default_rng(seed).normal(size=(3, 3))
    values = {"blink": blink, "smile": smile}
    assert np.allclose(posed(scene, values, matrices), posed(merged, values, matrices), atol=2e-3)


def test_default_weights_come_along() -> None:
    one, two = part(1, ("blink",)), attrs.evolve(part(2, ("smile",)), morph_weights=(0.25,))
    scene = figure((one,), (two,))
    nodes = [attrs.evolve(n, morph_weights=(0.5,)) if n.name == "n0" else n for n in scene.nodes]
    merged = merge_scene(attrs.evolve(scene, nodes=nodes))
    assert merged.meshes[0].morph_weights == (0.5, 0.25)
    assert merged.nodes[3].morph_weights is None


def test_a_node_whose_shapes_a_clip_drives_keeps_its_meshes() -> None:
    scene = figure((part(1, ("blink",)),), (part(2, ("smile",)),), (part(3, ()),))
    channel = Channel(node=3, path="weights", times=[0.0, 1.0], values=[[0.0], [1.0]])
    merged = merge_scene(attrs.evolve(scene, animations=[Animation(name="clip", channels=(channel,))]))
    assert [n.meshes for n in merged.nodes[3:]] == [(0,), (1,)]
    assert [m.name for m in merged.meshes[0].morphs] == ["blink"]


def test_parts_without_a_skin_stay_on_their_nodes() -> None:
    still = attrs.evolve(part(1, ()), joints=None, weights=None)
    scene = Scene(nodes=[Node(meshes=(0, 1)), Node(meshes=(2,))], meshes=[still] * 3, materials=figure().materials)
    merged = merge_scene(scene)
    assert [n.meshes for n in merged.nodes] == [(0,), (1,)]
    assert merged.meshes[0].n_triangles == 14


def test_a_mesh_shown_twice_is_kept_once() -> None:
    still = attrs.evolve(part(1, ()), joints=None, weights=None)
    scene = Scene(nodes=[Node(meshes=(0,)), Node(meshes=(0,))], meshes=[still], materials=figure().materials)
    assert merge_scene(scene) == scene


def test_colours_are_filled_up_with_white_and_odd_attributes_go() -> None:
    one = attrs.evolve(part(1, ()), colors=[np.zeros((9, 4))], attributes={"_A": np.ones(9), "_B": np.ones((9, 2))})
    two = attrs.evolve(part(2, ()), attributes={"_A": np.zeros(9)})
    both = joined_mesh([one, two])
    assert both.colors[0].tolist() == [[0] * 4] * 9 + [[1] * 4] * 9
    assert list(both.attributes) == ["_A"]


@pytest.mark.parametrize("change", [{"normals": None}, {"primitive_extensions": {"KHR_materials_variants": {}}}])
def test_what_would_be_drawn_otherwise_is_not_merged(change: dict[str, object]) -> None:
    merged = merge_scene(figure((part(1, ()), attrs.evolve(part(2, ()), **change))))
    assert len(merged.meshes) == 2


def test_a_node_that_lost_its_meshes_goes_unless_something_hangs_on_it() -> None:
    scene = figure((part(1, ()),), (part(2, ()),), (part(3, ()),))
    hat = Node(name="hat", parent=4, translation=(0, 2, 0))
    clip = Animation(name="nod", channels=[Channel(node=6, path="translation", times=[0, 1], values=[[0] * 3] * 2)])
    merged = merge_scene(attrs.evolve(scene, nodes=(*scene.nodes, hat), animations=(clip,)))
    assert [n.name for n in merged.nodes] == ["a", "b", "c", "n0", "n1", "hat"]
    assert merged.nodes[5].parent == 4
    assert merged.animations[0].channels[0].node == 5
    marked = attrs.evolve(scene, extensions={"VENDOR_nodes": {"nodes": [5]}})
    assert len(merge_scene(marked).nodes) == len(scene.nodes)
