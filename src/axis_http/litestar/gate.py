"""The gate in front of Litestar: request ids, headers, routing errors, access, and the last word on crashes.

It knows the served document, so that 404, 405 with a true ``Allow``, and OPTIONS are answered from one source, under
any prefix the app is mounted at.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from anyio import to_thread

from axis_http.contract.document import operations, served_document
from axis_http.litestar.idempotency import Replayed, idempotency_key
from axis_http.nouns import Principal
from axis_http.problems import Problem, problem, problem_of
from axis_http.service.access import principal_for
from axis_http.service.logs import ACCESS_LOG, FIELDS, REQUEST_ID
from axis_http.service.state import Service


__all__ = ["Gate"]

LOG = logging.getLogger("axis_http")

ALLOWED_HEADERS = b"authorization, content-type, idempotency-key, last-event-id, prefer, range, x-api-key"

SIGNED = frozenset({"/api/export/{id}", "/api/exports/{export_id}/files/{name}"})
"""What an address can be signed for."""

UNCOUNTED = frozenset({"/health", "/readyz"})

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


_SECURITY = [(k.lower().encode(), v.encode()) for k, v in SECURITY_HEADERS.items()]
_WANTED = {n.encode(): n for n in ("authorization", "x-api-key", "idempotency-key", "origin", "traceparent")}
"""Headers that the gate looks at."""


def _patterns() -> list[tuple[re.Pattern[str], str, frozenset[str]]]:
    """(pattern, template, methods) of every path, static paths before those with parameters."""
    methods: dict[str, set[str]] = {}
    for method, path, _ in operations(served_document()):
        methods.setdefault(path, set()).add(method)
    ordered = sorted(methods, key=lambda p: (p.count("{"), p))
    return [(re.compile(re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(p))), p, frozenset(methods[p])) for p in ordered]


class Gate:
    """ASGI middleware around the whole app."""

    def __init__(self, app: Any, service: Service) -> None:
        self._app, self._service, self._settings = app, service, service.settings
        everything = _patterns()
        self._plain = {template: methods for _, template, methods in everything if "{" not in template}
        self._routes = [found for found in everything if "{" in found[1]]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, or pass lifespan events on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._service.tracing.is_on or ACCESS_LOG.isEnabledFor(logging.INFO):
            await self._observed(scope, receive, send)
        else:
            await self._answered(scope, receive, send)

    async def _observed(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, with a span and a line in the log."""
        begun, told = time.perf_counter(), {"status": 0}

        async def noted(message: Any) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
            await send(message)

        method, carrier = scope["method"], {k: v for k, v in _wanted(scope).items() if k == "traceparent"}
        with self._service.tracing.span(method, {"http.request.method": method}, carrier) as seen:
            try:
                await self._answered(scope, receive, noted)
            finally:
                state = scope["state"]
                route, principal = state.get("route", ""), state.get("principal")
                seen |= {"http.route": route, "http.response.status_code": told["status"]}
                seen["axis.request_id"] = state["request_id"]
                fields = {"method": method, "route": route, "status": told["status"]}
                fields |= {"ms": round((time.perf_counter() - begun) * 1e3, 1)}
                fields |= {"user_id": principal.user_id} if principal else {}
                ACCESS_LOG.info("%s %s %d", method, route or "-", told["status"], extra={FIELDS: fields})

    async def _answered(self, scope: Any, receive: Any, send: Any) -> None:
        request_id = secrets.token_hex(6)
        REQUEST_ID.set(request_id)
        headers = _wanted(scope)
        origin = headers.get("origin", "")
        origin = origin if origin in self._settings.cors_origins else ""
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def with_headers(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._service.answered[message["status"]] += 1
                message["headers"] = _completed(message["headers"], request_id, origin)
            await send(message)

        try:
            if origin and _is_preflight(scope):
                await self._preflight(scope, with_headers)
                return
            template = await self._admit(scope, headers)
            key = idempotency_key(scope["method"], template, headers)
            if key is None:
                await self._app(scope, receive, with_headers)
            else:
                principal = scope["state"]["principal"]
                await Replayed(self._service, principal, template, key)(self._app, scope, receive, with_headers)
        except Exception as exc:
            if not isinstance(exc, Problem):
                LOG.exception("request %s failed", request_id)
            if started:
                raise
            await _answer(problem_of(exc), request_id, with_headers)

    async def _preflight(self, scope: Any, send: Any) -> None:
        """Answer a CORS preflight with the methods the path has."""
        _, methods = self._route(self._path(scope))
        headers = [
            (b"access-control-allow-methods", ", ".join(sorted(methods)).encode()),
            (b"access-control-allow-headers", ALLOWED_HEADERS),
            (b"access-control-max-age", b"600"),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    @staticmethod
    def _path(scope: Any) -> str:
        """The path below the prefix that the app is mounted at."""
        root, path = str(scope.get("root_path", "")), str(scope["path"])
        return path[len(root) :] if root and path.startswith(root) else path

    async def _admit(self, scope: Any, headers: dict[str, str]) -> str:
        """Find the operation and the caller, or raise the problem; return the path's template."""
        template, methods = self._route(self._path(scope))
        method, state = scope["method"], scope["state"]
        state["route"] = template
        if method not in methods:
            allow = ", ".join(sorted(methods))
            raise problem("method_not_allowed", f"{template} takes {allow}, not {method}", headers={"Allow": allow})
        ip = str(scope["client"][0]) if scope.get("client") else ""
        principal = self._signed(scope, template)
        if principal is None:
            identify = self._service.credentials.identify
            principal = principal_for(self._settings, (method, template), headers, identify, ip)
        state["principal"], state["ip"] = principal, ip
        await self._pace(template, principal, ip)
        return template

    def _signed(self, scope: Any, template: str) -> Principal | None:
        """Return who a signed address speaks for; None for any other request."""
        if template not in SIGNED or b"signature=" not in scope["query_string"]:
            return None
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        path = self._path(scope)
        found = self._service.signed_for(path, query.get("expires", ""), query.get("signature", ""))
        if found is None:
            raise problem("bad_credential", "the address is not signed by us, or has expired")
        return found

    async def _pace(self, template: str, principal: Principal, ip: str) -> None:
        """Count the request against its allowance; health checks, open mode and the operator have none."""
        if self._settings.auth == "open" or template in UNCOUNTED or principal.user_id == "operator":
            return
        name = principal.key_id or principal.session_id or f"ip:{ip}"
        limits = self._service.limits
        if not limits.at_hand(name):
            rate = self._settings.public_rate
            if principal.has_account:
                rate = self._service.billing.pricing.plan(principal.plan).requests_per_minute
            await to_thread.run_sync(limits.take, name, rate)

    def _route(self, path: str) -> tuple[str, frozenset[str]]:
        known = self._plain.get(path)
        if known is not None:
            return path, known
        for pattern, template, methods in self._routes:
            if pattern.fullmatch(path):
                return template, methods
        raise Problem(status=404, code="not_found", error=f"there is no path {path!r:.200}")


def _wanted(scope: Any) -> dict[str, str]:
    """The headers that the gate looks at; of one that is sent twice the last counts."""
    return {_WANTED[k]: v.decode("latin-1") for k, v in ((k.lower(), v) for k, v in scope["headers"]) if k in _WANTED}


def _is_preflight(scope: Any) -> bool:
    asks = any(k.lower() == b"access-control-request-method" for k, _ in scope["headers"])
    return bool(scope["method"] == "OPTIONS" and asks)


def _completed(headers: Any, request_id: str, origin: str) -> list[tuple[bytes, bytes]]:
    out = [(bytes(k).lower(), bytes(v)) for k, v in headers]
    present = {k for k, _ in out}
    extra = [*_SECURITY, (b"x-request-id", request_id.encode())]
    if origin:
        own = {b"access-control-allow-origin": origin.encode(), b"vary": b"Origin"}
        own[b"cross-origin-resource-policy"] = b"cross-origin"
        extra = [*((k, v) for k, v in extra if k not in own), *own.items()]
    out += [(k, v) for k, v in extra if k not in present]
    return out


def problem_response(found: Problem, request_id: str) -> tuple[int, Mapping[str, str], bytes]:
    """Return status, headers and body of a problem."""
    headers = {"Content-Type": "application/json", **found.headers}
    if found.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(found.retry_after)))
    return found.status, headers, msgspec.json.encode(found.body(request_id))


async def _answer(found: Problem, request_id: str, send: Any) -> None:
    status, headers, body = problem_response(found, request_id)
    pairs = [(k.encode(), v.encode("latin-1", "replace")) for k, v in headers.items()]
    pairs.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
