"""Depth maps: front and back of what is there, NaN where nothing is."""

import numpy as np
import pytest
from tests.kernels.test_voxel import sphere

from axis_core.kernels.depth_map import depth_maps


CORNER, PIXEL, SHAPE = (-1.5, -1.5), 0.05, (61, 61)


def test_a_sphere_has_its_front_and_its_back() -> None:
    v, f = sphere(32)
    front, back, layers = depth_maps(v, f, CORNER, PIXEL, SHAPE)
    x = CORNER[0] + PIXEL * np.arange(SHAPE[0])
    r2 = x[:, None] ** 2 + x[None, :] ** 2
    inner = r2 < 0.8
    truth = np.sqrt(np.maximum(1.0 - r2, 0.0))
    assert np.abs(front - truth)[inner].max() < 0.07
    assert np.abs(back + truth)[inner].max() < 0.07
    assert np.isnan(front[r2 > 1.2]).all()
    assert (layers[r2 > 1.2] == 0).all()
    assert (layers[r2 < 0.5] >= 2).all()


def test_winding_scale_of_faces_and_array_kinds_do_not_matter() -> None:
    v, f = sphere(16)
    base = depth_maps(v, f, CORNER, PIXEL, SHAPE)
    frozen = v.copy()
    frozen.flags.writeable = False
    for positions, faces in ((v, f[:, ::-1]), (frozen, f.astype(np.uint32)), (v.tolist(), f.tolist())):
        for one, other in zip(base, depth_maps(positions, faces, CORNER, PIXEL, SHAPE), strict=True):
            seen = np.isfinite(one) & np.isfinite(other)
            assert (np.isfinite(one) == np.isfinite(other)).mean() > 0.995  # samples on a pixel's border
            assert np.abs(one - other)[seen].max(initial=0.0) < 2.0
            assert np.median(np.abs(one - other)[seen]) < 0.01


@pytest.mark.parametrize("faces", [np.zeros((0, 3), int), [[0, 1, 2]]])
def test_empty_and_nan_meshes_give_empty_maps(faces: object) -> None:
    front, back, layers = depth_maps(np.full((3, 3), np.nan), faces, CORNER, PIXEL, SHAPE)
    assert np.isnan(front).all()
    assert np.isnan(back).all()
    assert not layers.any()


def test_what_lies_beyond_the_picture_is_left_out() -> None:
    v, f = sphere(8)
    assert np.isnan(depth_maps(v + np.array([9.0, 0.0, 0.0]), f, CORNER, PIXEL, SHAPE)[0]).all()
