"""The numbers in the buffers are checked exactly as engines will read them."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from axis_core.audit.gltf import validate


Codes = Callable[..., list[tuple[str, str]]]
MakeAsset = Callable[..., dict[str, Any]]
NAN = float("nan")


def _floats(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def _vectors(count: int, **more: Any) -> dict[str, Any]:
    return {"type": "VEC3", "componentType": 5126, "count": count, **more}


@given(arrays(np.float32, (5, 3), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)))
@settings(max_examples=60, deadline=None)
def test_true_bounds_are_accepted_and_bounds_off_by_one_float_are_not(positions: np.ndarray) -> None:
    def report(low: np.ndarray, high: np.ndarray) -> list[str]:
        data = base64.b64encode(positions.tobytes()).decode()
        root = {
            "asset": {"version": "2.0"},
            "accessors": [
                {
                    "bufferView": 0,
                    "type": "VEC3",
                    "componentType": 5126,
                    "count": 5,
                    "min": low.tolist(),
                    "max": high.tolist(),
                }
            ],
            "bufferViews": [{"buffer": 0, "byteLength": 60}],
            "buffers": [{"byteLength": 60, "uri": f"data:application/octet-stream;base64,{data}"}],
        }
        return [i.code for i in validate(json.dumps(root).encode()).issues if i.code != "UNUSED_OBJECT"]

    low, high = positions.min(axis=0), positions.max(axis=0)
    assert report(low, high) == []
    with np.errstate(over="ignore"):
        inside = np.nextafter(low, np.float32(np.inf))
    expected = ["ACCESSOR_MIN_MISMATCH", "ACCESSOR_ELEMENT_OUT_OF_MIN_BOUND"]
    if np.isfinite(inside).all():
        assert report(inside, high) == expected * 3


def test_floats_that_are_no_numbers_are_named(codes: Codes, points: Callable[..., Any]) -> None:
    data = _floats(NAN, 0, 1, 0, float("inf"), 0)
    asset = points("_DATA", _vectors(2), data)
    report = validate(json.dumps(asset).encode())
    messages = [i.message for i in report.issues if i.code == "ACCESSOR_INVALID_FLOAT"]
    assert messages == ["Accessor element at index 0 is NaN.", "Accessor element at index 4 is Infinity."]


def test_normals_tangents_and_colours_are_checked_element_by_element(codes: Codes, points: Callable[..., Any]) -> None:
    here = "/meshes/0/primitives/0/attributes"
    normals = points("NORMAL", _vectors(3), _floats(0, 0, 1, 0, 0, 1.006, 0, 0, 1.007))
    assert codes(normals) == [("ACCESSOR_VECTOR3_NON_UNIT", f"{here}/NORMAL")]
    tangents = points("TANGENT", {**_vectors(2), "type": "VEC4"}, _floats(0, 0, 1, 1, 0, 0, 1, 0.5))
    assert ("ACCESSOR_INVALID_SIGN", f"{here}/TANGENT") in codes(tangents)
    colours = points("COLOR_0", _vectors(1), _floats(0, 1, 1.5))
    assert codes(colours) == [("ACCESSOR_NON_CLAMPED", f"{here}/COLOR_0")]


def _indexed(asset: MakeAsset, buffer: Callable[[bytes], Any], indices: bytes) -> dict[str, Any]:
    return asset(
        meshes=[{"primitives": [{"attributes": {"POSITION": 1}, "indices": 0}]}],
        accessors=[
            {"type": "SCALAR", "componentType": 5121, "count": len(indices), "bufferView": 0},
            _vectors(3, min=[0] * 3, max=[1] * 3),
        ],
        bufferViews=[{"buffer": 0, "byteLength": len(indices), "target": 34963}],
        buffers=[buffer(indices)],
    )


def test_indices_are_checked_against_the_vertices(
    codes: Codes, asset: MakeAsset, buffer: Callable[[bytes], Any]
) -> None:
    here = "/meshes/0/primitives/0/indices"
    assert codes(_indexed(asset, buffer, bytes([0, 1, 2]))) == []
    assert codes(_indexed(asset, buffer, bytes([0, 1, 3]))) == [("ACCESSOR_INDEX_OOB", here)]
    assert codes(_indexed(asset, buffer, bytes([0, 1, 1]))) == [("ACCESSOR_INDEX_TRIANGLE_DEGENERATE", here)]
    restart = [("ACCESSOR_INDEX_OOB", here), ("ACCESSOR_INDEX_PRIMITIVE_RESTART", here)]
    assert codes(_indexed(asset, buffer, bytes([0, 1, 255]))) == restart


def _skinned(
    asset: MakeAsset, buffer: Callable[[bytes], Any], joints: list[int], weights: list[float]
) -> dict[str, Any]:
    count = len(joints) // 4
    data = _floats(*weights) + bytes(joints)
    return asset(
        nodes=[{"children": [1]}, {}, {"mesh": 0, "skin": 0}],
        skins=[{"joints": [0, 1]}],
        scenes=[{"nodes": [0, 2]}],
        meshes=[{"primitives": [{"attributes": {"POSITION": 0, "WEIGHTS_0": 1, "JOINTS_0": 2}, "mode": 0}]}],
        accessors=[
            _vectors(count, min=[0] * 3, max=[1] * 3),
            {"type": "VEC4", "componentType": 5126, "count": count, "bufferView": 0},
            {"type": "VEC4", "componentType": 5121, "count": count, "bufferView": 1},
        ],
        bufferViews=[
            {"buffer": 0, "byteLength": 16 * count, "target": 34962},
            {"buffer": 0, "byteOffset": 16 * count, "byteLength": 4 * count, "target": 34962},
        ],
        buffers=[buffer(data)],
    )


@pytest.mark.parametrize(
    ("joints", "weights", "expected"),
    [
        ([0, 1, 0, 0], [0.5, 0.5, 0, 0], []),
        ([0, 2, 0, 0], [1, 0, 0, 0], ["ACCESSOR_JOINTS_INDEX_OOB"]),
        ([0, 1, 0, 0], [1, 0, 0, 0], ["ACCESSOR_JOINTS_USED_ZERO_WEIGHT"]),
        ([0, 1, 0, 0], [0.5, 0.25, 0, 0], ["ACCESSOR_WEIGHTS_NON_NORMALIZED"]),
        ([0, 0, 1, 0], [0.5, 0.25, 0.5, 0], ["ACCESSOR_JOINTS_INDEX_DUPLICATE"]),
        ([0, 1, 0, 0], [1, -0.5, 0, 0], ["ACCESSOR_WEIGHTS_NEGATIVE"]),
    ],
)
def test_influences_are_checked_against_the_skin(
    codes: Codes,
    asset: MakeAsset,
    buffer: Callable[[bytes], Any],
    joints: list[int],
    weights: list[float],
    expected: list[str],
) -> None:
    assert [code for code, _ in codes(_skinned(asset, buffer, joints, weights))] == expected


def test_sparse_indices_must_rise_and_stay_inside(
    codes: Codes, asset: MakeAsset, buffer: Callable[[bytes], Any]
) -> None:
    def sparse(*indices: int, highest: float) -> dict[str, Any]:
        data = bytes(indices) + bytes(-len(indices) % 4) + _floats(*range(1, len(indices) + 1))
        part = {"componentType": 5121, "bufferView": 0}
        values = {"bufferView": 0, "byteOffset": len(indices) + -len(indices) % 4}
        return asset(
            accessors=[
                {
                    "type": "SCALAR",
                    "componentType": 5126,
                    "count": 4,
                    "min": [0],
                    "max": [highest],
                    "sparse": {"count": len(indices), "indices": part, "values": values},
                }
            ],
            bufferViews=[{"buffer": 0, "byteLength": len(data)}],
            buffers=[buffer(data)],
        )

    assert codes(sparse(0, 2, highest=2)) == []
    assert codes(sparse(2, 2, highest=1)) == [("ACCESSOR_SPARSE_INDICES_NON_INCREASING", "/accessors/0/sparse")]
    assert codes(sparse(1, 9, highest=1)) == [("ACCESSOR_SPARSE_INDEX_OOB", "/accessors/0/sparse")]


def test_key_times_must_rise_from_zero(codes: Codes, asset: MakeAsset, buffer: Callable[[bytes], Any]) -> None:
    data = _floats(-1, 0.5, 0.5, 1)
    file = asset(
        nodes=[{"extras": {}}],
        animations=[
            {
                "samplers": [{"input": 0, "output": 1}],
                "channels": [{"sampler": 0, "target": {"node": 0, "path": "scale"}}],
            }
        ],
        accessors=[
            {"type": "SCALAR", "componentType": 5126, "count": 4, "bufferView": 0, "min": [-1], "max": [1]},
            _vectors(4),
        ],
        bufferViews=[{"buffer": 0, "byteLength": len(data)}],
        buffers=[buffer(data)],
    )
    here = "/animations/0/samplers/0/input"
    assert codes(file) == [
        ("ACCESSOR_ANIMATION_INPUT_NEGATIVE", here),
        ("ACCESSOR_ANIMATION_INPUT_NON_INCREASING", here),
    ]
