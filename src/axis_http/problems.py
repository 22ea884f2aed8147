"""Errors to the envelope: one table from codes to statuses, one shape for every failure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from axis_core.errors import (
    AxisError,
    BackendUnavailable,
    Cancelled,
    Conflict,
    InputError,
    NotFound,
    PluginError,
    ProviderError,
    StoreError,
)


__all__ = ["HTTP_CODES", "Problem", "error_code_of", "problem_of"]

HTTP_CODES: dict[str, tuple[int, str]] = {
    "invalid_json": (400, "the body is no JSON, or nested too deep"),
    "parse_failed": (400, "the file cannot be read"),
    "external_uri": (400, "the file points outside itself"),
    "already_rigged": (400, "the input has a rig; force=true replaces it"),
    "invalid_current_password": (400, "the current password is wrong"),
    "not_a_session": (400, "this needs a session, not an API key"),
    "plan_limit": (400, "the plan allows no more of these"),
    "already_decided": (400, "the review has been decided"),
    "quality_below_policy": (400, "the result is worse than the plan's policy allows"),
    "review_rejected": (400, "a reviewer has rejected the result"),
    "review_expired": (400, "nobody has decided the review in time"),
    "bad_signature": (400, "the signature of a webhook does not hold"),
    "bad_token": (400, "the token is unknown, used or expired"),
    "forbidden_url": (400, "the address may not be called"),
    "missing_credential": (401, "no credential was sent"),
    "bad_credential": (401, "the credential is unknown, revoked or expired"),
    "insufficient_tokens": (402, "the balance is too small"),
    "missing_scope": (403, "the credential lacks a scope"),
    "suspended": (403, "the account is suspended"),
    "reauth_required": (403, "the password is needed again"),
    "method_not_allowed": (405, "the path exists, the method does not"),
    "account_exists": (409, "there is an account with this address"),
    "idempotency_mismatch": (409, "the key was used with another body"),
    "idempotency_in_progress": (409, "a request with this key is still running"),
    "gone": (410, "it has expired"),
    "too_large": (413, "the body is larger than the limit"),
    "unsupported_media_type": (415, "the content type is none that this operation takes"),
    "range_not_satisfiable": (416, "the range lies outside the file"),
    "rate_limited": (429, "too many requests"),
    "concurrency_limit": (429, "too many jobs of this account at once"),
    "queue_full": (429, "the queue is full"),
    "too_many_attempts": (429, "too many failed attempts"),
    "internal": (500, "an error inside AXIS"),
    "stage_failed": (500, "a stage of the pipeline failed"),
    "rig_failed": (500, "no valid rig could be built"),
    "worker_lost": (500, "the worker was lost, more than once"),
    "payment_processor": (502, "the payment processor failed"),
    "not_configured": (503, "this part is not built or not configured"),
    "no_provider": (503, "no provider serves this mode"),
    "not_ready": (503, "what was asked for is still being made"),
    "draining": (503, "the server is about to stop"),
    "disk_low": (503, "the disk is nearly full"),
}
"""Codes of the service beside those of ``axis_core.errors.CODES``: status and meaning."""

RETRYABLE = frozenset({"idempotency_in_progress", "no_provider", "draining", "store_failed", "disk_low"})
"""Beside 429 and 502; 503 ``not_configured`` will not change by waiting."""

_BY_CLASS: tuple[tuple[type[AxisError], int], ...] = (
    (InputError, 400),
    (NotFound, 404),
    (Cancelled, 409),
    (Conflict, 409),
    (ProviderError, 502),
    (BackendUnavailable, 503),
    (PluginError, 500),
    (StoreError, 503),
)


def error_code_of(status: int) -> str:
    """Return the value of the contract's five-value enum for an HTTP status."""
    if status in (401, 403):
        return "UNAUTHORIZED"
    if status == 404:
        return "NOT_FOUND"
    if status == 429:
        return "RATE_LIMITED"
    return "INTERNAL_ERROR" if status >= 500 else "BAD_REQUEST"


@attrs.frozen(kw_only=True)
class Problem(Exception):
    """A failure as it goes out.

    Attributes
    ----------
    status : int
        HTTP status.
    error : str
        A sentence for people.
    code : str
        A stable slug.
    details : sequence of {loc, code, message}
    retry_after : float or None, seconds
    headers : mapping
        Further headers (``Allow``, ``Content-Range``).
    """

    status: int
    error: str
    code: str
    detail: str = ""
    details: tuple[Mapping[str, str], ...] = ()
    retry_after: float | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def is_retryable(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status in (429, 502) or self.code in RETRYABLE

    def body(self, request_id: str) -> dict[str, Any]:
        """Return the envelope."""
        out: dict[str, Any] = {
            "status": "error",
            "error": self.error,
            "error_code": error_code_of(self.status),
            "request_id": request_id,
            "detail": self.detail or self.error,
            "code": self.code,
            "details": [dict(d) for d in self.details],
            "is_retryable": self.is_retryable,
        }
        if self.retry_after is not None:
            out["retry_after"] = self.retry_after
        return out


def problem(code: str, error: str = "", **fields: Any) -> Problem:
    """Return the problem of a code of ``HTTP_CODES``."""
    status, meaning = HTTP_CODES[code]
    return Problem(status=status, code=code, error=error or meaning, **fields)


def invalid(loc: str, message: str) -> Problem:
    """Return a 400 about one field or parameter."""
    detail = {"loc": loc, "code": "invalid", "message": message}
    return Problem(status=400, code="invalid_request", error=f"{loc}: {message}", details=(detail,))


def problem_of(error: BaseException) -> Problem:
    """Return the problem of an exception; what is no AxisError becomes ``internal`` and tells nothing."""
    if isinstance(error, Problem):
        return error
    if not isinstance(error, AxisError):
        return problem("internal", "an unexpected error; the request id is in the server's log")
    status = HTTP_CODES[error.code][0] if error.code in HTTP_CODES else _status_of(error)
    code = "not_configured" if isinstance(error, BackendUnavailable) and status == 503 else error.code
    loc = error.pointer or ""
    details = ({"loc": loc, "code": error.code, "message": error.message},) if loc else ()
    return Problem(
        status=status,
        code=code,
        error=error.message,
        detail=f"{error.message}{f' {error.hint}' if error.hint else ''}",
        details=details,
        retry_after=30.0 if status == 503 and code != "not_configured" else None,
    )


def _status_of(error: AxisError) -> int:
    return next((status for kind, status in _BY_CLASS if isinstance(error, kind)), 500)


def all_codes() -> Iterable[tuple[str, int, str]]:
    """Yield (code, status, meaning) of the service's own codes, for the documentation."""
    for code, (status, meaning) in HTTP_CODES.items():
        yield code, status, meaning
