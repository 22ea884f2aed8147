"""What travels with a decimation: wedges that are one, where each output vertex lies on the input, skins."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.components import find_root
from axis_core.kernels.cpu.jit import njit


@njit
def merge_wedges(point_of: NDArray[np.int64], n_points: int, keys: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Return for each vertex the first vertex at its point whose keys differ by at most 1 in every column."""
    n = point_of.shape[0]
    heads = np.full(n_points, -1, dtype=np.int64)
    following = np.full(n, -1, dtype=np.int64)
    out = np.empty(n, dtype=np.uint32)
    for v in range(n):
        point = point_of[v]
        at = heads[point]
        while at >= 0:
            same = True
            for k in range(keys.shape[1]):
                if not abs(keys[at, k] - keys[v, k]) <= np.float32(1.0):
                    same = False
                    break
            if same:
                break
            at = following[at]
        if at >= 0:
            out[v] = at
        else:
            out[v] = v
            following[v] = heads[point]
            heads[point] = v
    return out


@njit
def sew_vertices(
    faces: NDArray[np.uint32], point_of: NDArray[np.uint32], twins: NDArray[np.int64], point_twins: NDArray[np.int64]
) -> tuple[int, NDArray[np.uint32]]:
    """Return (points, point of each vertex) where only faces that meet as in a manifold share points.

    Two sheets at one place (a double-sided cloth) make edges of four faces when all copies of a position are one point.
    Here vertices are joined only across edges with two faces at that place (``point_twins``); inside a sheet, where the
    faces share the vertices themselves (``twins``), there is nothing to join.
    """
    n = point_of.shape[0]
    parents = np.arange(n).astype(np.uint32)
    for h in range(twins.shape[0]):
        t = point_twins[h]
        if twins[h] == -1 and t >= 0:
            f = h // 3
            g = t // 3
            for end in range(2):
                a = find_root(parents, faces[f, (h + end) % 3])
                b = find_root(parents, faces[g, (t + 1 - end) % 3])
                if a < b:
                    parents[b] = a
                else:
                    parents[a] = b
    out = np.empty(n, dtype=np.uint32)
    count = 0
    for v in range(n):
        root = find_root(parents, v)
        if root == v:
            out[v] = count
            count += 1
        else:
            out[v] = out[root]
    return count, out


@njit
def finite_frame(
    positions: NDArray[np.float64], faces: NDArray[np.uint32]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return (low and high corner of the finite positions (3,), mean edge length of up to 65536 faces)."""
    low = np.full(3, np.inf)
    high = np.full(3, -np.inf)
    for v in range(positions.shape[0]):
        for k in range(3):
            x = positions[v, k]
            if math.isfinite(x):
                low[k] = min(low[k], x)
                high[k] = max(high[k], x)
    for k in range(3):
        if not low[k] <= high[k]:
            low[k] = 0.0
            high[k] = 0.0
    total = 0.0
    count = 0
    step = faces.shape[0] // 65536 + 1
    for f in range(0, faces.shape[0], step):
        a = faces[f, 0]
        b = faces[f, 1]
        x = positions[a, 0] - positions[b, 0]
        y = positions[a, 1] - positions[b, 1]
        z = positions[a, 2] - positions[b, 2]
        length = math.sqrt(x * x + y * y + z * z)
        if math.isfinite(length) and length > 0.0:
            total += length
            count += 1
    return low, high, total / count if count > 0 else 1.0


@njit
def read_positions(
    rows: NDArray[np.float32],
    kinds: NDArray[np.uint8],
    vertex_of: NDArray[np.uint32],
    n_vertices: int,
    positions: NDArray[np.float64],
    centre: NDArray[np.float64],
    scale: float,
    moved_flag: int,
) -> NDArray[np.float64]:
    """Return the places of the vertices left (n_vertices, 3): vertices that never moved keep theirs to the last bit."""
    out = np.empty((n_vertices, 3))
    for v in range(n_vertices):
        for k in range(3):
            if kinds[v] & moved_flag:
                out[v, k] = np.float64(rows[v, k]) / scale + centre[k]
            else:
                out[v, k] = positions[vertex_of[v], k]
    return out


@njit
def output_vertices(
    faces: NDArray[np.uint32], wedges: NDArray[np.uint32], n_faces: int, n_wedges: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:
    """Return (wedge of each output vertex, its point, output faces): wedges in use, in input order."""
    slot = np.full(n_wedges, -1, dtype=np.int64)
    point = np.empty(n_wedges, dtype=np.uint32)
    for f in range(n_faces):
        for k in range(3):
            slot[wedges[f, k]] = 0
            point[wedges[f, k]] = faces[f, k]
    count = 0
    for w in range(n_wedges):
        if slot[w] == 0:
            slot[w] = count
            count += 1
    wedge_of = np.empty(count, dtype=np.uint32)
    point_of = np.empty(count, dtype=np.uint32)
    for w in range(n_wedges):
        if slot[w] >= 0:
            wedge_of[slot[w]] = w
            point_of[slot[w]] = point[w]
    out = np.empty((n_faces, 3), dtype=np.int64)
    for f in range(n_faces):
        for k in range(3):
            out[f, k] = slot[wedges[f, k]]
    return wedge_of, point_of, out


@njit
def nearest_in_cluster(
    parents: NDArray[np.uint32],
    wedge_of: NDArray[np.uint32],
    targets: NDArray[np.float64],
    positions: NDArray[np.float64],
) -> NDArray[np.uint32]:
    """Return for each output vertex the input vertex nearest to it among those of its tree in ``parents``."""
    n = parents.shape[0]
    roots = parents.copy()
    slot = np.full(n, -1, dtype=np.int64)
    first = np.empty(wedge_of.shape[0], dtype=np.int64)
    for i in range(wedge_of.shape[0]):
        r = find_root(roots, wedge_of[i])
        if slot[r] < 0:
            slot[r] = i
        first[i] = slot[r]  # several output vertices of one tree are at one place
    best = np.full(wedge_of.shape[0], np.inf)
    out = wedge_of.copy()
    for w in range(n):
        i = slot[find_root(roots, w)]
        if i < 0:
            continue
        x = positions[w, 0] - targets[i, 0]
        y = positions[w, 1] - targets[i, 1]
        z = positions[w, 2] - targets[i, 2]
        square = x * x + y * y + z * z
        if square < best[i]:
            best[i] = square
            out[i] = w
    for i in range(wedge_of.shape[0]):
        out[i] = out[first[i]]
    return out


@njit
def closest_weights(
    p: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]
) -> tuple[float, float, float, float]:
    """Return (squared distance, weights of a, b, c) of the point of a triangle closest to ``p``.

    References
    ----------
    C. Ericson, "Real-Time Collision Detection", 2005, section 5.1.5.
    """
    abx, aby, abz = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    acx, acy, acz = c[0] - a[0], c[1] - a[1], c[2] - a[2]
    apx, apy, apz = p[0] - a[0], p[1] - a[1], p[2] - a[2]
    d1 = abx * apx + aby * apy + abz * apz
    d2 = acx * apx + acy * apy + acz * apz
    aa = abx * abx + aby * aby + abz * abz
    cc = acx * acx + acy * acy + acz * acz
    ac = abx * acx + aby * acy + abz * acz
    d3 = d1 - aa
    d4 = d2 - ac
    d5 = d1 - ac
    d6 = d2 - cc
    vb = d5 * d2 - d1 * d6
    vc = d1 * d4 - d3 * d2
    va = d3 * d6 - d5 * d4
    v = 0.0
    w = 0.0
    if d1 <= 0.0 and d2 <= 0.0:
        pass
    elif d3 >= 0.0 and d4 <= d3:
        v = 1.0
    elif vc <= 0.0 and d1 >= 0.0 and d3 <= 0.0:
        v = d1 / (d1 - d3)
    elif d6 >= 0.0 and d5 <= d6:
        w = 1.0
    elif vb <= 0.0 and d2 >= 0.0 and d6 <= 0.0:
        w = d2 / (d2 - d6)
    elif va <= 0.0 and d4 - d3 >= 0.0 and d5 - d6 >= 0.0:
        w = (d4 - d3) / ((d4 - d3) + (d5 - d6))
        v = 1.0 - w
    elif va + vb + vc > 0.0:
        v = vb / (va + vb + vc)
        w = vc / (va + vb + vc)
    x = apx - v * abx - w * acx
    y = apy - v * aby - w * acy
    z = apz - v * abz - w * acz
    return x * x + y * y + z * z, 1.0 - v - w, v, w


@njit
def locate_sources(
    targets: NDArray[np.float64],
    seeds: NDArray[np.uint32],
    positions: NDArray[np.float64],
    faces: NDArray[np.uint32],
    wedge_of_vertex: NDArray[np.uint32],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return (input vertices (N, 3), weights (N, 3)) of the closest point on the faces around each seed wedge.

    If that point is a corner of the fan, the search moves to the fan of that corner, as long as it comes closer: so it
    stays in one chart and on one sheet of the surface, where a search over the whole mesh might cross to another.
    """
    sources = np.empty((targets.shape[0], 3), dtype=np.int64)
    weights = np.empty((targets.shape[0], 3))
    for i in range(targets.shape[0]):
        seed = wedge_of_vertex[seeds[i]]
        best = np.inf
        for k in range(3):
            sources[i, k] = seeds[i]
            weights[i, k] = 1.0 if k == 0 else 0.0
        for _step in range(8):
            improved = False
            for j in range(starts[seed], starts[seed + 1]):
                g = ring[j]
                square, wa, wb, wc = closest_weights(
                    targets[i], positions[faces[g, 0]], positions[faces[g, 1]], positions[faces[g, 2]]
                )
                if square < best:
                    best = square
                    improved = True
                    for k in range(3):
                        sources[i, k] = faces[g, k]
                    weights[i, 0] = wa
                    weights[i, 1] = wb
                    weights[i, 2] = wc
            if not improved or best == 0.0:
                break
            k = 0
            if weights[i, 1] > weights[i, k]:
                k = 1
            if weights[i, 2] > weights[i, k]:
                k = 2
            heavier = wedge_of_vertex[sources[i, k]]
            if heavier == seed:
                break
            seed = heavier
    return sources, weights


@njit
def carry_rows(
    values: NDArray[np.float64], sources: NDArray[np.int64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the weighted sums of three rows each."""
    out = np.empty((sources.shape[0], values.shape[1]))
    for i in range(sources.shape[0]):
        a = np.uint64(sources[i, 0])
        b = np.uint64(sources[i, 1])
        c = np.uint64(sources[i, 2])
        for k in range(values.shape[1]):
            out[i, k] = weights[i, 0] * values[a, k] + weights[i, 1] * values[b, k] + weights[i, 2] * values[c, k]
            # A weight of zero must not let a value in that is not a number.
            if not math.isfinite(out[i, k]):
                total = 0.0
                for m in range(3):
                    if weights[i, m] != 0.0:
                        total += weights[i, m] * values[np.uint64(sources[i, m]), k]
                out[i, k] = total
    return out


@njit
def carry_skin(
    joints: NDArray[np.int64],
    skin: NDArray[np.float64],
    sources: NDArray[np.int64],
    weights: NDArray[np.float64],
    n_influences: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return (joints, weights): influences of the sources added up joint by joint, the largest kept, sum 1."""
    width = joints.shape[1]
    found = np.empty(3 * width, dtype=np.int64)
    sums = np.empty(3 * width)
    out_joints = np.zeros((sources.shape[0], n_influences), dtype=np.int64)
    out_weights = np.zeros((sources.shape[0], n_influences))
    for i in range(sources.shape[0]):
        n = 0
        for m in range(3):
            if weights[i, m] == 0.0:
                continue
            v = sources[i, m]
            for k in range(width):
                amount = weights[i, m] * skin[v, k]
                if not amount > 0.0:
                    continue
                at = 0
                while at < n and found[at] != joints[v, k]:
                    at += 1
                if at == n:
                    found[n] = joints[v, k]
                    sums[n] = 0.0
                    n += 1
                sums[at] += amount
        total = 0.0
        kept = min(n, n_influences)
        for slot in range(kept):  # selection: at most twelve entries
            best = slot
            for at in range(slot + 1, n):
                if sums[at] > sums[best] or (sums[at] == sums[best] and found[at] < found[best]):
                    best = at
            found[slot], found[best] = found[best], found[slot]
            sums[slot], sums[best] = sums[best], sums[slot]
            total += sums[slot]
        for slot in range(kept):
            out_joints[i, slot] = found[slot]
            out_weights[i, slot] = sums[slot] / total
    return out_joints, out_weights
