"""The digest a GLB carries of itself, in ``asset.extras.axis``: it detects damage (a signature detects tampering)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from axis_core.errors import InputError
from axis_core.formats.gltf.container import join_glb, split_glb
from axis_core.formats.gltf.document import parse_json
from axis_core.formats.limits import DEFAULT_LIMITS, Limits
from axis_core.model.contract import canonical_json, digest_of


__all__ = ["check_digest", "embed_digest", "glb_digest", "read_summary"]

_ALGORITHM = "sha256"


def embed_digest(glb: bytes, summary: Mapping[str, Any]) -> bytes:
    """Return ``glb`` with ``summary`` and a digest in ``asset.extras.axis``, its JSON in canonical form.

    Parameters
    ----------
    summary : mapping
        Plain JSON values. ``digest`` and ``summary_digest`` are added beside them.

    Raises
    ------
    InputError
        ``parse_failed``: not a GLB; ``invalid_request``: ``summary`` is not JSON, or uses one of the two names.

    Notes
    -----
    ``digest.value`` is the SHA-256 of the canonical JSON without ``asset.extras.axis``, followed by the BIN chunk with
    its padding. ``summary_digest`` is that of the canonical JSON of the summary.
    """
    document, binary = _parts(glb)
    if summary.keys() & {"digest", "summary_digest"}:
        raise InputError("the summary may not have the keys digest and summary_digest: they are added")
    try:
        plain = msgspec.json.decode(canonical_json(dict(summary)))  # as it will be read
    except (TypeError, ValueError) as exc:
        raise InputError(f"the summary is not JSON: {exc}") from exc
    without = _without_axis(document)
    asset = without["asset"]
    own = {
        **plain,
        "digest": {"alg": _ALGORITHM, "value": _digest(without, binary)},
        "summary_digest": digest_of(plain),
    }
    extras = {**asset.get("extras", {}), "axis": own}
    return join_glb(canonical_json({**without, "asset": {**asset, "extras": extras}}), binary)


def check_digest(glb: bytes, limits: Limits = DEFAULT_LIMITS) -> bool | None:
    """Return whether ``glb`` is what it was when its digest was embedded, None if it carries none.

    True means that every byte is as it was written: both digests hold and the file is in the canonical form that
    ``embed_digest`` gives it.

    Raises
    ------
    InputError
        ``parse_failed``: it cannot even be read.
    """
    document, binary = _parts(glb, limits)
    own = _axis(document)
    digest = own.get("digest")
    if not isinstance(digest, dict):
        return None
    summary = {k: v for k, v in own.items() if k not in ("digest", "summary_digest")}
    return (
        digest == {"alg": _ALGORITHM, "value": _digest(_without_axis(document), binary)}
        and own.get("summary_digest") == digest_of(summary)
        and join_glb(canonical_json(document), binary) == glb
    )


def glb_digest(glb: bytes) -> str:
    """Return the digest that ``embed_digest`` would write, hexadecimal."""
    document, binary = _parts(glb)
    return _digest(_without_axis(document), binary)


def read_summary(glb: bytes) -> dict[str, Any]:
    """Return what ``asset.extras.axis`` holds beside the digests; empty if there is none."""
    own = _axis(_parts(glb)[0])
    return {k: v for k, v in own.items() if k not in ("digest", "summary_digest")}


def _parts(glb: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[dict[str, Any], bytes]:
    parts = split_glb(glb, limits)
    document = parse_json(parts.json, limits)
    if not isinstance(document.get("asset"), dict):
        raise InputError("asset is missing: this JSON is not glTF", code="parse_failed")
    return document, bytes(parts.bin or b"")


def _axis(document: dict[str, Any]) -> dict[str, Any]:
    extras = document["asset"].get("extras")
    own = extras.get("axis") if isinstance(extras, dict) else None
    return own if isinstance(own, dict) else {}


def _without_axis(document: dict[str, Any]) -> dict[str, Any]:
    asset = dict(document["asset"])
    extras = asset.pop("extras", None)
    kept = {k: v for k, v in extras.items() if k != "axis"} if isinstance(extras, dict) else {}
    return {**document, "asset": {**asset, **({"extras": kept} if kept else {})}}


def _digest(document: dict[str, Any], binary: bytes) -> str:
    return hashlib.sha256(canonical_json(document) + binary).hexdigest()
