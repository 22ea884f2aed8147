"""Counts, shares and sizes in words: ``ten thousand``, ``20k``, ``5,000``, ``half``, ``by 75 %``."""

from __future__ import annotations

import re


__all__ = ["digits", "share_to_keep"]

_UP_TO_TWELVE = "zero one two three four five six seven eight nine ten eleven twelve"
_UNITS = {word: n for n, word in enumerate(_UP_TO_TWELVE.split())} | {
    "a": 1,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_WORDS = re.compile(
    rf"\b(?:(?:{'|'.join(_UNITS)}|{'|'.join(_SCALES)})[ -]?)*(?:{'|'.join(_SCALES)})\b"
    rf"|\b(?:{'|'.join(w for w in _UNITS if w not in ('a', 'one', 'zero'))})\b"
)
_GROUPED = re.compile(r"\b(\d{1,3})((?:[, ]\d{3})+)\b")
_SUFFIXED = re.compile(r"\b(\d+(?:\.\d+)?) ?(k|m|mio|thousand|million)\b")
_FRACTIONS = (
    (r"\b(?:2|two) thirds\b", 2.0 / 3.0),
    (r"\b(?:3|three) quarters\b", 0.75),
    (r"\b(?:a )?half\b", 0.5),
    (r"\b(?:a |one )?third\b", 1.0 / 3.0),
    (r"\b(?:a |one )?quarter\b", 0.25),
    (r"\b(?:a |one )?tenth\b", 0.1),
)
_TAKEN_AWAY = re.compile(r"\b(?:drop|remove|lose|throw away|take away|get rid of)\b")
_PERCENT = re.compile(r"\b(by|to)?\s*(?:about\s+)?(\d+(?:\.\d+)?)\s*(?:%|percent\b|per cent\b)")


def digits(text: str) -> str:
    """Return ``text``, lower case, with every count as plain digits: ``20k`` and ``twenty thousand`` become 20000."""
    text = _GROUPED.sub(lambda m: m[1] + re.sub(r"[, ]", "", m[2]), text)
    text = _SUFFIXED.sub(lambda m: str(round(float(m[1]) * (1e6 if m[2].startswith("m") else 1e3))), text)
    return _WORDS.sub(lambda m: str(_value(m[0])), text)


def _value(words: str) -> int:
    total, group = 0, 0
    for word in re.findall(r"[a-z]+", words):
        if word in _SCALES:
            group = max(group, 1) * _SCALES[word]
            if word != "hundred":
                total, group = total + group, 0
        else:
            group += _UNITS[word]
    return total + group


def share_to_keep(text: str) -> float | None:
    """Return the share of triangles that ``text`` asks to keep, or None: ``by 75 %`` keeps 0.25, ``to 75 %`` 0.75."""
    taken_away = _TAKEN_AWAY.search(text) is not None
    percent = _PERCENT.search(text)
    if percent is not None:
        share = min(float(percent[2]) / 100.0, 1.0)
        return 1.0 - share if percent[1] == "by" or taken_away else share
    named = next((share for pattern, share in _FRACTIONS if re.search(pattern, text)), None)
    return 1.0 - named if named is not None and taken_away else named
