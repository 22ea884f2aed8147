"""Accessors as numpy arrays: views of the file where the layout allows it (glTF 2.0, sections 3.6.2 and 3.11)."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.formats.gltf.document import Document
from axis_core.formats.gltf.fields import flag, index, integer, mapping, refuse, text


__all__ = ["COMPONENT_TYPES", "ELEMENT_SIZES", "Accessors"]

COMPONENT_TYPES: dict[int, np.dtype[Any]] = {
    5120: np.dtype("<i1"),
    5121: np.dtype("<u1"),
    5122: np.dtype("<i2"),
    5123: np.dtype("<u2"),
    5125: np.dtype("<u4"),
    5126: np.dtype("<f4"),
}
ELEMENT_SIZES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}


@attrs.define
class Accessors:
    """Reads accessors of one document, each once.

    Attributes
    ----------
    document : Document
    """

    document: Document
    _items: list[dict[str, Any]] = attrs.field(init=False)
    _raw: dict[int, NDArray[Any]] = attrs.field(factory=dict)
    _floats: dict[int, NDArray[np.float32]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Look the list up once."""
        self._items = self.document.items("accessors")

    def __len__(self) -> int:
        """Return the number of accessors."""
        return len(self._items)

    def count(self, i: int) -> int:
        """Return the number of elements that accessor ``i`` declares."""
        return integer(self._items[i], "count", f"/accessors/{i}", low=1)

    def kind(self, i: int) -> str:
        """Return ``SCALAR``, ``VEC3``, ..."""
        value = text(self._items[i], "type", f"/accessors/{i}")
        if value not in ELEMENT_SIZES:
            refuse(f"type is {value!r:.20}, expected one of {', '.join(ELEMENT_SIZES)}", f"/accessors/{i}/type")
        return value

    def raw(self, i: int, kinds: tuple[str, ...], pointer: str) -> NDArray[Any]:
        """Return accessor ``i`` as (count, n) in its own component type, columns of matrices one after the other.

        Parameters
        ----------
        kinds : tuple of str
            Types allowed here.
        pointer : str
            Where it is used, for the error about its type.

        Raises
        ------
        InputError
            It reaches past its buffer view, or its type is another.
        LimitExceeded
            It is larger than the limits allow.
        """
        if self.kind(i) not in kinds:
            refuse(f"accessor {i} is {self.kind(i)}, expected {' or '.join(kinds)}", pointer)
        if i not in self._raw:
            self._raw[i] = self._read(i)
        return self._raw[i]

    def floats(self, i: int, kinds: tuple[str, ...], pointer: str) -> NDArray[np.float32]:
        """Return accessor ``i`` as (count, n) float32; normalised integers become -1..1 or 0..1."""
        array = self.raw(i, kinds, pointer)
        if array.dtype == np.float32:
            return array
        if i not in self._floats:
            self.document.spend(4 * array.size, f"/accessors/{i}")
            self._floats[i] = self._dequantised(array, self.is_normalised(i))
        return self._floats[i]

    def is_normalised(self, i: int) -> bool:
        """Return whether the integers of accessor ``i`` stand for -1..1 or 0..1."""
        return flag(self._items[i], "normalized", f"/accessors/{i}")

    @staticmethod
    def _dequantised(array: NDArray[Any], normalised: bool) -> NDArray[np.float32]:
        out = array.astype(np.float32)
        if normalised and array.dtype.kind in "iu":
            out /= np.float32(np.iinfo(array.dtype).max)
            if array.dtype.kind == "i":
                np.maximum(out, np.float32(-1.0), out=out)
        out.flags.writeable = False
        return out

    def _read(self, i: int) -> NDArray[Any]:
        here = f"/accessors/{i}"
        item = self._items[i]
        dtype = self._dtype(item, here)
        count, width = self.count(i), ELEMENT_SIZES[self.kind(i)]
        if "bufferView" in item:
            offset = integer(item, "byteOffset", here, default=0)
            array = self._elements(item, here, dtype, self.kind(i), count, offset)
        else:
            self.document.spend(count * width * dtype.itemsize, here)
            array = np.zeros((count, width), dtype)
        sparse = mapping(item, "sparse", here)
        if sparse:
            array = self._with_sparse(array, sparse, f"{here}/sparse", self.kind(i))
        if not array.flags.aligned or not array.flags.c_contiguous:
            self.document.spend(array.nbytes, here)
            array = np.array(array, order="C")
        array.flags.writeable = False
        return array

    @staticmethod
    def _dtype(item: dict[str, Any], pointer: str, allowed: tuple[int, ...] = tuple(COMPONENT_TYPES)) -> np.dtype[Any]:
        code = integer(item, "componentType", pointer)
        if code not in allowed:
            expected = ", ".join(map(str, allowed))
            refuse(f"componentType is {code}, expected one of {expected}", f"{pointer}/componentType")
        return COMPONENT_TYPES[code]

    def _elements(
        self, item: dict[str, Any], pointer: str, dtype: np.dtype[Any], kind: str, count: int, offset: int
    ) -> NDArray[Any]:
        which = index(item, "bufferView", pointer, len(self.document.items("bufferViews")))
        if which is None:
            refuse("bufferView is missing", pointer)
        data, stride = self.document.view(which)
        rows, columns = {"MAT2": (2, 2), "MAT3": (3, 3), "MAT4": (4, 4)}.get(kind, (ELEMENT_SIZES[kind], 1))
        # Columns of a matrix start on 4 bytes (section 3.6.2.4); vectors are packed.
        column = rows * dtype.itemsize if columns == 1 else -(-rows * dtype.itemsize // 4) * 4
        size = column * (columns - 1) + rows * dtype.itemsize
        stride = stride or column * columns
        if stride < size:
            refuse(f"byteStride is {stride}, an element has {size} bytes", f"/bufferViews/{which}/byteStride")
        end = offset + stride * (count - 1) + size
        if end > len(data):
            refuse(f"the accessor ends at byte {end} of its buffer view, which has {len(data)}", pointer)
        shape = (count, rows) if columns == 1 else (count, columns, rows)
        strides = (stride, dtype.itemsize) if columns == 1 else (stride, column, dtype.itemsize)
        array: NDArray[Any] = np.ndarray(shape, dtype, buffer=data, offset=offset, strides=strides)
        return array if columns == 1 else array.reshape(count, rows * columns)

    def _with_sparse(self, base: NDArray[Any], sparse: dict[str, Any], pointer: str, kind: str) -> NDArray[Any]:
        count = integer(sparse, "count", pointer, low=1, high=len(base))
        where, what = mapping(sparse, "indices", pointer), mapping(sparse, "values", pointer)
        dtype = self._dtype(where, f"{pointer}/indices", (5121, 5123, 5125))
        offset = integer(where, "byteOffset", f"{pointer}/indices", default=0)
        rows = self._elements(where, f"{pointer}/indices", dtype, "SCALAR", count, offset)[:, 0]
        if int(rows.max()) >= len(base):
            refuse(f"a sparse index is {int(rows.max())}, the accessor has {len(base)} elements", f"{pointer}/indices")
        offset = integer(what, "byteOffset", f"{pointer}/values", default=0)
        values = self._elements(what, f"{pointer}/values", base.dtype, kind, count, offset)
        if not base.flags.writeable:
            self.document.spend(base.nbytes, pointer)
            base = base.copy()
        base[rows] = values
        return base
