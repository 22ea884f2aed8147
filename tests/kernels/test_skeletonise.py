"""Ways through a solid, its tips and the profiles of its limbs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from axis_core.kernels.skeletonise import band_profile, geodesic_tips, inner_distance, trace_path


def reference(solid: np.ndarray, seed: np.ndarray, cost: np.ndarray | None = None) -> np.ndarray:
    """The same distances by a graph library."""
    index = -np.ones(solid.shape, int)
    voxels = np.argwhere(solid)
    index[tuple(voxels.T)] = np.arange(len(voxels))
    rows, columns, lengths = [], [], []
    for step in np.argwhere(np.ones((3, 3, 3))) - 1:
        if not step.any():
            continue
        to = voxels + step
        fits = ((to >= 0) & (to < solid.shape)).all(axis=1)
        target = np.full(len(voxels), -1)
        target[fits] = index[tuple(to[fits].T)]
        ok = target >= 0
        rows.append(np.flatnonzero(ok))
        columns.append(target[ok])
        factor = 1.0 if cost is None else cost[tuple(to[ok].T)]
        lengths.append(np.linalg.norm(step) * factor * np.ones(ok.sum()))
    graph = coo_matrix(
        (np.concatenate(lengths), (np.concatenate(rows), np.concatenate(columns))), shape=(len(voxels),) * 2
    )
    out = np.full(solid.shape, np.inf)
    out[tuple(voxels.T)] = dijkstra(graph.tocsr(), indices=index[tuple(seed)])
    return out


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_distances_equal_those_of_a_graph_library(seed: int, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    solid = rng.random((6, 7, 5)) < 0.55
    start = np.argwhere(solid)[0] if solid.any() else np.zeros(3, int)
    solid[tuple(start)] = True
    cost = rng.random(solid.shape) + 0.1 if weighted else None
    distance, came = inner_distance(solid, start[None], cost)
    assert np.allclose(distance, reference(solid, start, cost), rtol=1e-4)
    reached = np.isfinite(distance) & (distance > 0)
    assert (came[reached] >= 0).all()
    assert (came[~reached] == -1).all()


def test_path_leads_back_to_the_seed_in_neighbouring_steps() -> None:
    solid = np.ones((9, 3, 3), bool)
    solid[4, :2] = False
    _, came = inner_distance(solid, [[0, 0, 0]])
    path = trace_path(came, [8, 0, 0])
    assert path[0].tolist() == [8, 0, 0]
    assert path[-1].tolist() == [0, 0, 0]
    assert np.abs(np.diff(path, axis=0)).max() == 1
    assert solid[tuple(path.T)].all()


def cross() -> np.ndarray:
    """Four arms of different length, 5 wide, on a block."""
    solid = np.zeros((61, 61, 11), bool)
    solid[25:36, 25:36] = True
    solid[28:33, 0:30, 3:8] = True
    solid[28:33, 30:55, 3:8] = True
    solid[5:30, 28:33, 3:8] = True
    solid[30:50, 28:33, 3:8] = True
    return solid


def test_tips_are_the_ends_of_the_arms_farthest_first() -> None:
    tips = geodesic_tips(cross(), [30, 30, 5], count=4)
    ends = [(30, 0), (5, 30), (30, 54), (49, 30)]
    found = [min(range(4), key=lambda k: np.hypot(*(voxel[:2] - ends[k]))) for voxel, _ in tips]
    assert sorted(found) == [0, 1, 2, 3]
    assert found[0] == 0
    gains = [gain for _, gain in tips]
    assert gains == sorted(gains, reverse=True)


def test_no_tip_sticks_out_less_than_asked() -> None:
    assert all(gain >= 22.0 for _, gain in geodesic_tips(cross(), [30, 30, 5], least=22.0))


def test_bands_follow_the_arm_and_jump_where_it_meets_the_body() -> None:
    solid = cross()
    distance, _ = inner_distance(solid, [[30, 0, 5]])
    reached, centres, areas = band_profile(distance, [30, 0, 5], width=2.0, limit=34.0)
    arm = (reached > 6) & (reached < 22)
    assert np.abs(centres[arm][:, [0, 2]] - [30, 5]).max() < 0.6
    assert areas[arm] == pytest.approx(25.0, rel=0.3)
    assert areas[reached > 24].max() > 2.0 * areas[arm].mean()


def test_nothing_in_gives_nothing_out() -> None:
    distance, came = inner_distance(np.zeros((3, 3, 3), bool), [[1, 1, 1]])
    assert np.isinf(distance).all()
    assert (came == -1).all()
    assert geodesic_tips(np.zeros((3, 3, 3), bool), [1, 1, 1]) == []
    reached, centres, areas = band_profile(distance, [1, 1, 1])
    assert len(reached) == len(centres) == len(areas) == 0


def test_seeds_outside_the_grid_or_the_solid_are_ignored() -> None:
    solid = np.zeros((4, 4, 4), bool)
    solid[1, 1, 1] = True
    distance, _ = inner_distance(solid, [[-1, 0, 0], [9, 9, 9], [0, 0, 0], [1, 1, 1]])
    assert distance[1, 1, 1] == 0
    assert np.isinf(distance).sum() == 63
