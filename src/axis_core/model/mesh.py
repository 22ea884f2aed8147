"""Mesh: one piece of triangles with one material."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.arrays import same_arrays, to_frozen
from axis_core.model.morph import MorphTarget


__all__ = ["Mesh"]

_ARRAY = attrs.cmp_using(same_arrays)


def _optional(dtype: Any, columns: int | None) -> Any:
    return attrs.converters.optional(to_frozen(dtype, columns))


def _uv_sets(value: Any) -> tuple[NDArray[np.float32], ...]:
    return tuple(to_frozen(np.float32, 2)(v) for v in value)


def _color_sets(value: Any) -> tuple[NDArray[np.float32], ...]:
    return tuple(to_frozen(np.float32, 4)(v) for v in value)


def _same_sets(a: Any, b: Any) -> bool:
    return len(a) == len(b) and all(same_arrays(x, y) for x, y in zip(a, b, strict=True))


_SETS = attrs.cmp_using(_same_sets)


@attrs.frozen(kw_only=True)
class Mesh:
    """Triangles with one material: what glTF calls a primitive.

    Several meshes of one node make one glTF mesh; they share its ``name`` and have the same morph targets.

    Attributes
    ----------
    name : str
        Name of the glTF mesh it belongs to.
    positions : (V, 3) float32, metres
        In the space of the node, or in bind space where the node has a skin.
    faces : (F, 3) uint32
        Counter-clockwise seen from outside.
    normals : (V, 3) float32 or None
        Unit vectors.
    tangents : (V, 4) float32 or None
        Unit vectors with the sign of the bitangent, MikkTSpace convention.
    uvs, colors : tuples of (V, 2), (V, 4) float32
        Sets in order; (0, 0) is the upper left corner of an image. Colours are linear, with alpha.
    joints, weights : (V, K) uint16, float32 or None
        Skin: indices into the joints of the node's skin, K a multiple of 4.
    morphs : tuple of MorphTarget
        Same order in all meshes of one node.
    morph_weights : tuple of float
        Default weights of the morph targets.
    material : int or None
        Index into the scene's materials.
    attributes : mapping of str to (V, n) array
        Further vertex attributes, ``_NAME`` as in glTF.
    extras, extensions : mapping
        Of the glTF mesh, kept as read.
    primitive_extras, primitive_extensions : mapping
        Of the glTF primitive, kept as read.

    Raises
    ------
    ValueError
        If a shape does not fit or a face points past the vertices. Values are not checked: audit reports NaN.
    """

    positions: NDArray[np.float32] = attrs.field(converter=to_frozen(np.float32, 3), eq=_ARRAY)
    faces: NDArray[np.uint32] = attrs.field(converter=to_frozen(np.uint32, 3), eq=_ARRAY)
    name: str = ""
    normals: NDArray[np.float32] | None = attrs.field(default=None, converter=_optional(np.float32, 3), eq=_ARRAY)
    tangents: NDArray[np.float32] | None = attrs.field(default=None, converter=_optional(np.float32, 4), eq=_ARRAY)
    uvs: tuple[NDArray[np.float32], ...] = attrs.field(default=(), converter=_uv_sets, eq=_SETS)
    colors: tuple[NDArray[np.float32], ...] = attrs.field(default=(), converter=_color_sets, eq=_SETS)
    joints: NDArray[np.uint16] | None = attrs.field(default=None, converter=_optional(np.uint16, None), eq=_ARRAY)
    weights: NDArray[np.float32] | None = attrs.field(default=None, converter=_optional(np.float32, None), eq=_ARRAY)
    morphs: tuple[MorphTarget, ...] = attrs.field(default=(), converter=tuple)
    morph_weights: tuple[float, ...] = attrs.field(default=(), converter=tuple)
    material: int | None = None
    attributes: Mapping[str, NDArray[Any]] = attrs.field(factory=dict, eq=False)
    extras: Mapping[str, Any] = attrs.field(factory=dict)
    extensions: Mapping[str, Any] = attrs.field(factory=dict)
    primitive_extras: Mapping[str, Any] = attrs.field(factory=dict)
    primitive_extensions: Mapping[str, Any] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Check that all arrays have one row a vertex and that faces stay inside."""
        n = len(self.positions)
        rows = {"normals": self.normals, "tangents": self.tangents, "joints": self.joints, "weights": self.weights}
        rows |= {f"uvs[{i}]": uv for i, uv in enumerate(self.uvs)}
        rows |= {f"colors[{i}]": c for i, c in enumerate(self.colors)}
        rows |= {f"morphs[{i}]": m.positions for i, m in enumerate(self.morphs)}
        rows |= dict(self.attributes)
        for label, array in rows.items():
            if array is not None and len(array) != n:
                raise ValueError(f"mesh {self.name!r}: {label} has {len(array)} rows, the mesh {n} vertices")
        if self.faces.size and int(self.faces.max()) >= n:
            raise ValueError(f"mesh {self.name!r}: a face points to vertex {int(self.faces.max())} of {n}")
        if (self.joints is None) != (self.weights is None):
            raise ValueError(f"mesh {self.name!r}: joints and weights come together")
        if self.joints is not None and self.weights is not None and self.joints.shape != self.weights.shape:
            raise ValueError(f"mesh {self.name!r}: joints {self.joints.shape}, weights {self.weights.shape}")

    @property
    def n_vertices(self) -> int:
        """Number of vertices."""
        return len(self.positions)

    @property
    def n_triangles(self) -> int:
        """Number of triangles."""
        return len(self.faces)

    @property
    def is_skinned(self) -> bool:
        """Whether the vertices have joints and weights."""
        return self.joints is not None
