"""A goal cut into clauses, in the order their work is done."""

from __future__ import annotations

import re

import attrs

from axis_core.agent.lexicon import (
    FORMATS,
    PLATFORMS,
    REPAIRS,
    STAGES,
    STAGES_OF_VERBS,
    UNSUPPORTED,
    VERBS,
    first_match,
    matches,
)
from axis_core.agent.numbers import digits
from axis_core.agent.phrasing import plain_words


__all__ = ["Clause", "Goal", "read_goal"]

_FILE = re.compile(
    rf"(?:\"([^\"]+\.(?:{'|'.join(FORMATS)}|dae|usda?|usdc|zip))\")"
    rf"|((?:[A-Za-z]:)?[\w./\\~-]*[\w)]\.(?:{'|'.join(FORMATS)}|dae|usda?|usdc|zip))\b",
    re.IGNORECASE,
)
_ID = re.compile(r"\b(?:ast|exp|upl|avt)_[0-9A-Za-z]{6,40}\b")
_BREAK = re.compile(r"[.!?;:](?:\s+|$)|\s+-\s+|\n+")
_THEN = re.compile(
    r",?\s*\b(?:and then|then|after that|afterwards|after this|next|finally|lastly|at last|last)\b,?\s*|\s*,?\s+&\s+"
)
_JOINT = re.compile(r"(?:,\s*(?:and\s+|but\s+)?|\s+and\s+(?:also\s+)?|\s+but\s+|\s+as well as\s+)")
_STARTS = re.compile(
    r"^(?:please |also |only |just |first(?:ly)?,? |i(?: want| need|'d (?:like|love)| would (?:like|love)) (?:you )?to "
    r"|can you |could you |would you |will you |you |to )+"
)
_COMMANDS = re.compile(
    r"(?:make|turn|get|give|put|add|keep|write|save|use|bring|take|import|drop) "
    r"(?:me |it|this|that|the|her|him|them|an?|@)\b"
)
_TARGET_FIRST = re.compile("|".join(rf"(?:(?:make|do) (?:it )?|for )?(?:{pattern})" for _, pattern in PLATFORMS))
_TELLS = re.compile(
    r"^(?:and )?(?:tell me|let me know|say|explain|give me (?:a summary|the reasons)"
    r"|what (?:did )?you(?:'ve| have| had)?)\b"
)
_REFUSALS = re.compile(
    r"\b(?:do not|don'?t|never|without|skip(?:ping)?|omit|leave out|not|no need (?:to|for)"
    r"|no(?! more\b| less\b| fewer\b))\s+(?:ever\s+|the\s+|any\s+)?((?:[\w@-]+\s*){1,5})"
)


@attrs.frozen
class Clause:
    """One thing that is asked for.

    Attributes
    ----------
    text : str
        Lower case, counts in digits, files and ids as ``@n``; refused parts taken out.
    raw : str
        As it was written.
    verb : str
        Name of a handler, or nothing.
    refused : tuple of str
        Handlers and repairs that must not be used.
    """

    text: str
    raw: str
    verb: str
    refused: tuple[str, ...] = ()


@attrs.frozen
class Goal:
    """A goal as read.

    Attributes
    ----------
    clauses : tuple of Clause
        In the order of their work.
    references : tuple of str
        Files and ids that were named; ``@n`` in the clauses.
    """

    clauses: tuple[Clause, ...]
    references: tuple[str, ...]


def read_goal(goal: str) -> Goal:
    """Return the clauses of ``goal``."""
    references: list[str] = []

    def keep(match: re.Match[str]) -> str:
        references.append(match[1] or match[2] if match.re is _FILE else match[0])
        return f"@{len(references) - 1}"

    text = plain_words(_ID.sub(keep, _FILE.sub(keep, goal.strip())))
    ordered = [part for sentence in _BREAK.split(text) for part in _in_order(sentence.strip())]
    clauses = [_clause(part) for part in ordered if part and not _TELLS.match(part.lower())]
    return Goal(tuple(clauses), tuple(references))


def verb_of(text: str) -> str:
    """Return the handler whose verb begins first in ``text``, or nothing."""
    best: tuple[int, str] | None = None
    for name, pattern in VERBS:
        hit = re.search(pattern, text)
        if hit is not None and (best is None or hit.start() < best[0]):
            best = (hit.start(), name)
    return best[1] if best else ""


def _in_order(sentence: str) -> list[str]:
    """Cut a sentence where another thing is asked for, and put what comes before first."""
    lower = sentence.lower()
    for pattern, swapped in (
        (r"^(?:before|prior to) (.+?), (.+)$", True),
        (r"^(?:after|once|when|as soon as) (.+?), (.+)$", False),
        (r"^(.+?),? (?:after|once|when) ((?:it|this|that|you|the|\w+ing)\b.+)$", True),
        (r"^(.+?),? before ((?:it|this|that|you|the|\w+ing)\b.+)$", False),
    ):
        match = re.match(pattern, lower)
        if match and verb_of(match[1]) and verb_of(match[2]):
            one, two = sentence[slice(*match.span(1))], sentence[slice(*match.span(2))]
            return [part for piece in ((two, one) if swapped else (one, two)) for part in _in_order(piece)]
    return [part for piece in _split(sentence, _THEN) for part in _cut_at_verbs(piece)]


def _split(text: str, pattern: re.Pattern[str]) -> list[str]:
    """Split at a pattern that is written in lower case, keeping the case of the text."""
    out, start = [], 0
    for match in pattern.finditer(text.lower()):
        out.append(text[start : match.start()])
        start = match.end()
    return [part.strip(" ,") for part in (*out, text[start:]) if part.strip(" ,")]


def _cut_at_verbs(text: str) -> list[str]:
    """Cut at commas and ``and`` where what follows begins with a verb of its own."""
    out, start = [], 0
    lower = text.lower()
    for joint in _JOINT.finditer(lower):
        rest = _STARTS.sub("", lower[joint.end() :])
        names_target = bool(_TARGET_FIRST.match(rest)) and not first_match(PLATFORMS, lower[start : joint.start()])
        if (
            _begins_anew(rest)
            or _TELLS.match(rest)
            or (names_target and verb_of(lower[start : joint.start()]) in ("repair", "decimate"))
        ):
            out.append(text[start : joint.start()])
            start = joint.end()
    return [part.strip(" ,") for part in (*out, text[start:]) if part.strip(" ,")]


def _begins_anew(rest: str) -> bool:
    if re.match(r"(?:don'?t|do not|never|without|skip|omit|leave out|no need|not)\b", rest) or UNSUPPORTED.match(rest):
        return True
    if _COMMANDS.match(rest):
        return True
    return any((hit := re.search(pattern, rest)) is not None and hit.start() == 0 for _, pattern in VERBS)


def _clause(raw: str) -> Clause:
    text = _STARTS.sub("", digits(raw.lower()))
    refused: list[str] = []

    def refuse(match: re.Match[str]) -> str:
        words = match[1]
        verb = verb_of(words)
        found = matches(REPAIRS, words) or matches(STAGES, words)
        if verb not in STAGES_OF_VERBS and not found:
            return match[0]
        refused.extend(found or (verb,))
        return " "

    text = re.sub(r"\s+", " ", _REFUSALS.sub(refuse, text)).strip(" ,")
    text = re.sub(r"^(?:only|just|simply) ", "", text)
    return Clause(text, raw, verb_of(text), tuple(dict.fromkeys(refused)))
