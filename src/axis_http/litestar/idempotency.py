"""``Idempotency-Key`` on any POST: the answer of the first request is kept for a day and given again.

The body is received to a temporary file and hashed before the work begins, so that the same key with another body is
refused. Answers that say the request was wrong are not kept: it may be put right and sent again under its key.
"""

from __future__ import annotations

import hashlib
import tempfile
from typing import Any

from anyio import to_thread

from axis_http.nouns import Principal
from axis_http.problems import invalid, problem
from axis_http.service.state import Service
from axis_http.store import replies


__all__ = ["Replayed", "idempotency_key"]

IN_MEMORY = 1024 * 1024
CHUNK = 256 * 1024
LARGEST_REPLY = 1024 * 1024


def idempotency_key(method: str, template: str, headers: dict[str, str]) -> str | None:
    """Return the key of a request that has one.

    ``/portal/api/deduct`` keeps its keys in the ledger, without end, and is left alone.

    Raises
    ------
    Problem
        400 for a key that is empty or longer than 255 characters.
    """
    key = headers.get("idempotency-key")
    if key is None or method != "POST" or template == "/portal/api/deduct":
        return None
    if not 1 <= len(key) <= 255:
        raise invalid("Idempotency-Key", "must have 1 to 255 characters")
    return key


class Replayed:
    """One request under a key."""

    def __init__(self, service: Service, principal: Principal, route: str, key: str) -> None:
        self._service = service
        self._at = (principal.user_id, route, key)

    async def __call__(self, app: Any, scope: Any, receive: Any, send: Any) -> None:
        """Answer as before, or run the app and keep its answer.

        Raises
        ------
        Problem
            409 ``idempotency_mismatch``, ``idempotency_in_progress``; 413.
        """
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            digest = await self._received(scope, receive, body)
            known = await to_thread.run_sync(replies.begin, self._service.db, *self._at, digest)
            if known is not None:
                await self._again(known, digest, send)
                return
            await self._first(app, scope, body, send)

    async def _received(self, scope: Any, receive: Any, body: Any) -> str:
        digest, size = hashlib.sha256(scope["query_string"]), 0
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._service.settings.max_upload + CHUNK:
                raise problem("too_large", f"the body has more than {self._service.settings.max_upload:,} bytes")
            body.write(chunk)
            digest.update(chunk)
            more = message.get("more_body", False)
        body.seek(0)
        return digest.hexdigest()

    async def _again(self, known: dict[str, Any], digest: str, send: Any) -> None:
        if known["body_sha256"] != digest:
            raise problem("idempotency_mismatch", "this key was used with another body")
        if known["status"] is None:
            raise problem("idempotency_in_progress", "the first request with it is still running", retry_after=2.0)
        headers = [
            (b"content-type", str(known["media_type"]).encode()),
            (b"content-length", str(len(known["body"])).encode()),
            (b"idempotency-replayed", b"true"),
        ]
        await send({"type": "http.response.start", "status": known["status"], "headers": headers})
        await send({"type": "http.response.body", "body": known["body"]})

    async def _first(self, app: Any, scope: Any, body: Any, send: Any) -> None:
        kept = _Kept()

        async def receive() -> dict[str, Any]:
            chunk = body.read(CHUNK)
            return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

        async def observed(message: Any) -> None:
            kept.see(message)
            await send(message)

        try:
            await app(scope, receive, observed)
        finally:
            work = (replies.finish, self._service.db, *self._at, kept.status, kept.media_type, kept.reply)
            await to_thread.run_sync(lambda: work[0](*work[1:]))


class _Kept:
    """An answer as it went out, if it is one to be kept."""

    def __init__(self) -> None:
        self.status, self.media_type, self._body, self._whole = 0, "", b"", False

    def see(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            kinds = [v for k, v in message["headers"] if k.lower() == b"content-type"]
            self.media_type = kinds[0].decode("latin-1") if kinds else ""
        elif len(self._body) <= LARGEST_REPLY:
            self._body += message.get("body", b"")
            self._whole = not message.get("more_body", False)

    @property
    def reply(self) -> bytes | None:
        """The body if it is to be kept: whole, not too large, and no complaint about the request."""
        wanted = self.status < 400 or self.status == 500
        return self._body if wanted and self._whole and len(self._body) <= LARGEST_REPLY else None
