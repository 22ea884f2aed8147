"""What the service speaks of: principal, upload, export, job, event. msgspec structs; ids have prefixes."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import msgspec


__all__ = [
    "END_STATES",
    "Cost",
    "Event",
    "Export",
    "Job",
    "JobError",
    "Principal",
    "Upload",
    "moment_text",
    "new_id",
    "now",
    "timestamp",
]

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
END_STATES = frozenset({"succeeded", "failed", "cancelled", "expired"})
"""A job in one of these never changes again."""

ALL_SCOPES = (
    "read",
    "generate",
    "process",
    "audit",
    "agent",
    "gallery",
    "billing",
    "billing:deduct",
    "review:read",
    "review:write",
    "byogpu",
    "account",
    "account:manage",
    "admin",
)


def new_id(prefix: str) -> str:
    """Return ``prefix_`` and 26 characters: 48 bits of time and 80 of chance, in Crockford's base 32."""
    value = (int(now().timestamp() * 1000) << 80) | secrets.randbits(80)
    return f"{prefix}_" + "".join(_ALPHABET[(value >> (5 * k)) & 31] for k in range(25, -1, -1))


def now() -> dt.datetime:
    """Return the time in UTC."""
    return dt.datetime.now(dt.UTC)


def timestamp(moment: dt.datetime | None) -> str | None:
    """Return RFC 3339 in UTC with ``Z``, to the millisecond."""
    if moment is None:
        return None
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_text(seconds: float | None) -> str | None:
    """Return seconds since 1970 as RFC 3339, or None."""
    return None if seconds is None else timestamp(dt.datetime.fromtimestamp(seconds, dt.UTC))


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls: ``anonymous`` with every scope but the account's in open mode.

    ``is_test``: by a test key, whose jobs cost nothing and are answered at once by a mock.
    """

    user_id: str
    auth_method: str = "open"
    scopes: frozenset[str] = frozenset()
    plan: str = ""
    role: str = "user"
    session_id: str = ""
    key_id: str = ""
    expires_at: dt.datetime | None = None
    signed_in_at: float = 0.0
    is_test: bool = False

    @property
    def has_account(self) -> bool:
        """Whether there is an account behind it: neither open mode nor the operator's key."""
        return bool(self.session_id or self.key_id)


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file on disk that a caller sent."""

    upload_id: str
    owner: str
    filename: str
    path: str
    size_bytes: int
    sha256: str
    media_type: str
    expires_at: dt.datetime
    companions: dict[str, str] = {}


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """A result that can be downloaded: its files by name, the avatar first."""

    export_id: str
    owner: str
    name: str
    job_id: str
    created_at: dt.datetime
    expires_at: dt.datetime | None
    files: dict[str, str]
    stats: dict[str, Any] = {}


class JobError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job failed."""

    code: str
    message: str
    is_retryable: bool = False


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens."""

    charged: int = 0
    refunded: int = 0


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a job's story; ``seq`` has no gaps."""

    seq: int
    type: str
    data: dict[str, Any]
    at: dt.datetime


class Job(msgspec.Struct, kw_only=True):
    """Work that was accepted."""

    job_id: str
    owner: str
    kind: str
    params: dict[str, Any]
    status: str = "queued"
    progress: int = 0
    stage: str = ""
    message: str = ""
    attempt: int = 0
    max_attempts: int = 3
    priority: int = 0
    running_limit: int | None = None
    created_at: dt.datetime = msgspec.field(default_factory=now)
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None
    provider: str = "mesh_upload"
    cost: Cost = Cost()
    result: dict[str, Any] | None = None
    error: JobError | None = None
    cancel_requested: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the job has ended."""
        return self.status in END_STATES

    @property
    def rests(self) -> bool:
        """Whether there is nothing to wait for: it has ended, or a person has to decide."""
        return self.is_over or self.status == "awaiting_review"

    def view(self, queue_position: int | None = None) -> dict[str, Any]:
        """Return the job as callers see it."""
        return {
            "job_id": self.job_id,
            "kind": self.kind,
            "status": self.status,
            "progress": self.progress,
            "stage": self.stage,
            "message": self.message,
            "attempt": self.attempt,
            "queue_position": queue_position,
            "created_at": timestamp(self.created_at),
            "started_at": timestamp(self.started_at),
            "finished_at": timestamp(self.finished_at),
            "expires_at": timestamp(self.expires_at),
            "poll_url": f"/api/job/{self.job_id}",
            "events_url": f"/api/jobs/{self.job_id}/events",
            "cancel_url": f"/api/jobs/{self.job_id}/cancel",
            "provider": self.provider,
            "cost": {"charged": self.cost.charged, "refunded": self.cost.refunded},
            "result": self.result,
            "error": None if self.error is None else msgspec.to_builtins(self.error),
        }
