"""Unity: Humanoid names that autoconfigure, four influences, GLB through glTFast.

Sources: Unity manual (Avatar Mapping, LOD Group), ScriptReference HumanBodyBones. The ``_LODn`` names make a LODGroup
only inside one FBX; GLB levels are separate files.
"""

from __future__ import annotations

from collections.abc import Mapping

from axis_core.model.artefact import Artefact
from axis_core.model.issue import Issue
from axis_core.model.scene import Scene
from axis_core.platforms.export import budget_issues, influence_issues, required_issues, write_for
from axis_core.platforms.fit import fit_names
from axis_core.plugin.kinds import Format, Platform


__all__ = ["PLATFORM"]

MAX_TRIANGLES = 500_000


def fit_rig(scene: Scene, *, bones: Mapping[str, str]) -> tuple[Scene, tuple[str, ...]]:
    """Return the scene with Unity's HumanBodyBones names."""
    return fit_names(scene, bones, "unity")


def check(scene: Scene, *, tier: str = "") -> tuple[Issue, ...]:
    """Return what Unity would not take."""
    return (
        *budget_issues(scene, tier=tier, max_triangles=MAX_TRIANGLES),
        *influence_issues(scene, 4),
        *required_issues(scene, "unity"),
    )


def export(scene: Scene, *, name: str, format: Format) -> tuple[Artefact, ...]:
    """Return the files."""
    return write_for(scene, name=name, format=format, up="Y", forward="+Z", handedness="left", unit_m=1.0)


PLATFORM = Platform(
    name="unity",
    title="Unity",
    skeleton="unity",
    up_axis="Y",
    forward_axis="+Z",
    handedness="left",
    unit_m=1.0,
    max_influences=4,
    max_triangles=MAX_TRIANGLES,
    fit_rig=fit_rig,
    check=check,
    export=export,
    summary="Humanoid names (HumanBodyBones); GLB through com.unity.cloud.gltfast.",
)
