"""Pieces as meshes of a scene: skin weights and face shapes are taken from the base vertices that they hang on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh, load_mesh
from axis_core.body.piece import Piece
from axis_core.body.rigs import RigName, body_weights
from axis_core.kernels.tangents import vertex_tangents
from axis_core.model import Mesh, MorphTarget


__all__ = ["bound_mesh"]

Floats = NDArray[np.float64]
Shapes = Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]]

_INFLUENCES = 4
_LEAST_MOVE_M = 2e-5
"""A vertex that a face shape moves less than this stays: it would only make the file longer."""


def bound_mesh(
    piece: Piece,
    material: int,
    rig: RigName | None,
    shapes: Shapes,
    *,
    keep_all: bool = False,
    textured: bool = True,
    tangents: bool = False,
) -> Mesh:
    """Return ``piece`` as a mesh.

    Parameters
    ----------
    material : int
        Index into the scene's materials.
    rig : str or None
        The skeleton whose weights it gets.
    shapes : mapping
        Of :func:`axis_core.body.face_shapes`.
    keep_all : bool
        Whether to keep shapes that do not move it.
    textured, tangents : bool
        Whether its material has textures, and a normal map.
    """
    normals = piece.shading_normals
    joints, weights = _weights_of(piece, rig) if rig else (None, None)
    targets = _targets(piece, shapes, keep_all)
    return Mesh(
        name=piece.name,
        positions=piece.positions,
        faces=piece.faces,
        normals=normals,
        tangents=vertex_tangents(piece.positions, piece.faces, normals, piece.uvs) if tangents else None,
        uvs=(piece.uvs,) if textured else (),
        joints=joints,
        weights=weights,
        morphs=targets,
        morph_weights=(0.0,) * len(targets),
        material=material,
    )


def _weights_of(piece: Piece, rig: RigName) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    joints, weights = body_weights(rig)
    anchors = piece.anchors if piece.weight_anchors is None else piece.weight_anchors
    shares = piece.shares if piece.weight_shares is None else piece.weight_shares
    if anchors.shape[1] == 1:
        return joints[anchors[:, 0]], weights[anchors[:, 0]]
    table = _table(load_mesh(), rig)
    mixed = np.zeros((len(anchors), table.shape[1]), dtype=np.float32)
    for k in range(anchors.shape[1]):
        mixed += shares[:, k, None].astype(np.float32) * table[anchors[:, k]]
    best = np.argsort(-mixed, axis=1, kind="stable")[:, :_INFLUENCES]
    picked = np.take_along_axis(mixed, best, axis=1).astype(np.float64)
    picked[picked < 1e-4] = 0.0
    picked /= picked.sum(axis=1, keepdims=True)
    best[picked == 0] = 0
    return best.astype(np.uint16), picked.astype(np.float32)


@lru_cache(maxsize=5)
def _table(mesh: BodyMesh, rig: RigName) -> NDArray[np.float32]:
    joints, weights = body_weights(rig)
    table = np.zeros((mesh.n_vertices, int(joints.max()) + 1), dtype=np.float32)
    np.add.at(table, (np.arange(mesh.n_vertices)[:, None], joints), weights)
    return table


def _targets(piece: Piece, shapes: Shapes, keep_all: bool) -> list[MorphTarget]:
    if not shapes:
        return []
    n_vertices = load_mesh().n_vertices
    moving = np.zeros(n_vertices, dtype=bool)
    for ids, _ in shapes.values():
        moving[ids] = True
    rows = np.flatnonzero((moving[piece.anchors] & (piece.shares > 0)).any(axis=1))
    if not len(rows) and not keep_all:
        return []
    anchors, shares = piece.anchors[rows], piece.shares[rows].astype(np.float32)
    full = np.zeros((n_vertices, 3), dtype=np.float32)
    targets = []
    for name, (ids, moved) in shapes.items():
        full[ids] = moved
        part = np.einsum("nk,nkc->nc", shares, full[anchors])
        full[ids] = 0.0
        part[(np.abs(part) < _LEAST_MOVE_M).all(axis=1)] = 0.0
        if keep_all or part.any():
            out = np.zeros((len(piece.positions), 3), dtype=np.float32)
            out[rows] = part
            targets.append(MorphTarget(name=name, positions=out))
    return targets
