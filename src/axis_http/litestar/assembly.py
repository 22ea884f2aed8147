"""The Litestar app of a service: its routes, its life, and its errors in the one shape."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from axis_core.errors import AxisError
from axis_http.litestar.account_routes import ROUTES as ACCOUNTS
from axis_http.litestar.admin_routes import ROUTES as ADMIN
from axis_http.litestar.agent_routes import ROUTES as AGENT
from axis_http.litestar.audit_routes import ROUTES as AUDIT
from axis_http.litestar.billing_routes import ROUTES as BILLING
from axis_http.litestar.discovery_routes import ROUTES as DISCOVERY
from axis_http.litestar.gallery_routes import ROUTES as GALLERY
from axis_http.litestar.gate import problem_response
from axis_http.litestar.generate_routes import ROUTES as GENERATE
from axis_http.litestar.mesh_routes import ROUTES as MESH
from axis_http.litestar.photo_routes import ROUTES as PHOTOS
from axis_http.litestar.recovery_routes import ROUTES as RECOVERY
from axis_http.litestar.studio_routes import ROUTES as STUDIO
from axis_http.litestar.unbuilt_routes import unbuilt_routes
from axis_http.litestar.webhook_routes import ROUTES as WEBHOOKS
from axis_http.problems import Problem, problem_of
from axis_http.service.state import Service


__all__ = ["assemble"]


def assemble(service: Service) -> Litestar:
    """Return the app of ``service``; starting it starts the service, stopping it stops the service."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        service.start()
        try:
            yield
        finally:
            await anyio.to_thread.run_sync(service.stop)

    people = [*ACCOUNTS, *ADMIN, *BILLING, *RECOVERY, *WEBHOOKS]
    built = [*AGENT, *AUDIT, *DISCOVERY, *GALLERY, *GENERATE, *MESH, *PHOTOS, *STUDIO, *people]
    return Litestar(
        route_handlers=[*built, *unbuilt_routes(_operations_of(built))],
        lifespan=[lifespan],
        state=State({"service": service}),
        openapi_config=None,
        logging_config=None,
        exception_handlers={Exception: _answer_error, HTTPException: _answer_error},
    )


def _operations_of(handlers: list[HTTPRouteHandler]) -> set[tuple[str, str]]:
    """(METHOD, path template) of handlers; parameter names are those of the contract."""
    names = {"/api/export/{export_id}": "/api/export/{id}", "/avatars/{file}": "/avatars/{avatar_id}.glb"}
    out = set()
    for handler in handlers:
        for path in handler.paths:
            template = re.sub(r"\{(\w+):str\}", r"{\1}", path)
            out |= {(str(m), names.get(template, template)) for m in handler.http_methods}
            out |= {(str(m), f"{template}/") for m in handler.http_methods}  # the framework takes both
    return out


def _answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return any exception of a handler in the one shape."""
    if not isinstance(error, Problem | AxisError | HTTPException):
        raise error  # the gate logs it with the request id and answers
    found = _of_framework(error) if isinstance(error, HTTPException) else problem_of(error)
    status, headers, body = problem_response(found, request.scope["state"]["request_id"])
    return Response(body, status_code=status, headers=dict(headers), media_type="application/json")


def _of_framework(error: HTTPException) -> Problem:
    codes = {400: "invalid_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    return Problem(status=error.status_code, code=codes.get(error.status_code, "internal"), error=str(error.detail))
