"""A stage as a Scene: metres, Y up, meshes in place, skeletons as nodes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom, UsdSkel

from axis_core.plugin import Animation, InputError, Mesh, Node, Scene
from axis_importer_usd.materials import Materials
from axis_importer_usd.meshes import Influences, read_meshes, read_shapes
from axis_importer_usd.skeletons import Rig, binding_targets, read_clip, read_rig, to_array


__all__ = ["convert_stage"]

MAX_PRIMS = 200_000


def convert_stage(stage: Usd.Stage, folder: Path) -> tuple[Scene, list[str], list[str]]:
    """Return the scene, notes, and the files that were not there.

    Raises
    ------
    InputError
        ``empty_geometry``; ``limit_exceeded``: too many prims.
    """
    reader = _Reader(stage, folder)
    reader.read()
    if not reader.meshes:
        raise InputError("the stage shows no triangles", code="empty_geometry")
    scene = Scene(
        name=stage.GetDefaultPrim().GetName() if stage.GetDefaultPrim() else "",
        nodes=reader.nodes,
        meshes=reader.meshes,
        skins=[rig.skin for rig in reader.rigs.values()],
        materials=reader.materials.materials,
        textures=reader.materials.textures,
        animations=reader.clips(),
    )
    return scene, [*reader.notes, *reader.materials.notes], reader.materials.missing


class _Reader:
    def __init__(self, stage: Usd.Stage, folder: Path) -> None:
        self._stage = stage
        self.nodes: list[Node] = []
        self.meshes: list[Mesh] = []
        self.notes: list[str] = []
        self.materials = Materials(folder)
        self.rigs: dict[str, Rig] = {}
        self._shapes: dict[str, dict[str, list[tuple[int, int, int]]]] = {}
        self._xforms = UsdGeom.XformCache(Usd.TimeCode.EarliestTime())
        self._cache = UsdSkel.Cache()
        self._space = _canonical(stage)

    def read(self) -> None:
        """Read skinned meshes first, then all others that are shown."""
        bound: dict[str, tuple[Any, str]] = {}
        prims = []
        for prim in self._stage.Traverse(Usd.TraverseInstanceProxies()):
            prims.append(prim)
            if len(prims) > MAX_PRIMS:
                raise InputError(f"the stage has more than {MAX_PRIMS} prims", code="limit_exceeded")
            if prim.IsA(UsdSkel.Root):
                bound |= self._bindings(UsdSkel.Root(prim))
        for prim in prims:
            if prim.IsA(UsdGeom.Mesh) and _is_shown(prim):
                self._mesh(UsdGeom.Mesh(prim), *bound.get(str(prim.GetPath()), (None, "")))
        moving = [p for p in prims if _moves(p)]
        if moving:
            self.notes.append(f"the motion of {len(moving)} things that are no joints was left out")

    def _bindings(self, root: UsdSkel.Root) -> dict[str, tuple[Any, str]]:
        out = {}
        for skeleton, targets in binding_targets(self._cache, root):
            path = str(skeleton.GetPath())
            if path not in self.rigs:
                query = self._cache.GetSkelQuery(skeleton)
                if not query or not len(query.GetJointOrder()):
                    continue
                world = self._space @ to_array(self._xforms.GetLocalToWorldTransform(skeleton.GetPrim()))
                self.rigs[path] = read_rig(query, world, len(self.nodes))
                self.nodes += self.rigs[path].nodes
            out |= {str(t.GetPrim().GetPath()): (t, path) for t in targets}
        return out

    def _mesh(self, mesh: UsdGeom.Mesh, query: Any, rig_path: str) -> None:
        """Read one mesh; a skinned one comes into the space of its skeleton, any other into the world."""
        prim = mesh.GetPrim()
        n_points = len(mesh.GetPointsAttr().Get(Usd.TimeCode.EarliestTime()) or ())
        rig = self.rigs.get(rig_path)
        influences = _influences(query, rig, n_points) if rig is not None else None
        if rig is not None and influences is not None:
            matrix = np.diag([rig.scale] * 3 + [1.0]) @ to_array(query.GetGeomBindTransform())
        else:
            rig = None
            matrix = self._space @ to_array(self._xforms.GetLocalToWorldTransform(prim))
        shapes = read_shapes(prim, n_points)
        found, notes = read_meshes(mesh, matrix, influences=influences, shapes=shapes)
        self.notes += notes
        if not found:
            return
        first = len(self.meshes)
        for path, item in found:
            owner = self._stage.GetPrimAtPath(path) if path else prim
            self.meshes.append(attrs.evolve(item, material=self.materials.of(owner)))
        skin = None if rig is None else list(self.rigs).index(rig_path)
        node = Node(name=prim.GetName(), skin=skin, meshes=range(first, len(self.meshes)))
        table = self._shapes.setdefault(rig_path, {})
        for k, shape in enumerate(shapes):
            table.setdefault(shape.name, []).append((len(self.nodes), k, len(shapes)))
        self.nodes.append(node)

    def clips(self) -> list[Animation]:
        """Return the clips of all skeletons."""
        found = [read_clip(rig, self._stage, self._shapes.get(path, {})) for path, rig in self.rigs.items()]
        return [clip for clip in found if clip is not None]


def _canonical(stage: Usd.Stage) -> NDArray[np.float64]:
    """Return the (4, 4) matrix from the stage's world to metres, Y up."""
    out = np.eye(4)
    if UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.z:
        out[:3, :3] = [[1, 0, 0], [0, 0, 1], [0, -1, 0]]
    unit = UsdGeom.GetStageMetersPerUnit(stage)
    out[:3, :3] *= unit if np.isfinite(unit) and 1e-6 < unit < 1e6 else 1.0
    return out


def _moves(prim: Usd.Prim) -> bool:
    return bool(prim.IsA(UsdGeom.Xformable)) and bool(UsdGeom.Xformable(prim).TransformMightBeTimeVarying())


def _is_shown(prim: Usd.Prim) -> bool:
    image = UsdGeom.Imageable(prim)
    purpose = image.ComputePurpose()
    visible = image.ComputeVisibility(Usd.TimeCode.EarliestTime()) != UsdGeom.Tokens.invisible
    return visible and purpose in (UsdGeom.Tokens.default_, UsdGeom.Tokens.render)


def _influences(query: Any, rig: Rig, n_points: int) -> Influences | None:
    """Return joints of the skeleton and weights that sum to 1, for every point; None where there are none."""
    if not query.HasJointInfluences():
        return None
    found = query.ComputeVaryingJointInfluences(n_points, Usd.TimeCode.EarliestTime())
    if not found or len(found) != 2 or not len(found[0]) or len(found[0]) % max(n_points, 1):
        return None
    joints = np.array(found[0], np.int64).reshape(n_points, -1)
    weights = np.nan_to_num(np.array(found[1], np.float64).reshape(n_points, -1))
    own = query.GetJointOrder()
    table = np.array([rig.names.get(str(p), 0) for p in own], np.int64) if own else np.arange(len(rig.names))
    inside = (joints >= 0) & (joints < len(table))
    joints = np.where(inside, table[np.clip(joints, 0, len(table) - 1)], 0)
    weights = np.where(inside & (weights > 0), weights, 0.0)
    extra = -joints.shape[1] % 4
    joints, weights = (np.pad(a, ((0, 0), (0, extra))) for a in (joints, weights))
    total = weights.sum(axis=1, keepdims=True)
    weights[total[:, 0] <= 0, 0] = 1.0
    weights /= np.where(total > 0, total, 1.0)
    return Influences(joints.astype(np.uint16), weights.astype(np.float32))
