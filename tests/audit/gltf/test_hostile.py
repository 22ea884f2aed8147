"""No bytes make the audit fail, hang or fill the memory."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axis_core.audit.gltf import CODES, validate
from axis_core.audit.gltf.vrm import audit_vrm


MakeAsset = Callable[..., dict[str, Any]]

_WORDS = (
    *("attributes", "bufferView", "buffers", "bufferViews", "accessors", "nodes", "meshes", "primitives", "children"),
    *("skins", "joints", "extensions", "extensionsUsed", "materials", "textures", "images", "uri", "animations"),
    *("channels", "samplers", "target", "node", "sparse", "indices", "values", "count", "type", "componentType"),
    *("min", "max", "POSITION", "JOINTS_0", "index"),
)
_OPENINGS = [b'{"a":' * 100_000, b"[" * 1_000_000, b'{"asset":{"version":"2.0"},"extras":' + b"[" * 9_999]

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(_WORDS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


def _audit(data: bytes) -> list[str]:
    audit_vrm(data)
    return [issue.code for issue in validate(data).issues]


@given(st.binary(max_size=200))
def test_any_bytes_give_a_report(data: bytes) -> None:
    for head in (b"", b"glTF\x02\0\0\0", b'{"asset":{"version":"2.0"},'):
        assert set(_audit(head + data)) <= set(CODES)


@given(st.dictionaries(st.sampled_from([*"abc", "nodes", "meshes", "accessors", "skins", "animations"]), _json))
@settings(max_examples=150, deadline=None)
def test_any_json_gives_a_report(root: dict[str, Any]) -> None:
    _audit(json.dumps({"asset": {"version": "2.0"}, **root, "extensions": {"VRMC_vrm": root}}).encode())


def _timed(root: dict[str, Any], seconds: float = 4.0) -> list[str]:
    start = time.process_time()
    found = _audit(json.dumps(root).encode())
    assert time.process_time() - start < seconds
    return found


def test_a_long_chain_of_joints_costs_no_square(asset: MakeAsset) -> None:
    n = 20_000
    nodes: list[dict[str, Any]] = [{"children": [i + 1], "skin": 0, "mesh": 0} for i in range(n)]
    _timed(asset(nodes=[*nodes, {}], skins=[{"joints": list(range(n))}], meshes=[{"primitives": [{"attributes": {}}]}]))


def test_many_scenes_of_many_nodes_cost_no_product(asset: MakeAsset) -> None:
    nodes: list[dict[str, Any]] = [{"children": list(range(1, 5_000))}, *({} for _ in range(4_999))]
    _timed(asset(nodes=nodes, scenes=[{"nodes": [0]}] * 5_000), seconds=8.0)


def test_many_channels_of_one_target_stop_at_the_limit(asset: MakeAsset) -> None:
    channels = [{"sampler": 0, "target": {"node": 0, "path": "scale"}}] * 2_000
    root = asset(animations=[{"channels": channels, "samplers": [{"input": 0, "output": 0}]}], nodes=[{}])
    start = time.process_time()
    report = validate(json.dumps(root).encode())
    assert report.truncated
    assert time.process_time() - start < 30


def test_huge_counts_allocate_nothing(asset: MakeAsset, buffer: Callable[[bytes], Any]) -> None:
    part = {"bufferView": 0, "componentType": 5125}
    root = asset(
        accessors=[
            {"type": "MAT4", "componentType": 5126, "count": 2**40, "bufferView": 0},
            {
                "type": "VEC4",
                "componentType": 5126,
                "count": 2**31,
                "sparse": {"count": 1, "indices": part, "values": {"bufferView": 0}},
            },
        ],
        bufferViews=[{"buffer": 0, "byteLength": 2**50}],
        buffers=[buffer(bytes(64))],
    )
    tracemalloc.start()
    codes = _audit(json.dumps(root).encode())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "BUFFER_VIEW_TOO_LONG" in codes
    assert peak < 20_000_000


def test_many_sets_of_influences_are_bounded(asset: MakeAsset, buffer: Callable[[bytes], Any]) -> None:
    count, sets = 2_000, 200
    attributes = {"POSITION": 0}
    for i in range(sets):
        attributes |= {f"JOINTS_{i}": 1, f"WEIGHTS_{i}": 2}
    data = bytes(16 * count)
    root = asset(
        nodes=[{}, {"mesh": 0, "skin": 0}],
        skins=[{"joints": [0]}],
        meshes=[{"primitives": [{"attributes": attributes, "mode": 0}]}],
        accessors=[
            {"type": "VEC3", "componentType": 5126, "count": count, "min": [0] * 3, "max": [0] * 3},
            {"type": "VEC4", "componentType": 5121, "count": count, "bufferView": 0},
            {"type": "VEC4", "componentType": 5126, "count": count, "bufferView": 0},
        ],
        bufferViews=[{"buffer": 0, "byteLength": len(data), "target": 34962}],
        buffers=[buffer(data)],
    )
    assert "ACCESSOR_WEIGHTS_NON_NORMALIZED" in _timed(root, seconds=10.0)


@pytest.mark.parametrize("opening", _OPENINGS, ids=["objects", "arrays", "inside"])
def test_deep_nesting_is_refused(opening: bytes) -> None:
    assert _audit(opening) == ["INVALID_JSON"]
