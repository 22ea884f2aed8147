"""Cut a surface into labelled parts and close each: arrays in, arrays out.

The border of a set of faces is a cycle, so it falls into loops; each loop is closed by a fan about its middle. Cut from
a closed surface every part is closed again; holes that the surface had are closed by the way.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


__all__ = ["border_loops", "face_labels", "fan_caps", "shells_of", "welded_ids"]


def welded_ids(positions: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return (V,) numbers that are equal where positions are: seams of UVs and normals are no borders."""
    if not len(positions):
        return np.zeros(0, np.int64)
    _, inverse = np.unique(positions + np.float32(0), axis=0, return_inverse=True)
    return np.asarray(inverse.reshape(-1), np.int64)


def face_labels(
    faces: NDArray[np.uint32], joints: NDArray[np.uint16], weights: NDArray[np.float32], labels: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return (F,) the label whose joints move the three corners most.

    Parameters
    ----------
    labels : (J,) int64
        Of each joint; -1 for joints that carry no part. Without any part all faces get -1.
    """
    n_labels = int(labels.max(initial=-1)) + 1
    if not n_labels:
        return np.full(len(faces), -1, np.int64)
    score = np.zeros((len(joints), n_labels))
    for k in range(joints.shape[1]):
        label = labels[joints[:, k]]
        rows = np.flatnonzero(label >= 0)
        np.add.at(score, (rows, label[rows]), weights[rows, k])
    return np.asarray(score[faces].sum(axis=1).argmax(axis=1), np.int64)


def border_loops(faces: NDArray[np.int64]) -> list[list[int]]:
    """Return the border of a set of faces as simple loops of vertices, in the direction of the faces' own edges."""
    open_edges: dict[tuple[int, int], int] = defaultdict(int)
    for a, b in np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).tolist():
        if open_edges.get((b, a), 0) > 0:
            open_edges[b, a] -= 1
        else:
            open_edges[a, b] += 1
    after: dict[int, list[int]] = defaultdict(list)
    for (a, b), n in open_edges.items():
        after[a].extend([b] * n)
    loops: list[list[int]] = []
    for start in list(after):
        while after[start]:
            _take_loops(start, after, loops)
    return loops


def _take_loops(start: int, after: dict[int, list[int]], loops: list[list[int]]) -> None:
    """Walk until the start is reached again; whenever a vertex comes twice, what lies between is a loop of its own."""
    path, seen = [start], {start: 0}
    while after[path[-1]]:
        here = after[path[-1]].pop()
        if here in seen:
            first = seen[here]
            loops.append(path[first:])
            for vertex in path[first + 1 :]:
                del seen[vertex]
            del path[first + 1 :]
            if first == 0 and not after[here]:
                return
        else:
            seen[here] = len(path)
            path.append(here)


def fan_caps(loops: list[list[int]], first_new: int) -> tuple[NDArray[np.int64], list[list[int]]]:
    """Return triangles that close loops, and the loop of each new middle vertex; those are numbered from ``first_new``.

    A loop of three needs no middle.
    """
    rows: list[tuple[int, int, int]] = []
    middles: list[list[int]] = []
    for loop in loops:
        if len(loop) == 3:
            rows.append((loop[2], loop[1], loop[0]))
        elif len(loop) > 3:
            middle = first_new + len(middles)
            middles.append(loop)
            rows.extend((b, a, middle) for a, b in zip(loop, [*loop[1:], loop[0]], strict=True))
    return np.array(rows, np.int64).reshape(-1, 3), middles


def shells_of(faces: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return (F,) the shell of each face where shells touch along an edge that more than two faces have, else None.

    Faces are of one shell where they share an edge that no third face has.
    """
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    owner = np.tile(np.arange(len(faces)), 3)
    _, edge, count = np.unique(edges, axis=0, return_inverse=True, return_counts=True)
    if not (count > 2).any():
        return None
    order = np.argsort(edge.reshape(-1), kind="stable")
    starts = np.concatenate([[0], np.cumsum(count)[:-1]])[count == 2]
    a, b = owner[order[starts]], owner[order[starts + 1]]
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(len(faces), len(faces)))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)
