"""Recognise the humanoid bones of a skeleton that somebody else made.

Names carry context (``LeftLeg`` is a shin for Mixamo and a thigh elsewhere), so a whole skeleton is read at once: the
words of each name first, then the hierarchy, which has the last word where names lie.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from axis_core.model.humanoid import HUMANOID_BONES, REQUIRED_BONES
from axis_core.model.scene import Scene
from axis_core.model.skeleton import Skeleton


__all__ = ["declared_bones", "is_humanoid", "recognise_humanoid", "side_and_word"]

_PREFIX = re.compile(
    r"^(?:mixamorig\d*|DEF|ORG|Bip0*\d*|Bip_?[CLR]?|J_Bip|J_Sec|b|bone|jnt|joint|valvebiped)[:_ \-.]+", re.I
)
_CONTROL = re.compile(
    r"twist|roll|pole|ctrl|control|target|slot|nub$|_end$|\.end$|leaf|(?:^|[^a-z])ik(?:[^a-z]|$)|^(?:ORG|MCH)-|_att$",
    re.I,
)
_SIDES = (
    re.compile(r"^(?P<side>left|right)[ _.\-]?(?P<word>.+)$", re.I),
    re.compile(r"^(?P<word>.+?)[ _.\-]?(?P<side>left|right)$", re.I),
    re.compile(r"^(?P<side>[lr])[ _.\-](?P<word>.+)$", re.I),
    re.compile(r"^(?P<word>.+?)[ _.\-](?P<side>[lr])(?:[ _.\-]?\d{3})?$", re.I),
    re.compile(r"^(?P<word>.*[a-z0-9])(?P<side>[LR])$"),
    re.compile(r"^(?P<side>[lr])(?P<word>[A-Z].+)$"),
)
_AXIAL = {
    "hips": ("hips", "hip", "pelvis", "lowertorso", "hipscontrol"),
    "spine": ("spine", "spine1", "spine01", "uppertorso", "abdomen", "waist", "torso", "spinelower", "tummy"),
    "chest": ("chest", "spine2", "spine02", "spinemiddle", "spinemid", "ribcage"),
    "upperChest": ("upperchest", "spine3", "spine03", "spineupper", "chestupper"),
    "neck": ("neck", "neck1", "neck01"),
    "head": ("head",),
    "jaw": ("jaw",),
}
_LIMBS = {
    "Shoulder": ("shoulder", "clavicle", "collar", "collarbone"),
    "UpperArm": ("upperarm", "uparm", "bicep", "humerus"),
    "LowerArm": ("lowerarm", "forearm", "lowarm", "elbow"),
    "Hand": ("wrist", "hand", "palm", "fist"),
    "UpperLeg": ("upperleg", "upleg", "thigh", "femur"),
    "LowerLeg": ("lowerleg", "lowleg", "calf", "shin", "knee"),
    "Foot": ("foot", "ankle"),
    "Toes": ("toes", "toebase", "toe", "ball", "toe0"),
    "Eye": ("eye",),
}
_FINGERS = {
    "thumb": "Thumb",
    "index": "Index",
    "middle": "Middle",
    "mid": "Middle",
    "ring": "Ring",
    "pinky": "Little",
    "little": "Little",
}
_FINGER = re.compile(r"^(?:hand)?(?:f|finger)?(thumb|index|middle|mid|ring|pinky|little)(?:finger)?(.*)$")
_PHALANGES = {"Thumb": ("Metacarpal", "Proximal", "Distal")}
_USUAL_PHALANGES = ("Proximal", "Intermediate", "Distal")


def side_and_word(name: str) -> tuple[str, str]:
    """Return (``left``, ``right`` or ``""``; the lower-case word) of a bone name; the word is empty for controls."""
    bare = re.split(r"[:|]", name)[-1]
    if _CONTROL.search(bare):
        return "", ""
    vroid = re.match(r"^J_(?:Bip|Adj)_([CLR])_(.+)$", bare)
    if vroid:
        side = {"C": "", "L": "left", "R": "right"}[vroid[1]]
        return side, _plain(vroid[2])
    bare = _PREFIX.sub("", bare)
    for pattern in _SIDES:
        match = pattern.match(bare)
        if match:
            side = {"l": "left", "r": "right"}[match["side"][0].lower()]
            return side, _plain(match["word"])
    return "", _plain(bare)


def _plain(word: str) -> str:
    return re.sub(r"(?<=[a-z]{3})(?:bone|jnt|joint)$", "", re.sub(r"[ _.\-]", "", word).lower())


def recognise_humanoid(skeleton: Skeleton, declared: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return VRM bone name -> joint index, as far as bones are recognised.

    Parameters
    ----------
    declared : mapping of VRM bone name to joint index, optional
        What a VRM extension says; it wins.
    """
    words = [side_and_word(n) for n in skeleton.names]
    found: dict[str, int] = {}
    _find_axial(words, found)
    _find_limbs(words, found)
    _find_fingers(skeleton, words, found)
    _place_spine(skeleton, found)
    if declared:
        taken = set(declared.values())
        found = {k: i for k, i in found.items() if i not in taken} | dict(declared)
    return {name: found[name] for name in HUMANOID_BONES if name in found}


def declared_bones(scene: Scene, skeleton: Skeleton) -> dict[str, int]:
    """Return what a VRM 1.0 or 0.x extension says of the humanoid bones, as indices into ``skeleton``."""
    declared: dict[str, int] = {}
    human = scene.extensions.get("VRMC_vrm", {}).get("humanoid", {}).get("humanBones", {})
    pairs = [(k, v.get("node")) for k, v in human.items()] if isinstance(human, Mapping) else []
    older = scene.extensions.get("VRM", {}).get("humanoid", {}).get("humanBones", [])
    pairs += [(v.get("bone"), v.get("node")) for v in older] if isinstance(older, list) else []
    for bone, node in pairs:
        if isinstance(node, int) and 0 <= node < len(scene.nodes):
            joint = skeleton.index(scene.nodes[node].name)
            if joint >= 0:
                declared[str(bone)] = joint
    return declared


def is_humanoid(found: Mapping[str, int]) -> bool:
    """Whether at least 12 of the 15 required bones were found."""
    return sum(bone in found for bone in REQUIRED_BONES) >= 12


def _find_axial(words: list[tuple[str, str]], found: dict[str, int]) -> None:
    first: dict[str, int] = {}
    for i, (side, word) in enumerate(words):
        if not side and word:
            first.setdefault(word, i)
    for bone, names in _AXIAL.items():
        hit = next((first[n] for n in names if n in first and first[n] not in found.values()), None)
        if hit is not None:
            found[bone] = hit


def _find_limbs(words: list[tuple[str, str]], found: dict[str, int]) -> None:
    for side in ("left", "right"):
        first: dict[str, int] = {}
        for i, (s, word) in enumerate(words):
            if s == side and word:
                first.setdefault(re.sub(r"0?1$", "", word) or word, i)
                first.setdefault(word, i)
        for part, names in _LIMBS.items():
            hit = next((first[n] for n in names if n in first), None)
            if hit is not None:
                found[side + part] = hit
        for word, upper, lower in (("arm", "UpperArm", "LowerArm"), ("leg", "UpperLeg", "LowerLeg")):
            if word in first:
                part = upper if side + upper not in found else lower
                found.setdefault(side + part, first[word])


def _find_fingers(skeleton: Skeleton, words: list[tuple[str, str]], found: dict[str, int]) -> None:
    hands = {found[s + "Hand"] for s in ("left", "right") if s + "Hand" in found}
    arms = {found[s + p]: s for p in ("Hand", "LowerArm") for s in ("left", "right") if s + p in found}
    chains: dict[tuple[str, str], list[int]] = {}
    for i, (_, word) in enumerate(words):
        match = _FINGER.match(word)
        if not match or i in hands or ("metacarpal" in match[2] and match[1] != "thumb"):
            continue
        owner = _ancestor(skeleton, i, arms)
        if owner >= 0:  # the arm above knows the side better than the name; an insect's middle leg has no arm above
            chains.setdefault((arms[owner], _FINGERS[match[1]]), []).append(i)
    for (side, finger), chain in chains.items():
        # Four joints: the first is the metacarpal or the last a leaf; three phalanges are taken from the hand outwards.
        start = 1 if len(chain) > 3 and skeleton.names[chain[0]].rstrip("LRlr_. ").endswith("0") else 0
        phalanges: tuple[str, ...] = _PHALANGES.get(finger, _USUAL_PHALANGES)
        if finger == "Thumb" and len(chain) == 2:
            phalanges = phalanges[1:]
        for phalanx, joint in zip(phalanges, chain[start : start + 3], strict=False):
            found.setdefault(f"{side}{finger}{phalanx}", joint)


def _ancestor(skeleton: Skeleton, joint: int, wanted: Mapping[int, str]) -> int:
    up = int(skeleton.parents[joint])
    while up >= 0 and up not in wanted:
        up = int(skeleton.parents[up])
    return up


def _place_spine(skeleton: Skeleton, found: dict[str, int]) -> None:
    """Name what lies between hips and neck (or head) by its place: spine, chest, upperChest."""
    top = found.get("neck", found.get("head"))
    if top is None:
        return
    chain: list[int] = []
    up = int(skeleton.parents[top])
    while up >= 0:
        chain.insert(0, up)
        up = int(skeleton.parents[up])
    legs = [found[s + "UpperLeg"] for s in ("left", "right") if s + "UpperLeg" in found]
    base = found.get("hips")
    if base not in chain and legs:
        base = next((j for j in reversed(chain) if all(_is_below(skeleton, leg, j) for leg in legs)), None)
    if base is None:
        return
    for bone in ("spine", "chest", "upperChest"):
        found.pop(bone, None)
    found["hips"] = base
    torso = [j for j in chain[chain.index(base) + 1 :] if j not in found.values()] if base in chain else []
    picks = torso if len(torso) <= 3 else [torso[0], torso[len(torso) // 2], torso[-1]]
    found.update(zip(("spine", "chest", "upperChest"), picks, strict=False))


def _is_below(skeleton: Skeleton, joint: int, ancestor: int) -> bool:
    up = int(skeleton.parents[joint])
    while up >= 0 and up != ancestor:
        up = int(skeleton.parents[up])
    return up == ancestor
