"""Texels and charts: every texel knows its point on the surface, gaps take the nearest value, charts do not overlap."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axis_core.errors import InputError, LimitExceeded
from axis_core.kernels.bake import sample_image, spread_texels, texels_of
from axis_core.kernels.pack_rectangles import pack_rectangles
from axis_core.kernels.unwrap import unwrap_mesh


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**31), st.integers(1, 40), st.integers(1, 40))
def test_texels_are_blended_back_to_their_own_centres(seed: int, width: int, height: int) -> None:
    rng = np.random.default_rng(seed)
    uvs, faces = rng.uniform(-0.3, 1.3, (9, 2)), rng.integers(0, 9, (6, 3))
    texels = texels_of(uvs, faces, width, height)
    centres = np.stack([(texels.rows % width + 0.5) / width, (texels.rows // width + 0.5) / height], 1)
    assert np.abs(texels.blend(uvs) - centres).max(initial=0) < 1e-5
    assert texels.weights.min(initial=0) > -1e-5


def test_a_square_of_two_triangles_covers_every_texel_once() -> None:
    texels = texels_of([[0, 0], [1, 0], [1, 1], [0, 1]], [[0, 2, 1], [0, 2, 3]], 17, 9)
    assert texels.rows.tolist() == list(range(17 * 9))


def test_coordinates_that_are_not_numbers_draw_nothing() -> None:
    texels = texels_of([[0, 0], [1, 0], [0, 1], [np.nan, 0], [np.inf, 1]], [[0, 1, 3], [0, 2, 4], [1, 1, 1]], 8, 8)
    assert not len(texels.rows)
    assert spread_texels(texels, np.zeros((0, 3), np.uint8), (1, 2, 3)).reshape(-1, 3).tolist() == [[1, 2, 3]] * 64


def test_a_lookup_at_pixel_centres_gives_the_pixels() -> None:
    image = np.random.default_rng(1).random((5, 7, 3)).astype(np.float32)
    y, x = np.mgrid[0:5, 0:7]
    centres = np.stack([(x + 0.5) / 7, (y + 0.5) / 5], -1).reshape(-1, 2)
    assert np.allclose(sample_image(image, centres), image.reshape(-1, 3), atol=1e-6)
    assert np.allclose(sample_image(image, centres + np.array([3, -2])), image.reshape(-1, 3), atol=1e-5)
    assert np.allclose(sample_image(image, [[-4, 0.5 / 5]], repeats=False), image[0, 0])
    assert np.allclose(sample_image(image, [[0.0, 0.5 / 5]]), (image[0, 0] + image[0, 6]) / 2, atol=1e-6)


def test_gaps_take_the_value_of_a_nearest_texel() -> None:
    rng = np.random.default_rng(3)
    triangle = rng.uniform(0, 1, (6, 2))
    texels = texels_of(triangle, [[0, 1, 2], [3, 4, 5]], 60, 50)
    place = np.stack([texels.rows % 60, texels.rows // 60], 1)
    out = spread_texels(texels, place.astype(np.int64), (0, 0))
    y, x = np.mgrid[0:50, 0:60]
    taken = np.hypot(out[..., 0] - x, out[..., 1] - y)
    best = np.sqrt(((np.stack([x, y], -1)[:, :, None] - place) ** 2).sum(-1)).min(-1)
    assert (taken - best).max() < 0.5
    assert (taken == best).mean() > 0.99


def test_wrong_sizes_are_refused() -> None:
    with pytest.raises(InputError):
        texels_of([[0, 0, 0]], [[0, 0, 0]], 4, 4)
    with pytest.raises(InputError):
        texels_of([[0, 0]], [[0, 0, 0]], 0, 4)
    with pytest.raises(LimitExceeded):
        texels_of([[0, 0]], [[0, 0, 0]], 100_000, 100_000)
    with pytest.raises(InputError):
        sample_image(np.zeros((0, 4, 3)), [[0, 0]])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=25), st.integers(20, 90))
def test_packed_rectangles_stay_inside_and_apart(sizes: list[tuple[int, int]], side: int) -> None:
    corners = pack_rectangles(sizes, (side, side + 7))
    if corners is None:
        return
    drawn = np.zeros((side + 7, side), int)
    for (w, h), (x, y) in zip(sizes, corners, strict=True):
        assert x >= 0
        assert y >= 0
        assert x + w <= side
        assert y + h <= side + 7
        drawn[y : y + h, x : x + w] += 1
    assert drawn.max(initial=0) <= 1


def test_equal_squares_are_packed_without_a_gap() -> None:
    corners = pack_rectangles([(4, 4)] * 16, (16, 16))
    assert corners is not None
    assert sorted(corners) == [(x, y) for x in range(0, 16, 4) for y in range(0, 16, 4)]
    assert pack_rectangles([(4, 4)] * 17, (16, 16)) is None


def test_unwrapping_keeps_the_triangles_and_lays_charts_side_by_side(shapes: SimpleNamespace) -> None:
    v, f = shapes.torus(12)
    cut = unwrap_mesh(v, f, resolution=512)
    assert np.array_equal(cut.rows[cut.faces], f)
    assert cut.uvs.min() >= 0
    assert cut.uvs.max() <= 1
    a, b, c = (cut.uvs[cut.faces[:, k]].astype(float) * 512 for k in range(3))
    u, w = b - a, c - a
    area = np.abs(u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]).sum() / 2
    covered = len(texels_of(cut.uvs, cut.faces, 512, 512).rows)
    assert abs(covered / area - 1) < 0.03  # overlaps would cover less than the areas' sum
    assert covered > 0.3 * 512**2


def test_nothing_unwraps_to_nothing() -> None:
    cut = unwrap_mesh(np.zeros((0, 3)), np.zeros((0, 3), int))
    assert cut.rows.shape == (0,)
    assert cut.uvs.shape == (0, 2)
