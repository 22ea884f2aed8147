"""Suggestions: which repairs the findings call for, why, and what each would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from axis_core.model.issue import Issue, Severity
from axis_core.model.issue_codes import ISSUE_CODES
from axis_core.model.scene import Scene
from axis_core.model.upright import PLAUSIBLE_M
from axis_core.plugin.kinds import Repair


__all__ = ["Suggestion", "contract_codes", "suggest_repairs"]


@attrs.frozen(kw_only=True)
class Suggestion:
    """A repair that the findings call for.

    Attributes
    ----------
    repair : str
        Its name; empty where nothing mends the finding by itself.
    targets : tuple of str
        Pointers to where the findings are; empty for the whole.
    severity : Severity
        The worst of the findings it mends.
    reason : str
        What was found and why it matters.
    is_automatic : bool
        Whether ``default`` would apply it unasked.
    estimate : mapping
        What a trial changed: ``changes``, ``triangles`` and ``vertices`` before and after; empty without a scene.
    """

    repair: str
    codes: tuple[str, ...]
    targets: tuple[str, ...] = ()
    severity: Severity = Severity.INFO
    reason: str = ""
    is_automatic: bool = False
    is_lossy: bool = False
    estimate: Mapping[str, Any] = attrs.field(factory=dict)


def suggest_repairs(
    issues: Sequence[Issue], repairs: Iterable[Repair], scene: Scene | None = None
) -> tuple[Suggestion, ...]:
    """Return what to do about ``issues``: repairs in the order in which they are applied, then what is left to people.

    Parameters
    ----------
    repairs : iterable of Repair
        In the order in which they are registered.
    scene : Scene, optional
        What was audited: each repair is tried on what the ones before it have left, and what it changed is told.
    """
    out: list[Suggestion] = []
    mended: set[str] = set()
    for repair in repairs:
        found = [i for i in issues if i.code in repair.fixes]
        if not found:
            continue
        estimate: dict[str, Any] = {}
        if scene is not None:
            result = repair.apply(scene, repair.options() if repair.options is not None else None)
            estimate = _estimate(scene, result.scene, result.changes)
            scene = result.scene
        mended |= {i.code for i in found}
        out.append(
            attrs.evolve(
                _about(found),
                repair=repair.name,
                is_automatic=repair.safe and not repair.adds_surface,
                is_lossy=repair.lossy,
                estimate=estimate,
            )
        )
    left = [i for i in issues if i.code not in mended and i.severity in (Severity.ERROR, Severity.WARNING)]
    out += [_about([i for i in left if i.code == code]) for code in dict.fromkeys(i.code for i in left)]
    return tuple(out)


def _about(found: Sequence[Issue]) -> Suggestion:
    worst = min(found, key=lambda i: i.severity.rank)
    codes = tuple(dict.fromkeys(i.code for i in found))
    reasons = []
    for code in codes:
        entry = ISSUE_CODES.get(code)
        first = next(i.message for i in found if i.code == code)
        what = f"{first[:1].upper()}{first[1:].rstrip('.')}."
        reasons.append(f"{what} {entry.why}" if entry else what)
    targets = tuple(dict.fromkeys(i.pointer for i in found if i.pointer))
    return Suggestion(repair="", codes=codes, targets=targets, severity=worst.severity, reason=" ".join(reasons))


def _estimate(before: Scene, after: Scene, changes: Sequence[str]) -> dict[str, Any]:
    return {
        "changes": list(changes),
        "triangles": [before.n_triangles, after.n_triangles],
        "vertices": [before.n_vertices, after.n_vertices],
    }


def contract_codes(contract: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the issue codes that an avatar contract's figures imply; it keeps no codes itself.

    Parameters
    ----------
    contract : mapping
        Plain values; what is missing implies nothing.
    """
    mesh, skin, budget = (_part(contract, name) for name in ("mesh", "skin", "budget"))
    found = []
    if mesh.get("manifold") is False:
        found.append("MESH_NON_MANIFOLD_EDGES")
    if mesh.get("watertight") is False and contract.get("output_profile") == "print_ready":
        found.append("MESH_BOUNDARY_EDGES")
    height = mesh.get("height_m")
    if isinstance(height, int | float) and not PLAUSIBLE_M[0] <= height <= PLAUSIBLE_M[1] * 2:
        found.append("SCALE_IMPLAUSIBLE")
    error = skin.get("weight_error")
    if isinstance(error, int | float) and error > 5e-3:
        found.append("SKIN_NOT_NORMALISED")
    influences = skin.get("max_influences")
    if isinstance(influences, int) and influences > 4:
        found.append("SKIN_TOO_MANY_INFLUENCES")
    if budget.get("ok") is False:
        found.append("BUDGET_TRIANGLES")
    return tuple(found)


def _part(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, Mapping) else {}
