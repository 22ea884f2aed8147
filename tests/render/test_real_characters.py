"""Real characters in every pose: nothing tears, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from axis_core import read
from axis_core.errors import CannotFit
from axis_core.model.scene import Scene
from axis_core.render import POSES
from axis_core.render.surfaces import draw_scene


SAMPLE = ("kaykit/Knight.glb", "quaternius/animals_pack_Fox.glb", "quaternius/modular_men_Casual.glb")
MOST_STRETCH = 25.0
"""Times its length at rest: what the longest edge may grow to where a limb bends by more than a right angle."""


def check_poses(scene: Scene) -> int:
    """Check every pose that the rig has the bones for and return their number."""
    rest = draw_scene(scene, pose="rest")
    size = float(np.ptp(rest.points, axis=0).max())
    n_posed = 0
    for pose in POSES:
        try:
            drawing = draw_scene(scene, pose=pose, skeleton=True)
        except CannotFit:
            continue
        n_posed += 1
        assert len(drawing.surfaces) == len(rest.surfaces), pose
        assert np.isfinite(drawing.joints).all(), pose
        assert float(np.ptp(drawing.points, axis=0).max()) < 4 * size, pose
        for before, after in zip(rest.surfaces, drawing.surfaces, strict=True):
            assert np.isfinite(after.positions).all(), pose
            lengths = [edge_lengths(s.positions, s.faces).max() for s in (before, after)]
            assert lengths[1] < MOST_STRETCH * lengths[0], pose
    return n_posed


def edge_lengths(positions: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Return the lengths of all sides of all faces."""
    corners = positions[faces].astype(np.float64)
    return np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_of_real_characters_can_be_posed(name: str, groundtruth: Path) -> None:
    assert check_poses(read(groundtruth / name)) >= len(POSES) - 1


@pytest.mark.conformance
def test_all_real_characters_can_be_posed(groundtruth: Path) -> None:
    files = sorted(groundtruth.rglob("*.glb"))
    assert len(files) >= 60
    for path in files:
        scene = read(path)
        if scene.skins:
            assert check_poses(scene) >= len(POSES) - 1, path.name
