"""Mirror planes: found at any angle, ranked by how well they mirror."""

import numpy as np

from axis_core.kernels.symmetry import mirror_planes, mirror_residual


def mirrored_cloud(seed: int, count: int = 1500) -> np.ndarray:
    """A lumpy cloud that is its own mirror image in x = 0 and in nothing else."""
    rng = np.random.default_rng(seed)
    half = np.concatenate(
        [
            rng.normal(size=(count // 2, 3)) * [0.2, 0.6, 0.1] + [0.3, 0.0, 0.0],
            rng.normal(size=(count // 6, 3)) * 0.1 + [0.7, 0.9, 0.2],
            rng.normal(size=(count // 6, 3)) * 0.1 + [0.2, -1.0, 0.5],
        ]
    )
    return np.concatenate([half, half * [-1.0, 1.0, 1.0]])


def is_found(seed: int, yaw: float, roll: float) -> bool:
    c, s, d, t = np.cos(yaw), np.sin(yaw), np.cos(roll), np.sin(roll)
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]) @ np.array([[d, -t, 0], [t, d, 0], [0, 0, 1]])
    cloud = mirrored_cloud(seed) @ turn.T + [5.0, -2.0, 1.0]
    normal, offset, _ = mirror_planes(cloud)[0]
    truth = turn[:, 0]
    near = abs(normal @ truth) > np.cos(np.deg2rad(8.0))
    return bool(near and abs(offset * np.sign(normal @ truth) - truth @ [5.0, -2.0, 1.0]) < 0.4)


def test_the_plane_is_found_at_nearly_any_angle() -> None:
    rng = np.random.default_rng(0)
    found = [is_found(k, *rng.uniform(-3.0, 3.0, 2)) for k in range(16)]
    assert np.mean(found) >= 0.9


def test_the_true_plane_leaves_next_to_nothing_over() -> None:
    cloud = mirrored_cloud(1)
    assert mirror_residual(cloud, [1.0, 0.0, 0.0], 0.0) < 1e-9
    assert mirror_residual(cloud, [0.0, 1.0, 0.0], 0.0) > 0.03


def test_planes_are_distinct_and_sorted() -> None:
    planes = mirror_planes(mirrored_cloud(2), np.eye(3))
    assert [p[2] for p in planes] == sorted(p[2] for p in planes)
    for i, (a, _, _) in enumerate(planes):
        assert np.isclose(np.linalg.norm(a), 1.0)
        assert all(abs(a @ b) < 0.95 for b, _, _ in planes[:i])


def test_too_few_or_coinciding_points_have_no_plane() -> None:
    assert mirror_planes(np.zeros((2, 3))) == []
    assert mirror_planes(np.zeros((50, 3))) == []
