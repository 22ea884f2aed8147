"""Godot 4: SkeletonProfileHumanoid names with Root, no names that the importer acts on.

Sources: godot ``skeleton_profile.cpp`` (56 bones), its documentation ("Retargeting 3D Skeletons", "Node type
customization").
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from axis_core.model.artefact import Artefact
from axis_core.model.humanoid import REQUIRED_BONES
from axis_core.model.issue import Issue
from axis_core.model.scene import Scene
from axis_core.platforms.export import (
    GODOT_SUFFIXES,
    budget_issues,
    influence_issues,
    name_issues,
    required_issues,
    write_for,
)
from axis_core.platforms.fit import fit_names
from axis_core.plugin.kinds import Format, Platform


__all__ = ["PLATFORM", "plain_name"]

MAX_TRIANGLES = 500_000
SHOULDERS = ("leftShoulder", "rightShoulder")
"""Godot's profile requires them, VRM's and Unity's do not."""


def fit_rig(scene: Scene, *, bones: Mapping[str, str]) -> tuple[Scene, tuple[str, ...]]:
    """Return the scene with the profile's names below ``Root``."""
    return fit_names(scene, bones, "godot", also_required=SHOULDERS, root="Root")


def check(scene: Scene, *, tier: str = "") -> tuple[Issue, ...]:
    """Return what Godot would not take, or would take for something else."""
    return (
        *budget_issues(scene, tier=tier, max_triangles=MAX_TRIANGLES),
        *influence_issues(scene, 4),
        *required_issues(scene, "godot", (*REQUIRED_BONES, *SHOULDERS)),
        *name_issues(scene, godot=True),
    )


def export(scene: Scene, *, name: str, format: Format) -> tuple[Artefact, ...]:
    """Return the files; nodes, meshes and materials whose names end in what the importer acts on get a ``_`` behind it.

    Clips keep ``-loop`` and ``-cycle``: there the importer's reading is what is meant.
    """
    scene = attrs.evolve(
        scene,
        nodes=[attrs.evolve(n, name=plain_name(n.name)) for n in scene.nodes],
        meshes=[attrs.evolve(m, name=plain_name(m.name)) for m in scene.meshes],
        materials=[attrs.evolve(m, name=plain_name(m.name)) for m in scene.materials],
    )
    return write_for(scene, name=name, format=format, up="Y", forward="+Z", handedness="right", unit_m=1.0)


def plain_name(name: str) -> str:
    """Return a name that Godot's importer takes for nothing but a name."""
    return f"{name}_" if GODOT_SUFFIXES.search(name) else name


PLATFORM = Platform(
    name="godot",
    title="Godot 4",
    skeleton="godot",
    max_influences=4,
    max_triangles=MAX_TRIANGLES,
    fit_rig=fit_rig,
    check=check,
    export=export,
    summary="SkeletonProfileHumanoid names below Root.",
)
