"""Hypothesis strategies for meshes and scenes; importing this module needs hypothesis."""

from __future__ import annotations

import attrs
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from axis_core.model.material import Material
from axis_core.model.mesh import Mesh
from axis_core.model.morph import MorphTarget
from axis_core.model.scene import Node, Scene
from axis_core.model.skin import Skin


__all__ = ["meshes", "scenes"]

_NAMES = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=12)


@st.composite
def meshes(
    draw: st.DrawFn, *, max_vertices: int = 24, max_faces: int = 40, n_joints: int = 0, nasty: bool = False
) -> Mesh:
    """Draw a mesh: any triangles over any vertices, degenerate and doubled ones included.

    Parameters
    ----------
    max_vertices, max_faces : int
    n_joints : int
        More than 0 gives joints and weights that sum to one.
    nasty : bool
        Also no triangles at all, and positions that are NaN or infinite.
    """
    n = draw(st.integers(0 if nasty else 3, max_vertices))
    numbers = st.floats(-2.0, 2.0, width=32, allow_nan=False)
    if nasty:
        numbers = st.one_of(numbers, st.sampled_from([np.nan, np.inf, -np.inf, 1e30]))
    positions = draw(hnp.arrays(np.float32, (n, 3), elements=numbers))
    n_faces = draw(st.integers(0 if nasty else 1, max_faces)) if n else 0
    faces = draw(hnp.arrays(np.uint32, (n_faces, 3), elements=st.integers(0, max(n - 1, 0))))
    mesh = Mesh(name=draw(_NAMES), positions=positions, faces=faces)
    if draw(st.booleans()):
        unit = st.floats(0.0, 1.0, width=32)
        mesh = attrs.evolve(
            mesh,
            uvs=(draw(hnp.arrays(np.float32, (n, 2), elements=unit)),),
            colors=(draw(hnp.arrays(np.float32, (n, 4), elements=unit)),),
        )
    if draw(st.booleans()):
        moves = draw(hnp.arrays(np.float32, (n, 3), elements=st.floats(-1.0, 1.0, width=32)))
        mesh = attrs.evolve(mesh, morphs=(MorphTarget(name=draw(_NAMES), positions=moves),), morph_weights=(0.0,))
    return _skinned(draw, mesh, n_joints) if n_joints else mesh


def _skinned(draw: st.DrawFn, mesh: Mesh, n_joints: int) -> Mesh:
    n = mesh.n_vertices
    joints = draw(hnp.arrays(np.uint16, (n, 4), elements=st.integers(0, n_joints - 1)))
    raw = draw(hnp.arrays(np.float32, (n, 4), elements=st.floats(0.125, 1.0, width=32)))
    return attrs.evolve(mesh, joints=joints, weights=raw / raw.sum(axis=1, keepdims=True) if n else raw)


@st.composite
def scenes(draw: st.DrawFn, *, max_meshes: int = 3, max_joints: int = 4, nasty: bool = False) -> Scene:
    """Draw a scene: a chain of joints or none, meshes with or without a skin, one material.

    Parameters
    ----------
    max_meshes, max_joints : int
    nasty : bool
        As for ``meshes``.
    """
    n_joints = draw(st.integers(0, max_joints))
    offsets = draw(hnp.arrays(np.float64, (n_joints, 3), elements=st.floats(-1.0, 1.0)))
    nodes = [Node(name=f"joint{k}", parent=k - 1 if k else None, translation=offsets[k]) for k in range(n_joints)]
    parts = draw(st.lists(meshes(n_joints=n_joints, nasty=nasty), min_size=0 if nasty else 1, max_size=max_meshes))
    nodes += [
        Node(name=f"part{k}", meshes=(k,), skin=0 if n_joints else None) for k in range(len(parts))
    ]
    inverse = np.tile(np.eye(4), (n_joints, 1, 1))
    inverse[:, :3, 3] = -np.cumsum(offsets, axis=0)
    return Scene(
        name=draw(_NAMES),
        nodes=nodes,
        meshes=[attrs.evolve(m, material=0) for m in parts],
        skins=(Skin(joints=range(n_joints), inverse_bind=inverse),) if n_joints else (),
        materials=(Material(name="plain"),),
    )
