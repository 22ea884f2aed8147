"""Who may call what: one table, operation to access; what is not in it is denied."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from axis_http.nouns import ALL_SCOPES, Principal
from axis_http.problems import Problem, problem
from axis_http.settings import Settings


__all__ = ["ACCESS", "principal_for"]

PUBLIC, ANYONE, SESSION = "P", "A", "S"

_TABLE = """
P GET /health /openapi.json /readyz /api/platforms /api/backends /api/capabilities /api/search /api/diagnostics
P GET /api/release-check
P POST /portal/api/signup /portal/api/login
A GET /api/pipeline/stages /api/agent/handlers /api/ai/providers /api/repair/types /api/audit/formats /api/fraud/stats
A GET /api/formats /api/review/pending /api/review/{review_id} /api/auth/verify /portal/api/billing/options
A:read GET /api/info /api/preview /api/export/{id} /api/status /api/job/{job_id} /api/foundry/providers
A:read GET /api/foundry/profiles /api/foundry/modes /api/model-readiness /api/foundry/routing-config /api/gallery
A:read GET /api/gallery/{asset_id} /api/gallery/my-assets /api/contracts/aggregate /api/quality-policy
A:read GET /portal/api/avatars /api/jobs /api/jobs/{job_id}/events
A:process POST /api/process /api/process/stream /api/validate /api/rig /api/pipeline/run-stage /api/uploads
A:process POST /api/jobs/{job_id}/cancel
A:generate POST /api/generate /api/generate-from-image /api/generate-from-views /api/batch-generate
A:generate POST /api/batch-generate/stream /api/foundry/generate /api/prompt-pipeline
A:audit POST /api/audit/contract /api/audit/glb /api/repair/suggest /api/fraud/check
A:agent POST /api/agent/run
A:gallery POST /api/gallery/delete /portal/api/avatars
A:gallery DELETE /portal/api/avatars
A:review:write POST /api/review/decide
A:billing GET /api/billing/balance /api/billing/usage
A:billing:deduct POST /portal/api/deduct
A:account GET /portal/api/account
A:byogpu GET /portal/api/byogpu/eligibility /portal/api/byogpu/download/info /portal/api/byogpu/download/zip
A:byogpu GET /portal/api/byogpu/workers
A:byogpu POST /portal/api/byogpu/workers/pair /portal/api/byogpu/workers/revoke
S GET /portal/api/keys
S POST /portal/api/keys /portal/api/profile /portal/api/password /portal/api/billing/checkout /portal/api/logout
S POST /portal/api/byogpu/subscribe
S DELETE /portal/api/account /portal/api/keys
"""


def _parsed() -> dict[tuple[str, str], str]:
    table: dict[tuple[str, str], str] = {}
    for line in _TABLE.strip().splitlines():
        access, method, *paths = line.split()
        table |= {(method, path): access for path in paths}
    return table


ACCESS: Mapping[tuple[str, str], str] = _parsed()
"""(METHOD, path template) to ``P`` public, ``A`` any principal, ``A:scope``, ``S`` a session."""


def principal_for(settings: Settings, operation: tuple[str, str], headers: Mapping[str, str]) -> Principal:
    """Return who calls, or refuse.

    Where both headers are sent, both must be valid: one bad credential is 401 even beside a good one.

    Raises
    ------
    Problem
        401 without or with a bad credential, 403 without the scope or, in open mode, for what needs a session.
    """
    access = ACCESS.get(operation)
    if access is None:
        raise problem("missing_scope", "this operation is not in the table of accesses")
    sent = _credentials(headers)
    if settings.auth == "open":
        if access == SESSION:
            raise problem("missing_scope", "open mode has no accounts and no sessions")
        return Principal(user_id="anonymous", scopes=frozenset(ALL_SCOPES))
    if access == PUBLIC:
        return Principal(user_id="anonymous")
    if not sent:
        raise _unauthorised("missing_credential", "send an Authorization: Bearer or an X-API-Key header")
    if not all(_is_operator(settings, secret) for secret in sent):
        raise _unauthorised("bad_credential", "the credential is unknown, revoked or expired")
    if access == SESSION:
        raise problem("missing_scope", "this operation needs a session")
    return Principal(user_id="operator", auth_method="api_key", scopes=frozenset(ALL_SCOPES))


def _unauthorised(code: str, message: str) -> Problem:
    return problem(code, message, headers={"WWW-Authenticate": 'Bearer realm="axis"'})


def _credentials(headers: Mapping[str, str]) -> list[str]:
    sent = []
    if "authorization" in headers:
        scheme, _, token = headers["authorization"].partition(" ")
        sent.append(token.strip() if scheme.lower() == "bearer" else "")
    if "x-api-key" in headers:
        sent.append(headers["x-api-key"])
    return sent


def _is_operator(settings: Settings, secret: str) -> bool:
    """Whether a credential is the operator's key; only its SHA-256 is known to the server."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return bool(settings.operator_key_sha256) and hmac.compare_digest(digest, settings.operator_key_sha256.lower())
