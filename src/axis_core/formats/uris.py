"""URIs inside of assets: data URIs are decoded, names of companions are looked up, all else is refused.

No asset makes this library open a path or a connection. A companion is asked for by its bare name, or (from an archive,
which is a world of its own) by its path downwards from the main file.
"""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote, unquote_to_bytes

from axis_core.errors import InputError
from axis_core.plugin.kinds import Companions


__all__ = ["companion_name", "decode_data_uri", "fetch_uri", "is_data_uri"]


def is_data_uri(uri: str) -> bool:
    """Return whether the bytes stand in the URI itself (RFC 2397)."""
    return uri[:5].lower() == "data:"


def decode_data_uri(uri: str, pointer: str) -> tuple[bytes, str]:
    """Return the bytes and the media type of a data URI.

    Raises
    ------
    InputError
        ``parse_failed``: no comma, or bad base64.
    """
    head, comma, body = uri[5:].partition(",")
    if not comma:
        raise InputError("a data URI without a comma", code="parse_failed", pointer=pointer)
    media_type, *parameters = (part.strip() for part in head.split(";"))
    if "base64" not in (p.lower() for p in parameters):
        return unquote_to_bytes(body), media_type.lower()
    try:
        return base64.b64decode(unquote(body) if "%" in body else body, validate=True), media_type.lower()
    except (binascii.Error, ValueError) as exc:
        raise InputError(f"a data URI with bad base64: {exc}", code="parse_failed", pointer=pointer) from exc


def companion_name(uri: str, pointer: str) -> str:
    """Return the name that a relative URI asks for, percent-decoded.

    Raises
    ------
    InputError
        ``external_uri``: a scheme, an absolute path, a step upwards, a backslash or a control character.
    """
    name = unquote(uri)
    parts = name.split("/")
    if (
        not name
        or ":" in name
        or "\\" in name
        or any(part in ("", ".", "..") for part in parts)
        or any(ord(c) < 32 for c in name)
    ):
        raise InputError(
            f"the file points outside itself: {uri!r:.120}",
            code="external_uri",
            pointer=pointer,
            hint="Only data URIs and files beside it are read. Send a GLB, or a zip with everything in it.",
        )
    return name


def fetch_uri(uri: str, companions: Companions, pointer: str) -> tuple[bytes, str]:
    """Return the bytes behind a URI, and its media type where the URI says it.

    Raises
    ------
    InputError
        ``external_uri`` if it is neither a data URI nor the name of a companion that is there.
    """
    if is_data_uri(uri):
        return decode_data_uri(uri, pointer)
    name = companion_name(uri, pointer)
    data = companions(name)
    if data is None:
        raise InputError(
            f"the file needs {name!r:.120}, which did not come with it",
            code="external_uri",
            pointer=pointer,
            hint="Put it beside the file under exactly this name, send a zip with both, or send a GLB.",
        )
    return bytes(data), ""
