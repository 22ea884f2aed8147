"""A whole GLB with its geometry packed by Draco."""

from __future__ import annotations

import copy
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.formats.codecs.draco import DRACO, require_draco
from axis_core.formats.codecs.quantise import byte_weights
from axis_core.formats.codecs.repack import ELEMENT_TYPES, Repacker, component_code
from axis_core.formats.gltf.accessors import Accessors
from axis_core.formats.gltf.document import Document


__all__ = ["DracoOptions", "pack_draco"]

_ANY = ("SCALAR", "VEC2", "VEC3", "VEC4", "MAT4")
_OWN = {"POSITION": 0, "NORMAL": 1, "COLOR_0": 2, "TEXCOORD_0": 3}
"""Attribute types of Draco; all others are generic."""


@attrs.frozen(kw_only=True)
class DracoOptions:
    """How many bits are kept, and how hard Draco tries (0 to 10)."""

    position_bits: int = 14
    normal_bits: int = 10
    uv_bits: int = 12
    level: int = 7


def pack_draco(document: Document, options: DracoOptions) -> tuple[dict[str, Any], bytes]:
    """Return the JSON and the bytes of a file whose primitives Draco holds.

    A primitive with morph targets keeps the order of its vertices, for the targets stay plain accessors.
    """
    require_draco()
    return _Packing(document, options).result()


class _Packing:
    def __init__(self, document: Document, options: DracoOptions) -> None:
        self._document, self._options = document, options
        self._accessors = Accessors(document)
        self._root = copy.deepcopy({k: v for k, v in document.root.items() if k not in ("accessors", "bufferViews")})
        self._out = Repacker(DRACO)
        self._kept: dict[int, int] = {}

    def result(self) -> tuple[dict[str, Any], bytes]:
        """Return JSON and bytes."""
        root = self._root
        for mesh in root.get("meshes", []):
            mesh["primitives"] = [self._primitive(p) for p in mesh["primitives"]]
        for skin in root.get("skins", []):
            if "inverseBindMatrices" in skin:
                skin["inverseBindMatrices"] = self._keep(skin["inverseBindMatrices"])
        for clip in root.get("animations", []):
            for sampler in clip["samplers"]:
                sampler |= {key: self._keep(sampler[key]) for key in ("input", "output")}
        for image in root.get("images", []):
            if "bufferView" in image:
                image["bufferView"] = self._out.plain(bytes(self._document.view(image["bufferView"])[0]))
        root["extensionsUsed"] = sorted({*root.get("extensionsUsed", ()), DRACO})
        root["extensionsRequired"] = sorted({*root.get("extensionsRequired", ()), DRACO})
        root |= {"accessors": self._out.accessors, "bufferViews": self._out.views, "buffers": self._out.buffers}
        return root, self._out.data()

    def _rows(self, i: int) -> NDArray[Any]:
        return np.ascontiguousarray(self._accessors.raw(i, _ANY, f"/accessors/{i}"))

    def _keep(self, i: int, **view: int) -> int:
        if i not in self._kept:
            like = self._document.items("accessors")[i]
            if "sparse" in like:
                self._kept[i] = self._out.sparse(self._rows(i), like)
                return self._kept[i]
            self._kept[i] = self._out.loose(self._rows(i), like)
            if view:
                self._out.views[self._out.accessors[self._kept[i]]["bufferView"]] |= view
        return self._kept[i]

    def _primitive(self, primitive: dict[str, Any]) -> dict[str, Any]:
        import DracoPy

        attributes = {s: self._draco_rows(s, i) for s, i in primitive["attributes"].items()}
        corners = self._rows(primitive["indices"])[:, 0].astype(np.uint32).reshape(-1, 3)
        generic = [s for s in attributes if s not in _OWN]
        options = self._options
        data = DracoPy.encode(
            attributes["POSITION"],
            corners,
            quantization_bits=options.position_bits,
            compression_level=options.level,
            normals=_doubles(attributes.get("NORMAL")),
            tex_coord=_doubles(attributes.get("TEXCOORD_0")),
            colors=attributes.get("COLOR_0"),
            generic_attributes={10 + k: attributes[s] for k, s in enumerate(generic)} or None,
            preserve_order=bool(primitive.get("targets")),
            tex_coord_quantization_bits=options.uv_bits,
            normal_quantization_bits=options.normal_bits,
        )
        # Draco joins and reorders vertices: what the accessors say is what comes out again.
        back = DracoPy.decode(data)
        unique = self._unique_ids(back, generic)
        out = {k: v for k, v in primitive.items() if k not in ("attributes", "indices", "targets")}
        out["attributes"] = {s: self._declared(s, primitive, back, unique[s]) for s in attributes}
        n_corners = int(np.asarray(back.faces).size)
        out["indices"] = self._out.declare({"componentType": 5125, "count": n_corners, "type": "SCALAR"})
        extension = {"bufferView": self._out.plain(bytes(data)), "attributes": unique}
        out["extensions"] = {**primitive.get("extensions", {}), DRACO: extension}
        if primitive.get("targets"):
            out["targets"] = [
                {s: self._keep(i, target=34962, byteStride=12) for s, i in target.items()}
                for target in primitive["targets"]
            ]
        return out

    def _draco_rows(self, semantic: str, i: int) -> NDArray[Any]:
        """Return an attribute in a type that Draco and glTF both have."""
        if semantic.startswith("WEIGHTS_") and not self._has_two_sets():
            return byte_weights(self._accessors.floats(i, _ANY, semantic))
        rows = self._rows(i)
        if semantic.startswith("COLOR_") and rows.dtype != np.uint8:
            colours = np.clip(self._accessors.floats(i, _ANY, semantic), 0, 1)
            return np.rint(colours * 255).astype(np.uint8)
        return rows if rows.dtype in (np.float32, np.uint8, np.uint16) else rows.astype(np.float32)

    def _has_two_sets(self) -> bool:
        return any(
            "WEIGHTS_1" in p["attributes"] for m in self._document.root.get("meshes", []) for p in m["primitives"]
        )

    @staticmethod
    def _unique_ids(back: Any, generic: list[str]) -> dict[str, int]:
        by_type = {item["attribute_type"]: item["unique_id"] for item in back.attributes if item["attribute_type"] < 4}
        own = {s: int(by_type[t]) for s, t in _OWN.items() if t in by_type}
        return own | {s: 10 + k for k, s in enumerate(generic)}

    def _declared(self, semantic: str, primitive: dict[str, Any], back: Any, unique: int) -> int:
        rows = np.asarray(next(item["data"] for item in back.attributes if item["unique_id"] == unique))
        like = self._document.items("accessors")[primitive["attributes"][semantic]]
        item: dict[str, Any] = {k: v for k, v in like.items() if k in ("name", "extras")}
        item |= {"componentType": component_code(rows.dtype), "count": len(rows), "type": ELEMENT_TYPES[rows.shape[1]]}
        if semantic.startswith(("COLOR_", "WEIGHTS_")) and rows.dtype != np.float32:
            item["normalized"] = True
        if semantic == "POSITION":
            item |= {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
        return self._out.declare(item)


def _doubles(rows: NDArray[Any] | None) -> NDArray[np.float64] | None:
    """Return what DracoPy takes as floats: it stores them as float32."""
    return None if rows is None else rows.astype(np.float64)
