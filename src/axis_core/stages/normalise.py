"""``normalise``: metres, Y up, facing +Z, feet on y = 0, clean nodes.

The transform is kept in the contract (``source.transform``), so that it can be undone.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.rebase import rebase_scene, united_skins
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.model.transform import transform_points
from axis_core.model.upright import main_skin, plausible_scale, rotation_from_bones
from axis_core.plugin import Context, Outcome, Stage, between, option


__all__ = ["STAGE", "Options", "normalise", "upright_rotation"]


@attrs.frozen(kw_only=True)
class Options:
    """What to set right."""

    axes: bool = option(True, "stand it upright, facing +Z")
    scale: bool = option(True, "bring it to metres where its height is not plausible")
    floor: bool = option(True, "put its lowest point on y = 0, in the middle")
    height_m: float | None = option(None, "scale to exactly this height", validator=between(0.01, 1000), unit="metres")


def upright_rotation(scene: Scene, state: Outcome) -> NDArray[np.float64]:
    """Return the (3, 3) rotation to upright, facing +Z, from the rig where there is one, else from the figure."""
    figure = state.facts.get("figure")
    if figure:
        frame = np.asarray(figure["frame"]).reshape(4, 4)[:3, :3]
        return np.asarray(_nearest_rotation(frame))
    skin = main_skin(scene)
    if skin is None:
        return np.eye(3)
    return rotation_from_bones(scene, skin)


def _nearest_rotation(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    u, _, vt = np.linalg.svd(linear)
    return np.asarray(u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt)


def normalise(scene: Scene, rotation: NDArray[Any], options: Options, archetype: str) -> NDArray[np.float64]:
    """Return the (4, 4) similarity that normalises ``scene``; identity parts where nothing is wrong."""
    out = np.eye(4)
    out[:3, :3] = rotation if options.axes else np.eye(3)
    points = transform_points(out, scene_soup(scene, skinned_only=main_skin(scene) is not None).positions)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return out
    low, high = points.min(axis=0), points.max(axis=0)
    height = float(high[1] - low[1])
    factor = plausible_scale(height, archetype) if options.scale else 1.0
    if options.height_m is not None and height > 0:
        factor = options.height_m / height
    out[:3, :3] *= factor
    if options.floor:
        out[1, 3] = -low[1] * factor
        middle = _middle(low, high)
        out[0, 3], out[2, 3] = -middle[0] * factor, -middle[1] * factor
    return out


def _middle(low: NDArray[np.float64], high: NDArray[np.float64]) -> tuple[float, float]:
    """Where the body stands: 0 where it stands about there already, else the middle of its bounds."""
    span = float((high - low).max())
    middle = (low + high) / 2
    centred = (abs(float(middle[0])) < 0.1 * span, abs(float(middle[2])) < 0.25 * span)
    return (0.0 if centred[0] else float(middle[0]), 0.0 if centred[1] else float(middle[2]))


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Move the scene to canonical space."""
    scene = state.scene
    rotation = _snapped(upright_rotation(scene, state))
    known = state.facts.get("rig") or state.facts.get("figure") or {}
    transform = normalise(scene, rotation, options, known.get("archetype", ""))
    context.step(0.3, "moving to metres, Y up, +Z front")
    moved, lost = rebase_scene(scene, transform)
    n_skins = len(moved.skins)
    moved = united_skins(moved)
    if len(moved.skins) < n_skins:
        lost = (*lost, f"made {len(moved.skins)} of {n_skins} skins")
    facts: dict[str, Any] = {"transform": transform.ravel().tolist()}
    if state.facts.get("figure"):
        figure = dict(state.facts["figure"])
        figure["positions"] = transform_points(transform, figure["positions"]).tolist()
        figure["frame"] = (np.asarray(figure["frame"]).reshape(4, 4) @ np.linalg.inv(transform)).ravel().tolist()
        facts["figure"] = figure
    return Outcome(scene=moved, facts=facts, changes=(*_described(transform), *lost), metrics={})


def _snapped(rotation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the identity for what is within two degrees of it: a real tilt is larger, and exact data stays exact."""
    angle = np.arccos(np.clip((np.trace(rotation) - 1) / 2, -1, 1))
    return np.eye(3) if angle < np.deg2rad(2.0) else rotation


def _described(transform: NDArray[np.float64]) -> tuple[str, ...]:
    factor = float(np.cbrt(abs(np.linalg.det(transform[:3, :3]))))
    turn = transform[:3, :3] / factor
    out = []
    if abs(factor - 1) > 1e-9:
        out.append(f"scaled by {factor:.6g}")
    if not np.allclose(turn, np.eye(3), atol=1e-9):
        out.append(f"turned by {np.degrees(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1))):.1f} degrees")
    if np.abs(transform[:3, 3]).max() > 1e-9:
        out.append("moved to the floor and the middle")
    return tuple(out)


STAGE = Stage(
    name="normalise",
    summary="Metres, Y up, facing +Z, feet on y = 0; no scaled or empty nodes.",
    run=run,
    options=Options,
    order=30,
)
