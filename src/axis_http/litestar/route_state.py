"""What a route finds in its request: the service and the caller."""

from __future__ import annotations

from axis_http.litestar.exchange import AnyRequest
from axis_http.nouns import Principal
from axis_http.service.state import Service


__all__ = ["caller_of", "ip_of", "service_of"]


def service_of(request: AnyRequest) -> Service:
    """Return the service of the app."""
    service = request.app.state["service"]
    assert isinstance(service, Service)
    return service


def caller_of(request: AnyRequest) -> Principal:
    """Return who calls, as the door of the app has found out."""
    caller = request.scope["state"]["principal"]
    assert isinstance(caller, Principal)
    return caller


def ip_of(request: AnyRequest) -> str:
    """Return the address that calls; empty where the server does not tell."""
    return str(request.scope["state"]["ip"])
