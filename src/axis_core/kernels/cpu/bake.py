"""Compiled rasterising of triangles in texture space, bilinear lookups and the spreading of texels into gaps."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["nearest_texels", "rasterise", "sample"]

INSIDE = -1e-9
"""Texel centres on the edge of two triangles belong to the first that is drawn."""


@njit(allocates=False)
def rasterise(uvs: Any, faces: Any, face_of: Any, shares: Any) -> None:
    """Write into ``face_of`` (H, W) the first face over each texel centre, into ``shares`` (H, W, 2) the weights of its
    first two corners."""
    height, width = face_of.shape
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ax, ay = uvs[a, 0] * width - 0.5, uvs[a, 1] * height - 0.5
        bx, by = uvs[b, 0] * width - 0.5, uvs[b, 1] * height - 0.5
        cx, cy = uvs[c, 0] * width - 0.5, uvs[c, 1] * height - 0.5
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if not abs(area) > 1e-12:
            continue
        left, right = max(0, int(np.ceil(min(ax, bx, cx)))), min(width - 1, int(np.floor(max(ax, bx, cx))))
        top, bottom = max(0, int(np.ceil(min(ay, by, cy)))), min(height - 1, int(np.floor(max(ay, by, cy))))
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                if face_of[y, x] >= 0:
                    continue
                p = ((bx - x) * (cy - y) - (cx - x) * (by - y)) / area
                q = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) / area
                if p >= INSIDE and q >= INSIDE and 1.0 - p - q >= INSIDE:
                    face_of[y, x] = f
                    shares[y, x, 0] = p
                    shares[y, x, 1] = q


@njit(allocates=False)
def _wrapped(index: Any, size: Any, repeats: Any) -> Any:
    if repeats:
        return index % size
    return min(max(index, 0), size - 1)


@njit(allocates=False)
def sample(image: Any, uvs: Any, repeats: Any, out: Any) -> None:
    """Write the bilinear values of ``image`` (H, W, C) at ``uvs`` (N, 2) into ``out`` (N, C)."""
    height, width, channels = image.shape
    for k in range(uvs.shape[0]):
        x, y = uvs[k, 0] * width - 0.5, uvs[k, 1] * height - 0.5
        if not abs(x) < 1e9 or not abs(y) < 1e9:
            x, y = 0.0, 0.0
        i, j = int(np.floor(x)), int(np.floor(y))
        s, t = x - i, y - j
        i0, i1 = _wrapped(i, width, repeats), _wrapped(i + 1, width, repeats)
        j0, j1 = _wrapped(j, height, repeats), _wrapped(j + 1, height, repeats)
        for c in range(channels):
            over = image[j0, i0, c] * (1.0 - s) + image[j0, i1, c] * s
            under = image[j1, i0, c] * (1.0 - s) + image[j1, i1, c] * s
            out[k, c] = over * (1.0 - t) + under * t


@njit(allocates=False)
def _take_nearer(owner: Any, y: Any, x: Any, from_y: Any, from_x: Any) -> None:
    width = owner.shape[1]
    other = owner[from_y, from_x]
    if other < 0:
        return
    oy, ox = other // width, other % width
    mine = owner[y, x]
    if mine >= 0:
        my, mx = mine // width, mine % width
        if (my - y) ** 2 + (mx - x) ** 2 <= (oy - y) ** 2 + (ox - x) ** 2:
            return
    owner[y, x] = other


@njit(allocates=False)
def nearest_texels(owner: Any) -> None:
    """Give every texel of ``owner`` (H, W) that is -1 the flat index of about the nearest one that is not.

    Two sweeps over the image (Danielsson 1980): exact but for rare ties far from any chart.
    """
    height, width = owner.shape
    for y in range(height):
        for x in range(width):
            if y > 0:
                _take_nearer(owner, y, x, y - 1, x)
            if x > 0:
                _take_nearer(owner, y, x, y, x - 1)
        for x in range(width - 2, -1, -1):
            _take_nearer(owner, y, x, y, x + 1)
    for y in range(height - 2, -1, -1):
        for x in range(width):
            _take_nearer(owner, y, x, y + 1, x)
            if x > 0:
                _take_nearer(owner, y, x, y, x - 1)
        for x in range(width - 2, -1, -1):
            _take_nearer(owner, y, x, y, x + 1)
