"""Skin weights, deformation and surface queries: timings, and quality on the open characters.

    python -m pytest benchmarks/bench_skin_weights.py --benchmark-columns=median,iqr,rounds
    python benchmarks/bench_skin_weights.py quality --data GROUNDTRUTH [--split tune] [--method heat]
    python benchmarks/bench_skin_weights.py growth

The figure of the timings is made here: a body of tubes with 52 joints (hands with fingers), in any number of vertices.
``quality`` reads the folder of rigged characters and scores with its own metrics; nothing of it is kept.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from axis_core.kernels.bvh import build_bvh
from axis_core.kernels.closest import closest_points
from axis_core.kernels.deform import dual_quaternion, linear_blend
from axis_core.kernels.rays import cast_rays
from axis_core.kernels.skin_weights import skin_weights


Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def tube(a: Floats, b: Floats, radius: float, rings: int, around: int) -> tuple[Floats, Ints]:
    """A closed tube from a to b."""
    along = (b - a) / np.linalg.norm(b - a)
    side = np.cross(along, [0.31, 0.52, 0.79])
    side /= np.linalg.norm(side)
    turn = 2 * np.pi * np.arange(around) / around
    ring = radius * (np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * np.cross(along, side))
    points = np.concatenate([*(a + t * (b - a) + ring for t in np.linspace(0, 1, rings)), [a, b]])
    k = np.arange(around)
    n = (k + 1) % around
    last = rings * around
    faces = [np.stack([np.full(around, last), n, k], 1)]
    faces.append(np.stack([np.full(around, last + 1), last - around + k, last - around + n], 1))
    for r in range(rings - 1):
        p, q = r * around, (r + 1) * around
        faces += [np.stack([p + k, p + n, q + k], 1), np.stack([p + n, q + n, q + k], 1)]
    return points, np.concatenate(faces)


def skeleton() -> tuple[Floats, Ints, list[float]]:
    """52 joints of a human-like body in a T-pose, their parents, and the radius of the limb at each."""
    joints: list[list[float]] = []
    parents: list[int] = []
    radii: list[float] = []

    def add(parent: int, x: float, y: float, z: float, radius: float) -> int:
        joints.append([x, y, z])
        parents.append(parent)
        radii.append(radius)
        return len(joints) - 1

    spine = -1
    for y in (1.0, 1.1, 1.22, 1.34):
        spine = add(spine, 0, y, 0, 0.14)
    add(add(spine, 0, 1.48, 0, 0.06), 0, 1.56, 0.01, 0.1)
    for side in (1.0, -1.0):
        arm = spine
        for x, radius in ((0.05, 0.07), (0.18, 0.055), (0.45, 0.045), (0.7, 0.035)):
            arm = add(arm, side * x, 1.42, 0, radius)
        for finger in range(5):
            z, tip = 0.04 - 0.02 * finger, arm
            for x in (0.78, 0.81, 0.835):
                tip = add(tip, side * x, 1.42, z, 0.008)
        leg = 0
        for y, radius in ((0.95, 0.09), (0.52, 0.07), (0.09, 0.05)):
            leg = add(leg, side * 0.1, y, 0, radius)
        add(leg, side * 0.1, 0.02, 0.12, 0.04)
    return np.array(joints), np.array(parents), radii


def figure(n_vertices: int) -> tuple[Floats, Ints, Floats, Ints]:
    """A body of tubes, one a bone, with about ``n_vertices`` vertices."""
    joints, parents, radii = skeleton()
    bones = [i for i in range(len(joints)) if parents[i] >= 0]
    around = max(6, int(np.sqrt(n_vertices / len(bones) / 2)))
    rings = max(4, n_vertices // len(bones) // around)
    points, faces, at = [], [], 0
    for i in bones:
        a, b = joints[parents[i]], joints[i]
        p, f = tube(a, b + 0.2 * (b - a), radii[i], rings, around)
        points.append(p)
        faces.append(f + at)
        at += len(p)
    return np.concatenate(points), np.concatenate(faces), joints, parents


@pytest.mark.parametrize("n_vertices", [3_000, 13_000, 100_000, 1_000_000])
def test_skin_weights_of_52_joints(benchmark: Any, n_vertices: int) -> None:
    """Gates on two idle cores, warm: 13k 0.8 s, 100k 1.8 s, 1M 6 s."""
    inputs = figure(n_vertices)
    skin_weights(*inputs)
    benchmark.pedantic(skin_weights, args=inputs, rounds=5)


@pytest.mark.parametrize("method", ["heat", "voxel", "rigid"])
def test_methods_at_13k(benchmark: Any, method: str) -> None:
    """The three methods on one body."""
    inputs = figure(13_000)
    skin_weights(*inputs, method=method)
    benchmark.pedantic(skin_weights, args=inputs, kwargs={"method": method}, rounds=5)


@pytest.mark.parametrize("skin", [linear_blend, dual_quaternion])
def test_deform_700k_vertices(benchmark: Any, skin: Callable[..., Any]) -> None:
    """Position and normal, 4 influences, 60 joints."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(700_000, 3)).astype(np.float32)
    index = rng.integers(0, 60, (len(points), 4)).astype(np.uint16)
    weight = rng.dirichlet(np.ones(4), len(points)).astype(np.float32)
    matrices = np.tile(np.eye(4), (60, 1, 1))
    matrices[:, :3, 3] = rng.normal(size=(60, 3))
    skin(points, index, weight, matrices, normals=points)
    benchmark(skin, points, index, weight, matrices, normals=points)


def test_tree_of_200k_triangles(benchmark: Any) -> None:
    """Boxes by the surface area heuristic."""
    points, faces, _, _ = figure(100_000)
    build_bvh(points, faces)
    benchmark(build_bvh, points, faces)


def test_100k_closest_points_near_200k_triangles(benchmark: Any) -> None:
    """Queries a little off the surface, as in transfers."""
    points, faces, _, _ = figure(100_000)
    tree, queries = build_bvh(points, faces), points + 0.003
    closest_points(tree, queries)
    benchmark(closest_points, tree, queries)


def test_100k_rays_into_200k_triangles(benchmark: Any) -> None:
    """First hits of random rays from outside."""
    points, faces, _, _ = figure(100_000)
    rng = np.random.default_rng(0)
    tree, origins = build_bvh(points, faces), rng.normal(size=(100_000, 3)) * 2
    ways = points[rng.integers(0, len(points), 100_000)] - origins
    cast_rays(tree, origins, ways)
    benchmark(cast_rays, tree, origins, ways)


def growth() -> None:
    """Print seconds against vertices, and the exponent of a line through them."""
    rows = []
    for n in (3_000, 13_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000):
        inputs = figure(n)
        skin_weights(*inputs)
        wall, cpu = [], []
        for _ in range(3):
            w, c = time.perf_counter(), time.process_time()
            skin_weights(*inputs)
            wall.append(time.perf_counter() - w)
            cpu.append(time.process_time() - c)
        rows.append((len(inputs[0]), float(np.median(wall)), float(np.median(cpu))))
        print(f"{rows[-1][0]:9} vertices  wall {rows[-1][1]:7.3f} s  cpu {rows[-1][2]:7.3f} s", flush=True)
    table = np.log(np.array(rows))
    print(f"exponent of cpu over vertices: {np.polyfit(table[:, 0], table[:, 2], 1)[0]:.2f}")


def quality(data: Path, split: str, method: str) -> None:
    """Print L1, dominant agreement and posed error by archetype, beside the manifest's column for Blender."""
    sys.path.insert(0, str(data / "tools"))
    from rigdata import Rig, read_rig
    from run import files_of
    from scipy.sparse import csr_matrix
    from score import score
    from score import skeleton as true_skeleton

    groups: dict[str, list[tuple[float, ...]]] = {}
    print(f"{'file':36} {'L1':>6} {'dom':>6} {'posed':>6} {'s':>6}  Blender L1")
    for row in files_of(data, split):
        if row.get("heat_derived") == "1":
            continue
        rig = read_rig(data / row["path"])
        tree = true_skeleton(rig)
        kept = np.flatnonzero(tree.kept)
        place = {-1: -1, **{int(i): k for k, i in enumerate(kept)}}
        parents = np.array([place[int(tree.kept_parent(i))] for i in kept])
        start = time.perf_counter()
        index, weight = skin_weights(rig.vertices, rig.faces, rig.joints[kept], parents, method=method)  # type: ignore[arg-type]
        seconds = time.perf_counter() - start
        rows = np.repeat(np.arange(len(index)), index.shape[1])
        sparse = csr_matrix((weight.ravel(), (rows, index.ravel())), shape=(len(index), len(kept)))
        names = [rig.names[i] for i in kept]
        ours = Rig(rig.vertices, rig.faces, sparse, rig.joints[kept], parents, names, report={
            "unweighted": 0, "n_vertices": len(index), "bad_weights": 0, "max_influences": 4, "max_sum_error": 0.0})
        found = score(rig, ours)
        blender = float(row["blender_heat_L1"]) if row.get("blender_heat_L1") else np.nan
        numbers = (found["weights_l1"], found["dominant"], found["posed_mean"], seconds, blender)
        groups.setdefault(row["archetype"], []).append(numbers)
        print(f"{Path(row['path']).stem[:36]:36} " + " ".join(f"{x:6.3f}" for x in numbers), flush=True)
    print()
    for kind, found in [*sorted(groups.items()), ("all", [x for g in groups.values() for x in g])]:
        table = np.array(found)
        known = table[~np.isnan(table[:, 4]), 4]
        means = [*table[:, :4].mean(0), known.mean() if len(known) else np.nan]
        print(f"{kind:12} ({len(found):2}) " + " ".join(f"{x:6.3f}" for x in means))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("growth", "quality"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--split", default="tune", choices=("tune", "check", "all"))
    parser.add_argument("--method", default="heat", choices=("heat", "voxel", "rigid"))
    given = parser.parse_args()
    if given.what == "growth":
        growth()
    elif given.data is None:
        parser.error("quality needs --data, the folder of rigged characters")
    else:
        quality(given.data, given.split, given.method)
