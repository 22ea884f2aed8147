"""axis_engine: the neutral target. All that came in is kept, bones have VRM 1.0 names, the contract is embedded."""

from __future__ import annotations

from collections.abc import Mapping

from axis_core.model.artefact import Artefact
from axis_core.model.issue import Issue
from axis_core.model.scene import Scene
from axis_core.platforms.export import budget_issues, required_issues, write_for
from axis_core.platforms.fit import fit_names
from axis_core.plugin.kinds import Format, Platform


__all__ = ["PLATFORM"]

MAX_TRIANGLES = 500_000


def fit_rig(scene: Scene, *, bones: Mapping[str, str]) -> tuple[Scene, tuple[str, ...]]:
    """Return the scene with VRM 1.0 names."""
    return fit_names(scene, bones, "vrm")


def check(scene: Scene, *, tier: str = "") -> tuple[Issue, ...]:
    """Return what is over the budget or missing."""
    return (*budget_issues(scene, tier=tier, max_triangles=MAX_TRIANGLES), *required_issues(scene, "vrm"))


def export(scene: Scene, *, name: str, format: Format) -> tuple[Artefact, ...]:
    """Return the files."""
    return write_for(scene, name=name, format=format, up="Y", forward="+Z", handedness="right", unit_m=1.0)


PLATFORM = Platform(
    name="axis_engine",
    title="AXIS engine",
    skeleton="vrm",
    max_influences=4,
    max_triangles=MAX_TRIANGLES,
    fit_rig=fit_rig,
    check=check,
    export=export,
    summary="Neutral glTF with VRM 1.0 bone names.",
)
