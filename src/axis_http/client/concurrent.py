"""The client for programs that wait for many things at once: the same verbs as ``Client``, awaited."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import anyio
import httpx

from axis_http.client.replies import RemoteError, RemoteJob, credentials, data_of, event_of, mesh_body, pause_s


__all__ = ["AsyncClient"]

Progress = Callable[[int, str], None]


class AsyncClient:
    """A connection to a service.

    Parameters
    ----------
    url : str
        Where it is served, with the prefix if it has one.
    key : str
        An API key or a session token; none for a service in open mode.
    retries : int
        How often a request is sent again that the service was too busy for or that no answer came to. Posts carry an
        ``Idempotency-Key``, so a retry never does the work twice.
    """

    def __init__(self, url: str, key: str = "", *, timeout: float = 60.0, retries: int = 4) -> None:
        self._http = httpx.AsyncClient(base_url=url.rstrip("/"), headers=credentials(key), timeout=timeout)
        self._retries = retries

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def request(self, method: str, path: str, **choices: Any) -> dict[str, Any]:
        """Send a request and return ``data`` of its answer.

        Raises
        ------
        RemoteError
        """
        if method == "POST":
            choices["headers"] = {"Idempotency-Key": secrets.token_hex(16), **choices.get("headers", {})}
        for attempt in range(self._retries + 1):
            try:
                answer = await self._http.request(method, path, **choices)
                return data_of(answer.status_code, answer.content)
            except httpx.TransportError as exc:
                error = RemoteError(
                    503, {"detail": f"no answer from {self._http.base_url}: {exc}", "code": "no_answer"}
                )
                error.__cause__ = exc
            except RemoteError as exc:
                error = exc
            if not error.is_retryable or attempt == self._retries:
                raise error
            await anyio.sleep(pause_s(error, attempt))
        raise AssertionError

    async def upload(self, path: Path | str) -> str:
        """Store a file and return its ``upload_id``."""
        content, headers, query = mesh_body(path)
        data = await self.request("POST", "/api/uploads", content=content, headers=headers, params=query)
        return str(data["upload_id"])

    async def submit(self, operation: str, upload_id: str, **options: Any) -> RemoteJob:
        """Queue ``process`` or ``rig`` over an upload and return the job, without waiting for it."""
        body = {"source": {"upload_id": upload_id}, **options}
        return RemoteJob.of(
            await self.request("POST", f"/api/{operation}", json=body, headers={"Prefer": "respond-async"})
        )

    async def job(self, job_id: str, wait_s: int = 0) -> RemoteJob:
        """Return a job, at once or when it has ended, at most ``wait_s`` later."""
        return RemoteJob.of(await self.request("GET", f"/api/job/{job_id}", params={"wait": wait_s}))

    async def cancel(self, job_id: str) -> RemoteJob:
        """Cancel a job."""
        return RemoteJob.of(await self.request("POST", f"/api/jobs/{job_id}/cancel"))

    async def follow(self, job_id: str, progress: Progress | None = None) -> RemoteJob:
        """Follow a job to its end, over cuts of the connection, and return it.

        Raises
        ------
        RemoteError
            If the service does not answer any more.
        """
        last, cuts = 0, 0
        while True:
            before = last
            try:
                last, over = await self._stream(job_id, last, progress)
            except httpx.TransportError:
                over = False
            if over:
                return await self.job(job_id)
            cuts = 0 if last > before else cuts + 1
            if cuts > self._retries:
                raise RemoteError(503, {"detail": "the stream of events is cut again and again", "code": "no_answer"})
            await anyio.sleep(0.2 * cuts)

    async def _stream(self, job_id: str, last: int, progress: Progress | None) -> tuple[int, bool]:
        headers = {"Last-Event-ID": str(last)}
        async with self._http.stream("GET", f"/api/jobs/{job_id}/events", headers=headers) as answer:
            if answer.status_code >= 400:
                data_of(answer.status_code, await answer.aread())
            block: list[str] = []
            async for line in answer.aiter_lines():
                if line:
                    block.append(line)
                    continue
                event, block = event_of(iter(block)), []
                if event is None:
                    continue
                last = event[0]
                if event[1] == "progress" and progress is not None:
                    progress(int(event[2].get("pct", 0)), str(event[2].get("message", "")))
                if event[1] == "done":
                    return last, True
        return last, False

    async def process(self, path: Path | str, *, progress: Progress | None = None, **options: Any) -> RemoteJob:
        """Upload a mesh, run the whole pipeline over it, and return the job when it has ended well.

        Raises
        ------
        RemoteError
        """
        job = await self.submit("process", await self.upload(path), **options)
        return (await self.follow(job.job_id, progress)).checked()

    async def rig(self, path: Path | str, *, progress: Progress | None = None, **options: Any) -> RemoteJob:
        """Upload a mesh, rig it, and return the job when it has ended well.

        Raises
        ------
        RemoteError
        """
        job = await self.submit("rig", await self.upload(path), **options)
        return (await self.follow(job.job_id, progress)).checked()

    async def download(self, export_id: str, path: Path | str, *, format: str = "glb") -> Path:
        """Write an export to a file, whole or not at all, and return its path.

        Raises
        ------
        RemoteError
        """
        place = Path(path)
        part = place.with_name(place.name + ".part")
        async with self._http.stream("GET", f"/api/export/{export_id}", params={"format": format}) as answer:
            if answer.status_code >= 400:
                data_of(answer.status_code, await answer.aread())
            with part.open("wb") as file:
                async for chunk in answer.aiter_bytes():
                    file.write(chunk)
        part.replace(place)
        return place
