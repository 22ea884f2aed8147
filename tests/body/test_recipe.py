"""Recipes: plain values are taken as they are or refused, and everything a recipe can name exists."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from axis_core.body import AvatarRecipe, Phenotype, structure_recipe
from axis_core.body.accessories.glasses import _RIMS
from axis_core.body.accessories.hats import _HATS
from axis_core.body.dress.kinds import CUTS
from axis_core.body.hair.beards import BEARD_DEPTH_M
from axis_core.body.hair.styles import HAIR
from axis_core.body.recipe import BEARDS, GARMENT_KINDS, GLASSES, HAIR_STYLES, HATS
from axis_core.errors import InputError


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"age_years": "54"}, "age_years"),
        ({"age_years": 0.5}, ""),
        ({"seed": 1.5}, "seed"),
        ({"no_face": 1}, "no_face"),
        ({"garments": [{"kind": "cape"}]}, "garments[0]"),
        ({"garments": [{"kind": "shirt", "colour": "blueish"}]}, "garments[0]"),
        ({"hair_colour": "#12345g"}, ""),
        ({"hair_style": "mullet"}, ""),
        ({"body_proportions": {"hip_width": "wide"}}, "body_proportions"),
        ({"mood": "happy"}, ""),
    ],
)
def test_what_is_not_exactly_right_is_refused_where_it_stands(values: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InputError) as caught:
        structure_recipe(values)
    assert pointer in str(caught.value.pointer)


def test_a_recipe_survives_its_plain_values() -> None:
    recipe = AvatarRecipe(age_years=54, height_m=1.82, hair_colour="#a0b0c0", body_proportions={"hip_width": 0.2})
    assert structure_recipe(attrs.asdict(recipe, value_serializer=_listed)) == recipe


def _listed(_: Any, __: Any, value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def test_nothing_of_the_phenotype_is_lost() -> None:
    names = {f.name for f in attrs.fields(Phenotype)}
    assert names <= {f.name for f in attrs.fields(AvatarRecipe)}
    values = {"age_years": 71.0, "gender": 0.2, "height_m": 1.61, "weight": 0.8, "muscle": 0.1, "european": 0.0}
    person = AvatarRecipe(**values).phenotype
    assert {name: getattr(person, name) for name in values} == values


def test_no_ancestry_is_an_even_mix() -> None:
    assert AvatarRecipe(african=0, asian=0, european=0).phenotype == AvatarRecipe().phenotype


def test_everything_that_can_be_named_can_be_made() -> None:
    assert set(CUTS) == set(GARMENT_KINDS)
    assert set(HAIR) == set(HAIR_STYLES) - {"bald"}
    assert set(BEARD_DEPTH_M) == set(BEARDS) - {"none", "stubble"}
    assert set(_RIMS) == set(GLASSES) - {"none"}
    assert set(_HATS) == set(HATS) - {"none"}
