"""Expressions: presets, custom names, and what they bind."""

from __future__ import annotations

from typing import Any

from axis_core.audit.gltf.vrm.sheet import Sheet, entries, items, table
from axis_core.model.humanoid import VRM_EXPRESSIONS


__all__ = ["check_expressions"]

_HERE = "/extensions/VRMC_vrm/expressions"


def check_expressions(sheet: Sheet) -> None:
    """Check the names and the binds of every expression."""
    expressions = table(sheet.extension("VRMC_vrm").get("expressions"))
    for kind in ("preset", "custom"):
        for name, expression in table(expressions.get(kind)).items():
            here = f"{_HERE}/{kind}/{name.replace('~', '~0').replace('/', '~1')}"
            if kind == "preset" and name not in VRM_EXPRESSIONS:
                sheet.report("VRM_EXPRESSION_PRESET", here, value=name)
            if kind == "custom" and name in VRM_EXPRESSIONS:
                sheet.report("VRM_EXPRESSION_NAME", here, value=name)
            _check_binds(sheet, table(expression), here)


def _check_binds(sheet: Sheet, expression: dict[str, Any], here: str) -> None:
    for i, bind in entries(expression.get("morphTargetBinds")):
        n_targets = _n_targets(sheet, bind.get("node"))
        index = bind.get("index")
        if not isinstance(index, int) or not 0 <= index < n_targets:
            sheet.report("VRM_EXPRESSION_BIND", f"{here}/morphTargetBinds/{i}", value=index, limit=n_targets)
    for kind in ("materialColorBinds", "textureTransformBinds"):
        for i, bind in entries(expression.get(kind)):
            if sheet.index("materials", bind.get("material")) is None:
                sheet.report("VRM_EXPRESSION_BIND", f"{here}/{kind}/{i}", value=bind.get("material"))


def _n_targets(sheet: Sheet, node: Any) -> int:
    """Return the morph targets of a node's mesh, 0 if there are none."""
    node_index = sheet.index("nodes", node)
    if node_index is None:
        return 0
    mesh_index = sheet.index("meshes", table(sheet.nodes()[node_index]).get("mesh"))
    if mesh_index is None:
        return 0
    primitives = items(table(items(sheet.root.get("meshes"))[mesh_index]).get("primitives"))
    return len(items(table(primitives[0]).get("targets"))) if primitives else 0
