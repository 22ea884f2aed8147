"""Normals of vertices."""

from __future__ import annotations

from typing import Any

from axis_core.kernels.plain.segments import segment_sums


__all__ = ["vertex_normals"]


def _unit(xp: Any, vectors: Any) -> Any:
    length = xp.linalg.vector_norm(vectors, axis=-1, keepdims=True)
    usable = (length > 0) & xp.isfinite(length)
    one = xp.ones_like(length)
    return xp.where(usable, vectors / xp.where(usable, length, one), xp.zeros_like(vectors))


def vertex_normals(xp: Any, positions: Any, faces: Any, weighting: str) -> Any:
    """Return unit normals (V, 3) float64; see ``kernels.normals.vertex_normals``."""
    points = xp.astype(positions, xp.float64)
    corners = xp.astype(faces, xp.int64)
    p = [xp.take(points, corners[:, k], axis=0) for k in range(3)]
    area_vectors = xp.linalg.cross(p[1] - p[0], p[2] - p[0])
    finite = xp.all(xp.isfinite(area_vectors), axis=-1, keepdims=True)
    area_vectors = xp.where(finite, area_vectors, xp.zeros_like(area_vectors))
    shares = []
    for k in range(3):
        if weighting == "area":
            shares.append(area_vectors)
            continue
        u, v = _unit(xp, p[(k + 1) % 3] - p[k]), _unit(xp, p[(k + 2) % 3] - p[k])
        across = xp.linalg.vector_norm(xp.linalg.cross(u, v), axis=-1)
        angle = xp.atan2(across, xp.sum(u * v, axis=-1))
        angle = xp.where(xp.isfinite(angle), angle, xp.zeros_like(angle))
        shares.append(_unit(xp, area_vectors) * angle[:, None])
    labels = xp.concat([corners[:, k] for k in range(3)])
    return _unit(xp, segment_sums(xp, xp.concat(shares), labels, int(points.shape[0])))
