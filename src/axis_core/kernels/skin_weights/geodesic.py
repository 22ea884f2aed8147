"""Distances from bones through the inside of the body: for soups and scans, and limbs that touch.

References
----------
Dionne, de Lasa, *Geodesic Voxel Binding for Production Character Meshes*, SCA 2013, doi:10.1145/2485895.2485919.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.kernels.skin_weights.body import Body
from axis_core.kernels.skin_weights.bones import Bones


__all__ = ["inner_distances"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RESOLUTION = 96
"""Voxels along the longest side: twice as many take ten times as long and move few owners."""

KEPT = 6
"""Joints a voxel that are kept, nearest first."""

STEPS = np.array([s for s in itertools.product((-1, 0, 1), repeat=3) if s != (0, 0, 0)])


def inner_distances(body: Body, bones: Bones, n_joints: int) -> Floats | None:
    """Return (V, J) distances from bones to vertices through the solid body, infinite beyond the nearest few.

    None where there is no solid to go through. Bones outside it start from the nearest voxel, farther by the gap.
    """
    from axis_core.kernels.cpu.geodesic import nearest_labels
    from axis_core.kernels.voxel import solid_voxels

    try:
        solid, origin, spacing = solid_voxels(body.points, body.faces, RESOLUTION)
    except InputError:
        return None
    places = np.argwhere(solid)
    if len(places) == 0:
        return None
    number = np.full(solid.shape, -1, np.int64)
    number[solid] = np.arange(len(places))
    around = np.stack([number[tuple((places + step).T)] for step in STEPS], axis=1)
    lengths = spacing * np.linalg.norm(STEPS, axis=1)
    centres = origin + spacing * places
    cells, labels, gaps = _sources(bones, centres, spacing)
    found = np.full((len(places), KEPT), -1, np.int64)
    distances = np.full((len(places), KEPT), np.inf)
    nearest_labels(around, lengths, cells, labels, gaps, found, distances)
    return _at_vertices(body, centres, found, distances, n_joints)


def _sources(bones: Bones, centres: Floats, spacing: float) -> tuple[Ints, Ints, Floats]:
    """Return cells along the bones, their joints, and how far each bone point is from its cell's centre."""
    from scipy.spatial import cKDTree

    start, along = bones.segments[:, :3], bones.segments[:, 3:] - bones.segments[:, :3]
    # two points a voxel; of a bone that reaches far out of the body no more than twice the grid is deep
    wanted = np.minimum(2.0 * np.linalg.norm(along, axis=1) / spacing, 4.0 * RESOLUTION)
    counts = np.ceil(wanted).astype(np.int64) + 1
    row = np.repeat(np.arange(len(counts)), counts)
    step = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    points = start[row] + (step / np.maximum(counts[row] - 1, 1))[:, None] * along[row]
    gap, cell = cKDTree(centres).query(points)
    return np.asarray(cell, np.int64), bones.owners[row], np.asarray(gap)


def _at_vertices(body: Body, centres: Floats, found: Ints, distances: Floats, n_joints: int) -> Floats:
    from scipy.spatial import cKDTree

    gap, cell = (np.asarray(x) for x in cKDTree(centres).query(body.points))
    out = np.full((len(body.points), n_joints), np.inf)
    for k in range(found.shape[1]):
        joint = found[cell, k]
        rows = np.flatnonzero(joint >= 0)
        out[rows, joint[rows]] = distances[cell[rows], k] + gap[rows]
    return out
