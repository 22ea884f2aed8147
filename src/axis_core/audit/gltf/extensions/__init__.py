"""The glTF extensions whose rules are checked: one file a group, one record an extension."""

from __future__ import annotations

from axis_core.audit.gltf.extensions import (
    animation_pointer,
    coating,
    lights,
    materials,
    nodes,
    quantization,
    specular_glossiness,
    textures,
    variants,
    volume,
)
from axis_core.audit.gltf.extensions.extension import Extension


__all__ = ["EXTENSIONS"]

EXTENSIONS: dict[str, Extension] = {
    extension.name: extension
    for module in (
        animation_pointer,
        coating,
        lights,
        materials,
        nodes,
        quantization,
        specular_glossiness,
        textures,
        variants,
        volume,
    )
    for extension in module.EXTENSIONS
}
"""Every extension that is checked, by its name; the others are reported as not checked."""
