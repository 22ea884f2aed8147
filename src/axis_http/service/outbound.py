"""Requests that we send: to an address that was looked at first, within a time and a size, without redirects.

A name is resolved once, every address that it has must be one that may be called, and the connection goes to that
address: a name that answers differently a second later (DNS rebinding) reaches nothing else.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

import attrs

from axis_core.errors import InputError, ProviderError


__all__ = ["Reply", "checked_url", "post"]

SECONDS, LARGEST = 5.0, 64 * 1024


@attrs.frozen(kw_only=True)
class Reply:
    """What came back: status, and the body up to ``LARGEST`` bytes."""

    status: int
    body: bytes


def checked_url(url: str, *, allow_private: bool) -> SplitResult:
    """Return the parts of a URL that may be called: https, or http where private addresses are allowed.

    Raises
    ------
    InputError
        ``forbidden_url``: another scheme, a name with a password, no host, or a literal address of a private network.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise InputError(f"{url!r:.200} is no URL: {exc}", code="forbidden_url") from exc
    schemes = ("https", "http") if allow_private else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password or port == 0:
        raise InputError(f"{url!r:.200} cannot be called, expected {' or '.join(schemes)}://HOST", code="forbidden_url")
    if len(url) > 2000 or not url.isprintable() or " " in url:
        raise InputError("the URL is too long, or holds characters that no URL has", code="forbidden_url")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts
    if not (allow_private or _is_public(literal)):
        raise InputError(f"{parts.hostname} is an address of a private network", code="forbidden_url")
    return parts


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is anybody's on the internet; what an IPv6 address wraps (mapped, 6to4, NAT64) counts."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if wrapped is None and address in ipaddress.ip_network("64:ff9b::/96"):
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return _is_public(wrapped)
    return address.is_global and not address.is_multicast


def _resolved(host: str, port: int, *, allow_private: bool) -> str:
    """Return the first address of a host; one that may not be called among them refuses them all."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise ProviderError(f"{host} has no address") from exc
    addresses = [str(entry[4][0]) for entry in found]
    for text in addresses:
        if not allow_private and not _is_public(ipaddress.ip_address(text.partition("%")[0])):
            raise InputError(f"{host} is an address of a private network", code="forbidden_url")
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was chosen before; the certificate must be that of the name."""

    def __init__(self, address: str, parts: SplitResult, port: int, seconds: float) -> None:
        super().__init__(str(parts.hostname), port, timeout=seconds)
        self._address, self._tls = address, parts.scheme == "https"

    def connect(self) -> None:
        """Connect to the address, and speak TLS to the name where it is https."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow_private: bool = False,
    seconds: float = SECONDS,
) -> Reply:
    """Send a body and return the answer; a redirect is an answer like any other.

    Parameters
    ----------
    seconds : float
        For all of it: a server that sends a byte now and then is cut off, too.

    Raises
    ------
    InputError
        ``forbidden_url``: the URL, or what its name resolves to, may not be called. Nothing was sent.
    ProviderError
        If there is no whole answer in time.
    """
    parts = checked_url(url, allow_private=allow_private)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _resolved(str(parts.hostname), port, allow_private=allow_private)
    connection = _Pinned(address, parts, port, seconds)
    late = threading.Event()
    watch = threading.Timer(seconds, _cut, (connection, late))
    watch.daemon = True
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"User-Agent": "axis", **headers})
        answer = connection.getresponse()
        reply = Reply(status=answer.status, body=answer.read(LARGEST))
    except (OSError, http.client.HTTPException, ValueError) as exc:
        raise ProviderError(f"{parts.hostname} gave no answer in {seconds:g} s: {type(exc).__name__}") from exc
    finally:
        watch.cancel()
        connection.close()
    if late.is_set():  # a head that is cut off reads like one that has ended
        raise ProviderError(f"{parts.hostname} gave no answer in {seconds:g} s")
    return reply


def _cut(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    """End a connection that another thread waits for."""
    late.set()
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:  # it has ended by itself
            return
