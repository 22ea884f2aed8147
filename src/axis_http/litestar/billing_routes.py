"""Routes about tokens.

Quick reads of the database are done in the event loop: no writer can hold them up, and a thread costs more.
"""

from __future__ import annotations

from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath

from axis_http.litestar.exchange import AnyRequest, Envelope, json_struct, ok, raw_body, whole_number
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.service.billing import Deduction
from axis_http.service.checkout import CheckoutRequest


__all__ = ["ROUTES"]

MOST_TOLD = 256 * 1024
"""Bytes of a processor's event."""


@get("/api/billing/balance", sync_to_thread=False)
def balance(request: AnyRequest) -> Response[Envelope]:
    """What the caller has and may do."""
    return ok(request, service_of(request).billing.balance(caller_of(request)))


@get("/api/billing/usage", sync_to_thread=False)
def usage(request: AnyRequest) -> Response[Envelope]:
    """The caller's rows of the ledger."""
    query = request.query_params
    limit = whole_number("limit", query.get("limit"), 1, 200, 50)
    billing = service_of(request).billing
    return ok(request, billing.usage(caller_of(request), limit, query.get("cursor") or "", query.get("type") or ""))


@get("/portal/api/billing/options", sync_to_thread=False)
def options(request: AnyRequest) -> Response[Envelope]:
    """Plans and packs."""
    return ok(request, service_of(request).billing.options(service_of(request).checkout.provider))


@post("/portal/api/deduct", status_code=200)
async def deduct(request: AnyRequest) -> Response[Envelope]:
    """Charge one's own account for work done elsewhere."""
    service = service_of(request)
    given = await json_struct(request, service, Deduction)
    key = request.headers.get("idempotency-key")
    return ok(request, await to_thread.run_sync(service.billing.deduct, caller_of(request), given, key))


@post("/portal/api/billing/checkout", status_code=200)
async def checkout(request: AnyRequest) -> Response[Envelope]:
    """A payment for a pack of tokens, through the chosen processor."""
    service = service_of(request)
    given = await json_struct(request, service, CheckoutRequest)
    return ok(request, await to_thread.run_sync(service.checkout.begin, caller_of(request), given))


@post("/portal/api/billing/webhook/{provider:str}", status_code=200)
async def told(request: AnyRequest, provider: FromPath[str]) -> Response[Envelope]:
    """What a payment processor tells, signed."""
    service, headers = service_of(request), dict(request.headers)
    body = await raw_body(request, MOST_TOLD)
    return ok(request, await to_thread.run_sync(service.checkout.told, provider, body, headers))


ROUTES = [balance, usage, options, deduct, checkout, told]
