"""Where the joints of a humanoid probably are, seen from the front and the back.

A small network (``humanoid.network``) looks at orthographic depth maps. It was trained on bodies made from
public-domain
parametric shape data only: of any age, sex and build, stretched to toon and chibi proportions or replaced by boxes and
tubes, dressed, with hair, hats and props, in T, A, I and casual poses. What it says is a first guess: limbs, symmetry
and cross-sections correct it (``humanoid.refine``).
"""

from __future__ import annotations

import weakref

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.depth_map import depth_maps
from axis_core.model.figure import Figure
from axis_core.rig.humanoid.hierarchy import mirror_name
from axis_core.rig.humanoid.network import Array, Canvas, Reading, load_weights, middle_depth, read_joints


__all__ = ["JOINT_NAMES", "Detection", "detect_joints", "detection"]

_SIDE = ("Shoulder", "UpperArm", "LowerArm", "Hand", "MiddleProximal", "UpperLeg", "LowerLeg", "Foot", "Toes")
JOINT_NAMES: tuple[str, ...] = (
    "hips", "spine", "chest", "upperChest", "neck", "head",
    *("left" + part for part in _SIDE), *("right" + part for part in _SIDE),
)  # fmt: skip
"""Joints the network knows, in its order."""

_CANVAS = Canvas((-103.0 / 160.0, -3.5 / 80.0), 1.0 / 80.0, (104, 88))


@attrs.frozen
class Detection:
    """What the network saw.

    joints : name -> (3,) float64, canonical space.
    spread : name -> root mean square size of the heat map: large where it was unsure.
    facing : log-odds that the figure faces +Z.
    """

    joints: dict[str, NDArray[np.float64]]
    spread: dict[str, float]
    facing: float


_last: list[tuple[weakref.ref[Figure], Detection]] = []


def detection(figure: Figure) -> Detection:
    """Return what the detector sees in a figure; the last two are remembered, for several ask about them in turn."""
    for known, seen in tuple(_last):
        if known() is figure:
            return seen
    seen = detect_joints(figure.positions, figure.faces[figure.kept[figure.faces].all(axis=1)])
    _last[:] = [(weakref.ref(figure), seen), *_last[:1]]
    return seen


def detect_joints(positions: NDArray[np.float64], faces: NDArray[np.int64]) -> Detection:
    """Return the joints of a humanoid in canonical space, the mean over the figure and its mirror image.

    Parameters
    ----------
    positions : (V, 3) float64
        Canonical space: height 1, feet at 0, the mirror plane near x = 0.
    faces : (F, 3) int64
    """
    front, back, layers = depth_maps(positions, faces, _CANVAS.corner, _CANVAS.pixel, _CANVAS.shape)
    seen = _read(front, back, layers)
    mirrored = _read(front[::-1], back[::-1], layers[::-1])
    swap = [JOINT_NAMES.index(mirror_name(name)) for name in JOINT_NAMES]
    joints = (seen.joints + mirrored.joints[swap] * np.array([-1.0, 1.0, 1.0])) / 2.0
    spread = (seen.spread + mirrored.spread[swap]) / 2.0
    return Detection(
        dict(zip(JOINT_NAMES, joints)),
        dict(zip(JOINT_NAMES, spread.tolist())),
        float(seen.odds[0] + mirrored.odds[0]) / 2.0,
    )


def _read(front: Array, back: Array, layers: Array) -> Reading:
    mask = (layers > 0).astype(np.float32)
    near, far = np.nan_to_num(front, nan=0.0), np.nan_to_num(back, nan=0.0)
    mid = (near + far) / 2.0
    count = max(float(mask.sum()), 1e-6)
    mean = float((mid * mask).sum()) / count
    f, b = (near - mean) * mask, (far - mean) * mask
    x, y = _CANVAS.coordinates()
    low = float((y * mask).sum()) / count
    channels = (mask, 4 * f, 4 * b, 4 * (f - b), layers / 6, 2 * x, 2 * np.abs(x), 2 * (y - 0.5), 4 * (y - low) * mask)
    picture = np.stack(channels, axis=-1).astype(np.float32)
    return read_joints(load_weights("joint_detector"), picture, middle_depth(mask, mid, mean), _CANVAS)
