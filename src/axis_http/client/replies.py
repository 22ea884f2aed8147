"""What a service answers, as values: jobs, and errors that say what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import msgspec

from axis_core.errors import AxisError


__all__ = ["MESH_TYPES", "RemoteError", "RemoteJob", "credentials", "data_of", "event_of", "mesh_body", "pause_s"]

MESH_TYPES = {
    ".glb": "model/gltf-binary",
    ".vrm": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".obj": "model/obj",
    ".stl": "model/stl",
    ".zip": "application/zip",
}
RETRIED = frozenset({429, 502, 503, 504})
LONGEST_PAUSE_S = 30.0


class RemoteError(AxisError):
    """What the service refused or could not do.

    Attributes
    ----------
    status : int
        HTTP status.
    request_id : str
        What to tell the operator.
    is_retryable : bool
        Whether the same request may succeed later.
    retry_after : float or None, seconds
    """

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.request_id = str(body.get("request_id", ""))
        self.is_retryable = bool(body.get("is_retryable", status in RETRIED))
        after = body.get("retry_after")
        self.retry_after = float(after) if isinstance(after, int | float) else None
        text = str(body.get("detail") or body.get("error") or f"the service answered {status}")
        super().__init__(text, code=str(body.get("code") or "remote_error"), hint=f"request {self.request_id}")


@attrs.frozen(kw_only=True)
class RemoteJob:
    """A job as the service tells it."""

    job_id: str
    status: str
    progress: int = 0
    stage: str = ""
    message: str = ""
    result: Mapping[str, Any] = attrs.field(factory=dict)
    error: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> RemoteJob:
        """Return the job in an answer."""
        return cls(
            job_id=str(data["job_id"]),
            status=str(data.get("status", "queued")),
            progress=int(data.get("progress") or 0),
            stage=str(data.get("stage") or ""),
            message=str(data.get("message") or ""),
            result=data.get("result") or {},
            error=data.get("error"),
        )

    @property
    def is_over(self) -> bool:
        """Whether the job has ended."""
        return self.status in ("succeeded", "failed", "cancelled", "expired")

    @property
    def export_id(self) -> str:
        """The id of what the job has made; empty if it made no files."""
        return str(self.result.get("export_id", ""))

    def checked(self) -> RemoteJob:
        """Return the job if it has ended well.

        Raises
        ------
        RemoteError
        """
        if self.status != "succeeded":
            error = self.error or {}
            text = error.get("message") or f"the job is {self.status}"
            raise RemoteError(500, {"detail": text, "code": error.get("code") or self.status})
        return self


def credentials(key: str) -> dict[str, str]:
    """Return the header of a key or a session token; none without one."""
    if not key:
        return {}
    return {"Authorization": f"Bearer {key}"} if key.startswith("axs_") else {"X-API-Key": key}


def data_of(status: int, body: bytes) -> dict[str, Any]:
    """Return ``data`` of an answer.

    Raises
    ------
    RemoteError
        For every answer that is no success, also one that is not of the service (a proxy's).
    """
    try:
        plain = msgspec.json.decode(body)
    except msgspec.DecodeError:
        plain = {}
    if status >= 400 or not isinstance(plain, dict) or "data" not in plain:
        raise RemoteError(status, plain if isinstance(plain, dict) else {})
    return dict(plain["data"])


def pause_s(error: RemoteError, attempt: int) -> float:
    """Return how long to wait before a retry: what the service said, else twice as long each time."""
    return min(error.retry_after or 0.5 * 2.0**attempt, LONGEST_PAUSE_S)


def mesh_body(path: Path | str) -> tuple[bytes, dict[str, str], dict[str, str]]:
    """Return (bytes, headers, query) that send a mesh file."""
    place = Path(path)
    media = MESH_TYPES.get(place.suffix.lower(), "application/octet-stream")
    return place.read_bytes(), {"Content-Type": media}, {"filename": place.name}


def event_of(lines: Iterator[str]) -> tuple[int, str, dict[str, Any]] | None:
    """Return (number, type, data) of the lines of one server-sent event; None for a comment."""
    fields = dict(line.split(": ", 1) for line in lines if ": " in line and not line.startswith(":"))
    if "id" not in fields or "event" not in fields:
        return None
    return int(fields["id"]), fields["event"], dict(msgspec.json.decode(fields.get("data", "{}")))
