"""The parametric human: a phenotype and sliders in, a dressed body out, with skeleton, weights and face shapes.

The data is the ``body`` pack (``axis assets install body``); everything here is numpy on its arrays.

::

    Phenotype, sliders -> shape_body -> BodyShape -> dressed_scene -> Scene
                                            body_skeleton, body_weights, face_shapes

No unclothed body leaves this room: a scene is built from :func:`dressed_surfaces` only.
"""

from axis_core.body.avatar import Colours, demo_scene, dressed_scene
from axis_core.body.faces import EXPRESSION_MIXES, VISEME_MIXES, face_shapes, mix_weights
from axis_core.body.measure import body_mass_index, body_mass_kg, phenotype_with_bmi
from axis_core.body.pack import BODY_PACK
from axis_core.body.phenotype import Phenotype, typical_height_m
from axis_core.body.rigs import RIG_NAMES, RigName, body_skeleton, body_weights
from axis_core.body.shape import BodyShape, shape_body
from axis_core.body.sliders import Slider, list_sliders
from axis_core.body.surfaces import Surface, dressed_surfaces


__all__ = [
    "BODY_PACK",
    "EXPRESSION_MIXES",
    "RIG_NAMES",
    "VISEME_MIXES",
    "BodyShape",
    "Colours",
    "Phenotype",
    "RigName",
    "Slider",
    "Surface",
    "body_mass_index",
    "body_mass_kg",
    "body_skeleton",
    "body_weights",
    "demo_scene",
    "dressed_scene",
    "dressed_surfaces",
    "face_shapes",
    "list_sliders",
    "mix_weights",
    "phenotype_with_bmi",
    "shape_body",
    "typical_height_m",
]
