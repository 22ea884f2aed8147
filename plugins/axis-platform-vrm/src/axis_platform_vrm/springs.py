"""Spring bones: what hangs and has joints swings, and stays out of the head and the chest."""

from __future__ import annotations

import re

import numpy as np

from axis_core.plugin import Scene


__all__ = ["springs_of"]

_HANGS = re.compile(r"hair|bang|braid|pony|strand|ahoge|tail|ear(?!th)|skirt|cape|ribbon|scarf|antenna|bust", re.I)
STIFFNESS, GRAVITY, DRAG = 1.0, 0.1, 0.4
HIT_SHARE = 0.008
"""Radius of a joint, of the body's height."""
_COLLIDERS = (("head", 0.055, (0.0, 0.045, 0.0)), ("chest", 0.065, (0.0, 0.02, 0.0)), ("hips", 0.065, (0.0, 0.0, 0.0)))
"""Bone, radius and offset, of the body's height: a head is an eighth of a body."""


def springs_of(scene: Scene, bones: dict[str, int], height_m: float) -> dict[str, object] | None:
    """Return VRMC_springBone, None where nothing hangs.

    A chain starts at a joint that is no bone of the humanoid, has a name of something that hangs, and a parent that
    does not; where it forks each branch is a spring.
    """
    human = set(bones.values())
    joints = {j for s in scene.skins for j in s.joints} - human
    hanging = {j for j in joints if _HANGS.search(scene.nodes[j].name)}
    tops = [j for j in sorted(hanging) if scene.nodes[j].parent not in hanging]
    chains = [chain for top in tops for chain in _chains(scene, top, joints)]
    chains = [c for c in chains if len(c) > 1]
    if not chains:
        return None
    colliders = [
        {
            "node": bones[bone],
            "shape": {"sphere": {"offset": _local(scene, bones[bone], offset, height_m), "radius": r * height_m}},
        }
        for bone, r, offset in _COLLIDERS
        if bone in bones
    ]
    return {
        "specVersion": "1.0",
        "colliders": colliders,
        "colliderGroups": [{"name": "body", "colliders": list(range(len(colliders)))}],
        "springs": [
            {
                "name": scene.nodes[chain[0]].name,
                "joints": [_joint(node, height_m) for node in chain],
                "colliderGroups": [0],
            }
            for chain in chains
        ],
    }


def _local(scene: Scene, node: int, offset: tuple[float, float, float], height_m: float) -> list[float]:
    """Return an offset in canonical axes in the axes of a node."""
    turn = scene.world_matrices()[node][:3, :3]
    turn = turn / np.maximum(np.linalg.norm(turn, axis=0), 1e-12)
    return [float(v) for v in np.round(turn.T @ (np.array(offset) * height_m), 6)]


def _joint(node: int, height_m: float) -> dict[str, object]:
    return {
        "node": node,
        "hitRadius": round(HIT_SHARE * height_m, 5),
        "stiffness": STIFFNESS,
        "gravityPower": GRAVITY,
        "gravityDir": [0.0, -1.0, 0.0],
        "dragForce": DRAG,
    }


def _chains(scene: Scene, top: int, joints: set[int]) -> list[list[int]]:
    """Return the ways from ``top`` to the ends; a branch after the first starts at its own first joint."""
    out: list[list[int]] = []
    stack = [[top]]
    while stack:
        chain = stack.pop()
        below = [c for c in scene.children(chain[-1]) if c in joints]
        while below:
            stack.extend([b] for b in below[1:])
            chain.append(below[0])
            below = [c for c in scene.children(chain[-1]) if c in joints]
        out.append(chain)
    return out
