"""Expressions: VRM's presets out of ARKit's shapes and Oculus' visemes, all other shapes under their own names."""

from __future__ import annotations

from collections.abc import Mapping

from axis_core.plugin import Scene


__all__ = ["expressions_of", "shape_places"]

# Preset -> recipes, best first: the first of which any shape is there is taken.
_RECIPES: Mapping[str, tuple[Mapping[str, float], ...]] = {
    "aa": ({"viseme_aa": 1.0}, {"jawOpen": 0.7}),
    "ih": ({"viseme_I": 1.0}, {"mouthStretchLeft": 0.5, "mouthStretchRight": 0.5, "jawOpen": 0.15}),
    "ou": ({"viseme_U": 1.0}, {"mouthPucker": 0.8, "jawOpen": 0.1}),
    "ee": ({"viseme_E": 1.0}, {"mouthSmileLeft": 0.4, "mouthSmileRight": 0.4, "jawOpen": 0.2}),
    "oh": ({"viseme_O": 1.0}, {"mouthFunnel": 0.7, "jawOpen": 0.3}),
    "blink": ({"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},),
    "blinkLeft": ({"eyeBlinkLeft": 1.0},),
    "blinkRight": ({"eyeBlinkRight": 1.0},),
    "happy": ({"mouthSmileLeft": 0.8, "mouthSmileRight": 0.8, "cheekSquintLeft": 0.4, "cheekSquintRight": 0.4},),
    "angry": ({"browDownLeft": 1.0, "browDownRight": 1.0, "noseSneerLeft": 0.3, "noseSneerRight": 0.3},),
    "sad": ({"mouthFrownLeft": 0.8, "mouthFrownRight": 0.8, "browInnerUp": 0.7},),
    "relaxed": ({"mouthSmileLeft": 0.3, "mouthSmileRight": 0.3, "eyeSquintLeft": 0.4, "eyeSquintRight": 0.4},),
    "surprised": (
        {"browInnerUp": 0.8, "browOuterUpLeft": 0.8, "browOuterUpRight": 0.8, "eyeWideLeft": 0.8, "eyeWideRight": 0.8},
    ),
    "lookUp": ({"eyeLookUpLeft": 1.0, "eyeLookUpRight": 1.0},),
    "lookDown": ({"eyeLookDownLeft": 1.0, "eyeLookDownRight": 1.0},),
    "lookLeft": ({"eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0},),
    "lookRight": ({"eyeLookInLeft": 1.0, "eyeLookOutRight": 1.0},),
}
PRESETS = (*_RECIPES, "neutral")


def shape_places(scene: Scene) -> dict[str, list[tuple[int, int]]]:
    """Return shape name -> (node, number of the target in the node's glTF mesh)."""
    out: dict[str, list[tuple[int, int]]] = {}
    for n, node in enumerate(scene.nodes):
        names = dict.fromkeys(morph.name for m in node.meshes for morph in scene.meshes[m].morphs)
        for k, name in enumerate(names):
            out.setdefault(name, []).append((n, k))
    return out


def _expression(recipe: Mapping[str, float], places: Mapping[str, list[tuple[int, int]]]) -> dict[str, object]:
    binds = [
        {"node": node, "index": index, "weight": weight}
        for shape, weight in recipe.items()
        for node, index in places.get(shape, ())
    ]
    return {"morphTargetBinds": binds, "isBinary": False}


def expressions_of(scene: Scene, *, eye_bones: bool) -> dict[str, object]:
    """Return VRMC_vrm's ``expressions``; empty for a scene without shapes.

    Parameters
    ----------
    eye_bones : bool
        Whether eyes are turned by bones: then gaze needs no shapes.
    """
    places = shape_places(scene)
    presets: dict[str, object] = {}
    for name, recipes in _RECIPES.items():
        found = next((r for r in recipes if any(shape in places for shape in r)), None)
        if found is None or (eye_bones and name.startswith("look")):
            continue
        presets[name] = _expression(found, places)
        if name.startswith("blink"):
            presets[name] = {**_expression(found, places), "overrideBlink": "none"}
    custom = {name: _expression({name: 1.0}, places) for name in places if name and name not in PRESETS}
    out: dict[str, object] = {}
    if presets:
        out["preset"] = presets
    if custom:
        out["custom"] = custom
    return out
