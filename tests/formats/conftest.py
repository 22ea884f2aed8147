"""Fixtures of the formats room: a builder for glTF documents, ground-truth files, the official validator."""

from __future__ import annotations

import base64
import importlib.util
import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from axis_core.formats.gltf.container import join_glb


REPOSITORY = Path(__file__).resolve().parents[2]
GROUNDTRUTH = sorted((REPOSITORY.parent / "shared" / "groundtruth").glob("*/*.glb"))
_CODES = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}
_KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}


class GltfBuilder:
    """A glTF document made by hand: every property as the test wants it, right or wrong."""

    def __init__(self) -> None:
        self.binary = b""
        self.json: dict[str, Any] = {"asset": {"version": "2.0"}, "accessors": [], "bufferViews": []}

    def view(self, data: bytes, **properties: Any) -> int:
        self.binary += bytes(-len(self.binary) % 4)
        self.json["bufferViews"].append(
            {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data), **properties}
        )
        self.binary += data
        return len(self.json["bufferViews"]) - 1

    def accessor(self, values: Any, dtype: str = "f4", *, kind: str = "", **properties: Any) -> int:
        array = np.ascontiguousarray(values, dtype="<" + dtype)
        array = array[:, None] if array.ndim == 1 else array
        item = {
            "bufferView": self.view(array.tobytes()),
            "componentType": _CODES[dtype],
            "count": len(array),
            "type": kind or _KINDS[array.shape[1]],
        }
        self.json["accessors"].append(item | properties)
        return len(self.json["accessors"]) - 1

    def triangle(self, **attributes: int) -> dict[str, Any]:
        """Return a primitive of one triangle, and show it if it is the first."""
        primitive = {"attributes": {"POSITION": self.accessor([[0, 0, 0], [1, 0, 0], [0, 1, 0]])} | attributes}
        self.json.setdefault("meshes", [{"primitives": []}])[0]["primitives"].append(primitive)
        self.json.setdefault("nodes", [{"mesh": 0}])
        return primitive

    def glb(self) -> bytes:
        document = {k: v for k, v in self.json.items() if v != []}
        if self.binary and "buffers" not in document:
            document["buffers"] = [{"byteLength": len(self.binary)}]
        return join_glb(json.dumps(document).encode(), self.binary)

    def gltf(self) -> bytes:
        uri = "data:application/octet-stream;base64," + base64.b64encode(self.binary).decode()
        document = {k: v for k, v in self.json.items() if v != []}
        if self.binary and "buffers" not in document:
            document["buffers"] = [{"byteLength": len(self.binary), "uri": uri}]
        return json.dumps(document).encode()


@pytest.fixture
def builder() -> GltfBuilder:
    return GltfBuilder()


@pytest.fixture
def png() -> bytes:
    """A PNG of one pixel."""
    from axis_core.testing.scenes import checker_png

    return checker_png(1)


def _parameter(k: int, path: Path | None) -> Any:
    """Every fifth character in the quick suite; all of them in the long one."""
    marks = [pytest.mark.conformance] if k % 5 else []
    return pytest.param(path, id=path.stem if path else "none", marks=marks)


@pytest.fixture(params=[_parameter(k, path) for k, path in enumerate(GROUNDTRUTH or [None])])
def character(request: pytest.FixtureRequest) -> Path:
    """Every rigged character in turn."""
    if request.param is None:
        pytest.skip("the ground truth is not beside the repository (../shared/groundtruth)")
    return request.param


def _harness() -> ModuleType:
    name = "gltf_validator"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, REPOSITORY / "tests" / "gltf_validator.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def official() -> Iterator[Any]:
    """The Khronos validator."""
    harness = _harness()
    script = harness.find_validator()
    if script is None:
        pytest.skip(f"{harness.VARIABLE} does not name the npm package gltf-validator")
    pytest.importorskip("py_mini_racer")
    validator = harness.GltfValidator(script)
    yield validator
    validator.close()


def png_header(width: int, height: int) -> bytes:
    """The first bytes of a PNG that says it is that large."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x06\0\0\0" + bytes(4)


@pytest.fixture
def huge_png() -> bytes:
    return png_header(100_000, 100_000)
