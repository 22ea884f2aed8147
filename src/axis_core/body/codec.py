"""The compact cache format of the body pack: sparse targets and weights, delta-coded, in an xz-compressed npz.

Lossless at the resolution of the source (0.1 mm for targets, 0.01 mm for vertices). Measured on the whole pack:
integers, component after component (all x, all y, all z), compress four times better than rows of floats.
"""

from __future__ import annotations

import io
import lzma
import zipfile
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from axis_core.errors import StoreError


__all__ = ["decode_arrays", "decode_ids", "encode_arrays", "encode_ids"]

MAX_DECODED_BYTES = 256 << 20
"""The largest file of the pack decodes to 42 MB."""


def encode_arrays(arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    """Return ``arrays`` as an npz, xz-compressed; the same arrays give the same bytes."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **{name: np.ascontiguousarray(a) for name, a in arrays.items()})
    return lzma.compress(buffer.getvalue(), preset=6)


def decode_arrays(data: bytes) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of :func:`encode_arrays`.

    Raises
    ------
    StoreError
        ``parse_failed`` if the bytes are not of this format.
    """
    decoder = lzma.LZMADecompressor()
    try:
        raw = decoder.decompress(data, max_length=MAX_DECODED_BYTES)
        if not decoder.eof:
            raise StoreError("the body data is cut off or too large.", code="parse_failed")
        with np.load(io.BytesIO(raw), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (lzma.LZMAError, zipfile.BadZipFile, ValueError, EOFError) as exc:
        raise StoreError(f"the body data cannot be read: {exc}.", code="parse_failed") from exc


def encode_ids(lists: Sequence[NDArray[np.integer]]) -> NDArray[np.uint16]:
    """Return ascending id lists as one array: the first id of each list, then differences.

    Raises
    ------
    ValueError
        If a list is not strictly ascending or does not fit 16 bits.
    """
    parts = []
    for ids in lists:
        steps = np.diff(np.asarray(ids, dtype=np.int64), prepend=0)
        if (steps[1:] < 1).any() or (steps[:1] < 0).any() or int(steps.sum()) > 65535:
            raise ValueError("ids must be ascending and below 65,536")
        parts.append(steps.astype(np.uint16))
    return np.concatenate(parts) if parts else np.zeros(0, np.uint16)


def decode_ids(steps: NDArray[np.uint16], counts: NDArray[np.integer]) -> NDArray[np.uint16]:
    """Return the ids of all lists, one after the other; ``counts`` are the lengths of the lists."""
    if not len(steps):
        return np.zeros(0, np.uint16)
    running = np.cumsum(steps, dtype=np.uint16)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    starts = starts[np.asarray(counts) > 0]
    before = running[starts] - steps[starts]
    lengths = np.asarray(counts)[np.asarray(counts) > 0]
    running -= np.repeat(before, lengths)
    return running
