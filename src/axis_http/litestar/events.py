"""Server-sent events of a job: numbered, resumable, closed by an end event; a comment each 15 s keeps proxies awake."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import anyio
import msgspec
from litestar import Response
from litestar.response import Stream

from axis_http.litestar.exchange import AnyRequest, linked, prefix_of
from axis_http.nouns import Event, Job
from axis_http.service.state import Service


__all__ = ["event_stream"]

POLL_S = 0.1
PING_S = 15.0


def _line(event: Event, prefix: str) -> bytes:
    data = msgspec.json.encode(linked(event.data, prefix)).decode()
    return f"id: {event.seq}\nevent: {event.type}\ndata: {data}\n\n".encode()


async def _events(service: Service, job: Job, after: int, prefix: str) -> AsyncIterator[bytes]:
    last_sent = time.monotonic()
    while True:
        found = service.queue.events(job.job_id, after)
        for event in found:
            yield _line(event, prefix)
            after, last_sent = event.seq, time.monotonic()
            if event.type == "done":
                return
        if service.stopping.is_set():
            yield b"event: bye\nretry: 5000\ndata: {}\n\n"
            return
        if time.monotonic() - last_sent > PING_S:
            yield b": ping\n\n"
            last_sent = time.monotonic()
        await anyio.sleep(POLL_S)


def event_stream(request: AnyRequest, service: Service, job: Job, *, after: int) -> Response[Any]:
    """Return the events of ``job`` above ``after`` as they come."""
    return Stream(
        _events(service, job, after, prefix_of(request)),
        status_code=200,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
