"""Arguments of a handler that a clause names: counts, tiers, formats, poses; and what a prompt or a query is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from axis_core.agent.clauses import Clause
from axis_core.agent.lexicon import (
    ARCHETYPES,
    FORMATS,
    OUTPUT_PROFILES,
    PLATFORMS,
    POSES,
    PROFILES,
    REPAIRS,
    REPORT_FORMATS,
    TIERS,
    VIEWS,
    first_match,
    matches,
)
from axis_core.agent.numbers import share_to_keep


__all__ = ["arguments_of", "formats_of", "limits_of", "prompt_of", "query_of"]

_COUNT = re.compile(r"\b(\d+) (?:\w+ )?(?:triangles?|tris|poly(?:gon)?s?|faces)\b")
_DOWN_TO = re.compile(
    r"\b(?:to|under|below|at most|max(?:imum)?|no more than|less than|around|about) (\d{3,})\b"
    r"(?! ?(?:px|pixels?|textures?))"
)
_TEXTURE = re.compile(r"\btextures? (?:of |at |to )?(?:at most )?(\d+)|\b(\d+) ?(?:px|pixels?|pixel)? textures?\b")
_SIDES = {1: 1024, 2: 2048, 4: 4096, 256: 256, 512: 512, 1024: 1024, 2048: 2048, 4096: 4096}
_INFLUENCES = re.compile(r"\b(\d) (?:bones?|influences|joints?|weights)\b")
_SEED = re.compile(r"\bseed (?:of |is |=)?(\d+)\b")
_FORMAT = re.compile(rf"\b(?:as|to|into|in)(?: an?| the)? \.?({'|'.join(FORMATS)})\b|\b({'|'.join(FORMATS)}) files?\b")


def arguments_of(handler: str, text: str, early: str) -> dict[str, Any]:
    """Return the arguments of ``handler`` that ``text``, or clauses before it, name; the platform is not among them."""
    found: dict[str, Any] = {}
    for part in (early, text):
        if part:
            found |= _READERS[handler](part)
    return found


def formats_of(text: str) -> tuple[str, ...]:
    """Return all formats that a clause asks for, in order: ``to gltf and also to stl``."""
    return tuple(dict.fromkeys(match[1] or match[2] for match in _FORMAT.finditer(text)))


def limits_of(text: str) -> dict[str, Any]:
    """Return the counts that a clause without a verb asks for: triangles, texture sides, influences.

    What only tells what there is (``this has 900k triangles``) asks for nothing.
    """
    if re.search(r"\b(?:has|have|had|is|are|was|got)\b", text):
        return {}
    influences = _INFLUENCES.search(text)
    return _polycount(text) | _texture(text) | ({"max_influences": int(influences[1])} if influences else {})


def _polycount(text: str) -> dict[str, Any]:
    without_textures = _TEXTURE.sub(" ", text)
    match = _COUNT.search(without_textures)
    return {"target_polycount": int(match[1])} if match else {}


def _texture(text: str) -> dict[str, Any]:
    match = _TEXTURE.search(text)
    if match is None:
        return {}
    given = int(match[1] or match[2])
    side = _SIDES.get(given // 1000 if given % 1000 == 0 and given else given)
    return {"texture_size": side} if side else {}


def _tier(text: str) -> dict[str, Any]:
    tier = first_match(TIERS, text)
    return {"polygon_tier": tier} if tier else {}


def _process(text: str) -> dict[str, Any]:
    out = _polycount(text) | _texture(text) | _tier(text) | _format(text)
    profile, output = first_match(PROFILES, text), first_match(OUTPUT_PROFILES, text)
    out |= {"profile": profile} if profile else {}
    return out | ({"output_profile": output} if output and output != "game_ready" else {})


def _decimate(text: str) -> dict[str, Any]:
    counted = _polycount(text)
    if counted:
        return counted
    share = share_to_keep(text)
    if share is not None:
        return {"ratio": round(share, 6)}
    match = _DOWN_TO.search(text)
    return {"target_polycount": int(match[1])} if match else {}


def _rig(text: str) -> dict[str, Any]:
    archetype, influences = first_match(ARCHETYPES, text), _INFLUENCES.search(text)
    forced = re.search(
        r"\b(?:anew|again|force[ds]?|although|even (?:if|though)|re-?rig|overwrite|redo|existing rig)\b|\breplac\w+",
        text,
    )
    out: dict[str, Any] = {"archetype": archetype} if archetype else {}
    out |= {"max_influences": int(influences[1])} if influences else {}
    return out | ({"force": True} if forced else {})


def _format(text: str) -> dict[str, Any]:
    match = _FORMAT.search(text)
    return {"format": match[1] or match[2]} if match else {}


def _exported(text: str) -> dict[str, Any]:
    """As ``_format``; what follows the verb at once is a format, too: ``export gltf``."""
    match = re.search(rf"\b(?:export|download)\w* (?:an? |the )?({'|'.join(FORMATS)})\b", text)
    return _format(text) or ({"format": match[1]} if match else {})


def _audit(text: str) -> dict[str, Any]:
    report = first_match(REPORT_FORMATS, text)
    return _tier(text) | ({"format": report} if report else {})


def _preview(text: str) -> dict[str, Any]:
    views, pose = matches(VIEWS, text), first_match(POSES, text)
    return ({"views": list(views)} if views else {}) | ({"pose": pose} if pose else {})


def _generate(text: str) -> dict[str, Any]:
    seed = _SEED.search(text)
    tier = first_match(_TARGET_TIERS, text)
    return ({"seed": int(seed[1])} if seed else {}) | ({"polygon_tier": tier} if tier else {})


def _repair(text: str) -> dict[str, Any]:
    named = matches(REPAIRS, text)
    return {"repairs": list(named)} if named else {}


_TARGET_TIERS = tuple((name, rf"(?:\bfor (?:an? |the )?|\bon )(?:{pattern})") for name, pattern in TIERS)
_READERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "process": _process,
    "decimate": _decimate,
    "rig": _rig,
    "audit": _audit,
    "preview": _preview,
    "generate": _generate,
    "repair": _repair,
    "convert": _format,
    "export": _exported,
    "search": lambda text: {},  # noqa: ARG005 - one shape for all readers
}

_ASKING = re.compile(
    r"^(?:please |can you |could you |would you "
    r"|i(?: want| need| would like|'d like)(?:(?: you)? to)? ?|let'?s |just )*"
    r"(?:make(?: me)?|give me|generate|create|design|invent|imagine|build(?: me)?|get me|show me|have)?\s*(?:me )?",
    re.IGNORECASE,
)
_FOR = "|".join(pattern for _, pattern in PLATFORMS)
_FOR_TIER = "|".join(pattern for _, pattern in TIERS)
_TAILS = re.compile(
    rf",?\s*\b(?:for|in|on|to use in)\s+(?:the\s+|use in\s+)?(?:{_FOR}|{_FOR_TIER})"
    rf"(?:(?:,|\s+and)\s+(?:for\s+)?(?:{_FOR}|{_FOR_TIER}))*"
    rf"|,\s*(?:{_FOR})(?=\W*(?:please|thanks|$))"
    r"|,?\s*\b(?:with )?seed (?:of |is |=)?\d+\b|,?\s*\bplease\b|,?\s*\bthanks?(?: you)?\b",
    re.IGNORECASE,
)


def prompt_of(clause: Clause) -> str:
    """Return who is asked for: the clause without its verb, its platform and politeness."""
    return _TAILS.sub("", _ASKING.sub("", clause.raw.strip(), count=1)).strip(" ,.!?")


_QUERY_HEAD = re.compile(
    r"^(?:please |can you |could you )*(?:search|find|look(?:ing)?|list|browse|show|give)?\s*"
    r"(?:me |for |all |the |up )*"
    r"(?:which |what |are there |do you (?:have|support) |any |does "
    r"|is there (?:any|some)?(?:thing|way)? ?(?:for |to |about )?|is |kinds? of )*(?:the |any |code )*",
    re.IGNORECASE,
)
_QUERY_TAIL = re.compile(
    r"\s*\b(?:(?:do you|can i|can you|could i|do i) (?:support|have|offer|know|export|import|use|choose|get|read|write)"
    r"|are (?:there|available|supported)|is (?:there|available))\b(?:(?! (?:for|about|with|of) ).)*"
    r"|\s*\b(?:exist|mean|have you)\b.*$",
    re.IGNORECASE,
)


def query_of(clause: Clause) -> str:
    """Return what is looked for: the clause without its question; nothing for ``what can you do``."""
    if re.match(r"(?:what can you do|help)\b", clause.text):
        return ""
    return _QUERY_TAIL.sub("", _QUERY_HEAD.sub("", clause.raw.strip(" ?!."), count=1)).strip(" ,?!.")
