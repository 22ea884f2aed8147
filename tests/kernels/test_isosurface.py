"""Isosurfaces: closed, wound outwards, on the level, wherever the grid lies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.kernels.isosurface import isosurface


def volume(p: NDArray[np.float32], f: NDArray[np.int64]) -> float:
    a, b, c = (p[f[:, k]].astype(float) for k in range(3))
    return float(np.einsum("ij,ij", a, np.cross(b, c)) / 6)


def directed_balance(f: NDArray[np.int64]) -> int:
    """Return by how many the directed edges are not matched by their opposites."""
    edges = np.concatenate([f[:, [0, 1]], f[:, [1, 2]], f[:, [2, 0]]])
    both, inverse = np.unique(np.sort(edges, axis=1), axis=0, return_inverse=True)
    sign = np.where(edges[:, 0] < edges[:, 1], 1, -1)
    return int(np.abs(np.bincount(inverse.ravel(), weights=sign, minlength=len(both))).sum())


def test_a_ball_lies_on_its_radius_and_has_its_volume() -> None:
    g = np.linspace(-1.2, 1.2, 64)
    x, y, z = np.meshgrid(g, g, g, indexing="ij")
    p, f = isosurface(1 - np.sqrt(x * x + y * y + z * z), 0.0, origin=(-1.2,) * 3, spacing=g[1] - g[0])
    assert np.abs(np.linalg.norm(p, axis=1) - 1).max() < 3e-4
    assert volume(p, f) == pytest.approx(4 / 3 * np.pi, rel=2e-3)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**31), st.floats(-2, 2))
def test_any_field_gives_a_closed_surface_around_what_is_higher(seed: int, level: float) -> None:
    rng = np.random.default_rng(seed)
    field = rng.normal(size=rng.integers(1, 7, 3)).round(rng.integers(0, 3))
    p, f = isosurface(field, level)
    assert directed_balance(f) == 0
    assert volume(p, f) >= -1e-6
    if (field > level).any():
        assert len(f)
    elif not len(f):
        assert volume(p, f) == 0


def test_an_axis_is_an_axis() -> None:
    solid = np.zeros((5, 7, 9))
    solid[3, 1:6, 4] = 1
    p, _ = isosurface(solid, 0.5, origin=(10, 20, 30), spacing=2.0)
    assert np.allclose(p.min(axis=0), [10 + 2 * 2.5, 20 + 2 * 0.5, 30 + 2 * 3.5])
    assert np.allclose(p.max(axis=0), [10 + 2 * 3.5, 20 + 2 * 5.5, 30 + 2 * 4.5])


def test_an_open_surface_ends_where_the_grid_ends() -> None:
    solid = np.ones((4, 4, 4))
    assert len(isosurface(solid, 0.5, closed=True)[1])
    assert not len(isosurface(solid, 0.5, closed=False)[1])


def test_what_is_not_a_number_is_outside() -> None:
    field = np.full((3, 3, 3), np.nan)
    assert not len(isosurface(field, 0.0)[1])
    field[1, 1, 1] = 1.0
    assert len(isosurface(field, 0.5)[1]) == 8


@pytest.mark.parametrize(
    ("field", "level", "spacing"),
    [(np.zeros((2, 2)), 0, 1), (np.zeros((2,) * 3), np.nan, 1), (np.zeros((2,) * 3), 0, 0)],
)
def test_what_makes_no_sense_is_refused(field: NDArray[np.float64], level: float, spacing: float) -> None:
    with pytest.raises(InputError):
        isosurface(field, level, spacing=spacing)
