"""Whatever the bytes are: a Scene or an AxisError, in bounded time."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axis_core.errors import AxisError
from axis_core.formats import FORMATS, Limits, read_scene, write_scene
from axis_core.formats.gltf.container import join_glb, split_glb
from axis_core.formats.gltf.write import glb_bytes
from axis_core.model.scene import Scene
from axis_core.testing.scenes import capsule_person, cube, skinned_arm, textured_quad


LIMITS = Limits(decoded_bytes=32_000_000, vertices=200_000, triangles=200_000)
BY_NAME = {record.name: record for record in FORMATS}
PLY = (
    b"ply\nformat binary_little_endian 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
    b"element face 2\nproperty list uchar int vertex_index\nend_header\n"
    + bytes(36)
    + b"\x03\0\0\0\0\1\0\0\0\2\0\0\0\x04\0\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0"
)


def attempt(data: bytes, name: str) -> bool:
    """Read; return whether it worked. Any exception but an AxisError fails the test."""
    start = time.process_time()
    try:
        scene = read_scene(data, name=name, formats=FORMATS, limits=LIMITS)
    except AxisError:
        return False
    finally:
        assert time.process_time() - start < 2.0
    assert isinstance(scene, Scene)
    return True


def samples() -> list[tuple[str, bytes]]:
    out = [("scan.ply", PLY)]
    for make in (cube, textured_quad, skinned_arm):
        for name in ("glb", "gltf", "obj", "stl"):
            out.append((f"x.{name}", write_scene(make(), name="x", format=BY_NAME[name])[0].data))
    return out


@pytest.mark.parametrize(("name", "data"), samples(), ids=lambda v: v if isinstance(v, str) else "")
def test_flipped_cut_and_doubled_bytes_are_survived(name: str, data: bytes) -> None:
    rng = random.Random(11)
    assert attempt(data, name)
    for _ in range(120):
        damaged = bytearray(data)
        for _ in range(rng.choice((1, 1, 4, 30))):
            place = rng.randrange(len(damaged))
            match rng.randrange(4):
                case 0:
                    damaged[place] ^= 1 << rng.randrange(8)
                case 1:
                    damaged[place] = rng.choice(b"\x00\xff0-.e{}[]\"/ \n")
                case 2:
                    del damaged[place : place + rng.randrange(1, 9)]
                case _:
                    damaged[place:place] = damaged[place : place + rng.randrange(1, 40)]
            if not damaged:
                break
        attempt(bytes(damaged), name)


def test_every_truncation_of_a_glb_is_refused() -> None:
    data = glb_bytes(skinned_arm())
    for n in [*range(40), *range(40, len(data), 97), len(data) - 1]:
        assert not attempt(data[:n], "x.glb")


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.sampled_from([2**31, 2**32, 2**53, 2**63, 10**30, -1e308, 0.5, 3.0, "", "POSITION", "VEC3", "x.bin"]),
    st.lists(st.integers(-1, 4), max_size=4),
    st.dictionaries(st.sampled_from(["index", "count", "POSITION", "uri"]), st.integers(-1, 4), max_size=2),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in parsed JSON."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(p for key, item in inside for p in places(item, (*path, key)))]


GLB = split_glb(glb_bytes(capsule_person()))
DOCUMENT = json.loads(GLB.json)
PLACES = [p for p in places(DOCUMENT) if p and "extras" not in p]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), _VALUES, st.booleans()), min_size=1, max_size=3))
def test_any_value_anywhere_in_the_json_is_survived(changes: list[tuple[tuple[Any, ...], Any, bool]]) -> None:
    document = json.loads(GLB.json)
    for path, value, remove in changes:
        target = document
        try:
            for step in path[:-1]:
                target = target[step]
            if remove:
                del target[path[-1]]
            else:
                target[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change has taken the place away
    assert GLB.bin is not None
    attempt(join_glb(json.dumps(document).encode(), GLB.bin), "x.glb")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["glb", "gltf", "vrm", "obj", "stl", "ply", "zip", ""]), st.binary(max_size=300))
def test_any_bytes_under_any_name_are_survived(suffix: str, data: bytes) -> None:
    for start in (b"", b"glTF", b"ply\n", b"solid ", b"PK\x03\x04", b'{"asset":', b"v 0 0 0\n"):
        attempt(start + data, f"x.{suffix}")


def test_what_can_be_read_of_a_mutated_file_can_be_written(tmp_path: Path) -> None:
    rng = random.Random(4)
    data = glb_bytes(skinned_arm())
    binary = split_glb(data).bin
    assert binary is not None
    start = len(data) - len(binary)
    n_read = 0
    for _ in range(200):
        damaged = bytearray(data)
        for _ in range(8):
            damaged[rng.randrange(start, len(data))] ^= 1 << rng.randrange(8)
        try:
            scene = read_scene(bytes(damaged), name="x.glb", formats=FORMATS)
        except AxisError:
            continue
        n_read += 1
        again = glb_bytes(scene)
        assert glb_bytes(read_scene(again, name="x.glb", formats=FORMATS)) == again
    assert n_read > 20
