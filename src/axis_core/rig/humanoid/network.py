"""The network behind the joint detectors: an hourglass of two scales with residual blocks.

Reads depth maps, gives a heat map and a map of depth offsets for each joint, and a few log-odds about the whole
picture.
The mean of a heat map is a joint's place: differentiable in training, finer than a pixel in use.

References
----------
Newell, A., Yang, K., Deng, J. "Stacked hourglass networks for human pose estimation", ECCV 2016,
10.1007/978-3-319-46484-8_29.
Sun, X. et al. "Integral human pose regression", ECCV 2018, 10.1007/978-3-030-01231-1_33.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.convolve import convolve, upsample


__all__ = ["Canvas", "Reading", "load_weights", "middle_depth", "read_joints"]

Array = NDArray[np.float32]
Weights = Mapping[str, Array]

_SHARPNESS = 4.0  # factor on the logits of the heat maps
_DEPTH_UNIT = 0.1


@attrs.frozen
class Canvas:
    """Where the pixels of a picture are: (x, y) of the first centre, side of a pixel, even numbers of pixels."""

    corner: tuple[float, float]
    pixel: float
    shape: tuple[int, int]

    def coordinates(self) -> tuple[Array, Array]:
        """Return x and y of every pixel, both (X, Y) float32."""
        x = np.float32(self.corner[0]) + np.float32(self.pixel) * np.arange(self.shape[0], dtype=np.float32)
        y = np.float32(self.corner[1]) + np.float32(self.pixel) * np.arange(self.shape[1], dtype=np.float32)
        across, up = np.meshgrid(x, y, indexing="ij")
        return across, up

    def halved(self) -> NDArray[np.float64]:
        """Return the centres (X Y / 4, 2) of the pixels at half resolution."""
        x = self.corner[0] + self.pixel * (np.arange(0, self.shape[0], 2) + 0.5)
        y = self.corner[1] + self.pixel * (np.arange(0, self.shape[1], 2) + 0.5)
        return np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)


@attrs.frozen
class Reading:
    """What a network saw: joints (J, 3), root mean square size (J,) of their heat maps, log-odds (K,)."""

    joints: NDArray[np.float64]
    spread: NDArray[np.float64]
    odds: NDArray[np.float64]


@lru_cache(maxsize=4)
def load_weights(name: str) -> Weights:
    """Return the weights stored beside this module under ``name``, as float32."""
    with resources.files(__package__).joinpath(f"{name}.npz").open("rb") as handle:
        stored = np.load(handle)
        return {key: stored[key].astype(np.float32) for key in stored.files}


def middle_depth(mask: Array, mid: Array, mean: float) -> Array:
    """Return the mean depth of the covered pixels at half resolution; ``mean`` where there are none."""
    blocks = mask.reshape(mask.shape[0] // 2, 2, mask.shape[1] // 2, 2)
    weight = blocks.sum(axis=(1, 3))
    pooled = (mid.reshape(blocks.shape) * blocks).sum(axis=(1, 3)) / np.maximum(weight, 1e-6)
    return np.where(weight > 0, pooled, np.float32(mean)).astype(np.float32)


def read_joints(weights: Weights, picture: Array, middle: Array, canvas: Canvas) -> Reading:
    """Return what the network reads in a picture.

    Parameters
    ----------
    weights : as from ``load_weights``
    picture : (X, Y, C) float32
    middle : (X / 2, Y / 2) float32
        Depth that the network's offsets are added to.
    canvas : Canvas
    """
    maps, odds = _forward(weights, picture)
    n = maps.shape[-1] // 2
    logits = maps[..., :n].reshape(-1, n) * np.float32(_SHARPNESS)
    heat = np.exp(logits - logits.max(axis=0)).astype(np.float64)
    heat /= heat.sum(axis=0)
    grid = canvas.halved()
    flat = heat.T @ grid
    depth = (heat * (maps[..., n:].reshape(-1, n) * _DEPTH_UNIT + middle.reshape(-1, 1))).sum(axis=0)
    variance = heat.T @ (grid**2).sum(axis=1) - (flat**2).sum(axis=1)
    return Reading(np.concatenate([flat, depth[:, None]], axis=1), np.sqrt(np.maximum(variance, 0.0)), odds)


def _forward(w: Weights, picture: Array) -> tuple[Array, NDArray[np.float64]]:
    def layer(name: str, image: Array, stride: int = 1) -> Array:
        return convolve(image, w[name + "_w"], w[name + "_b"], stride)

    def block(name: str, image: Array) -> Array:
        return _relu(image + layer(name + "2", _relu(layer(name + "1", image))))

    middle = block("r2a", _relu(layer("c1", picture, 4)))
    coarse = block("r3b", block("r3a", _relu(layer("c3", middle, 2))))
    whole = layer("g2", _relu(layer("g1", coarse.mean(axis=(0, 1), keepdims=True))))
    coarse = block("r3c", _relu(coarse + whole))
    odds = layer("f", coarse.mean(axis=(0, 1), keepdims=True))[0, 0].astype(np.float64)
    middle = block("r4", _relu(middle + upsample(layer("u2", coarse))))
    return _interleaved(layer("o", middle)), odds


def _interleaved(image: Array) -> Array:
    """Spread four groups of channels over four pixels: (X, Y, 4 C) to (2 X, 2 Y, C)."""
    x, y, c = image.shape
    return image.reshape(x, y, 2, 2, c // 4).transpose(0, 2, 1, 3, 4).reshape(2 * x, 2 * y, c // 4)


def _relu(image: Array) -> Array:
    return np.maximum(image, np.float32(0.0))
