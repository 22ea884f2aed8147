"""Who may call what: one table, operation to access; what is not in it is denied."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from axis_http.nouns import ALL_SCOPES, Principal
from axis_http.problems import Problem, problem
from axis_http.settings import Settings


__all__ = ["ACCESS", "principal_for"]

PUBLIC, SESSION, BEARER = "P", "S", "B"

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
A:read GET /api/presets /api/body/sliders /api/animations /api/batches/{batch_id} /api/batches/{batch_id}/events
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
S POST /portal/api/keys /portal/api/profile /portal/api/password /portal/api/billing/checkout
B POST /portal/api/logout
S POST /portal/api/byogpu/subscribe
S DELETE /portal/api/account /portal/api/keys
P GET /avatars/{avatar_id}.glb /docs /studio /studio/ /studio/creator /studio/{name}
A:read GET /api/exports/{export_id}/viewer
A:gallery PATCH /api/gallery/{asset_id}
A:read GET /api/exports/{export_id}/files /api/exports/{export_id}/files/{name}
A:read POST /api/exports/{export_id}/url
A:admin GET /admin/api/users /admin/api/prices /admin/api/jobs /metrics
A:admin PATCH /admin/api/users/{user_id}
A:admin POST /admin/api/users/{user_id}/suspend /admin/api/users/{user_id}/grant
P POST /portal/api/billing/webhook/{provider} /portal/api/password/reset /portal/api/password/reset/confirm
P POST /portal/api/email/verify
A:admin POST /admin/api/invites
A:read GET /api/webhooks /api/webhooks/{webhook_id}/deliveries
A:process POST /api/webhooks /api/webhooks/{webhook_id}/test /api/webhooks/{webhook_id}/rotate
A:process POST /api/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver
A:process DELETE /api/webhooks
S GET /portal/api/sessions /portal/api/account/export
S DELETE /portal/api/sessions
S POST /portal/api/keys/{key_id}/rotate
"""


def _parsed() -> dict[tuple[str, str], str]:
    table: dict[tuple[str, str], str] = {}
    for line in _TABLE.strip().splitlines():
        access, method, *paths = line.split()
        table |= {(method, path): access for path in paths}
    return table


ACCESS: Mapping[tuple[str, str], str] = _parsed()
"""(METHOD, path template) to ``P`` public, ``A`` any principal, ``A:scope``, ``S`` a session, ``B`` a bearer."""

Identify = Callable[[str, str], Principal | None]


def principal_for(
    settings: Settings, operation: tuple[str, str], headers: Mapping[str, str], identify: Identify, ip: str = ""
) -> Principal:
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
    if settings.auth == "open":
        if access in (SESSION, BEARER) or access.startswith("A:account"):
            raise problem("missing_scope", "open mode has no accounts and no sessions")
        return Principal(user_id="anonymous", scopes=frozenset(ALL_SCOPES), role="admin")
    if access == PUBLIC:
        return Principal(user_id="anonymous")
    principal = _identified(_credentials(headers), identify, ip)
    _check(access, principal)
    return principal


def _identified(sent: list[str], identify: Identify, ip: str) -> Principal:
    if not sent:
        raise _unauthorised("missing_credential", "send an Authorization: Bearer or an X-API-Key header")
    found = [identify(secret, ip) for secret in sent]
    first = found[0]
    if first is None or any(p is None or p.user_id != first.user_id for p in found):
        raise _unauthorised("bad_credential", "the credential is unknown, revoked or expired")
    return first


def _check(access: str, principal: Principal) -> None:
    if (
        access == SESSION
        and not principal.session_id
        and not (principal.has_account and "account:manage" in principal.scopes and not principal.is_test)
    ):
        raise problem("missing_scope", "this operation needs a session, or a key with account:manage")
    scope = access.partition(":")[2]
    if scope and scope not in principal.scopes:
        raise problem("missing_scope", f"this operation needs the scope {scope}")
    if scope in ("account", "billing:deduct") and not principal.has_account:
        raise problem("missing_scope", "there is no account behind this credential")


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
