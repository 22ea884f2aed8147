"""The route of goals."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Response, post

from axis_http.litestar.exchange import AnyRequest, Envelope, from_source, json_body, ok
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.litestar.waiting import job_over
from axis_http.nouns import Upload
from axis_http.service import agent


__all__ = ["ROUTES"]


@post("/api/agent/run", status_code=200)
async def run(request: AnyRequest) -> Response[Envelope]:
    """A goal in plain words: planned, checked, and carried out as a job."""
    service, caller = service_of(request), caller_of(request)
    body = await json_body(request, service)
    given = await _input_of(request, body)
    asked = await to_thread.run_sync(agent.checked_goal, service, caller, body, given)
    answer = agent.plan_answer(caller, asked)
    if answer is None:
        job = await to_thread.run_sync(agent.submit_goal, service, caller, asked)
        if "respond-async" not in request.headers.get("prefer", ""):
            job = await job_over(service, job.job_id, service.settings.sync_limit)
        answer = agent.run_answer(service, job)
    return ok(request, answer)


async def _input_of(request: AnyRequest, body: dict[str, Any]) -> Upload | None:
    """What ``context.input`` holds where it is an object, as other operations take it."""
    context = body.get("context")
    source = context.get("input") if isinstance(context, dict) else None
    if not isinstance(source, dict):
        return None
    return await to_thread.run_sync(from_source, service_of(request), caller_of(request), source, "context.input")


ROUTES = [run]
