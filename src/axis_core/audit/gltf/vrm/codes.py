"""The issue codes of VRM 1.0."""

from __future__ import annotations

from axis_core.model.issue import IssueCode, Severity


__all__ = ["VRM_CODES"]

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

_ROWS: tuple[tuple[str, Severity, str, str], ...] = (
    (
        "VRM_OLD_VERSION",
        _I,
        "The file is a VRM 0.x; its rules are not checked.",
        "applications move to VRM 1.0, which names bones, axes and licence differently",
    ),
    ("VRM_SPEC_VERSION", _E, "specVersion must be '1.0'.", "readers choose their rules by it"),
    ("VRM_META_MISSING", _E, "A property that meta must have is missing.", "a reader may refuse the avatar"),
    (
        "VRM_META_LICENSE_URL",
        _E,
        "licenseUrl must be the address of the VRM public licence.",
        "nobody knows what they may do with the avatar",
    ),
    ("VRM_BONE_MISSING", _E, "A required humanoid bone is missing.", "no motion can be retargeted to the avatar"),
    ("VRM_BONE_UNKNOWN", _W, "The humanoid has no such bone.", "readers ignore it"),
    ("VRM_BONE_NODE", _E, "A humanoid bone names no node of the file.", "the avatar cannot be posed"),
    ("VRM_BONE_DUPLICATE", _E, "Two humanoid bones name one node.", "the two bones would fight over it"),
    ("VRM_BONE_WITHOUT_PARENT", _E, "A humanoid bone needs another one that is missing.", "the chain has a hole"),
    (
        "VRM_BONE_ORDER",
        _E,
        "The node of a humanoid bone is not below the node of its parent bone.",
        "a pose of the parent does not move the bone",
    ),
    (
        "VRM_BONE_SCALE",
        _W,
        "The scale of a humanoid bone is not positive and uniform.",
        "poses shear the mesh or turn it inside out",
    ),
    (
        "VRM_POSE_NOT_T",
        _W,
        "The rest pose is not a T-pose that faces +Z.",
        "retargeted motion is off by the difference of the poses",
    ),
    ("VRM_EXPRESSION_PRESET", _W, "There is no such preset expression.", "readers ignore it"),
    (
        "VRM_EXPRESSION_NAME",
        _E,
        "A custom expression has the name of a preset.",
        "readers cannot tell the two apart",
    ),
    (
        "VRM_EXPRESSION_BIND",
        _E,
        "An expression binds what the file does not have.",
        "the expression does nothing or breaks the reader",
    ),
    (
        "VRM_TARGET_NAMES",
        _W,
        "mesh.extras.targetNames does not name every morph target.",
        "morphs lose their names in the next tool",
    ),
    ("VRM_TANGENT", _W, "VRM leaves tangents to the reader.", "the data are dead weight"),
    ("VRM_ANIMATION", _W, "A VRM file holds no animations and no cameras.", "readers ignore them"),
    (
        "VRM_TEXTURE_TRANSFORM",
        _W,
        "VRM reads only offset and scale of a texture transform.",
        "the texture lies elsewhere than in the editor",
    ),
    ("VRM_SPRING_REFERENCE", _E, "A spring bone refers to what the file does not have.", "hair and cloth stand still"),
    ("VRM_CONSTRAINT_SOURCE", _E, "A constraint's source is no node, or the node itself.", "the joint stands still"),
)

VRM_CODES: dict[str, IssueCode] = {
    code: IssueCode(code=code, severity=severity, summary=summary, why=why) for code, severity, summary, why in _ROWS
}
"""Every VRM code by its name."""
