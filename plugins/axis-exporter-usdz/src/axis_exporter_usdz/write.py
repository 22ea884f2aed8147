"""A scene as a USDZ package: one layer, then the textures, stored on 64 bytes as the format asks.

References
----------
.. Pixar, "Usdz File Format Specification" 1.3; "UsdSkel Schemas".
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSkel, Vt

from axis_core.plugin import InputError, Mesh, Scene
from axis_exporter_usdz.materials import Materials
from axis_exporter_usdz.names import Names
from axis_exporter_usdz.skeleton import FRAMES, Rig, write_animation, write_skeleton


__all__ = ["usdz_bytes"]

ALIGNMENT = 64
_HEADER = 30
_PADDING = 0x1986
"""Identifier of the extra field that pads, as Pixar's own writer uses it."""


def usdz_bytes(scene: Scene, name: str) -> bytes:
    """Return the package. The same scene gives the same bytes.

    Raises
    ------
    InputError
        ``empty_geometry``: no triangles; else a texture that cannot be decoded.
    """
    if not scene.n_triangles:
        raise InputError("there are no triangles to write", code="empty_geometry")
    stage = Usd.Stage.CreateInMemory()
    files = _Writer(stage, scene, name).write()
    with tempfile.TemporaryDirectory(prefix="axis-usdz-") as folder:
        place = Path(folder) / "scene.usdc"
        stage.GetRootLayer().Export(str(place))
        layer = place.read_bytes()
    return _package({"scene.usdc": layer, **files})


def _package(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            start = sink.tell() + _HEADER + len(name.encode()) + 4
            gap = -start % ALIGNMENT
            info.extra = _PADDING.to_bytes(2, "little") + gap.to_bytes(2, "little") + bytes(gap)
            archive.writestr(info, data)
    return sink.getvalue()


class _Writer:
    def __init__(self, stage: Usd.Stage, scene: Scene, name: str) -> None:
        self._stage, self._scene = stage, scene
        UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
        UsdGeom.SetStageMetersPerUnit(stage, 1.0)
        stage.SetTimeCodesPerSecond(FRAMES)
        self._root = Sdf.Path.absoluteRootPath.AppendChild(Names().take(name, "avatar"))
        root = (UsdSkel.Root if scene.skins else UsdGeom.Xform).Define(stage, self._root)
        stage.SetDefaultPrim(root.GetPrim())
        self._names = Names()
        for taken in ("looks", *(f"skeleton_{k}" for k in range(len(scene.skins)))):
            self._names.take(taken, taken)
        self._materials = Materials(stage, scene, self._root.AppendChild("looks"))
        self._rigs: list[Rig] = []

    def write(self) -> dict[str, bytes]:
        """Write everything and return the files of the textures."""
        scene = self._scene
        UsdGeom.Scope.Define(self._stage, self._root.AppendChild("looks"))
        self._rigs = [write_skeleton(self._stage, self._root, scene, s) for s in range(len(scene.skins))]
        shapes: dict[int, dict[int, list[str]]] = {}
        for n, m in scene.instances():
            skin = scene.nodes[n].skin
            skin = skin if scene.meshes[m].is_skinned else None
            names = self._mesh(scene.meshes[m], n, skin, self._unskinned(n, skin))
            if skin is not None and names:
                shapes.setdefault(skin, {})[n] = names
        if scene.animations and self._rigs:
            ends = [
                write_animation(self._stage, rig, scene, scene.animations[0], shapes.get(s, {}))
                for s, rig in enumerate(self._rigs)
                if any(c.node is not None and len(c.times) for c in scene.animations[0].channels)
            ]
            self._stage.SetStartTimeCode(0.0)
            self._stage.SetEndTimeCode(max(ends, default=0.0))
        return self._materials.files

    def _unskinned(self, node: int, skin: int | None) -> np.ndarray:
        return np.eye(4) if skin is not None else np.asarray(self._scene.world_matrices()[node])

    def _mesh(self, mesh: Mesh, node: int, skin: int | None, matrix: np.ndarray) -> list[str]:
        """Write one mesh in world space, and return the names of its blend shapes."""
        path = self._root.AppendChild(self._names.take(mesh.name or self._scene.nodes[node].name, "mesh"))
        out = UsdGeom.Mesh.Define(self._stage, path)
        points = mesh.positions.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
        faces = mesh.faces if np.linalg.det(matrix[:3, :3]) > 0 else mesh.faces[:, ::-1]
        out.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(points, np.float32)))
        out.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(faces), 3, np.int32)))
        out.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(np.ascontiguousarray(faces, np.int32).reshape(-1)))
        out.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
        low, high = points.min(axis=0), points.max(axis=0)
        out.CreateExtentAttr(Vt.Vec3fArray([Gf.Vec3f(*map(float, low)), Gf.Vec3f(*map(float, high))]))
        if mesh.normals is not None:
            normals = mesh.normals @ np.linalg.pinv(matrix[:3, :3])
            normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
            out.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(normals, np.float32)))
            out.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
        api = UsdGeom.PrimvarsAPI(out)
        for k, uv in enumerate(mesh.uvs):
            turned = np.stack([uv[:, 0], 1.0 - uv[:, 1]], axis=1).astype(np.float32)
            kind = Sdf.ValueTypeNames.TexCoord2fArray
            primvar = api.CreatePrimvar("st" if not k else f"st{k}", kind, UsdGeom.Tokens.vertex)
            primvar.Set(Vt.Vec2fArray.FromNumpy(np.ascontiguousarray(turned)))
        material = None if mesh.material is None else self._scene.materials[mesh.material]
        out.CreateDoubleSidedAttr(bool(material is not None and material.double_sided))
        if mesh.material is not None:
            self._materials.bind(out.GetPrim(), mesh.material)
        return self._bind(out, mesh, skin) if skin is not None else []

    def _bind(self, out: UsdGeom.Mesh, mesh: Mesh, skin: int) -> list[str]:
        assert mesh.joints is not None
        assert mesh.weights is not None
        rig = self._rigs[skin]
        place = {n: i for i, n in enumerate(rig.nodes)}
        table = np.array([place[j] for j in self._scene.skins[skin].joints], np.int32)
        api = UsdSkel.BindingAPI.Apply(out.GetPrim())
        api.CreateSkeletonRel().SetTargets([rig.path])
        api.CreateGeomBindTransformAttr(Gf.Matrix4d(1.0))
        width = mesh.joints.shape[1]
        joints = np.ascontiguousarray(table[mesh.joints]).reshape(-1)
        api.CreateJointIndicesPrimvar(False, width).Set(Vt.IntArray.FromNumpy(joints))
        weights = np.ascontiguousarray(mesh.weights, np.float32).reshape(-1)
        api.CreateJointWeightsPrimvar(False, width).Set(Vt.FloatArray.FromNumpy(weights))
        names, own = [], Names()
        for morph in mesh.morphs:
            name = own.take(morph.name, "shape")
            shape = UsdSkel.BlendShape.Define(self._stage, out.GetPath().AppendChild(name))
            moved = np.flatnonzero((morph.positions != 0).any(axis=1)).astype(np.int32)
            offsets = np.ascontiguousarray(morph.positions[moved], np.float32)
            shape.CreateOffsetsAttr(Vt.Vec3fArray.FromNumpy(offsets))
            shape.CreatePointIndicesAttr(Vt.IntArray.FromNumpy(moved))
            names.append(name)
        if names:
            api.CreateBlendShapesAttr(names)
            api.CreateBlendShapeTargetsRel().SetTargets([out.GetPath().AppendChild(n) for n in names])
        return names
