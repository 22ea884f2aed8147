"""Decimation with attributes against meshoptimizer's, in one run: time, geometric and attribute error.

    python benchmarks/peers/decimate_attributes.py MESH [MESH ...] [--reps 5] [--ratios 0.5 0.1 0.01]

A mesh is ``torus:N`` or an .npz with ``v`` (V, 3) and ``f`` (F, 3). It gets smooth normals, eight UV charts (octants of
its bounding box, so every chart border is a seam with doubled vertices) and four skin influences from 24 joints.
meshoptimizer gets positions, UVs, normals and the weights of the 24 joints as 29 floats a vertex through
``simplifyWithUpdate``. Both start from the same arrays; both sides' attributes are compared with those of the input at
points sampled on the input, at the closest point of the result. Both take turns; numbers are medians. Needs almeshopt.
"""

from __future__ import annotations

import argparse
import ctypes
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from runners import meshopt_library
from shapes import load

from axis_core.kernels.bvh import build_bvh
from axis_core.kernels.closest import closest_points
from axis_core.kernels.decimate import VertexAttributes, decimate_mesh
from axis_core.kernels.normals import vertex_normals


N_JOINTS = 24
Result = tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def dressed(v: NDArray[np.float64], f: NDArray[np.int64]) -> tuple[NDArray[np.float64], ...]:
    """Return (positions, faces, uvs, normals, dense skin weights) with vertices split where charts meet."""
    low, high = v.min(axis=0), v.max(axis=0)
    unit = (v - low) / (high - low).max()
    octant = ((v[f].mean(axis=1) > (low + high) / 2) * [1, 2, 4]).sum(axis=1)
    pairs, index = np.unique(f.ravel() * 8 + np.repeat(octant, 3), return_inverse=True)
    vertex, chart = pairs // 8, pairs % 8
    p = unit[vertex]
    uv = 0.25 * (p[:, :2] + 0.2 * p[:, 2:] ** 2) + 0.5 * np.stack([chart & 1, (chart >> 1) & 1], axis=1)
    joints = np.random.default_rng(0).random((N_JOINTS, 3)) * unit.max(axis=0)
    near = np.exp(-((unit[:, None] - joints) ** 2).sum(axis=2) * 40)
    near[near < np.sort(near, axis=1)[:, [-4]]] = 0.0
    skin = near / near.sum(axis=1, keepdims=True)
    return v[vertex], index.reshape(-1, 3), uv, vertex_normals(v, f)[vertex], skin[vertex]


def ours(mesh: tuple[NDArray[np.float64], ...], target: int) -> Result:
    """Run `decimate_mesh` and spread its skin over the joints."""
    positions, faces, uv, normals, joints, weights = mesh
    out = decimate_mesh(
        positions,
        faces,
        target,
        attributes=VertexAttributes(normals=normals, uvs=(uv,), joints=joints, weights=weights),
    )
    skin = np.zeros((len(out.positions), N_JOINTS))
    np.put_along_axis(skin, np.asarray(out.attributes.joints), np.asarray(out.attributes.weights), axis=1)
    return out.positions, out.faces, np.asarray(out.attributes.uvs[0]), np.asarray(out.attributes.normals), skin


def meshopt() -> Callable[[tuple[NDArray[np.float64], ...], int], Result]:
    """Return a runner of ``meshopt_simplifyWithUpdate`` from the almeshopt wheel."""
    library = meshopt_library()
    p, s, real, u = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_float, ctypes.c_uint
    library.meshopt_simplifyWithUpdate.restype = s
    library.meshopt_simplifyWithUpdate.argtypes = [p, s, p, s, s, p, s, p, s, p, s, real, u, p]

    def run(mesh: tuple[NDArray[np.float64], ...], target: int) -> Result:
        positions, faces, uv, normals, skin = mesh
        pos = np.array(positions, np.float32, order="C")
        index = np.array(faces, np.uint32, order="C").ravel()
        values = np.concatenate([uv, normals, skin], axis=1).astype(np.float32)
        factors = np.array([1.0] * 2 + [0.5] * 3 + [0.5] * N_JOINTS, np.float32)
        error = ctypes.c_float()
        n = library.meshopt_simplifyWithUpdate(
            index.ctypes.data, index.size, pos.ctypes.data, len(pos), 12, values.ctypes.data, 4 * values.shape[1],
            factors.ctypes.data, values.shape[1], None, 3 * target, 1e30, 0, ctypes.byref(error),
        )  # fmt: skip
        used, kept = np.unique(index[:n], return_inverse=True)
        got = values[used].astype(float)
        return pos[used].astype(float), kept.reshape(-1, 3), got[:, :2], got[:, 2:5], got[:, 5:]

    return run


def sampled(
    v: NDArray[np.float64], f: NDArray[np.int64], n: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return (face, barycentric weights) of points spread by area."""
    rng = np.random.default_rng(seed)
    area = np.linalg.norm(np.cross(v[f[:, 1]] - v[f[:, 0]], v[f[:, 2]] - v[f[:, 0]]), axis=1)
    face = np.searchsorted(np.cumsum(area), rng.random(n) * area.sum()).clip(0, len(f) - 1)
    a, b = np.sqrt(rng.random(n)), rng.random(n)
    return face, np.stack([1 - a, a * (1 - b), a * b], axis=1)


def closest(v: NDArray[np.float64], f: NDArray[np.int64], q: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return (distance, face, barycentric weights) of the closest points."""
    hit = closest_points(build_bvh(v, f), q)
    return hit.distances, hit.faces, hit.barycentric


def at(
    values: NDArray[np.float64], f: NDArray[np.int64], face: NDArray[np.int64], w: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return values interpolated at points on faces."""
    return np.einsum("nk,nkc->nc", w, values[f[face]])


def errors(mesh: tuple[NDArray[np.float64], ...], result: Result) -> dict[str, float]:
    """Return two-way RMS distance (1e-6 diagonals), RMS UV error (1e-3), mean normal angle (deg), mean skin L1."""
    v, f, uv, normals, skin = mesh
    p, kept, uv_out, normals_out, skin_out = result
    scale = 1.0 / np.linalg.norm(np.ptp(v, axis=0))
    face, w = sampled(v, f, 100_000, 1)
    there, hit, hw = closest(p * scale, kept, at(v, f, face, w) * scale)
    other, ow = sampled(p, kept, 100_000, 2)
    back, _, _ = closest(v * scale, f, at(p, kept, other, ow) * scale)
    uv_error = np.linalg.norm(at(uv_out, kept, hit, hw) - at(uv, f, face, w), axis=1)
    same_chart = uv_error < 0.2  # beside a seam the closest point may lie across it, for either of the two
    n0, n1 = at(normals, f, face, w), at(normals_out, kept, hit, hw)
    cosine = np.einsum("nc,nc->n", n0, n1) / np.maximum(np.linalg.norm(n0, axis=1) * np.linalg.norm(n1, axis=1), 1e-12)
    return {
        "rms": 1e6 * max(np.sqrt((there**2).mean()), np.sqrt((back**2).mean())),
        "uv": 1e3 * np.sqrt((uv_error[same_chart] ** 2).mean()),
        "across": 1e2 * (1 - same_chart.mean()),
        "normal": np.degrees(np.arccos(np.clip(cosine, -1, 1))).mean(),
        "skin": np.abs(at(skin_out, kept, hit, hw) - at(skin, f, face, w)).sum(axis=1).mean(),
    }


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("meshes", nargs="+")
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--ratios", nargs="+", type=float, default=[0.5, 0.1, 0.01])
    options = parser.parse_args()
    peer = meshopt()
    print("| mesh, ratio | | wall s | CPU s | faces | rms e-6 | UV e-3 | across seam % | normal deg | skin L1 |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for path in options.meshes:
        v, f = load(path)
        mesh = dressed(v, f.astype(np.int64))
        joints = np.argsort(-mesh[4], axis=1)[:, :4]
        sparse = (*mesh[:4], joints, np.take_along_axis(mesh[4], joints, axis=1))
        sides = (("AXIS", ours, sparse), ("meshopt", peer, mesh))
        for ratio in options.ratios:
            target = round(len(mesh[1]) * ratio)
            results = {name: run(given, target) for name, run, given in sides}
            walls: dict[str, list[float]] = {name: [] for name in results}
            cpus: dict[str, list[float]] = {name: [] for name in results}
            for _ in range(options.reps):
                for name, run, given in sides:
                    wall, cpu = time.perf_counter(), time.process_time()
                    run(given, target)
                    walls[name].append(time.perf_counter() - wall)
                    cpus[name].append(time.process_time() - cpu)
            for name, result in results.items():
                e = errors(mesh, result)
                print(
                    f"| {Path(path).stem} {len(mesh[1])}, {ratio} | {name} | {np.median(walls[name]):.3f} "
                    f"| {np.median(cpus[name]):.3f} | {len(result[1])} | {e['rms']:.1f} | {e['uv']:.2f} "
                    f"| {e['across']:.2f} | {e['normal']:.2f} | {e['skin']:.4f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
