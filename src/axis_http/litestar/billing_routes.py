"""Routes about tokens."""

from __future__ import annotations

from anyio import to_thread
from litestar import Response, get, post

from axis_http.litestar.exchange import AnyRequest, Envelope, json_struct, ok, whole_number
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.service.billing import Deduction


__all__ = ["ROUTES"]


@get("/api/billing/balance", sync_to_thread=True)
def balance(request: AnyRequest) -> Response[Envelope]:
    """What the caller has and may do."""
    return ok(request, service_of(request).billing.balance(caller_of(request)))


@get("/api/billing/usage", sync_to_thread=True)
def usage(request: AnyRequest) -> Response[Envelope]:
    """The caller's rows of the ledger."""
    query = request.query_params
    limit = whole_number("limit", query.get("limit"), 1, 200, 50)
    billing = service_of(request).billing
    return ok(request, billing.usage(caller_of(request), limit, query.get("cursor") or "", query.get("type") or ""))


@get("/portal/api/billing/options", sync_to_thread=True)
def options(request: AnyRequest) -> Response[Envelope]:
    """Plans and packs."""
    return ok(request, service_of(request).billing.options())


@post("/portal/api/deduct", status_code=200)
async def deduct(request: AnyRequest) -> Response[Envelope]:
    """Charge one's own account for work done elsewhere."""
    service = service_of(request)
    given = await json_struct(request, service, Deduction)
    key = request.headers.get("idempotency-key")
    return ok(request, await to_thread.run_sync(service.billing.deduct, caller_of(request), given, key))


ROUTES = [balance, usage, options, deduct]
