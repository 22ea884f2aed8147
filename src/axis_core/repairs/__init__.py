"""Repairs, one strategy a file: idempotent, and skins, morphs, UVs and materials stay alive."""

from axis_core.repairs import (
    fix_normals,
    fix_winding,
    limit_influences,
    merge_vertices,
    remove_degenerate,
    remove_duplicate_faces,
    remove_small_components,
    remove_unreferenced,
    resolve_nan,
    reweight,
)


__all__ = ["REPAIRS"]

REPAIRS = (
    resolve_nan.REPAIR,
    merge_vertices.REPAIR,
    remove_degenerate.REPAIR,
    remove_duplicate_faces.REPAIR,
    remove_small_components.REPAIR,
    remove_unreferenced.REPAIR,
    fix_winding.REPAIR,
    fix_normals.REPAIR,
    reweight.REPAIR,
    limit_influences.REPAIR,
)
"""The built-in repairs in the order in which they are applied."""
