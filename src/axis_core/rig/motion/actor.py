"""Actor: the humanoid rig of a scene, its bones found and its rest pose related to the T-pose."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from axis_core.errors import CannotFit
from axis_core.model.recognise import declared_bones, is_humanoid, recognise_humanoid
from axis_core.model.scene import Scene
from axis_core.model.transform import matrix_from_quaternion
from axis_core.model.upright import main_skin
from axis_core.render.posing import body_frame, joint_nodes
from axis_core.rig.motion.turns import about, hinge_turn, turn_between


__all__ = ["HINGES", "SIDES", "Actor", "find_actor", "hand_bones"]

Array = NDArray[np.float64]

SIDES = (("left", 1.0), ("right", -1.0))

_DOWN, _LEFT = (0.0, -1.0, 0.0), (1.0, 0.0, 0.0)
HINGES: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    **{f"{s}{p}": ((x, 0.0, 0.0), (0.0, -x, 0.0)) for s, x in SIDES for p in ("UpperArm", "LowerArm")},
    **{f"{s}{p}": (_DOWN, _LEFT) for s, _ in SIDES for p in ("UpperLeg", "LowerLeg")},
}
"""Direction and hinge of the bones of limbs in the T-pose: elbows bend forwards, knees backwards."""

_ENDS = {"UpperArm": "LowerArm", "LowerArm": "Hand", "UpperLeg": "LowerLeg", "LowerLeg": "Foot"}
_FINGERS = ("Thumb", "Index", "Middle", "Ring", "Little")


@attrs.frozen(kw_only=True, eq=False)
class Actor:
    """Who performs a motion.

    Attributes
    ----------
    nodes : (J,) int
        The scene's node of each joint; parents stand before children.
    parents : (J,) int
    rest : (J, 3) float64, metres
        Where the joints are bound, in the frame of the body (left, up, front).
    bind : (J, 3, 3) float64
        Orientation of the joints where they are bound, in world space.
    frame : (3, 3) float64
        Columns are the body's left, up and front in world space.
    bones : mapping of VRM bone to joint
    to_t_pose : mapping of VRM bone to (3, 3) float64
        What turns the bone from its rest to the T-pose, for the bones where that is not nothing.
    """

    skin: int
    nodes: tuple[int, ...]
    parents: NDArray[np.int32]
    rest: Array
    bind: Array
    frame: Array
    bones: Mapping[str, int]
    to_t_pose: Mapping[str, Array]

    def length(self, *bones: str) -> float:
        """Return the length of a chain of bones, in metres; 0 if one is missing."""
        if not all(b in self.bones for b in bones):
            return 0.0
        points = self.rest[[self.bones[b] for b in bones]]
        return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())

    @property
    def leg(self) -> float:
        """Length of a leg from hip to ankle, in metres."""
        return self.length("leftUpperLeg", "leftLowerLeg", "leftFoot") or self.length(
            "rightUpperLeg", "rightLowerLeg", "rightFoot"
        )

    @property
    def arm(self) -> float:
        """Length of an arm from shoulder to wrist, in metres."""
        return self.length("leftUpperArm", "leftLowerArm", "leftHand") or self.length(
            "rightUpperArm", "rightLowerArm", "rightHand"
        )


def find_actor(scene: Scene) -> Actor:
    """Return the humanoid of ``scene``.

    Raises
    ------
    CannotFit
        If there is no skin, or its joints are no humanoid's.
    """
    skin = main_skin(scene)
    if skin is None and scene.skins:  # bones alone, as clips are sold
        skin = max(range(len(scene.skins)), key=lambda s: len(scene.skins[s].joints))
    if skin is None:
        raise CannotFit("no skin moves the meshes, so no clip can move them", hint="Rig it first: axis rig.")
    skeleton = scene.skeleton(skin)
    bones = recognise_humanoid(skeleton, declared_bones(scene, skeleton))
    if not is_humanoid(bones):
        raise CannotFit("the clips are for humanoid rigs; the joints of this one were not recognised as one")
    frame = body_frame(skeleton, bones)
    rest = skeleton.positions @ frame
    return Actor(
        skin=skin,
        nodes=joint_nodes(scene, skin),
        parents=skeleton.parents,
        rest=rest,
        bind=matrix_from_quaternion(skeleton.rotations),
        frame=frame,
        bones=bones,
        to_t_pose=_corrections(rest, bones),
    )


def hand_bones(bones: Mapping[str, int], side: str) -> tuple[str, ...]:
    """Return the bones of a hand: itself and its fingers."""
    first = tuple(side + part for part in ("Hand", *_FINGERS))
    return tuple(bone for bone in bones if bone.startswith(first))


def _corrections(rest: Array, bones: Mapping[str, int]) -> dict[str, Array]:
    """Return the turns of limbs to the T-pose; fingers go with the hand and keep their own bend."""
    out: dict[str, Array] = {}
    for side, sign in SIDES:
        for part, end in _ENDS.items():
            if {side + part, side + end} <= bones.keys():
                along = rest[bones[side + end]] - rest[bones[side + part]]
                out[side + part] = turn_between(along, HINGES[side + part][0])
        forearm = out.get(f"{side}LowerArm", np.eye(3))
        palm = _palm_turn(rest, bones, side, sign)
        if palm is not None and f"{side}LowerArm" in out:  # the forearm takes half of the wrist's roll, as arms do
            roll = _roll_about_x(palm @ forearm.T)
            out[f"{side}LowerArm"] = about((1.0, 0.0, 0.0), roll / 2.0)[0] @ forearm
        for bone in hand_bones(bones, side):
            out[bone] = forearm if palm is None else palm
    return out


def _palm_turn(rest: Array, bones: Mapping[str, int], side: str, sign: float) -> Array | None:
    """Return the turn that lays a hand flat, palm down, fingers outwards; None where there are too few fingers."""
    ends = [f"{side}{finger}Proximal" for finger in ("Index", "Middle", "Little")]
    if not {f"{side}Hand", *ends} <= bones.keys():
        return None
    index, middle, little = (rest[bones[b]] for b in ends)
    along, across = middle - rest[bones[f"{side}Hand"]], index - little
    if np.linalg.norm(np.cross(along, across)) < 1e-9:
        return None
    wanted = np.array([[sign, 0.0, 0.0]]), np.array([[0.0, 0.0, 1.0]])
    return np.asarray(hinge_turn((along, across), *wanted)[0])


def _roll_about_x(turn: Array) -> float:
    """Return the angle of the part of a rotation that is about x (swing-twist)."""
    x, _, _, w = Rotation.from_matrix(turn).as_quat()
    return float(2.0 * np.arctan2(x * np.sign(w or 1.0), abs(w)))
