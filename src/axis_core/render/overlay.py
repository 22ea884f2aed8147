"""Skeletons drawn over a finished picture: always on top, smooth at any size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.render.camera import Camera
from axis_core.render.surfaces import Drawing


__all__ = ["draw_skeleton"]

_SMOOTHING = 3
_BONE, _EDGE, _JOINT = (255, 176, 32, 235), (40, 24, 0, 235), (255, 255, 255, 255)


def draw_skeleton(image: NDArray[np.uint8], drawing: Drawing, camera: Camera) -> NDArray[np.uint8]:
    """Return the (H, W, 4) image with the bones of ``drawing`` over it: wide at the joint, narrow at its child."""
    from PIL import Image, ImageDraw

    height, width = image.shape[:2]
    if not len(drawing.joints):
        return image
    layer = Image.new("RGBA", (width * _SMOOTHING, height * _SMOOTHING), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    at = _SMOOTHING * camera.project(np.nan_to_num(drawing.joints), (width, height))
    unit = _SMOOTHING * max(height / 400, 1.0)
    for start, end in drawing.bones:
        corners = _kite(at[start], at[end], 2.4 * unit)
        pen.polygon([tuple(c) for c in corners], fill=_BONE, outline=_EDGE)
    for x, y in at:
        r = 1.5 * unit
        pen.ellipse((x - r, y - r, x + r, y + r), fill=_JOINT, outline=_EDGE)
    shown = layer.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(Image.alpha_composite(Image.fromarray(image), shown), np.uint8)


def _kite(start: NDArray[np.float64], end: NDArray[np.float64], half_width: float) -> NDArray[np.float64]:
    along = end - start
    length = max(float(np.hypot(*along)), 1e-9)
    across = np.array([-along[1], along[0]]) / length * min(half_width, length / 4)
    wide = start + 0.15 * along
    return np.stack([start, wide + across, end, wide - across])
