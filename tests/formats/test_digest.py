"""The digest in a GLB notices every changed bit."""

from __future__ import annotations

import random

import pytest

from axis_core.errors import AxisError, InputError
from axis_core.formats.digest import check_digest, embed_digest, glb_digest, read_summary
from axis_core.formats.gltf.container import join_glb, split_glb
from axis_core.formats.gltf.read import read_gltf
from axis_core.formats.gltf.write import glb_bytes, gltf_bytes
from axis_core.testing.scenes import skinned_arm


SUMMARY = {"id": "ä", "height_m": 1.5e-7, "list": [1, {"a": None}]}


def test_a_file_as_written_passes_and_gives_its_summary_back() -> None:
    plain = glb_bytes(skinned_arm())
    data = embed_digest(plain, SUMMARY)
    assert check_digest(data) is True
    assert read_summary(data) == SUMMARY
    assert glb_digest(data) == glb_digest(plain)
    assert read_gltf(data) == read_gltf(plain) or read_gltf(data).meshes == read_gltf(plain).meshes


def test_a_file_without_a_digest_says_neither_yes_nor_no() -> None:
    assert check_digest(glb_bytes(skinned_arm())) is None


def test_embedding_twice_is_embedding_once() -> None:
    data = embed_digest(glb_bytes(skinned_arm()), SUMMARY)
    assert embed_digest(data, SUMMARY) == data
    assert embed_digest(embed_digest(data, {"other": 1}), SUMMARY) == data


def test_every_flipped_bit_is_noticed() -> None:
    data = embed_digest(glb_bytes(skinned_arm()), SUMMARY)
    rng = random.Random(5)
    for place in {*range(40), *rng.sample(range(len(data)), 1500), len(data) - 1}:
        damaged = bytearray(data)
        damaged[place] ^= 1 << rng.randrange(8)
        try:
            assert check_digest(bytes(damaged)) is not True, place
        except AxisError:
            continue


@pytest.mark.parametrize("cut", [1, 4, 100])
def test_truncation_and_addition_are_noticed(cut: int) -> None:
    data = embed_digest(glb_bytes(skinned_arm()), SUMMARY)
    with pytest.raises(InputError):
        check_digest(data[:-cut])
    assert check_digest(data + bytes(cut)) is False


def test_other_extras_are_covered_and_kept() -> None:
    plain = glb_bytes(skinned_arm(), asset_extras={"mine": 1})
    data = embed_digest(plain, SUMMARY)
    parts = split_glb(data)
    assert b'"mine":1' in parts.json
    assert parts.bin is not None
    assert check_digest(join_glb(parts.json.rstrip().replace(b'"mine":1', b'"mine":2'), parts.bin)) is False


def test_summaries_that_are_not_json_or_use_our_names_are_refused() -> None:
    plain = glb_bytes(skinned_arm())
    for summary in ({"digest": 1}, {"a": object()}, {"a": float("nan")}):
        with pytest.raises(InputError) as caught:
            embed_digest(plain, summary)
        assert caught.value.code == "invalid_request"
    with pytest.raises(InputError):
        embed_digest(gltf_bytes(skinned_arm()), {})
