"""Damaged and hostile glTF: refused with a code, a place and a hint, quickly and without taking memory."""

from __future__ import annotations

import json
import struct
import sys
import time
import tracemalloc
from typing import Any

import pytest

from axis_core.errors import AxisError, BackendUnavailable, InputError, LimitExceeded
from axis_core.formats.gltf.container import join_glb
from axis_core.formats.gltf.read import read_gltf
from axis_core.formats.limits import Limits


def document(**parts: Any) -> bytes:
    return json.dumps({"asset": {"version": "2.0"}, **parts}).encode()


def refusal(data: bytes, limits: Limits | None = None) -> AxisError:
    """Return the error of reading, after checking that it came within a second and 64 MB."""
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(AxisError) as caught:
            read_gltf(data, limits=limits or Limits())
        assert time.process_time() - start < 1.0
        assert tracemalloc.get_traced_memory()[1] < 64e6
    finally:
        tracemalloc.stop()
    return caught.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "parse_failed"),
        (b"{", "parse_failed"),
        (b"[]", "parse_failed"),
        (b"{}", "parse_failed"),
        (b'{"asset":{"version":"2.0"},"nodes":[NaN]}', "parse_failed"),
        (b'{"asset":{"version":"2.0"},"nodes":"\xff"}', "parse_failed"),
        (b'{"asset":{"version":"1.0"}}', "unsupported_format"),
        (b"glTF", "parse_failed"),
        (struct.pack("<4sII", b"glTF", 1, 12), "unsupported_format"),
        (struct.pack("<4sII", b"glTF", 2, 12), "parse_failed"),
        (struct.pack("<4sIIII", b"glTF", 2, 20, 4000, 0x4E4F534A), "parse_failed"),
        (struct.pack("<4sIIII", b"glTF", 2, 20, 0, 0x004E4942), "parse_failed"),
    ],
)
def test_what_is_not_gltf_2_is_refused(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_a_truncated_glb_says_how_much_is_missing(builder: Any) -> None:
    builder.triangle()
    data = builder.glb()
    error = refusal(data[:-10])
    assert f"says {len(data)} bytes, there are {len(data) - 10}" in error.message
    assert error.pointer == "byte 8"
    assert error.hint


def test_bytes_behind_the_end_are_ignored_and_told(builder: Any) -> None:
    builder.triangle()
    assert "behind the end" in read_gltf(builder.glb() + b"abc").notes[0]


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_deep_nesting_is_refused(opening: bytes) -> None:
    for depth in (70, 100_000):
        data = b'{"asset":{"version":"2.0"},"extras":' + opening * depth
        close = (b"]" if opening == b"[" else b"}") * depth
        assert isinstance(refusal(data + b"1" + close + b"}"), LimitExceeded)


@pytest.mark.parametrize(
    "accessor",
    [
        {"componentType": 5126, "count": 2**31, "type": "VEC3"},
        {"componentType": 5126, "count": 2**53, "type": "VEC3"},
        {"componentType": 5126, "count": 200_000_000, "type": "VEC3", "sparse": {"count": 1}},
    ],
)
def test_a_huge_accessor_without_bytes_is_refused_before_it_is_made(accessor: dict[str, Any]) -> None:
    data = document(
        accessors=[accessor], meshes=[{"primitives": [{"attributes": {"POSITION": 0}}]}], nodes=[{"mesh": 0}]
    )
    assert isinstance(refusal(data), LimitExceeded)


def test_many_accessors_without_bytes_are_added_up() -> None:
    n = 1_000_000
    accessors = [{"componentType": 5126, "count": n, "type": "VEC3"} for _ in range(400)]
    targets = [{"POSITION": k} for k in range(1, 400)]
    primitive = {"attributes": {"POSITION": 0}, "targets": targets}
    error = refusal(
        document(accessors=accessors, meshes=[{"primitives": [primitive]}], nodes=[{"mesh": 0}]),
        Limits(decoded_bytes=40_000_000),
    )
    assert isinstance(error, LimitExceeded)
    assert "decoded bytes" in error.message


def test_a_mesh_drawn_a_million_times_is_refused(builder: Any) -> None:
    builder.triangle()
    builder.json["meshes"][0]["primitives"] *= 100
    builder.json["nodes"] = [{"mesh": 0}] * 1000
    assert isinstance(refusal(builder.glb()), LimitExceeded)


def test_one_list_of_indices_drawn_many_times_counts_each_time(builder: Any) -> None:
    primitive = builder.triangle()
    primitive["indices"] = builder.accessor([0, 1, 2] * 1000, "u2")
    builder.json["meshes"][0]["primitives"] = [primitive] * 2000
    error = refusal(builder.glb(), Limits(triangles=100_000))
    assert isinstance(error, LimitExceeded)
    assert "triangles" in error.message


@pytest.mark.parametrize(
    ("nodes", "error"),
    [
        ([{"children": [0]}], InputError),
        ([{"children": [1]}, {"children": [0]}], InputError),
        ([{"children": [2]}, {"children": [2]}, {}], InputError),
        ([{"children": [0.5]}], InputError),
        ([{"children": [True]}], InputError),
        ([{"children": [-1]}], InputError),
        ([{"children": {}}], InputError),
        ([{"children": [k + 1]} for k in range(400)] + [{}], LimitExceeded),
        ([{}] * 10_001, LimitExceeded),
        ([{"translation": [0, 0]}], InputError),
        ([{"translation": [0, 0, "x"]}], InputError),
        ([{"rotation": [0, 0, 0, True]}], InputError),
        ([{"matrix": [1] * 15}], InputError),
        ([{"mesh": 0}], InputError),
        ([{"skin": 3}], InputError),
        ([{"camera": 0}], InputError),
        ([{"name": 7}], InputError),
        ([7], InputError),
        ({}, InputError),
    ],
)
def test_nodes_that_are_no_tree_or_name_what_is_not_there_are_refused(nodes: Any, error: type[AxisError]) -> None:
    caught = refusal(document(nodes=nodes))
    assert isinstance(caught, error)
    assert caught.pointer is not None
    assert caught.pointer.startswith("/nodes")


def spoil(builder: Any, place: str, value: Any) -> bytes:
    """Put ``value`` at a JSON pointer of a skinned, animated, textured triangle."""
    skinned(builder)
    target: Any = builder.json
    *path, last = place.strip("/").split("/")
    for step in path:
        target = target[int(step)] if isinstance(target, list) else target[step]
    target[int(last) if isinstance(target, list) else last] = value
    data: bytes = builder.glb()
    return data


def skinned(builder: Any) -> None:
    primitive = builder.triangle(
        JOINTS_0=builder.accessor([[0, 1, 0, 0]] * 3, "u1"), WEIGHTS_0=builder.accessor([[0.5, 0.5, 0, 0]] * 3)
    )
    primitive |= {"indices": builder.accessor([0, 1, 2], "u2"), "material": 0}
    primitive["targets"] = [{"POSITION": builder.accessor([[0, 0, 1]] * 3)}]
    matrices = builder.accessor([[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]] * 2)
    sampler = {"input": builder.accessor([0.0, 1.0]), "output": builder.accessor([[0, 0, 0]] * 2)}
    builder.json |= {
        "nodes": [{"mesh": 0, "skin": 0}, {}, {}],
        "skins": [{"joints": [1, 2], "inverseBindMatrices": matrices}],
        "materials": [{"normalTexture": {"index": 0}}],
        "textures": [{"source": 0}],
        "images": [{"bufferView": builder.view(b"\x89PNG\r\n\x1a\n"), "mimeType": "image/png"}],
        "animations": [
            {"channels": [{"sampler": 0, "target": {"node": 1, "path": "translation"}}], "samplers": [sampler]}
        ],
    }


def test_the_spoiled_document_is_good_before_it_is_spoiled(builder: Any) -> None:
    skinned(builder)
    scene = read_gltf(builder.glb())
    assert (len(scene.skins), len(scene.animations), len(scene.textures)) == (1, 1, 1)


@pytest.mark.parametrize(
    ("place", "value", "pointer"),
    [
        ("/meshes/0/primitives/0/attributes/POSITION", 99, "/meshes/0/primitives/0/attributes/POSITION"),
        ("/meshes/0/primitives/0/attributes/JOINTS_0", 1, "/meshes/0/primitives/0/attributes/JOINTS_0"),
        ("/meshes/0/primitives/0/attributes/WEIGHTS_1", 1, "/meshes/0/primitives/0/attributes"),
        ("/meshes/0/primitives/0/attributes/TEXCOORD_9000", 1, "/meshes/0/primitives/0/attributes"),
        ("/meshes/0/primitives/0/indices", 1, "/meshes/0/primitives/0/indices"),
        ("/meshes/0/primitives/0/material", 1, "/meshes/0/primitives/0/material"),
        ("/meshes/0/primitives/0/mode", 7, "/meshes/0/primitives/0/mode"),
        ("/meshes/0/primitives/0/targets", [{"POSITION": 1}], "/meshes/0/primitives/0/targets/0/POSITION"),
        ("/meshes/0/primitives", {}, "/meshes/0/primitives"),
        ("/accessors/2/count", 4, "/meshes/0/primitives/0/attributes/JOINTS_0"),
        ("/accessors/2/count", 0, "/accessors/2/count"),
        ("/accessors/2/count", "3", "/accessors/2/count"),
        ("/accessors/2/byteOffset", 4, "/accessors/2"),
        ("/accessors/2/byteOffset", -4, "/accessors/2/byteOffset"),
        ("/accessors/2/componentType", 5124, "/accessors/2/componentType"),
        ("/accessors/2/type", "VEC5", "/accessors/2/type"),
        ("/accessors/2/bufferView", 77, "/accessors/2/bufferView"),
        ("/accessors/2/sparse", {"count": 9}, "/accessors/2/sparse/count"),
        ("/accessors/2/sparse", {"count": 1}, "/accessors/2/sparse/indices"),
        ("/bufferViews/2/byteLength", 10**9, "/bufferViews/2"),
        ("/bufferViews/2/byteStride", 4, "/bufferViews/2/byteStride"),
        ("/bufferViews/2/buffer", 1, "/bufferViews/2/buffer"),
        ("/buffers", [{"byteLength": 10**9}], "/buffers/0/byteLength"),
        ("/skins/0/joints", [1, 9], "/skins/0/joints/1"),
        ("/skins/0/joints", [1], "/nodes/0/mesh"),
        ("/skins/0/joints", [1, 2, 2], "/skins/0/inverseBindMatrices"),
        ("/skins/0/inverseBindMatrices", 0, "/skins/0/inverseBindMatrices"),
        ("/materials/0/normalTexture", {"index": 5}, "/materials/0/normalTexture/index"),
        ("/materials/0/normalTexture", {}, "/materials/0/normalTexture"),
        ("/materials/0/alphaMode", "GLASS", "/materials/0/alphaMode"),
        ("/materials/0/pbrMetallicRoughness", {"baseColorFactor": [1]}, None),
        ("/textures/0/source", 5, "/textures/0/source"),
        ("/images/0", {}, "/images/0"),
        ("/animations/0/channels/0/sampler", 1, "/animations/0/channels/0/sampler"),
        ("/animations/0/channels/0/target/path", 7, "/animations/0/channels/0/target/path"),
        ("/animations/0/samplers/0/interpolation", "CUBICSPLINE", "/animations/0/samplers/0"),
        ("/animations/0/samplers/0/output", 2, "/animations/0/samplers/0"),
        ("/scenes", [{"nodes": [8]}], "/scenes/0/nodes/0"),
        ("/scene", 4, None),
    ],
)
def test_what_does_not_fit_is_refused_with_its_json_pointer(
    builder: Any, place: str, value: Any, pointer: str | None
) -> None:
    if place == "/scene":
        builder.json["scenes"] = [{"nodes": [0]}]
    error = refusal(spoil(builder, place, value))
    assert error.code == "parse_failed"
    if pointer is not None:
        assert error.pointer == pointer


@pytest.mark.parametrize("target", [{"node": 1, "path": "colour"}, {"path": "translation"}])
def test_channels_that_move_nothing_known_are_left_out_and_told(builder: Any, target: dict[str, Any]) -> None:
    scene = read_gltf(spoil(builder, "/animations/0/channels/0/target", target))
    assert scene.animations[0].channels == ()
    assert "left out" in scene.notes[0]


def test_an_index_past_the_vertices_is_refused(builder: Any) -> None:
    builder.triangle()["indices"] = builder.accessor([0, 1, 3], "u2")
    error = refusal(builder.glb())
    assert "an index is 3, the primitive has 3 vertices" in error.message


@pytest.mark.parametrize(
    "uri",
    [
        "../secret.bin",
        "..%2Fsecret.bin",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://example.org/x.bin",
        "C:\\secret.bin",
        "a\\b.bin",
        "a/../b.bin",
        "./x.bin",
        "",
        "x\0.bin",
        "missing.bin",
        "//host/share.bin",
    ],
)
@pytest.mark.parametrize("where", ["buffers", "images"])
def test_uris_that_lead_outside_are_refused_and_never_asked_for(builder: Any, uri: str, where: str) -> None:
    asked: list[str] = []

    def companions(name: str) -> bytes | None:
        asked.append(name)
        return None

    if where == "buffers":
        builder.triangle()
        builder.json["buffers"] = [{"byteLength": 36, "uri": uri}]
    else:
        builder.json["images"] = [{"uri": uri}]
        builder.json["textures"] = [{"source": 0}]
    with pytest.raises(InputError) as caught:
        read_gltf(builder.gltf(), companions=companions)
    assert caught.value.code == "external_uri"
    assert caught.value.pointer == f"/{where}/0/uri"
    assert asked == (["missing.bin"] if uri == "missing.bin" else [])


def test_companions_are_found_by_their_percent_decoded_name(builder: Any) -> None:
    builder.triangle()
    builder.json["buffers"] = [{"byteLength": len(builder.binary), "uri": "my%20data.bin"}]
    scene = read_gltf(builder.gltf(), companions={"my data.bin": builder.binary}.get)
    assert scene.n_triangles == 1


@pytest.mark.parametrize("uri", ["data:application/octet-stream;base64,@@@@", "data:nothing"])
def test_bad_data_uris_are_refused(builder: Any, uri: str) -> None:
    builder.triangle()
    builder.json["buffers"] = [{"byteLength": 36, "uri": uri}]
    assert refusal(builder.gltf()).code == "parse_failed"


@pytest.mark.parametrize("extension", ["KHR_draco_mesh_compression", "EXT_meshopt_compression"])
def test_compressed_geometry_names_what_to_install(
    builder: Any, extension: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "meshopt", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    primitive = builder.triangle()
    builder.json["extensionsRequired"] = [extension]
    if extension.startswith("KHR"):
        primitive["extensions"] = {extension: {"bufferView": 0, "attributes": {}}}
    else:
        builder.json["buffers"] = [{"byteLength": len(builder.binary)}, {"byteLength": 36}]
        builder.json["bufferViews"][0] |= {"buffer": 1, "extensions": {extension: {"buffer": 0}}}
    error = refusal(builder.glb())
    assert isinstance(error, BackendUnavailable)
    assert extension in error.message
    assert "axis-avatars[codecs]" in (error.hint or "")


def test_a_draco_file_with_a_plain_fallback_is_read(builder: Any) -> None:
    builder.triangle()["extensions"] = {"KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {}}}
    scene = read_gltf(builder.glb())
    assert scene.n_triangles == 1
    assert scene.meshes[0].primitive_extensions == {}


def test_an_image_that_says_too_many_pixels_is_refused(builder: Any, huge_png: bytes) -> None:
    builder.json["images"] = [{"bufferView": builder.view(huge_png), "mimeType": "image/png"}]
    builder.json["textures"] = [{"source": 0}]
    error = refusal(builder.glb())
    assert isinstance(error, LimitExceeded)
    assert "image pixels" in error.message


def test_a_large_json_chunk_is_refused_before_it_is_parsed() -> None:
    data = join_glb(b" " * 2_000_000)
    assert isinstance(refusal(data, Limits(json_bytes=1_000_000)), LimitExceeded)


def test_a_large_file_is_refused() -> None:
    assert isinstance(refusal(bytes(2000), Limits(file_bytes=1000)), LimitExceeded)
