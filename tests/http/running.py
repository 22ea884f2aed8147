"""A running service for the tests: its lifespan is run, and a client speaks ASGI to it without a socket."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx

from axis_http import Settings, create_app


class Running:
    """An app whose lifespan runs in a loop of its own thread, and a blocking client."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app = create_app(settings)
        self.loop = asyncio.new_event_loop()
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url="http://axis", timeout=120
        )
        self.do(self._begin())

    def do(self, coroutine: Any) -> Any:
        """Run a coroutine in the app's loop and return its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(180)

    async def _begin(self) -> None:
        await self._inbox.put({"type": "lifespan.startup"})
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._life = asyncio.ensure_future(self.app(scope, self._inbox.get, self._outbox.put))
        assert (await self._outbox.get())["type"] == "lifespan.startup.complete"

    def request(self, method: str, path: str, **choices: Any) -> httpx.Response:
        """Send one request and return the whole answer."""
        response: httpx.Response = self.do(self.client.request(method, path, **choices))
        return response

    def data(self, method: str, path: str, **choices: Any) -> dict[str, Any]:
        """Send one request that must succeed and return its data."""
        response = self.request(method, path, **choices)
        assert response.status_code == 200, response.text
        return dict(response.json()["data"])

    def close(self) -> None:
        """Stop the service and the loop."""

        async def end() -> None:
            await self._inbox.put({"type": "lifespan.shutdown"})
            await self._outbox.get()
            await self.client.aclose()

        self.do(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()
