"""Where on the body's surface each landmark of a face lies, found by looking at heads of known shape.

The detector is shown rendered heads; each landmark is followed back to the triangle it appears on, and the places that
several heads give are averaged at rest. The answer is kept beside the packs it was made from.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from axis_core.assets import cache_root, pack_path
from axis_core.body.building import build, recipe_shape
from axis_core.body.data import BodyMesh, load_mesh
from axis_core.body.pack import BODY_PACK
from axis_core.body.recipe import AvatarRecipe
from axis_core.body.surfaces import body_surface
from axis_core.errors import CannotFit
from axis_core.render.camera import FIELD_OF_VIEW_DEG, Camera
from axis_core.render.canvas import photograph
from axis_core.render.surfaces import draw_scene
from axis_core.vision.boxes import find_faces
from axis_core.vision.landmarks import face_marks
from axis_core.vision.pack import VISION_PACK


__all__ = ["FacePoints", "face_points"]

Floats = NDArray[np.float64]

_REVISION = 1
_HEADS: tuple[dict[str, Any], ...] = (
    {"gender": 0.0, "asian": 0.0, "african": 0.0},
    {"gender": 1.0, "asian": 0.0, "african": 0.0},
    {"gender": 0.5},
)
_SIDE = 640
_HEAD_M = 0.34
_WALL = (0.75, 0.76, 0.78)


@attrs.frozen(eq=False)
class FacePoints:
    """Landmarks as points of the body's surface.

    Attributes
    ----------
    vertices : (468, 3) int64
        Corners of the triangle, vertices of the base mesh.
    shares : (468, 3) float64
        Barycentric; they sum to 1.
    spread : (468,) float64, metres
        How far apart the heads saw it: large where the landmark does not belong to one place of the skin.
    """

    vertices: NDArray[np.int64]
    shares: Floats
    spread: Floats

    def of(self, positions: Floats) -> Floats:
        """Return the landmarks (468, 3) on a body with vertices (V, 3)."""
        return np.asarray(np.einsum("nk,nkc->nc", self.shares, positions[self.vertices]))


def face_points() -> FacePoints:
    """Return where the landmarks lie; the first call on a machine draws heads for some seconds and keeps the result.

    Raises
    ------
    BackendUnavailable
        A pack, the runtime or OpenGL is missing.
    CannotFit
        The detector finds no face on the model's own heads.
    """
    return _kept(pack_path(BODY_PACK), pack_path(VISION_PACK))


@lru_cache(maxsize=2)
def _kept(body: Path, vision: Path) -> FacePoints:
    name = f"face-points-{body.parent.name}-{vision.parent.name}-r{_REVISION}.npz"
    place = cache_root() / "derived" / name
    try:
        with np.load(io.BytesIO(place.read_bytes())) as arrays:
            return FacePoints(arrays["vertices"], arrays["shares"], arrays["spread"])
    except (OSError, ValueError, KeyError):
        found = _looked_up(load_mesh())
    _keep(place, found)
    return found


def _keep(place: Path, found: FacePoints) -> None:
    """Write the table; a cache that cannot be written costs the next process some seconds, nothing else."""
    out = io.BytesIO()
    np.savez_compressed(out, vertices=found.vertices, shares=found.shares, spread=found.spread)
    partial = place.with_name(f".{place.name}.{id(out):x}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(out.getvalue())
        partial.replace(place)
    except OSError:
        return


def _looked_up(mesh: BodyMesh) -> FacePoints:
    seen = [_seen_on(mesh, AvatarRecipe(hair_style="buzz", face_proportions={}, **head)) for head in _HEADS]
    places = np.stack([p for p in seen if p is not None]) if any(p is not None for p in seen) else np.zeros((0, 468, 3))
    if not len(places):
        raise CannotFit("the face detector sees no face on the model's heads", hint="Reinstall the vision pack.")
    known = np.isfinite(places).all(axis=2).any(axis=0)
    middle, spread = np.full((468, 3), np.nan), np.ones(468)
    middle[known] = np.nanmedian(places[:, known], axis=0)
    spread[known] = np.nanmax(np.linalg.norm(places[:, known] - middle[known], axis=2), axis=0)
    return _on_surface(mesh, middle, spread)


def _seen_on(mesh: BodyMesh, recipe: AvatarRecipe) -> Floats | None:
    """Return the rest places (468, 3) at which the landmarks appear on the head of ``recipe``; NaN beside it."""
    scene = build(recipe, rig=None, texture_side=512)
    shape = recipe_shape(recipe)
    drawing = draw_scene(scene)
    head = next(s for s in drawing.surfaces if len(s.positions))
    top = float(np.asarray(head.positions)[:, 1].max())
    lift = float(scene.meshes[0].positions[:, 1].max()) - float(shape.positions[body_surface(mesh).vertices, 1].max())
    target = np.array([0.0, top - 0.45 * _HEAD_M, 0.05])
    distance = _HEAD_M / 2 / np.tan(np.deg2rad(FIELD_OF_VIEW_DEG) / 2)
    camera = Camera(target, np.eye(3), distance)
    (picture,) = photograph(drawing.surfaces, [camera], (_SIDE, _SIDE), _WALL)
    pixels = np.ascontiguousarray(picture[..., :3], np.float32) / np.float32(255.0)
    faces = find_faces(pixels)
    if not faces:
        return None
    marks = face_marks(pixels, faces[0]).points[:, :2]
    return _hit(mesh, shape.positions + np.array([0.0, lift, 0.0]), camera, marks)


def _hit(mesh: BodyMesh, positions: Floats, camera: Camera, marks: Floats) -> Floats:
    surface = body_surface(mesh)
    corners = surface.vertices[surface.faces]
    chosen = corners[(positions[corners][..., 1] > camera.target[1] - 0.5 * _HEAD_M).all(axis=1)]
    flat = camera.project(positions[chosen].reshape(-1, 3), (_SIDE, _SIDE)).reshape(-1, 3, 2)
    a, b, c = flat[:, 0], flat[:, 1], flat[:, 2]
    area = _cross(b - a, c - a)
    front = area < -1e-9  # counter-clockwise in space runs clockwise where y points down
    chosen, a, b, c, area = chosen[front], a[front], b[front], c[front], area[front]
    depth = positions[chosen][..., 2].mean(axis=1)
    out = np.full((len(marks), 3), np.nan)
    for k, point in enumerate(marks):
        v, w = _cross(point - a, c - a) / area, _cross(b - a, point - a) / area
        inside = np.flatnonzero((v >= 0) & (w >= 0) & (v + w <= 1))
        if len(inside):
            face = inside[depth[inside].argmax()]
            shares = np.array([1.0 - v[face] - w[face], v[face], w[face]])
            out[k] = shares @ mesh.vertices[chosen[face]]
    return out


def _on_surface(mesh: BodyMesh, places: Floats, spread: Floats) -> FacePoints:
    """Return the nearest points of the surface at rest; a landmark that no head showed lies in the middle."""
    known: NDArray[np.bool_] = np.asarray(np.isfinite(places).all(axis=1))
    filled = np.where(known[:, None], places, np.nanmean(places, axis=0))
    surface = body_surface(mesh)
    corners = surface.vertices[surface.faces].astype(np.int64)
    middles = mesh.vertices[corners].mean(axis=1)
    near = np.asarray(cKDTree(middles).query(filled, k=12)[1])
    triangles = mesh.vertices[corners[near]]
    shares = _nearest_shares(filled, triangles)
    points = np.einsum("nmk,nmkc->nmc", shares, triangles)
    best = np.linalg.norm(points - filled[:, None], axis=2).argmin(axis=1)
    rows = np.arange(len(filled))
    return FacePoints(corners[near[rows, best]], shares[rows, best], spread)


def _nearest_shares(points: Floats, triangles: Floats) -> Floats:
    """Return about the nearest barycentric shares (n, m, 3): the plane's, pushed inside."""
    a = triangles[:, :, 0]
    u, v = triangles[:, :, 1] - a, triangles[:, :, 2] - a
    d = points[:, None] - a
    uu, uv, vv = (u * u).sum(-1), (u * v).sum(-1), (v * v).sum(-1)
    du, dv = (d * u).sum(-1), (d * v).sum(-1)
    bottom = np.maximum(uu * vv - uv * uv, 1e-18)
    b, c = (vv * du - uv * dv) / bottom, (uu * dv - uv * du) / bottom
    shares = np.clip(np.stack([1.0 - b - c, b, c], axis=-1), 0.0, None)
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def _cross(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
