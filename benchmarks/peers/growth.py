"""Growth: time and peak memory from 10k to 4M triangles, the fitted exponent, and what a first call costs.

    python benchmarks/peers/growth.py [--sizes 10000 ... 4000000] [--ratio 0.1] [--backends axis fast meshopt]
    python benchmarks/peers/growth.py --first-calls

Every point of the curve is a process of its own: warmed up on a small mesh, then the median of three calls; peak is how
much the resident set grew (Linux). The exponent is the slope of log time over log triangles. ``--first-calls`` compiles
into an empty cache folder, then loads from it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from runners import RUNNERS
from shapes import bumpy_torus


SIZES = [10_000, 30_000, 100_000, 300_000, 1_000_000, 4_000_000]
FIRST_CALLS = {
    "weld": "from axis_core.kernels.weld import weld_vertices as k; k(V)",
    "normals": "from axis_core.kernels.normals import vertex_normals as k; k(V, F)",
    "decimate": "from axis_core.kernels.decimate import decimate as k; k(V, F, 200)",
    "decimate_mesh": "from axis_core.kernels.decimate import decimate_mesh as k; k(V, F, 200)",
    "closest points": "from axis_core.kernels.bvh import build_bvh as b; "
    "from axis_core.kernels.closest import closest_points as k; k(b(V, F), V)",
    "rays": "from axis_core.kernels.bvh import build_bvh as b; "
    "from axis_core.kernels.rays import cast_rays as k; k(b(V, F), V, V)",
    "winding": "from axis_core.kernels.winding import winding_numbers as k; k(V, F, V[:9])",
    "skin weights": "from axis_core.kernels.skin_weights import skin_weights as k; k(V, F, V[:2], np.array([-1, 0]))",
    "skinning": "from axis_core.kernels.deform import linear_blend as k; "
    "k(V, np.zeros((len(V), 4), np.uint16), np.full((len(V), 4), 0.25), np.eye(4)[None])",
    "fingerprint": "from axis_core.kernels.fingerprint import fingerprint as k; k(V, F)",
    "bake": "from axis_core.kernels.bake import texels_of as k; k(V[:, :2], F, 64, 64)",
}


def resident_mb(key: str) -> float:
    """Return a line of /proc/self/status in MB; NaN on other systems."""
    path = Path("/proc/self/status")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(key)), float("nan"))


def point(backend: str, size: int, ratio: float) -> dict[str, float]:
    """Return one point of a curve, measured in this process."""
    run = RUNNERS[backend]()
    run(*bumpy_torus(4000), 1000)
    v, f = bumpy_torus(size)
    before = resident_mb("VmRSS")
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")
    cpus, walls = [], []
    peak = float("nan")
    for k in range(3):
        wall, cpu = time.perf_counter(), time.process_time()
        run(v, f, round(len(f) * ratio))
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        peak = resident_mb("VmHWM") - before if k == 0 else peak
    return {"n": len(f), "cpu": statistics.median(cpus), "wall": statistics.median(walls), "peak": peak}


def child(code: str, environment: dict[str, str] | None = None) -> str:
    """Return what a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=Path(__file__).parent,
    )
    return done.stdout


def curves(options: argparse.Namespace) -> None:
    """Print a table a backend and the exponents."""
    print("| backend | " + " | ".join(f"{n:,}" for n in options.sizes) + " | exponent, CPU |")
    print("|---" * (len(options.sizes) + 2) + "|")
    for backend in options.backends:
        code = "import json, growth; print(json.dumps(growth.point({!r}, {}, {})))"
        points = [json.loads(child(code.format(backend, n, options.ratio))) for n in options.sizes]
        slope = np.polyfit(np.log([p["n"] for p in points]), np.log([p["cpu"] for p in points]), 1)[0]
        cells = " | ".join(f"{p['cpu']:.3f} / {p['wall']:.3f} s, {p['peak']:.0f} MB" for p in points)
        print(f"| {backend} | {cells} | {slope:.2f} |", flush=True)


def first_calls() -> None:
    """Print seconds of CPU to compile a kernel on an empty cache, and to load it."""
    print("| kernel | compile s | load s |\n|---|---|---|")
    setting = (
        "import time, numpy as np; from shapes import bumpy_torus; V, F = bumpy_torus(800); "
        "import axis_core.kernels.cpu.jit; t = time.process_time(); {}; print(time.process_time() - t)"
    )
    calls = {**FIRST_CALLS, "all in one process": "; ".join(FIRST_CALLS.values())}
    for name, call in calls.items():
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "AXIS_CACHE_DIR": folder}
            environment.pop("NUMBA_CACHE_DIR", None)
            times = [float(child(setting.format(call), environment)) for _ in range(2)]
        print(f"| {name} | {times[0]:.2f} | {times[1]:.2f} |", flush=True)


def main() -> None:
    """Print the curves or the first calls."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    parser.add_argument("--ratio", type=float, default=0.1)
    parser.add_argument("--backends", nargs="+", default=["axis", "fast", "meshopt"])
    parser.add_argument("--first-calls", action="store_true")
    options = parser.parse_args()
    if options.first_calls:
        first_calls()
    else:
        curves(options)


if __name__ == "__main__":
    main()
