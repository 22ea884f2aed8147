"""Mesh: one piece of triangles with one material."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.arrays import (
    float_rows_3,
    opt_float_rows_3,
    opt_float_rows_4,
    opt_floats,
    opt_joint_rows,
    same_arrays,
    sets_of_2,
    sets_of_4,
    triangles,
    tuple_of,
)
from axis_core.model.morph import MorphTarget


__all__ = ["Mesh", "vertex_keys"]

_ARRAY = attrs.cmp_using(same_arrays)


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

    positions: NDArray[np.float32] = attrs.field(converter=float_rows_3, eq=_ARRAY)
    faces: NDArray[np.uint32] = attrs.field(converter=triangles, eq=_ARRAY)
    name: str = ""
    normals: NDArray[np.float32] | None = attrs.field(default=None, converter=opt_float_rows_3, eq=_ARRAY)
    tangents: NDArray[np.float32] | None = attrs.field(default=None, converter=opt_float_rows_4, eq=_ARRAY)
    uvs: tuple[NDArray[np.float32], ...] = attrs.field(default=(), converter=sets_of_2, eq=_ARRAY)
    colors: tuple[NDArray[np.float32], ...] = attrs.field(default=(), converter=sets_of_4, eq=_ARRAY)
    joints: NDArray[np.uint16] | None = attrs.field(default=None, converter=opt_joint_rows, eq=_ARRAY)
    weights: NDArray[np.float32] | None = attrs.field(default=None, converter=opt_floats, eq=_ARRAY)
    morphs: tuple[MorphTarget, ...] = attrs.field(default=(), converter=tuple_of)
    morph_weights: tuple[float, ...] = attrs.field(default=(), converter=tuple_of)
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


def vertex_keys(mesh: Mesh) -> list[NDArray[Any]]:
    """Return all that a vertex has beside its position, each (V, ...): vertices that agree in it are copies."""
    keys: list[NDArray[Any]] = [*mesh.uvs, *mesh.colors, *(m.positions for m in mesh.morphs)]
    keys += list(mesh.attributes.values())
    return keys + [a for a in (mesh.normals, mesh.joints, mesh.weights) if a is not None]
