"""People built in code: tubes for trunk, limbs and fingers, boxes for feet; with the joints they were built from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tests.rig.animal_bodies import Mesh, box, merged, tube


Joints = dict[str, NDArray[np.float64]]

T_POSE, A_POSE, I_POSE = 0.0, 45.0, 75.0
_FINGERS = (("Index", 0.022), ("Middle", 0.007), ("Ring", -0.008), ("Little", -0.022))


def person(lowered_deg: float = T_POSE, *, head: float = 1.0, fingers: int = 5) -> tuple[Mesh, Joints]:
    """A person about 1 tall, arms lowered from the horizontal; a big head makes a chibi; fingers 5, 1 (mitten) or 0."""
    trunk_joints = {"hips": [0.0, 0.53, 0.0], "neck": [0.0, 0.82, -0.01], "head": [0.0, 0.87, 0.0]}
    joints: Joints = {name: np.array(point) for name, point in trunk_joints.items()}
    trunk = tube(
        [[0, 0.47, 0], [0, 0.53, 0], [0, 0.62, 0], [0, 0.74, 0], [0, 0.81, 0], [0, 0.83, 0]],
        [0.06, 0.09, 0.078, 0.1, 0.08, 0.045], sides=14, flat=(1.0, 0.62),
    )
    skull = 0.065 * head
    middle = 0.855 + skull
    ring = np.linspace(-0.98, 0.98, 9)
    parts = [
        trunk,
        tube([[0, 0.8, -0.005], [0, 0.87, 0.0]], [0.032, 0.03]),
        tube(
            [[0, middle + 1.2 * skull * t, 0.01] for t in ring],
            skull * np.sqrt(1 - ring**2),
            sides=14,
            flat=(0.85, 1.0),
        ),
    ]
    for sign, side in ((1.0, "left"), (-1.0, "right")):
        arm, more = _arm(sign, side, lowered_deg, fingers)
        leg, knees = _leg(sign, side)
        parts += [*arm, *leg]
        joints |= {**more, **knees}
    return merged(parts), joints


def _arm(sign: float, side: str, lowered_deg: float, fingers: int) -> tuple[list[Mesh], Joints]:
    angle = np.deg2rad(lowered_deg)
    out = np.array([sign * np.cos(angle), -np.sin(angle), 0.0])
    shoulder = np.array([sign * 0.1, 0.79, -0.005])
    elbow, wrist = shoulder + 0.155 * out, shoulder + 0.295 * out
    parts = [tube([shoulder - 0.02 * out, shoulder, elbow, wrist], [0.03, 0.034, 0.026, 0.018])]
    joints = {side + "UpperArm": shoulder, side + "LowerArm": elbow, side + "Hand": wrist}
    front = np.array([0.0, 0.0, 1.0])
    palm = [wrist, wrist + 0.02 * out, wrist + 0.05 * out]
    if fingers:
        parts.append(tube(palm, [0.018, 0.028, 0.028], flat=(1.0, 0.4)))
    if fingers == 1:
        parts.append(tube([palm[2], palm[2] + 0.035 * out], [0.028, 0.02], flat=(1.0, 0.5)))
    if fingers == 5:
        for name, aside in _FINGERS:
            start = palm[2] + aside * front
            parts.append(tube([start - 0.005 * out, start + 0.045 * out], [0.0065, 0.005], sides=8))
            joints[side + name + "Proximal"] = start
        start = palm[1] + 0.02 * front
        parts.append(tube([start, start + 0.025 * out + 0.03 * front], [0.008, 0.006], sides=8))
        joints[side + "ThumbMetacarpal"] = start
    return parts, joints


def _leg(sign: float, side: str) -> tuple[list[Mesh], Joints]:
    built = ((0.055, 0.51, 0.0), (0.058, 0.28, 0.005), (0.06, 0.045, -0.01))
    hip, knee, ankle = (np.array([sign * x, y, z]) for x, y, z in built)
    foot = box(ankle - np.array([0.028, 0.045, 0.03]), ankle + np.array([0.028, -0.005, 0.11]))
    line = [hip, 0.5 * (hip + knee), knee, 0.5 * (knee + ankle), ankle]
    joints = {side + "UpperLeg": hip, side + "LowerLeg": knee, side + "Foot": ankle}
    return [tube(line, [0.052, 0.046, 0.034, 0.03, 0.022]), foot], joints
