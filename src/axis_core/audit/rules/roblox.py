"""Rules that Roblox's validation states about materials, images and coordinates; sizes and rigs are the platform's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from axis_core.audit.rules.image_size import image_size
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE"]

MAX_COLOR_SIDE, MAX_DATA_SIDE = 1024, 256
"""Largest side of a colour map, and of normal, metalness and roughness maps, of what is sold (creator docs, 2026)."""


def check(subject: Subject) -> Iterator[Issue]:
    """Yield what Roblox refuses, where Roblox is asked for."""
    scene = subject.scene
    if scene is None or subject.platform != "roblox":
        return
    for m, mesh in enumerate(scene.meshes):
        pointer = f"/meshes/{m}"
        if len(mesh.uvs) > 1:
            message = f"it has {len(mesh.uvs)} UV sets, Roblox reads one"
            yield issue("ROBLOX_UV_SETS", message, pointer=pointer, value=len(mesh.uvs), limit=1)
        if any(bool(np.any(np.abs(np.asarray(c, np.float64)[:, :3] - 1.0) > 0.01)) for c in mesh.colors):
            yield issue("ROBLOX_VERTEX_COLORS", pointer=pointer)
    for k, material in enumerate(scene.materials):
        if material.alpha_mode != "OPAQUE":
            message = f"{material.name or k} is {material.alpha_mode}"
            yield issue("ROBLOX_NOT_OPAQUE", message, pointer=f"/materials/{k}", value=material.alpha_mode)
    yield from _images(scene)


def _images(scene: Scene) -> Iterator[Issue]:
    limits: dict[int, int] = {}
    for material in scene.materials:
        for use, most in (
            (material.base_color_texture, MAX_COLOR_SIDE),
            (material.emissive_texture, MAX_COLOR_SIDE),
            (material.normal_texture, MAX_DATA_SIDE),
            (material.metallic_roughness_texture, MAX_DATA_SIDE),
        ):
            if use is not None:
                limits[use.texture] = min(most, limits.get(use.texture, most))
    for k, most in sorted(limits.items()):
        side = max(image_size(scene.textures[k]))
        if side > most:
            name = scene.textures[k].name or str(k)
            message = f"{name} is {side} texels wide or high, what is sold may have {most}"
            yield issue("ROBLOX_TEXTURE_SIZE", message, pointer=f"/textures/{k}", value=side, limit=most)


RULE = Rule(
    name="roblox",
    codes=("ROBLOX_UV_SETS", "ROBLOX_VERTEX_COLORS", "ROBLOX_NOT_OPAQUE", "ROBLOX_TEXTURE_SIZE"),
    check=check,
)
