"""Triangles of assimp as Meshes: welded, UVs the right way up, weights in rows, shapes as displacements."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.plugin import Mesh, MorphTarget
from axis_importer_assimp.library import each, floats, text, weights


__all__ = ["read_mesh"]

MAX_UV_SETS = 8
NORMAL_GRID = 1e-3
"""Exporters compute the normal of each corner anew: equal ones differ by float noise."""


def read_mesh(item: Any, bones: dict[str, int]) -> Mesh | None:
    """Return the triangles of an ``aiMesh``, None where it has none (points, lines).

    Parameters
    ----------
    bones : mapping of bone name to joint index
        Of the skin that moves this mesh.
    """
    faces = _triangles(item)
    if not len(faces):
        return None
    n = int(item.mNumVertices)
    columns: dict[str, NDArray[Any]] = {"positions": floats(item.mVertices, n, 3)}
    normals = floats(item.mNormals, n, 3)
    if len(normals):
        columns["normals"] = np.nan_to_num(normals)
    for k in range(MAX_UV_SETS):
        if len(uv := floats(item.mTextureCoords[k], n, 3)):
            columns[f"uv{k}"] = np.stack([uv[:, 0], 1.0 - uv[:, 1]], axis=1)
    for k in range(MAX_UV_SETS):
        if len(color := floats(item.mColors[k], n, 4)):
            columns[f"color{k}"] = color
    if bones:
        columns["joints"], columns["weights"] = _skin_rows(item, bones, n)
    shapes = each(item.mAnimMeshes, item.mNumAnimMeshes)
    for k, shape in enumerate(shapes):
        columns |= _shape_columns(shape, k, columns, n)
    columns, faces = _welded(columns, faces)
    return Mesh(
        name=text(item.mName),
        positions=columns["positions"],
        faces=faces,
        normals=columns.get("normals"),
        uvs=[columns[k] for k in sorted(columns) if k.startswith("uv")],
        colors=[columns[k] for k in sorted(columns) if k.startswith("color")],
        joints=columns.get("joints"),
        weights=columns.get("weights"),
        morphs=[
            MorphTarget(name=name, positions=columns[f"shape{k}"], normals=columns.get(f"shape_normal{k}"))
            for k, name in enumerate(_shape_names(shapes))
        ],
        morph_weights=_shape_weights(shapes),
        material=int(item.mMaterialIndex),
    )


def _triangles(item: Any) -> NDArray[np.uint32]:
    """Return (F, 3): points and lines are left out, and faces that name a vertex twice."""
    rows = [
        (f.mIndices[0], f.mIndices[1], f.mIndices[2])
        for f in (item.mFaces[i] for i in range(item.mNumFaces))
        if f.mNumIndices == 3
    ]
    out = np.array(rows, np.uint32).reshape(-1, 3)
    inside = (out < item.mNumVertices).all(axis=1) if len(out) else np.zeros(0, bool)
    distinct = (out[:, 0] != out[:, 1]) & (out[:, 1] != out[:, 2]) & (out[:, 0] != out[:, 2])
    return out[inside & distinct]


def _skin_rows(item: Any, bones: dict[str, int], n: int) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Return joints and weights (V, K), largest first, sums of 1; assimp gives lists of vertices a bone."""
    vertex, joint, weight = [], [], []
    for bone in each(item.mBones, item.mNumBones):
        rows, values = weights(bone.mWeights, int(bone.mNumWeights))
        good = (rows < n) & np.isfinite(values) & (values > 0)
        vertex.append(rows[good].astype(np.int64))
        weight.append(values[good].astype(np.float64))
        joint.append(np.full(int(good.sum()), bones[text(bone.mName)]))
    v, j, w = (np.concatenate(part) if part else np.zeros(0) for part in (vertex, joint, weight))
    order = np.lexsort((-w, v))
    v, j, w = v[order].astype(np.int64), j[order], w[order]
    slot = np.arange(len(v)) - np.searchsorted(v, v)
    width = -4 * (-(int(slot.max()) + 1) // 4) if len(slot) else 4
    joints, rows_w = np.zeros((n, width), np.uint16), np.zeros((n, width))
    joints[v, slot], rows_w[v, slot] = j, w
    total = rows_w.sum(axis=1, keepdims=True)
    # A vertex that no bone moves follows the first joint: glTF has no unskinned vertices in a skinned mesh.
    rows_w[total[:, 0] <= 0, 0] = 1.0
    return joints, (rows_w / np.where(total > 0, total, 1.0)).astype(np.float32)


def _shape_columns(shape: Any, k: int, columns: dict[str, NDArray[Any]], n: int) -> dict[str, NDArray[Any]]:
    """Return the displacements of one shape: assimp has whole positions and normals in their place."""
    out: dict[str, NDArray[Any]] = {}
    moved = floats(shape.mVertices, int(shape.mNumVertices), 3)
    out[f"shape{k}"] = moved - columns["positions"] if len(moved) == n else np.zeros((n, 3), np.float32)
    turned = floats(shape.mNormals, int(shape.mNumVertices), 3)
    if "normals" in columns and len(turned) == n:
        out[f"shape_normal{k}"] = np.nan_to_num(turned - columns["normals"])
    return out


def _shape_names(shapes: list[Any]) -> list[str]:
    """Return the names without the deformer's that Maya puts before all of them (``blendShape1.jawOpen``)."""
    names = [text(s.mName) for s in shapes]
    heads = {name.partition(".")[0] for name in names}
    if len(heads) == 1 and all("." in name for name in names):
        names = [name.partition(".")[2] for name in names]
    return [name or f"shape_{k}" for k, name in enumerate(names)]


def _shape_weights(shapes: list[Any]) -> tuple[float, ...]:
    """Return the weights at rest: assimp says 1 for a shape alone in its channel, whatever the file says."""
    values = [float(s.mWeight) for s in shapes]
    values = [0.0 if v == 1.0 or not np.isfinite(v) else v for v in values]
    return tuple(values) if any(values) else ()


def _welded(columns: dict[str, NDArray[Any]], faces: NDArray[np.uint32]) -> tuple[dict[str, Any], NDArray[np.uint32]]:
    """Join vertices that are the same in every column: FBX has one a corner, with noise in its normals."""
    used = np.unique(faces)
    raw = np.hstack([_key(name, c[used]).view(np.uint8).reshape(len(used), -1) for name, c in columns.items()])
    keys = np.ascontiguousarray(raw).view(np.dtype((np.void, raw.shape[1]))).ravel()
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")  # in the order of the file
    rank = np.empty(len(order), np.uint32)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    place = np.zeros(int(used.max()) + 1, np.uint32)
    place[used] = rank[inverse.ravel()]
    kept = used[first[order]]
    return {name: column[kept] for name, column in columns.items()}, place[faces]


def _key(name: str, column: NDArray[Any]) -> NDArray[Any]:
    """Return what vertices are compared by: normals to a thousandth, all else exactly, -0 being 0."""
    if "normal" in name:
        return np.ascontiguousarray(np.rint(np.clip(column, -2, 2) / NORMAL_GRID).astype(np.int16))
    return np.ascontiguousarray(column + column.dtype.type(0))
