"""USD files for AXIS: usd, usda, usdc and usdz, with UsdSkel skeletons, blend shapes, materials and textures."""

from __future__ import annotations

from axis_core.plugin import Format, hookimpl
from axis_importer_usd.records import USD


__all__ = ["USD", "axis_formats"]


@hookimpl
def axis_formats() -> list[Format]:
    """Return usd, for reading."""
    return [USD]
