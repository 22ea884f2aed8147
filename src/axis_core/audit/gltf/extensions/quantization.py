"""KHR_mesh_quantization: no objects of its own, more accessor formats."""

from __future__ import annotations

from axis_core.audit.gltf.extensions.extension import Extension
from axis_core.audit.gltf.semantics import QUANTIZED_ATTRIBUTE_FORMATS, QUANTIZED_MORPH_FORMATS


__all__ = ["EXTENSIONS"]

EXTENSIONS = (
    Extension(
        name="KHR_mesh_quantization",
        is_required=True,
        attribute_formats=QUANTIZED_ATTRIBUTE_FORMATS,
        morph_formats=QUANTIZED_MORPH_FORMATS,
    ),
)
