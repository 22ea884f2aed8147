"""Which node is which bone, and the T-pose that VRM asks for."""

from __future__ import annotations

import axis_core
from axis_core.plugin import HUMANOID_BONES, Context, Outcome, Scene, structure_options


__all__ = ["human_bones", "in_t_pose", "missing_bones"]

_NEEDS_PARENT = ("Intermediate", "Distal", "ThumbProximal")


def human_bones(scene: Scene) -> dict[str, int]:
    """Return VRM bone -> node of the joints that carry a bone's name.

    Bones that may not stand alone (an upper chest without a chest, the end of a finger without its start) are left
    out; they stay in the file as joints.
    """
    joints = {j for s in scene.skins for j in s.joints}
    named = {scene.nodes[n].name: n for n in sorted(joints, reverse=True)}
    bones: dict[str, int] = {}
    for bone, row in HUMANOID_BONES.items():
        node = named.get(bone)
        needs = bone == "upperChest" or bone.endswith(_NEEDS_PARENT)
        if (
            node is not None
            and not (needs and row.parent not in bones)
            and _hangs_below(scene, node, row.parent, bones)
        ):
            bones[bone] = node
    return bones


def _hangs_below(scene: Scene, node: int, parent: str | None, bones: dict[str, int]) -> bool:
    while parent is not None and parent not in bones:
        parent = HUMANOID_BONES[parent].parent
    if parent is None:
        return True
    up = scene.nodes[node].parent
    while up is not None and up != bones[parent]:
        up = scene.nodes[up].parent
    return up is not None


def missing_bones(bones: dict[str, int]) -> list[str]:
    """Return the required bones that are not there."""
    return [bone for bone, row in HUMANOID_BONES.items() if row.required and bone not in bones]


def in_t_pose(scene: Scene) -> Scene:
    """Return the scene with its arms along X at rest; clips, which are relative to another rest pose, must be gone."""
    host = axis_core.default_host(installed=False)
    stage = host.stage("pose")
    options = structure_options(stage.options, {"rest": "T"})
    return stage.run(Outcome(scene=scene), options, Context(host=host)).scene
