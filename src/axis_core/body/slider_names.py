"""Plain names for the source's sliders.

``measure-upperarm-length-decr-incr`` becomes ``upper_arm_length``. The rules below are the words of the source and
ours; what they cannot say well is in ``_SPECIAL``.
"""

from __future__ import annotations


__all__ = ["FACE_GROUPS", "plain_name", "range_words"]

FACE_GROUPS = ("cheek", "chin", "ears", "eyebrows", "eyes", "forehead", "head", "mouth", "neck", "nose")

_RANGES = {
    ("decr", "incr"): ("less", "more"),
    ("down", "up"): ("down", "up"),
    ("in", "out"): ("in", "out"),
    ("backward", "forward"): ("back", "forward"),
    ("concave", "convex"): ("concave", "convex"),
    ("square", "round"): ("square", "round"),
    ("pointed", "triangle"): ("pointed", "triangular"),
    ("compress", "uncompress"): ("flat", "protruding"),
}

_SPECIAL = {
    "breast-dist-decr-incr": "breast_spacing",
    "breast-point-decr-incr": "breast_projection",
    "breast-trans-down-up": "breast_shift_up",
    "breast-volume-vert-down-up": "breast_fullness_up",
    "chin-jaw-drop-decr-incr": "jaw_drop",
    "chin-bones-decr-incr": "chin_bones",
    "chin-prominent-decr-incr": "chin_prominence",
    "chin-prognathism-decr-incr": "underbite",
    "chin-triangle": "chin_triangular",
    "cheek-bones-decr-incr": "cheekbones",
    "cheek-inner-decr-incr": "cheek_inner_volume",
    "ear-shape-pointed-triangle": "ear_tip_shape",
    "ear-shape-square-round": "ear_roundness",
    "ear-flap-decr-incr": "ear_flap_size",
    "ear-lobe-decr-incr": "ear_lobe_size",
    "ear-rot-backward-forward": "ear_rotation",
    "ear-wing-decr-incr": "ear_protrusion",
    "eye-corner1-down-up": "eye_inner_corner_shift_up",
    "eye-corner2-down-up": "eye_outer_corner_shift_up",
    "eye-height1-decr-incr": "eye_inner_opening",
    "eye-height2-decr-incr": "eye_middle_opening",
    "eye-height3-decr-incr": "eye_outer_opening",
    "eye-push1-in-out": "eye_inner_depth",
    "eye-push2-in-out": "eye_outer_depth",
    "eye-bag-decr-incr": "eye_bag_size",
    "eye-bag-in-out": "eye_bag_depth",
    "eye-bag-height-decr-incr": "eye_bag_height",
    "eye-epicanthus-in-out": "epicanthic_fold",
    "eye-eyefold-angle-down-up": "eyelid_fold_angle",
    "eye-eyefold-concave-convex": "eyelid_fold_curve",
    "eye-eyefold-down-up": "eyelid_fold_shift_up",
    "forehead-nubian-decr-incr": "forehead_slope",
    "forehead-temple-decr-incr": "temple_width",
    "foot-scale-decr-incr": "foot_size",
    "hand-fingers-diameter-decr-incr": "finger_thickness",
    "hand-fingers-distance-decr-incr": "finger_spacing",
    "hand-fingers-length-decr-incr": "finger_length",
    "head-age-decr-incr": "face_age",
    "head-angle-in-out": "head_tilt",
    "head-back-scale-depth-decr-incr": "back_of_head_depth",
    "head-fat-decr-incr": "face_fullness",
    "head-invertedtriangular": "head_inverted_triangular",
    "hip-waist-down-up": "waist_height",
    "leg-valgus-decr-incr": "knock_knees",
    "lowerlegs-height-decr-incr": "both_lower_legs_length",
    "upperlegs-height-decr-incr": "both_upper_legs_length",
    "measure-ankle-circ-decr-incr": "ankle_girth",
    "measure-bust-circ-decr-incr": "chest_girth",
    "measure-calf-circ-decr-incr": "calf_girth",
    "measure-frontchest-dist-decr-incr": "chest_breadth",
    "measure-hips-circ-decr-incr": "hip_girth",
    "measure-knee-circ-decr-incr": "knee_girth",
    "measure-lowerarm-length-decr-incr": "lower_arm_length",
    "measure-lowerleg-height-decr-incr": "lower_leg_length",
    "measure-napetowaist-dist-decr-incr": "back_length",
    "measure-neck-circ-decr-incr": "neck_girth",
    "measure-neck-height-decr-incr": "neck_length",
    "measure-shoulder-dist-decr-incr": "shoulder_breadth",
    "measure-thigh-circ-decr-incr": "thigh_girth",
    "measure-underbust-circ-decr-incr": "ribcage_girth",
    "measure-upperarm-circ-decr-incr": "upper_arm_girth",
    "measure-upperarm-length-decr-incr": "upper_arm_length",
    "measure-upperleg-height-decr-incr": "upper_leg_length",
    "measure-waist-circ-decr-incr": "waist_girth",
    "measure-waisttohip-dist-decr-incr": "waist_to_hip_length",
    "measure-wrist-circ-decr-incr": "wrist_girth",
    "mouth-angles-down-up": "mouth_corners_shift_up",
    "mouth-cupidsbow-decr-incr": "cupids_bow_depth",
    "mouth-cupidsbow-width-decr-incr": "cupids_bow_width",
    "mouth-dimples-in-out": "mouth_dimples",
    "mouth-laugh-lines-in-out": "laugh_lines",
    "mouth-philtrum-volume-decr-incr": "philtrum_volume",
    "neck-back-scale-depth-decr-incr": "nape_depth",
    "neck-double-decr-incr": "double_chin",
    "nose-base-down-up": "nose_base_shift_up",
    "nose-compression-compress-uncompress": "nose_protrusion",
    "nose-curve-concave-convex": "nose_curve",
    "nose-flaring-decr-incr": "nostril_flare",
    "nose-greek-decr-incr": "nose_root_height",
    "nose-hump-decr-incr": "nose_hump",
    "nose-nostrils-angle-down-up": "nostril_angle",
    "nose-nostrils-width-decr-incr": "nostril_width",
    "nose-point-down-up": "nose_tip_shift_up",
    "nose-point-width-decr-incr": "nose_tip_width",
    "nose-septumangle-decr-incr": "nose_septum_angle",
    "nose-width1-decr-incr": "nose_bridge_width",
    "nose-width2-decr-incr": "nose_middle_width",
    "nose-width3-decr-incr": "nose_base_width",
    "pelvis-tone-decr-incr": "pelvis_tone",
    "stomach-navel-down-up": "navel_shift_up",
    "stomach-navel-in-out": "navel_depth",
    "stomach-pregnant-decr-incr": "stomach_roundness",
    "stomach-tone-decr-incr": "stomach_tone",
    "torso-muscle-dorsi-decr-incr": "back_muscle",
    "torso-muscle-pectoral-decr-incr": "chest_muscle",
    "torso-vshape-decr-incr": "torso_v_shape",
    "upperarm-shoulder-muscle-decr-incr": "shoulder_muscle",
}
_PARTS = {
    "buttocks": "buttocks",
    "cheek": "cheek",
    "chin": "chin",
    "ear": "ear",
    "eye": "eye",
    "eyebrows": "eyebrows",
    "foot": "foot",
    "forehead": "forehead",
    "hand": "hand",
    "head": "head",
    "hip": "hip",
    "lowerarm": "lower_arm",
    "lowerleg": "lower_leg",
    "lowerlip": "lower_lip",
    "mouth": "mouth",
    "neck": "neck",
    "nose": "nose",
    "torso": "torso",
    "upperarm": "upper_arm",
    "upperleg": "upper_leg",
    "upperlip": "upper_lip",
}
_SCALES = {"horiz": "width", "vert": "height", "depth": "depth"}
_SHIFTS = {"up": "shift_up", "out": "shift_out", "forward": "shift_forward"}
_UNSIDED = ("head", "hip", "mouth", "neck", "nose", "torso")
"""Parts in the middle: their "out" is towards the character's left (+X)."""


def range_words(source_name: str) -> tuple[str, str]:
    """Return what the low and the high end of a slider mean."""
    words = source_name.split("-")
    if words[0] in _UNSIDED and words[1:] == ["trans", "in", "out"]:
        return ("right", "left")
    return _RANGES.get((words[-2], words[-1]), ("none", "full"))


def plain_name(source_name: str) -> str:
    """Return the plain name of a slider of the source."""
    if source_name in _SPECIAL:
        return _SPECIAL[source_name]
    words = source_name.split("-")
    ends = words[-2:] if tuple(words[-2:]) in _RANGES else []
    stem = words[: len(words) - len(ends)]
    if stem[0] == "mouth" and len(stem) > 1 and stem[1] in _PARTS:
        stem = stem[1:]
    part, rest = _PARTS[stem[0]], stem[1:]
    if rest[:1] == ["scale"]:
        return f"{part}_{_SCALES[rest[1]]}" if len(rest) > 1 else f"{part}_size"
    if rest[:1] == ["trans"]:
        if part in _UNSIDED and ends[1] == "out":
            return f"{part}_shift_left"
        return f"{part}_{_SHIFTS[ends[1]]}"
    if rest[-1:] in (["ext"], ["middle"]):
        return "_".join([part, "corner" if rest[-1] == "ext" else "middle", "shift_up"])
    return "_".join([part, *rest])
