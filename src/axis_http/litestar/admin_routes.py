"""Routes for the operator."""

from __future__ import annotations

from anyio import to_thread
from litestar import Response, get, patch, post
from litestar.params import FromPath

from axis_http.litestar.exchange import AnyRequest, Envelope, json_struct, ok, whole_number
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.service import admin


__all__ = ["ROUTES"]


@get("/admin/api/users", sync_to_thread=True)
def users(request: AnyRequest) -> Response[Envelope]:
    """Accounts, newest first."""
    query = request.query_params
    limit = whole_number("limit", query.get("limit"), 1, 200, 50)
    offset = whole_number("offset", query.get("offset"), 0, 1_000_000_000, 0)
    return ok(request, admin.users(service_of(request), limit, offset))


@patch("/admin/api/users/{user_id:str}", status_code=200)
async def change_user(request: AnyRequest, user_id: FromPath[str]) -> Response[Envelope]:
    """Plan, role or status."""
    service = service_of(request)
    given = await json_struct(request, service, admin.UserChange)
    return ok(request, await to_thread.run_sync(admin.change_user, service, caller_of(request), user_id, given))


@post("/admin/api/users/{user_id:str}/suspend", status_code=200, sync_to_thread=True)
def suspend(request: AnyRequest, user_id: FromPath[str]) -> Response[Envelope]:
    """Sessions end, keys answer 403."""
    return ok(request, admin.suspend(service_of(request), caller_of(request), user_id))


@post("/admin/api/users/{user_id:str}/grant", status_code=200)
async def grant(request: AnyRequest, user_id: FromPath[str]) -> Response[Envelope]:
    """Tokens, with a reason."""
    service = service_of(request)
    given = await json_struct(request, service, admin.Grant)
    return ok(request, await to_thread.run_sync(admin.grant, service, caller_of(request), user_id, given))


@get("/admin/api/prices", sync_to_thread=False)
def prices(request: AnyRequest) -> Response[Envelope]:
    """The price table."""
    return ok(request, admin.prices(service_of(request)))


@get("/admin/api/jobs", sync_to_thread=True)
def jobs(request: AnyRequest) -> Response[Envelope]:
    """Jobs of everybody, without what is in them."""
    limit = whole_number("limit", request.query_params.get("limit"), 1, 200, 50)
    return ok(request, admin.jobs(service_of(request), limit, request.query_params.get("status") or ""))


@get("/metrics", sync_to_thread=True)
def metrics(request: AnyRequest) -> Response[str]:
    """Figures in Prometheus' text format."""
    service = service_of(request)
    text = admin.metrics(service, dict(service.answered))
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


ROUTES = [users, change_user, suspend, grant, prices, jobs, metrics]
