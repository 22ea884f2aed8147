"""Ambient occlusion where the open share of the sky is known."""

from __future__ import annotations

import numpy as np
import pytest

from axis_core.errors import InputError
from axis_core.kernels.occlusion import ambient_occlusion, hemisphere_directions


CUBE = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)
OUTWARDS = np.array(
    [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4],
     [1, 5, 7], [1, 7, 3]]
)


def test_a_convex_shape_hides_nothing_and_its_inside_everything() -> None:
    np.testing.assert_allclose(ambient_occlusion(CUBE, OUTWARDS), 1.0)
    np.testing.assert_allclose(ambient_occlusion(CUBE, OUTWARDS[:, ::-1]), 0.0, atol=0.05)


def test_a_wall_of_endless_height_hides_half_of_the_sky_beside_it() -> None:
    ground = np.array([[-9, 0, -9], [9, 0, -9], [9, 0, 9], [-9, 0, 9], [0.001, 0, 0]], float)
    wall = np.array([[0, -1, -900], [0, -1, 900], [0, 900, 0]], float)
    points = np.concatenate([ground, wall])
    faces = np.array([[0, 4, 1], [1, 4, 2], [2, 4, 3], [3, 4, 0], [5, 6, 7]])
    assert ambient_occlusion(points, faces, n_rays=1024)[4] == pytest.approx(0.5, abs=0.03)
    assert ambient_occlusion(points, faces, n_rays=1024, reach=1e-9)[4] == 1.0


def test_directions_are_unit_and_spread_by_the_cosine() -> None:
    ways = hemisphere_directions(4096)
    np.testing.assert_allclose(np.linalg.norm(ways, axis=1), 1.0)
    assert ways[:, 2].mean() == pytest.approx(2 / 3, abs=1e-3)
    np.testing.assert_allclose(ways[:, :2].mean(0), 0.0, atol=1e-2)


def test_nothing_to_see_is_open() -> None:
    assert ambient_occlusion(CUBE, np.zeros((0, 3), int)).tolist() == [1.0] * 8
    odd = np.concatenate([CUBE, [[np.nan, 0, 0]]])
    assert ambient_occlusion(odd, OUTWARDS)[8] == 1.0


def test_nonsense_is_refused() -> None:
    with pytest.raises(InputError):
        ambient_occlusion(CUBE, OUTWARDS, n_rays=0)
    with pytest.raises(InputError):
        ambient_occlusion(CUBE, OUTWARDS, normals=CUBE[:3])
