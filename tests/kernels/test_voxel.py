"""Voxels: the surface is covered, the solid forgives, parity agrees with it on closed meshes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axis_core.errors import InputError
from axis_core.kernels.sample import sample_surface
from axis_core.kernels.voxel import fill_solid, parity_voxels, solid_voxels, surface_voxels


def sphere(rings: int = 16, radius: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """A closed sphere of latitude rings around the origin."""
    theta = np.linspace(0.0, np.pi, rings + 1)[1:-1]
    phi = np.linspace(0.0, 2.0 * np.pi, 2 * rings, endpoint=False)
    ring = np.stack(
        [
            np.outer(np.sin(theta), np.cos(phi)),
            np.outer(np.cos(theta), np.ones_like(phi)),
            np.outer(np.sin(theta), np.sin(phi)),
        ],
        axis=-1,
    ).reshape(-1, 3)
    v = radius * np.concatenate([ring, [[0.0, 1.0, 0.0], [0.0, -1.0, 0.0]]])
    n, top, bottom, faces = len(phi), len(ring), len(ring) + 1, []
    for k in range(n):
        after = (k + 1) % n
        faces += [[top, after, k], [bottom, (rings - 2) * n + k, (rings - 2) * n + after]]
        for r in range(rings - 2):
            a, b, c, d = r * n + k, r * n + after, (r + 1) * n + k, (r + 1) * n + after
            faces += [[a, b, c], [b, d, c]]
    return v, np.array(faces)


def test_every_surface_sample_lies_in_a_marked_voxel() -> None:
    v, f = sphere()
    spacing, origin = 0.05, np.array([-1.2, -1.2, -1.2])
    grid = surface_voxels(v, f, origin, spacing, (50, 50, 50))
    points, _, _ = sample_surface(v, f, 3000, seed=3)
    index = np.rint((points - origin) / spacing).astype(int)
    assert grid[tuple(index.T)].mean() > 0.97  # corners of voxels may slip between two samples
    occupied = origin + spacing * np.argwhere(grid)
    assert np.abs(np.linalg.norm(occupied, axis=1) - 1.0).max() < 1.1 * spacing


def test_solid_of_a_sphere_has_its_volume() -> None:
    v, f = sphere()
    solid, _, spacing = solid_voxels(v, f, 64)
    volume = solid.sum() * spacing**3
    assert volume == pytest.approx(4.0 / 3.0 * np.pi, rel=0.08)


@pytest.mark.parametrize("damage", ["holes", "flips", "double", "split"])
def test_solid_hardly_changes_under_damage(damage: str) -> None:
    v, f = sphere()
    rng = np.random.default_rng(1)
    whole, _, spacing = solid_voxels(v, f, 64)
    if damage == "holes":
        f = f[rng.random(len(f)) > 0.02]
    elif damage == "flips":
        f = np.where((rng.random(len(f)) < 0.3)[:, None], f[:, ::-1], f)
    elif damage == "double":
        v, f = np.concatenate([v, 0.98 * v]), np.concatenate([f, f + len(v)])
    else:
        v, f = v[f.ravel()], np.arange(f.size).reshape(-1, 3)
    hurt, _, spacing_hurt = solid_voxels(v, f, 64)
    assert hurt.sum() * spacing_hurt**3 == pytest.approx(whole.sum() * spacing**3, rel=0.1)


def test_a_shell_with_a_large_hole_is_still_solid_by_parity() -> None:
    v, f = sphere()
    f = f[v[f][:, :, 1].mean(axis=1) < 0.8]  # the cap is gone: flooding gets in, closing by 3 voxels does not help
    solid, origin, spacing = solid_voxels(v, f, 64)
    centre = np.rint((np.zeros(3) - origin) / spacing).astype(int)
    assert solid[tuple(centre)]


def test_parity_equals_the_flooded_solid_away_from_the_surface() -> None:
    v, f = sphere()
    spacing, origin = 0.05, np.array([-1.3, -1.3, -1.3])
    shell = surface_voxels(v, f, origin, spacing, (53, 53, 53))
    solid, closing = fill_solid(shell)
    assert closing == 0
    assert np.array_equal(parity_voxels(v, f, origin, spacing, (53, 53, 53)) & ~shell, solid & ~shell)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e4))
def test_solid_does_not_depend_on_scale(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    v, f = rng.normal(size=(12, 3)), rng.integers(0, 12, (10, 3))
    f = np.concatenate([f, [[0, 1, 2]]])
    one, _, _ = solid_voxels(v, f, 24)
    other, _, _ = solid_voxels(scale * v, f, 24)
    assert one.shape == other.shape
    assert (one != other).mean() < 0.01  # samples on a voxel's border may fall either way


def test_inputs_of_any_kind_give_the_same_voxels_and_are_not_changed() -> None:
    v, f = sphere(8)
    frozen = v.copy()
    frozen.flags.writeable = False
    strided = np.zeros((len(v), 6))
    strided[:, ::2] = v
    grids = [
        solid_voxels(p, q, 20)[0]
        for p, q in (
            (v, f),
            (frozen, f.astype(np.uint32)),
            (strided[:, ::2], f.astype(np.int64)),
            (v.tolist(), f.tolist()),
        )
    ]
    assert all(np.array_equal(grids[0], g) for g in grids[1:])
    assert np.array_equal(frozen, v)


def test_nan_vertices_are_left_out_and_nothing_is_refused() -> None:
    v, f = sphere(8)
    solid, _, _ = solid_voxels(np.concatenate([v, [[np.nan] * 3]]), np.concatenate([f, [[0, 1, len(v)]]]), 20)
    assert solid.any()
    for empty in (np.zeros((0, 3)), np.full((3, 3), np.nan), np.ones((3, 3))):
        with pytest.raises(InputError) as caught:
            solid_voxels(empty, [[0, 1, 2]] if len(empty) else np.zeros((0, 3), int), 20)
        assert caught.value.code == "empty_geometry"


def test_too_many_voxels_are_refused_before_they_are_made() -> None:
    v, f = sphere(8)
    with pytest.raises(InputError, match="at most"):
        solid_voxels(v, f, 5000)
