"""Strangers' phrasing put into plain words: greetings dropped, slips mended, turns of speech unfolded."""

from __future__ import annotations

import re
from functools import lru_cache


__all__ = ["is_aside", "plain_words"]

_COMMANDS = (
    "decimate simplify reduce convert export process prepare repair generate create validate preview render skeleton"
    " triangles polygons vertices textures character avatar unity unreal roblox godot quadruped printing printable"
)
_KNOWN = frozenset(_COMMANDS.split())
_LETTERS = re.compile(r"[a-z]{5,}", re.IGNORECASE)

_COUNT = r"(?:(?:triangle|tri|poly(?:gon)?|face)s?(?: ?count)?|number of (?:triangles|polygons|faces))"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"\b(?:pls|plz|plse|pleas)\b", "please"),
    (r"\bteh\b", "the"),
    (r"\bwanna\b", "want to"),
    (r"\bgonna\b", "going to"),
    (r"\bu\b(?! ?\d)", "you"),
    (r"\s*(?:->|=>|→|»)\s*", ", then "),
    (r"^(?:hi|hello|hey|yo|good (?:morning|day|evening))(?: there| all| everyone| guys)?\b[,!. ]*", ""),
    (
        rf"\b(?:leave|keep) (?:the |its |all )?{_COUNT}(?: alone| as (?:it|they) (?:is|are)| untouched)?",
        "do not decimate",
    ),
    (rf"\b(?:don'?t|do not|without) (?:touch(?:ing)?|chang(?:e|ing)) the {_COUNT}", "do not decimate"),
    (
        r"\b(?:leave|keep) (?:the |its |all )?([\w ]{3,30}?) (?:alone|as (?:it|they) (?:is|are)|untouched)\b",
        r"do not touch \1",
    ),
    (r"\bhalve (?:the |its )?", "reduce to half the "),
    (r"\b(?:new|another) (?:character|avatar|person)\s*[:,-]\s*", "generate "),
    (r"\b(?:but|only) first\b", "after you first"),
    (r"\bsecond(?:ly)?,? (?=[a-z]+\b)(?!life)", "then "),
    (r"\bfrom (?:behind|the rear)\b", "from the back"),
    (r"\b(?:from above|bird'?s[- ]eye)\b", "from the top"),
    (r"\bfrom (?:below|underneath)\b", "from the bottom"),
    (r"^any (errors|problems|issues|faults|holes)\b", r"find problems, any \1"),
)
_REWRITES = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in _PATTERNS)
_ASIDES = re.compile(
    r"(?:hi|hello|hey|thanks?|thank you|cheers|please|sorry|ok(?:ay)?)\b.{0,30}$"
    r"|(?:i|we)(?:'ve| have|'m| am)? (?:just |recently )?(?:bought|scanned|sculpted|downloaded|found|made|modelled)\b"
    r"|(?:(?:an?|this|that|my|the|our|here is|here's) )?(?:[\w-]+ ){0,3}(?:scan|mesh|model|sculpt|photogrammetry)\b"
)


def plain_words(text: str) -> str:
    """Return ``text`` with slips mended and turns of speech unfolded; what is not known stays as it is."""
    text = _LETTERS.sub(lambda match: _mended(match[0]), text)
    for pattern, words in _REWRITES:
        text = pattern.sub(words, text)
    return text


def is_aside(text: str) -> bool:
    """Return whether a clause without a verb of ours greets, thanks, or only tells what there is."""
    return bool(_ASIDES.match(text))


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """A command word with one letter missing, doubled or swapped; any other word as it is.

    Another letter in place of one is not mended: ``repaid`` is no slip of ``repair``.
    """
    lower = word.lower()
    if any(lower.startswith(known[:-1]) for known in _KNOWN):
        return word
    return next((known for known in sorted(_KNOWN) if known[0] == lower[0] and _is_slip(lower, known)), word)


def _is_slip(word: str, known: str) -> bool:
    if len(word) == len(known):
        pairs = ((known[:n] + known[n + 1] + known[n] + known[n + 2 :]) for n in range(len(known) - 1))
        return word in pairs
    if abs(len(word) - len(known)) != 1:
        return False
    longer, shorter = (word, known) if len(word) > len(known) else (known, word)
    return any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))
