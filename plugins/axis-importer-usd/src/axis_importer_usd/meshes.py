"""UsdGeomMesh as Meshes: triangles of polygons, a vertex for each distinct corner, one Mesh a material."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from pxr import Sdf, Usd, UsdGeom, UsdSkel

from axis_core.plugin import Mesh, MorphTarget


__all__ = ["Influences", "Shape", "read_meshes", "read_shapes"]

MAX_UV_SETS = 8
NORMAL_GRID = 1e-3
"""Exporters compute the normal of each corner anew: equal ones differ by float noise."""
_UV_TYPES = (Sdf.ValueTypeNames.TexCoord2fArray, Sdf.ValueTypeNames.Float2Array, Sdf.ValueTypeNames.TexCoord2hArray)
Rows = NDArray[Any]


@attrs.frozen
class Influences:
    """Joints and weights, (points, K)."""

    joints: NDArray[np.uint16]
    weights: NDArray[np.float32]


@attrs.frozen
class Shape:
    """A blend shape over all points, in the space of the points."""

    name: str
    offsets: NDArray[np.float32]


def read_meshes(
    mesh: UsdGeom.Mesh,
    matrix: NDArray[np.float64],
    *,
    influences: Influences | None = None,
    shapes: tuple[Shape, ...] = (),
) -> tuple[list[tuple[str, Mesh]], list[str]]:
    """Return (path of a material subset or "", Mesh) for the triangles of a mesh, and notes.

    Parameters
    ----------
    matrix : (4, 4)
        Points to the space of the result.
    """
    time = Usd.TimeCode.EarliestTime()
    points = np.array(mesh.GetPointsAttr().Get(time) or [], np.float64).reshape(-1, 3)
    counts = np.array(mesh.GetFaceVertexCountsAttr().Get(time) or [], np.int64)
    corners = np.array(mesh.GetFaceVertexIndicesAttr().Get(time) or [], np.int64)
    notes: list[str] = []
    if not len(points) or counts.sum() != len(corners) or (counts < 0).any():
        return [], [f"{mesh.GetPath()}: faces and corners do not fit and were left out"] if len(points) else []
    if len(corners) and (corners.min() < 0 or corners.max() >= len(points)):
        return [], [f"{mesh.GetPath()}: a corner points past the points; it was left out"]
    triangles, faces = _triangles(counts)
    flipped = (mesh.GetOrientationAttr().Get() == UsdGeom.Tokens.leftHanded) != (np.linalg.det(matrix[:3, :3]) < 0)
    if flipped:
        triangles = triangles[:, ::-1]
    columns = _columns(mesh, points, corners, counts, matrix, notes)
    if influences is not None:
        columns |= {"joints": influences.joints[corners], "weights": influences.weights[corners]}
    for k, shape in enumerate(shapes):
        columns[f"shape{k}"] = (shape.offsets @ matrix[:3, :3].T).astype(np.float32)[corners]
    out = []
    for path, members in _subsets(mesh, len(counts)):
        chosen = triangles if members is None else triangles[np.isin(faces, members)]
        if len(chosen):
            out.append((path, _mesh(mesh.GetPrim().GetName(), columns, chosen, shapes)))
    if (counts > 4).any():
        notes.append(f"{mesh.GetPath()}: {int((counts > 4).sum())} polygons of more than 4 corners were cut as fans")
    return out, notes


def _triangles(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return corner numbers (T, 3) of fans, and the face of each."""
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else np.zeros(0, np.int64)
    per_face = np.maximum(counts - 2, 0)
    faces = np.repeat(np.arange(len(counts)), per_face)
    first = np.concatenate([[0], np.cumsum(per_face)[:-1]]) if len(counts) else np.zeros(0, np.int64)
    step = np.arange(len(faces)) - first[faces]
    a = starts[faces]
    return np.stack([a, a + step + 1, a + step + 2], axis=1).astype(np.int64), faces


def _columns(
    mesh: UsdGeom.Mesh,
    points: NDArray[np.float64],
    corners: NDArray[np.int64],
    counts: NDArray[np.int64],
    matrix: NDArray[np.float64],
    notes: list[str],
) -> dict[str, Rows]:
    """Return one row a corner of all that vertices hold."""
    out: dict[str, Rows] = {"positions": (points @ matrix[:3, :3].T + matrix[:3, 3]).astype(np.float32)[corners]}
    api = UsdGeom.PrimvarsAPI(mesh)
    spread = _Spread(corners, counts, len(points))
    primvar = api.GetPrimvar("normals")
    if primvar and primvar.HasValue():
        normals = spread.rows(primvar.ComputeFlattened(Usd.TimeCode.EarliestTime()), primvar.GetInterpolation(), 3)
    else:
        given = mesh.GetNormalsAttr().Get(Usd.TimeCode.EarliestTime())
        normals = spread.rows(given, mesh.GetNormalsInterpolation(), 3) if given else None
    if normals is not None:
        turned = normals @ np.linalg.pinv(matrix[:3, :3])
        length = np.linalg.norm(turned, axis=1, keepdims=True)
        out["normals"] = (turned / np.where(length > 1e-12, length, 1.0)).astype(np.float32)
    sets = [p for p in api.GetPrimvarsWithValues() if p.GetTypeName() in _UV_TYPES]
    sets.sort(key=lambda p: (p.GetPrimvarName() not in ("st", "UVMap"), p.GetPrimvarName()))
    for k, uv in enumerate(sets[:MAX_UV_SETS]):
        rows = spread.rows(uv.ComputeFlattened(Usd.TimeCode.EarliestTime()), uv.GetInterpolation(), 2)
        if rows is None:
            notes.append(f"{mesh.GetPath()}: {uv.GetPrimvarName()} does not fit the mesh and was left out")
            continue
        out[f"uv{k}"] = np.stack([rows[:, 0], 1.0 - rows[:, 1]], axis=1).astype(np.float32)
    return out


@attrs.frozen
class _Spread:
    """Values of any interpolation as one row a corner."""

    corners: NDArray[np.int64]
    counts: NDArray[np.int64]
    n_points: int

    def rows(self, values: Any, interpolation: str, width: int) -> NDArray[np.float64] | None:
        """Return (corners, width), or None where the count does not fit."""
        rows = np.array(values if values is not None else [], np.float64).reshape(-1, width)
        places = {
            UsdGeom.Tokens.faceVarying: (len(self.corners), np.arange(len(self.corners))),
            UsdGeom.Tokens.vertex: (self.n_points, self.corners),
            UsdGeom.Tokens.varying: (self.n_points, self.corners),
            UsdGeom.Tokens.uniform: (len(self.counts), np.repeat(np.arange(len(self.counts)), self.counts)),
            UsdGeom.Tokens.constant: (1, np.zeros(len(self.corners), np.int64)),
        }
        count, index = places.get(interpolation, (-1, None))
        return rows[index] if count == len(rows) else None


def _subsets(mesh: UsdGeom.Mesh, n_faces: int) -> list[tuple[str, NDArray[np.int64] | None]]:
    """Return the face sets that have materials of their own, and what they leave over."""
    subsets = UsdGeom.Subset.GetGeomSubsets(mesh, UsdGeom.Tokens.face, "materialBind")
    out: list[tuple[str, NDArray[np.int64] | None]] = []
    left = np.ones(n_faces, bool)
    for subset in subsets:
        members = np.array(subset.GetIndicesAttr().Get(Usd.TimeCode.EarliestTime()) or [], np.int64)
        members = members[(members >= 0) & (members < n_faces)]
        out.append((str(subset.GetPath()), members[left[members]]))
        left[members] = False
    if not out:
        return [("", None)]
    return [*out, ("", np.flatnonzero(left))]


def _mesh(name: str, columns: dict[str, Rows], triangles: NDArray[np.int64], shapes: tuple[Shape, ...]) -> Mesh:
    used = np.unique(triangles)
    raw = np.hstack([_key(key, c[used]).view(np.uint8).reshape(len(used), -1) for key, c in columns.items()])
    keys = np.ascontiguousarray(raw).view(np.dtype((np.void, raw.shape[1]))).ravel()
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    place = np.zeros(int(used.max()) + 1, np.uint32)
    place[used] = inverse.ravel()
    kept = {key: column[used[first]] for key, column in columns.items()}
    faces = place[triangles]
    a, b, c = faces.T
    return Mesh(
        name=name,
        positions=kept["positions"],
        faces=faces[(a != b) & (b != c) & (c != a)],
        normals=kept.get("normals"),
        uvs=[kept[k] for k in sorted(kept) if k.startswith("uv")],
        joints=kept.get("joints"),
        weights=kept.get("weights"),
        morphs=[MorphTarget(name=s.name, positions=kept[f"shape{k}"]) for k, s in enumerate(shapes)],
    )


def _key(name: str, column: Rows) -> Rows:
    """Return what vertices are compared by: normals to a thousandth, all else exactly, -0 being 0."""
    if name == "normals":
        return np.ascontiguousarray(np.rint(column / NORMAL_GRID).astype(np.int16))
    return np.ascontiguousarray(column + column.dtype.type(0))


def read_shapes(prim: Usd.Prim, n_points: int) -> tuple[Shape, ...]:
    """Return the blend shapes of a mesh; those between two weights are left out."""
    api = UsdSkel.BindingAPI(prim)
    names = [str(n) for n in api.GetBlendShapesAttr().Get() or ()]
    out = []
    for name, path in zip(names, api.GetBlendShapeTargetsRel().GetTargets()):
        shape = UsdSkel.BlendShape(prim.GetStage().GetPrimAtPath(path))
        if not shape:
            continue
        offsets = np.array(shape.GetOffsetsAttr().Get() or [], np.float32).reshape(-1, 3)
        index = shape.GetPointIndicesAttr().Get()
        rows = np.arange(len(offsets)) if index is None else np.array(index, np.int64)
        whole = np.zeros((n_points, 3), np.float32)
        if len(rows) == len(offsets) and (not len(rows) or (rows.min() >= 0 and rows.max() < n_points)):
            whole[rows] = offsets
            out.append(Shape(name, whole))
    return tuple(out)
