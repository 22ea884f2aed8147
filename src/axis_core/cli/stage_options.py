"""``--option stage.key=value``: text into the values that a stage's options class takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from axis_core.errors import InputError, NotFound


if TYPE_CHECKING:
    from axis_core.plugin import PluginHost


__all__ = ["parse_stage_options"]

_WORDS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def parse_stage_options(texts: Iterable[str], host: PluginHost) -> dict[str, dict[str, Any]]:
    """Return ``{stage: {key: value}}``; the option's own type decides how its text is read.

    Raises
    ------
    InputError
        ``invalid_request`` for what is no ``stage.key=value`` or not of the option's type.
    NotFound
        For a stage or an option that does not exist.
    """
    from axis_core.plugin import options_schema

    out: dict[str, dict[str, Any]] = {}
    for text in texts:
        place, equals, value = text.partition("=")
        stage_name, dot, key = place.strip().partition(".")
        if not (equals and dot and stage_name and key):
            raise InputError(
                f"--option {text!r} is not of the form stage.key=value.",
                hint="For example: --option decimate.triangles=5000. See `axis stages`.",
            )
        known = options_schema(host.stage(stage_name).options)["properties"]
        if key not in known:
            raise _unknown_key(stage_name, key, known)
        out.setdefault(stage_name, {})[key] = _value(value.strip(), known[key], f"{stage_name}.{key}")
    return out


def _unknown_key(stage: str, key: str, known: Mapping[str, Any]) -> NotFound:
    close = get_close_matches(key, list(known), n=1)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    return NotFound(
        f"the stage {stage!r} has no option {key!r}.",
        pointer=f"{stage}.{key}",
        hint=f"{hint}It has: {', '.join(known) or 'none'}.",
    )


def _value(text: str, schema: Mapping[str, Any], place: str) -> Any:
    kind = schema.get("type", "object")
    if schema.get("nullable") and text.lower() in ("none", "null", ""):
        return None
    if kind == "string":
        return text
    if kind == "boolean" and text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if kind == "array" and not text.startswith("["):
        return [
            _value(item.strip(), schema.get("items", {"type": "string"}), place) for item in text.split(",") if item
        ]
    try:
        return json.loads(text)
    except ValueError as exc:
        article = "an" if kind[0] in "aio" else "a"
        raise InputError(f"{text!r} is not {article} {kind}.", pointer=place, hint="See `axis stages`.") from exc
