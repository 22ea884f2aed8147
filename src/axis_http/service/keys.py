"""API keys: made, listed, rotated, revoked. The key itself is told once and not kept."""

from __future__ import annotations

import datetime as dt
import ipaddress
import time
from typing import Any

import msgspec

from axis_core.errors import NotFound
from axis_http.nouns import ALL_SCOPES, Principal, timestamp
from axis_http.problems import Problem, invalid
from axis_http.service.credentials import new_key, scopes_of_role, sha256_text
from axis_http.store import accounts, keys
from axis_http.store.database import Database, Row


__all__ = ["KeyRequest", "Keys"]

MOST = 25
DEFAULT_SCOPES = ["read", "generate", "process"]


class KeyRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /portal/api/keys`` takes."""

    name: str
    scopes: list[str] = msgspec.field(default_factory=lambda: list(DEFAULT_SCOPES))
    expires_in_days: int | None = None
    allowed_ips: list[str] = []
    mode: str = "live"


class Keys:
    """Use cases about keys."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def make(self, principal: Principal, given: KeyRequest) -> dict[str, Any]:
        """Make a key and tell it, once.

        Raises
        ------
        Problem
            400: an unknown scope, one that the account cannot have, or too many keys.
        """
        self._check(principal, given)
        days = given.expires_in_days
        end = None if days is None else time.time() + days * 86400.0
        with self._db.tx():
            if keys.count_keys(self._db, principal.user_id) >= MOST:
                raise Problem(status=400, code="plan_limit", error=f"an account has at most {MOST} keys")
            scopes = sorted(set(given.scopes))
            return self._made(principal, given.name, scopes, given.allowed_ips, end, given.mode)

    def _check(self, principal: Principal, given: KeyRequest) -> None:
        if not 1 <= len(given.name.strip()) <= 80 or not given.name.isprintable():
            raise invalid("name", "must have 1 to 80 printable characters")
        if given.mode not in ("live", "test"):
            raise invalid("mode", f"is {given.mode!r:.20}, expected live or test")
        if principal.is_test and given.mode == "live":
            raise invalid("mode", "a test key makes only test keys")
        allowed = scopes_of_role(principal.role)
        for scope in given.scopes:
            if scope not in ALL_SCOPES or scope not in allowed:
                raise invalid("scopes", f"{scope!r:.40} is none of {', '.join(s for s in ALL_SCOPES if s in allowed)}")
        if not principal.session_id and not set(given.scopes) <= principal.scopes:
            raise invalid("scopes", "a key cannot make one that may do more than itself")
        if given.expires_in_days is not None and not 1 <= given.expires_in_days <= 365:
            raise invalid("expires_in_days", f"is {given.expires_in_days}, expected 1 to 365")
        if len(given.allowed_ips) > 50:
            raise invalid("allowed_ips", "has more than 50 entries")
        for text in given.allowed_ips:
            try:
                ipaddress.ip_address(text)
            except ValueError as exc:
                raise invalid("allowed_ips", f"{text!r:.60} is no address") from exc

    def _made(
        self, principal: Principal, name: str, scopes: list[str], ips: list[str], end: float | None, mode: str
    ) -> dict[str, Any]:
        key, prefix = new_key(mode)
        key_id = keys.add_key(
            self._db,
            principal.user_id,
            prefix=prefix,
            sha256=sha256_text(key),
            last4=key[-4:],
            name=name,
            scopes=scopes,
            allowed_ips=ips,
            expires_at=end,
        )
        accounts.note(self._db, principal.user_id, principal.user_id, "key.created", key_id=key_id)
        row = keys.key_of(self._db, principal.user_id, key_id)
        assert row is not None
        shown = _shown(row)
        names = ("key_id", "prefix", "name", "scopes", "created_at", "expires_at")
        return {"key": key, **{n: shown[n] for n in names}}

    def listed(self, principal: Principal) -> dict[str, Any]:
        """Return one's keys, without the keys."""
        rows = [_shown(r) for r in keys.keys_of(self._db, principal.user_id)]
        return {"keys": rows, "count": len(rows)}

    def revoke(self, principal: Principal, key_id: str) -> dict[str, Any]:
        """Revoke a key at once; again gives the same answer.

        Raises
        ------
        NotFound
        """
        with self._db.tx():
            self._own(principal, key_id)
            if keys.revoke_keys(self._db, principal.user_id, key_id):
                accounts.note(self._db, principal.user_id, principal.user_id, "key.revoked", key_id=key_id)
            row = self._own(principal, key_id)
        return {"key_id": key_id, "revoked": True, "revoked_at": _time(row["revoked_at"])}

    def rotate(self, principal: Principal, key_id: str, overlap_s: int) -> dict[str, Any]:
        """Make a key like another one, which ends in ``overlap_s`` seconds.

        Raises
        ------
        Problem, NotFound
        """
        if not 0 <= overlap_s <= 86400:
            raise invalid("overlap_s", f"is {overlap_s}, expected 0 to 86400")
        with self._db.tx():
            row = self._own(principal, key_id)
            if row["revoked_at"] is not None:
                raise invalid("key_id", "is revoked")
            scopes, ips = msgspec.json.decode(row["scopes"]), msgspec.json.decode(row["allowed_ips"])
            keys.expire_key(self._db, principal.user_id, key_id, time.time() + overlap_s)
            return self._made(principal, row["name"], scopes, ips, row["expires_at"], row["prefix"].split("_")[1])

    def _own(self, principal: Principal, key_id: str) -> Row:
        row = keys.key_of(self._db, principal.user_id, key_id)
        if row is None:
            raise NotFound("there is no such key")
        return row


def _shown(row: Row) -> dict[str, Any]:
    times = ("created_at", "last_used_at", "expires_at", "revoked_at")
    plain = {k: row[k] for k in ("key_id", "name", "prefix", "last4")}
    return plain | {"scopes": msgspec.json.decode(row["scopes"])} | {t: _time(row[t]) for t in times}


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else timestamp(dt.datetime.fromtimestamp(seconds, dt.UTC))
