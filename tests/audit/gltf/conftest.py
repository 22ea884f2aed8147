"""Tiny files made in code, the conformance cases that stand beside the checkout, and the official validator."""

from __future__ import annotations

import base64
import importlib.util
import json
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from axis_core.audit.gltf import validate


REPOSITORY = Path(__file__).resolve().parents[3]

Asset = dict[str, Any]


def _asset(**members: Any) -> Asset:
    return {"asset": {"version": "2.0"}, **members}


def _codes(asset: Asset | bytes, **options: Any) -> list[tuple[str, str]]:
    data = asset if isinstance(asset, bytes) else json.dumps(asset).encode()
    return [
        (i.code, i.pointer if i.offset is None else str(i.offset))
        for i in validate(data, **options).issues
        if i.code != "UNUSED_OBJECT"
    ]


def _buffer(data: bytes) -> Asset:
    return {"byteLength": len(data), "uri": f"data:application/octet-stream;base64,{base64.b64encode(data).decode()}"}


def _points(attribute: str, accessor: Asset, data: bytes, target: int = 34962) -> Asset:
    """Return a file that draws points with one attribute, ``POSITION`` or another beside it, from some bytes."""
    positions = {"type": "VEC3", "componentType": 5126, "count": accessor["count"], "min": [0] * 3, "max": [1] * 3}
    attributes = {"POSITION": 0} if attribute == "POSITION" else {"POSITION": 1, attribute: 0}
    return _asset(
        meshes=[{"primitives": [{"attributes": attributes, "mode": 0}]}],
        accessors=[{"bufferView": 0, **accessor}, positions],
        bufferViews=[{"buffer": 0, "byteLength": len(data), "target": target}],
        buffers=[_buffer(data)],
    )


def _chunk(kind: bytes, data: bytes, length: int | None = None) -> bytes:
    return struct.pack("<I4s", len(data) if length is None else length, kind) + data


def _glb(*chunks: bytes, length: int | None = None, magic: bytes = b"glTF", version: int = 2) -> bytes:
    body = b"".join(chunks)
    return struct.pack("<4sII", magic, version, len(body) + 12 if length is None else length) + body


@pytest.fixture(scope="session")
def asset() -> Callable[..., Asset]:
    """Make a valid root with some members."""
    return _asset


@pytest.fixture(scope="session")
def codes() -> Callable[..., list[tuple[str, str]]]:
    """List code and pointer (or offset) of every finding but UNUSED_OBJECT."""
    return _codes


@pytest.fixture(scope="session")
def buffer() -> Callable[[bytes], Asset]:
    """Make a buffer with its bytes in a data URI."""
    return _buffer


@pytest.fixture(scope="session")
def points() -> Callable[..., Asset]:
    """Make a file that draws points."""
    return _points


@pytest.fixture(scope="session")
def chunk() -> Callable[..., bytes]:
    """Make a chunk of a GLB."""
    return _chunk


@pytest.fixture(scope="session")
def glb() -> Callable[..., bytes]:
    """Make a GLB of chunks."""
    return _glb


@pytest.fixture(scope="session")
def cases() -> Path:
    """The conformance cases of the official validator, read in place."""
    folder = REPOSITORY.parent / "shared" / "validator-cases"
    if not folder.is_dir():
        pytest.skip("the conformance cases are not beside this checkout")
    return folder


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
