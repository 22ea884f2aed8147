"""Routes for the operations of the contract that this version does not have: 503, in the one shape."""

from __future__ import annotations

import re
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from axis_http.contract.document import operations, served_document
from axis_http.litestar.exchange import AnyRequest
from axis_http.problems import problem


__all__ = ["unbuilt_routes"]


def _unbuilt(request: AnyRequest) -> Response[Any]:
    raise problem("not_configured", f"{request.method} {request.scope['path']} is not part of this version")


def unbuilt_routes(built: set[tuple[str, str]]) -> list[HTTPRouteHandler]:
    """Return a handler for every operation of the served document that is not in ``built``."""
    missing: dict[str, list[Any]] = {}
    for method, path, _ in operations(served_document()):
        if (method, path) not in built:
            missing.setdefault(re.sub(r"\{(\w+)\}", r"{\1:str}", path), []).append(method)
    return [
        HTTPRouteHandler(path, http_method=methods, status_code=200, sync_to_thread=False)(_handler())
        for path, methods in missing.items()
    ]


def _handler() -> Any:
    """Return a function of its own: a handler is registered once."""

    def unbuilt(request: AnyRequest) -> Response[Any]:
        return _unbuilt(request)

    return unbuilt
