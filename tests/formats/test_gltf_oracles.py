"""Other readers see what this one sees: trimesh, pygltflib, and the Khronos validator's own cases."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pygltflib
import pytest
import trimesh

from axis_core.errors import AxisError
from axis_core.formats.gltf.read import read_gltf
from axis_core.formats.gltf.write import glb_bytes
from axis_core.model.scene import Scene


CASES = Path(__file__).resolve().parents[3] / "shared" / "validator-cases"
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
_DTYPES = {5121: "<u1", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WITHOUT_BYTES = "unused_objects.gltf"
"""Its buffer has no data at all, which is allowed where an extension gives it meaning."""


def plain_accessor(gltf: Any, binary: bytes, index: int) -> np.ndarray:
    """Return a tightly packed accessor, read in the simplest way."""
    item = gltf.accessors[index]
    view = gltf.bufferViews[item.bufferView]
    start = (view.byteOffset or 0) + (item.byteOffset or 0)
    width, dtype = _WIDTHS[item.type], np.dtype(_DTYPES[item.componentType])
    stride = view.byteStride or width * dtype.itemsize
    rows = [
        np.frombuffer(binary, dtype, width, start + stride * k) for k in (0, item.count // 2, item.count - 1)
    ]
    return np.array(rows)


def test_pygltflib_sees_the_same_numbers(character: Path) -> None:
    theirs = pygltflib.GLTF2().load_binary(str(character))
    binary = theirs.binary_blob()
    ours = read_gltf(character.read_bytes())
    assert [n.name or "" for n in theirs.nodes] == [n.name for n in ours.nodes]
    assert [m.name or "" for m in theirs.materials] == [m.name for m in ours.materials]
    assert [a.name or "" for a in theirs.animations] == [a.name for a in ours.animations]
    assert [tuple(s.joints) for s in theirs.skins] == [s.joints for s in ours.skins]
    primitives = [p for m in theirs.meshes for p in m.primitives]
    assert len(primitives) == len(ours.meshes)
    for primitive, mesh in zip(primitives, ours.meshes):
        for semantic, array in (
            ("POSITION", mesh.positions),
            ("NORMAL", mesh.normals),
            ("WEIGHTS_0", mesh.weights),
            ("JOINTS_0", mesh.joints),
        ):
            index = getattr(primitive.attributes, semantic)
            assert (index is None) == (array is None)
            if array is not None and theirs.accessors[index].componentType == 5126:
                picked = array[[0, len(array) // 2, -1]]
                assert np.array_equal(plain_accessor(theirs, binary, index), picked, equal_nan=True)
    for skin, other in zip(ours.skins, theirs.skins):
        matrices = plain_accessor(theirs, binary, other.inverseBindMatrices).reshape(3, 4, 4)
        n = len(skin.joints)
        assert np.array_equal(matrices.transpose(0, 2, 1), skin.inverse_bind[[0, n // 2, n - 1]])


def test_trimesh_sees_the_same_triangles_in_what_we_write(character: Path) -> None:
    scene = read_gltf(character.read_bytes())
    theirs = trimesh.load(io.BytesIO(glb_bytes(scene)), file_type="glb", process=False)
    assert sum(len(g.faces) for g in theirs.geometry.values()) == scene.n_triangles
    ours = sorted(np.sort(m.positions, axis=0).tobytes() for m in scene.meshes)
    others = [np.sort(np.asarray(g.vertices, np.float32), axis=0).tobytes() for g in theirs.geometry.values()]
    assert sorted(others) == ours


def cases() -> list[Path]:
    return sorted(p for p in CASES.rglob("*") if p.suffix in (".gltf", ".glb"))


@pytest.mark.skipif(not CASES.is_dir(), reason="the conformance cases are not beside the repository")
def test_every_conformance_case_is_a_scene_or_refused_and_good_ones_are_read() -> None:
    n_good = 0
    for path in cases():
        companions = {p.name: p.read_bytes() for p in path.parent.iterdir() if p.is_file()}.get
        n_errors = json.loads(Path(f"{path}.report.json").read_text())["issues"]["numErrors"]
        try:
            scene = read_gltf(path.read_bytes(), companions=companions)
        except AxisError:
            assert n_errors or path.name == WITHOUT_BYTES, f"{path.name} is good and was refused"
            continue
        n_good += n_errors == 0
        if _writable(scene):
            shown = {m for _, m in scene.instances()}  # what no node shows is not written
            assert read_gltf(glb_bytes(scene)).n_triangles == sum(scene.meshes[m].n_triangles for m in shown)
    assert n_good > 60


def _writable(scene: Scene) -> bool:
    return all(np.isfinite([*n.translation, *n.rotation, *n.scale]).all() for n in scene.nodes)
