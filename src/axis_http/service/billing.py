"""Tokens: what things cost, what an account has, and how it is charged once and refunded once."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import msgspec

from axis_http.nouns import Job, Principal, now, timestamp
from axis_http.problems import Problem, invalid, problem
from axis_http.service.pricing import Pricing
from axis_http.store import accounts, ledger
from axis_http.store.database import Database, Row


__all__ = ["Billing", "Deduction"]


class Deduction(msgspec.Struct, kw_only=True):
    """What ``POST /portal/api/deduct`` takes."""

    operation: str
    units: int = 1
    idempotency_key: str | None = None
    reason: str = ""
    job_id: str | None = None
    amount: int | None = None


class Billing:
    """The ledger with the operator's prices."""

    def __init__(self, db: Database, pricing: Pricing) -> None:
        self._db, self.pricing = db, pricing

    def charge(self, job: Job, operation: str, tokens: int) -> None:
        """Charge a job's account, in the transaction that makes the job.

        Raises
        ------
        Problem
            ``insufficient_tokens``, saying how many are needed and how many there are.
        """
        if (
            tokens
            and ledger.post(self._db, job.owner, "deduct", -tokens, operation=operation, job_id=job.job_id) is None
        ):
            raise self._too_few(job.owner, tokens)

    def _too_few(self, user_id: str, tokens: int) -> Problem:
        have = ledger.balance_of(self._db, user_id)
        text = f"{tokens} tokens are needed, the balance is {have}"
        return problem("insufficient_tokens", text, details=({"loc": "balance", "code": str(have), "message": text},))

    def settle(self, job: Job, status: str) -> None:
        """Refund what a job cost, in the transaction that ends it: failed, or ended before it began."""
        back = status == "failed" or (status in ("cancelled", "expired") and job.started_at is None)
        if not (job.cost.charged and back):
            return
        ledger.post(self._db, job.owner, "refund", job.cost.charged, operation=job.kind, job_id=job.job_id)
        self._db.write("UPDATE job SET refunded = charged WHERE job_id = ?", (job.job_id,))

    def grant(self, user_id: str, plan: str, moment: dt.datetime | None = None) -> None:
        """Give the tokens of a plan: once at the sign-up, or once a month; a second call changes nothing."""
        terms = self.pricing.plan(plan)
        period = (moment or now()).strftime("%Y-%m") if terms.monthly else "sign-up"
        with self._db.tx():
            if ledger.entry_of_key(self._db, user_id, f"grant:{period}") is None:
                ledger.post(
                    self._db,
                    user_id,
                    "grant",
                    terms.tokens,
                    operation="plan",
                    idem_key=f"grant:{period}",
                    description=f"{terms.name}, {period}",
                )

    def deduct(self, principal: Principal, given: Deduction, header_key: str | None) -> dict[str, Any]:
        """Charge the caller's own account for work done elsewhere; the same key charges once.

        Raises
        ------
        Problem
            400 for an unknown operation or an amount that is not price x units, 402, 409 for the key with another body.
        """
        amount = 0 if principal.is_test else self._amount(given)
        key = header_key or given.idempotency_key
        if key is not None and not 1 <= len(key) <= 255:
            raise invalid("idempotency_key", "must have 1 to 255 characters")
        digest = hashlib.sha256(msgspec.json.encode((given.operation, given.units, given.job_id))).hexdigest()
        with self._db.tx():
            known = ledger.entry_of_key(self._db, principal.user_id, f"deduct:{key}") if key else None
            if known is not None and known["body_sha256"] != digest:
                raise problem("idempotency_mismatch", "this key was used for another deduction")
            entry = known if known is not None or amount == 0 else self._posted(principal, given, amount, key, digest)
            return {
                "transaction_id": entry["id"] if entry else None,
                "operation": given.operation,
                "amount": amount,
                "balance": entry["balance_after"] if entry else ledger.balance_of(self._db, principal.user_id),
                "idempotent_replay": known is not None,
            }

    def _amount(self, given: Deduction) -> int:
        if given.operation not in self.pricing.operations:
            raise invalid(
                "operation", f"is {given.operation!r:.60}, expected one of {', '.join(self.pricing.operations)}"
            )
        if not 1 <= given.units <= 1000:
            raise invalid("units", f"is {given.units}, expected 1 to 1000")
        amount = self.pricing.operations[given.operation] * given.units
        if given.amount is not None and given.amount != amount:
            raise invalid("amount", f"is {given.amount}, {given.units} x {given.operation} cost {amount}")
        return amount

    def _posted(self, principal: Principal, given: Deduction, amount: int, key: str | None, digest: str) -> Row:
        entry = ledger.post(
            self._db,
            principal.user_id,
            "deduct",
            -amount,
            operation=given.operation,
            idem_key=f"deduct:{key}" if key else None,
            body_sha256=digest,
            description=given.reason[:200],
        )
        if entry is None:
            raise self._too_few(principal.user_id, amount)
        return entry

    def balance(self, principal: Principal) -> dict[str, Any]:
        """Return what the caller has and may do."""
        row = accounts.account(self._db, principal.user_id)
        plan = self.pricing.plan(row["plan"] if row else "")
        first = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return {
            "user_id": principal.user_id,
            "plan": row["plan"] if row else "none",
            "balance": row["balance"] if row else 0,
            "costs": dict(self.pricing.operations) if row else dict.fromkeys(self.pricing.operations, 0),
            "limits": plan.limits() if row else {},
            "renews_at": timestamp((first + dt.timedelta(days=32)).replace(day=1)) if row and plan.monthly else None,
        }

    def usage(self, principal: Principal, limit: int, cursor: str, kind: str) -> dict[str, Any]:
        """Return the caller's rows of the ledger, newest first."""
        if kind and kind not in ("deduct", "refund", "purchase", "grant", "adjust"):
            raise invalid("type", f"is {kind!r:.40}, expected deduct, refund, purchase, grant or adjust")
        rows = ledger.entries(self._db, principal.user_id, limit + 1, cursor, kind)
        shown = [_shown(r) for r in rows[:limit]]
        more = shown[-1]["id"] if len(rows) > limit else None
        return {"transactions": shown, "count": len(shown), "next_cursor": more}

    def options(self, provider: str | None) -> dict[str, Any]:
        """Return plans and packs, and through whom packs are bought."""
        money = {"currency": self.pricing.currency}
        return {
            "plans": [
                {
                    "id": name,
                    "name": p.name,
                    "price": {"value": p.price_cents, **money},
                    "monthly_tokens": p.tokens if p.monthly else 0,
                    "limits": p.limits(),
                    "features": [f"quality gate at {p.min_score}: {p.on_below}"],
                }
                for name, p in self.pricing.plans.items()
            ],
            "token_packs": [
                {"id": name, "tokens": p.tokens, "price": {"value": p.price_cents, **money}}
                for name, p in self.pricing.packs.items()
            ],
            "payments_enabled": provider is not None,
            "provider": provider,
            "byogpu_plan": {"id": "byogpu_monthly", "price": {"value": 900, **money}},
        }


def _shown(row: Row) -> dict[str, Any]:
    keys = ("id", "type", "amount", "balance_after", "operation", "job_id", "description")
    return {k: row[k] for k in keys} | {
        "created_at": timestamp(dt.datetime.fromtimestamp(row["created_at"], dt.UTC)),
    }
