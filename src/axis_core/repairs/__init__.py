"""Repairs, one strategy a file: idempotent, and skins, morphs, UVs and materials stay alive."""

from axis_core.repairs import (
    fill_holes,
    fix_normals,
    fix_winding,
    limit_influences,
    merge_vertices,
    remove_degenerate,
    remove_duplicate_faces,
    remove_small_components,
    remove_unreferenced,
    reorient,
    rescale,
    resolve_nan,
    reweight,
    split_non_manifold,
)


__all__ = ["REPAIRS"]

REPAIRS = (
    resolve_nan.REPAIR,
    merge_vertices.REPAIR,
    remove_degenerate.REPAIR,
    remove_duplicate_faces.REPAIR,
    remove_small_components.REPAIR,
    split_non_manifold.REPAIR,
    fill_holes.REPAIR,
    remove_unreferenced.REPAIR,
    fix_winding.REPAIR,
    fix_normals.REPAIR,
    reweight.REPAIR,
    limit_influences.REPAIR,
    rescale.REPAIR,
    reorient.REPAIR,
)
"""The built-in repairs in the order in which they are applied."""
