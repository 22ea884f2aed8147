"""What an operator does: look at accounts, change plans and roles, suspend, grant; and figures for monitoring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec

from axis_core.errors import NotFound
from axis_core.version import VERSION
from axis_http.nouns import Principal, timestamp
from axis_http.problems import invalid, problem
from axis_http.service.state import Service
from axis_http.store import accounts, keys, ledger
from axis_http.store.database import Row


__all__ = ["Grant", "UserChange", "change_user", "grant", "jobs", "metrics", "prices", "suspend", "users"]


class UserChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What ``PATCH /admin/api/users/{user_id}`` takes."""

    plan: str | msgspec.UnsetType = msgspec.UNSET
    role: str | msgspec.UnsetType = msgspec.UNSET
    status: str | msgspec.UnsetType = msgspec.UNSET


class Grant(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /admin/api/users/{user_id}/grant`` takes."""

    tokens: int
    reason: str = ""
    idempotency_key: str | None = None


def _shown(row: Row) -> dict[str, Any]:
    plain = ("user_id", "email", "display_name", "plan", "role", "status", "balance")
    moments = {k: row[k] for k in ("created_at", "last_login_at")}
    times = {k: m and timestamp(dt.datetime.fromtimestamp(m, dt.UTC)) for k, m in moments.items()}
    return {k: row[k] for k in plain} | times


def users(service: Service, limit: int, offset: int) -> dict[str, Any]:
    """Return a page of accounts, newest first."""
    rows = service.db.rows("SELECT * FROM account ORDER BY created_at DESC, user_id LIMIT ? OFFSET ?", (limit, offset))
    return {
        "users": [_shown(r) for r in rows],
        "count": len(rows),
        "total": int(service.db.value("SELECT COUNT(*) FROM account")),
    }


def _row(service: Service, user_id: str) -> Row:
    row = accounts.account(service.db, user_id)
    if row is None or row["status"] == "deleted":
        raise NotFound("there is no such account")
    return row


def change_user(service: Service, caller: Principal, user_id: str, given: UserChange) -> dict[str, Any]:
    """Change plan, role or status.

    Raises
    ------
    Problem, NotFound
    """
    plain = msgspec.to_builtins(given)
    known = {
        "plan": tuple(service.billing.pricing.plans),
        "role": ("user", "reviewer", "admin"),
        "status": ("active", "suspended"),
    }
    for name, value in plain.items():
        if value not in known[name]:
            raise invalid(name, f"is {value!r:.40}, expected one of {', '.join(known[name])}")
    with service.db.tx():
        _row(service, user_id)
        if plain:
            accounts.update_account(service.db, user_id, plain)
            accounts.note(service.db, caller.user_id, user_id, "account.changed", **plain)
            if "plan" in plain:
                service.billing.grant(user_id, plain["plan"])
    return _shown(_row(service, user_id))


def suspend(service: Service, caller: Principal, user_id: str) -> dict[str, Any]:
    """Suspend an account: its sessions end, its keys answer 403.

    Raises
    ------
    NotFound
    """
    with service.db.tx():
        shown = change_user(service, caller, user_id, UserChange(status="suspended"))
        ended = accounts.end_sessions(service.db, user_id)
    return shown | {"sessions_revoked": ended, "keys": keys.count_keys(service.db, user_id)}


def grant(service: Service, caller: Principal, user_id: str, given: Grant) -> dict[str, Any]:
    """Add tokens (or take some, with a negative number) and say why; the same key does it once.

    Raises
    ------
    Problem, NotFound
    """
    if given.tokens == 0 or abs(given.tokens) > 10_000_000:
        raise invalid("tokens", f"is {given.tokens}, expected 1 to 10,000,000, or as many to take")
    with service.db.tx():
        _row(service, user_id)
        key = f"adjust:{given.idempotency_key}" if given.idempotency_key else None
        entry = ledger.entry_of_key(service.db, user_id, key) if key else None
        if entry is None:
            entry = ledger.post(
                service.db,
                user_id,
                "adjust",
                given.tokens,
                operation="admin",
                idem_key=key,
                description=given.reason[:200],
            )
            accounts.note(service.db, caller.user_id, user_id, "tokens.adjusted", tokens=given.tokens)
        if entry is None:
            raise problem("insufficient_tokens", "the balance is smaller than what was to be taken")
    figures = {"amount": entry["amount"], "balance": entry["balance_after"]}
    return {"user_id": user_id, "transaction_id": entry["id"], **figures}


def prices(service: Service) -> dict[str, Any]:
    """Return the price table."""
    options = service.billing.options(service.checkout.provider)
    return {"operations": dict(service.billing.pricing.operations), **options}


def jobs(service: Service, limit: int, status: str) -> dict[str, Any]:
    """Return jobs of everybody, newest first, without what is in them."""
    rows = service.db.rows(
        "SELECT job_id, owner, kind, status, attempt, worker, created_at, error FROM job WHERE ?1 = '' OR status = ?1 "
        "ORDER BY created_at DESC, job_id DESC LIMIT ?2",
        (status, limit),
    )
    shown = [
        {
            **{k: r[k] for k in ("job_id", "kind", "status", "attempt", "worker")},
            "user_id": r["owner"],
            "created_at": timestamp(dt.datetime.fromtimestamp(r["created_at"], dt.UTC)),
            "error": None if r["error"] is None else msgspec.json.decode(r["error"]),
        }
        for r in rows
    ]
    return {"jobs": shown, "count": len(shown)}


def metrics(service: Service, requests: dict[int, int]) -> str:
    """Return figures in Prometheus' text format."""
    return "".join(f"{line}\n" for line in _lines(service, requests))


def _lines(service: Service, requests: dict[int, int]) -> Iterator[str]:
    db = service.db
    yield from ("# TYPE axis_info gauge", f'axis_info{{version="{VERSION}"}} 1')
    yield from ("# TYPE axis_uptime_seconds gauge", f"axis_uptime_seconds {service.uptime_s}")
    yield "# TYPE axis_requests_total counter"
    for status, count in sorted(requests.items()):
        yield f'axis_requests_total{{status="{status}"}} {count}'
    yield "# TYPE axis_jobs gauge"
    for row in db.rows("SELECT status, COUNT(*) AS n FROM job GROUP BY status ORDER BY status"):
        yield f'axis_jobs{{status="{row["status"]}"}} {row["n"]}'
    oldest = db.value("SELECT unixepoch('subsec') - MIN(created_at) FROM job WHERE status = 'queued'")
    yield from ("# TYPE axis_queue_age_seconds gauge", f"axis_queue_age_seconds {round(oldest or 0.0, 1)}")
    yield "# TYPE axis_blob_bytes gauge"
    total = db.value("SELECT COALESCE(SUM(size), 0) FROM blob")
    yield f"axis_blob_bytes {total}"
    yield "# TYPE axis_tokens_total counter"
    for row in db.rows("SELECT type, SUM(ABS(amount)) AS n FROM ledger GROUP BY type ORDER BY type"):
        yield f'axis_tokens_total{{type="{row["type"]}"}} {row["n"]}'
    yield "# TYPE axis_ledger_mismatches gauge"
    yield f"axis_ledger_mismatches {len(ledger.sums_that_differ(db))}"
