"""Rays by our own tree and by Embree: CPU seconds to build and to cast, and how many rays meet the same face.

python benchmarks/peers/rays.py [--sizes 100000 1000000] [--rays 200000]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from shapes import bumpy_torus

from axis_core.kernels.ray_scene import RayScene


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--rays", type=int, default=200_000)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    origins = rng.normal(size=(options.rays, 3))
    origins *= 3.0 / np.linalg.norm(origins, axis=1, keepdims=True)
    directions = rng.uniform(-1.2, 1.2, size=origins.shape) - origins
    for use_embree in (False, True):  # compiled and loaded before anything is timed
        RayScene.of(*bumpy_torus(4000), use_embree=use_embree).cast(origins[:9], directions[:9])
    print("| triangles | ours: build / cast | embree: build / cast | same face |\n|---|---|---|---|")
    for size in options.sizes:
        mesh = bumpy_torus(size)
        cells, faces = [], []
        for use_embree in (False, True):
            start = time.process_time()
            scene = RayScene.of(*mesh, use_embree=use_embree)
            scene.cast(origins[:1], directions[:1])  # Embree builds what it walks through at the first ray
            built = time.process_time()
            faces.append(scene.cast(origins, directions).faces)
            cells.append(f"{built - start:.3f} / {time.process_time() - built:.3f}")
        print(f"| {size} | {cells[0]} | {cells[1]} | {(faces[0] == faces[1]).mean():.6f} |", flush=True)


if __name__ == "__main__":
    main()
