"""The few layers a small convolutional network needs to run: plain array sums, channels last."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


__all__ = ["convolve", "upsample"]

Image = NDArray[np.float32]


def convolve(image: ArrayLike, weights: ArrayLike, bias: ArrayLike, stride: int = 1) -> Image:
    """Return the 2D cross-correlation of an image with a bank of filters, padded with zeros ("same").

    Parameters
    ----------
    image : (X, Y, C) float
    weights : (K, K, C, D) float
        ``out[x, y] = sum_ij image[stride x + i - a, stride y + j - a] @ weights[i, j]``, where ``a`` is half of the
        least total padding that gives ``ceil(side / stride)`` outputs, rounded down.
    bias : (D,) float
    stride : int

    Returns
    -------
    (ceil(X / stride), ceil(Y / stride), D) float32
    """
    source, kernel = np.asarray(image, np.float32), np.asarray(weights, np.float32)
    size = kernel.shape[0]
    out_x, out_y = -(-source.shape[0] // stride), -(-source.shape[1] // stride)
    pads = []
    for side, out in ((source.shape[0], out_x), (source.shape[1], out_y)):
        total = max((out - 1) * stride + size - side, 0)
        pads.append((total // 2, total - total // 2))
    padded = np.pad(source, (*pads, (0, 0)))
    result = np.broadcast_to(np.asarray(bias, np.float32), (out_x * out_y, kernel.shape[3])).copy()
    for i in range(size):
        for j in range(size):
            window = padded[i : i + stride * (out_x - 1) + 1 : stride, j : j + stride * (out_y - 1) + 1 : stride]
            result += window.reshape(out_x * out_y, -1) @ kernel[i, j]
    return result.reshape(out_x, out_y, -1)


def upsample(image: ArrayLike) -> Image:
    """Return an image (X, Y, C) with every pixel four times: (2 X, 2 Y, C)."""
    return np.asarray(np.repeat(np.repeat(np.asarray(image, np.float32), 2, axis=0), 2, axis=1))
