"""Skinning: vertices moved by their joints, by linear blend or by dual quaternions.

Linear blend is what glTF and every engine do; dual quaternions keep the volume of twisted joints. Arrays are float32 as
in the files: skinning is bound by memory, and the error is below 1e-6 of the size.

References
----------
Kavan, Collins, Žára, O'Sullivan, *Geometric Skinning with Approximate Dual Quaternion Blending*, 2008,
doi:10.1145/1409625.1409627.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.backend import array_namespace
from axis_core.kernels.plain import deform as plain


__all__ = ["Deformed", "dual_quaternion", "linear_blend"]

Deformed = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Positions and normals; the normals are (0, 3) where none were given."""


def linear_blend(
    positions: ArrayLike,
    indices: ArrayLike,
    weights: ArrayLike,
    matrices: ArrayLike,
    *,
    normals: ArrayLike | None = None,
) -> Deformed:
    """Return positions (and normals) moved by the weighted sum of their joints' matrices.

    Parameters
    ----------
    positions : (V, 3) float, metres
    indices : (V, K) int
        Rows of ``matrices``.
    weights : (V, K) float
        Rows sum to 1. A vertex without weight goes to the origin, as in every viewer.
    matrices : (J, 4, 4) float
        Of each joint: its pose times its inverse bind matrix. Column vectors; the last row is not read.
    normals : (V, 3) float, optional
        Turned by the inverse transposes and normalised; one that vanishes comes back as zero.

    Returns
    -------
    (V, 3) float32, (V, 3) or (0, 3) float32

    Raises
    ------
    InputError
        ``invalid_request`` if a shape is wrong or an index names no matrix.

    Examples
    --------
    >>> shift = np.eye(4); shift[0, 3] = 2.0
    >>> linear_blend([[0, 0, 0]], [[0, 1]], [[0.5, 0.5]], [np.eye(4), shift])[0].tolist()
    [[1.0, 0.0, 0.0]]
    """
    from axis_core.kernels.cpu.deform import blend_linear
    from axis_core.kernels.cpu.ranges import run_ranges

    xp = array_namespace(positions, indices, weights, matrices, normals)
    if xp is not None:
        return _linear_elsewhere(xp, positions, indices, weights, matrices, normals)
    points, index, weight, matrix, normal = _inputs(positions, indices, weights, matrices, normals)
    moved, turned = np.empty_like(points), np.empty_like(normal)
    turns = _inverse_transposes(matrix[:, :3, :3]).astype(np.float32)
    frames = np.ascontiguousarray(matrix[:, :3], np.float32)
    args = (points, index, weight, frames, turns, normal, moved, turned)
    run_ranges(lambda a, b: blend_linear(*args, a, b), len(points), least=50_000)
    return moved, turned


def dual_quaternion(
    positions: ArrayLike,
    indices: ArrayLike,
    weights: ArrayLike,
    matrices: ArrayLike,
    *,
    normals: ArrayLike | None = None,
) -> Deformed:
    """Return positions (and normals) moved by the blended dual quaternions of their joints.

    Scale and shear of the matrices are blended linearly first, as the paper's two-phase skinning does; what is left is
    rigid. Parameters, result and errors are those of ``linear_blend``; with one joint a vertex both give the same.
    """
    from axis_core.kernels.cpu.deform import blend_quaternions
    from axis_core.kernels.cpu.ranges import run_ranges

    xp = array_namespace(positions, indices, weights, matrices, normals)
    if xp is not None:
        return _dual_elsewhere(xp, positions, indices, weights, matrices, normals)
    points, index, weight, matrix, normal = _inputs(positions, indices, weights, matrices, normals)
    rotation, stretch = _polar(matrix[:, :3, :3])
    if np.abs(stretch - np.eye(3)).max(initial=0.0) > 1e-6:
        scale = np.tile(np.eye(4), (len(matrix), 1, 1))
        scale[:, :3, :3] = stretch
        points, turned = linear_blend(points, index, weight, scale, normals=normal if len(normal) else None)
        normal = turned
    duals = _dual_quaternions(rotation, matrix[:, :3, 3])
    moved, turned = np.empty_like(points), np.empty_like(normal)
    args = (points, index, weight, duals, normal, moved, turned)
    run_ranges(lambda a, b: blend_quaternions(*args, a, b), len(points), least=50_000)
    return moved, turned


def _inputs(positions: Any, indices: Any, weights: Any, matrices: Any, normals: Any) -> tuple[NDArray[Any], ...]:
    from axis_core.kernels.cpu.jit import as_kernel_array

    points = as_kernel_array(np.reshape(positions, (-1, 3)), np.float32)
    matrix = np.asarray(matrices, np.float64)
    wide = np.asarray(indices)
    index = as_kernel_array(wide, np.uint16)
    weight = as_kernel_array(weights, np.float32)
    normal = as_kernel_array(np.zeros((0, 3)) if normals is None else np.reshape(normals, (-1, 3)), np.float32)
    _check_shapes(points, index, weight, matrix, None if normals is None else normal)
    if wide.size and (wide.min() < 0 or wide.max() >= len(matrix)):
        raise InputError(f"an index names joint {int(wide.max())}, there are {len(matrix)}", pointer="/indices")
    return points, index, weight, matrix, normal


def _linear_elsewhere(
    xp: Any, positions: Any, indices: Any, weights: Any, matrices: Any, normals: Any
) -> tuple[Any, Any]:
    points, index, weight, matrix, normal = _foreign(xp, positions, indices, weights, matrices, normals)
    turns = xp.asarray(_inverse_transposes(matrix[:, :3, :3]).astype(np.float32))
    return plain.blend_linear(xp, points, index, weight, xp.asarray(matrix[:, :3].astype(np.float32)), turns, normal)


def _dual_elsewhere(
    xp: Any, positions: Any, indices: Any, weights: Any, matrices: Any, normals: Any
) -> tuple[Any, Any]:
    points, index, weight, matrix, normal = _foreign(xp, positions, indices, weights, matrices, normals)
    rotation, stretch = _polar(matrix[:, :3, :3])
    if np.abs(stretch - np.eye(3)).max(initial=0.0) > 1e-6:
        scale = np.zeros((len(matrix), 3, 4), np.float32)
        scale[:, :, :3] = stretch
        turns = xp.asarray(_inverse_transposes(stretch).astype(np.float32))
        points, normal = plain.blend_linear(xp, points, index, weight, xp.asarray(scale), turns, normal)
    duals = xp.asarray(_dual_quaternions(rotation, matrix[:, :3, 3]))
    return plain.blend_quaternions(xp, points, index, weight, duals, normal)


def _foreign(xp: Any, positions: Any, indices: Any, weights: Any, matrices: Any, normals: Any) -> tuple[Any, ...]:
    """Return arrays of ``xp``; the matrices, a few dozen, come to NumPy."""
    points = xp.astype(xp.asarray(positions), xp.float32)
    index = xp.astype(xp.asarray(indices), xp.int64)
    weight = xp.astype(xp.asarray(weights), xp.float32)
    matrix = _on_host(matrices)
    normal = xp.zeros((0, 3), dtype=xp.float32) if normals is None else xp.astype(xp.asarray(normals), xp.float32)
    _check_shapes(points, index, weight, matrix, normal if normals is not None else None)
    if index.shape[0] and (int(xp.min(index)) < 0 or int(xp.max(index)) >= len(matrix)):
        raise InputError(f"an index names joint {int(xp.max(index))}, there are {len(matrix)}", pointer="/indices")
    return points, index, weight, matrix, normal


def _on_host(array: Any) -> NDArray[np.float64]:
    if hasattr(array, "get"):  # cupy copies to the host only when asked
        array = array.get()
    return np.asarray(array if not hasattr(array, "__dlpack__") else np.from_dlpack(array), np.float64)


def _check_shapes(points: Any, index: Any, weight: Any, matrix: Any, normal: Any) -> None:
    if matrix.ndim != 3 or matrix.shape[1:] != (4, 4):
        raise InputError(f"matrices have shape {matrix.shape}, expected (J, 4, 4)", pointer="/matrices")
    if index.ndim != 2 or index.shape != weight.shape or index.shape[0] != points.shape[0]:
        seen = f"indices {index.shape} and weights {weight.shape} for {points.shape[0]} positions"
        raise InputError(f"{seen}, expected (V, K) both", pointer="/weights")
    if normal is not None and normal.shape != points.shape:
        raise InputError(f"normals {normal.shape} for positions {points.shape}", pointer="/normals")


def _inverse_transposes(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse transposes (J, 3, 3) without uniform scale: from cofactors, so singular ones have one too."""
    a, b, c = linear[:, 0], linear[:, 1], linear[:, 2]
    out = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], axis=1)
    volume = np.einsum("jk,jk->j", a, out[:, 0])
    largest = np.abs(out).max((1, 2), initial=0.0)
    size = np.maximum(np.abs(volume) ** (2.0 / 3.0), 1e-3 * largest)
    # the sign keeps normals outward under a mirror
    sign = np.where(volume < 0.0, -1.0, 1.0)
    scaled: NDArray[np.float64] = out * (sign / np.maximum(size, 1e-300))[:, None, None]
    return scaled


def _polar(linear: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return rotations R and stretches S with R S = the matrices; a mirror is left to S."""
    u, sigma, vt = np.linalg.svd(linear)
    flip = np.where(np.linalg.det(u @ vt) < 0.0, -1.0, 1.0)
    sign = np.ones_like(sigma)
    sign[:, 2] = flip
    rotation = (u * sign[:, None, :]) @ vt
    return rotation, rotation.transpose(0, 2, 1) @ linear


def _dual_quaternions(rotation: NDArray[np.float64], shift: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return (J, 8) unit dual quaternions (w, x, y, z and dual part) of rigid motions."""
    from scipy.spatial.transform import Rotation

    q = Rotation.from_matrix(rotation).as_quat()[:, [3, 0, 1, 2]] if len(rotation) else np.zeros((0, 4))
    w, v = q[:, :1], q[:, 1:]
    dual = np.concatenate([-(shift * v).sum(1, keepdims=True), w * shift + np.cross(shift, v)], axis=1) / 2.0
    return np.concatenate([q, dual], axis=1).astype(np.float32)
