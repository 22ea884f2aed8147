"""How a character should stand: which way is up, and how tall is plausible; shared by the stage and the repairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.model.recognise import recognise_humanoid
from axis_core.model.scene import Scene


__all__ = ["PLAUSIBLE_M", "main_skin", "plausible_scale", "rotation_from_bones"]

PLAUSIBLE_M = (0.25, 6.0)
"""Heights of characters that are left as they are: from a doll to a giant."""

UNITS_M = (0.01, 0.001, 0.0254, 0.3048, 100.0, 10.0, 0.1)
"""Units that files are made in by mistake: cm, mm, inch, foot, and the ways back."""

USUAL_M = {"humanoid": 1.7, "chibi": 1.2}
"""Height given to what fits no unit; one metre for everything else."""


def plausible_scale(height: float, archetype: str = "") -> float:
    """Return the factor that brings ``height`` to a plausible one: 1, a unit's factor, or a guess by archetype."""
    low, high = PLAUSIBLE_M
    if not np.isfinite(height) or height <= 0 or low <= height <= high:
        return 1.0
    usual = USUAL_M.get(archetype, 1.0)
    fits = [u for u in UNITS_M if 0.5 * usual <= height * u <= 2.0 * usual]
    return fits[0] if fits else usual / height


def main_skin(scene: Scene) -> int | None:
    """Return the index of the skin that moves most vertices, or None."""
    used = [0] * len(scene.skins)
    for node in scene.nodes:
        if node.skin is not None:
            used[node.skin] += sum(scene.meshes[m].n_vertices for m in node.meshes if scene.meshes[m].is_skinned)
    return int(np.argmax(used)) if any(used) else None


def rotation_from_bones(scene: Scene, skin: int) -> NDArray[np.float64]:
    """Return the quarter turns (3, 3) that stand a humanoid rig upright, facing +Z; the identity for other rigs.

    Only quarter turns: a pose that leans is a pose, not an axis convention.
    """
    skeleton = scene.skeleton(skin)
    bones = recognise_humanoid(skeleton)
    at = {bone: skeleton.positions[i] for bone, i in bones.items()}
    pairs = [("leftUpperLeg", "rightUpperLeg"), ("leftUpperArm", "rightUpperArm")]
    sides = [at[a] - at[b] for a, b in pairs if a in at and b in at]
    if "hips" not in at or "head" not in at or not sides:
        return np.eye(3)
    up = at["head"] - at["hips"]
    left = np.sum(sides, axis=0)
    rough = np.stack([left, up, np.cross(left, up)])
    if np.linalg.norm(left) < 1e-9 or np.linalg.norm(up) < 1e-9:
        return np.eye(3)
    return _quarter_turn(rough / np.linalg.norm(rough, axis=1, keepdims=True))


def _quarter_turn(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    out = np.zeros((3, 3))
    for row in (1, 0):
        column = int(np.argmax(np.abs(axes[row]) * (1 - np.abs(out).sum(axis=0))))
        out[row, column] = np.sign(axes[row, column])
    out[2] = np.cross(out[0], out[1])
    return out
