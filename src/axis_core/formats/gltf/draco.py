"""Primitives that Draco has packed, put into plain accessors so that reading goes on as ever."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.formats.codecs.draco import DRACO, Packed, unpack
from axis_core.formats.gltf.accessors import COMPONENT_TYPES, ELEMENT_SIZES
from axis_core.formats.gltf.document import Document
from axis_core.formats.gltf.fields import index, integer, mapping, objects, refuse


__all__ = ["expand_draco"]


def expand_draco(document: Document) -> None:
    """Give every Draco primitive that has no plain fallback accessors of its own.

    Raises
    ------
    InputError
        ``parse_failed``: damaged, or it does not hold what its accessors say.
    BackendUnavailable
        ``not_installed``.
    """
    found: list[tuple[dict[str, Any], dict[str, Any], str]] = []
    for m, mesh in enumerate(document.list_of("meshes")):
        for p, primitive in enumerate(objects(mesh, "primitives", f"/meshes/{m}")):
            here = f"/meshes/{m}/primitives/{p}"
            extension = mapping(primitive, "extensions", here).get(DRACO)
            if isinstance(extension, dict) and not _has_fallback(document, primitive, here):
                found.append((primitive, extension, f"{here}/extensions/{DRACO}"))
    if not found:
        return
    packed = []
    for _, extension, where in found:
        view = index(extension, "bufferView", where, len(document.items("bufferViews")))
        packed.append(Packed(data=b"" if view is None else bytes(document.view(view)[0]), pointer=where))
    unpacked = unpack(packed, document.limits.decoded_bytes)
    for (primitive, extension, where), arrays in zip(found, unpacked, strict=True):
        _replace(document, primitive, extension, arrays, where)


def _has_fallback(document: Document, primitive: dict[str, Any], pointer: str) -> bool:
    attributes = mapping(primitive, "attributes", pointer)
    position = index(attributes, "POSITION", f"{pointer}/attributes", len(document.items("accessors")))
    required = document.root.get("extensionsRequired", [])
    if position is None:
        return True
    return "bufferView" in document.items("accessors")[position] and not (
        isinstance(required, list) and DRACO in required
    )


def _replace(
    document: Document,
    primitive: dict[str, Any],
    extension: dict[str, Any],
    arrays: dict[str, NDArray[Any]],
    pointer: str,
) -> None:
    """Point the accessors of a primitive to what was unpacked; each gets one of its own, for others may share it."""
    attributes = dict(mapping(primitive, "attributes", pointer))
    for semantic, unique in mapping(extension, "attributes", pointer).items():
        values = arrays.get(str(unique))
        if values is None or semantic not in attributes:
            refuse(f"{semantic}: Draco has no attribute {unique!r:.20}", f"{pointer}/attributes")
        attributes[semantic] = _accessor(document, attributes, semantic, values, pointer)
    primitive["attributes"] = attributes
    primitive["indices"] = _accessor(document, primitive, "indices", arrays["indices"][:, None], pointer)
    del primitive["extensions"][DRACO]


def _accessor(document: Document, holder: dict[str, Any], key: str, values: NDArray[Any], pointer: str) -> int:
    accessors = document.items("accessors")
    which = index(holder, key, pointer, len(accessors))
    item = dict(accessors[which]) if which is not None else {"type": "SCALAR", "componentType": 5125}
    width = ELEMENT_SIZES.get(str(item.get("type")), 0)
    if values.ndim != 2 or values.shape[1] != width:
        refuse(f"{key} is {item.get('type')!r:.20}, Draco has {values.shape[-1]} components", pointer)
    code = integer(item, "componentType", pointer)
    if code not in COMPONENT_TYPES:
        refuse(f"componentType is {code}", pointer)
    if key != "indices" and integer(item, "count", pointer, low=1) != len(values):
        refuse(f"{key} has {item['count']} elements, Draco {len(values)}", pointer)
    dtype = COMPONENT_TYPES[code]
    if values.dtype.kind != "f" and dtype.kind != "f" and values.size and int(values.max()) > np.iinfo(dtype).max:
        refuse(f"{key}: {int(values.max())} does not fit into componentType {code}", pointer)
    document.spend(values.nbytes, pointer)
    item |= {"count": len(values), "bufferView": document.add_view(values.astype(dtype).tobytes()), "byteOffset": 0}
    item.pop("sparse", None)
    accessors.append(item)
    return len(accessors) - 1
