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
    from axis_core.kernels.cpu import convolve as cpu

    return cpu.convolve(image, weights, bias, stride)


def upsample(image: ArrayLike) -> Image:
    """Return an image (X, Y, C) with every pixel four times: (2 X, 2 Y, C)."""
    return np.asarray(np.repeat(np.repeat(np.asarray(image, np.float32), 2, axis=0), 2, axis=1))
