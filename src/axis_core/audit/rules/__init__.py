"""Rules, one subject a file."""

from axis_core.audit.rules import budget, gltf, material, mesh, morph, rig, roblox, skin, surface, texture, uv, vrm


__all__ = ["RULES"]

RULES = (
    mesh.RULE,
    surface.RULE,
    rig.RULE,
    skin.RULE,
    morph.RULE,
    material.RULE,
    uv.RULE,
    texture.RULE,
    budget.RULE,
    roblox.RULE,
    gltf.RULE,
    vrm.RULE,
)
"""The built-in rules in the order in which they run."""
