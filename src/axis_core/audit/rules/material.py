"""Rules about materials and the coordinates their textures need."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.material import Material, TextureUse
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE"]

IN_RANGE = 1e-3


def uses_of(material: Material) -> tuple[TextureUse, ...]:
    """Return the texture uses of a material."""
    all_uses = (
        material.base_color_texture,
        material.metallic_roughness_texture,
        material.normal_texture,
        material.occlusion_texture,
        material.emissive_texture,
    )
    return tuple(u for u in all_uses if u is not None)


def check(subject: Subject) -> Iterator[Issue]:
    """Yield what is wrong with factors and texture coordinates."""
    scene = subject.scene
    if scene is None:
        return
    for k, material in enumerate(scene.materials):
        factors = (*material.base_color, material.metallic, material.roughness)
        if not all(0.0 <= f <= 1.0 for f in factors) or not all(f >= 0 for f in material.emissive):
            message = f"{material.name or k}: a factor is outside its range"
            yield issue("MATERIAL_NON_FINITE", message, pointer=f"/materials/{k}", value=str(factors), limit=[0, 1])
    for m, mesh in enumerate(scene.meshes):
        uses = uses_of(scene.materials[mesh.material]) if mesh.material is not None else ()
        missing = sorted({u.uv_set for u in uses if u.uv_set >= len(mesh.uvs)})
        if missing:
            message = f"{mesh.name or m} is textured by UV set {missing[0]} and has {len(mesh.uvs)}"
            yield issue("UV_MISSING", message, pointer=f"/meshes/{m}", value=len(mesh.uvs), limit=missing[0] + 1)
        for s, uv in enumerate(mesh.uvs):
            if not np.isfinite(uv).all():
                yield issue("UV_NON_FINITE", f"UV set {s} is not finite", pointer=f"/meshes/{m}", value=s)
            elif len(uv) and (uv.min() < -IN_RANGE or uv.max() > 1 + IN_RANGE):
                value = [float(uv.min()), float(uv.max())]
                yield issue("UV_OUT_OF_RANGE", f"UV set {s} leaves 0..1", pointer=f"/meshes/{m}", value=value)


RULE = Rule(
    name="material", codes=("MATERIAL_NON_FINITE", "UV_MISSING", "UV_NON_FINITE", "UV_OUT_OF_RANGE"), check=check
)
