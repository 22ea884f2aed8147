"""Accounts: sign up, log in and out, profile, password, deletion, and what a user can take along."""

from __future__ import annotations

import datetime as dt
import re
import time
import unicodedata
from typing import Any

import msgspec

from axis_core.errors import NotFound
from axis_http.nouns import Principal, timestamp
from axis_http.problems import Problem, invalid, problem
from axis_http.service.billing import Billing
from axis_http.service.credentials import LIFE_S, new_session_token, sha256_text
from axis_http.service.passwords import checked_password, hash_password, needs_rehash, password_fits
from axis_http.service.queue import DurableQueue
from axis_http.settings import Settings
from axis_http.store import accounts, keys, mailed, throttles, webhooks
from axis_http.store.database import Database, Row


__all__ = ["INVITE", "Accounts", "Login", "PasswordChange", "Profile", "Signup"]

INVITE = "invite"
"""What a mailed token is for that lets its address sign up."""

QUARTER_S = 900.0
FRESH_S = 600.0

_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f.]+(\.[^@\s\x00-\x1f.]+)+")


class Signup(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /portal/api/signup`` takes."""

    email: str
    password: str
    display_name: str = ""
    invite: str = ""


class Login(msgspec.Struct, kw_only=True):
    """What ``POST /portal/api/login`` takes."""

    email: str
    password: str


class Profile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What ``POST /portal/api/profile`` takes: no plan, role or balance."""

    display_name: str | msgspec.UnsetType = msgspec.UNSET
    company: str | msgspec.UnsetType = msgspec.UNSET
    locale: str | msgspec.UnsetType = msgspec.UNSET
    avatar_id: str | msgspec.UnsetType | None = msgspec.UNSET
    marketing_opt_in: bool | msgspec.UnsetType = msgspec.UNSET
    email: str | msgspec.UnsetType = msgspec.UNSET
    password: str | msgspec.UnsetType = msgspec.UNSET


class PasswordChange(msgspec.Struct, kw_only=True):
    """What ``POST /portal/api/password`` takes."""

    current_password: str
    new_password: str
    revoke_keys: bool = False


def checked_email(value: str) -> str:
    """Return an address in its one form: normalised, lower case.

    Raises
    ------
    Problem
    """
    email = unicodedata.normalize("NFKC", value).strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise invalid("email", "is no address")
    return email


def _short(name: str, value: str, longest: int) -> str:
    if len(value) > longest or any(unicodedata.category(c) == "Cc" for c in value):
        raise invalid(name, f"must have at most {longest} printable characters")
    return value


class Accounts:
    """Use cases about accounts."""

    def __init__(self, db: Database, billing: Billing, queue: DurableQueue, settings: Settings) -> None:
        self._db, self._billing, self._queue = db, billing, queue
        self._signup, self._signups_per_hour = settings.signup, settings.signups_per_hour

    def sign_up(self, given: Signup, ip: str, agent: str) -> dict[str, Any]:
        """Make an account with its first tokens and its first session.

        Raises
        ------
        Problem
            400 for the address or password, 403 closed, 409 ``account_exists``, 429 past 5 an hour and address.
        """
        if self._signup == "closed" or (self._signup == "invite" and not given.invite):
            raise problem("missing_scope", "sign-up is closed here: ask the operator for an account")
        email = checked_email(given.email)
        checked_password("password", given.password, email)
        name = _short("display_name", given.display_name, 80)
        self._throttled(f"signup:{ip}")
        hashed = hash_password(given.password)
        with self._db.tx():
            plan = self._invited(email, given.invite) if given.invite else self._billing.pricing.first_plan
            user_id = accounts.add_account(self._db, email, hashed, name, plan)
            if user_id is None:
                raise problem("account_exists", "there is an account with this address")
            if given.invite:
                accounts.update_account(self._db, user_id, {"email_verified": 1})
            self._billing.grant(user_id, plan)
            accounts.note(self._db, user_id, user_id, "account.created")
            session = self._session(user_id, agent)
        balance = self._db.value("SELECT balance FROM account WHERE user_id = ?", (user_id,))
        return {"user_id": user_id, "email": email, "plan": plan, "balance": balance, **session}

    def _invited(self, email: str, token: str) -> str:
        """Take an invitation for an address and return the plan that it is for."""
        row = mailed.take(self._db, sha256_text(token[:200]), INVITE)
        if row is None or row["email"] != email:
            raise problem("missing_scope", "the invitation is unknown, used, expired or for another address")
        return str(msgspec.json.decode(row["detail"])["plan"])

    def _throttled(self, name: str) -> None:
        wait = throttles.blocked_for(self._db, name)
        wait = wait or throttles.count_failure(self._db, name, allowed=self._signups_per_hour, window_s=3600.0)
        if wait:
            raise problem("too_many_attempts", "too many sign-ups from this address", retry_after=wait)

    def _session(self, user_id: str, agent: str) -> dict[str, Any]:
        token = new_session_token()
        _, end = accounts.add_session(self._db, user_id, sha256_text(token), agent, LIFE_S)
        return {"token": token, "token_type": "bearer", "expires_at": _time(end)}

    def log_in(self, given: Login, ip: str, agent: str) -> dict[str, Any]:
        """Make a session. An unknown address is answered like a wrong password, after the same time.

        Raises
        ------
        Problem
            401, 403 ``suspended`` (only after the right password), 429 ``too_many_attempts``.
        """
        email = unicodedata.normalize("NFKC", given.email[:300]).strip().lower()
        row = accounts.account_by_email(self._db, email)
        self._proved(f"login:{sha256_text(email)}", row, given.password[:1024], ip)
        assert row is not None
        if row["status"] != "active":
            raise problem("suspended", "this account is suspended")
        changes: dict[str, Any] = {"last_login_at": time.time()}
        if needs_rehash(row["password_hash"]):
            changes["password_hash"] = hash_password(given.password)
        with self._db.tx():
            accounts.update_account(self._db, row["user_id"], changes)
            self._billing.grant(row["user_id"], row["plan"])
            session = self._session(row["user_id"], agent)
        user = {k: row[k] for k in ("user_id", "email", "display_name", "plan", "role")}
        return {**session, "user": user}

    def _proved(self, name: str, row: Row | None, password: str, ip: str) -> None:
        """Check a password; count the try before the hash is computed, so that many at once are counted, too."""
        names = ((name, 5), (f"login-ip:{ip}", 30)) if ip else ((name, 5),)
        wait = max(throttles.blocked_for(self._db, n) for n, _ in names)
        if wait:
            raise problem("too_many_attempts", "too many failed attempts", retry_after=wait)
        for each, allowed in names:
            throttles.count_failure(self._db, each, allowed=allowed, window_s=QUARTER_S)
        if not password_fits(row["password_hash"] if row else None, password):
            raise problem("bad_credential", "the address or the password is wrong")
        with self._db.tx():
            throttles.clear_failures(self._db, name)
            throttles.take_back(self._db, f"login-ip:{ip}")

    def log_out(self, principal: Principal, *, everywhere: bool) -> dict[str, Any]:
        """End the session that calls, or all of its account.

        Raises
        ------
        Problem
            400 ``not_a_session`` for a key.
        """
        if not principal.session_id:
            raise problem("not_a_session", "an API key does not log out: revoke it")
        only = "" if everywhere else principal.session_id
        ended = accounts.end_sessions(self._db, principal.user_id, only=only)
        return {"logged_out": True, "sessions_revoked": ended}

    def account(self, principal: Principal) -> dict[str, Any]:
        """Return what there is to know of one's own account."""
        row = self._row(principal)
        balance = self._billing.balance(principal)
        out = {k: row[k] for k in ("user_id", "email", "display_name", "plan", "role", "status", "balance")}
        return out | {
            "email_verified": bool(row["email_verified"]),
            "created_at": _time(row["created_at"]),
            "last_login_at": _time(row["last_login_at"]),
            "sessions": len(accounts.sessions(self._db, principal.user_id)),
            "keys": keys.count_keys(self._db, principal.user_id),
            "byogpu": {"subscribed": False, "workers": 0},
            "limits": balance["limits"],
        }

    def _row(self, principal: Principal) -> Row:
        row = accounts.account(self._db, principal.user_id)
        if row is None:
            raise NotFound("there is no such account")
        return row

    def change_profile(self, principal: Principal, given: Profile) -> dict[str, Any]:
        """Change what a user may change; a new address needs the password and is unverified.

        Raises
        ------
        Problem
        """
        row = self._row(principal)
        plain = msgspec.to_builtins(given)
        password = plain.pop("password", None)
        for name, longest in (("display_name", 80), ("company", 120), ("locale", 35), ("avatar_id", 40)):
            if isinstance(plain.get(name), str):
                _short(name, plain[name], longest)
        if "email" in plain:
            plain["email"] = checked_email(plain["email"])
            if not isinstance(password, str):
                raise invalid("password", "is needed to change the address")
            self._confirmed(row, password)
            plain["email_verified"] = 0
        with self._db.tx():
            if plain and not accounts.update_account(self._db, principal.user_id, plain):
                raise problem("account_exists", "there is an account with this address")
            accounts.note(self._db, principal.user_id, principal.user_id, "profile.changed", fields=sorted(plain))
        return self._profile(principal)

    def _confirmed(self, row: Row, password: str) -> None:
        try:
            self._proved(f"login:{sha256_text(str(row['email']))}", row, password, "")
        except Problem as exc:
            if exc.code == "bad_credential":
                raise problem("invalid_current_password", "the current password is wrong") from exc
            raise

    def _profile(self, principal: Principal) -> dict[str, Any]:
        row = self._row(principal)
        names = ("user_id", "email", "display_name", "company", "locale", "avatar_id")
        flags = {n: bool(row[n]) for n in ("email_verified", "marketing_opt_in")}
        return {n: row[n] for n in names} | flags | {"updated_at": _time(row["updated_at"])}

    def change_password(self, principal: Principal, given: PasswordChange) -> dict[str, Any]:
        """Set another password and end all other sessions, and all keys where asked.

        Raises
        ------
        Problem
            400 ``invalid_current_password``, or a password that may not be set; 429.
        """
        row = self._row(principal)
        self._confirmed(row, given.current_password[:1024])
        checked_password("new_password", given.new_password, str(row["email"]))
        if given.new_password == given.current_password:
            raise invalid("new_password", "is the old one")
        hashed = hash_password(given.new_password)
        with self._db.tx():
            accounts.update_account(self._db, principal.user_id, {"password_hash": hashed})
            ended = accounts.end_sessions(self._db, principal.user_id, but=principal.session_id)
            if given.revoke_keys:
                keys.revoke_keys(self._db, principal.user_id)
            accounts.note(self._db, principal.user_id, principal.user_id, "password.changed")
        return {"changed": True, "sessions_revoked": ended}

    def sessions(self, principal: Principal) -> dict[str, Any]:
        """Return one's sessions."""
        listed = [
            {
                "session_id": r["session_id"],
                "agent": r["agent"],
                "created_at": _time(r["created_at"]),
                "last_used_at": _time(r["last_used_at"]),
                "expires_at": _time(r["expires_at"]),
                "current": r["session_id"] == principal.session_id,
            }
            for r in accounts.sessions(self._db, principal.user_id)
        ]
        return {"sessions": listed, "count": len(listed)}

    def end_session(self, principal: Principal, session_id: str) -> dict[str, Any]:
        """End one of one's sessions.

        Raises
        ------
        NotFound
        """
        if not accounts.end_sessions(self._db, principal.user_id, only=session_id or "none"):
            raise NotFound("there is no such session")
        return {"session_id": session_id, "revoked": True}

    def delete(self, principal: Principal, password: str | None) -> list[str]:
        """Close the account: no credential works any more, waiting jobs end. Returns the exports to be erased.

        Raises
        ------
        Problem
            403 ``reauth_required`` without the password, unless the session is younger than ten minutes.
        """
        row = self._row(principal)
        fresh = bool(principal.session_id) and time.time() - principal.signed_in_at < FRESH_S
        if password is not None:
            self._confirmed(row, password[:1024])
        elif not fresh:
            raise problem("reauth_required", "send the password to delete the account")
        for job in self._queue.jobs(principal.user_id):
            if not job.is_over:
                self._queue.cancel(job.job_id)
        with self._db.tx():
            accounts.end_sessions(self._db, principal.user_id)
            self._db.write("DELETE FROM api_key WHERE user_id = ?", (principal.user_id,))
            self._db.write("DELETE FROM avatar WHERE owner = ?", (principal.user_id,))
            self._db.write("DELETE FROM asset WHERE owner = ?", (principal.user_id,))
            self._db.write("DELETE FROM idempotency WHERE owner = ?", (principal.user_id,))
            webhooks.remove(self._db, principal.user_id)
            mailed.forget_of(self._db, principal.user_id, str(row["email"]))
            self._db.write("DELETE FROM throttle WHERE name = ?", (f"login:{sha256_text(str(row['email']))}",))
            self._db.write(
                "UPDATE account SET email = NULL, password_hash = NULL, display_name = '', company = '', locale = '', "
                "avatar_id = NULL, marketing_opt_in = 0, status = 'deleted', updated_at = ? WHERE user_id = ?",
                (time.time(), principal.user_id),
            )
            self._db.write("UPDATE audit_log SET detail = '{}' WHERE user_id = ?", (principal.user_id,))
            accounts.note(self._db, principal.user_id, principal.user_id, "account.deleted")
            rows = self._db.rows("SELECT export_id FROM export WHERE owner = ?", (principal.user_id,))
        return [str(r["export_id"]) for r in rows]


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else timestamp(dt.datetime.fromtimestamp(seconds, dt.UTC))
