"""The parametric human: a phenotype and sliders in, a dressed body out, with skeleton, weights and face shapes.

The data is the ``body`` pack (``axis assets install body``); everything here is numpy on its arrays.

::

    Phenotype, sliders -> shape_body -> BodyShape -> dressed_scene -> Scene
                                            body_skeleton, body_weights, face_shapes

No unclothed body leaves this room: a scene is built from :func:`dressed_surfaces` only. Names are loaded on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from axis_core.body.avatar import Colours, demo_scene, dressed_scene
    from axis_core.body.building import build
    from axis_core.body.chance import random_recipe
    from axis_core.body.faces import EXPRESSION_MIXES, VISEME_MIXES, face_shapes, mix_weights
    from axis_core.body.measure import body_mass_index, body_mass_kg, phenotype_with_bmi
    from axis_core.body.pack import BODY_PACK
    from axis_core.body.phenotype import Phenotype, typical_height_m
    from axis_core.body.presets import PRESETS, Preset, find_preset, list_presets
    from axis_core.body.recipe import AvatarRecipe, Garment, structure_recipe
    from axis_core.body.rigs import RIG_NAMES, RigName, body_skeleton, body_weights
    from axis_core.body.shape import BodyShape, shape_body
    from axis_core.body.sliders import Slider, list_sliders
    from axis_core.body.surfaces import Surface, dressed_surfaces


__all__ = [
    "BODY_PACK",
    "EXPRESSION_MIXES",
    "PRESETS",
    "RIG_NAMES",
    "VISEME_MIXES",
    "AvatarRecipe",
    "BodyShape",
    "Colours",
    "Garment",
    "Phenotype",
    "Preset",
    "RigName",
    "Slider",
    "Surface",
    "body_mass_index",
    "body_mass_kg",
    "body_skeleton",
    "body_weights",
    "build",
    "demo_scene",
    "dressed_scene",
    "dressed_surfaces",
    "face_shapes",
    "find_preset",
    "list_presets",
    "list_sliders",
    "mix_weights",
    "phenotype_with_bmi",
    "random_recipe",
    "shape_body",
    "structure_recipe",
    "typical_height_m",
]

_HOMES = {
    "avatar": ("Colours", "demo_scene", "dressed_scene"),
    "building": ("build",),
    "chance": ("random_recipe",),
    "faces": ("EXPRESSION_MIXES", "VISEME_MIXES", "face_shapes", "mix_weights"),
    "measure": ("body_mass_index", "body_mass_kg", "phenotype_with_bmi"),
    "pack": ("BODY_PACK",),
    "phenotype": ("Phenotype", "typical_height_m"),
    "presets": ("PRESETS", "Preset", "find_preset", "list_presets"),
    "recipe": ("AvatarRecipe", "Garment", "structure_recipe"),
    "rigs": ("RIG_NAMES", "RigName", "body_skeleton", "body_weights"),
    "shape": ("BodyShape", "shape_body"),
    "sliders": ("Slider", "list_sliders"),
    "surfaces": ("Surface", "dressed_surfaces"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Return a public name from its module, imported now: the list of packs must not cost scipy and Pillow."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
