"""``--set name=value``: text into the plain values of a recipe."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from axis_core.errors import InputError


__all__ = ["parse_settings"]


def parse_settings(texts: Iterable[str]) -> dict[str, Any]:
    """Return ``{name: value}``; numbers, true, false, null and JSON are read as such, all else as text.

    ``area.slider=0.3`` and a later setting of the same name win over what came before.

    Raises
    ------
    InputError
        ``invalid_request`` for what is no ``name=value``.
    """
    out: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        area, dot, slider = name.strip().partition(".")
        if not (equals and area) or (dot and not slider):
            raise InputError(
                f"--set {text!r} is not of the form name=value.",
                pointer="--set",
                hint="For example: --set height_m=1.82.",
            )
        if dot:
            out[area] = {**out.get(area, {}), slider: _value(value.strip())}
        else:
            out[area] = _value(value.strip())
    return out


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
