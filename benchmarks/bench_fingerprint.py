"""Fingerprints: timings, and how altered copies of the open characters are told from other characters.

    python -m pytest benchmarks/bench_fingerprint.py --benchmark-columns=median,iqr,rounds
    python benchmarks/bench_fingerprint.py --data GROUNDTRUTH

The second command makes seven altered copies of every GLB in the folder, looks each up among the originals and prints
the distances as a table in Markdown.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fast_simplification
import numpy as np
import pytest
from numpy.typing import NDArray

import axis_core
from axis_core.kernels.decimate import decimate_mesh
from axis_core.kernels.fingerprint import FINGERPRINT_SIZE, SAME_SHAPE_DISTANCE, distance, fingerprint
from axis_core.model.soup import scene_soup


Shape = tuple[NDArray[np.float64], NDArray[np.int64]]


def waved_grid(n_triangles: int) -> Shape:
    """Return a waved sheet of about so many triangles."""
    n = max(2, int((n_triangles / 2) ** 0.5))
    x, z = np.meshgrid(np.linspace(0, 1, n + 1), np.linspace(0, 1, n + 1))
    positions = np.stack([x, 0.1 * np.sin(9 * x) * np.cos(7 * z), z], -1).reshape(-1, 3)
    i = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    return positions, np.concatenate([np.stack([i, i + n + 1, i + 1], 1), np.stack([i + 1, i + n + 1, i + n + 2], 1)])


@pytest.mark.parametrize("n_triangles", [10_000, 100_000, 1_000_000])
def bench_fingerprint(benchmark: Any, n_triangles: int) -> None:
    v, f = waved_grid(n_triangles)
    benchmark(fingerprint, v, f)


def bench_search_10k(benchmark: Any) -> None:
    table = np.random.default_rng(0).random((10_000, FINGERPRINT_SIZE)).astype(np.float32)
    benchmark(lambda: int(np.argmin(distance(table[7], table))))


def welded(v: NDArray[np.float64], f: NDArray[np.int64]) -> Shape:
    """Return the shape with equal positions made one and the triangles that collapse left out."""
    unique, inverse = np.unique(np.round(v, 6), axis=0, return_inverse=True)
    faces = inverse.reshape(-1)[f]
    keep = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    return unique, faces[keep]


def altered(v: NDArray[np.float64], f: NDArray[np.int64], rng: np.random.Generator) -> Iterator[tuple[str, Shape]]:
    """Yield altered copies with their names."""
    q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    q *= np.sign(np.linalg.det(q))
    extent = float(np.linalg.norm(np.ptp(v, axis=0)))
    order = rng.permutation(len(v))
    yield "turned, scaled, shuffled", ((v @ q.T * 3.7 + 5)[order], np.argsort(order)[rng.permutation(f)])
    yield "triangles split apart", (v[f].reshape(-1, 3), np.arange(3 * len(f)).reshape(-1, 3))
    yield "rounded to 1/2000 of the extent", (np.round(v / extent * 2000) * extent / 2000, f)
    half = decimate_mesh(v, f, len(f) // 2)
    yield "50 % (ours), turned", (half.positions @ q.T, half.faces)
    points, faces = welded(v, f)
    simple = fast_simplification.simplify(points.astype(np.float32), faces.astype(np.int32), target_count=len(f) // 2)
    yield "50 % (fast-simplification), turned", (simple[0].astype(float) @ q.T, simple[1])
    yield "vertices shaken by 0.1 % of the extent", (points + rng.normal(size=points.shape) * extent * 1e-3, faces)
    quarter = decimate_mesh(v, f, len(f) // 4)
    yield "25 % (ours): not promised", (quarter.positions, quarter.faces)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    files = sorted(parser.parse_args().data.rglob("*.glb"))
    table: list[NDArray[np.float32]] = []
    copies: dict[str, list[NDArray[np.float32]]] = {}
    for k, path in enumerate(files):
        soup = scene_soup(axis_core.read(path))
        v, f = np.asarray(soup.positions, float), np.asarray(soup.faces, np.int64)
        f = f[np.isfinite(v).all(1)[f].all(1)]
        table.append(fingerprint(v, f))
        for name, shape in altered(v, f, np.random.default_rng(k)):
            copies.setdefault(name, []).append(fingerprint(*shape))
    originals = np.stack(table)
    between = distance(originals[:, None], originals[None])
    np.fill_diagonal(between, np.inf)
    print(f"{len(files)} characters, nearest two {between.min():.4f} apart, threshold {SAME_SHAPE_DISTANCE}\n")
    print("| copy | found | false | median | p95 | max | nearest wrong |\n|---|---|---|---|---|---|---|")
    for name, prints in copies.items():
        d = distance(np.stack(prints)[:, None], originals[None])
        own = np.diag(d).copy()
        np.fill_diagonal(d, np.inf)
        found, false = (own < SAME_SHAPE_DISTANCE).sum(), (d < SAME_SHAPE_DISTANCE).sum()
        numbers = f"{np.median(own):.4f} | {np.quantile(own, 0.95):.4f} | {own.max():.4f} | {d.min():.4f}"
        print(f"| {name} | {found}/{len(own)} | {false} | {numbers} |")


if __name__ == "__main__":
    main()
