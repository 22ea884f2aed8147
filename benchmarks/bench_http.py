"""What our gate costs: a route of ours against a bare Litestar route with the same data, in one process, interleaved.

    python benchmarks/bench_http.py

prints the median microseconds of CPU of each and their ratio. No socket: both are called as ASGI.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from litestar import Litestar, get

from axis_http import Settings, create_app
from axis_http.service import discovery
from axis_http.service.state import Service


ROUNDS, CALLS = 15, 200


def bare(data: dict[str, Any]) -> Litestar:
    """A Litestar app of one route that answers ``data``."""

    @get("/api/platforms", sync_to_thread=False)
    def platforms() -> dict[str, Any]:
        return {"status": "ok", "data": data, "request_id": "0" * 12}

    return Litestar([platforms], openapi_config=None, logging_config=None)


async def call(app: Any) -> None:
    """Send one request and read the answer."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/api/platforms",
        "raw_path": b"/api/platforms",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"axis")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200

    await app(scope, receive, send)


def microseconds(app: Any) -> float:
    """CPU time of one call, mean over ``CALLS``."""

    async def many() -> None:
        for _ in range(CALLS):
            await call(app)

    begun = time.process_time()
    asyncio.run(many())
    return (time.process_time() - begun) / CALLS * 1e6


def main() -> None:
    """Print both medians and the ratio."""
    settings = Settings(home=Path(tempfile.mkdtemp()), plugins=False)
    apps = {"axis": create_app(settings), "bare Litestar": bare(discovery.platforms(Service(settings)))}
    times: dict[str, list[float]] = {name: [] for name in apps}
    for _ in range(ROUNDS):
        for name, app in apps.items():
            times[name].append(microseconds(app))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, value in medians.items():
        print(f"{name:15} {value:8.1f} us")
    print(f"ratio           {medians['axis'] / medians['bare Litestar']:8.2f}")


if __name__ == "__main__":
    main()
