"""The compact format keeps every number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from axis_core.body.codec import decode_arrays, decode_ids, encode_arrays, encode_ids
from axis_core.body.targets import TargetSet
from axis_core.errors import StoreError


id_lists = st.lists(st.lists(st.integers(0, 65535), unique=True, max_size=20).map(sorted), max_size=12)


@given(id_lists)
def test_id_lists_survive_delta_coding(lists: list[list[int]]) -> None:
    steps = encode_ids([np.array(ids, dtype=np.int64) for ids in lists])
    decoded = decode_ids(steps, np.array([len(ids) for ids in lists], dtype=np.int64))
    assert decoded.tolist() == [i for ids in lists for i in ids]


@pytest.mark.parametrize("ids", [[2, 1], [1, 1], [70000], [-1, 3]])
def test_ids_out_of_order_or_range_are_refused(ids: list[int]) -> None:
    with pytest.raises(ValueError):
        encode_ids([np.array(ids)])


def test_arrays_survive_and_the_same_arrays_give_the_same_bytes() -> None:
    rng = np.random.default_rng(3)
    arrays = {"a": rng.integers(-9, 9, (3, 50)).astype(np.int16), "b.c": rng.integers(0, 255, 7).astype(np.uint8)}
    data = encode_arrays(arrays)
    assert encode_arrays(arrays) == data
    back = decode_arrays(data)
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype
        np.testing.assert_array_equal(back[name], array)


@pytest.mark.parametrize("damage", ["cut", "noise", "flip", "other"])
def test_damaged_bytes_are_a_store_error(damage: str) -> None:
    data = encode_arrays({"a": np.arange(1000, dtype=np.int32)})
    bad = {
        "cut": data[: len(data) // 2],
        "noise": b"not xz",
        "flip": data[:60] + bytes([data[60] ^ 0xFF]) + data[61:],
        "other": encode_arrays({})[:40],
    }[damage]
    with pytest.raises(StoreError) as caught:
        decode_arrays(bad)
    assert caught.value.code == "parse_failed"


def test_what_decodes_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("axis_core.body.codec.MAX_DECODED_BYTES", 1000)
    with pytest.raises(StoreError):
        decode_arrays(encode_arrays({"zeros": np.zeros(100_000, dtype=np.uint8)}))


def test_pickled_objects_are_not_read() -> None:
    import io
    import lzma

    buffer = io.BytesIO()
    np.savez(buffer, evil=np.array([object()], dtype=object))
    with pytest.raises(StoreError):
        decode_arrays(lzma.compress(buffer.getvalue()))


def test_adding_a_target_equals_its_sparse_rows() -> None:
    names = np.frombuffer(b'["x","y"]', dtype=np.uint8)
    ids = encode_ids([np.array([1, 4]), np.array([0, 1, 2])])
    deltas = np.array([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [-1, -2, -3, -4, -5]], dtype=np.int16)
    arrays = {"names": names, "counts": np.array([2, 3], dtype=np.int32), "ids": ids, "deltas": deltas}
    targets = TargetSet.from_arrays(arrays, n_vertices=5)
    out = np.zeros((3, 5), dtype=np.float32)
    targets.add(out, {0: 2.0, 1: -0.5})
    expected = np.zeros((5, 3))
    for k, coefficient in ((0, 2.0), (1, -0.5)):
        vertices, moved = targets.sparse(k)
        expected[vertices] += coefficient * moved
    np.testing.assert_allclose(out.T * 1e-4, expected, atol=1e-12)
