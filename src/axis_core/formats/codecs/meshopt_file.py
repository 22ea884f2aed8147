"""A whole GLB with quantised, reordered and packed geometry: what gltfpack does to a file, to ours."""

from __future__ import annotations

import copy
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.formats.codecs.meshopt import meshopt_library
from axis_core.formats.codecs.quantise import Grid, byte_weights, grid_of, unit_uvs
from axis_core.formats.codecs.repack import Repacker
from axis_core.formats.gltf.accessors import Accessors
from axis_core.formats.gltf.document import Document


__all__ = ["MeshoptOptions", "pack_meshopt"]

_ARRAY_BUFFER = 34962
_ANY = ("SCALAR", "VEC2", "VEC3", "VEC4", "MAT4")


@attrs.frozen(kw_only=True)
class MeshoptOptions:
    """How many bits are kept.

    Attributes
    ----------
    position_bits : int
        Of the largest extent of the file: 14 of 2 m are steps of 0.12 mm.
    normal_bits, uv_bits, quaternion_bits, length_bits : int
    """

    position_bits: int = 14
    normal_bits: int = 8
    uv_bits: int = 12
    quaternion_bits: int = 12
    length_bits: int = 15
    extension: str = "EXT_meshopt_compression"


def pack_meshopt(document: Document, options: MeshoptOptions) -> tuple[dict[str, Any], bytes]:
    """Return the JSON and the bytes of a file packed by meshoptimizer.

    Every primitive gets accessors of its own. Positions of all meshes share one grid; what turns it back into metres
    stands in bind matrices and in a node below each node that shows a mesh without a skin.
    """
    return _Packing(document, options).result()


class _Packing:
    def __init__(self, document: Document, options: MeshoptOptions) -> None:
        self._document, self._options = document, options
        self._accessors = Accessors(document)
        self._root = copy.deepcopy({k: v for k, v in document.root.items() if k not in ("accessors", "bufferViews")})
        self._out = Repacker(options.extension)
        self._lib = meshopt_library()
        self._grid = self._make_grid()
        self._others: dict[tuple[str, int], int] = {}

    def result(self) -> tuple[dict[str, Any], bytes]:
        """Return JSON and bytes."""
        root = self._root
        for mesh in root.get("meshes", []):
            mesh["primitives"] = [self._primitive(p) for p in mesh["primitives"]]
        for skin in root.get("skins", []):
            self._skin(skin)
        moved = self._nodes()
        for clip in root.get("animations", []):
            self._clip(clip, moved)
        for image in root.get("images", []):
            if "bufferView" in image:
                image["bufferView"] = self._out.plain(bytes(self._document.view(image["bufferView"])[0]))
        self._out.close()
        names = {self._options.extension, "KHR_mesh_quantization"}
        root["extensionsUsed"] = sorted({*root.get("extensionsUsed", ()), *names})
        root["extensionsRequired"] = sorted({*root.get("extensionsRequired", ()), *names})
        root |= {"accessors": self._out.accessors, "bufferViews": self._out.views, "buffers": self._out.buffers}
        return root, self._out.data()

    def _floats(self, i: int) -> NDArray[np.float32]:
        return self._accessors.floats(i, _ANY, f"/accessors/{i}")

    def _make_grid(self) -> Grid:
        primitives = [p for m in self._root.get("meshes", []) for p in m["primitives"]]
        positions = [self._floats(p["attributes"]["POSITION"]) for p in primitives]
        moves = [self._floats(t["POSITION"]) for p in primitives for t in p.get("targets", ()) if "POSITION" in t]
        return grid_of(positions, moves, self._options.position_bits)

    def _primitive(self, primitive: dict[str, Any]) -> dict[str, Any]:
        """Pack one primitive: triangles in the order the vertex cache likes, vertices in the order of their use."""
        n = self._accessors.count(primitive["attributes"]["POSITION"])
        corners = self._accessors.raw(primitive["indices"], ("SCALAR",), "/indices")[:, 0].astype(np.uint32)
        corners, remap, unique = self._lib.reorder_mesh(corners, True, True)
        order = np.argsort(np.asarray(remap, np.int64) & 0xFFFFFFFF, kind="stable")[:unique]
        assert len(remap) == n or len(remap) <= n
        out = {k: v for k, v in primitive.items() if k not in ("attributes", "indices", "targets")}
        out["attributes"] = {s: self._attribute(s, i, order) for s, i in primitive["attributes"].items()}
        out["indices"] = self._out.triangles(corners, int(unique))
        if primitive.get("targets"):
            out["targets"] = [
                {s: self._target(s, i, order) for s, i in target.items()} for target in primitive["targets"]
            ]
        return out

    def _like(self, i: int) -> dict[str, Any]:
        return self._document.items("accessors")[i]

    def _attribute(self, semantic: str, i: int, order: NDArray[np.intp]) -> int:
        kind = semantic.rstrip("0123456789").rstrip("_")
        like, options = self._like(i), self._options
        if kind == "POSITION":
            rows = self._grid.positions(self._floats(i)[order])
            which = self._out.packed(rows, like, target=_ARRAY_BUFFER)
            bounds = {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
            self._out.accessors[which] |= bounds
            return which
        if kind in ("NORMAL", "TANGENT"):
            return self._unit_vectors(self._floats(i)[order], like, options.normal_bits)
        if kind == "TEXCOORD":
            rows_uv = unit_uvs(self._floats(i)[order], options.uv_bits)
            if rows_uv is not None:
                return self._out.packed(rows_uv, like, normalised=True, target=_ARRAY_BUFFER)
            return self._lengths(self._floats(i)[order], like, options.length_bits, _ARRAY_BUFFER)
        if kind == "WEIGHTS":
            if self._has_one_set():
                return self._out.packed(
                    byte_weights(self._floats(i)[order]), like, normalised=True, target=_ARRAY_BUFFER
                )
            return self._out.packed(self._floats(i)[order], like, target=_ARRAY_BUFFER)
        rows_raw = self._accessors.raw(i, _ANY, semantic)[order]
        normalised = bool(like.get("normalized", False))
        return self._out.packed(rows_raw, like, normalised=normalised, target=_ARRAY_BUFFER)

    def _has_one_set(self) -> bool:
        """Bytes of several sets do not add up to one sum: only a single set is rounded."""
        return not any(
            "WEIGHTS_1" in p["attributes"] for m in self._document.root.get("meshes", []) for p in m["primitives"]
        )

    def _unit_vectors(self, values: NDArray[np.float32], like: dict[str, Any], bits: int) -> int:
        width = values.shape[1]
        four = np.zeros((len(values), 4), np.float32)
        four[:, :width] = values
        rows = self._lib.encode_filter_oct(four, 4 if bits <= 8 else 8, bits)
        return self._out.packed(
            rows,
            like,
            dtype=np.dtype("<i1" if bits <= 8 else "<i2"),
            width=width,
            normalised=True,
            filtered="OCTAHEDRAL",
            target=_ARRAY_BUFFER,
        )

    def _lengths(self, values: NDArray[np.float32], like: dict[str, Any], bits: int, target: int | None) -> int:
        rows = self._lib.encode_filter_exp(values, bits)
        return self._out.packed(
            rows, like, dtype=np.dtype("<f4"), width=values.shape[1], filtered="EXPONENTIAL", target=target
        )

    def _target(self, semantic: str, i: int, order: NDArray[np.intp]) -> int:
        values = self._floats(i)[order]
        if semantic == "POSITION":
            rows = self._grid.displacements(values)
            which = self._out.packed(rows, self._like(i), target=_ARRAY_BUFFER)
            self._out.accessors[which] |= {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
            return which
        # KHR_mesh_quantization allows bytes here; longer displacements of normals than 1 are cut.
        small = np.rint(np.clip(values, -1, 1) * 127).astype(np.int8)
        return self._out.packed(small, self._like(i), normalised=True, target=_ARRAY_BUFFER)

    def _skin(self, skin: dict[str, Any]) -> None:
        i = skin.get("inverseBindMatrices")
        n = len(skin["joints"])
        matrices = np.broadcast_to(np.eye(4), (n, 4, 4)) if i is None else self._columns(i)
        turned = matrices @ self._grid.matrix
        rows = np.ascontiguousarray(np.swapaxes(turned, 1, 2).reshape(n, 16).astype(np.float32))
        skin["inverseBindMatrices"] = self._out.packed(rows, {} if i is None else self._like(i))

    def _columns(self, i: int) -> NDArray[np.float64]:
        return np.swapaxes(self._floats(i).reshape(-1, 4, 4), 1, 2).astype(np.float64)

    def _nodes(self) -> dict[int, int]:
        """Hang each mesh without a skin below its node, in a node that turns the grid into metres; return the moves."""
        nodes = self._root.get("nodes", [])
        moved: dict[int, int] = {}
        for n in range(len(nodes)):
            node = nodes[n]
            if "mesh" not in node or "skin" in node:
                continue
            below = {"mesh": node.pop("mesh")}
            if "weights" in node:
                below["weights"] = node.pop("weights")
            below |= {"translation": self._grid.origin.tolist(), "scale": [self._grid.step] * 3}
            if node.get("name"):
                below["name"] = f"{node['name']}_mesh"
            moved[n] = len(nodes)
            node["children"] = [*node.get("children", ()), moved[n]]
            nodes.append(below)
        return moved

    def _clip(self, clip: dict[str, Any], moved: dict[int, int]) -> None:
        samplers = clip["samplers"]
        paths = {c["sampler"]: c["target"]["path"] for c in clip["channels"]}
        for s, sampler in enumerate(samplers):
            sampler["input"] = self._times(sampler["input"])
            sampler["output"] = self._values(sampler["output"], paths.get(s, ""), sampler.get("interpolation", ""))
        for channel in clip["channels"]:
            node = channel["target"].get("node")
            if channel["target"]["path"] == "weights" and node in moved:
                channel["target"]["node"] = moved[node]

    def _times(self, i: int) -> int:
        if ("times", i) not in self._others:
            rows = self._floats(i)
            which = self._out.packed(rows, self._like(i))
            self._out.accessors[which] |= {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
            self._others["times", i] = which
        return self._others["times", i]

    def _values(self, i: int, path: str, interpolation: str) -> int:
        key = (f"{path} {interpolation}", i)
        if key in self._others:
            return self._others[key]
        values, like = self._floats(i), self._like(i)
        if path == "rotation" and interpolation != "CUBICSPLINE":
            rows = self._lib.encode_filter_quat(values, 8, self._options.quaternion_bits)
            which = self._out.packed(rows, like, dtype=np.dtype("<i2"), width=4, normalised=True, filtered="QUATERNION")
        elif path in ("translation", "scale") and interpolation != "CUBICSPLINE":
            which = self._lengths(values, like, self._options.length_bits, None)
        else:
            which = self._out.packed(values, like)
        self._others[key] = which
        return which
