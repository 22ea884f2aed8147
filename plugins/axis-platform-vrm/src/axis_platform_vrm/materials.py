"""MToon: the toon shader of VRM, with the colours and textures of the PBR material it replaces."""

from __future__ import annotations

import attrs

from axis_core.plugin import Material


__all__ = ["as_mtoon"]

SHADE = 0.72
"""How dark the shaded side is, of the lit colour."""


def as_mtoon(material: Material) -> Material:
    """Return the material with VRMC_materials_mtoon; viewers without it show the PBR one."""
    shade: dict[str, object] = {}
    if material.base_color_texture is not None:
        use = material.base_color_texture
        shade["shadeMultiplyTexture"] = {"index": use.texture, **({"texCoord": use.uv_set} if use.uv_set else {})}
    toon = {
        "specVersion": "1.0",
        "transparentWithZWrite": False,
        "renderQueueOffsetNumber": 0,
        "shadeColorFactor": [round(SHADE * c, 4) for c in material.base_color[:3]],
        **shade,
        "shadingShiftFactor": -0.05,
        "shadingToonyFactor": 0.95,
        "giEqualizationFactor": 0.9,
        "parametricRimColorFactor": [0.0, 0.0, 0.0],
        "outlineWidthMode": "none",
        "outlineWidthFactor": 0.0,
    }
    return attrs.evolve(material, extensions={**material.extensions, "VRMC_materials_mtoon": toon})
