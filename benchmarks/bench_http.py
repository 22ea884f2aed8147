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

import attrs
from litestar import Litestar, get

from axis_http import Settings, create_app
from axis_http.service import discovery
from axis_http.service.state import Service


ROUNDS, CALLS = 15, 200
PATH = "/api/formats"


def bare(data: dict[str, Any]) -> Litestar:
    """A Litestar app of one route that answers ``data``."""

    @get(PATH, sync_to_thread=False)
    def formats() -> dict[str, Any]:
        return {"status": "ok", "data": data, "request_id": "0" * 12}

    return Litestar([formats], openapi_config=None, logging_config=None)


async def call(app: Any, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    """Send one request and read the answer."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"axis"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200

    await app(scope, receive, send)


def microseconds(app: Any, headers: tuple[tuple[bytes, bytes], ...]) -> float:
    """CPU time of one call, mean over ``CALLS``."""

    async def many() -> None:
        for _ in range(CALLS):
            await call(app, headers)

    begun = time.process_time()
    asyncio.run(many())
    return (time.process_time() - begun) / CALLS * 1e6


def guarded() -> tuple[Any, tuple[tuple[bytes, bytes], ...]]:
    """The service with accounts, and the header of a session: the token is looked up, the request is counted."""
    from axis_http.litestar.assembly import assemble
    from axis_http.litestar.gate import Gate
    from axis_http.service.accounts import Signup

    settings = Settings(home=Path(tempfile.mkdtemp()), plugins=False, auth="required")
    service = Service(settings)
    made = service.accounts.sign_up(Signup(email="b@example.org", password="a good long one"), "", "")
    service.db.write("UPDATE account SET plan = 'studio'")
    terms = service.billing.pricing.plans
    terms["studio"] = attrs.evolve(terms["studio"], requests_per_minute=1_000_000)
    return Gate(assemble(service), service), ((b"authorization", f"Bearer {made['token']}".encode()),)


def main() -> None:
    """Print the medians and the ratios."""
    settings = Settings(home=Path(tempfile.mkdtemp()), plugins=False)
    behind, session = guarded()
    apps: dict[str, tuple[Any, tuple[tuple[bytes, bytes], ...]]] = {
        "bare Litestar": (bare(discovery.formats(Service(settings))), ()),
        "axis, open": (create_app(settings), ()),
        "axis, session and limits": (behind, session),
    }
    times: dict[str, list[float]] = {name: [] for name in apps}
    for _ in range(ROUNDS):
        for name, (app, headers) in apps.items():
            times[name].append(microseconds(app, headers))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, value in medians.items():
        print(f"{name:25} {value:8.1f} us   {value / medians['bare Litestar']:6.2f} x")


if __name__ == "__main__":
    main()
