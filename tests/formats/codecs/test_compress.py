"""Compression keeps what it promises: the surface within the told error, skins, shapes, clips, names."""

from __future__ import annotations

import json
import struct
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial import cKDTree

from axis_core.errors import AxisError, BackendUnavailable, InputError
from axis_core.formats.codecs.compress import compress_glb, write_compressed
from axis_core.formats.codecs.quantise import byte_weights, grid_of, unit_uvs
from axis_core.formats.glb import GLB, GLTF
from axis_core.formats.gltf.read import read_gltf
from axis_core.formats.gltf.write import glb_bytes
from axis_core.model import Animation, Channel, MorphTarget, Scene
from axis_core.model.soup import scene_soup
from axis_core.testing import capsule_person, cube, skinned_arm, textured_quad


pytest.importorskip("meshopt")
pytest.importorskip("DracoPy")
BOTH = pytest.mark.parametrize("scheme", ["meshopt", "draco"])


def lively() -> Scene:
    """Return a person with shapes and a clip."""
    scene = capsule_person()
    wide = np.zeros_like(scene.meshes[0].positions)
    wide[::3, 0] = 0.02
    shape = MorphTarget(name="wide", positions=wide)
    turn = [[0, 0, 0, 1], [0, 0, 0.6, 0.8], [0, 0.6, 0, 0.8]]
    joint = scene.skins[0].joints[3]
    clip = Animation(
        name="turn",
        channels=[
            Channel(node=joint, path="rotation", times=[0, 0.5, 1], values=turn),
            Channel(node=joint, path="translation", times=[0, 0.5, 1], values=np.eye(3) * 0.1),
        ],
    )
    meshes = [attrs.evolve(scene.meshes[0], morphs=[shape]), *scene.meshes[1:]]
    return attrs.evolve(scene, meshes=meshes, animations=[clip])


def json_of(data: bytes) -> dict[str, Any]:
    return dict(json.loads(data[20 : 20 + struct.unpack_from("<I", data, 12)[0]]))


@BOTH
@pytest.mark.parametrize("scene", [cube(), textured_quad(), skinned_arm(), lively()], ids=lambda s: s.name)
def test_the_surface_stays_within_the_told_error(scheme: str, scene: Scene) -> None:
    done = compress_glb(glb_bytes(scene), scheme)
    back = read_gltf(done.data)
    ours, theirs = scene_soup(scene).positions, scene_soup(back).positions
    assert back.n_triangles == scene.n_triangles
    assert cKDTree(ours).query(theirs)[0].max() <= done.position_error_m * 1.01 + 1e-7
    assert cKDTree(theirs).query(ours)[0].max() <= done.position_error_m * 1.01 + 1e-7


def test_shapes_that_move_little_stay_little_beside_draco() -> None:
    person = capsule_person()
    shapes = []
    for k in range(20):
        move = np.zeros_like(person.meshes[0].positions)
        move[k : k + 4, 1] = 0.01
        shapes.append(MorphTarget(name=f"shape_{k}", positions=move))
    scene = attrs.evolve(person, meshes=[attrs.evolve(person.meshes[0], morphs=shapes), *person.meshes[1:]])
    data = glb_bytes(scene)
    done = compress_glb(data, "draco")
    assert len(done.data) < len(data)
    for before, after in zip(shapes, read_gltf(done.data).meshes[0].morphs, strict=True):
        assert after.name == before.name
        np.testing.assert_array_equal(after.positions, before.positions)


@BOTH
def test_a_character_becomes_smaller_and_keeps_its_parts(scheme: str) -> None:
    scene = lively()
    data = glb_bytes(scene)
    done = compress_glb(data, scheme)
    back = read_gltf(done.data)
    assert len(done.data) < len(data)
    assert done.bytes_before == len(data)
    names = [[s.nodes[j].name for j in s.skins[0].joints] for s in (scene, back)]
    assert names[0] == names[1]
    assert [m.name for m in back.meshes[0].morphs] == ["wide"]
    assert [(c.path, back.nodes[c.node or 0].name) for c in back.animations[0].channels] == [
        (c.path, scene.nodes[c.node or 0].name) for c in scene.animations[0].channels
    ]
    assert [m.material for m in back.meshes] == [m.material for m in scene.meshes]


def test_meshopt_packs_to_a_quarter_of_a_character() -> None:
    data = glb_bytes(lively())
    assert len(compress_glb(data, "meshopt").data) < 0.25 * len(data)


@BOTH
def test_weights_still_add_up_to_one(scheme: str) -> None:
    for mesh in read_gltf(compress_glb(glb_bytes(lively()), scheme).data).meshes:
        assert mesh.weights is not None
        np.testing.assert_allclose(mesh.weights.sum(axis=1), 1.0, atol=1e-6)


def test_clips_are_kept_to_a_thousandth() -> None:
    scene = lively()
    back = read_gltf(compress_glb(glb_bytes(scene), "meshopt").data)
    for ours, theirs in zip(scene.animations[0].channels, back.animations[0].channels, strict=True):
        np.testing.assert_allclose(theirs.times, ours.times, atol=1e-6)
        signs = np.sign((ours.values * theirs.values).sum(axis=1, keepdims=True)) if ours.path == "rotation" else 1
        np.testing.assert_allclose(theirs.values * signs, ours.values, atol=1e-3)


def test_a_mesh_without_a_skin_keeps_its_node_and_its_place() -> None:
    back = read_gltf(compress_glb(glb_bytes(cube()), "meshopt").data)
    (node, _), *_ = back.instances()
    parent = back.nodes[node].parent
    assert parent is not None
    np.testing.assert_allclose(scene_soup(back).bounds, scene_soup(cube()).bounds, atol=1e-4)


@BOTH
def test_the_same_scene_gives_the_same_bytes(scheme: str) -> None:
    data = glb_bytes(lively())
    assert compress_glb(data, scheme) == compress_glb(data, scheme)


@pytest.mark.parametrize(("scheme", "seed"), [*(("meshopt", n) for n in range(20)), *(("draco", n) for n in range(4))])
def test_damaged_files_are_read_or_refused(scheme: str, seed: int) -> None:
    data = bytearray(compress_glb(glb_bytes(skinned_arm()), scheme).data)
    rng = np.random.default_rng(seed)
    start = 20 + struct.unpack_from("<I", data, 12)[0] + 8
    for place in rng.integers(start, len(data), 8):
        data[place] ^= int(rng.integers(1, 256))
    try:
        outcome = "read" if read_gltf(bytes(data)).n_triangles else "empty"
    except AxisError as error:
        outcome = error.code
    assert outcome in ("read", "parse_failed", "limit_exceeded")


@pytest.mark.parametrize(
    ("field", "value"), [("count", 3), ("byteStride", 3), ("mode", "STRIPS"), ("filter", "SEPIA"), ("count", -1)]
)
def test_fields_that_do_not_fit_are_refused_with_their_place(field: str, value: object) -> None:
    data = compress_glb(glb_bytes(cube()), "meshopt").data
    root = json_of(data)
    root["bufferViews"][0]["extensions"]["EXT_meshopt_compression"][field] = value
    text = json.dumps(root).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + struct.unpack_from("<I", data, 12)[0] :]
    damaged = struct.pack("<4sIIII", b"glTF", 2, 20 + len(text) + len(rest), len(text), 0x4E4F534A) + text + rest
    with pytest.raises(InputError) as caught:
        read_gltf(damaged)
    assert caught.value.code == "parse_failed"
    assert "/bufferViews/0" in (caught.value.pointer or "")


def test_webp_is_smaller_and_says_its_error() -> None:
    from io import BytesIO

    from PIL import Image

    ramp = np.add.outer(np.arange(128), np.arange(128)).astype(np.uint8)
    noise = np.random.default_rng(1).integers(0, 8, (128, 128, 3), np.uint8)
    sink = BytesIO()
    Image.fromarray(ramp[..., None] + noise).save(sink, "PNG")
    scene = textured_quad()
    scene = attrs.evolve(scene, textures=[attrs.evolve(t, data=sink.getvalue()) for t in scene.textures])
    (first,), cost = write_compressed(scene, name="quad", format=GLB, textures="webp", compress="meshopt")
    (told,) = cost.textures[:1]
    assert told.bytes_after < told.bytes_before
    assert 0 < told.rms_error < 8
    root = json_of(first.data)
    assert {"EXT_texture_webp", "EXT_meshopt_compression"} <= set(root["extensionsRequired"])
    assert read_gltf(first.data).textures[0].media_type == "image/webp"


def test_what_cannot_be_done_says_what_can() -> None:
    with pytest.raises(InputError, match="only GLB"):
        compress_glb(b"{}", "meshopt")
    with pytest.raises(InputError, match="not known"):
        compress_glb(glb_bytes(cube()), "zip")
    with pytest.raises(InputError, match="not compressed"):
        write_compressed(cube(), name="a", format=GLTF, compress="meshopt")
    with pytest.raises(BackendUnavailable, match="KTX2"):
        write_compressed(textured_quad(), name="a", format=GLB, textures="ktx2")


@given(arrays(np.float32, (7, 4), elements=st.floats(0, 1, width=32)))
@settings(max_examples=60, deadline=None)
def test_byte_weights_sum_to_255(weights: np.ndarray) -> None:
    packed = byte_weights(weights)
    sums = packed.sum(axis=1, dtype=int)
    assert set(sums[weights.sum(axis=1) > 1e-6]) <= {255}
    total = weights.sum(axis=1, keepdims=True, dtype=np.float64)
    exact = weights / np.where(total > 1e-6, total, 1) * 255
    rows = total[:, 0] > 1e-6
    assert np.abs(packed - exact)[rows].max(initial=0) <= 1.0


@given(arrays(np.float32, (9, 3), elements=st.floats(-50, 50, width=32)))
@settings(max_examples=60, deadline=None)
def test_a_grid_gives_positions_back_within_half_a_step(points: np.ndarray) -> None:
    grid = grid_of([points], [], 14)
    back = grid.positions(points) * grid.step + grid.origin
    assert np.abs(back - points).max() <= 0.5 * grid.step + 1e-6


def test_coordinates_outside_the_image_are_not_packed_as_units() -> None:
    assert unit_uvs(np.array([[0.5, 1.2]], np.float32), 12) is None
    packed = unit_uvs(np.array([[0.0, 1.0]], np.float32), 12)
    assert packed is not None
    assert packed.tolist() == [[0, 65535]]


def test_a_texture_larger_than_is_decoded_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.Image.MAX_IMAGE_PIXELS", 1)
    with pytest.raises(InputError, match="cannot be decoded"):
        write_compressed(textured_quad(), name="a", format=GLB, textures="webp")
