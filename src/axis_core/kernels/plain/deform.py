"""Linear blend and dual quaternion skinning of positions and normals, float32.

What belongs to joints (a few dozen 3 x 3 matrices) is prepared by the kernel above on NumPy; what belongs to vertices
stays where the vertices are.
"""

from __future__ import annotations

from typing import Any


__all__ = ["blend_linear", "blend_quaternions"]


def _unit(xp: Any, vectors: Any) -> Any:
    length = xp.linalg.vector_norm(vectors, axis=-1, keepdims=True)
    return xp.where(length > 0, vectors / xp.where(length > 0, length, xp.ones_like(length)), xp.zeros_like(vectors))


def _summed(xp: Any, table: Any, indices: Any, weights: Any) -> Any:
    """Return the weighted sums (V, C) of rows of ``table`` (J, C)."""
    out = xp.zeros((indices.shape[0], table.shape[1]), dtype=table.dtype)
    for k in range(indices.shape[1]):
        out = out + weights[:, k : k + 1] * xp.take(table, indices[:, k], axis=0)
    return out


def blend_linear(
    xp: Any, positions: Any, indices: Any, weights: Any, frames: Any, turns: Any, normals: Any
) -> tuple[Any, Any]:
    """Return moved positions and normals; ``frames`` (J, 3, 4), ``turns`` (J, 3, 3)."""
    n = int(positions.shape[0])
    joints = int(frames.shape[0])
    frame = xp.reshape(_summed(xp, xp.reshape(frames, (joints, 12)), indices, weights), (n, 3, 4))
    moved = xp.sum(frame[:, :, :3] * positions[:, None, :], axis=2) + frame[:, :, 3]
    if normals.shape[0] == 0:
        return moved, normals
    turn = xp.reshape(_summed(xp, xp.reshape(turns, (joints, 9)), indices, weights), (n, 3, 3))
    return moved, _unit(xp, xp.sum(turn * normals[:, None, :], axis=2))


def _rotated(xp: Any, scalar: Any, vector: Any, points: Any) -> Any:
    twice = 2.0 * xp.linalg.cross(vector, points)
    return points + scalar * twice + xp.linalg.cross(vector, twice)


def blend_quaternions(xp: Any, positions: Any, indices: Any, weights: Any, duals: Any, normals: Any) -> tuple[Any, Any]:
    """Return moved positions and normals; ``duals`` (J, 8) unit dual quaternions (w, x, y, z and dual part)."""
    first = xp.argmax(xp.astype(weights != 0, xp.int64), axis=1)
    pivot = xp.take_along_axis(indices, first[:, None], axis=1)[:, 0]
    lead = xp.take(duals, pivot, axis=0)[:, :4]
    out = xp.zeros((indices.shape[0], 8), dtype=duals.dtype)
    for k in range(indices.shape[1]):
        dual = xp.take(duals, indices[:, k], axis=0)
        against = xp.sum(dual[:, :4] * lead, axis=1) < 0  # the shorter way round
        amount = xp.where(against, -weights[:, k], weights[:, k])
        out = out + amount[:, None] * dual
    length = xp.linalg.vector_norm(out[:, :4], axis=1, keepdims=True)
    alive = length > 0
    still = xp.concat([xp.ones_like(length), xp.zeros((indices.shape[0], 7), dtype=duals.dtype)], axis=1)
    out = xp.where(alive, out / xp.where(alive, length, xp.ones_like(length)), still)  # without weight: stays
    scalar, vector, dual_scalar, dual_vector = out[:, :1], out[:, 1:4], out[:, 4:5], out[:, 5:]
    shift = 2.0 * (scalar * dual_vector - dual_scalar * vector + xp.linalg.cross(vector, dual_vector))
    moved = _rotated(xp, scalar, vector, positions) + shift
    if normals.shape[0] == 0:
        return moved, normals
    return moved, _unit(xp, _rotated(xp, scalar, vector, normals))
