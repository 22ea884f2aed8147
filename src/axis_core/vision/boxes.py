"""Single-shot detectors of the pack: anchors, scores, and boxes with key points.

References
----------
V. Bazarevsky et al., *BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs*, 2019, arXiv:1907.05047.
"""

from __future__ import annotations

from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.vision.crop import Square, whole_picture
from axis_core.vision.runner import run_network


__all__ = ["Found", "find_faces", "find_people"]

Floats = NDArray[np.float64]

_NEAR = 0.3
"""Overlap (intersection over union) from which on two boxes are the same thing."""


@attrs.frozen(eq=False)
class Found:
    """Something a detector saw.

    Attributes
    ----------
    score : float, 0..1
    box : (x, y, width, height) in pixels
    points : (n, 2), pixels
        Of a face: right eye, left eye, nose, mouth, right ear, left ear (the person's own sides). Of a person: middle
        of the hips, a point that tells size and direction, and the same two of the upper body.
    """

    score: float
    box: tuple[float, float, float, float]
    points: Floats


def find_faces(pixels: NDArray[np.float32], least: float = 0.5, within: Square | None = None) -> tuple[Found, ...]:
    """Return the faces in a picture (H, W, 3), 0..1, best first; ``within`` looks at a part of it more closely."""
    square = within or whole_picture((pixels.shape[1], pixels.shape[0]))
    image = square.cut(pixels, 128) * 2.0 - 1.0
    boxes, scores = run_network("face_detection_short_range", image)
    return _detected(boxes, scores, _anchors(128, (8, 16, 16, 16)), 128, square, least)


def find_people(pixels: NDArray[np.float32], least: float = 0.5) -> tuple[Found, ...]:
    """Return the people in a picture (H, W, 3), 0..1, best first."""
    square = whole_picture((pixels.shape[1], pixels.shape[0]))
    image = square.cut(pixels, 224) * 2.0 - 1.0
    boxes, scores = run_network("pose_detection", image)
    return _detected(boxes, scores, _anchors(224, (8, 16, 32, 32, 32)), 224, square, least)


@lru_cache(maxsize=4)
def _anchors(side: int, strides: tuple[int, ...]) -> Floats:
    """Return the centres (n, 2), 0..1, of the cells: two a stride that is listed, strides that repeat side by side."""
    out = []
    for stride in dict.fromkeys(strides):
        cells = side // stride
        middle = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(middle, middle)
        cell = np.stack([x.ravel(), y.ravel()], axis=1)
        out.append(np.repeat(cell, 2 * strides.count(stride), axis=0))
    return np.concatenate(out)


def _detected(
    values: NDArray[np.float32],
    scores: NDArray[np.float32],
    anchors: Floats,
    side: int,
    square: Square,
    least: float,
) -> tuple[Found, ...]:
    chance = 1.0 / (1.0 + np.exp(-np.clip(np.asarray(scores, np.float64).ravel(), -80.0, 80.0)))
    chosen = np.flatnonzero(chance >= least)
    chosen = chosen[np.argsort(-chance[chosen], kind="stable")]
    rows = np.asarray(values, np.float64)[chosen] / side
    rows[:, :2] += anchors[chosen]
    rows[:, 4:] += np.tile(anchors[chosen], rows.shape[1] // 2 - 2)
    out: list[Found] = []
    left = np.ones(len(rows), bool)
    for k in range(len(rows)):
        if not left[k]:
            continue
        same = left & (_overlaps(rows[k], rows) > _NEAR)
        same[k] = True
        mean = np.average(rows[same], axis=0, weights=chance[chosen][same])
        left &= ~same
        corner = square.to_picture(np.array([mean[:2] - mean[2:4] / 2.0]))[0]
        extent = mean[2:4] * square.side
        box = (float(corner[0]), float(corner[1]), float(extent[0]), float(extent[1]))
        out.append(Found(float(chance[chosen][k]), box, square.to_picture(mean[4:].reshape(-1, 2))))
    return tuple(out)


def _overlaps(one: Floats, others: Floats) -> Floats:
    low = np.maximum(one[:2] - one[2:4] / 2, others[:, :2] - others[:, 2:4] / 2)
    high = np.minimum(one[:2] + one[2:4] / 2, others[:, :2] + others[:, 2:4] / 2)
    shared = np.clip(high - low, 0.0, None).prod(axis=1)
    return np.asarray(shared / np.maximum(one[2] * one[3] + others[:, 2] * others[:, 3] - shared, 1e-12))
