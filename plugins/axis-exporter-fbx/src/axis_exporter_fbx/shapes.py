"""Geometry, skin and blend shapes as records."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_exporter_fbx.binary import Record
from axis_exporter_fbx.geometry import Surface


__all__ = [
    "CM",
    "channel_record",
    "cluster_record",
    "deformer_record",
    "geometry_record",
    "matrix_values",
    "shape_record",
]

CM = 100.0
"""Centimetres of a metre."""


def matrix_values(matrix: NDArray[np.float64]) -> tuple[str, NDArray[np.float64]]:
    """Return a matrix in metres that multiplies columns as the sixteen numbers of FBX, in centimetres."""
    out = np.array(matrix, np.float64)
    out[:3, 3] *= CM
    return ("d", out.T.reshape(-1))


def geometry_record(surface: Surface, key: int, name: str) -> Record:
    """Return points, triangles, normals, UVs and which material each triangle has."""
    out = Record("Geometry", ("L", key), f"{name}\x00\x01Geometry", "Mesh")
    out.add("Properties70")
    out.add("GeometryVersion", 124)
    out.add("Vertices", ("d", CM * surface.points.reshape(-1)))
    polygons = surface.corners.copy()
    polygons[:, 2] = ~polygons[:, 2]  # the last corner of a polygon is told by its complement
    out.add("PolygonVertexIndex", ("i", polygons.reshape(-1)))
    kinds = []
    if surface.normals is not None:
        layer = _layer(out, "LayerElementNormal", 0, "", "ByPolygonVertex", "Direct")
        layer.add("Normals", ("d", surface.normals.reshape(-1)))
        kinds.append(("LayerElementNormal", 0))
    for k, uv in enumerate(surface.uvs):
        layer = _layer(out, "LayerElementUV", k, f"UVMap{k or ''}", "ByPolygonVertex", "IndexToDirect")
        turned = np.stack([uv[:, 0], 1.0 - uv[:, 1]], axis=1).astype(np.float64)
        layer.add("UV", ("d", turned.reshape(-1)))
        layer.add("UVIndex", ("i", surface.rows))
        kinds.append(("LayerElementUV", k))
    one = len(surface.used) == 1
    layer = _layer(out, "LayerElementMaterial", 0, "", "AllSame" if one else "ByPolygon", "IndexToDirect")
    layer.add("Materials", ("i", surface.materials[:1] if one else surface.materials))
    kinds.append(("LayerElementMaterial", 0))
    for number in range(max(1, len(surface.uvs))):
        table = out.add("Layer", number)
        table.add("Version", 100)
        for kind, index in kinds:
            if index == number:
                element = table.add("LayerElement")
                element.add("Type", kind)
                element.add("TypedIndex", index)
    return out


def _layer(out: Record, kind: str, index: int, name: str, mapping: str, reference: str) -> Record:
    layer = out.add(kind, index)
    layer.add("Version", 101)
    layer.add("Name", name)
    layer.add("MappingInformationType", mapping)
    layer.add("ReferenceInformationType", reference)
    return layer


def deformer_record(key: int, name: str, kind: str) -> Record:
    """Return a ``Skin`` or a ``BlendShape``."""
    out = Record("Deformer", ("L", key), f"{name}\x00\x01Deformer", kind)
    out.add("Version", 101 if kind == "Skin" else 100)
    if kind == "Skin":
        out.add("Link_DeformAcuracy", 50.0)  # spelled so in every file
    return out


def cluster_record(
    key: int, name: str, rows: NDArray[np.int64], weights: NDArray[np.float64], inverse: NDArray[np.float64]
) -> Record:
    """Return the points that a joint moves.

    Parameters
    ----------
    inverse : (4, 4) float64, metres
        From the mesh to the joint where it is bound.
    """
    out = Record("Deformer", ("L", key), f"{name}\x00\x01SubDeformer", "Cluster")
    out.add("Version", 100)
    out.add("UserData", "", "")
    if len(rows):
        out.add("Indexes", ("i", rows))
        out.add("Weights", ("d", weights))
    out.add("Transform", matrix_values(inverse))
    out.add("TransformLink", matrix_values(np.linalg.inv(inverse).astype(np.float64)))
    return out


def shape_record(key: int, name: str, delta: NDArray[np.float64]) -> Record:
    """Return the displacements of a blend shape, of the points that it moves."""
    moved = np.flatnonzero((delta != 0).any(axis=1))
    moved = moved if len(moved) else np.zeros(1, np.intp)  # readers want one
    out = Record("Geometry", ("L", key), f"{name}\x00\x01Geometry", "Shape")
    out.add("Version", 100)
    out.add("Indexes", ("i", moved))
    out.add("Vertices", ("d", CM * delta[moved].reshape(-1)))
    out.add("Normals", ("d", np.zeros(3 * len(moved))))
    return out


def channel_record(key: int, name: str, percent: float) -> Record:
    """Return the slider of a blend shape."""
    out = Record("Deformer", ("L", key), f"{name}\x00\x01SubDeformer", "BlendShapeChannel")
    out.add("Version", 100)
    out.add("DeformPercent", percent)
    out.add("FullWeights", ("d", [100.0]))
    return out
