"""Routes that say what the service is and can do."""

from __future__ import annotations

import hashlib

import msgspec
from litestar import Response, get

from axis_core.errors import StoreError
from axis_http.contract.document import served_document
from axis_http.litestar.exchange import AnyRequest, Envelope, flag, ok, whole_number
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.problems import invalid, problem
from axis_http.service import discovery, listings


__all__ = ["ROUTES"]


@get("/health", sync_to_thread=False)
def health(request: AnyRequest) -> Response[dict[str, object]]:
    """State of the parts."""
    return Response(discovery.health(service_of(request)), status_code=200)


@get("/readyz", sync_to_thread=False)
def ready(request: AnyRequest) -> Response[Envelope]:
    """Whether the server takes work."""
    if service_of(request).stopping.is_set():
        raise problem("draining", retry_after=30.0)
    if service_of(request).store_state() != "ok":
        raise StoreError("the database does not answer")
    return ok(request, {"ready": True})


@get("/openapi.json", sync_to_thread=False)
def openapi(request: AnyRequest) -> Response[bytes]:
    """The served document."""
    data = msgspec.json.encode(served_document())
    etag = f'"{hashlib.sha256(data).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "max-age=300"}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(data, media_type="application/json", headers=headers)


@get("/api/platforms", sync_to_thread=False)
def platforms(request: AnyRequest) -> Response[Envelope]:
    """Platforms with axes and budgets."""
    return ok(request, discovery.platforms(service_of(request)))


@get("/api/backends", sync_to_thread=False)
def backends(request: AnyRequest) -> Response[Envelope]:
    """What makes meshes."""
    return ok(request, discovery.backends(service_of(request)))


@get("/api/capabilities", sync_to_thread=False)
def capabilities(request: AnyRequest) -> Response[Envelope]:
    """What can be done."""
    query = request.query_params
    available = flag("available", query.get("available"))
    return ok(request, discovery.capabilities(service_of(request), query.get("kind"), query.get("tag"), available))


@get("/api/search", sync_to_thread=False)
def search(request: AnyRequest) -> Response[Envelope]:
    """Ranked capabilities."""
    query = request.query_params
    limit = whole_number("limit", query.get("limit"), 1, 200, 50)
    return ok(request, listings.search(service_of(request), query.get("q") or "", limit))


@get("/api/agent/handlers", sync_to_thread=False)
def agent_handlers(request: AnyRequest) -> Response[Envelope]:
    """Verbs that goals may use."""
    return ok(request, listings.agent_handlers(service_of(request)))


@get("/api/ai/providers", sync_to_thread=False)
def ai_providers(request: AnyRequest) -> Response[Envelope]:
    """Language models that are configured."""
    return ok(request, listings.ai_providers(service_of(request)))


@get("/api/repair/types", sync_to_thread=False)
def repair_types(request: AnyRequest) -> Response[Envelope]:
    """Repairs."""
    return ok(request, listings.repair_types(service_of(request)))


@get("/api/audit/formats", sync_to_thread=False)
def audit_formats(request: AnyRequest) -> Response[Envelope]:
    """Formats of reports."""
    return ok(request, listings.audit_formats(service_of(request)))


@get("/api/diagnostics", sync_to_thread=False)
def diagnostics(request: AnyRequest) -> Response[Envelope]:
    """The environment."""
    return ok(request, discovery.diagnostics(service_of(request), is_admin="admin" in caller_of(request).scopes))


@get("/api/release-check", sync_to_thread=True)
def release_check(request: AnyRequest) -> Response[Envelope]:
    """Gates of this installation."""
    query = request.query_params
    try:
        timeout = float(query.get("timeout") or 10.0)
    except ValueError as exc:
        raise invalid("timeout", f"is {query.get('timeout')!r:.40}, expected a number") from exc
    probe = bool(flag("probe", query.get("probe")))
    return ok(request, discovery.release_check(service_of(request), probe=probe, timeout_s=timeout))


@get("/api/pipeline/stages", sync_to_thread=False)
def stages(request: AnyRequest) -> Response[Envelope]:
    """Stages with the schemas of their options."""
    return ok(request, discovery.stages(service_of(request)))


@get("/api/formats", sync_to_thread=False)
def formats(request: AnyRequest) -> Response[Envelope]:
    """Formats in and out."""
    return ok(request, discovery.formats(service_of(request)))


ROUTES = [
    health,
    ready,
    openapi,
    platforms,
    backends,
    capabilities,
    search,
    diagnostics,
    release_check,
    stages,
    formats,
    agent_handlers,
    ai_providers,
    repair_types,
    audit_formats,
]
