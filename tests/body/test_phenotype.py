"""Phenotypes in plain units and the macro coefficients they mean; no data needed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from axis_core.body import Phenotype, typical_height_m
from axis_core.body.phenotype import macro_coefficients, macro_terms
from axis_core.errors import InputError


unit = st.floats(0.0, 1.0)
phenotypes = st.builds(
    Phenotype,
    age_years=st.floats(1.0, 90.0),
    gender=unit,
    weight=unit,
    muscle=unit,
    proportions=unit,
    bust=unit,
    bust_firmness=unit,
    african=unit,
    asian=unit,
    european=st.floats(0.01, 1.0),
)
AGES = ("baby", "child", "young", "old")
GENDERS = ("female", "male")


@given(phenotypes)
def test_each_group_of_terms_is_a_partition_of_one(person: Phenotype) -> None:
    terms = macro_terms(person)
    groups = (GENDERS, AGES, ("african", "asian", "caucasian"))
    groups += tuple((f"min{x}", f"average{x}", f"max{x}") for x in ("muscle", "weight", "cup", "firmness"))
    for group in groups:
        assert sum(terms[name] for name in group) == pytest.approx(1.0)
        assert all(terms[name] >= 0.0 for name in group)
    assert terms["minheight"] == terms["maxheight"] == 0.0


@given(phenotypes)
def test_products_of_a_full_set_of_names_sum_to_one(person: Phenotype) -> None:
    races = tuple("-".join(p) for p in itertools.product(("african", "asian", "caucasian"), GENDERS, AGES))
    assert macro_coefficients(races, macro_terms(person)).sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("years", "age"), [(1.0, "baby"), (10.0, "child"), (25.0, "young"), (90.0, "old")], ids=lambda v: str(v)
)
def test_at_a_knot_one_age_stands_alone(years: float, age: str) -> None:
    terms = macro_terms(Phenotype(age_years=years))
    assert [name for name in AGES if terms[name] > 0] == [age]


def test_between_knots_ages_mix_linearly() -> None:
    terms = macro_terms(Phenotype(age_years=17.5))
    assert terms["child"] == pytest.approx(0.5)
    assert terms["young"] == pytest.approx(0.5)


def test_neutral_proportions_have_no_target() -> None:
    middle = macro_terms(Phenotype(proportions=0.5))
    assert middle["idealproportions"] == middle["uncommonproportions"] == 0.0
    assert macro_terms(Phenotype(proportions=0.75))["idealproportions"] == pytest.approx(0.5)
    assert macro_terms(Phenotype(proportions=0.0))["uncommonproportions"] == 1.0


@given(st.floats(1.0, 17.99), unit, unit)
def test_a_child_has_no_bust_sliders(years: float, bust: float, firmness: float) -> None:
    person = Phenotype(age_years=years, gender=0.0, bust=bust, bust_firmness=firmness)
    assert macro_terms(person) == macro_terms(Phenotype(age_years=years, gender=0.0))


def test_ancestry_is_an_even_mix_unless_told() -> None:
    terms = macro_terms(Phenotype())
    assert terms["african"] == terms["asian"] == terms["caucasian"] == pytest.approx(1 / 3)
    only = macro_terms(Phenotype(african=0.0, asian=0.2, european=0.0))
    assert (only["african"], only["asian"], only["caucasian"]) == (0.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("age_years", 0.5),
        ("age_years", 91),
        ("gender", -0.1),
        ("weight", 1.1),
        ("height_m", 0.2),
        ("height_m", 3.0),
        ("muscle", float("nan")),
        ("muscle", "strong"),
        ("muscle", True),
        ("gender", None),
    ],
)
def test_values_outside_their_range_name_the_field(field: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        Phenotype(**{field: value})
    assert caught.value.pointer == f"/{field}"
    assert field in caught.value.message


def test_no_ancestry_at_all_is_refused() -> None:
    with pytest.raises(InputError):
        Phenotype(african=0.0, asian=0.0, european=0.0)


def test_typical_heights_grow_to_adulthood_and_men_are_taller() -> None:
    years = np.arange(1.0, 19.5, 0.5)
    for gender in (0.0, 0.5, 1.0):
        heights = [typical_height_m(y, gender) for y in years]
        assert all(a < b for a, b in itertools.pairwise(heights))
    assert typical_height_m(30, 1.0) > typical_height_m(30, 0.0) + 0.1
    assert Phenotype(height_m=1.5).target_height_m == 1.5
