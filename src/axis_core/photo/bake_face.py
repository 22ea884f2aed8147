"""A photographed face on the skin's texture: seen texels take the photo's colours, the rest keeps the painted skin."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

from axis_core.body.colours import to_oklab
from axis_core.body.data import load_mesh
from axis_core.body.faces import face_shapes
from axis_core.body.shape import BodyShape
from axis_core.body.surfaces import body_surface
from axis_core.body.texture_space import covered_texels
from axis_core.kernels.normals import vertex_normals
from axis_core.photo.face_fit import FaceFit, HeadView, head_view
from axis_core.photo.face_points import face_points
from axis_core.vision.landmarks import FaceMarks
from axis_core.vision.photo import Photo


__all__ = ["FACE_OUTLINE", "bake_face", "face_in_photo"]

Floats = NDArray[np.float64]

FACE_OUTLINE = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""Landmarks around the face, clockwise from the forehead."""
_CHEEKS = (50, 101, 118, 280, 330, 347, 205, 425)
_FEATHER = 0.30
"""Of the distance between the eyes: how softly the photo ends."""
_GRAZING = (0.25, 0.60)
"""Cosine to the camera: below the first the photo tells nothing, from the second on all."""
_STEADY_M = 0.012
_NEIGHBOURS = 6
_REACH = 0.6
"""Of the distance between the eyes: how far a landmark pulls."""
_SHADE = (0.65, 1.5)
_QUALITY = 92


def face_in_photo(shape: BodyShape, fit: FaceFit) -> tuple[Floats, Floats]:
    """Return all vertices (V, 3) with the expression of the photo, and their normals."""
    points = shape.positions.copy()
    shapes = face_shapes(shape)
    for name, amount in fit.expression.items():
        ids, moved = shapes[name]
        points[ids] += amount * moved
    surface = body_surface(load_mesh())
    normals = np.asarray(vertex_normals(points, surface.vertices[surface.faces]), np.float64)
    return points, normals


def bake_face(
    texture: bytes, shape: BodyShape, photo: Photo, mask: NDArray[np.float32], face: FaceMarks, fit: FaceFit
) -> tuple[bytes, float]:
    """Return the skin's texture with the face of ``photo``, as a JPEG of the same size, and the share of the face seen.

    Parameters
    ----------
    texture : bytes
        The painted skin, square.
    shape : BodyShape
        With the fitted face, at rest.
    photo, mask, face, fit
        What was seen, and how the head lies in it.
    """
    image = np.asarray(Image.open(io.BytesIO(texture)).convert("RGB"), np.float64) / 255.0
    mesh = load_mesh()
    surface = body_surface(mesh)
    texels = covered_texels(mesh, surface, image.shape[0])
    points, normals = face_in_photo(shape, fit)
    view = head_view(face, face_points().of(points))
    place = _blended(points[surface.vertices][surface.faces], texels.triangles, texels.shares)
    facing = _blended(normals[surface.vertices][surface.faces], texels.triangles, texels.shares) @ view.turn[2]
    pixels = view.project(place)
    near = np.flatnonzero((facing > 0.0) & (_is_front(place, shape) > 0.0))
    pixels[near] += _landmark_shift(pixels[near], view, points, face)
    weight = _smooth(facing, *_GRAZING) * _sample(_inside_face(face, mask) * _bare(photo, face), pixels)
    weight *= _is_front(place, shape) * (1.0 - _mouth(mesh.masks, texels.side, texels.rows, texels.columns))
    chosen = weight > 0.0
    colours = _sample_rgb(_unlit(photo.pixels, face), pixels[chosen])
    painted = image[texels.rows[chosen], texels.columns[chosen]]
    colours *= np.median(painted, axis=0) / np.maximum(np.median(colours, axis=0), 1e-3)
    values = np.zeros((len(texels.rows), 3))
    values[:] = image[texels.rows, texels.columns]
    share = weight[chosen, None]
    values[chosen] = share * colours + (1.0 - share) * painted
    out = texels.spread((np.clip(values, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8))
    data = io.BytesIO()
    Image.fromarray(out).save(data, "JPEG", quality=_QUALITY)
    return data.getvalue(), float((weight > 0.5).sum() / max((_is_front(place, shape) > 0).sum(), 1))


def _blended(corners: Floats, triangles: NDArray[np.int64], shares: NDArray[np.float32]) -> Floats:
    return np.asarray(np.einsum("nk,nkc->nc", shares.astype(np.float64), corners[triangles]))


def _landmark_shift(pixels: Floats, view: HeadView, points: Floats, face: FaceMarks) -> Floats:
    """Return how far the photo's landmarks lie from the model's around each pixel: lids and lips have to meet."""
    own = view.project(face_points().of(points))
    steady = face_points().spread < _STEADY_M
    off = (face.points[:, :2] - own)[steady]
    found = cKDTree(own[steady]).query(pixels, k=_NEIGHBOURS)
    distance, near = np.asarray(found[0]), np.asarray(found[1])
    reach = _REACH * face.size
    weights = 1.0 / np.square(distance + 0.02 * face.size)
    shift = (off[near] * weights[..., None]).sum(axis=1) / weights.sum(axis=1, keepdims=True)
    return np.asarray(shift * (1.0 - _smooth(distance[:, :1], 0.3 * reach, reach)))


def _is_front(place: Floats, shape: BodyShape) -> Floats:
    """Return 1 for texels of the head, 0 for a hand that happens to lie behind the face."""
    return (place[:, 1] > shape.height_m * 0.80).astype(np.float64)


def _mouth(
    masks: Mapping[str, NDArray[np.float32]], side: int, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> Floats:
    inside = masks["inside-mouth"]
    at = (np.stack([rows, columns]) + 0.5) * (len(inside) / side) - 0.5
    return np.asarray(map_coordinates(inside.astype(np.float64), at, order=1, mode="nearest"))


def _inside_face(face: FaceMarks, mask: NDArray[np.float32]) -> Floats:
    """Return (H, W) 0..1: 1 well inside the outline of the face, fading to 0 at it."""
    from PIL import ImageDraw

    canvas = Image.new("L", (mask.shape[1], mask.shape[0]))
    ImageDraw.Draw(canvas).polygon([(float(x), float(y)) for x, y in face.points[list(FACE_OUTLINE), :2]], fill=255)
    depth = distance_transform_edt(np.asarray(canvas) > 0)
    return _smooth(np.asarray(depth, np.float64), 0.02 * face.size, _FEATHER * face.size) * np.clip(mask, 0.0, 1.0)


def _bare(photo: Photo, face: FaceMarks) -> Floats:
    """Return (H, W) 0..1: 0 where something over the brows, a fringe or a brim, has not the colour of the skin."""
    pixels = np.asarray(photo.pixels, np.float64)
    rows, columns = _box(face, pixels.shape[:2])
    part = to_oklab(pixels[rows, columns])
    at = np.round(face.points[list(_CHEEKS), :2]).astype(np.int64)
    at = np.clip(at, 0, np.array(photo.size) - 1)
    skin = np.median(to_oklab(pixels[at[:, 1], at[:, 0]]), axis=0)
    apart = np.linalg.norm((part - skin) * [0.6, 1.0, 1.0], axis=2)
    across, down = face.points[334, :2] - face.points[105, :2]
    y, x = np.mgrid[rows, columns]
    line = face.points[105, 1] + (x - face.points[105, 0]) * down / (across if abs(across) > 1e-6 else 1e-6)
    over = _smooth((line - y) / face.size, 0.02, 0.12)
    out = np.ones(pixels.shape[:2])
    out[rows, columns] = 1.0 - over * _smooth(gaussian_filter(apart, 0.02 * face.size), 0.04, 0.09)
    return out


def _unlit(pixels: NDArray[np.float32], face: FaceMarks) -> Floats:
    """Return the photo with half of the light's unevenness over the face taken out."""
    values = np.asarray(pixels, np.float64)
    light = values @ [0.30, 0.59, 0.11]
    canvas = np.zeros_like(light)
    rows, columns = _box(face, light.shape)
    canvas[rows, columns] = 1.0
    spread = 0.35 * face.size
    smooth = gaussian_filter(light * canvas, spread) / np.maximum(gaussian_filter(canvas, spread), 1e-3)
    middle = float(np.median(smooth[rows, columns]))
    gain = np.clip(np.sqrt(middle / np.maximum(smooth, 1e-3)), *_SHADE)
    return np.asarray(values * gain[..., None])


def _box(face: FaceMarks, size: tuple[int, ...]) -> tuple[slice, slice]:
    low, high = face.points[:, :2].min(axis=0), face.points[:, :2].max(axis=0)
    rows = slice(max(int(low[1]), 0), max(min(int(high[1]) + 1, size[0]), 1))
    return rows, slice(max(int(low[0]), 0), max(min(int(high[0]) + 1, size[1]), 1))


def _sample(image: Floats, pixels: Floats) -> Floats:
    return np.asarray(map_coordinates(image, pixels[:, ::-1].T, order=1, mode="constant"))


def _sample_rgb(image: Floats, pixels: Floats) -> Floats:
    return np.stack([_sample(image[..., c], pixels) for c in range(3)], axis=1)


def _smooth(values: Floats, low: float, high: float) -> Floats:
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))
