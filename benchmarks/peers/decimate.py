"""Decimation, us against the peers in one run, as ratios; ``nox -s bench`` appends them as a dated row.

    python benchmarks/peers/decimate.py [--meshes torus:35000 my.npz ...] [--ratios 0.5 0.1 0.01] [--reps 5]
                                        [--append benchmarks/results/history.md]

All libraries take turns in one process on the same arrays (we, fast-simplification, meshoptimizer; we, ...), so that
what else the machine does meets all alike; a ratio is the median of the ratios of the turns. CPU seconds count all
threads. VTK runs once, for its error: ours is given over its.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import statistics
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from quality import topology, two_way
from runners import RUNNERS, Runner
from shapes import bumpy_torus, load


MESHES = ["torus:35000", "torus:300000", "torus:1000000"]
VTK_LIMIT = 700_000
"""Triangles beyond which VTK, some 13 s a million, is left out unless asked for by ``--vtk``."""
HEADER = (
    "| date | commit or version | cpus, load | mesh, ratio | CPU s | CPU / fast | CPU / meshopt | wall / fast "
    "| wall / meshopt | rms / VTK | rms / meshopt | non-manifold edges (ours / fast / meshopt) |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|\n"
)


def turn(run: Runner, v: NDArray[np.float64], f: NDArray[np.int32], target: int) -> tuple[float, float, Any]:
    """Return (wall, CPU, result) of one call on fresh copies."""
    a, b = v.copy(), f.copy()
    wall, cpu = time.perf_counter(), time.process_time()
    result = run(a, b, target)
    return time.perf_counter() - wall, time.process_time() - cpu, result


def compared(mesh: str, ratio: float, reps: int, with_vtk: bool) -> dict[str, Any]:
    """Return ratios of times and errors on one mesh."""
    v, f = load(mesh)
    target = round(len(f) * ratio)
    runners = {name: RUNNERS[name]() for name in ("axis", "fast", "meshopt")}
    small = bumpy_torus(4000)
    for run in runners.values():
        run(*small, 1000)
    walls: dict[str, list[float]] = {name: [] for name in runners}
    cpus: dict[str, list[float]] = {name: [] for name in runners}
    results: dict[str, Any] = {}
    for _ in range(reps):
        for name, run in runners.items():
            wall, cpu, results[name] = turn(run, v, f, target)
            walls[name].append(wall)
            cpus[name].append(cpu)
    if with_vtk:
        results["vtk"] = RUNNERS["vtk"]()(v, f, target)
    errors = {name: two_way(v, f, *result)[0] for name, result in results.items()}
    shapes = {name: topology(g, len(p)) for name, (p, g) in results.items()}

    def over(times: dict[str, list[float]], peer: str) -> float:
        return statistics.median(a / b for a, b in zip(times["axis"], times[peer], strict=True))

    return {
        "mesh": f"{mesh.removesuffix('.npz').split('/')[-1]} ({len(f)}), {ratio:g}",
        "cpu": statistics.median(cpus["axis"]),
        "cpu_fast": over(cpus, "fast"),
        "cpu_meshopt": over(cpus, "meshopt"),
        "wall_fast": over(walls, "fast"),
        "wall_meshopt": over(walls, "meshopt"),
        "rms_vtk": errors["axis"] / errors["vtk"] if with_vtk else None,
        "rms_meshopt": errors["axis"] / errors["meshopt"],
        "nonmanifold": " / ".join(str(shapes[n]["nonmanifold"]) for n in runners),
    }


def row(found: dict[str, Any]) -> str:
    """Return a line of the table."""
    vtk = "-" if found["rms_vtk"] is None else f"{found['rms_vtk']:.3f}"
    load_now = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"| {dt.datetime.now(dt.UTC):%Y-%m-%d} | {version('axis-avatars')} | {os.cpu_count()} "
        f"{platform.machine()}, {load_now:.1f} | {found['mesh']} | {found['cpu']:.3f} | {found['cpu_fast']:.2f} "
        f"| {found['cpu_meshopt']:.2f} | {found['wall_fast']:.2f} | {found['wall_meshopt']:.2f} | {vtk} "
        f"| {found['rms_meshopt']:.3f} | {found['nonmanifold']} |\n"
    )


def main() -> None:
    """Print the table, and append it to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meshes", nargs="+", default=MESHES)
    parser.add_argument("--ratios", nargs="+", type=float, default=[0.5, 0.1, 0.01])
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--vtk", action="store_true", help="also on meshes where it takes minutes")
    parser.add_argument("--append", type=Path, help="a Markdown file that gets the rows")
    options = parser.parse_args()
    print(HEADER, end="")
    lines = []
    for mesh in options.meshes:
        small = len(load(mesh)[1]) <= VTK_LIMIT
        for ratio in options.ratios:
            lines.append(row(compared(mesh, ratio, options.reps, small or options.vtk)))
            print(lines[-1], end="", flush=True)
    if options.append:
        start = "" if options.append.exists() else f"# Runs of `nox -s bench`\n\n{HEADER}"
        with options.append.open("a", encoding="utf-8") as out:
            out.write(start + "".join(lines))


if __name__ == "__main__":
    main()
