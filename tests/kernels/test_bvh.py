"""Bounding volume hierarchy: what every walk relies on."""

from __future__ import annotations

import numpy as np
import pytest

from axis_core.kernels.bvh import build_bvh


def triangles(kind: str) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    if kind == "random":
        return rng.normal(size=(900, 3)), rng.integers(0, 900, (2000, 3))
    if kind == "all in one place":
        return np.ones((3, 3)), np.tile([[0, 1, 2]], (500, 1))
    if kind == "on a line":
        return np.linspace(0, 1, 900)[:, None] ** 8 * [1.0, 0, 0], np.arange(900).reshape(-1, 3)
    return np.eye(3), np.array([[0, 1, 2]])


@pytest.mark.parametrize("kind", ["random", "all in one place", "on a line", "one"])
def test_every_face_lies_in_exactly_one_leaf_and_inside_all_boxes_above(kind: str) -> None:
    points, faces = triangles(kind)
    tree = build_bvh(points, faces)
    assert sorted(tree.faces.tolist()) == list(range(len(faces)))
    seen = np.zeros(len(faces), int)
    todo = [(0, np.full(3, -np.inf), np.full(3, np.inf), 0)]
    deepest = 0
    while todo:
        node, low, high, depth = todo.pop()
        deepest = max(deepest, depth)
        box = tree.boxes[node]
        assert (box[:3] >= low).all()
        assert (box[3:] <= high).all()
        first, count = tree.links[node]
        if count:
            seen[first : first + count] += 1
            corners = tree.corners[first : first + count].reshape(-1, 3)
            assert (corners >= box[:3]).all()
            assert (corners <= box[3:]).all()
        else:
            todo += [(node + 1, box[:3], box[3:], depth + 1), (int(first), box[:3], box[3:], depth + 1)]
    assert (seen == 1).all()
    assert deepest < 100  # the walks keep a stack of 128


def test_corners_are_those_of_the_named_faces() -> None:
    points, faces = triangles("random")
    tree = build_bvh(points, faces)
    np.testing.assert_array_equal(tree.corners.reshape(-1, 3, 3), points[faces[tree.faces]])


def test_the_same_mesh_gives_the_same_tree() -> None:
    points, faces = triangles("random")
    a, b = build_bvh(points, faces), build_bvh(points, faces)
    np.testing.assert_array_equal(a.faces, b.faces)
    np.testing.assert_array_equal(a.boxes, b.boxes)
