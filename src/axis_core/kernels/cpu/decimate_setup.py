"""First state of a decimation: faces around vertices, vertex kinds, first quadrics; and the squeeze between rounds."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.decimate_quadric import AREA, BORDER, CORNER, CURVE, IMPORTANCE, LOCKED
from axis_core.kernels.cpu.decimate_wedges import find_chart
from axis_core.kernels.cpu.jit import njit


BORDER_WEIGHT = np.float32(16.0)
"""Weight of the plane that stands on a border edge, against the area of a square on that edge."""
SEAM_WEIGHT = np.float32(0.5)
"""The same for a seam inside the surface: it may slide a little along its own line."""


@njit(allocates=False)
def build_rings(
    faces: NDArray[np.uint32], n_faces: int, n_vertices: int, starts: NDArray[np.uint32], ring: NDArray[np.uint32]
) -> None:
    """Write the faces around vertex v to ``ring[starts[v]:starts[v + 1]]``, in face order."""
    starts[: n_vertices + 1] = 0
    for f in range(n_faces):
        for k in range(3):
            starts[faces[f, k]] += 1
    total = 0
    for v in range(n_vertices):
        total += starts[v]
        starts[v] = total
    starts[n_vertices] = total
    for back in range(n_faces):
        f = n_faces - 1 - back
        for k in range(3):
            v = faces[f, k]
            starts[v] -= np.uint32(1)
            ring[starts[v]] = f


@njit
def gather_faces(
    faces: NDArray[np.uint32],
    order: NDArray[np.uint32],
    point_of: NDArray[np.uint32],
    first_vertex: NDArray[np.uint32],
    out: NDArray[np.uint32],
    face_ids: NDArray[np.uint32],
    vertex_of: NDArray[np.uint32],
) -> tuple[int, int]:
    """Write the faces that have three different corners over points numbered by first use; return (faces, points).

    ``order`` (empty: as they come) lists the faces; ``point_of`` (empty: each vertex its own) maps vertices to points,
    ``first_vertex`` (empty likewise) points to vertices. ``face_ids`` and ``vertex_of`` receive the inputs.
    """
    n_points = first_vertex.shape[0] if point_of.shape[0] > 0 else vertex_of.shape[0]
    number = np.full(n_points, 0xFFFFFFFF, dtype=np.uint32)
    count = 0
    used = 0
    for i in range(faces.shape[0]):
        f = np.uint32(i) if order.shape[0] == 0 else order[i]
        a = faces[f, 0]
        b = faces[f, 1]
        c = faces[f, 2]
        if point_of.shape[0] > 0:
            a = point_of[a]
            b = point_of[b]
            c = point_of[c]
        if a == b or b == c or c == a:
            continue
        for k in range(3):
            p = a if k == 0 else (b if k == 1 else c)
            if number[p] == np.uint32(0xFFFFFFFF):
                number[p] = used
                vertex_of[used] = p if point_of.shape[0] == 0 else first_vertex[p]
                used += 1
            out[count, k] = number[p]
        if face_ids.shape[0] > 0:
            face_ids[count] = f
        count += 1
    return count, used


@njit(allocates=False)
def place_rows(
    positions: NDArray[np.float64],
    vertex_of: NDArray[np.uint32],
    centre: NDArray[np.float64],
    scale: float,
    rows: NDArray[np.float32],
    first: int,
    stop: int,
) -> None:
    """Start rows ``first`` to ``stop``: position about the centre in mean edge lengths, empty quadric."""
    for v in range(first, stop):
        source = vertex_of[v]
        for k in range(3):
            rows[v, k] = np.float32((positions[source, k] - centre[k]) * scale)
        for k in range(3, rows.shape[1]):
            rows[v, k] = np.float32(0.0)
        rows[v, IMPORTANCE] = np.float32(1.0)


@njit(allocates=False)
def add_plane(rows: NDArray[np.float32], v: int, x: float, y: float, z: float, weight: float) -> None:
    """Add the squared distance to a plane through ``v`` with the unit normal (x, y, z)."""
    rows[v, 3] += weight * x * x
    rows[v, 4] += weight * x * y
    rows[v, 5] += weight * x * z
    rows[v, 6] += weight * y * y
    rows[v, 7] += weight * y * z
    rows[v, 8] += weight * z * z


@njit(allocates=False)
def add_face_planes(faces: NDArray[np.uint32], rows: NDArray[np.float32]) -> None:
    """Add the plane of every face, weighted by its area, to its corners; faces without a finite area add nothing."""
    half = np.float32(0.5)
    one = np.float32(1.0)
    for f in range(faces.shape[0]):
        a = faces[f, 0]
        b = faces[f, 1]
        c = faces[f, 2]
        ux = rows[b, 0] - rows[a, 0]
        uy = rows[b, 1] - rows[a, 1]
        uz = rows[b, 2] - rows[a, 2]
        vx = rows[c, 0] - rows[a, 0]
        vy = rows[c, 1] - rows[a, 1]
        vz = rows[c, 2] - rows[a, 2]
        nx = uy * vz - uz * vy
        ny = uz * vx - ux * vz
        nz = ux * vy - uy * vx
        length = math.sqrt(nx * nx + ny * ny + nz * nz)
        if length > np.float32(1e-12) and length < np.inf:
            inverse = one / length
            nx *= inverse
            ny *= inverse
            nz *= inverse
            area = half * length
            for k in range(3):
                v = faces[f, k]
                add_plane(rows, v, nx, ny, nz, area)
                rows[v, AREA] += area


@njit(allocates=False)
def add_curve_plane(
    rows: NDArray[np.float32], faces: NDArray[np.uint32], g: int, v: int, other: int, weight: float
) -> None:
    """Add to ``v`` the plane that stands on edge (v, other) of face ``g``, so that the edge's curve holds its line."""
    a = faces[g, 0]
    b = faces[g, 1]
    c = faces[g, 2]
    ux = rows[b, 0] - rows[a, 0]
    uy = rows[b, 1] - rows[a, 1]
    uz = rows[b, 2] - rows[a, 2]
    vx = rows[c, 0] - rows[a, 0]
    vy = rows[c, 1] - rows[a, 1]
    vz = rows[c, 2] - rows[a, 2]
    nx = uy * vz - uz * vy
    ny = uz * vx - ux * vz
    nz = ux * vy - uy * vx
    ex = rows[other, 0] - rows[v, 0]
    ey = rows[other, 1] - rows[v, 1]
    ez = rows[other, 2] - rows[v, 2]
    px = ey * nz - ez * ny
    py = ez * nx - ex * nz
    pz = ex * ny - ey * nx
    length = math.sqrt(px * px + py * py + pz * pz)
    if length > np.float32(1e-12) and length < np.inf:
        inverse = np.float32(1.0) / length
        square = ex * ex + ey * ey + ez * ez
        add_plane(rows, v, px * inverse, py * inverse, pz * inverse, weight * square)


@njit(allocates=False)
def is_closed_fan(
    faces: NDArray[np.uint32], starts: NDArray[np.uint32], ring: NDArray[np.uint32], v: int, marks: NDArray[np.uint8]
) -> bool:
    """Return whether every neighbour of ``v`` is once the next corner of a face and once the one before.

    ``marks`` (V,) is zero before and after: a next corner adds 1, one before adds 16, so that all must come to 17.
    """
    begin = starts[v]
    end = starts[v + 1]
    if end - begin > np.uint32(15):
        return False  # the counts would run into each other; the general path looks at these
    for i in range(begin, end):
        g = ring[i]
        k = np.uint32(faces[g, 1] == v) + np.uint32(2) * np.uint32(faces[g, 2] == v)
        after = (np.uint32(9) >> (k + k)) & np.uint32(3)  # 1, 2, 0
        marks[faces[g, after]] += np.uint8(1)
        marks[faces[g, np.uint32(3) - k - after]] += np.uint8(16)
    marks[v] = np.uint8(17)
    odd = np.uint8(0)
    for i in range(begin, end):
        g = ring[i]
        odd |= (marks[faces[g, 0]] ^ np.uint8(17)) | (marks[faces[g, 1]] ^ np.uint8(17))
        odd |= marks[faces[g, 2]] ^ np.uint8(17)
    for i in range(begin, end):
        g = ring[i]
        marks[faces[g, 0]] = np.uint8(0)
        marks[faces[g, 1]] = np.uint8(0)
        marks[faces[g, 2]] = np.uint8(0)
    marks[v] = np.uint8(0)
    return odd == 0


@njit
def classify_vertices(
    faces: NDArray[np.uint32],
    wedges: NDArray[np.uint32],
    charts: NDArray[np.uint32],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
    rows: NDArray[np.float32],
    kinds: NDArray[np.uint8],
    first: int,
    stop: int,
) -> int:
    """Mark vertices on borders, seams and edges that are not manifold; add the planes that hold borders and seams.

    Looks at vertices ``first`` to ``stop`` and writes to no others.
    Around a vertex of a closed manifold every neighbour is once the next corner of a face and once the one before.
    Returns the number of ends of edges that are not manifold.
    """
    n_vertices = kinds.shape[0]
    after = np.zeros(n_vertices, dtype=np.uint8)
    before = np.zeros(n_vertices, dtype=np.uint8)
    seen_wedges = np.zeros((n_vertices if wedges.shape[0] > 0 else 0, 2), dtype=np.uint32)
    with_wedges = wedges.shape[0] > 0
    not_manifold = 0
    for v in range(first, stop):
        if not with_wedges and is_closed_fan(faces, starts, ring, v, after):
            continue
        curves = 0
        bad = 0
        border = 0
        for i in range(starts[v], starts[v + 1]):
            g = ring[i]
            k = 0 if faces[g, 0] == v else (1 if faces[g, 1] == v else 2)
            n = k + 1 if k < 2 else 0
            u = faces[g, n]
            w = faces[g, 3 - k - n]
            after[u] = min(after[u] + 1, 3)
            before[w] = min(before[w] + 1, 3)
            if with_wedges:
                seen_wedges[u, 0] = find_chart(charts, wedges[g, k])
                seen_wedges[u, 1] = find_chart(charts, wedges[g, n])
        for i in range(starts[v], starts[v + 1]):
            g = ring[i]
            k = 0 if faces[g, 0] == v else (1 if faces[g, 1] == v else 2)
            n = k + 1 if k < 2 else 0
            p = 3 - k - n
            u = faces[g, n]
            w = faces[g, p]
            if after[u] > 1 or before[u] > 1:
                bad += 1
            elif before[u] == 0:
                curves += 1
                border += 1
                add_curve_plane(rows, faces, g, v, u, BORDER_WEIGHT)
            if after[w] > 1 or before[w] > 1:
                bad += 1
            elif after[w] == 0:
                curves += 1
                border += 1
                add_curve_plane(rows, faces, g, v, w, BORDER_WEIGHT)
            elif with_wedges and (
                seen_wedges[w, 0] != find_chart(charts, wedges[g, k])
                or seen_wedges[w, 1] != find_chart(charts, wedges[g, p])
            ):
                curves += 1
                add_curve_plane(rows, faces, g, v, w, SEAM_WEIGHT)
        for i in range(starts[v], starts[v + 1]):
            g = ring[i]
            for k in range(3):
                after[faces[g, k]] = 0
                before[faces[g, k]] = 0
        if bad > 0:
            not_manifold += bad
            kinds[v] |= CORNER | LOCKED
        elif curves == 2:
            kinds[v] |= CURVE
        elif curves > 0:
            kinds[v] |= CORNER
        if border > 0:
            kinds[v] |= BORDER
    return not_manifold


@njit(allocates=False)
def squeeze_faces(
    faces: NDArray[np.uint32],
    wedges: NDArray[np.uint32],
    face_ids: NDArray[np.uint32],
    costs: NDArray[np.float32],
    dead: NDArray[np.uint8],
    n_faces: int,
) -> int:
    """Drop dead faces and their costs in place, order kept; return how many are left."""
    alive = 0
    for f in range(n_faces):
        if dead[f] == 0:
            if alive != f:
                for k in range(3):
                    faces[alive, k] = faces[f, k]
                    costs[3 * alive + k] = costs[3 * f + k]
                if wedges.shape[0] > 0:
                    for k in range(3):
                        wedges[alive, k] = wedges[f, k]
                if face_ids.shape[0] > 0:
                    face_ids[alive] = face_ids[f]
            alive += 1
        else:
            dead[f] = 0
    dead[:alive] = 0
    return alive


@njit(allocates=False)
def squeeze_vertices(
    faces: NDArray[np.uint32],
    n_faces: int,
    rows: NDArray[np.float32],
    kinds: NDArray[np.uint8],
    vertex_of: NDArray[np.uint32],
    touched: NDArray[np.uint8],
    n_vertices: int,
    remap: NDArray[np.uint32],
) -> int:
    """Drop vertices of no face in place, order kept, and renumber the faces; return how many are left."""
    remap[:n_vertices] = 0
    for f in range(n_faces):
        for k in range(3):
            remap[faces[f, k]] = 1
    alive = 0
    for v in range(n_vertices):
        if remap[v] != 0:
            remap[v] = alive
            if alive != v:
                for k in range(rows.shape[1]):
                    rows[alive, k] = rows[v, k]
                kinds[alive] = kinds[v]
                vertex_of[alive] = vertex_of[v]
                touched[alive] = touched[v]
            alive += 1
    for f in range(n_faces):
        for k in range(3):
            faces[f, k] = remap[faces[f, k]]
    return alive
