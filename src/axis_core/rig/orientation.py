"""Which way is up, and which way it faces: a rotation for any mesh, that leaves an upright one alone.

The mirror plane gives the lateral axis. Up is voted by legs (two or more clusters beside the plane at one end, a
head on
the plane at the other), by how the thing would stand, and by a prior for the ways files are made: Y up, then Z up.
Facing is voted by the
feet, which stick out in front of the shins, and by the head; without evidence the input's own facing stays.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.kernels.symmetry import mirror_planes, mirror_residual
from axis_core.model.figure import Figure
from axis_core.rig.turning import MIRRORED, prefers


__all__ = ["FACING_PRIOR", "Orientation", "facing_evidence", "orient", "orientations", "standing"]

Vector = NDArray[np.float64]

_UP_PRIOR = {(1, 1): 0.8, (2, 1): 0.35, (2, -1): -0.1, (1, -1): -0.4}
"""Prior by (axis, sign); other axes have -0.3, ways off the axes 0. Upside-down files are rare."""
FACING_PRIOR = 0.5
"""Evidence that the way the file faces is worth."""
_IN_PLANE = 0.05  # cosine between the mirror plane's normal and an axis of the file that is taken to lie in the plane
_SAME_UP = 0.9  # cosine from which two ways up are one
_SUPPORTS = 4  # edges of the outline that are tried as the ground
_APART = np.cos(np.deg2rad(8.0))  # cosine between two of them
_FIN = 0.12  # of the body's width: pairs that are closer together are no legs


@attrs.frozen
class Orientation:
    """A rotation to canonical axes and how sure it is.

    rotation : (3, 3) float64, rows are the input-space directions of +X (left), +Y (up), +Z (front).
    offset : float, where the mirror plane cuts the +X direction. residual : float, see ``kernels.symmetry``.
    """

    rotation: Vector
    offset: float
    residual: float
    is_mirrored: bool
    up_margin: float
    facing_certainty: float


def orient(points: Vector, normals: Vector) -> Orientation:
    """Return the rotation that makes a surface, sampled evenly by area, stand upright and face +Z.

    Parameters
    ----------
    points : (N, 3) float64
        About 4,000.
    normals : (N, 3) float64
        Unit normals; their signs may be wrong.
    """
    return next(orientations(points, normals))


def orientations(points: Vector, normals: Vector) -> Iterator[Orientation]:
    """Yield the ways a surface may stand, likeliest first, for parameters as of ``orient``.

    One that stands by an axis of the file both up and sideways is the last: nothing says that it was turned freely.
    """
    ranked = _ranked(points, normals)
    seen: list[Vector] = []
    for score, normal, up, offset, residual in ranked:
        if any(float(up @ other) > _SAME_UP for other in seen):
            continue
        seen.append(up)
        others = [other[0] for other in ranked if float(other[2] @ up) < _SAME_UP]
        margin = score - max(others, default=score - 1.0)
        is_free = np.abs(normal).max() < 1.0 - 1e-9
        if is_free:
            normal, up, offset = _refine(points, normals, normal, up, offset)
        rotation, offset, certainty = _face(points, normals, normal, up, offset)
        yield Orientation(rotation, offset, residual, residual < MIRRORED, margin, certainty)
        if not is_free:
            return


def _ranked(points: Vector, normals: Vector) -> list[tuple[float, Vector, Vector, float, float]]:
    """Options (score, lateral axis, up, offset, mirror residual), best first."""
    axes = np.eye(3)
    planes = mirror_planes(points, axes)
    lateral = _lateral_axes(points, planes)
    options = []
    for rank, (plane, offset, residual) in enumerate(lateral):
        for normal, up, prior in _ups(points, plane, leans=rank == 0):
            front = np.cross(normal, up)
            local = points @ np.stack([normal, up, front]).T
            local[:, 0] -= offset
            mirror = 6.0 * max(0.0, residual - lateral[0][2])
            options.append((prior + _stands(local, normals @ up) - mirror, normal, up, offset, residual))
    return sorted(options, key=lambda option: -option[0])


def _refine(
    points: Vector, normals: Vector, lateral: Vector, up: Vector, offset: float
) -> tuple[Vector, Vector, float]:
    """Turn the mirror plane until the reflected surface lies best on itself: by pattern search, point to plane."""
    tree, some = scipy.spatial.cKDTree(points), points[:: max(1, len(points) // 1000)]
    radius = float(np.sqrt(((points - points.mean(axis=0)) ** 2).sum(axis=1).mean()))
    is_file_axis = np.abs(up).max() > 1.0 - 1e-9
    front = np.cross(lateral, up)

    def turned(angles: Vector) -> Vector:
        n = lateral + np.tan(angles[0]) * front + np.tan(angles[1]) * up
        return np.asarray(n / np.linalg.norm(n))

    def cost(state: Vector) -> float:
        n = turned(state[:2])
        image = some - 2.0 * (some @ n - offset - radius * state[2])[:, None] * n
        index = tree.query(image)[1]
        off = np.abs(((image - points[index]) * normals[index]).sum(axis=1)) / radius
        return float(np.minimum(off, 0.05).mean())

    state, step = np.zeros(3), np.deg2rad(6.0)
    best = cost(state)
    while step > np.deg2rad(0.1):
        improved = False
        for k in (0, 2) if is_file_axis else (0, 1, 2):
            for sign in (1.0, -1.0):
                trial = state.copy()
                trial[k] += sign * step * (1.0 if k < 2 else 0.5)
                value = cost(trial)
                if value < best:
                    state, best, improved = trial, value, True
        step *= 1.0 if improved else 0.5
    n = turned(state[:2])
    flat = up - (up @ n) * n
    return n, flat / np.linalg.norm(flat), offset + radius * float(state[2])


def _lateral_axes(points: Vector, planes: list[tuple[Vector, float, float]]) -> list[tuple[Vector, float, float]]:
    """Axes that may run from right to left, best first, those of the file snapped to it."""
    if not planes:
        return [(np.array([1.0, 0.0, 0.0]), float(points[:, 0].mean()) if len(points) else 0.0, 1.0)]
    best = planes[0][2]
    found = [plane for plane in planes if plane[2] < best + 0.02][:3]
    out = []
    for normal, offset, residual in found:
        axis = int(np.argmax(np.abs(normal)))
        snapped = np.zeros(3)
        snapped[axis] = 1.0
        if abs(normal[axis]) > np.cos(np.deg2rad(4.0)):
            middle = float(
                np.median((points + (points - 2.0 * (points @ normal - offset)[:, None] * normal)) / 2.0 @ snapped)
            )
            straight = mirror_residual(points, snapped, middle)
            if straight < residual * 1.15 + 0.002:
                normal, offset, residual = snapped, middle, straight
        out.append((normal, offset, residual))
    if best > MIRRORED:  # a pose without mirror plane: the file's own axes are the best guess
        for axis in (0, 2, 1):
            snapped = np.eye(3)[axis]
            if all(abs(float(snapped @ n)) < 0.99 for n, _, _ in out):
                out.append(
                    (
                        snapped,
                        float(np.median(points @ snapped)),
                        mirror_residual(points, snapped, float(np.median(points @ snapped))),
                    )
                )
    return out


def _ups(points: Vector, lateral: Vector, *, leans: bool) -> list[tuple[Vector, Vector, float]]:
    """Lateral axes with directions across them that may be up, and the prior of these.

    A file's axis that lies nearly in the mirror plane is taken to lie in it: the plane of a body that is only turned
    about the vertical is found a few degrees off, and up is then still exactly the file's. ``leans`` says whether the
    body may rest on its outline in the plane, where no axis of the file lies in it.
    """
    out: list[tuple[Vector, Vector, float]] = []
    for axis in range(3):
        direction = np.eye(3)[axis]
        if abs(float(direction @ lateral)) < _IN_PLANE:
            level = lateral - (direction @ lateral) * direction
            level /= np.linalg.norm(level)
            out += [(level, sign * direction, _UP_PRIOR.get((axis, sign), -0.3)) for sign in (1, -1)]
    if len(out) == 2:  # turned about one axis of the file: the figure may lie along the other
        level, up, _ = out[0]
        across = np.cross(level, up)
        out += [(level, across, -0.1), (level, -across, -0.1)]
    if len(out) < 4 or np.abs(lateral).max() < 1.0 - 1e-9:  # turned freely: its own axes
        flat = points - points.mean(axis=0)
        flat = flat - (flat @ lateral)[:, None] * lateral
        _, vectors = np.linalg.eigh(flat.T @ flat)
        for k in (2, 1):
            out += [(lateral, vectors[:, k], 0.0), (lateral, -vectors[:, k], 0.0)]
        if leans and not any(np.abs(up).max() > 1.0 - 1e-9 for _, up, _ in out):
            out += [(lateral, up, 0.0) for up in _supports(flat, vectors[:, 2], vectors[:, 1])]
    return out


def _supports(flat: Vector, across: Vector, along: Vector) -> list[Vector]:
    """Directions up for which points in a plane rest on a long edge of their outline, under their centre.

    flat : (N, 3), about their centre. across, along : (3,) axes of the plane.
    """
    outline = flat @ np.stack([across, along], axis=1)
    if min(np.ptp(outline, axis=0)) < 1e-6 * max(np.ptp(outline, axis=0).max(), 1e-300):
        return []
    corners = outline[scipy.spatial.ConvexHull(outline).vertices]  # counter-clockwise: the inside is to the left
    edges = np.roll(corners, -1, axis=0) - corners
    length = np.maximum(np.linalg.norm(edges, axis=1), 1e-300)
    share = -(corners * edges).sum(axis=1) / length**2  # where the centre is over the edge
    chosen: list[Vector] = []
    for k in np.argsort(-length):
        inward = np.array([-edges[k, 1], edges[k, 0]]) / length[k]
        if 0.0 <= share[k] <= 1.0 and all(float(inward @ other) < _APART for other in chosen):
            chosen.append(inward)
        if len(chosen) == _SUPPORTS:
            break
    return [np.asarray(up[0] * across + up[1] * along) for up in chosen]


def standing(figure: Figure, *, on_legs: bool) -> float:
    """Return how much a figure stands like things and the way files are made: about -1 to 1.5.

    What has no legs stands on nothing: only the way of the file counts for it.
    """
    up = figure.frame[1, :3] / max(float(np.linalg.norm(figure.frame[1, :3])), 1e-300)
    axis = int(np.argmax(np.abs(up)))
    prior = _UP_PRIOR.get((axis, 1 if up[axis] > 0.0 else -1), -0.3) if abs(up[axis]) > 1.0 - 1e-6 else 0.0
    return prior + (_stands(figure.points, figure.normals[:, 1]) if on_legs else 0.0)


def _stands(local: Vector, along: Vector) -> float:
    """How much points in the frame (lateral, up, front) look like something standing: about -0.5 to 1.2."""
    order = np.argsort(local[:, 1], kind="stable")
    share = max(8, int(0.06 * len(local)))
    width = float(np.quantile(np.abs(local[:, 0]), 0.98))
    legs, head = _pairing(local[order[:share]], width), _pairing(local[order[-share:]], width)
    low, high = np.quantile(local[:, 1], [0.002, 0.998])
    height = max(high - low, 1e-12)
    ground = local[:, 1] < low + 0.03 * height
    flat = float((np.abs(along[ground]) > 0.9).mean()) * min(1.0, float(ground.mean()) / 0.02) if ground.any() else 0.0
    slim = height / max(float(np.ptp(np.quantile(local[:, 2], [0.01, 0.99]))), 1e-12)
    return 0.6 * legs - 0.35 * head + 0.3 * flat + 0.25 * legs * float(np.clip(slim / 1.5 - 1.0, 0.0, 1.0))


def _pairing(slab: Vector, width: float) -> float:
    """0 for points spread across the mirror plane, 1 for points only beside it; 0 for the two sheets of a thin fin.

    width : float, half the width of the body.
    """
    if len(slab) < 8:
        return 0.0
    side = np.abs(slab[:, 0])
    half = max(float(np.quantile(side, 0.9)), 1e-12)
    if half < _FIN * width:
        return 0.0
    return float(np.clip(1.0 - float((side < 0.2 * half).mean()) / 0.15, 0.0, 1.0))


def _face(points: Vector, normals: Vector, lateral: Vector, up: Vector, offset: float) -> tuple[Vector, float, float]:
    """Choose the sign of the lateral axis so that +Z is the front: (rotation, offset, certainty)."""
    front = np.cross(lateral, up)
    local = points @ np.stack([lateral, up, front]).T - np.array([offset, 0.0, 0.0])
    evidence = facing_evidence(local, normals @ up)
    prior = FACING_PRIOR if prefers(front, up) else -FACING_PRIOR
    sign = 1.0 if evidence + prior >= 0.0 else -1.0
    rotation = np.stack([sign * lateral, up, sign * front])
    return rotation, sign * offset, float(np.clip(abs(evidence), 0.0, 1.0))


def facing_evidence(local: Vector, along: Vector) -> float:
    """Return evidence that points in the frame (lateral, up, front) face +Z: positive if so, 1 is strong.

    Flat feet reach out in front of the shins; bodies longer than tall carry the head high and in front.

    Parameters
    ----------
    local : (N, 3) float64
        Surface samples.
    along : (N,) float64
        The up component of their normals.
    """
    low, high = np.quantile(local[:, 1], [0.002, 0.998])
    height = max(high - low, 1e-12)
    y, z = (local[:, 1] - low) / height, local[:, 2] / height
    depth = float(np.ptp(np.quantile(z, [0.01, 0.99])))
    score = 1.5 * _feet_forward(y, z, along) * (0.5 if depth > 0.9 else 1.0)
    high_up = z[y > 0.8]
    if depth > 0.9 and len(high_up) > 8:
        score += float(np.clip((np.median(high_up) - np.median(z)) / (0.25 * depth), -1.0, 1.0))
    return score


def _feet_forward(y: Vector, z: Vector, along: Vector) -> float:
    """-1 to 1: how much farther the feet reach forwards than backwards from the shins, if they have flat soles."""
    feet, shins = z[y < 0.05], z[(y > 0.09) & (y < 0.17)]
    ground = y < 0.03
    if len(feet) <= 12 or len(shins) <= 12 or not ground.any():
        return 0.0
    soles = float(np.clip((np.abs(along[ground]) > 0.9).mean() / 0.25, 0.0, 1.0))
    front, back = np.quantile(feet, [0.98, 0.02])
    length = max(front - back, 1e-9)
    ankle = float(np.median(shins))
    return soles * float(np.clip((front + back - 2.0 * ankle) / length * min(1.0, length / 0.08), -1.0, 1.0))
