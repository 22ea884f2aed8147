"""Compiled convolution on one thread: the sums are too small for a BLAS that starts threads for each of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.cpu.jit import as_kernel_array, njit


__all__ = ["convolve"]


def convolve(image: ArrayLike, weights: ArrayLike, bias: ArrayLike, stride: int = 1) -> NDArray[np.float32]:
    """Return the cross-correlation of an image with a bank of filters, as ``kernels.convolve.convolve``."""
    source = as_kernel_array(image, np.float32)
    kernel = as_kernel_array(weights, np.float32)
    start = as_kernel_array(bias, np.float32)
    out = np.empty((-(-source.shape[0] // stride), -(-source.shape[1] // stride), kernel.shape[3]), np.float32)
    pads = [max((out.shape[k] - 1) * stride + kernel.shape[k] - source.shape[k], 0) // 2 for k in (0, 1)]
    _convolve(source, kernel, start, stride, pads[0], pads[1], out)
    return out


@njit
def _convolve(image: Any, kernel: Any, bias: Any, stride: int, pad_x: int, pad_y: int, out: Any) -> None:
    size_x, size_y, n_in, n_out = kernel.shape
    total = np.empty(n_out, np.float32)
    for x in range(out.shape[0]):
        for y in range(out.shape[1]):
            total[:] = bias
            for i in range(size_x):
                from_x = stride * x + i - pad_x
                if from_x < 0 or from_x >= image.shape[0]:
                    continue
                for j in range(size_y):
                    from_y = stride * y + j - pad_y
                    if from_y < 0 or from_y >= image.shape[1]:
                        continue
                    for c in range(n_in):
                        value = image[from_x, from_y, c]
                        if value != 0.0:
                            for d in range(n_out):
                                total[d] += value * kernel[i, j, c, d]
            out[x, y] = total
