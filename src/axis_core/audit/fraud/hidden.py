"""How much of a surface can never be seen: shrunk to nothing, far off, or shut in by another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from axis_core.audit.fraud.indicator import Indicator
from axis_core.kernels.bvh import build_bvh
from axis_core.kernels.occlusion import hemisphere_directions
from axis_core.kernels.rays import are_occluded
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup


__all__ = ["hidden_indicators", "shut_in_share"]

FAR = 20.0
"""Times the median distance from the middle: nothing of one body is that far off."""

HIDDEN_SHARE = 0.5
"""Clothes over a whole body hide up to about a third of the triangles; half is more than wardrobes explain."""

TINY = 1e-4
"""A mesh whose extent is this share of the whole's is a point."""

SAMPLES, RAYS = 2000, 24


def hidden_indicators(scene: Scene) -> Iterator[Indicator]:
    """Yield ``hidden_geometry`` indicators."""
    soup = scene_soup(scene)
    finite = np.asarray(np.isfinite(soup.positions).all(axis=1))
    faces = soup.faces[finite[soup.faces.astype(np.int64)].all(axis=1)].astype(np.int64)
    if len(faces) < 8:
        return
    centres = soup.positions[faces].mean(axis=1)
    far = _far_share(centres)
    if far > 0.02:
        yield Indicator(id="hidden_geometry", score=0.5, detail=f"{far:.0%} of the triangles are far off")
    points = _points_share(scene)
    if points > 0.05:
        yield Indicator(id="hidden_geometry", score=0.6, detail=f"{points:.0%} of the triangles are shrunk to a point")
    share = shut_in_share(soup.positions, faces)
    if share > HIDDEN_SHARE:
        score = 0.4 + 0.4 * (share - HIDDEN_SHARE) / (1.0 - HIDDEN_SHARE)
        yield Indicator(id="hidden_geometry", score=round(score, 3), detail=f"{share:.0%} of the triangles are shut in")


def _far_share(centres: NDArray[np.float64]) -> float:
    middle = np.median(centres, axis=0)
    distances = np.linalg.norm(centres - middle, axis=1)
    usual = float(np.median(distances))
    return float((distances > FAR * usual).mean()) if usual > 0 else 0.0


def _points_share(scene: Scene) -> float:
    """Share of the triangles in placed meshes that are scaled down to nothing."""
    soup = scene_soup(scene)
    low, high = soup.bounds
    size = float((high - low).max())
    tiny = total = 0
    for k, (_, m) in enumerate(soup.instances):
        rows = soup.positions[soup.starts[k] : soup.starts[k + 1]]
        n = scene.meshes[m].n_triangles
        total += n
        if n and np.isfinite(rows).all() and float(np.ptp(rows, axis=0).max(initial=0.0)) < TINY * size:
            tiny += n
    return tiny / total if total else 0.0


def shut_in_share(positions: NDArray[np.float64], faces: NDArray[np.int64], *, seed: int = 0) -> float:
    """Return the share of triangles from whose front and back no ray leaves, estimated by a sample of them.

    Parameters
    ----------
    positions : (V, 3) float64
    faces : (F, 3) int64
    """
    rng = np.random.default_rng(seed)
    chosen = faces if len(faces) <= SAMPLES else faces[rng.choice(len(faces), SAMPLES, replace=False)]
    corners = positions[chosen]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1)
    corners, normals = corners[lengths > 0], normals[lengths > 0] / lengths[lengths > 0, None]
    if not len(corners):
        return 0.0
    size = float(np.ptp(positions[faces.ravel()], axis=0).max())
    away = _sphere_directions()
    tree = build_bvh(positions, faces)
    seen = np.zeros(len(corners), bool)
    centres = corners.mean(axis=1)
    for direction in away:
        left = ~seen
        if not left.any():
            break
        side = np.sign(normals[left] @ direction)[:, None] * normals[left]
        hidden = are_occluded(tree, centres[left] + 1e-5 * size * side, np.tile(direction, (int(left.sum()), 1)))
        seen[np.flatnonzero(left)[~hidden]] = True
    return float((~seen).mean())


def _sphere_directions() -> NDArray[np.float64]:
    half = hemisphere_directions(RAYS)
    return np.concatenate([half, -half])
