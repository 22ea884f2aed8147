"""Which kind of body rigged characters are taken for, as they are and turned, scaled, mirrored, stretched and thinned.

    python -m benchmarks.bench_rig_kinds GT --split tune

``GT`` is a folder of rigged characters with a ``manifest.csv`` (columns path, split, archetype) and
``tools/rigdata.py``, the reader of their scorer. Prints a table of the
share taken rightly by variant, the drift of the joints against the same file left alone, and every wrong choice.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import sys
from pathlib import Path

import attrs
import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from axis_core.kernels.weld import weld
from axis_core.rig.placement import Placement, place


RIGHT = {
    "humanoid": {"humanoid"},
    "chibi": {"chibi"},
    "quadruped": {"quadruped"},
    "theropod": {"theropod"},
    "mech": {"walker", "humanoid", "chibi"},
    "fish": {"fish"},
    "insect": {"insect"},
    "spider": {"insect"},
    "creature": {"insect"},
    "serpent": {"serpent"},
}
"""Kinds that are right for an archetype of the manifest; machines on two legs may or may not have arms."""

Z_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])


@attrs.frozen
class Variant:
    """A linear change of the vertices, and the share of the faces that is kept."""

    matrix: np.ndarray
    kept: float = 1.0


def yaw(degrees: float) -> np.ndarray:
    """Return a turn about Y."""
    return Rotation.from_euler("y", degrees, degrees=True).as_matrix()


def variants() -> dict[str, Variant]:
    """Return what is done to each file, by name."""
    free = Rotation.random(2, random_state=7).as_matrix()
    return {
        "none": Variant(np.eye(3)),
        "z-up": Variant(Z_UP),
        "z-up yaw 90": Variant(Z_UP @ yaw(90)),
        "yaw 20": Variant(yaw(20)),
        "yaw 37": Variant(yaw(37)),
        "yaw 115": Variant(yaw(115)),
        "yaw 180": Variant(yaw(180)),
        "yaw 290": Variant(yaw(290)),
        "scale 100": Variant(100.0 * np.eye(3)),
        "mirrored": Variant(np.diag([-1.0, 1.0, 1.0])),
        "free 1": Variant(free[0]),
        "free 2": Variant(free[1]),
        "wide": Variant(np.diag([1.2, 1.0, 1.15])),
        "thin": Variant(np.diag([0.85, 1.0, 0.85])),
        "a tenth of the faces": Variant(np.eye(3), 0.1),
    }


def read_mesh(path: Path, tools: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return vertices and faces of a file in its bind pose, as the scorer reads them."""
    if str(tools) not in sys.path:
        sys.path.insert(0, str(tools))
    rig = importlib.import_module("rigdata").read_rig(path)
    return np.asarray(rig.vertices, np.float64), np.asarray(rig.faces, np.int64)


def thinned(vertices: np.ndarray, faces: np.ndarray, kept: float) -> tuple[np.ndarray, np.ndarray]:
    """Return a mesh clustered until about a share of its faces is left."""
    if kept >= 1.0:
        return vertices, faces
    vertices, faces = weld(vertices, faces, tolerance=1e-5 * float(np.ptp(vertices, axis=0).max()))
    low, size, goal = 1e-3, float(np.ptp(vertices, axis=0).max()), kept * len(faces)
    high, best = 0.5, (vertices, faces)
    for _ in range(12):
        cell = np.sqrt(low * high)
        _, group = np.unique(np.floor(vertices / (cell * size)).astype(np.int64), axis=0, return_inverse=True)
        few = group.ravel()[faces]
        few = np.unique(few[(few[:, 0] != few[:, 1]) & (few[:, 1] != few[:, 2]) & (few[:, 0] != few[:, 2])], axis=0)
        count = np.bincount(group.ravel())
        means = np.stack([np.bincount(group.ravel(), vertices[:, k]) / count for k in range(3)], axis=1)
        low, high = (cell, high) if len(few) > goal else (low, cell)
        best = (means, few)
    return best


def drift(placement: Placement, alone: Placement, matrix: np.ndarray) -> float:
    """Return the mean distance of the joints to the same of the file left alone, in percent of its extent."""
    back = placement.skeleton.positions @ np.linalg.inv(matrix).T
    still = alone.skeleton.positions
    extent = 1.0 / np.cbrt(abs(np.linalg.det(alone.frame[:3, :3])))
    away = (cKDTree(still).query(back)[0].mean() + cKDTree(back).query(still)[0].mean()) / 2.0
    return float(100.0 * away / extent)


def main() -> None:
    """Place every file of the split in every variant and print what it was taken for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", default="tune")
    parser.add_argument("--only", default="", help="comma list of variants")
    parser.add_argument("--files", default="", help="comma list of parts of file names")
    args = parser.parse_args()
    with (args.data / "manifest.csv").open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["split"] == args.split]
    rows = [row for row in rows if not args.files or any(part in row["path"] for part in args.files.split(","))]
    some = {name: v for name, v in variants().items() if not args.only or name in args.only.split(",")}
    right: dict[str, list[bool]] = {name: [] for name in some}
    away: dict[str, list[float]] = {name: [] for name in some}
    for row in rows:
        vertices, faces = read_mesh(args.data / row["path"], args.data / "tools")
        alone = place(vertices, faces)
        for name, variant in some.items():
            v, f = thinned(vertices, faces, variant.kept)
            placed = alone if name == "none" else place(v @ variant.matrix.T, f)
            right[name].append(placed.archetype in RIGHT[row["archetype"]])
            away[name].append(drift(placed, alone, variant.matrix))
            if not right[name][-1] or away[name][-1] > 2.0:
                best = sorted(placed.scores.items(), key=lambda item: -item[1])[:3]
                scores = ", ".join(f"{kind} {score:.2f}" for kind, score in best)
                sign = "" if right[name][-1] else "WRONG "
                print(f"  {sign}{Path(row['path']).stem}, {name}: {scores}; drift {away[name][-1]:.1f}", flush=True)
    print("| variant | files | kind right | drift mean, % | drift median, % |\n|---|---|---|---|---|")
    for name, values in right.items():
        means = f"{np.mean(away[name]):.2f} | {np.median(away[name]):.2f}"
        print(f"| {name} | {len(values)} | {np.mean(values):.3f} | {means} |")


if __name__ == "__main__":
    main()
