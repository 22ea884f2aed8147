"""Meshes with attributes around the decimation kernels: what goes in, what comes out, how it is carried across."""

from __future__ import annotations

import math
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.adjacency import half_edge_twins
from axis_core.kernels.decimate_guides import point_guides
from axis_core.kernels.decimate_state import DecimationState
from axis_core.kernels.triangles import face_array, position_array
from axis_core.kernels.weld import weld_vertices


__all__ = ["DecimatedMesh", "MeshInput", "VertexAttributes"]

UV_STEP = 1.0 / 16384.0
"""Two UVs closer than this are one: a quarter of a texel of a 4096 texture."""
NORMAL_STEP = 0.02
"""Two unit normals closer than this in every coordinate are one: about one degree."""
COLOR_STEP = 1.0 / 512.0
"""Two colours closer than this are one: half a step of 8 bits."""


@attrs.frozen(eq=False)
class VertexAttributes:
    """What hangs on the vertices of a mesh. Every field is optional; all have one entry a vertex.

    Attributes
    ----------
    normals : (V, 3)
        Unit vectors; they are scaled to length 1 again.
    uvs : tuple of (V, 2)
        Texture coordinate sets.
    colors : (V, 3) or (V, 4) real numbers
    joints, weights : (V, N) integers and real numbers
        Skin influences. The four largest are kept and scaled to the sum 1.
    morphs, morph_normals : (T, V, 3)
        Displacements of T morph targets.
    """

    normals: ArrayLike | None = None
    uvs: tuple[ArrayLike, ...] = ()
    colors: ArrayLike | None = None
    joints: ArrayLike | None = None
    weights: ArrayLike | None = None
    morphs: ArrayLike | None = None
    morph_normals: ArrayLike | None = None


@attrs.frozen(eq=False)
class DecimatedMesh:
    """A decimated mesh and its ties to the input.

    Attributes
    ----------
    positions : (V', 3) float64, metres
    faces : (F', 3) int64
    attributes : VertexAttributes
        The fields that the input had.
    face_groups : (F',) int64 or None
    face_source : (F',) int64
        The input face that each face descends from.
    source_vertices, source_weights : (V', 3) int64 and float64
        The point of the input surface that each vertex took its attributes from: ``sum(weight * input[vertex])``.
    error : float, metres
        Root mean square distance to the planes of the input at the worst collapse: an estimate.
    """

    positions: NDArray[np.float64]
    faces: NDArray[np.int64]
    attributes: VertexAttributes
    face_groups: NDArray[np.int64] | None
    face_source: NDArray[np.int64]
    source_vertices: NDArray[np.int64]
    source_weights: NDArray[np.float64]
    error: float

    def carry(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return per-vertex values (V, ...) of the input, interpolated at the vertices of this mesh (V', ...)."""
        return _carry(values, self.source_vertices, self.source_weights)

    def carry_skin(
        self, joints: ArrayLike, weights: ArrayLike, n_influences: int = 4
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return (joints, weights) of the input's skin at the vertices of this mesh, the largest kept, sum 1."""
        return _carry_skin(joints, weights, self.source_vertices, self.source_weights, n_influences)


@attrs.frozen(eq=False)
class MeshInput:
    """A checked input: vertices, the points they lie on, and what hangs on them."""

    positions: NDArray[np.float64]
    faces: NDArray[np.uint32]
    vertex_source: NDArray[np.int64] | None
    attributes: VertexAttributes
    face_groups: NDArray[np.int64] | None
    importance: NDArray[np.float64] | None
    locked: NDArray[np.bool_] | None
    wedge_of: NDArray[np.uint32]
    chart_of: NDArray[np.uint32]
    point_of: NDArray[np.uint32]
    vertex_of: NDArray[np.uint32]

    @classmethod
    def of(
        cls,
        positions: ArrayLike,
        faces: ArrayLike,
        attributes: VertexAttributes | None,
        face_groups: ArrayLike | None,
        importance: ArrayLike | None,
        locked: ArrayLike | None,
    ) -> MeshInput:
        """Check everything once and find out which vertices are one point, and which of those are one wedge."""
        from axis_core.kernels.cpu import decimate_carry as carry

        points = position_array(positions)
        corners = face_array(faces, len(points))
        values = attributes or VertexAttributes()
        _check(values, len(points))
        weight = _per_vertex("importance", importance, len(points), np.float64)
        if weight is not None and not (weight > 0).all():
            raise InputError(f"importance: expected positive numbers, got {weight.min()}")
        fixed = _per_vertex("locked", locked, len(points), np.bool_)
        groups = None if face_groups is None else np.asarray(face_groups, dtype=np.int64)
        if groups is not None and groups.shape != (len(corners),):
            raise InputError(f"face_groups: expected shape ({len(corners)},), got {groups.shape}")
        source = None
        if groups is not None:
            corners, source = _split_groups(corners, groups, len(points))
        everywhere = points if source is None else points[source]
        first, remap = _surface_points(everywhere, corners)
        seams, splits = _wedge_keys(values, corners, groups, source, len(everywhere))
        chart_of = carry.merge_wedges(remap, len(first), seams)
        wedge_of = carry.merge_wedges(remap, len(first), np.concatenate([seams, splits], axis=1))
        return cls(
            positions=everywhere,
            faces=corners,
            vertex_source=source,
            attributes=values,
            face_groups=groups,
            importance=weight,
            locked=fixed,
            wedge_of=wedge_of,
            chart_of=chart_of,
            point_of=remap.astype(np.uint32),
            vertex_of=first.astype(np.uint32),
        )

    def start(self, max_error: float | None) -> DecimationState:
        """Return a state at the input, importance, locks and error bound written into it."""
        from axis_core.kernels.cpu import decimate_quadric as cpu

        if max_error is not None and not max_error >= 0.0:
            raise InputError(f"max_error: expected 0 or more metres, got {max_error}")
        state = DecimationState.of_points(
            self.positions,
            self.faces,
            self.point_of,
            self.vertex_of,
            self.wedge_of,
            self.chart_of,
            self._guides(),
        )
        if max_error is not None:
            state.max_square = (max_error * state.scale) ** 2
        source = slice(None) if self.vertex_source is None else self.vertex_source
        number = np.full(len(self.vertex_of), -1)
        number[self.point_of[state.vertex_of]] = np.arange(state.n_vertices)
        row_of = number[self.point_of]  # -1: a vertex of no face
        used = row_of >= 0
        if self.importance is not None:
            state.rows[:, cpu.IMPORTANCE] = 0.0
            weights = self.importance[source].astype(np.float32)
            np.maximum.at(state.rows[:, cpu.IMPORTANCE], row_of[used], weights[used])
        if self.locked is not None:
            state.kinds[row_of[used & self.locked[source]]] |= cpu.CORNER | cpu.LOCKED
        return state

    def _guides(self) -> NDArray[np.float32] | None:
        rows = slice(None) if self.vertex_source is None else self.vertex_source
        values = self.attributes

        def taken(array: ArrayLike | None) -> ArrayLike | None:
            return None if array is None else np.asarray(array)[rows]

        guides = taken(values.normals), taken(values.joints), taken(values.weights)
        return point_guides(self.positions, self.point_of, len(self.vertex_of), *guides)

    def result(self, state: DecimationState) -> DecimatedMesh:
        """Return the mesh that ``state`` stands at, with everything carried to it."""
        from axis_core.kernels.cpu import decimate_carry as carry

        wedge, point, faces = carry.output_vertices(state.faces, state.wedges, state.n_faces, len(self.positions))
        positions = state.point_positions()[point]
        sources, weights = self._locate(positions, wedge, state.charts, self.chart_of)
        sides = (sources, weights)
        if self.attributes.normals is not None and not np.array_equal(self.chart_of, self.wedge_of):
            sides = self._locate(positions, wedge, state.merged, self.wedge_of)
        face_source = state.face_ids[: state.n_faces].astype(np.int64)
        carried = _carry_all(self.attributes, sources, weights, sides)
        if self.attributes.normals is not None and state.has_guides:
            carried = attrs.evolve(carried, normals=self._fitted_normals(state, point, carried.normals))
        return DecimatedMesh(
            positions,
            faces,
            carried,
            None if self.face_groups is None else self.face_groups[face_source],
            face_source,
            sources,
            weights,
            state.error,
        )

    def _fitted_normals(
        self, state: DecimationState, point: NDArray[np.uint32], carried: ArrayLike | None
    ) -> NDArray[np.float64]:
        """Return the normals that fit the faces each vertex stands for best; those carried along hard edges."""
        from axis_core.kernels.cpu.decimate_quadric import GUIDES

        fitted = state.rows[point][:, GUIDES + 3 : GUIDES + 12 : 4].astype(np.float64)
        length = np.linalg.norm(fitted, axis=1, keepdims=True)
        usable = length[:, 0] > 0
        if not np.array_equal(self.chart_of, self.wedge_of):
            usable &= np.bincount(point, minlength=state.n_vertices)[point] == 1
        return np.where(usable[:, None], fitted / np.where(length > 0, length, 1.0), np.asarray(carried))

    def _locate(
        self,
        positions: NDArray[np.float64],
        wedge: NDArray[np.uint32],
        parents: NDArray[np.uint32],
        alike: NDArray[np.uint32],
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return (vertices (V', 3), weights (V', 3)) of the closest points on the sheets of ``alike`` vertices."""
        from axis_core.kernels.cpu import decimate_carry as carry
        from axis_core.kernels.cpu import decimate_setup as setup

        seeds = carry.nearest_in_cluster(parents, wedge, positions, self.positions)
        starts = np.empty(len(self.positions) + 1, dtype=np.uint32)
        ring = np.empty(3 * len(self.faces), dtype=np.uint32)
        setup.build_rings(alike[self.faces], len(self.faces), len(self.positions), starts, ring)
        sources, weights = carry.locate_sources(positions, seeds, self.positions, self.faces, alike, starts, ring)
        if self.vertex_source is not None:
            sources = self.vertex_source[sources]
        return sources, weights


def _surface_points(
    positions: NDArray[np.float64], faces: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (first vertex of each point, point of each vertex): copies of a position that one surface runs through."""
    from axis_core.kernels.cpu import decimate_carry as carry

    first, remap = weld_vertices(positions)
    if len(first) == len(positions):
        return first, remap
    point_twins = half_edge_twins(remap[faces], len(first))
    if (point_twins != -2).all():
        return first, remap
    twins = half_edge_twins(faces, len(positions))
    n_points, point_of = carry.sew_vertices(faces, remap.astype(np.uint32), twins, point_twins)
    first = np.full(n_points, len(positions), dtype=np.int64)
    np.minimum.at(first, point_of, np.arange(len(positions)))
    return first, point_of.astype(np.int64)


def _per_vertex(name: str, values: ArrayLike | None, n_vertices: int, dtype: type) -> NDArray[Any] | None:
    if values is None:
        return None
    array: NDArray[Any] = np.asarray(values, dtype=dtype)
    if array.shape != (n_vertices,):
        raise InputError(f"{name}: expected shape ({n_vertices},), got {array.shape}")
    return array


def _check(values: VertexAttributes, n_vertices: int) -> None:
    """Raise if an attribute does not fit the vertices."""
    named: list[tuple[str, ArrayLike | None, int, tuple[int, ...]]] = [
        ("normals", values.normals, 0, (3,)),
        *((f"uvs[{i}]", uv, 0, (2,)) for i, uv in enumerate(values.uvs)),
        ("colors", values.colors, 0, (3, 4)),
        ("joints", values.joints, 0, ()),
        ("weights", values.weights, 0, ()),
        ("morphs", values.morphs, 1, (3,)),
        ("morph_normals", values.morph_normals, 1, (3,)),
    ]
    for name, value, axis, widths in named:
        if value is None:
            continue
        shape = np.shape(value)
        if len(shape) != axis + 2 or shape[axis] != n_vertices or (widths and shape[-1] not in widths):
            raise InputError(f"{name}: expected one row for each of {n_vertices} vertices, got shape {shape}")
    if (values.joints is None) != (values.weights is None) or (
        values.joints is not None and np.asarray(values.joints).shape != np.asarray(values.weights).shape
    ):
        raise InputError("joints and weights: expected both, of one shape")


def _split_groups(
    faces: NDArray[np.uint32], groups: NDArray[np.int64], n_vertices: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64] | None]:
    """Return (faces, input vertex of each vertex or None) such that no vertex is in two groups."""
    group_of = np.full(n_vertices, -1, dtype=np.int64)
    _, dense = np.unique(groups, return_inverse=True)
    corners = np.repeat(dense, 3)
    group_of[faces.ravel()] = corners
    if (group_of[faces.ravel()] == corners).all():
        return faces, None
    n_groups = int(dense.max()) + 1
    pairs, index = np.unique(faces.ravel().astype(np.int64) * n_groups + corners, return_inverse=True)
    return index.reshape(-1, 3).astype(np.uint32), pairs // n_groups


def _wedge_keys(
    values: VertexAttributes,
    faces: NDArray[np.uint32],
    groups: NDArray[np.int64] | None,
    source: NDArray[np.int64] | None,
    n_vertices: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return two sets of (V, K) keys that differ by at most 1 where copies of a vertex are alike: seams, hard edges.

    A texture or a material ends at a seam, so it is kept. Normals that differ make a hard edge: both sides keep their
    normals, but the edge may move, or a faceted mesh could not lose a single face.
    """
    rows = slice(None) if source is None else source
    columns = [np.zeros((n_vertices, 0), dtype=np.float32)]
    columns += [np.asarray(uv, dtype=np.float32)[rows] / np.float32(UV_STEP) for uv in values.uvs]
    splits = np.zeros((n_vertices, 0), dtype=np.float32)
    if values.normals is not None:
        splits = np.asarray(values.normals, dtype=np.float32)[rows] / np.float32(NORMAL_STEP)
    if values.colors is not None:
        columns.append(np.asarray(values.colors, dtype=np.float32)[rows] / np.float32(COLOR_STEP))
    if groups is not None:
        group_of = np.zeros((n_vertices, 1), dtype=np.float32)
        group_of[faces.ravel(), 0] = np.repeat(4.0 * np.unique(groups, return_inverse=True)[1], 3)
        columns.append(group_of)
    return np.ascontiguousarray(np.concatenate(columns, axis=1)), np.ascontiguousarray(splits)


def _carry(values: ArrayLike, sources: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    from axis_core.kernels.cpu import decimate_carry as carry
    from axis_core.kernels.cpu.jit import as_kernel_array

    array = np.asarray(values)
    rows = as_kernel_array(array.reshape(len(array), math.prod(array.shape[1:])), np.float64)
    out: NDArray[np.float64] = carry.carry_rows(rows, sources, weights)
    return out.reshape(len(out), *array.shape[1:])


def _carry_skin(
    joints: ArrayLike, skin: ArrayLike, sources: NDArray[np.int64], weights: NDArray[np.float64], n_influences: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    from axis_core.kernels.cpu import decimate_carry as carry
    from axis_core.kernels.cpu.jit import as_kernel_array

    out_joints, out_weights = carry.carry_skin(
        as_kernel_array(joints, np.int64), as_kernel_array(skin, np.float64), sources, weights, n_influences
    )
    return out_joints, out_weights


def _carry_all(
    values: VertexAttributes,
    sources: NDArray[np.int64],
    weights: NDArray[np.float64],
    sides: tuple[NDArray[np.int64], NDArray[np.float64]],
) -> VertexAttributes:
    """Return every attribute at the vertices of the result; normals from their own side of a hard edge."""
    normals = None
    if values.normals is not None:
        normals = _carry(values.normals, *sides)
        lengths = np.linalg.norm(normals, axis=1, keepdims=True)
        normals = np.divide(normals, lengths, out=np.zeros_like(normals), where=(lengths > 0) & (lengths < np.inf))
    joints = skin = None
    if values.joints is not None and values.weights is not None:
        joints, skin = _carry_skin(values.joints, values.weights, sources, weights, 4)
    return VertexAttributes(
        normals=normals,
        uvs=tuple(_carry(uv, sources, weights) for uv in values.uvs),
        colors=None if values.colors is None else _carry(values.colors, sources, weights),
        joints=joints,
        weights=skin,
        morphs=_carry_morphs(values.morphs, sources, weights),
        morph_normals=_carry_morphs(values.morph_normals, sources, weights),
    )


def _carry_morphs(
    morphs: ArrayLike | None, sources: NDArray[np.int64], weights: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    if morphs is None:
        return None
    return (
        np.stack([_carry(target, sources, weights) for target in np.asarray(morphs)]) if len(np.shape(morphs)) else None
    )
