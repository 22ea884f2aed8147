"""Compare what consumers found with what was exported, and print one line a platform and consumer.

    python benchmarks/consumers/compare.py OUT [CONSUMER ...]

Names and counts must be equal; positions are compared point to nearest point both ways, for importers weld and split
vertices as they like. assimp reads here, in this process, where the plugin axis-importer-assimp is installed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from export_all import expectation
from numpy.typing import NDArray
from scipy.spatial import cKDTree

import axis_core
from axis_core.model.scene import Scene


Found = tuple[dict[str, Any], dict[str, NDArray[Any]]]
EXACT = ("joints", "triangles", "morphs", "clips")
POSITIONS = 1e-4
"""Largest distance that counts as equal, of the height."""
WEIGHTS = 1e-3
"""Largest difference of a joint's weights, of the sum of all."""
GODOT_BOUNDS = 1e-3
"""Largest distance between bounds that counts as equal, of the height."""


def blender(stem: Path) -> Found:
    """Return what ``read_blender.py`` left."""
    with np.load(stem.with_name(stem.name + ".blender.npz")) as archive:
        return json.loads(str(archive["told"])), {k: archive[k] for k in archive.files if k != "told"}


def three(stem: Path) -> Found:
    """Return what ``read_three.mjs`` left."""
    told = json.loads(stem.with_name(stem.name + ".three.json").read_text())
    arrays = {k: np.array(told.pop(k), np.float64).reshape(-1, 3) for k in ("rest", "posed") if k in told}
    return told, arrays


def godot(stem: Path) -> Found:
    """Return what ``read_godot.gd`` printed; it gives bounds and no vertices."""
    lines = (stem.parent / "godot.txt").read_text().splitlines()
    rows = [json.loads(line.removeprefix("FOUND ")) for line in lines]
    row = next(r for r in rows if r["file"] == stem.name + ".glb")
    row["joints"] = sorted(plain(n) for n in row["joints"])
    row["joint_positions"] = {plain(n): p for n, p in row["joint_positions"].items()}
    row["morphs"] = sorted(row["morphs"])
    row["clips"] = sorted(row["clips"])
    return row, {}


def assimp(stem: Path) -> Found:
    """Return what assimp makes of the file."""
    from axis_importer_assimp.convert import convert_scene
    from axis_importer_assimp.library import import_bytes

    data = stem.with_name(stem.name + ".glb").read_bytes()
    scene, _ = convert_scene(import_bytes(data, "glb"), "glb")
    host = axis_core.default_host()
    writer = host.format("glb").write
    assert writer is not None
    return expectation(writer(attrs.evolve(scene, name=stem.name), name=stem.name)[0].data, f"{stem.name}.glb")


CONSUMERS: dict[str, Callable[[Path], Found]] = {
    "assimp": assimp,
    "blender": blender,
    "godot": godot,
    "three": three,
}


def as_godot_says(told: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """Return an expectation as Godot 3 can meet it.

    It writes the names of bones in snake case, and makes nodes between joints bones as well. What hangs on a bone
    without a skin it puts there when the scene runs, which it does not here: such characters are compared without
    their bounds.
    """
    out = dict(told)
    out["joints"] = sorted({plain(n) for n in told["joints"]} | between_joints(scene))
    out["joint_positions"] = {plain(n): p for n, p in told["joint_positions"].items()}
    out["hangs"] = any(n.meshes and n.skin is None for n in scene.nodes)
    return out


def between_joints(scene: Scene) -> set[str]:
    """Return the plain names of nodes that stand between two joints."""
    joints = {j for s in scene.skins for j in s.joints}
    out = set()
    for joint in joints:
        path, up = [], scene.nodes[joint].parent
        while up is not None and up not in joints:
            path.append(up)
            up = scene.nodes[up].parent
        if up is not None:
            out |= {plain(scene.nodes[n].name) for n in path}
    return out


def plain(name: str) -> str:
    """Return the letters and digits of a name, without case: Godot 3 keeps no dots and hyphens either."""
    return "".join(c for c in name if c.isalnum()).lower()


def apart(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Return the largest distance from a point of one set to the nearest of the other, both ways (Hausdorff)."""
    if not len(a) or not len(b):
        return float("inf")
    return float(max(cKDTree(a).query(b)[0].max(), cKDTree(b).query(a)[0].max()))


def differences(expected: Found, found: Found) -> Iterator[tuple[str, str]]:
    """Yield (what, how) for everything that is not as it was exported."""
    told, arrays = expected
    seen, points = found
    height = told["high"][1] - told["low"][1]
    for key in EXACT:
        if key in seen and seen[key] != told[key]:
            lost, added = _difference(told[key], seen[key])
            yield key, f"missing {lost}, more {added}"
    for key in arrays.keys() & points.keys():
        distance = apart(arrays[key], points[key]) / height
        if distance > POSITIONS:
            yield key, f"{distance:.2g} of the height"
    for name, place in told["joint_positions"].items():
        there = seen["joint_positions"].get(name)
        if there is not None and np.abs(np.subtract(there, place)).max() > POSITIONS * height:
            yield "joint position", f"{name}: {np.abs(np.subtract(there, place)).max() / height:.2g} of the height"
            break
    if "weights" in seen:
        total = sum(told["weights"].values()) or 1.0
        worst = max((abs(seen["weights"].get(k, 0.0) - v) for k, v in told["weights"].items()), default=0.0) / total
        if worst > WEIGHTS:
            yield "weights", f"{worst:.2g} of all"
    if seen.get("low") is not None and not points and not told.get("hangs"):
        off = np.abs(np.subtract([seen["low"], seen["high"]], [told["low"], told["high"]])).max() / height
        if off > GODOT_BOUNDS:
            yield "bounds", f"{off:.2g} of the height"


def _difference(told: Any, seen: Any) -> tuple[Any, Any]:
    if isinstance(told, list):
        return sorted(set(told) - set(seen))[:4], sorted(set(seen) - set(told))[:4]
    return told - seen if told > seen else 0, seen - told if seen > told else 0


def check_contract(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield where the record of an avatar and its files disagree: bytes, levels, joints, morphs, size."""
    contract = json.loads((folder / f"{name}.contract.json").read_text())
    told = json.loads((folder / f"{name}.json").read_text())
    for row in contract["files"]:
        path = folder / row["name"]
        if path.suffix == ".glb" and path.stat().st_size != row["bytes"]:
            yield "contract", f"{row['name']} has {path.stat().st_size} bytes, the record says {row['bytes']}"
    levels = sorted(folder.glob(f"{name}_LOD?.glb"))
    if 1 + len(levels) != len(contract["lods"]):
        yield "contract", f"{1 + len(levels)} levels, the record says {len(contract['lods'])}"
    height = told["high"][1] - told["low"][1]
    if abs(height - contract["mesh"]["height_m"]) > 1e-4 * height:
        yield "contract", f"{height:.4f} m, the record says {contract['mesh']['height_m']}"


def main(out: Path, consumers: Sequence[str]) -> int:
    """Print the table and return how many differences there were."""
    rows: dict[tuple[str, str], list[int]] = {}
    worst: dict[tuple[str, str], float] = {}
    problems = []
    for path in sorted(out.glob("*/*.glb")):
        stem = path.with_suffix("")
        told = json.loads(stem.with_name(stem.name + ".json").read_text())
        with np.load(stem.with_name(stem.name + ".npz")) as archive:
            expected = told, {k: archive[k] for k in archive.files}
        for consumer, read in ((c, CONSUMERS[c]) for c in consumers):
            found = read(stem)
            wanted = expected
            if consumer == "godot":
                wanted = as_godot_says(told, axis_core.read(path)), expected[1]
            bad = list(differences(wanted, found))
            row = rows.setdefault((path.parent.name, consumer), [0, 0])
            row[0] += 1
            row[1] += not bad
            problems += [f"{path.parent.name}/{stem.name} {consumer}: {what}: {how}" for what, how in bad]
            if "posed" in expected[1] and "posed" in found[1]:
                height = told["high"][1] - told["low"][1]
                distance = apart(expected[1]["posed"], found[1]["posed"]) / height
                worst[path.parent.name, consumer] = max(worst.get((path.parent.name, consumer), 0.0), distance)
        if "_LOD" not in stem.name:
            found_in_record = check_contract(path.parent, stem.name)
            problems += [f"{path.parent.name}/{stem.name}: {what}: {how}" for what, how in found_in_record]
    sys.stdout.write("| platform | consumer | files | as exported | posed, largest distance |\n")
    sys.stdout.write("| --- | --- | ---: | ---: | ---: |\n")
    for (platform, consumer), (n, good) in rows.items():
        distance = worst.get((platform, consumer))
        shown = "no clips" if distance is None else f"{distance:.1e}"
        sys.stdout.write(f"| {platform} | {consumer} | {n} | {good} | {shown} |\n")
    sys.stdout.writelines(f"{line}\n" for line in problems)
    return len(problems)


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1]), sys.argv[2:] or sorted(CONSUMERS)) else 0)
