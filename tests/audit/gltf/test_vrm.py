"""The rules of VRM 1.0: a good avatar is clean, and each rule finds its own mistake."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from axis_core.audit.gltf.vrm import VRM_CODES, audit_vrm
from axis_core.model.humanoid import HUMANOID_BONES, REQUIRED_BONES


POSITIONS = {"leftUpperArm": [0.2, 0, 0], "leftLowerArm": [0.3, 0, 0], "leftHand": [0.2, 0, 0]}
BONES = (*REQUIRED_BONES, "chest", "upperChest", "leftIndexProximal", "leftIndexIntermediate")


def _avatar() -> dict[str, Any]:
    index = {name: i for i, name in enumerate(BONES)}
    nodes: list[dict[str, Any]] = [{"name": name, "translation": [0, 0.1, 0]} for name in BONES]
    for name, i in index.items():
        nodes[i]["translation"] = POSITIONS.get(name, [0, 0.1, 0])
        if name.startswith("right") and name.replace("right", "left") in POSITIONS:
            x, y, z = POSITIONS[name.replace("right", "left")]
            nodes[i]["translation"] = [-x, y, z]
        parent = HUMANOID_BONES[name].parent
        while parent is not None and parent not in index:
            parent = HUMANOID_BONES[parent].parent
        if parent is not None:
            nodes[index[parent]].setdefault("children", []).append(i)
    nodes.append({"mesh": 0})
    return {
        "asset": {"version": "2.0"},
        "nodes": nodes,
        "meshes": [{"primitives": [{"attributes": {}, "targets": [{}]}], "extras": {"targetNames": ["smile"]}}],
        "materials": [{}],
        "extensions": {
            "VRMC_vrm": {
                "specVersion": "1.0",
                "meta": {"name": "n", "authors": ["a"], "licenseUrl": "https://vrm.dev/licenses/1.0/"},
                "humanoid": {"humanBones": {name: {"node": i} for name, i in index.items()}},
                "expressions": {
                    "preset": {"happy": {"morphTargetBinds": [{"node": len(BONES), "index": 0, "weight": 1}]}},
                    "custom": {"wink": {"materialColorBinds": [{"material": 0}]}},
                },
            },
            "VRMC_springBone": {
                "colliders": [{"node": 0}],
                "colliderGroups": [{"colliders": [0]}],
                "springs": [{"joints": [{"node": 1}], "colliderGroups": [0], "center": 0}],
            },
        },
    }


def _audit(avatar: dict[str, Any]) -> list[tuple[str, str]]:
    return [(i.code, i.pointer) for i in audit_vrm(json.dumps(avatar).encode())]


def test_a_good_avatar_is_clean_in_both_formats(glb: Callable[..., bytes], chunk: Callable[..., bytes]) -> None:
    avatar = _avatar()
    assert _audit(avatar) == []
    assert audit_vrm(glb(chunk(b"JSON", json.dumps(avatar).encode()))) == ()


def test_what_is_no_vrm_is_left_alone() -> None:
    assert _audit({"asset": {"version": "2.0"}}) == []
    assert audit_vrm(b"not json") == ()
    assert _audit({"extensions": {"VRM": {}}}) == [("VRM_OLD_VERSION", "/extensions/VRM")]


VRM = ("extensions", "VRMC_vrm")
HUMAN = (*VRM, "humanoid", "humanBones")
DELETE = object()

MISTAKES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("VRM_SPEC_VERSION", (*VRM, "specVersion"), "0.9"),
    ("VRM_META_MISSING", (*VRM, "meta", "authors"), []),
    ("VRM_META_LICENSE_URL", (*VRM, "meta", "licenseUrl"), "https://example.org"),
    ("VRM_BONE_MISSING", (*HUMAN, "head"), DELETE),
    ("VRM_BONE_UNKNOWN", (*HUMAN, "tail"), {"node": 1}),
    ("VRM_BONE_NODE", (*HUMAN, "upperChest", "node"), 99),
    ("VRM_BONE_DUPLICATE", (*HUMAN, "upperChest", "node"), 0),
    ("VRM_BONE_WITHOUT_PARENT", (*HUMAN, "leftIndexProximal"), DELETE),
    ("VRM_BONE_ORDER", ("nodes", BONES.index("leftHand"), "children"), []),
    ("VRM_BONE_SCALE", ("nodes", 0, "scale"), [1, 1, 2]),
    ("VRM_POSE_NOT_T", ("nodes", BONES.index("leftLowerArm"), "translation"), [0, -0.5, 0]),
    ("VRM_EXPRESSION_PRESET", (*VRM, "expressions", "preset", "smirk"), {}),
    ("VRM_EXPRESSION_NAME", (*VRM, "expressions", "custom", "happy"), {}),
    ("VRM_EXPRESSION_BIND", (*VRM, "expressions", "preset", "happy", "morphTargetBinds", 0, "index"), 1),
    ("VRM_TARGET_NAMES", ("meshes", 0, "extras"), {}),
    ("VRM_TANGENT", ("meshes", 0, "primitives", 0, "attributes"), {"TANGENT": 0}),
    ("VRM_ANIMATION", ("cameras",), [{}]),
    (
        "VRM_TEXTURE_TRANSFORM",
        ("materials", 0, "normalTexture"),
        {"index": 0, "extensions": {"KHR_texture_transform": {"rotation": 1}}},
    ),
    ("VRM_SPRING_REFERENCE", ("extensions", "VRMC_springBone", "springs", 0, "joints", 0, "node"), -1),
    (
        "VRM_CONSTRAINT_SOURCE",
        ("nodes", 0, "extensions"),
        {"VRMC_node_constraint": {"constraint": {"roll": {"source": 0}}}},
    ),
]


@pytest.mark.parametrize(("code", "path", "value"), MISTAKES, ids=lambda v: v if isinstance(v, str) else "")
def test_a_mistake_is_found_by_its_rule(code: str, path: tuple[Any, ...], value: Any) -> None:
    avatar = copy.deepcopy(_avatar())
    place: Any = avatar
    for step in path[:-1]:
        place = place[step]
    if value is DELETE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    assert code in [found for found, _ in _audit(avatar)]


def test_every_code_has_a_mistake_that_it_finds() -> None:
    assert {code for code, _, _ in MISTAKES} | {"VRM_OLD_VERSION"} == set(VRM_CODES)
