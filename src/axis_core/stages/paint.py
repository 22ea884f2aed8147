"""The four maps of a metallic-roughness material, factors multiplied in.

``base``: sRGB with alpha; ``orm``: occlusion, roughness, metallic in red, green, blue (glTF 2.0, section 3.9);
``normal``: tangent space, its scale applied; ``emissive``: sRGB, strength applied up to 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from axis_core.model.material import Material, TextureUse
from axis_core.stages.pixels import to_bytes, to_light


__all__ = ["BACKGROUND", "KINDS", "Look", "is_unlit", "paint"]

Pixels = NDArray[np.uint8]
Look = Callable[[TextureUse], Pixels]
"""Gives the (H, W, 4) bytes of a texture over the tile."""

BACKGROUND: dict[str, tuple[int, ...]] = {
    "base": (128, 128, 128, 255),
    "orm": (255, 255, 0),
    "normal": (128, 128, 255),
    "emissive": (0, 0, 0),
}
"""What lies between the tiles, and what a material without such a map shows."""
KINDS = tuple(BACKGROUND)


def is_unlit(material: Material) -> bool:
    """Whether light and shade leave the material alone."""
    return "KHR_materials_unlit" in material.extensions


def paint(
    material: Material, kind: str, shape: tuple[int, int], look: Look, *, turn: NDArray[np.float32] | None = None
) -> Pixels:
    """Return the map ``kind`` of a material over a tile, (H, W, 3 or 4) uint8.

    ``turn`` (H, 2, 2), for tiles one texel wide, turns the normals of old tangents into those of new ones.
    """
    if kind == "base":
        return _base(material, shape, look)
    if kind == "orm":
        return _orm(material, shape, look)
    if kind == "normal":
        return _normal(material, shape, look, turn)
    return _coloured(shape, material.emissive, material.emissive_texture, look)


def _base(material: Material, shape: tuple[int, int], look: Look) -> Pixels:
    use, factor = material.base_color_texture, material.base_color
    colour = _coloured(shape, factor[:3], use, look)
    alpha = look(use)[:, :, 3:] if use is not None else np.full((*shape, 1), 255, np.uint8)
    if factor[3] != 1.0:
        alpha = np.rint(alpha * np.clip(factor[3], 0.0, 1.0)).astype(np.uint8)
    return np.concatenate([colour, alpha], axis=2)


def _coloured(shape: tuple[int, int], factor: tuple[float, ...], use: TextureUse | None, look: Look) -> Pixels:
    if use is None or not any(factor):
        plain = to_bytes(np.asarray(factor, np.float32))
        return np.broadcast_to(plain, (*shape, 3)).copy()
    found = look(use)[:, :, :3]
    if all(f == 1.0 for f in factor):
        return np.asarray(found)
    return to_bytes(to_light(found) * np.asarray(factor, np.float32))


def _orm(material: Material, shape: tuple[int, int], look: Look) -> Pixels:
    out = np.empty((*shape, 3), np.float32)
    out[:] = (255.0, 255.0 * material.roughness, 255.0 * material.metallic)
    if material.occlusion_texture is not None:
        strength = material.occlusion_texture.scale
        out[:, :, 0] += strength * (look(material.occlusion_texture)[:, :, 0].astype(np.float32) - 255.0)
    if material.metallic_roughness_texture is not None:
        out[:, :, 1:] *= look(material.metallic_roughness_texture)[:, :, 1:3] / np.float32(255.0)
    return np.rint(np.clip(out, 0.0, 255.0)).astype(np.uint8)


def _normal(material: Material, shape: tuple[int, int], look: Look, turn: NDArray[np.float32] | None) -> Pixels:
    use = material.normal_texture
    if use is None:
        return np.broadcast_to(np.array(BACKGROUND["normal"], np.uint8), (*shape, 3)).copy()
    found = look(use)[:, :, :3]
    if use.scale == 1.0 and turn is None:
        return np.asarray(found)
    vector = found.astype(np.float32) / 127.5 - 1.0
    vector[:, :, :2] *= use.scale
    if turn is not None:
        vector[:, :, :2] = np.einsum("nij,nwj->nwi", turn, vector[:, :, :2])
    vector /= np.maximum(np.linalg.norm(vector, axis=2, keepdims=True), 1e-6)
    return np.asarray(np.rint(127.5 * (vector + 1.0)), np.uint8)
