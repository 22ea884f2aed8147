"""Skin weights: promises that hold for every mesh, and what a person would expect of simple figures."""

from __future__ import annotations

import csv
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from axis_core.errors import InputError
from axis_core.kernels.skin_weights import skin_weights


Figure = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def tube(
    start: list, end: list, radius: float, rings: int = 17, around: int = 12, across: tuple = (0.3, 0.5, 0.8)
) -> tuple[np.ndarray, np.ndarray]:
    """A closed tube along a segment, counter-clockwise from outside; its vertices come in rings."""
    a, b = np.array(start, float), np.array(end, float)
    along = (b - a) / np.linalg.norm(b - a)
    side = np.cross(along, across)
    side /= np.linalg.norm(side)
    other = np.cross(along, side)
    turn = 2 * np.pi * np.arange(around) / around
    ring = radius * (np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other)
    body = np.concatenate([a + t * (b - a) + ring for t in np.linspace(0, 1, rings)])
    points = np.concatenate([body, [a, b]])
    faces = []
    for k in range(around):
        n = (k + 1) % around
        faces += [[len(body), n, k], [len(body) + 1, (rings - 1) * around + k, (rings - 1) * around + n]]
        for r in range(rings - 1):
            p, q = r * around, (r + 1) * around
            faces += [[p + k, p + n, q + k], [p + n, q + n, q + k]]
    return points, np.array(faces)


def joined(*pieces: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    points, faces, at = [], [], 0
    for p, f in pieces:
        points.append(p)
        faces.append(f + at)
        at += len(p)
    return np.concatenate(points), np.concatenate(faces)


def limb() -> Figure:
    """One straight tube with three joints, two bones of equal length."""
    points, faces = tube([0, 0, 0], [0, 4, 0], 0.3)
    return points, faces, np.array([[0, 0, 0], [0, 2, 0], [0, 4, 0.0]]), np.array([-1, 0, 1])


def cross_figure() -> Figure:
    """A body with two arms and two legs, five closed tubes stuck into each other, mirrored about x = 0."""
    body = tube([0, 1.0, 0], [0, 2.2, 0], 0.25, across=(0, 0, 1))
    left = [tube([0.15, 1.9, 0], [1.2, 1.9, 0], 0.12), tube([0.15, 1.1, 0], [0.15, 0, 0], 0.14)]
    right = [(p * [-1, 1, 1], f[:, ::-1]) for p, f in left]
    points, faces = joined(body, *left, *right)
    joints = np.array(
        [[0, 1.1, 0], [0, 1.6, 0], [0, 2.0, 0], [0.25, 1.9, 0], [0.7, 1.9, 0], [-0.25, 1.9, 0], [-0.7, 1.9, 0],
         [0.15, 1.0, 0], [0.15, 0.5, 0], [-0.15, 1.0, 0], [-0.15, 0.5, 0]]
    )
    return points, faces, joints, np.array([-1, 0, 1, 1, 3, 1, 5, 0, 7, 0, 9])


def dense(figure: Figure, **options: object) -> np.ndarray:
    index, weight = skin_weights(*figure, **options)
    out = np.zeros((len(figure[0]), len(figure[2])))
    np.add.at(out, (np.arange(len(out))[:, None], index), weight)
    return out


def assert_valid(index: np.ndarray, weight: np.ndarray, n_vertices: int, n_joints: int, count: int = 4) -> None:
    assert index.shape == weight.shape == (n_vertices, count)
    assert np.isfinite(weight).all()
    assert (weight >= 0).all()
    np.testing.assert_allclose(weight.sum(1), 1.0, atol=1e-9)
    assert (np.diff(weight, axis=1) <= 1e-12).all()
    assert index.max(initial=0) < n_joints
    assert (index[weight == 0] == 0).all()


@pytest.mark.parametrize("method", ["heat", "voxel", "rigid"])
def test_every_bone_inside_owns_surface_and_rows_sum_to_one(method: str) -> None:
    figure = cross_figure()
    index, weight = skin_weights(*figure, method=method)
    assert_valid(index, weight, len(figure[0]), len(figure[2]))
    owners = np.bincount(index[:, 0], minlength=len(figure[2]))
    assert (owners > 0).all()


def test_a_limb_bends_at_its_joint_and_nowhere_else() -> None:
    figure = limb()
    weights, height = dense(figure), figure[0][:, 1]
    upper, lower = height > 2.8, height < 1.2
    assert (weights[lower, 0] > 0.95).all()
    assert (weights[upper & (height < 3.4), 1] > 0.9).all()
    middle = np.abs(height - 2) < 1e-6
    np.testing.assert_allclose(weights[middle, 0], weights[middle, 1], atol=0.06)
    rings = np.array([weights[np.abs(height - y) < 1e-6, 0].mean() for y in np.unique(height.round(6))])
    assert (np.diff(rings) < 1e-6).all()


def test_weights_mirror_where_the_figure_does() -> None:
    figure = cross_figure()
    points, _, joints, _ = figure
    weights = dense(figure)
    twin = np.linalg.norm((points * [-1, 1, 1])[:, None] - points[None], axis=2).argmin(1)
    np.testing.assert_allclose((points * [-1, 1, 1]), points[twin], atol=1e-12)
    other = np.linalg.norm((joints * [-1, 1, 1])[:, None] - joints[None], axis=2).argmin(1)
    np.testing.assert_allclose(weights[twin][:, other], weights, atol=0.02)


def test_parts_stuck_into_each_other_do_not_bleed() -> None:
    """The body's own surface near the thigh stays with the body, though the thigh's bone is nearer to it."""
    points, faces, joints, parents = cross_figure()
    weights = dense((points, faces, joints, parents))
    n_tube = len(tube([0, 1, 0], [0, 2, 0], 1)[0])
    arm = slice(n_tube, 2 * n_tube)
    outer = points[arm, 0] > 0.45
    assert (weights[arm][outer][:, [3, 4]].sum(1) > 0.97).all()
    leg = slice(2 * n_tube, 3 * n_tube)
    below = points[leg, 1] < 0.8
    assert (weights[leg][below][:, [9, 10]].sum(1) < 0.01).all()


@pytest.mark.parametrize("scale", [1e-3, 1.0, 250.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_turning_moving_and_scaling_all_changes_nothing(scale: float, seed: int) -> None:
    points, faces, joints, parents = cross_figure()
    turn = Rotation.random(random_state=seed).as_matrix()
    place = lambda x: scale * (x @ turn.T) + scale * np.array([3.0, -2, 5])  # noqa: E731
    moved = dense((place(points), faces, place(joints), parents))
    np.testing.assert_allclose(moved, dense((points, faces, joints, parents)), atol=2e-3)


def test_order_of_vertices_faces_and_joints_does_not_matter() -> None:
    points, faces, joints, parents = cross_figure()
    rng = np.random.default_rng(4)
    v, j = rng.permutation(len(points)), rng.permutation(len(joints))
    back = np.argsort(v)
    new_parents = np.where(parents[j] >= 0, np.argsort(j)[parents[j]], -1)
    shuffled = dense((points[v], back[rng.permutation(faces)], joints[j], new_parents))
    np.testing.assert_allclose(shuffled[back][:, np.argsort(j)], dense(cross_figure()), atol=1e-6)


def test_the_same_input_gives_the_same_bytes() -> None:
    a, b = skin_weights(*cross_figure()), skin_weights(*cross_figure())
    assert a[0].tobytes() == b[0].tobytes()
    assert a[1].tobytes() == b[1].tobytes()


def test_split_vertices_flipped_faces_and_doubled_shells_get_the_clean_weights() -> None:
    points, faces, joints, parents = cross_figure()
    clean = dense((points, faces, joints, parents))
    flat = faces.ravel()
    split = dense((points[flat], np.arange(len(flat)).reshape(-1, 3), joints, parents))
    np.testing.assert_allclose(split, clean[flat], atol=1e-6)
    some = np.random.default_rng(0).random(len(faces)) < 0.2
    flipped = dense((points, np.where(some[:, None], faces[:, ::-1], faces), joints, parents))
    np.testing.assert_allclose(flipped, clean, atol=1e-6)
    twice = dense((np.concatenate([points] * 2), np.concatenate([faces, faces + len(points)]), joints, parents))
    np.testing.assert_allclose(twice, np.concatenate([clean] * 2), atol=1e-6)


def test_specks_in_the_air_do_not_change_the_rest() -> None:
    points, faces, joints, parents = cross_figure()
    speck = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 0.004 + [0.4, 1.4, 0.3]
    tetrahedron = np.array([[0, 1, 2], [0, 3, 1], [0, 2, 3], [1, 3, 2]]) + len(points)
    dirty = dense((np.concatenate([points, speck]), np.concatenate([faces, tetrahedron]), joints, parents))
    np.testing.assert_allclose(dirty[: len(points)], dense((points, faces, joints, parents)), atol=1e-6)
    assert np.ptp(dirty[len(points) :], axis=0).max() == 0.0


def test_an_eye_moves_its_ball_and_leaves_the_face_to_the_head() -> None:
    head = tube([0, 1.5, 0], [0, 2.1, 0], 0.3)
    balls = [tube([x, 1.85, 0.2], [x, 1.85, 0.26], 0.03, rings=4) for x in (0.1, -0.1)]
    points, faces = joined(tube([0, 0, 0], [0, 1.5, 0], 0.12), head, *balls)
    joints = np.array([[0, 0, 0], [0, 1.0, 0], [0, 1.6, 0], [0.1, 1.85, 0.23], [-0.1, 1.85, 0.23]])
    weights = dense((points, faces, joints, np.array([-1, 0, 1, 2, 2])))
    n_ball, n_tube = len(balls[0][0]), len(head[0])
    assert (weights[-2 * n_ball : -n_ball, 3] > 0.99).all()
    assert (weights[-n_ball:, 4] > 0.99).all()
    assert weights[n_tube : 2 * n_tube, 3:].max() == 0.0


def test_buttons_are_rigid_and_follow_what_they_sit_on() -> None:
    points, faces, joints, parents = cross_figure()
    button = tube([0, 1.5, 0.25], [0, 1.5, 0.27], 0.03, rings=3, around=6)
    both = joined((points, faces), button)
    weights = dense((*both, joints, parents))[len(points) :]
    assert np.ptp(weights, axis=0).max() == 0.0
    assert weights[0, [0, 1, 2]].sum() > 0.9


def test_a_fine_mesh_solved_on_a_coarse_stand_in_keeps_its_weights() -> None:
    points, faces = tube([0, 0, 0], [0, 4, 0], 0.3, rings=120, around=64)
    joints, parents = limb()[2:]
    exact = dense((points, faces, joints, parents))
    coarse = dense((points, faces, joints, parents), solve_vertices=900)
    assert np.abs(coarse - exact).sum(1).mean() < 0.03
    assert np.abs(coarse - exact).max() < 0.3


def test_fingers_that_nearly_touch_stay_apart_on_the_stand_in() -> None:
    """The gap is a fiftieth of a patch: patches grow along the surface, not through the air."""
    a = tube([0, 0, 0], [3, 0, 0], 0.2, rings=150, around=60)
    b = tube([0, 0.401, 0], [3, 0.401, 0], 0.2, rings=150, around=60)
    joints = np.array([[0, 0, 0], [1.5, 0, 0], [0, 0.401, 0], [1.5, 0.401, 0]])
    weights = dense((*joined(a, b), joints, np.array([-1, 0, -1, 2])), solve_vertices=600)
    assert weights[: len(a[0]), 2:].max() < 0.01
    assert weights[len(a[0]) :, :2].max() < 0.01


def test_named_components_are_told_apart_even_where_they_touch() -> None:
    low, high = tube([0, 0, 0], [0, 2, 0], 0.3), tube([0, 2, 0], [0, 4, 0], 0.3)
    points, faces = joined(low, high)
    joints, parents = limb()[2:]
    labels = np.repeat([7, 3], [len(low[0]), len(high[0])])
    weights = dense((points, faces, joints, parents), components=labels, method="rigid")
    assert (weights[: len(low[0]), 0] == 1).mean() > 0.9


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_no_vertex_has_more_influences_than_asked(count: int) -> None:
    index, weight = skin_weights(*cross_figure(), max_influences=count)
    assert_valid(index, weight, len(cross_figure()[0]), 11, count)


def nasty(kind: str) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(30, 3))
    return {
        "no faces": (points, np.zeros((0, 3), int)),
        "one vertex": (points[:1], np.zeros((0, 3), int)),
        "one triangle": (points[:3], np.array([[0, 1, 2]])),
        "all in one place": (np.zeros((9, 3)), np.arange(9).reshape(3, 3)),
        "on a line": (np.linspace(0, 1, 30)[:, None] * [0.0, 1, 0], np.arange(30).reshape(10, 3)),
        "soup": (points, np.arange(30).reshape(10, 3)),
        "non-manifold": (points, rng.integers(0, 30, (300, 3))),
        "repeated corners": (points, np.stack([np.arange(30)] * 3, axis=1)),
        "not finite": (np.where(rng.random((30, 3)) < 0.1, np.nan, points), rng.integers(0, 30, (50, 3))),
        "nothing finite": (points * np.nan, rng.integers(0, 30, (50, 3))),
        "tiny": (points * 1e-30, rng.integers(0, 30, (50, 3))),
        "huge": (points * 1e30, rng.integers(0, 30, (50, 3))),
        "empty": (np.zeros((0, 3)), np.zeros((0, 3), int)),
    }[kind]


NASTY = ["no faces", "one vertex", "one triangle", "all in one place", "on a line", "soup", "non-manifold",
         "repeated corners", "not finite", "nothing finite", "tiny", "huge", "empty"]  # fmt: skip


@pytest.mark.parametrize("options", [{}, {"solve_vertices": 5}, {"method": "voxel"}, {"method": "rigid"}], ids=str)
@pytest.mark.parametrize("kind", NASTY)
def test_no_mesh_is_bad_enough_to_fail(kind: str, options: dict) -> None:
    points, faces = nasty(kind)
    joints, parents = limb()[2:]
    assert_valid(*skin_weights(points, faces, joints, parents, **options), len(points), 3)


def test_through_the_solid_the_far_side_of_a_gap_is_far() -> None:
    """Two fingers of one hand side by side: through the air they are near, through the hand they are not."""
    a, b = tube([0, 0, 0], [3, 0, 0], 0.2, rings=40), tube([0, 0.5, 0], [3, 0.5, 0], 0.2, rings=40)
    palm = tube([-0.6, 0.25, 0], [0.1, 0.25, 0], 0.5, rings=20)
    joints = np.array([[-0.5, 0.25, 0], [0.2, 0, 0], [1.6, 0, 0], [0.2, 0.5, 0], [1.6, 0.5, 0]])
    weights = dense((*joined(a, b, palm), joints, np.array([-1, 0, 1, 0, 3])), method="voxel")
    tips = a[0][:, 0] > 1.0
    assert weights[: len(a[0])][tips][:, [3, 4]].max() < 0.01
    assert weights[len(a[0]) : 2 * len(a[0])][tips][:, [1, 2]].max() < 0.01


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_random_lattice_meshes_on_random_skeletons_are_weighed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, n_joints = int(rng.integers(1, 40)), int(rng.integers(1, 8))
    points, joints = rng.integers(0, 3, (n, 3)).astype(float), rng.integers(0, 3, (n_joints, 3)).astype(float)
    faces = rng.integers(0, n, (int(rng.integers(0, 60)), 3))
    parents = np.array([-1] + [int(rng.integers(-1, k)) for k in range(1, n_joints)])
    assert_valid(*skin_weights(points, faces, joints, parents), n, n_joints)


def test_read_only_strided_and_narrow_input_is_taken_and_left_alone() -> None:
    points, faces, joints, parents = cross_figure()
    expected = skin_weights(points.astype(np.float32), faces, joints, parents)
    wide = np.repeat(points.astype(np.float32), 2, axis=1)[:, ::2]
    narrow = np.asfortranarray(faces.astype(np.int32))
    for array in (wide, narrow):
        array.flags.writeable = False
    found = skin_weights(wide, narrow, joints, parents.astype(np.int16))
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize(
    ("joints", "parents", "options"),
    [
        (np.zeros((0, 3)), [], {}),
        ([[0, 0, 0]], [-1, 0], {}),
        ([[0, 0, np.nan]], [-1], {}),
        ([[0, 0, 0]], [1], {}),
        ([[0, 0, 0]], [0.5], {}),
        ([[0, 0, 0]], [-1], {"method": "magic"}),
        ([[0, 0, 0]], [-1], {"max_influences": 0}),
    ],
)
def test_impossible_requests_are_refused_with_a_code(joints: list, parents: list, options: dict) -> None:
    with pytest.raises(InputError) as refused:
        skin_weights(np.eye(3), [[0, 1, 2]], joints, parents, **options)
    assert refused.value.code == "invalid_request"


def test_real_characters_are_weighed_better_than_by_the_usual_heat(groundtruth) -> None:
    """A sample in every run: mean L1 below the must gate, and below Blender's on the same files."""
    sys.path.insert(0, str(groundtruth / "tools"))
    try:
        from rigdata import read_rig
        from score import skeleton
    finally:
        sys.path.pop(0)
    with (groundtruth / "manifest.csv").open(newline="") as table:
        rows = {r["path"]: r for r in csv.DictReader(table)}
    ours, theirs = [], []
    for path in ("quaternius/modular_women_Formal.glb", "quaternius/animals_pack_Horse.glb", "kaykit/Knight.glb"):
        rig = read_rig(groundtruth / path)
        tree = skeleton(rig)
        kept = np.flatnonzero(tree.kept)
        row = {-1: -1, **{int(i): k for k, i in enumerate(kept)}}
        parents = np.array([row[int(tree.kept_parent(i))] for i in kept])
        found = dense((rig.vertices, rig.faces, rig.joints[kept], parents))
        ours.append(np.abs(found - rig.weights[:, kept].toarray()).sum(1).mean())
        theirs.append(float(rows[path]["blender_heat_L1"]))
    assert np.mean(ours) < 0.40
    assert np.mean(ours) < np.mean(theirs)
