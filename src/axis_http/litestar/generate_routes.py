"""Routes of generation: one avatar, a prompt through the pipeline, batches, and the lists to choose from."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import anyio
import msgspec
from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from axis_http.litestar.exchange import AnyRequest, Envelope, json_body, linked, ok, prefix_of
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.litestar.waiting import job_over
from axis_http.nouns import Job
from axis_http.problems import invalid
from axis_http.service import batches, foundry, generate, mesh
from axis_http.service.state import Service


__all__ = ["ROUTES"]

POLL_S = 0.1
PING_S = 15.0


async def _answered(request: AnyRequest, job: Job, *, later: bool) -> dict[str, Any]:
    """Wait for a job as long as a request may, unless the caller would rather not."""
    service = service_of(request)
    if not later and "respond-async" not in request.headers.get("prefer", ""):
        job = await job_over(service, job.job_id, service.settings.sync_limit)
    return mesh.job_answer(service, job)


@post("/api/generate", status_code=200)
async def generate_one(request: AnyRequest) -> Response[Envelope]:
    """A person from words, a preset and parameters."""
    service, caller = service_of(request), caller_of(request)
    body = await json_body(request, service, optional=True)
    item = await to_thread.run_sync(generate.checked_item, body)
    job = await to_thread.run_sync(generate.submit_item, service, caller, item)
    return ok(request, await _answered(request, job, later=body.get("async") is True))


@post("/api/prompt-pipeline", status_code=200)
async def prompt_pipeline(request: AnyRequest) -> Response[Envelope]:
    """A sentence to an engine-ready avatar, with what was understood and every stage."""
    service, caller = service_of(request), caller_of(request)
    body = await json_body(request, service)
    prompt = body.get("prompt")
    if not isinstance(prompt, str) or len(prompt.strip()) < 3:
        raise invalid("prompt", "expected a text of 3 to 2000 characters")
    keys = ("prompt", "platform", "output_profile", "polygon_tier", "seed", "save")
    chosen = {"lods": True, "morph_targets": True, **{k: body[k] for k in keys if k in body}}
    item = await to_thread.run_sync(generate.checked_item, chosen)
    job = await to_thread.run_sync(generate.submit_item, service, caller, item)
    return ok(request, generate.pipeline_answer(await _answered(request, job, later=False)))


async def _batch(request: AnyRequest) -> batches.Batch:
    service, caller = service_of(request), caller_of(request)
    body = await json_body(request, service)
    return await to_thread.run_sync(batches.submit_batch, service, caller, body)


@post("/api/batch-generate", status_code=200)
async def batch_generate(request: AnyRequest) -> Response[Envelope]:
    """Many at once; a bad item fails alone."""
    service, batch = service_of(request), await _batch(request)
    if "respond-async" not in request.headers.get("prefer", ""):
        batch = await to_thread.run_sync(batches.wait_batch, service, batch, service.settings.sync_limit)
    return ok(request, batch.view())


@post("/api/batch-generate/stream", status_code=200)
async def batch_generate_stream(request: AnyRequest) -> Response[Any]:
    """The same, followed by events."""
    return _streamed(request, await _batch(request), after=0)


@get("/api/batches/{batch_id:str}", sync_to_thread=True)
def batch_state(request: AnyRequest, batch_id: FromPath[str]) -> Response[Envelope]:
    """A batch as it is now."""
    return ok(request, batches.batch_of(service_of(request), caller_of(request), batch_id).view())


@get("/api/batches/{batch_id:str}/events")
async def batch_events(request: AnyRequest, batch_id: FromPath[str]) -> Response[Any]:
    """The events of a batch, from ``Last-Event-ID`` on."""
    service, caller = service_of(request), caller_of(request)
    batch = await to_thread.run_sync(batches.batch_of, service, caller, batch_id)
    last = request.headers.get("last-event-id", "0")
    return _streamed(request, batch, after=int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0)


def _streamed(request: AnyRequest, batch: batches.Batch, *, after: int) -> Response[Any]:
    return Stream(
        _events(service_of(request), batch, after, prefix_of(request)),
        status_code=200,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(service: Service, batch: batches.Batch, after: int, prefix: str) -> AsyncIterator[bytes]:
    last_sent = time.monotonic()
    while True:
        batch = await to_thread.run_sync(batches.refreshed, service, batch)
        for number, (kind, data) in enumerate(batch.events(), start=1):
            if number > after:
                text = msgspec.json.encode(linked(data, prefix)).decode()
                yield f"id: {number}\nevent: {kind}\ndata: {text}\n\n".encode()
                after, last_sent = number, time.monotonic()
        if batch.is_over:
            return
        if service.stopping.is_set():
            yield b"event: bye\nretry: 5000\ndata: {}\n\n"
            return
        if time.monotonic() - last_sent > PING_S:
            yield b": ping\n\n"
            last_sent = time.monotonic()
        await anyio.sleep(POLL_S)


@get("/api/presets", sync_to_thread=True)
def presets(request: AnyRequest) -> Response[Envelope]:
    """People to begin with."""
    return ok(request, generate.preset_list())


@get("/api/body/sliders", sync_to_thread=True)
def sliders(request: AnyRequest) -> Response[Envelope]:
    """What can be changed, and how far."""
    return ok(request, generate.slider_list())


@get("/api/animations", sync_to_thread=True)
def animations(request: AnyRequest) -> Response[Envelope]:
    """Clips that can be put into a file."""
    return ok(request, generate.animation_list())


@get("/api/foundry/providers", sync_to_thread=True)
def foundry_providers(request: AnyRequest) -> Response[Envelope]:
    """Who makes avatars."""
    return ok(request, foundry.foundry_providers(service_of(request)))


@get("/api/foundry/profiles", sync_to_thread=False)
def foundry_profiles(request: AnyRequest) -> Response[Envelope]:
    """What a result can be made for."""
    return ok(request, foundry.foundry_profiles())


@get("/api/foundry/modes", sync_to_thread=True)
def foundry_modes(request: AnyRequest) -> Response[Envelope]:
    """From what avatars are made."""
    return ok(request, foundry.foundry_modes(service_of(request)))


ROUTES = [
    generate_one,
    prompt_pipeline,
    batch_generate,
    batch_generate_stream,
    batch_state,
    batch_events,
    presets,
    sliders,
    animations,
    foundry_providers,
    foundry_profiles,
    foundry_modes,
]
