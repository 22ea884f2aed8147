"""Phenotype: who the body is, in plain units, and the macro coefficients it means.

The source's macro targets are products of terms (``universal-female-young-maxmuscle-minweight``); a term's value is
piecewise linear between the knots at which its shapes were modelled. Height and proportions have no target in the
middle: there the base shape stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError


__all__ = ["Phenotype", "macro_coefficients", "macro_terms", "typical_height_m"]

AGE_KNOTS = (1.0, 10.0, 25.0, 90.0)
"""Years at which the ages baby, child, young and old were modelled."""
ADULT_YEARS = 18.0
_AGES = ("baby", "child", "young", "old")
_HEIGHT_TERMS = ("minheight", "maxheight")

# Median stature in metres (female, male). To 19 years: WHO Child Growth Standards (2006) and WHO Growth Reference
# (2007), medians rounded to the centimetre; then level, and the loss of later life after Sorkin, Muller, Andres,
# "Longitudinal change in height of men and women", Am. J. Epidemiol. 150 (1999) 969-977, rounded.
_STATURE_YEARS = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 12.0, 14.0, 16.0, 19.0, 60.0, 90.0)
_STATURE_FEMALE = (0.74, 0.86, 0.95, 1.09, 1.21, 1.39, 1.51, 1.60, 1.62, 1.63, 1.62, 1.55)
_STATURE_MALE = (0.76, 0.88, 0.96, 1.10, 1.22, 1.38, 1.49, 1.63, 1.73, 1.76, 1.75, 1.70)


def _between(low: float, high: float) -> Any:
    def check(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not low <= value <= high:
            raise InputError(
                f"{attribute.name} is {value}, expected {low:g} to {high:g}.", pointer=f"/{attribute.name}"
            )

    return [_is_number, check]


def _is_number(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | np.floating | np.integer):
        raise InputError(f"{attribute.name} is {value!r}, expected a number.", pointer=f"/{attribute.name}")


@attrs.frozen(kw_only=True)
class Phenotype:
    """A person's build.

    Attributes
    ----------
    age_years : float, 1..90
    gender : float, 0..1
        Gender expression of the build: 0 feminine, 1 masculine.
    height_m : float, 0.5..2.6, or None
        Stature from sole to crown; None gives the typical stature of that age and gender.
    weight, muscle : float, 0..1
        0.5 is average.
    proportions : float, 0..1
        0 stocky and uneven, 1 even and long-limbed, 0.5 neutral.
    bust, bust_firmness : float, 0..1
        0.5 is average. Without effect below 18 years.
    african, asian, european : float, 0..1
        Ancestry mix of the face and build, any non-negative numbers; they are divided by their sum.
    """

    age_years: float = attrs.field(default=30.0, validator=_between(1.0, 90.0))
    gender: float = attrs.field(default=0.5, validator=_between(0.0, 1.0))
    height_m: float | None = attrs.field(default=None, validator=attrs.validators.optional(_between(0.5, 2.6)))
    weight: float = attrs.field(default=0.5, validator=_between(0.0, 1.0))
    muscle: float = attrs.field(default=0.5, validator=_between(0.0, 1.0))
    proportions: float = attrs.field(default=0.5, validator=_between(0.0, 1.0))
    bust: float = attrs.field(default=0.5, validator=_between(0.0, 1.0))
    bust_firmness: float = attrs.field(default=0.5, validator=_between(0.0, 1.0))
    african: float = attrs.field(default=1.0, validator=_between(0.0, 1.0))
    asian: float = attrs.field(default=1.0, validator=_between(0.0, 1.0))
    european: float = attrs.field(default=1.0, validator=_between(0.0, 1.0))

    def __attrs_post_init__(self) -> None:
        """Check that there is some ancestry to mix."""
        if self.african + self.asian + self.european <= 0:
            raise InputError("african, asian and european are all 0, expected at least one above.", pointer="/african")

    @property
    def is_adult(self) -> bool:
        """Whether the person is 18 or older."""
        return self.age_years >= ADULT_YEARS

    @property
    def target_height_m(self) -> float:
        """The stature asked for, or the typical one."""
        return typical_height_m(self.age_years, self.gender) if self.height_m is None else float(self.height_m)


def typical_height_m(age_years: float, gender: float) -> float:
    """Return the typical stature in metres: medians of girls and boys, of women and men, mixed by ``gender``."""
    female, male = (float(np.interp(age_years, _STATURE_YEARS, row)) for row in (_STATURE_FEMALE, _STATURE_MALE))
    return female + (male - female) * gender


def macro_terms(phenotype: Phenotype) -> dict[str, float]:
    """Return the value of each term of the macro targets' names, height left neutral."""
    p = phenotype
    grown = p.is_adult
    terms = {"universal": 1.0, "female": 1.0 - p.gender, "male": p.gender}
    terms |= dict(zip(_AGES, _hats(p.age_years, AGE_KNOTS), strict=True))
    terms |= _three("min{}", "average{}", "max{}", "muscle", p.muscle)
    terms |= _three("min{}", "average{}", "max{}", "weight", p.weight)
    terms |= _three("min{}", "average{}", "max{}", "cup", p.bust if grown else 0.5)
    terms |= _three("min{}", "average{}", "max{}", "firmness", p.bust_firmness if grown else 0.5)
    uncommon, _, ideal = _hats(p.proportions, (0.0, 0.5, 1.0))
    terms |= {"uncommonproportions": uncommon, "idealproportions": ideal}
    total = p.african + p.asian + p.european
    terms |= {"african": p.african / total, "asian": p.asian / total, "caucasian": p.european / total}
    return terms | dict.fromkeys(_HEIGHT_TERMS, 0.0)


def macro_coefficients(names: tuple[str, ...], terms: Mapping[str, float]) -> NDArray[np.float64]:
    """Return the coefficient (K,) of each target: the product of the terms in its name.

    Raises
    ------
    KeyError
        If a name holds a term without a value.
    """
    vocabulary, index = _parse_names(names)
    values = np.array([terms[word] for word in vocabulary] + [1.0])
    return np.asarray(values[index].prod(axis=1))


@lru_cache(maxsize=4)
def _parse_names(names: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    words = [name.split("-") for name in names]
    vocabulary = tuple(sorted({word for row in words for word in row}))
    place = {word: i for i, word in enumerate(vocabulary)}
    width = max(len(row) for row in words)
    index = np.full((len(words), width), len(vocabulary), dtype=np.int64)
    for k, row in enumerate(words):
        index[k, : len(row)] = [place[word] for word in row]
    return vocabulary, index


def _three(low: str, middle: str, high: str, of: str, value: float) -> dict[str, float]:
    names = (low.format(of), middle.format(of), high.format(of))
    return dict(zip(names, _hats(value, (0.0, 0.5, 1.0)), strict=True))


def _hats(value: float, knots: Sequence[float]) -> tuple[float, ...]:
    """Return the weights of the knots around ``value``: linear between two of them, summing to 1."""
    return tuple(float(np.interp(value, knots, row)) for row in np.eye(len(knots)))
