"""The platform: Unity's humanoid, VRChat's ranks, order and names."""

from __future__ import annotations

from collections.abc import Mapping

import axis_core
from axis_core.plugin import Artefact, Format, Issue, Platform, Scene, issue
from axis_platform_vrchat.order import limbs_first, with_viseme_names
from axis_platform_vrchat.ranks import LIMITS, RANKS, count, rank_of


__all__ = ["PLATFORM", "check", "rank_issues"]

MAX_TRIANGLES = 70_000
MOBILE_TIERS = ("mobile_light", "mobile_standard", "web_vr")
_CODES = {"triangles": "BUDGET_TRIANGLES", "bones": "BUDGET_BONES", "materials": "BUDGET_MATERIALS"}


def _unity() -> Platform:
    return axis_core.default_host(installed=False).platform("unity")


def fit_rig(scene: Scene, *, bones: Mapping[str, str]) -> tuple[Scene, tuple[str, ...]]:
    """Return the scene with Unity's bone names, the bones of limbs first among their siblings."""
    fitted, changes = _unity().fit_rig(scene, bones=bones)
    ordered = limbs_first(fitted)
    return ordered, changes if ordered is fitted else (*changes, "put the bones of limbs first among their siblings")


def check(scene: Scene, *, tier: str = "") -> tuple[Issue, ...]:
    """Return what Unity would not take, and what is over VRChat's last rank on the device of the tier."""
    return (*_unity().check(scene, tier=tier), *rank_issues(scene, "mobile" if tier in MOBILE_TIERS else "pc"))


def rank_issues(scene: Scene, device: str) -> tuple[Issue, ...]:
    """Return a finding for each number that makes the avatar Very Poor on ``device``."""
    counts, out = count(scene), []
    rank = rank_of(counts, device)
    if rank.name in RANKS:
        return ()
    for name, value, limit in rank.held_by:
        code = _CODES.get(name, "SIZE_OUT_OF_RANGE")
        if name in ("texture_mb", "skinned_meshes"):
            code = "BUDGET_MATERIALS"
        message = f"Very Poor on {device}: {name.replace('_', ' ')} {value:,.4g}, the last rank allows {limit:,.4g}"
        out.append(issue(code, message, value=value, limit=limit))
    return tuple(out)


def export(scene: Scene, *, name: str, format: Format) -> tuple[Artefact, ...]:
    """Return the files, visemes under VRChat's names."""
    return _unity().export(with_viseme_names(scene), name=name, format=format)


PLATFORM = Platform(
    name="vrchat",
    title="VRChat",
    skeleton="unity",
    handedness="left",
    max_influences=4,
    max_triangles=MAX_TRIANGLES,
    max_texture=2048,
    fit_rig=fit_rig,
    check=check,
    export=export,
    formats=("fbx", "glb", "gltf"),
    summary="Unity's humanoid, visemes, performance ranks: " + ", ".join(LIMITS) + ".",
)
