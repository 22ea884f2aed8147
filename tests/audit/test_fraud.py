"""Signs of fraud: copies are found however they were altered, honest characters are left alone."""

from __future__ import annotations

import io
import json
import struct
import time
from pathlib import Path

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

import axis_core
from axis_core.audit.fraud import (
    Indicator,
    Known,
    local_indicators,
    match_traces,
    matching_indicators,
    traces_of,
    verdict_of,
)
from axis_core.audit.fraud.image_hash import SAME_IMAGE_BITS, differing_bits, image_hash
from axis_core.audit.fraud.indicator import INDICATORS, score_of
from axis_core.audit.fraud.traces import Traces
from axis_core.formats.digest import embed_digest
from axis_core.formats.gltf.container import join_glb, split_glb
from axis_core.kernels.fingerprint import FINGERPRINT_SIZE
from axis_core.model import Mesh, Node, Scene
from axis_core.model.rebase import rebase_scene
from axis_core.testing import capsule_person, cube, textured_quad


def as_glb(scene: Scene, tmp_path: Path) -> bytes:
    path = tmp_path / "scene.glb"
    axis_core.write(scene, path)
    return path.read_bytes()


def picture(seed: int, side: int = 96) -> NDArray[np.uint8]:
    """Soft coloured blobs: a texture with something on it."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 255, (6, 6, 3), np.uint8).astype(np.uint8))
    return np.asarray(small.resize((side, side), Image.Resampling.BICUBIC))


def encoded(pixels: NDArray[np.uint8], form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form, **options)
    return out.getvalue()


def codes(data: bytes, scene: Scene | None = None) -> list[str]:
    return [i.id for i in local_indicators(data, scene)]


def test_an_honest_file_shows_nothing(tmp_path: Path) -> None:
    for scene in (capsule_person(), textured_quad()):
        data = as_glb(scene, tmp_path)
        assert codes(data, axis_core.read(data, name="a.glb")) == []


def test_a_copy_is_found_turned_scaled_shuffled_and_halved() -> None:
    person = capsule_person(rigged=False)
    known = [Known(id="first", traces=traces_of(person, b"file")), Known(id="cube", traces=traces_of(cube()))]
    assert match_traces(traces_of(person, b"file"), known)[0].kind == "file"
    rng = np.random.default_rng(3)
    meshes = [attrs.evolve(m, faces=rng.permutation(np.roll(m.faces, 1, axis=1), axis=0)) for m in person.meshes]
    shuffled = attrs.evolve(person, meshes=meshes)
    assert [(m.id, m.kind) for m in match_traces(traces_of(shuffled), known) if m.kind != "image"] == [
        ("first", "surface")
    ]
    turn = np.array([[0.0, 0.6, 0.8, 0], [1, 0, 0, 0], [0, 0.8, -0.6, 0], [0, 0, 0, 1]]) @ np.diag([2.5, 2.5, 2.5, 1.0])
    turned, _ = rebase_scene(person, turn)
    assert [(m.id, m.kind) for m in match_traces(traces_of(turned), known) if m.kind != "image"] == [("first", "shape")]
    halved = axis_core.decimate(person, person.n_triangles // 2)
    assert "first" in {m.id for m in match_traces(traces_of(halved), known)}


def test_matches_become_indicators_and_a_verdict() -> None:
    person = capsule_person()
    known = [Known(id="first", traces=traces_of(person))]
    found = matching_indicators(match_traces(traces_of(person), known))
    assert "exact_duplicate" in {i.id for i in found}
    assert verdict_of(score_of(found)) == "fraudulent"
    assert matching_indicators(()) == ()
    assert verdict_of(0.0) == "clear"


@given(st.lists(st.tuples(st.sampled_from(sorted(INDICATORS)), st.floats(0, 1)), max_size=8))
def test_a_further_sign_never_lowers_the_score(pairs: list[tuple[str, float]]) -> None:
    signs = [Indicator(id=name, score=score, detail="x") for name, score in pairs]
    scores = [score_of(signs[:k]) for k in range(len(signs) + 1)]
    assert scores == sorted(scores)
    assert 0.0 <= scores[-1] <= 1.0


@pytest.mark.parametrize("seed", range(12))
def test_a_picture_is_told_again_after_scaling_and_jpeg(seed: int) -> None:
    pixels = picture(seed)
    first = image_hash(encoded(pixels))
    assert first is not None
    smaller = Image.fromarray(pixels).resize((64, 64), Image.Resampling.LANCZOS)
    brighter = np.clip(pixels * 0.9 + 20, 0, 255).astype(np.uint8)
    for altered in (
        encoded(pixels, "JPEG", quality=60),
        encoded(np.asarray(smaller)),
        encoded(brighter),
        encoded(pixels, "WEBP", quality=70),
    ):
        again = image_hash(altered)
        assert again is not None
        assert differing_bits(first, again) <= SAME_IMAGE_BITS
    for other in range(12):
        if other != seed:
            there = image_hash(encoded(picture(other)))
            assert there is not None
            assert differing_bits(first, there) > SAME_IMAGE_BITS


def test_flat_and_broken_pictures_have_no_hash() -> None:
    assert image_hash(encoded(np.full((16, 16, 3), 130, np.uint8))) is None
    assert image_hash(b"no image") is None
    assert image_hash(encoded(picture(1))[:60]) is None


def test_ten_thousand_known_shapes_are_searched_in_a_moment() -> None:
    rng = np.random.default_rng(0)
    shapes = rng.normal(size=(10_000, FINGERPRINT_SIZE)).astype(np.float32)
    shapes /= np.linalg.norm(shapes, axis=1, keepdims=True)
    known = [Known(id=str(k), traces=Traces(shape=s)) for k, s in enumerate(shapes)]
    start = time.process_time()
    found = match_traces(Traces(shape=shapes[77]), known)
    assert time.process_time() - start < 2.0
    assert [m.id for m in found] == ["77"]


PAYLOADS = {
    "zip": b"PK\x03\x04" + bytes(200),
    "program": b"MZ\x90" + bytes(200),
    "script": b"#!/bin/sh\nrm -rf /\n" + bytes(80),
    "page": b"<html><script>alert(1)</script></html>" + bytes(80),
}


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_what_stands_behind_the_end_is_found_and_named(name: str, tmp_path: Path) -> None:
    found = local_indicators(as_glb(cube(), tmp_path) + PAYLOADS[name], None)
    assert [i.id for i in found] == ["embedded_payload"]
    assert found[0].severity == "high"


def test_an_unknown_chunk_is_found(tmp_path: Path) -> None:
    data = as_glb(cube(), tmp_path)
    chunk = struct.pack("<I4s", 204, b"EVIL") + PAYLOADS["zip"]
    grown = data[:8] + struct.pack("<I", len(data) + len(chunk)) + data[12:] + chunk
    assert codes(grown) == ["embedded_payload"]


def test_bytes_of_the_buffer_that_belong_to_nothing_are_found(tmp_path: Path) -> None:
    parts = split_glb(as_glb(cube(), tmp_path))
    assert parts.bin is not None
    document = json.loads(parts.json)
    binary = bytes(parts.bin) + PAYLOADS["zip"] + bytes(100_000)
    document["buffers"][0]["byteLength"] = len(binary)
    found = local_indicators(join_glb(json.dumps(document).encode(), binary), None)
    assert [i.id for i in found] == ["embedded_payload"]
    assert "ZIP" in found[0].detail


@pytest.mark.parametrize("text", ["<script>x()</script>", "javascript:alert(1)", "A" * 5000, "<img onerror = x>"])
def test_scripts_and_files_in_texts_are_found(text: str, tmp_path: Path) -> None:
    parts = split_glb(as_glb(cube(), tmp_path))
    document = json.loads(parts.json)
    document["asset"]["extras"] = {"deep": [{"note": text}]}
    assert codes(join_glb(json.dumps(document).encode(), bytes(parts.bin or b""))) == ["embedded_payload"]
    assert codes(json.dumps(document).encode()) == ["embedded_payload"]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_polyglot_images_are_found_and_clean_ones_are_not(form: str) -> None:
    quad = textured_quad()
    clean = encoded(picture(5), form)

    def with_image(data: bytes) -> Scene:
        texture = attrs.evolve(quad.textures[0], data=data, media_type=f"image/{form.lower()}")
        return attrs.evolve(quad, textures=[texture, *quad.textures[1:]])

    assert codes(b"", with_image(clean)) == []
    assert codes(b"", with_image(clean + b"\0" * 40)) == []
    assert codes(b"", with_image(clean + PAYLOADS["zip"])) == ["embedded_payload"]
    assert codes(b"", with_image(clean + bytes(range(1, 200)))) == ["embedded_payload"]
    assert codes(b"", with_image(PAYLOADS["program"])) == ["embedded_payload"]


def sphere(radius: float, n: int = 12, centre: tuple[float, float, float] = (0, 0, 0)) -> Mesh:
    theta, phi = np.meshgrid(np.linspace(0.01, np.pi - 0.01, n), np.linspace(0, 2 * np.pi, n), indexing="ij")
    points = np.stack([np.sin(theta) * np.cos(phi), np.cos(theta), np.sin(theta) * np.sin(phi)], axis=-1).reshape(-1, 3)
    grid = np.arange(n * n).reshape(n, n)
    a, b, c, d = (g.ravel() for g in (grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:]))
    return Mesh(positions=radius * points + centre, faces=np.concatenate([np.c_[a, c, b], np.c_[a, d, c]]))


def scene_of(*meshes: Mesh) -> Scene:
    return Scene(meshes=meshes, nodes=[Node(meshes=tuple(range(len(meshes))))])


def test_shells_inside_and_meshes_far_off_are_found() -> None:
    assert codes(b"", scene_of(sphere(1.0))) == []
    nested = scene_of(*(sphere(r) for r in (1.0, 0.8, 0.6, 0.4)))
    assert codes(b"", nested) == ["hidden_geometry"]
    assert codes(b"", scene_of(sphere(1.0), sphere(0.1, n=5, centre=(500, 0, 0)))) == ["hidden_geometry"]
    shrunk = scene_of(sphere(1.0), sphere(1e-6))
    assert "hidden_geometry" in codes(b"", shrunk)


def test_a_file_that_contradicts_its_contract_is_found(tmp_path: Path) -> None:
    data = embed_digest(as_glb(capsule_person(), tmp_path), {"platform": "unity", "source_sha256": "a" * 64, "seed": 3})
    scene = axis_core.read(data, name="a.glb")
    same = {"platform": "unity", "source": {"sha256": "a" * 64}, "provenance": {"seed": 3, "provider": "parametric"}}
    assert local_indicators(data, scene, contract=same) == ()
    for other in ({**same, "platform": "unreal"}, {**same, "source": {"sha256": "b" * 64}}):
        assert [i.id for i in local_indicators(data, scene, contract=other)] == ["provenance_mismatch"]
    named = attrs.evolve(scene, asset={"version": "2.0", "generator": "Sketchfab-12.0"})
    found = local_indicators(b"", named, contract={"provenance": {"provider": "parametric"}})
    assert [i.id for i in found] == ["provenance_mismatch"]
    assert local_indicators(b"", named, contract={"provenance": {"provider": "mesh_upload"}}) == ()


def test_a_damaged_digest_is_found(tmp_path: Path) -> None:
    data = bytearray(embed_digest(as_glb(cube(), tmp_path), {"lod": 0}))
    assert codes(bytes(data)) == []
    data[-5] ^= 1
    assert codes(bytes(data)) == ["tampered_contract"]


GROUNDTRUTH = Path(__file__).parents[2].parent / "shared" / "groundtruth"


@pytest.mark.skipif(not GROUNDTRUTH.is_dir(), reason="the folder of characters is not there")
def test_real_characters_are_clear() -> None:
    files = sorted(GROUNDTRUTH.rglob("*.glb"))
    known: list[Known] = []
    for path in files[:: max(len(files) // 12, 1)]:
        data = path.read_bytes()
        scene = axis_core.read(path)
        assert local_indicators(data, scene) == ()
        traces = traces_of(scene, data)
        assert [m for m in match_traces(traces, known) if m.kind != "image"] == []
        known.append(Known(id=path.stem, traces=traces))
