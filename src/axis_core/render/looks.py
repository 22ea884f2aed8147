"""Materials as looks: what a picture needs of a glTF material, in screen colours."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.material import Material, TextureUse
from axis_core.model.scene import Scene
from axis_core.render.pixels import screen_color, texture_pixels


__all__ = ["Look", "material_look"]

CLAMP_TO_EDGE = 33071
"""glTF's wrap mode (the OpenGL constant)."""

Color = tuple[float, float, float]


@attrs.frozen(kw_only=True, eq=False)
class Look:
    """How a surface answers light; colours are sRGB, 0..1.

    Attributes
    ----------
    image : (H, W, 4) uint8 or None
        Multiplies the colour.
    uv_set : int
        Which texture coordinates the image uses.
    uv_transform : (3, 3) float64
        KHR_texture_transform, on (u, v, 1).
    """

    color: Color = (0.82, 0.82, 0.82)
    opacity: float = 1.0
    emissive: Color = (0.0, 0.0, 0.0)
    gloss: float = 0.05
    image: NDArray[np.uint8] | None = None
    clamped: bool = False
    uv_set: int = 0
    uv_transform: NDArray[np.float64] = attrs.field(factory=lambda: np.eye(3))
    alpha_mode: str = "OPAQUE"
    alpha_cutoff: float = 0.5
    double_sided: bool = False
    unlit: bool = False


def material_look(scene: Scene, material: Material) -> Look:
    """Return the look of a material; a texture that cannot be decoded leaves the plain colour."""
    use = material.base_color_texture
    image = None
    clamped = False
    if use is not None and 0 <= use.texture < len(scene.textures):
        texture = scene.textures[use.texture]
        image = texture_pixels(texture)
        clamped = CLAMP_TO_EDGE in (texture.sampler.get("wrapS"), texture.sampler.get("wrapT"))
    return Look(
        color=_color(material.base_color[:3]),
        opacity=float(np.clip(material.base_color[3], 0.0, 1.0)) if material.alpha_mode == "BLEND" else 1.0,
        emissive=_color(material.emissive),
        # a metal without surroundings to mirror would be black: it keeps its colour and gets a stronger light spot
        gloss=0.05 + 0.35 * (1.0 - float(np.clip(material.roughness, 0.0, 1.0))),
        image=image,
        clamped=clamped,
        uv_set=0 if use is None else _uv_set(use),
        uv_transform=np.eye(3) if use is None else _uv_transform(use),
        alpha_mode=material.alpha_mode,
        alpha_cutoff=float(material.alpha_cutoff),
        double_sided=material.double_sided,
        unlit="KHR_materials_unlit" in material.extensions,
    )


def _color(linear: tuple[float, ...]) -> Color:
    r, g, b = screen_color(linear)
    return float(r), float(g), float(b)


def _transform_of(use: TextureUse) -> Mapping[str, object]:
    found = use.extensions.get("KHR_texture_transform", {})
    return found if isinstance(found, Mapping) else {}


def _uv_set(use: TextureUse) -> int:
    override = _transform_of(use).get("texCoord", use.uv_set)
    return override if isinstance(override, int) else use.uv_set


def _uv_transform(use: TextureUse) -> NDArray[np.float64]:
    """Return translation times rotation times scale, as KHR_texture_transform defines it."""
    found = _transform_of(use)
    (x, y), (sx, sy) = _pair(found.get("offset"), 0.0), _pair(found.get("scale"), 1.0)
    angle = found.get("rotation", 0.0)
    c, s = (np.cos(angle), np.sin(angle)) if isinstance(angle, int | float) else (1.0, 0.0)
    return np.array([[c * sx, s * sy, x], [-s * sx, c * sy, y], [0.0, 0.0, 1.0]])


def _pair(value: object, otherwise: float) -> tuple[float, float]:
    if isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(v, int | float) for v in value):
        return float(value[0]), float(value[1])
    return otherwise, otherwise
