"""``reorient``: Y up, facing +Z, feet on y = 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.errors import AxisError
from axis_core.model.rebase import rebase_scene
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.model.transform import transform_points
from axis_core.model.upright import main_skin, rotation_from_bones
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.rig import place


__all__ = ["REPAIR"]

_TILT = np.deg2rad(10.0)
"""A body without a rig is turned only by more than this: what is less is its pose."""
_FLOOR = 0.02
"""Of the height: the audit's own tolerance."""


def apply(scene: Scene, options: object = None) -> RepairResult:  # noqa: ARG001 - the signature of a repair
    """Turn the scene upright and stand it on the floor."""
    rotation = _rotation(scene)
    transform = np.eye(4)
    transform[:3, :3] = rotation
    points = transform_points(transform, scene_soup(scene).positions)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return RepairResult(scene=scene)
    low, high = points.min(axis=0), points.max(axis=0)
    changes = []
    if not np.allclose(rotation, np.eye(3), atol=1e-9):
        changes.append(f"turned by {np.rad2deg(_angle(rotation)):.1f} degrees")
    if abs(float(low[1])) > _FLOOR * float(high[1] - low[1]):
        transform[1, 3] = -low[1]
        changes.append(f"moved by {-low[1]:.4g} m onto the floor")
    if not changes:
        return RepairResult(scene=scene)
    moved, lost = rebase_scene(scene, transform)
    return RepairResult(scene=moved, changes=(*changes, *lost))


def _rotation(scene: Scene) -> NDArray[np.float64]:
    """From the rig where there is one, else from the figure; the identity for what is no figure."""
    skin = main_skin(scene)
    if skin is not None:
        return rotation_from_bones(scene, skin)
    soup = scene_soup(scene)
    try:
        placement = place(soup.positions, soup.faces)
    except AxisError:  # nothing that stands: there is no way up to find
        return np.eye(3)
    if placement.archetype == "prop":
        return np.eye(3)
    linear = placement.frame[:3, :3]
    rotation = linear / np.cbrt(np.linalg.det(linear))
    return rotation if _angle(rotation) > _TILT else np.eye(3)


def _angle(rotation: NDArray[np.float64]) -> float:
    return float(np.arccos(np.clip((np.trace(rotation) - 1.0) / 2.0, -1.0, 1.0)))


REPAIR = Repair(
    name="reorient",
    summary="To Y up, facing +Z, feet on y = 0.",
    fixes=("AXES_UNUSUAL", "OFF_FLOOR"),
    apply=apply,
)
