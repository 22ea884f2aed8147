"""Credentials: how they are made, what is kept of them, and who stands behind one.

A key is ``axf_live_<8>_<32>``: a prefix that scanners find, an id, and 190 random bits, so its SHA-256 is enough. A
session token is ``axs_`` and 256 random bits. Neither is kept, shown twice or logged.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
import string
import threading
import time

import msgspec

from axis_http.nouns import ALL_SCOPES, Principal
from axis_http.problems import problem
from axis_http.store import accounts, keys
from axis_http.store.database import Database, Row


__all__ = ["Credentials", "new_key", "new_session_token", "scopes_of_role", "sha256_text"]

IDLE_S, LIFE_S = 12 * 3600.0, 30 * 86400.0
TOUCH_S = 60.0
KNOWN_S, MOST_KNOWN = 1.0, 10_000
"""How long an answer is good where this process has written nothing since: another may have revoked the credential."""

_LETTERS = string.ascii_letters + string.digits
_KEY = re.compile(r"(axf_(?:live|test)_[A-Za-z0-9]{8})_[A-Za-z0-9]{32}")
_REVIEW = frozenset({"review:read", "review:write"})


def sha256_text(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_key(mode: str = "live") -> tuple[str, str]:
    """Return a new API key and its prefix; ``mode`` is live or test."""
    prefix = f"axf_{mode}_" + "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{prefix}_{''.join(secrets.choice(_LETTERS) for _ in range(32))}", prefix


def new_session_token() -> str:
    """Return a new session token."""
    return "axs_" + secrets.token_urlsafe(32)


def scopes_of_role(role: str) -> frozenset[str]:
    """Return the scopes that a role can have at all."""
    user = frozenset(ALL_SCOPES) - _REVIEW - {"admin"}
    return {"admin": frozenset(ALL_SCOPES), "reviewer": user | _REVIEW}.get(role, user)


class Credentials:
    """Who stands behind a secret.

    Parameters
    ----------
    db : Database
    operator_key_sha256 : str
        SHA-256 of the operator's key; empty for none.
    """

    def __init__(self, db: Database, operator_key_sha256: str) -> None:
        self._db, self._operator = db, operator_key_sha256.lower()
        self._touched: dict[tuple[str, str], float] = {}
        self._known: dict[tuple[str, str], tuple[int, float, Principal]] = {}
        self._lock = threading.Lock()

    def identify(self, secret: str, ip: str = "") -> Principal | None:
        """Return who it is, or None where the secret is unknown, revoked, expired or used from elsewhere.

        Raises
        ------
        Problem
            ``suspended``: the secret is right, the account is not active.
        """
        name = (sha256_text(secret), ip)
        commits, until, known = self._known.get(name, (-1, 0.0, None))
        if known is not None and commits == self._db.commits and time.monotonic() < until:
            return known
        commits = self._db.commits
        found = self._found(secret, ip)
        if found is not None:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[name] = (commits, time.monotonic() + KNOWN_S, found)
        return found

    def _found(self, secret: str, ip: str) -> Principal | None:
        if secret.startswith("axs_"):
            return self._session(secret)
        match = _KEY.fullmatch(secret)
        if match:
            return self._key(secret, match[1], ip)
        if self._operator and hmac.compare_digest(sha256_text(secret), self._operator):
            return Principal(user_id="operator", auth_method="api_key", scopes=frozenset(ALL_SCOPES), role="admin")
        return None

    def _session(self, token: str) -> Principal | None:
        row, moment = accounts.session_by_token(self._db, sha256_text(token)), time.time()
        if row is None or row["expires_at"] < moment or row["last_used_at"] + IDLE_S < moment:
            return None
        _active(row)
        self._touch("session", row["session_id"], row["last_used_at"])
        return Principal(
            user_id=row["user_id"],
            auth_method="bearer",
            scopes=scopes_of_role(row["role"]),
            plan=row["plan"],
            role=row["role"],
            session_id=row["session_id"],
            expires_at=dt.datetime.fromtimestamp(row["expires_at"], dt.UTC),
            signed_in_at=row["created_at"],
        )

    def _key(self, secret: str, prefix: str, ip: str) -> Principal | None:
        row = keys.key_by_prefix(self._db, prefix)
        if row is None or not hmac.compare_digest(sha256_text(secret), row["key_sha256"]):
            return None
        if row["revoked_at"] is not None or (row["expires_at"] is not None and row["expires_at"] < time.time()):
            return None
        allowed = msgspec.json.decode(row["allowed_ips"])
        if allowed and ip not in allowed:
            return None
        _active(row)
        self._touch("api_key", row["key_id"], row["last_used_at"] or 0.0)
        return Principal(
            user_id=row["user_id"],
            auth_method="api_key",
            scopes=frozenset(msgspec.json.decode(row["scopes"])) & scopes_of_role(row["role"]),
            plan=row["plan"],
            role=row["role"],
            key_id=row["key_id"],
            is_test=prefix.startswith("axf_test_"),
            expires_at=None if row["expires_at"] is None else dt.datetime.fromtimestamp(row["expires_at"], dt.UTC),
        )

    def _touch(self, table: str, name: str, last: float) -> None:
        moment = time.time()
        if moment - last > TOUCH_S:
            with self._lock:
                self._touched[table, name] = moment

    def flush(self) -> None:
        """Write when credentials were last used: not in the request, which would wait for the disk."""
        with self._lock:
            touched, self._touched = self._touched, {}
        if not touched:
            return
        with self._db.tx():
            for (table, name), moment in touched.items():
                column = {"session": "session_id", "api_key": "key_id"}[table]
                self._db.write(f"UPDATE {table} SET last_used_at = ? WHERE {column} = ?", (moment, name))  # noqa: S608


def _active(row: Row) -> None:
    if row["status"] != "active":
        raise problem("suspended", "this account is suspended")
