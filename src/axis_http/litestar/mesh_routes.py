"""Routes about meshes, jobs and exports.

Quick reads of the database are done in the event loop: no writer can hold them up, and a thread costs more.
"""

from __future__ import annotations

import hashlib
from typing import Any

from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath

from axis_http.litestar.events import event_stream
from axis_http.litestar.exchange import (
    AnyRequest,
    Envelope,
    from_source,
    json_body,
    media_type,
    ok,
    ranged,
    receive_mesh,
    whole_number,
)
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.litestar.waiting import job_over
from axis_http.nouns import Job
from axis_http.problems import invalid
from axis_http.service import mesh


__all__ = ["ROUTES"]


async def _submitted(request: AnyRequest, kind: str) -> Job:
    """Receive the mesh, check the options and queue the job."""
    service, caller = service_of(request), caller_of(request)
    given = mesh.checked_choices(dict(request.query_params))
    upload, fields = await receive_mesh(request, service, caller)
    given |= mesh.checked_choices({**fields, **dict(request.query_params)})
    return await to_thread.run_sync(lambda: service.submit(caller, kind, upload, given, operation=kind))


async def _answered(request: AnyRequest, job: Job) -> dict[str, Any]:
    """Wait for a job as long as a request may, unless the caller would rather not."""
    service = service_of(request)
    if "respond-async" not in request.headers.get("prefer", ""):
        job = await job_over(service, job.job_id, service.settings.sync_limit)
    return mesh.job_answer(service, job)


@post("/api/process", status_code=200, request_max_body_size=None)
async def process(request: AnyRequest) -> Response[Envelope]:
    """A mesh to an engine-ready avatar."""
    job = await _submitted(request, "process")
    answer = await _answered(request, job)
    chosen = {k: job.params["params"][k] for k in ("platform", "profile", "polygon_tier")}
    return ok(request, {**chosen, **answer})


@post("/api/process/stream", status_code=200, request_max_body_size=None)
async def process_stream(request: AnyRequest) -> Response[Any]:
    """The same, followed by events."""
    job = await _submitted(request, "process")
    return event_stream(request, service_of(request), job, after=0)


@post("/api/rig", status_code=200, request_max_body_size=None)
async def rig(request: AnyRequest) -> Response[Envelope]:
    """A skeleton and weights for a mesh."""
    return ok(request, await _answered(request, await _submitted(request, "rig")))


@post("/api/validate", status_code=200, request_max_body_size=None)
async def validate(request: AnyRequest) -> Response[Envelope]:
    """Findings about a file; nothing is stored."""
    service, caller = service_of(request), caller_of(request)
    given = mesh.checked_choices(dict(request.query_params))
    upload, _ = await receive_mesh(request, service, caller)
    return ok(request, await to_thread.run_sync(service.run_now, "validate", upload, given))


@post("/api/pipeline/run-stage", status_code=200, request_max_body_size=None)
async def run_stage(request: AnyRequest) -> Response[Envelope]:
    """One stage over one input."""
    service, caller = service_of(request), caller_of(request)
    if media_type(request) == "multipart/form-data":
        upload, body = await receive_mesh(request, service, caller)
        from axis_http.litestar.exchange import parsed_object

        body["params"] = parsed_object(str(body.get("params") or "{}").encode())
    else:
        body = await json_body(request, service)
        mesh.checked_stage(service, body)
        upload = await to_thread.run_sync(from_source, service, caller, body.get("input"), "input")
    chosen = mesh.checked_stage(service, body)
    job = await to_thread.run_sync(service.submit, caller, "run_stage", upload, chosen)
    answer = await _answered(request, job)
    return ok(request, mesh.stage_answer(answer) if "stage" in answer else answer)


@get("/api/info", sync_to_thread=True)
def info(request: AnyRequest) -> Response[Envelope]:
    """What is in a file."""
    service, path = service_of(request), request.query_params.get("path")
    if not path:
        raise invalid("path", "is missing")
    upload = mesh.info_upload(service, caller_of(request), path)
    return ok(request, service.run_now("info", upload, {}))


@get("/api/export/{export_id:str}", sync_to_thread=True)
def export(request: AnyRequest, export_id: FromPath[str]) -> Response[Any]:
    """An export's bytes, or what there is to know of it."""
    service = service_of(request)
    found = service.exports.get(caller_of(request).user_id, export_id)
    fmt = request.query_params.get("format") or "glb"
    wanted = request.query_params.get("info")
    if wanted is not None and wanted not in ("true", "1"):
        raise invalid("info", f"is {wanted!r:.20}, expected true or 1")
    if wanted:
        return ok(request, mesh.export_info(service, found, fmt))
    data, media, filename = mesh.export_file(service, found, fmt)
    return ranged(request, data, media=media, filename=filename, etag=hashlib.sha256(data).hexdigest())


@post("/api/uploads", status_code=200, request_max_body_size=None)
async def uploads(request: AnyRequest) -> Response[Envelope]:
    """Store a file once and use it by its id."""
    upload, _ = await receive_mesh(request, service_of(request), caller_of(request))
    keys = ("upload_id", "size_bytes", "sha256", "media_type")
    return ok(request, {**{k: getattr(upload, k) for k in keys}, "expires_at": upload.expires_at.isoformat()})


@get("/api/status", sync_to_thread=False)
def status(request: AnyRequest) -> Response[Envelope]:
    """The state of the service, or of one job."""
    service, job_id = service_of(request), request.query_params.get("job_id")
    if job_id is not None:
        found = service.job_of(caller_of(request), job_id)
        return ok(request, found.view(service.queue.position(job_id)))
    return ok(request, mesh.service_status(service))


@get("/api/job/{job_id:str}")
async def job(request: AnyRequest, job_id: FromPath[str]) -> Response[Envelope]:
    """One job, at once or when it has ended (``wait``)."""
    service = service_of(request)
    found = service.job_of(caller_of(request), job_id)
    wait = whole_number("wait", request.query_params.get("wait"), 0, 60, 0)
    if wait and not found.is_over:
        found = await job_over(service, job_id, float(wait))
    answer = ok(request, found.view(service.queue.position(job_id)))
    if not found.is_over:
        answer.headers["Retry-After"] = "2"
    return answer


@get("/api/jobs", sync_to_thread=False)
def jobs(request: AnyRequest) -> Response[Envelope]:
    """One's own jobs, newest first."""
    return ok(request, mesh.job_page(service_of(request), caller_of(request), dict(request.query_params)))


@post("/api/jobs/{job_id:str}/cancel", status_code=200, sync_to_thread=True)
def cancel(request: AnyRequest, job_id: FromPath[str]) -> Response[Envelope]:
    """Cancel a job: at once if it waits, at its next step if it runs."""
    service = service_of(request)
    service.job_of(caller_of(request), job_id)
    return ok(request, service.queue.cancel(job_id).view())


@get("/api/jobs/{job_id:str}/events", sync_to_thread=False)
def events(request: AnyRequest, job_id: FromPath[str]) -> Response[Any]:
    """The events of a job, from ``Last-Event-ID`` on."""
    service = service_of(request)
    found = service.job_of(caller_of(request), job_id)
    last = request.headers.get("last-event-id", "0")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0
    return event_stream(request, service, found, after=after)


ROUTES = [
    process,
    process_stream,
    rig,
    validate,
    run_stage,
    info,
    export,
    uploads,
    status,
    job,
    jobs,
    cancel,
    events,
]
