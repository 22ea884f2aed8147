"""``fill_holes``: boundary loops up to a size are closed with triangles between their own vertices.

No vertex is added, so normals, texture coordinates, weights and morphs need none. A border between two meshes that meet
(one part a material) is no hole; neither is one longer than the limit: a sleeve's end, the rim of a skirt.
"""

from __future__ import annotations

from collections import defaultdict

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.boundary import boundary_loops
from axis_core.kernels.weld import weld_vertices
from axis_core.model.scene import Scene
from axis_core.model.soup import Soup, scene_soup
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.plugin.options import between, option


__all__ = ["REPAIR", "Options", "triangulate_loop"]


@attrs.frozen(kw_only=True)
class Options:
    """Which holes."""

    max_edges: int = option(64, "most edges of a hole", validator=between(3, 1000))
    max_share: float = option(
        0.15, "largest extent of a hole, as a share of the whole's largest", validator=between(0.0, 1.0)
    )


def triangulate_loop(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the triangles (N - 2, 3) that close a loop of points (N, 3), as indices into it, by ear clipping.

    The loop is looked at along its mean normal (Newell's). Of the ears that hold no other point the one with the
    largest least angle goes first; where a twisted loop has no ear, the best corner goes.
    """
    n = len(points)
    following = np.roll(points, -1, axis=0)
    normal = np.cross(points, following).sum(axis=0)
    flat = _flattened(points, normal)
    left = list(range(n))
    out = []
    while len(left) > 3:
        scores = [_ear_score(flat, left, k) for k in range(len(left))]
        k = int(np.argmax(scores))
        out.append((left[k - 1], left[k], left[(k + 1) % len(left)]))
        del left[k]
    out.append((left[0], left[1], left[2]))
    return np.asarray(out, np.int64)


def _flattened(points: NDArray[np.float64], normal: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(normal))
    if length < 1e-300:
        normal, length = np.array([0.0, 0.0, 1.0]), 1.0
    normal = normal / length
    aside = np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))])
    aside /= np.linalg.norm(aside)
    return np.stack([points @ aside, points @ np.cross(normal, aside)], axis=1)


def _ear_score(flat: NDArray[np.float64], left: list[int], k: int) -> float:
    """The sine of the least angle for an ear, less than -1 for what is none."""
    a, b, c = flat[left[k - 1]], flat[left[k]], flat[left[(k + 1) % len(left)]]
    sides = np.stack([b - a, c - b, a - c])
    lengths = np.maximum(np.linalg.norm(sides, axis=1), 1e-300)
    area = float(sides[0, 0] * sides[1, 1] - sides[0, 1] * sides[1, 0])
    sine = area * float(lengths.min()) / float(lengths.prod())
    if area <= 0:
        return sine - 3.0
    others = flat[[v for i, v in enumerate(left) if i not in (k - 1 if k else len(left) - 1, k, (k + 1) % len(left))]]
    corners = np.stack([a, b, c])
    inside = np.ones(len(others), bool)
    for i in range(3):
        offset = others - corners[i]
        inside &= sides[i, 0] * offset[:, 1] - sides[i, 1] * offset[:, 0] > 0
    return sine - 2.0 if inside.any() else sine


def apply(scene: Scene, options: Options | None = None) -> RepairResult:
    """Close the holes of the whole scene."""
    given = options or Options()
    soup = scene_soup(scene)
    if not len(soup.faces) or not np.isfinite(soup.positions).all():
        return RepairResult(scene=scene)
    low, high = soup.bounds
    size = float((high - low).max())
    first, remap = weld_vertices(soup.positions, tolerance=1e-6 * size)
    points = soup.positions[first]
    faces = remap[soup.faces.astype(np.int64)]
    proper = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    caps: dict[int, list[NDArray[np.int64]]] = defaultdict(list)
    owners = _corner_rows(soup, faces)
    for loop in boundary_loops(faces[proper], len(points)):
        if len(loop) > given.max_edges or float(np.ptp(points[loop], axis=0).max()) > given.max_share * size:
            continue
        reverse = loop[::-1]  # a cap walks each border edge against its face
        home = _home(reverse, owners)
        if home is None:
            continue
        instance, vertices = home
        caps[instance].append(np.asarray(vertices, np.int64)[triangulate_loop(points[reverse])])
    return _with_caps(scene, soup, caps)


def _corner_rows(soup: Soup, faces: NDArray[np.int64]) -> dict[int, dict[int, int]]:
    """Welded vertex -> instance -> a row of the soup that stands there."""
    out: dict[int, dict[int, int]] = defaultdict(dict)
    instance = soup.vertex_instance
    for welded, row in zip(faces.reshape(-1).tolist(), soup.faces.reshape(-1).tolist()):
        out[welded].setdefault(int(instance[row]), row)
    return out


def _home(loop: NDArray[np.int64], owners: dict[int, dict[int, int]]) -> tuple[int, list[int]] | None:
    """The one instance that has all of the loop, and its rows; None where the loop runs over several."""
    common = set.intersection(*(set(owners[int(v)]) for v in loop))
    if not common:
        return None
    instance = min(common)
    return instance, [owners[int(v)][instance] for v in loop]


def _with_caps(scene: Scene, soup: Soup, caps: dict[int, list[NDArray[np.int64]]]) -> RepairResult:
    meshes = list(scene.meshes)
    changes = []
    for instance, parts in sorted(caps.items()):
        node, m = soup.instances[instance]
        added = np.concatenate(parts) - int(soup.starts[instance])
        if np.linalg.det(scene.bind_matrix(node)[:3, :3]) < 0:  # the soup turned them outward
            added = added[:, ::-1]
        meshes[m] = attrs.evolve(meshes[m], faces=np.concatenate([meshes[m].faces.astype(np.int64), added]))
        changes.append(f"{meshes[m].name or m}: closed {len(parts)} holes with {len(added)} triangles")
    if not changes:
        return RepairResult(scene=scene)
    return RepairResult(scene=attrs.evolve(scene, meshes=meshes), changes=tuple(changes))


REPAIR = Repair(
    name="fill_holes",
    summary="Caps boundary loops up to a size limit.",
    fixes=("MESH_BOUNDARY_EDGES",),
    apply=apply,
    options=Options,
    adds_surface=True,
)
