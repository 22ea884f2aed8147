"""What a clause asks for: the handler it means, where a verb of ours, a target or a question says so."""

from __future__ import annotations

import re

from axis_core.agent.clauses import Clause
from axis_core.agent.lexicon import (
    BODY_NOUNS,
    CATALOGUE,
    FORMATS,
    OUTPUT_PROFILES,
    PLATFORMS,
    POSES,
    REPAIRS,
    TIERS,
    UNKNOWN_FORMATS,
    UNKNOWN_PLATFORMS,
    UNSUPPORTED,
    first_match,
    matches,
)


__all__ = ["Question", "intent_of", "is_complaint", "is_target", "wanted_format"]

_MAKES = re.compile(
    r"(?:make|turn|get|give|put|use|build|want|need|i(?:'d| would)? (?:want|need|like|love)|let(?:'s)? (?:make|have))\b"
)
_AVATAR = re.compile(r"\b(?:avatars?|characters?|version|model)\b|^@\d+ (?:to|for|in)\b")
_PHOTO = re.compile(r"\b(?:photos?|selfies?|photographs?|portraits?|@\d+ photo)\b")
_MESH = re.compile(r"@\d|\b(?:this|it|that|my (?:mesh|scan|model|file))\b")
_KNOWN_FORMAT = "|".join(FORMATS)
_WANTED_FORMAT = re.compile(
    rf"(?:(?:i )?(?:need|want|get|give me|as)? ?)?(?:an? |the )?({_KNOWN_FORMAT})"
    r"(?: (?:file|version))?(?: (?:of|from|out of) (?:@\d+|this|it|that))?(?: for (?:my|the|a) [\w ]+)?(?:,? please)?$"
    rf"|(?:save|write|give it to me|store)(?: it| this| that)? (?:as|to|in) (?:an? )?\.?({_KNOWN_FORMAT})\b"
    rf"|(?:{_KNOWN_FORMAT}|@\d+|it|this) (?:to|into|as) ({_KNOWN_FORMAT})\b"
)
_ASKS = re.compile(r"(?:is|are|does|will|would|has|have|was|were|did) (?!you\b)|do (?:i|they|these|my)\b")
_WRITES = re.compile(r"\b(?:convert|export|save|turn|write|transform)\b.*\b(?:to|into|as|in)\b")


class Question(Exception):
    """Something is missing: the text asks for it."""


def intent_of(clause: Clause, *, has_steps: bool, follows_audit: bool) -> str:
    """Return the handler that ``clause`` asks for, or nothing where it only adds to what was said.

    Raises
    ------
    Question
        For what no handler does.
    """
    text, verb = clause.text, clause.verb
    _check_supported(clause)
    names_mesh = bool(_MESH.search(text))
    if re.match(r"(?:what can you do|help)\b", text):
        return "search"
    if verb == "preview" and CATALOGUE.search(text) and not names_mesh:
        return "search"
    if re.match(r"(?:give|write|print|save|send) (?:me )?(?:the |a )?(?:report|findings|results?)\b", text):
        return "" if follows_audit else "audit"
    if verb in ("", "process") and _ASKS.match(text) and (names_mesh or is_target(text)):
        return "audit"  # a question is answered, never carried out
    if verb == "export" and not has_steps and first_match(PLATFORMS, text):
        return "process"
    if verb == "convert" and first_match(PLATFORMS, text):
        return "process"
    if verb == "generate" and names_mesh and not BODY_NOUNS.search(text.split("@")[0]):
        return "process"
    return verb or _of_noun_phrase(text) or _of_make(text, names_mesh=names_mesh, has_steps=has_steps)


def is_target(text: str) -> bool:
    """Return whether ``text`` names a platform, a tier or an output profile."""
    return bool(first_match(PLATFORMS, text) or first_match(TIERS, text) or first_match(OUTPUT_PROFILES, text))


def is_complaint(text: str) -> bool:
    """Return whether ``text`` only tells of something that a repair mends: ``it is inside out``."""
    return bool(matches(REPAIRS, text))


def wanted_format(text: str) -> str:
    """Return the format that a noun phrase asks for: ``stl please``, ``an obj of @0``, ``obj to gltf``."""
    match = _WANTED_FORMAT.match(text)
    return next((group for group in match.groups() if group), "") if match else ""


def _check_supported(clause: Clause) -> None:
    text, verb = clause.text, clause.verb
    if UNSUPPORTED.match(text) and verb != "repair":
        raise Question(f"Nothing here can do that: {clause.raw!r}. See `axis search` for what can be done.")
    if _PHOTO.search(text) and verb in ("", "process", "generate", "rig"):
        raise Question("Photos cannot be read in this version: give a mesh, or say in words who it is.")
    pose = re.search(r"\bin (?:an? |the )?([\w-]+)[- ]?pose\b", text)
    if verb == "preview" and pose and not first_match(POSES, text):
        known = ", ".join(name for name, _ in POSES)
        raise Question(f"I do not know the pose {pose[1].rstrip('- ')!r}. Known: {known}.")
    world = UNKNOWN_PLATFORMS.search(text)
    if world and verb != "search":
        known = ", ".join(name for name, _ in PLATFORMS)
        raise Question(f"I do not know the platform {world[0]!r}. Known: {known}.")
    if _WRITES.search(text) and (asked := UNKNOWN_FORMATS.search(text)):
        raise Question(f"No writer here makes {asked[0]!r}. Known: glb, gltf, obj, stl, and those of plugins.")


def _of_noun_phrase(text: str) -> str:
    """What a question or a noun phrase without a verb of ours asks for."""
    if re.match(r"how (?:many|big|tall|large|heavy)\b", text):
        return "audit"
    if wanted_format(text):
        return "convert"
    if re.search(r"\b(?:smaller|lighter|low[- ]?poly)\b", text) and re.search(r"@\d|\b(?:it|this|that)\b", text):
        return "decimate"
    if re.search(r"\bversions?\b|.\bbuilds?\b|\b(?:out of|from) @\d", text) and is_target(text):
        return "process"
    return ""


def _of_make(text: str, *, names_mesh: bool, has_steps: bool) -> str:
    makes = _MAKES.match(text)
    is_person = bool(BODY_NOUNS.search(text))
    if makes and names_mesh:
        return "process" if is_target(text) or re.search(r"\b(?:avatars?|characters?|ready)\b", text) else ""
    if makes:
        return "generate" if is_person else ""
    if is_person and not names_mesh:
        return "generate" if not has_steps and re.match(r"(?:an?|the|one|some) ", text) else ""
    if names_mesh and is_target(text) and not has_steps:
        return "process" if _AVATAR.search(text) else ""
    return ""
