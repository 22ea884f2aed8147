"""URIs as glTF files hold them: relative references and data URIs.

References
----------
T. Berners-Lee et al., Uniform Resource Identifier (URI): Generic Syntax, RFC 3986.
L. Masinter, The "data" URL scheme, RFC 2397.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from urllib.parse import unquote, unquote_to_bytes

import attrs


__all__ = ["Uri", "UriError", "parse_uri"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]*(={0,2})")
_MAXIMUM_PADDING = 2


class UriError(Exception):
    """The text is not a URI; the message says why."""


@attrs.frozen
class Uri:
    """A parsed URI.

    Attributes
    ----------
    text : str
        As it stands in the file.
    is_relative : bool
        Whether it is a relative path: no scheme, host, query or fragment, and not from the root.
    media_type : str or None
        Of a data URI, as written; None for the others. Its case has no meaning.
    data : bytes or None
        The content of a data URI.
    """

    text: str
    is_relative: bool
    media_type: str | None = None
    data: bytes | None = None

    @property
    def is_data(self) -> bool:
        """Whether the content is in the URI itself."""
        return self.data is not None


def parse_uri(text: str) -> Uri:
    """Parse a URI reference.

    Raises
    ------
    UriError
        If a scheme, a port, a host in brackets or a data URI is malformed.
    """
    if text[:5].lower() == "data:":
        return _parse_data(text)
    scheme = _scheme_length(text)
    rest = text[scheme:].replace("\\", "/")
    if rest.startswith("//"):
        _check_authority(text, re.split(r"[/?#]", rest[2:], maxsplit=1)[0])
    relative = not scheme and not rest.startswith("/") and "?" not in rest and "#" not in rest
    return Uri(text, relative)


def _scheme_length(text: str) -> int:
    """Return the length of the scheme and its colon, 0 if there is none."""
    head = re.split(r"[/?#\\]", text, maxsplit=1)[0]
    colon = head.find(":")
    if colon < 0:
        return 0
    if colon == 0:
        raise UriError(_error("Invalid empty scheme", text, 0))
    if not head[0].isascii() or not head[0].isalpha():
        raise UriError(_error("Scheme not starting with alphabetic character", text, 0))
    match = _SCHEME.match(head)
    end = match.end() if match else 0
    if end < colon:
        raise UriError(_error("Illegal scheme character", text, end))
    return colon + 1


def _check_authority(text: str, authority: str) -> None:
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        inside, closed, port = host[1:].partition("]")
        if not closed:
            raise UriError(_error("Missing end `]` to match `[` in host", text, text.find("[")))
        try:
            ipaddress.IPv6Address(inside)
        except ValueError as error:
            raise UriError(_error("Invalid IPv6 host", text, text.find("["))) from error
        port = port.removeprefix(":")
    else:
        port = host.partition(":")[2]
    if port and not (port.isascii() and port.isdigit()):
        raise UriError(_error("Invalid port", text, text.rfind(port)))


def _parse_data(text: str) -> Uri:
    header, comma, content = text[5:].partition(",")
    parts = header.split(";")
    is_base64 = len(parts) > 1 and parts[-1] == "base64" and bool(comma)
    media_type = unquote(parts[0]) or "text/plain"
    if parts[0] and "/" not in parts[0]:
        raise UriError(_error("Invalid MIME type", text, 5 + len(parts[0])))
    if not comma or any("=" not in p for p in parts[1 : len(parts) - is_base64]):
        raise UriError(_error("Expecting '='", text, 5 + len(header)))
    data = _decode_base64(text, content) if is_base64 else unquote_to_bytes(content)
    return Uri(text, False, media_type, data)


def _decode_base64(text: str, content: str) -> bytes:
    """Decode base64 of either alphabet, the padding optional but right if there."""
    start = len(text) - len(content)
    plain = content.replace("%3D", "=").replace("%3d", "=")
    match = _BASE64.match(plain)
    end = match.end() if match else 0
    if end < len(plain):
        what = "Invalid base64 padding" if "=" in plain[: end + 1] else "Invalid base64 data"
        raise UriError(_error(what, text, start + end))
    padding = len(match[1]) if match else 0
    if len(plain) % 4 == 1 or (padding and len(plain) % 4):
        raise UriError(_error("Invalid base64 encoding length ", text, start))
    if "-" in plain or "_" in plain:
        plain = plain.replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4))


def _error(what: str, text: str, position: int) -> str:
    """Spell an error with the text and a mark under the place."""
    shown = text if len(text) <= 78 else f"{text[:75]}..."
    mark = f"\n{' ' * position}^" if position < len(shown) else ""
    return f"FormatException: {what} (at character {position + 1})\n{shown}{mark}"
