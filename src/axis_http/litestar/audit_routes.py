"""Routes about audits, suggested repairs, fraud checks and reviews."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath

from axis_http.litestar.exchange import (
    AnyRequest,
    Envelope,
    from_source,
    json_body,
    json_struct,
    media_type,
    ok,
    receive_mesh,
    whole_number,
)
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.problems import invalid
from axis_http.service import audit, fraud, reviews


__all__ = ["ROUTES"]

MOST = 1_000_000_000


@post("/api/audit/contract", status_code=200)
async def audit_contract(request: AnyRequest) -> Response[Envelope]:
    """Whether an avatar contract is sound."""
    service = service_of(request)
    body = await json_body(request, service)
    return ok(request, await to_thread.run_sync(audit.audit_contract, service, body))


@post("/api/audit/glb", status_code=200, request_max_body_size=None)
async def audit_glb(request: AnyRequest) -> Response[Envelope]:
    """What is wrong with a GLB, and which platforms take it."""
    service = service_of(request)
    options = audit.checked_options(service, dict(request.query_params))
    upload, fields = await receive_mesh(request, service, caller_of(request))
    options = audit.checked_options(service, {**fields, **{k: v for k, v in options.items() if v}})
    return ok(request, await to_thread.run_sync(audit.audit_glb, service, upload, options))


@post("/api/repair/suggest", status_code=200, request_max_body_size=None)
async def suggest(request: AnyRequest) -> Response[Envelope]:
    """Repairs that something calls for."""
    service, caller = service_of(request), caller_of(request)
    if media_type(request) == "application/json":
        body = await json_body(request, service)
        if "source" not in body:
            return ok(request, await to_thread.run_sync(audit.suggest, service, caller, body))
        upload = await to_thread.run_sync(from_source, service, caller, body["source"])
    else:
        upload, _ = await receive_mesh(request, service, caller)
    return ok(request, await to_thread.run_sync(audit.suggest_for_upload, service, upload))


@post("/api/fraud/check", status_code=200, request_max_body_size=None)
async def fraud_check(request: AnyRequest) -> Response[Envelope]:
    """Signs of fraud."""
    service, caller = service_of(request), caller_of(request)
    if media_type(request) == "application/json":
        body = await json_body(request, service)
        return ok(request, await to_thread.run_sync(_checked, request, body))
    upload, _ = await receive_mesh(request, service, caller)
    return ok(request, await to_thread.run_sync(fraud.check_upload, service, caller, upload))


def _checked(request: AnyRequest, body: dict[str, Any]) -> dict[str, Any]:
    service, caller = service_of(request), caller_of(request)
    if isinstance(body.get("asset_id"), str):
        return fraud.check_asset(service, caller, body["asset_id"])
    if isinstance(body.get("export_id"), str):
        return fraud.check_export(service, caller, body["export_id"])
    if "source" in body:
        upload = from_source(service, caller, body["source"])
        return fraud.check_upload(service, caller, upload, body.get("contract"))
    if "contract" not in body:
        raise invalid("body", "expected asset_id, export_id, contract, source, or a mesh")
    return fraud.check_contract_only(service, caller, audit.contract_in(body))


@get("/api/fraud/stats", sync_to_thread=True)
def fraud_stats(request: AnyRequest) -> Response[Envelope]:
    """Figures over one's own checks."""
    window = whole_number("window_days", request.query_params.get("window_days"), 1, 365, 30)
    return ok(request, fraud.stats(service_of(request), caller_of(request), window))


@get("/api/review/pending", sync_to_thread=True)
def pending(request: AnyRequest) -> Response[Envelope]:
    """What waits for a person."""
    query = request.query_params
    limit = whole_number("limit", query.get("limit"), 1, 200, 50)
    offset = whole_number("offset", query.get("offset"), 0, MOST, 0)
    return ok(request, reviews.pending(service_of(request), caller_of(request), limit, offset))


@get("/api/review/{review_id:str}", sync_to_thread=True)
def review(request: AnyRequest, review_id: FromPath[str]) -> Response[Envelope]:
    """One item with its history."""
    return ok(request, reviews.detail(service_of(request), caller_of(request), review_id))


@post("/api/review/decide", status_code=200)
async def decide(request: AnyRequest) -> Response[Envelope]:
    """A person's decision."""
    service = service_of(request)
    given = await json_struct(request, service, reviews.Decision)
    return ok(request, await to_thread.run_sync(reviews.decide, service, caller_of(request), given))


ROUTES = [
    audit_contract,
    audit_glb,
    suggest,
    fraud_check,
    fraud_stats,
    pending,
    review,
    decide,
]
