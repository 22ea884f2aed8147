"""Rules, one subject a file."""

from axis_core.audit.rules import gltf, material, mesh, morph, rig, skin, texture, vrm


__all__ = ["RULES"]

RULES = (mesh.RULE, rig.RULE, skin.RULE, morph.RULE, material.RULE, texture.RULE, gltf.RULE, vrm.RULE)
"""The built-in rules in the order in which they run."""
