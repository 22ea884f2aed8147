"""Routes about webhooks.

Where a path has several methods the handlers are async: Litestar 2.25 forgets that a plain one was to run in a thread.
"""

from __future__ import annotations

from anyio import to_thread
from litestar import Response, delete, get, post
from litestar.params import FromPath

from axis_http.litestar.exchange import AnyRequest, Envelope, json_struct, named, ok, whole_number
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.service.webhooks import WebhookRequest


__all__ = ["ROUTES"]


@get("/api/webhooks")
async def listed(request: AnyRequest) -> Response[Envelope]:
    """One's webhooks."""
    return ok(request, await to_thread.run_sync(service_of(request).webhooks.listed, caller_of(request)))


@post("/api/webhooks", status_code=200)
async def make(request: AnyRequest) -> Response[Envelope]:
    """A webhook; its secret is told once."""
    service = service_of(request)
    given = await json_struct(request, service, WebhookRequest)
    return ok(request, await to_thread.run_sync(service.webhooks.make, caller_of(request), given))


@delete("/api/webhooks", status_code=200)
async def remove(request: AnyRequest) -> Response[Envelope]:
    """A webhook goes, with what was not delivered."""
    webhook_id = await named(request, service_of(request), "webhook_id")
    done = await to_thread.run_sync(service_of(request).webhooks.remove, caller_of(request), webhook_id)
    return ok(request, done)


@post("/api/webhooks/{webhook_id:str}/rotate", status_code=200, sync_to_thread=True)
def rotate(request: AnyRequest, webhook_id: FromPath[str]) -> Response[Envelope]:
    """A new secret, told once."""
    return ok(request, service_of(request).webhooks.rotate(caller_of(request), webhook_id))


@post("/api/webhooks/{webhook_id:str}/test", status_code=200, sync_to_thread=True)
def test(request: AnyRequest, webhook_id: FromPath[str]) -> Response[Envelope]:
    """A message that says nothing."""
    return ok(request, service_of(request).webhooks.test(caller_of(request), webhook_id))


@get("/api/webhooks/{webhook_id:str}/deliveries", sync_to_thread=True)
def deliveries(request: AnyRequest, webhook_id: FromPath[str]) -> Response[Envelope]:
    """What was sent, or will be."""
    query = request.query_params
    limit = whole_number("limit", query.get("limit"), 1, 200, 50)
    hooks = service_of(request).webhooks
    return ok(request, hooks.deliveries(caller_of(request), webhook_id, limit, query.get("cursor") or ""))


@post("/api/webhooks/{webhook_id:str}/deliveries/{delivery_id:str}/redeliver", status_code=200, sync_to_thread=True)
def redeliver(request: AnyRequest, webhook_id: FromPath[str], delivery_id: FromPath[str]) -> Response[Envelope]:
    """A message again, under its id."""
    return ok(request, service_of(request).webhooks.redeliver(caller_of(request), webhook_id, delivery_id))


ROUTES = [listed, make, remove, rotate, test, deliveries, redeliver]
