"""Part sheets that lie on each other, so that no edge has more than two faces: arrays in, arrays out.

Faces about a crowded edge are paired with the one that goes on most smoothly; faces that hang together about a vertex
keep it, other groups get a copy, moved out by a hair. Where an edge stays crowded because its ends are one group each
(a strip drawn from both sides), the later pairs get a vertex of their own in its middle.
"""

from __future__ import annotations

from collections import defaultdict

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


__all__ = ["Sheets", "crowded_edges", "parted_sheets"]

GAP = 1e-4
"""How far copies are moved, of the diagonal of the part: far below what is seen, far above what float32 rounds."""
PASSES = 8

Pair = tuple[int, int | None]
"""Two half-edges by number (3 face + corner) that lie on each other; one alone at a border."""


@attrs.frozen(kw_only=True)
class Sheets:
    """A surface in which no two vertices that are apart stand in one place.

    Attributes
    ----------
    positions : (V, 3) float64
    faces : (F, 3) int64
    first, second : (V,) int64
        The vertices of the input between which each stands in the middle; the same one twice for a copy.
    """

    positions: NDArray[np.float64]
    faces: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]


def crowded_edges(ids: NDArray[np.int64]) -> bool:
    """Whether an edge of (F, 3) faces has more than two of them."""
    edges = np.sort(np.concatenate([ids[:, [0, 1]], ids[:, [1, 2]], ids[:, [2, 0]]]), axis=1)
    return bool(len(edges)) and bool((np.unique(edges, axis=0, return_counts=True)[1] > 2).any())


def parted_sheets(positions: NDArray[np.float32], faces: NDArray[np.int64], ids: NDArray[np.int64]) -> Sheets:
    """Return the surface without crowded edges.

    Parameters
    ----------
    ids : (V,) int64
        Equal for vertices that stand in one place.
    """
    points = positions.astype(np.float64)
    gap = GAP * float(np.linalg.norm(np.ptp(points[faces].reshape(-1, 3), axis=0)))
    groups = _groups(points, faces, ids[faces])
    rows, inverse = np.unique(np.stack([faces.reshape(-1), groups.reshape(-1)], axis=1), axis=0, return_inverse=True)
    moved = points[rows[:, 0]] + gap * _directions(points, faces, ids, groups)[rows[:, 1]]
    out = Sheets(positions=moved, faces=inverse.reshape(-1, 3), first=rows[:, 0], second=rows[:, 0])
    place = rows[:, 1]
    for _ in range(PASSES):
        if not crowded_edges(place[out.faces]):
            break
        out, place = _with_middles(out, place, gap)
    return out


def _normals(points: NDArray[np.float64], faces: NDArray[np.int64]) -> NDArray[np.float64]:
    a, b, c = (points[faces[:, k]] for k in range(3))
    raw = np.cross(b - a, c - a)
    return np.asarray(raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-30))


def _pairs(ids: NDArray[np.int64], normals: NDArray[np.float64]) -> dict[tuple[int, int], list[Pair]]:
    """Return the half-edges of each edge, paired: smoothest first."""
    there: dict[tuple[int, int], list[int]] = defaultdict(list)
    for half, (a, b) in enumerate(zip(ids.reshape(-1).tolist(), np.roll(ids, -1, axis=1).reshape(-1).tolist())):
        there[a, b].append(half)
    out: dict[tuple[int, int], list[Pair]] = {}
    for (a, b), ahead in there.items():
        back = there.get((b, a), [])
        if (b, a) in out or a == b:
            continue
        out[a, b] = _matched(ahead, back, normals)
    return out


def _matched(ahead: list[int], back: list[int], normals: NDArray[np.float64]) -> list[Pair]:
    if len(ahead) == len(back) == 1:
        return [(ahead[0], back[0])]
    order = sorted(
        ((float(normals[h // 3] @ normals[g // 3]), h, g) for h in ahead for g in back), key=lambda t: (-t[0], t[1:])
    )
    taken: set[int] = set()
    found: list[Pair] = []
    for _, h, g in order:
        if h not in taken and g not in taken:
            taken |= {h, g}
            found.append((h, g))
    return found + [(h, None) for h in (*ahead, *back) if h not in taken]


def _next(half: int) -> int:
    return half - 2 if half % 3 == 2 else half + 1


def _groups(points: NDArray[np.float64], faces: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (F, 3) the group of each corner: faces that hang together about one place, at crowded edges only."""
    pairs = _pairs(ids, _normals(points, faces))
    crowded = {v for edge, found in pairs.items() if len(found) > 1 for v in edge}
    links: list[tuple[int, int]] = []
    for found in pairs.values():
        for h, g in found:
            if g is not None:
                links += [(h, _next(g)), (_next(h), g)]
    first: dict[int, int] = {}
    for corner, v in enumerate(ids.reshape(-1).tolist()):  # elsewhere all corners of a place are one group
        if v not in crowded:
            links.append((first.setdefault(v, corner), corner))
    a, b = np.array(links, np.int64).reshape(-1, 2).T
    n = 3 * len(ids)
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64).reshape(-1, 3)


def _directions(
    points: NDArray[np.float64], faces: NDArray[np.int64], ids: NDArray[np.int64], groups: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return (G, 3) where each group is moved: nowhere where it has its place alone, else out, the next one further."""
    n = int(groups.max()) + 1
    place = np.zeros(n, np.int64)
    place[groups.reshape(-1)] = ids[faces].reshape(-1)
    out = np.zeros((n, 3))
    np.add.at(out, groups.reshape(-1), np.repeat(_normals(points, faces), 3, axis=0))
    length = np.linalg.norm(out, axis=1, keepdims=True)
    out = np.where(length > 1e-6, out / np.maximum(length, 1e-6), [1.0, 0.0, 0.0])
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(place[order]) > 0])
    counts = np.diff(np.r_[starts, n])
    rank = np.empty(n)
    rank[order] = np.arange(n) - np.repeat(starts, counts)
    alone = np.empty(n, bool)
    alone[order] = np.repeat(counts == 1, counts)
    return np.asarray(np.where(alone[:, None], 0.0, out * (1.0 + rank[:, None])))


def _with_middles(sheets: Sheets, place: NDArray[np.int64], gap: float) -> tuple[Sheets, NDArray[np.int64]]:
    """Return the surface with a vertex in the middle of the later pairs of crowded edges, each face cut once a pass."""
    faces, normals = sheets.faces, _normals(sheets.positions, sheets.faces)
    touched: set[int] = set()
    gone: set[int] = set()
    rows: list[tuple[int, int, int]] = []
    positions: list[NDArray[np.float64]] = []
    ends: list[tuple[int, int]] = []
    places: list[int] = []
    fresh = int(place.max()) + 1
    for found in _pairs(place[faces], normals).values():
        for rank, (h, g) in enumerate(found[1:], start=1):
            halves = [x for x in (h, g) if x is not None]
            if touched & {x // 3 for x in halves}:
                continue
            out = np.sum([normals[x // 3] for x in halves], axis=0)
            size = float(np.linalg.norm(out))
            step = rank * gap * (out / size if size > 1e-6 else np.array([1.0, 0.0, 0.0]))
            for x in halves:
                f, k = divmod(x, 3)
                a, b, c = (int(faces[f, (k + i) % 3]) for i in range(3))
                new = len(sheets.positions) + len(positions)
                positions.append((sheets.positions[a] + sheets.positions[b]) / 2 + step)
                ends.append((int(sheets.first[a]), int(sheets.first[b])))
                places.append(fresh)
                rows += [(a, new, c), (new, b, c)]
                touched.add(f)
                gone.add(f)
            fresh += 1
    kept = np.array([f not in gone for f in range(len(faces))], bool)
    first, second = np.array(ends, np.int64).reshape(-1, 2).T
    grown = Sheets(
        positions=np.vstack([sheets.positions, *positions]),
        faces=np.vstack([faces[kept], np.array(rows, np.int64).reshape(-1, 3)]),
        first=np.concatenate([sheets.first, first]),
        second=np.concatenate([sheets.second, second]),
    )
    return grown, np.concatenate([place, np.array(places, np.int64)])
