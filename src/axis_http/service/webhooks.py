"""Webhooks: a POST to an address of one's own when a job has ended, after the Standard Webhooks specification.

``webhook-id`` stays the same over all tries of a message, ``webhook-timestamp`` and ``webhook-signature`` are of each
try. A secret is never stored: it is derived from the installation's own, the webhook's id and how often it was rotated.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from typing import Any

import msgspec

from axis_core.errors import AxisError, InputError, NotFound
from axis_http.nouns import Job, Principal, moment_text, new_id, now, timestamp
from axis_http.problems import Problem, invalid
from axis_http.service.outbound import checked_url, post
from axis_http.service.signing import Signer
from axis_http.settings import Settings
from axis_http.store import webhooks as rows
from axis_http.store.database import Database, Row


__all__ = ["EVENTS", "RETRIES_S", "WebhookRequest", "Webhooks", "signature_of"]

LOG = logging.getLogger("axis_http")

EVENTS = ("job.succeeded", "job.failed", "job.cancelled", "job.expired")
TEST = "webhook.test"
MOST = 20
RETRIES_S = (5.0, 30.0, 120.0, 600.0, 3600.0, 3 * 3600.0, 8 * 3600.0, 14 * 3600.0)
"""Between the tries of a message: nine tries over some 26 hours."""
OVERLAP_S = 86400.0
"""How long the secret before the last rotation still signs, beside the new one."""


class WebhookRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /api/webhooks`` takes."""

    url: str
    events: list[str] = msgspec.field(default_factory=lambda: list(EVENTS))


def signature_of(secret: str, message_id: str, moment: int, body: bytes) -> str:
    """Return ``v1,BASE64``: HMAC-SHA256 of ``id.timestamp.body`` under a ``whsec_`` secret."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{message_id}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


class Webhooks:
    """Use cases about webhooks, and the delivery of what is due."""

    def __init__(self, db: Database, signer: Signer, settings: Settings) -> None:
        self._db, self._signer = db, signer
        self._private = settings.allow_private_webhooks

    def _secret(self, webhook_id: str, version: int) -> str:
        return "whsec_" + base64.b64encode(self._signer.derived(f"webhook:{webhook_id}:{version}")).decode()

    def make(self, principal: Principal, given: WebhookRequest) -> dict[str, Any]:
        """Add a webhook and tell its secret, once.

        Raises
        ------
        Problem
            400: an address that may not be called, an unknown event, too many webhooks.
        """
        try:
            checked_url(given.url, allow_private=self._private)
        except InputError as exc:
            raise invalid("url", exc.message) from exc
        events = sorted(set(given.events))
        if not events or not set(events) <= set(EVENTS):
            raise invalid("events", f"expected some of {', '.join(EVENTS)}")
        with self._db.tx():
            if len(rows.webhooks_of(self._db, principal.user_id)) >= MOST:
                raise Problem(status=400, code="plan_limit", error=f"there are at most {MOST} webhooks")
            webhook_id = rows.add(self._db, principal.user_id, given.url, events)
        return _shown(self._own(principal, webhook_id)) | {"secret": self._secret(webhook_id, 1)}

    def listed(self, principal: Principal) -> dict[str, Any]:
        """Return one's webhooks, without their secrets."""
        shown = [_shown(r) for r in rows.webhooks_of(self._db, principal.user_id)]
        return {"webhooks": shown, "count": len(shown)}

    def remove(self, principal: Principal, webhook_id: str) -> dict[str, Any]:
        """Remove a webhook; what was not delivered never will be.

        Raises
        ------
        NotFound
        """
        self._own(principal, webhook_id)
        rows.remove(self._db, principal.user_id, webhook_id)
        return {"webhook_id": webhook_id, "deleted": True}

    def rotate(self, principal: Principal, webhook_id: str) -> dict[str, Any]:
        """Tell a new secret, once; for a day messages carry the signatures of both.

        Raises
        ------
        NotFound
        """
        self._own(principal, webhook_id)
        rows.rotate(self._db, principal.user_id, webhook_id)
        row = self._own(principal, webhook_id)
        return _shown(row) | {"secret": self._secret(webhook_id, row["version"])}

    def test(self, principal: Principal, webhook_id: str) -> dict[str, Any]:
        """Send a message that says nothing.

        Raises
        ------
        NotFound
        """
        self._own(principal, webhook_id)
        delivery_id = self._added(webhook_id, TEST, {"webhook_id": webhook_id})
        return {"webhook_id": webhook_id, "delivery_id": delivery_id}

    def deliveries(self, principal: Principal, webhook_id: str, limit: int, cursor: str) -> dict[str, Any]:
        """Return a page of what was sent, or will be, newest first.

        Raises
        ------
        NotFound
        """
        self._own(principal, webhook_id)
        found = rows.deliveries(self._db, webhook_id, limit + 1, cursor)
        shown = [_delivery(r) for r in found[:limit]]
        more = shown[-1]["delivery_id"] if len(found) > limit else None
        return {"deliveries": shown, "count": len(shown), "next_cursor": more}

    def redeliver(self, principal: Principal, webhook_id: str, delivery_id: str) -> dict[str, Any]:
        """Send a message again, under its id.

        Raises
        ------
        NotFound
        """
        self._own(principal, webhook_id)
        row = rows.delivery(self._db, webhook_id, delivery_id)
        if row is None:
            raise NotFound("there is no such delivery")
        again = rows.add_delivery(self._db, webhook_id, row["message_id"], row["event"], row["payload"])
        return {"webhook_id": webhook_id, "delivery_id": again}

    def _own(self, principal: Principal, webhook_id: str) -> Row:
        row = rows.webhook(self._db, principal.user_id, webhook_id)
        if row is None:
            raise NotFound("there is no such webhook")
        return row

    def _added(self, webhook_id: str, event: str, data: dict[str, Any]) -> str:
        message_id = new_id("msg")
        payload = json.dumps({"type": event, "timestamp": timestamp(now()), "data": data}, separators=(",", ":"))
        return rows.add_delivery(self._db, webhook_id, message_id, event, payload)

    def job_ended(self, job: Job, status: str) -> None:
        """Add the messages about the end of a job, in the transaction that ends it.

        They name the job and do not hold its result: whoever reads them asks for it with a credential.
        """
        event = f"job.{status}"
        data = {"job_id": job.job_id, "kind": job.kind, "status": status, "poll_url": f"/api/job/{job.job_id}"}
        for webhook_id in rows.listeners(self._db, job.owner, event):
            self._added(webhook_id, event, data)

    def deliver(self, *, lease_s: float = 30.0) -> bool:
        """Send one message that is due; False if there is none."""
        row = rows.claim(self._db, lease_s)
        if row is None:
            return False
        answer, reason = self._sent(row)
        delivered = answer is not None and 200 <= answer < 300
        tries = row["attempt"] - 1
        last = answer == 410 or tries >= len(RETRIES_S) or reason == "forbidden_url"
        status = "delivered" if delivered else "failed" if last else "pending"
        wait = 0.0 if status != "pending" else RETRIES_S[tries]
        rows.end_attempt(
            self._db, row["delivery_id"], row["attempt"], status, answer=answer, reason=reason, after_s=wait
        )
        return True

    def _sent(self, row: Row) -> tuple[int | None, str]:
        """Return the status that came back, or None and why none did."""
        body, moment = str(row["payload"]).encode(), int(time.time())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": str(row["message_id"]),
            "webhook-timestamp": str(moment),
            "webhook-signature": " ".join(
                signature_of(s, row["message_id"], moment, body) for s in self._secrets(row)
            ),
        }
        try:
            return post(str(row["url"]), body, headers, allow_private=self._private).status, ""
        except AxisError as exc:
            LOG.info("delivery %s: %s", row["delivery_id"], exc.code)
            return None, exc.code

    def _secrets(self, row: Row) -> list[str]:
        """Return the secrets that sign now: the newest, and the one before it for a day."""
        version, rotated = int(row["version"]), row["rotated_at"] or 0.0
        both = version > 1 and time.time() - rotated < OVERLAP_S
        return [self._secret(row["webhook_id"], v) for v in ((version, version - 1) if both else (version,))]


def _shown(row: Row) -> dict[str, Any]:
    return {
        "webhook_id": row["webhook_id"],
        "url": row["url"],
        "events": msgspec.json.decode(row["events"]),
        "created_at": moment_text(row["created_at"]),
        "rotated_at": moment_text(row["rotated_at"]),
    }


def _delivery(row: Row) -> dict[str, Any]:
    plain = ("delivery_id", "message_id", "event", "status", "attempt", "answer", "reason")
    pending = row["status"] == "pending"
    return {k: row[k] for k in plain} | {
        "payload": msgspec.json.decode(row["payload"]),
        "created_at": moment_text(row["created_at"]),
        "ended_at": moment_text(row["ended_at"]),
        "next_try_at": moment_text(row["run_after"]) if pending else None,
    }
