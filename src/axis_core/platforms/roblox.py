"""Roblox: R15 joints, four influences, 10,742 triangles, sizes in studs by option.

Sources: Roblox creator documentation (avatar specifications, auto setup requirements), 2026. Its pages disagree on the
front axis: +Z for a manual import, -Z for Avatar Setup; so that is an option.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import CannotFit
from axis_core.model.artefact import Artefact
from axis_core.model.humanoid import HUMANOID_BONES, REQUIRED_BONES, ROBLOX_R15
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.rebase import rebase_scene
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.platforms.export import budget_issues, influence_issues, required_issues, write_for
from axis_core.platforms.fit import add_root, bones_of, complete, rename
from axis_core.platforms.rig_table import Joint, RigTable
from axis_core.platforms.roblox_parts import PART_BUDGETS, joined_body, part_faces, split_parts, why_not_cut
from axis_core.plugin.kinds import Format, Platform
from axis_core.plugin.options import one_of, option


__all__ = ["PLATFORM", "SCALE_TYPES", "Options", "fitting_scale"]

MAX_TRIANGLES = 10_742
"""Head 4,000, torso 1,750, arms and legs 1,248 each."""

STUD_M = 0.28
SCALE_TYPES: Mapping[str, tuple[float, float, float]] = {
    "ProportionsNormal": (8.6, 9.5, 2.25),
    "ProportionsSlender": (6.0, 9.5, 2.0),
    "Classic": (8.0, 9.1, 2.0),
}
"""Width, height and depth that a whole body may have, studs."""
LARGEST_STUDS = SCALE_TYPES["ProportionsNormal"]
SMALLEST_STUDS = (1.35, 3.6, 0.7)


@attrs.frozen(kw_only=True)
class Options:
    """Where Roblox's own pages disagree."""

    route: str = option("manual_import", "how it is brought in", validator=one_of("manual_import", "avatar_setup"))
    studs: bool = option(False, "write sizes in studs (0.28 m) instead of metres")
    parts: str = option(
        "auto",
        "cut the body into the 15 closed parts of R15; auto: for a manual import, where it can be",
        validator=one_of("auto", "always", "never"),
    )
    scale_type: str = option(
        "",
        "shrink or enlarge the body into the box of a scale type",
        validator=one_of("", *SCALE_TYPES),
    )


def fit_rig(scene: Scene, *, bones: Mapping[str, str]) -> tuple[Scene, tuple[str, ...]]:
    """Return the scene on the 15 joints of R15; all other joints give their weights to the joint above.

    A rig that is no humanoid gets a root and keeps its joints: Roblox imports it as a custom rig.
    """
    table = RigTable(scene)
    found = bones_of(table, scene, bones)
    changes: list[str] = []
    if not found:
        changes += add_root(table, "Root")
        rename(table, found, {})
        return (table.apply(), tuple(changes)) if changes else (scene, ())
    added = complete(table, found, REQUIRED_BONES)
    changes += [f"added {', '.join(added)}"] if added else []
    targets = _targets(found)
    _lower_head(targets)
    merged = _merge_others(table, set(map(id, targets.values())))
    changes += [f"merged {merged} joints into the 15 of R15"] if merged else []
    for name, joint in targets.items():
        joint.name = name
    root = table.insert("Root", None, np.zeros(3))
    node = table.insert("HumanoidRootNode", root, np.zeros(3))
    for joint in table.children(None):
        if joint is not root:
            joint.parent = node
    for name, joint in targets.items():
        parent = ROBLOX_R15[name]
        joint.parent = node if parent == "HumanoidRootNode" else targets[str(parent)]
    changes.append("renamed the joints to R15")
    return table.apply(), tuple(changes)


def _targets(found: Mapping[str, Joint]) -> dict[str, Joint]:
    """Return the R15 name -> joint; the Head joint stands at the base of the neck."""
    out = {}
    for bone, joint in found.items():
        row = HUMANOID_BONES[bone]
        if row.roblox and not row.roblox_extended and row.roblox in ROBLOX_R15:
            out[row.roblox] = joint
    if "neck" in found:
        out["Head"] = found["neck"]
    return out


def _lower_head(targets: dict[str, Joint]) -> None:
    """Without a neck joint the head's joint itself serves: it stands at the base of the head."""
    head, torso = targets["Head"], targets["UpperTorso"]
    if not head.is_below(torso):
        head.parent = torso


def _merge_others(table: RigTable, kept: set[int]) -> int:
    merged = 0
    for joint in reversed(table.ordered()):
        carries = joint.node is not None and bool(table.meshes_of(joint))
        if id(joint) in kept or carries:
            continue
        into = joint.parent
        while into is not None and id(into) not in kept:
            into = into.parent
        if into is None:
            below = [j for j in table.joints if id(j) in kept and j.is_below(joint)]
            if not below:
                continue
            into = next((j for j in below if j.name), below[0])
        table.merge(joint, into)
        merged += 1
    return merged


def check(scene: Scene, *, tier: str = "") -> tuple[Issue, ...]:
    """Return what Roblox would refuse."""
    out = [
        *budget_issues(scene, tier=tier, max_triangles=MAX_TRIANGLES),
        *influence_issues(scene, 4),
        *required_issues(scene, "roblox"),
    ]
    out += _part_issues(scene)
    size = _size_studs(scene)
    for axis, (value, least, most) in enumerate(zip(size, SMALLEST_STUDS, LARGEST_STUDS, strict=True)):
        if not least <= value <= most:
            label = ("width", "height", "depth")[axis]
            message = f"{label} is {value:.2f} studs, accepted are {least} to {most}"
            out.append(issue("SIZE_OUT_OF_RANGE", message, value=round(float(value), 3), limit=[least, most]))
    return tuple(out)


def _size_studs(scene: Scene) -> NDArray[np.float64]:
    low, high = scene_soup(scene).bounds
    return np.asarray((high - low) / STUD_M, np.float64)


def _part_issues(scene: Scene) -> list[Issue]:
    """Return why the body stays whole, or the groups of parts over Roblox's budgets, caps not counted."""
    if not _is_r15(scene):
        return []
    reason = why_not_cut(scene)
    if reason:
        message = f"it stays one body, not fifteen parts: {reason}"
        return [issue("PARTS_NOT_CUT", message, pointer="/skins/0")]
    sizes = {part: len(faces) for part, faces in part_faces(joined_body(scene)).items()}
    out = []
    for group, limit in PART_BUDGETS.items():
        n = sum(sizes.get(part, 0) for part in group)
        if n > limit:
            message = f"{' + '.join(group)}: {n:,} triangles, allowed are {limit:,}"
            out.append(issue("BUDGET_PART_TRIANGLES", message, value=n, limit=limit))
    return out


def _is_r15(scene: Scene) -> bool:
    names = {scene.nodes[j].name for s in scene.skins for j in s.joints}
    return bool(scene.n_triangles) and set(ROBLOX_R15) - {"Root", "HumanoidRootNode"} <= names


def export(scene: Scene, *, name: str, format: Format, options: Options | None = None) -> tuple[Artefact, ...]:
    """Return the files: cut into parts, turned and scaled as the route wants.

    Raises
    ------
    CannotFit
        ``cannot_fit``: ``parts`` is ``always`` and the body cannot be cut; the message says why.
    """
    chosen = options or Options()
    scene = _moved(scene, chosen)
    if chosen.parts == "always" or (chosen.parts == "auto" and chosen.route == "manual_import" and _is_r15(scene)):
        try:
            scene = split_parts(scene)
        except CannotFit:  # ``check`` has said so: PARTS_NOT_CUT
            if chosen.parts == "always":
                raise
    return write_for(scene, name=name, format=format, up="Y", forward="+Z", handedness="right", unit_m=1.0)


def _moved(scene: Scene, chosen: Options) -> Scene:
    matrix = np.eye(4)
    if chosen.route == "avatar_setup":
        matrix[:3, :3] = np.diag([-1.0, 1.0, -1.0])
    if chosen.scale_type and scene.n_triangles:
        matrix[:3, :3] *= fitting_scale(_size_studs(scene), SCALE_TYPES[chosen.scale_type])
    if chosen.studs:
        matrix[:3, :3] /= STUD_M
    return scene if np.array_equal(matrix, np.eye(4)) else rebase_scene(scene, matrix)[0]


def fitting_scale(size_studs: NDArray[np.float64], largest: tuple[float, float, float]) -> float:
    """Return the factor nearest to 1 that brings a size into the box between the smallest and ``largest``.

    Where no factor does both, the largest box wins: what is too large is refused, what is thin is only ugly.
    """
    safe = np.maximum(np.asarray(size_studs, np.float64), 1e-9)
    shrink = float(min(1.0, (np.array(largest) / safe).min()))
    enlarge = float(max(1.0, (np.array(SMALLEST_STUDS) / safe).max()))
    return min(max(shrink, enlarge) if shrink == 1.0 else shrink, float((np.array(largest) / safe).min()))


PLATFORM = Platform(
    name="roblox",
    title="Roblox",
    skeleton="roblox",
    max_influences=4,
    max_triangles=MAX_TRIANGLES,
    max_texture=2048,
    fit_rig=fit_rig,
    check=check,
    export=export,
    options=Options,
    alpha_modes=("OPAQUE",),
    summary="R15 joints, 15 closed parts with attachments, 10,742 triangles.",
)
