"""Outlines are exact to a fraction of a pixel; cameras see what they should."""

from __future__ import annotations

import numpy as np
import pytest

from axis_core.photo.camera import VIEW_YAW, ViewCamera
from axis_core.photo.outline import largest_part, outline_of


def _disc(radius: float, size: int = 120) -> np.ndarray:
    rows, columns = np.mgrid[0:size, 0:size]
    return np.clip(radius + 0.5 - np.hypot(rows - 60.0, columns - 60.0), 0.0, 1.0).astype(np.float32)


@pytest.mark.parametrize("radius", [15.0, 31.3, 44.7])
def test_the_outline_of_a_disc_is_its_circle_with_normals_outwards(radius: float) -> None:
    outline = outline_of(_disc(radius))
    away = outline.points - 60.0
    assert np.abs(np.linalg.norm(away, axis=1) - radius).max() < 0.35
    unit = away / np.linalg.norm(away, axis=1, keepdims=True)
    assert ((unit * outline.normals).sum(axis=1) > 0.99).all()
    far, slope = outline.outside(np.array([[60.0 + radius + 10.0, 60.0], [60.0, 60.0]]))
    assert far[0] == pytest.approx(10.0, abs=1.0)
    assert far[1] < -radius + 2.0
    assert slope[0] == pytest.approx([1.0, 0.0], abs=0.2)


def test_an_outline_is_thinned_evenly() -> None:
    assert len(outline_of(_disc(44.0), most=100).points) == 100


def test_the_edge_of_the_photo_is_no_outline() -> None:
    mask = np.zeros((80, 80), np.float32)
    mask[40:, 20:60] = 1.0
    points = outline_of(mask).points
    assert points[:, 1].max() < 77.0
    assert len(outline_of(np.ones((80, 80), np.float32)).points) == 0


def test_the_largest_part_stays_and_pinholes_close() -> None:
    mask = np.maximum(_disc(30.0), 0.0)
    mask[58, 58] = 0.0
    mask[2:6, 2:6] = 1.0
    kept = largest_part(mask)
    assert kept[58, 58] == 1.0
    assert kept[2:6, 2:6].max() == 0.0


def test_cameras_look_from_their_side() -> None:
    left_hand, nose = np.array([[0.8, 1.0, 0.0]]), np.array([[0.0, 1.6, 0.1]])
    for label, yaw in VIEW_YAW.items():
        camera = ViewCamera(yaw, 100.0, 200.0, 400.0)
        assert np.allclose(camera.axes @ camera.axes.T, np.eye(3))
        assert camera.project(nose)[0, 1] == pytest.approx(240.0)
        x = camera.project(left_hand)[0, 0]
        assert {"front": x > 200, "back": x < 200}.get(label, True)
    assert ViewCamera(VIEW_YAW["left"], 1.0, 0.0, 0.0).depth(left_hand)[0] == pytest.approx(0.8)
    assert ViewCamera(VIEW_YAW["left"], 1.0, 0.0, 0.0).project(nose)[0, 0] < 0
