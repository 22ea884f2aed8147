"""The options of an avatar's permanent address: each combination is made once and kept beside the export."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from axis_http.nouns import Export
from axis_http.problems import Problem, invalid
from axis_http.service.state import Service


__all__ = ["OPTIONS", "checked_options", "variant"]

SIDES = ("128", "256", "512", "1024", "2048", "4096")
MOST_NAMES, MOST_KEPT = 80, 32
"""Morph targets that can be named, and combinations that are kept of one export: anybody may ask for them."""

_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_CODECS = {"useMeshOptCompression": "meshopt", "useDracoMeshCompression": "draco"}

OPTIONS = ("textureSizeLimit", "textureAtlas", "morphTargets", "pose", *_CODECS)


def checked_options(query: Mapping[str, str]) -> dict[str, Any]:
    """Return the options of a query, empty where the file is wanted as it is.

    Raises
    ------
    Problem
        400 naming the option.
    """
    out: dict[str, Any] = {}
    for name in ("textureSizeLimit", "textureAtlas"):
        value = query.get(name, "none" if name == "textureAtlas" else "")
        if value not in ("", "none"):
            if value not in SIDES:
                raise invalid(name, f"is {value!r:.20}, expected one of {', '.join(SIDES)}")
            out[name] = int(value)
    if query.get("pose"):
        if query["pose"] not in ("A", "T"):
            raise invalid("pose", f"is {query['pose']!r:.20}, expected A or T")
        out["pose"] = query["pose"]
    if query.get("morphTargets"):
        names = sorted({n.strip() for n in query["morphTargets"].split(",") if n.strip()})
        if len(names) > MOST_NAMES or any(len(n) > 80 for n in names):
            raise invalid("morphTargets", f"names more than {MOST_NAMES}, or one of more than 80 characters")
        out["morphTargets"] = names
    return out | _codec(query)


def _codec(query: Mapping[str, str]) -> dict[str, str]:
    wanted = []
    for name, codec in _CODECS.items():
        value = query.get(name, "false").lower()
        if value not in _FLAGS:
            raise invalid(name, f"is {value!r:.20}, expected true or false")
        wanted += [codec] if _FLAGS[value] else []
    if len(wanted) > 1:
        raise invalid("useDracoMeshCompression", "and useMeshOptCompression exclude each other")
    return {"compress": wanted[0]} if wanted else {}


def variant(service: Service, export: Export, name: str, options: dict[str, Any]) -> tuple[Export, str]:
    """Return the export and the name of its file with the options, made in a sandbox where it is not there yet.

    Raises
    ------
    Problem
        400 ``plan_limit`` past ``MOST_KEPT`` combinations.
    AxisError
        Where the file cannot be had so.
    """
    if not options:
        return export, name
    digest = hashlib.sha256(msgspec.json.encode((name, sorted(options.items())))).hexdigest()[:16]
    kept = f"variants/{digest}/{Path(name).name}"
    if kept in export.files:
        return export, kept
    if sum(n.startswith("variants/") for n in export.files) >= MOST_KEPT:
        text = f"the avatar has {MOST_KEPT} combinations of options already, use one of those"
        raise Problem(status=400, code="plan_limit", error=text)
    upload = msgspec.structs.replace(service.upload_of_export(export, export.owner), path=export.files[name])
    made = service.run_now("variant", upload, options)
    return service.exports.extend(export, {kept: next(iter(made["files"].values()))}), kept
