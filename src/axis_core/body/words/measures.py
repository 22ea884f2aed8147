"""Numbers in words: ages, statures, masses, with their units, taken out of a prompt before its words are read."""

from __future__ import annotations

import re
from collections.abc import Callable

import attrs

from axis_core.body.words.people import DECADES


__all__ = ["Measure", "take_measures"]

_UNITS = dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], range(1, 10), strict=True))
_TEENS = dict(
    zip(
        ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
        range(10, 20),
        strict=True,
    )
)
_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_SPELT = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?: (?P<unit>{'|'.join(_UNITS)}))?|(?P<teen>{'|'.join(_TEENS)})"
    rf"|(?P<lone>{'|'.join(_UNITS)})(?= (?:years?|foot|feet|metres?|meters?)\b))\b"
)
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_FEET = r"(?<![\d.])([3-8])\s*(?:'|ft|feet|foot)\s*(?:(\d{1,2})(?:\s*(?:\"|''|inches|inch|in)(?!\w))?)?"
_TALL = r"(?:\s+(?:tall|high|in height))?"


@attrs.frozen
class Measure:
    """A quantity: ``age`` (a span of years), ``height`` (m), ``mass`` (kg) or ``bmi``, and where it stands."""

    kind: str
    low: float
    high: float
    start: int
    end: int


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _same(kind: str, scale: float) -> Callable[[re.Match[str]], tuple[str, float, float]]:
    def read(match: re.Match[str]) -> tuple[str, float, float]:
        value = _number(match[1]) * scale
        return kind, value, value

    return read


def _feet(match: re.Match[str]) -> tuple[str, float, float]:
    value = 0.3048 * float(match[1]) + 0.0254 * float(match[2] or 0)
    return "height", value, value


def _decade(match: re.Match[str]) -> tuple[str, float, float]:
    start = DECADES[match[2]]
    if match[2] == "teens":
        return "age", 13.0, 19.0
    low, high = {"early": (0, 3), "mid": (4, 7), "late": (7, 9)}.get((match[1] or "").strip(), (0, 9))
    return "age", float(start + low), float(start + high)


def _months(match: re.Match[str]) -> tuple[str, float, float]:
    years = max(_number(match[1]) / 12.0, 1.0)
    return "age", years, years


_ROWS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, float, float]]], ...] = (
    (re.compile(r"\bbmi(?: of)? " + _NUMBER), _same("bmi", 1.0)),
    (re.compile(_NUMBER + r"\s*months?(?: old)?\b"), _months),
    (re.compile(_NUMBER + r"\s*(?:years?|yrs?|y o|yo|y/o)\b(?: old| of age)?"), _same("age", 1.0)),
    (re.compile(r"\b(?:aged?|age of)\s+" + _NUMBER + r"\b"), _same("age", 1.0)),
    (re.compile(rf"\b(early |mid |late )?({'|'.join(DECADES)})\b"), _decade),
    (re.compile(_FEET + _TALL), _feet),
    (re.compile(_NUMBER + r"\s*cm\b" + _TALL), _same("height", 0.01)),
    (re.compile(r"(?<![\d.])([012][.,]\d{1,3})\s*(?:m|metres?|meters?)\b" + _TALL), _same("height", 1.0)),
    (re.compile(r"(?<![\d.])([12])\s*(?:m|metres?|meters?)\b" + _TALL), _same("height", 1.0)),
    (re.compile(_NUMBER + r"\s*(?:kg|kgs|kilos?|kilograms?)\b"), _same("mass", 1.0)),
    (re.compile(_NUMBER + r"\s*(?:lbs?|pounds?)\b"), _same("mass", 0.45359237)),
    (re.compile(_NUMBER + r"\s*stone\b"), _same("mass", 6.35029318)),
    (re.compile(r"\b(?:is|of|about|around|only|just) (\d{1,2})\b(?!\s*(?:%|\w))"), _same("age", 1.0)),
    (re.compile(r"\b(?:is|of|about|around|only|just) (\d{1,2})(?=\s+(?:and|with|but|who|in)\b)"), _same("age", 1.0)),
)  # fmt: skip


def take_measures(text: str) -> tuple[str, tuple[Measure, ...]]:
    """Return a lower-case text with its measures blanked, and the measures; both of the length of ``text``."""
    text = _SPELT.sub(_digits, text)
    found: list[Measure] = []
    for pattern, read in _ROWS:
        while True:
            match = pattern.search(text)
            if match is None:
                break
            found.append(Measure(*read(match), match.start(), match.end()))
            text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return text, tuple(sorted(found, key=lambda m: m.start))


def _digits(match: re.Match[str]) -> str:
    if match["tens"]:
        value = _TENS[match["tens"]] + (_UNITS[match["unit"]] if match["unit"] else 0)
    else:
        value = _TEENS[match["teen"]] if match["teen"] else _UNITS[match["lone"]]
    return str(value).ljust(len(match[0]))
