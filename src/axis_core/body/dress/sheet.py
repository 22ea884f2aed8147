"""Sheets: a surface of the base mesh clipped at a level, so that hems are clean lines and not steps of quads."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from axis_core.body.surfaces import Surface


__all__ = ["Sheet", "cut_sheet"]

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

_NEAREST = 1e-3
"""A cut this near a vertex (as a share of the edge) is kept off it: no slivers without area."""


@attrs.frozen(eq=False)
class Sheet:
    """An open surface whose points lie on edges of the base mesh.

    Attributes
    ----------
    anchors, shares : (p, 2) int64, float64
        Each point is ``shares @ positions[anchors]``.
    point_of : (n,) int64
        Point of each vertex; vertices are points split where UVs are.
    faces : (m, 3) int64
        Over vertices.
    uvs : (n, 2) float32
    loops : tuple of (k,) int64
        Points of each closed border, in order.
    smooth : (p, p) sparse
        Mean of the neighbours; on a border, of the neighbours along it.
    inwards : (p, p) sparse
        For a point of a border the mean of its neighbours off the border; else nothing.
    """

    anchors: Ids
    shares: Floats
    point_of: Ids
    faces: Ids
    uvs: NDArray[np.float32]
    loops: tuple[Ids, ...]
    smooth: csr_array
    inwards: csr_array

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.anchors)

    def at(self, values: Floats) -> Floats:
        """Return values (V, ...) of base mesh vertices at the points."""
        picked = values[self.anchors]
        shares = self.shares.reshape(self.shares.shape + (1,) * (picked.ndim - 2))
        return np.asarray((picked * shares).sum(axis=1))


def cut_sheet(surface: Surface, level: Floats) -> Sheet:
    """Return the part of ``surface`` where ``level`` (V,) of the base mesh vertices is above 0."""
    value = level[surface.vertices]
    pairs, shares, faces = _clip(surface.faces.astype(np.int64), value)
    used, index = np.unique(faces, return_inverse=True)
    faces = index.reshape(-1, 3)
    pairs, shares = pairs[used], shares[used]
    uvs = np.einsum("nk,nkc->nc", shares, surface.uvs[pairs].astype(np.float64))
    anchors = surface.vertices[pairs]
    turned = anchors[:, 0] > anchors[:, 1]
    anchors[turned], shares[turned] = anchors[turned][:, ::-1], shares[turned][:, ::-1]
    keys = np.concatenate([anchors, np.rint(shares[:, :1] * 1e6).astype(np.int64)], axis=1)
    _, first, point_of = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    point_of = point_of.ravel()
    over_points = point_of[faces]
    smooth, inwards, loops = _neighbours(over_points, len(first))
    return Sheet(anchors[first], shares[first], point_of, faces, uvs.astype(np.float32), loops, smooth, inwards)


def _clip(faces: Ids, value: Floats) -> tuple[Ids, Floats, Ids]:
    """Return (pairs of vertices, their shares, triangles) of what is left above 0; the first rows are the vertices."""
    n = len(value)
    inside = value > 0
    count = inside[faces].sum(axis=1)
    whole, one, two = faces[count == 3], faces[count == 1], faces[count == 2]
    one = _turned(one, inside[one].argmax(axis=1))
    two = _turned(two, (~inside[two]).argmax(axis=1))
    # one: a inside; two: a outside. The cuts lie on a-b and a-c.
    edges = np.concatenate([one[:, [0, 1]], one[:, [0, 2]], two[:, [0, 1]], two[:, [0, 2]]])
    cut, index = np.unique(np.sort(edges, axis=1), axis=0, return_inverse=True)
    index = index.ravel() + n
    p, q, r, s = np.split(index, np.cumsum([len(one), len(one), len(two)]))
    low, high = value[cut[:, 0]], value[cut[:, 1]]
    t = np.clip(low / np.where(low == high, 1.0, low - high), _NEAREST, 1.0 - _NEAREST)
    pairs = np.concatenate([np.stack([np.arange(n), np.arange(n)], axis=1), cut])
    shares = np.concatenate([np.tile([1.0, 0.0], (n, 1)), np.stack([1.0 - t, t], axis=1)])
    triangles = [whole, np.stack([one[:, 0], p, q], axis=1)]
    triangles += [np.stack([r, two[:, 1], two[:, 2]], axis=1), np.stack([r, two[:, 2], s], axis=1)]
    return pairs, shares, np.concatenate(triangles)


def _turned(faces: Ids, first: Ids) -> Ids:
    order = (first[:, None] + np.arange(3)) % 3
    return np.take_along_axis(faces, order, axis=1)


def _neighbours(faces: Ids, n: int) -> tuple[csr_array, csr_array, tuple[Ids, ...]]:
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    keys, back = directed[:, 0] * n + directed[:, 1], directed[:, 1] * n + directed[:, 0]
    border = directed[~np.isin(keys, back)]
    on_border = np.zeros(n, dtype=bool)
    on_border[border] = True
    both = np.concatenate([directed, directed[:, ::-1]])
    along = np.concatenate([border, border[:, ::-1]])
    inner = both[~on_border[both[:, 0]]]
    smooth = _mean_matrix(np.concatenate([inner, along]), n)
    inwards = _mean_matrix(both[on_border[both[:, 0]] & ~on_border[both[:, 1]]], n)
    return smooth, inwards, _loops(border)


def _mean_matrix(edges: Ids, n: int) -> csr_array:
    unique = np.unique(edges, axis=0)
    count = np.bincount(unique[:, 0], minlength=n)
    values = 1.0 / count[unique[:, 0]]
    return csr_array((values, (unique[:, 0], unique[:, 1])), shape=(n, n))


def _loops(border: Ids) -> tuple[Ids, ...]:
    """Return the closed borders; where two touch in a point they are followed as one."""
    following: dict[int, list[int]] = {}
    for a, b in border.tolist():
        following.setdefault(a, []).append(b)
    loops = []
    while following:
        start = min(following)
        loop, at = [], start
        while at in following:
            loop.append(at)
            nexts = following[at]
            step = nexts.pop()
            if not nexts:
                del following[at]
            at = step
        loops.append(np.array(loop, dtype=np.int64))
    return tuple(loops)
