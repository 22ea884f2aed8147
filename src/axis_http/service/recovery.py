"""What goes by mail: another password, the proof of an address, an invitation. Tokens are sent once and kept hashed.

A request is answered before its address is looked up: neither the answer nor its time tells who has an account.
"""

from __future__ import annotations

import secrets
from typing import Any

import msgspec

from axis_http.nouns import Principal
from axis_http.problems import invalid, problem
from axis_http.service.accounts import INVITE, checked_email
from axis_http.service.credentials import sha256_text
from axis_http.service.mail import Letter, Postman
from axis_http.service.passwords import checked_password, hash_password
from axis_http.service.pricing import Pricing
from axis_http.settings import Settings
from axis_http.store import accounts, mailed, throttles
from axis_http.store.database import Database


__all__ = ["Address", "Invitation", "NewPassword", "Proof", "Recovery"]

RESET, VERIFY = "reset", "verify"
LIFE_S = {RESET: 1800.0, VERIFY: 86400.0, INVITE: 7 * 86400.0}
HOUR_S = 3600.0


class Address(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /portal/api/password/reset`` takes."""

    email: str


class NewPassword(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /portal/api/password/reset/confirm`` takes."""

    token: str
    new_password: str


class Proof(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /portal/api/email/verify`` takes: the token of a mail, or an address that wants one."""

    token: str = ""
    email: str = ""


class Invitation(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /admin/api/invites`` takes."""

    email: str
    plan: str = ""


class Recovery:
    """Use cases that need a mail."""

    def __init__(self, db: Database, postman: Postman, pricing: Pricing, settings: Settings) -> None:
        self._db, self._postman, self._pricing = db, postman, pricing
        self._base = settings.public_url.rstrip("/")

    def ask_reset(self, given: Address, ip: str) -> dict[str, Any]:
        """Send a token for another password, if there is such an account.

        Raises
        ------
        Problem
            503 without a mail server, 400 for what is no address, 429 past a few an hour.
        """
        self._postman.needed()
        email = checked_email(given.email)
        self._paced(email, ip)
        self._postman.post(lambda: self._letter(RESET, email))
        return {"sent": True, "expires_in": int(LIFE_S[RESET])}

    def _paced(self, email: str, ip: str) -> None:
        names = ((f"mail:{sha256_text(email)}", 3), (f"mail-ip:{ip}", 30))
        for name, allowed in names:
            wait = throttles.blocked_for(self._db, name)
            wait = wait or throttles.count_failure(self._db, name, allowed=allowed, window_s=HOUR_S)
            if wait:
                raise problem("too_many_attempts", "too many mails were asked for", retry_after=wait)

    def _letter(self, purpose: str, email: str) -> Letter | None:
        """Return the letter for an address, with a new token; None where it has no active account."""
        row = accounts.account_by_email(self._db, email)
        if row is None or row["status"] != "active":
            return None
        token = self._token(purpose, email, row["user_id"])
        if purpose == RESET:
            return _reset_letter(email, token, self._base)
        return _verify_letter(email, token, self._base)

    def _token(self, purpose: str, email: str, user_id: str | None, **detail: Any) -> str:
        token = "axr_" + secrets.token_urlsafe(32)
        mailed.add(self._db, sha256_text(token), purpose, email, user_id, LIFE_S[purpose], detail)
        return token

    def reset(self, given: NewPassword, ip: str) -> dict[str, Any]:
        """Set another password by a mailed token, once; all sessions end.

        Raises
        ------
        Problem
            400 ``bad_token``, or a password that may not be set (the token stays good), 429.
        """
        digest = self._tried(given.token, ip)
        row = mailed.find(self._db, digest, RESET)
        if row is None:
            raise problem("bad_token")
        checked_password("new_password", given.new_password, str(row["email"]))
        hashed = hash_password(given.new_password)
        with self._db.tx():
            taken = mailed.take(self._db, digest, RESET)
            account = accounts.account(self._db, str(row["user_id"]))
            if taken is None or account is None or account["email"] != row["email"]:
                raise problem("bad_token")
            accounts.update_account(self._db, account["user_id"], {"password_hash": hashed, "email_verified": 1})
            ended = accounts.end_sessions(self._db, account["user_id"])
            throttles.clear_failures(self._db, f"login:{sha256_text(str(row['email']))}")
            accounts.note(self._db, account["user_id"], account["user_id"], "password.reset")
        return {"changed": True, "sessions_revoked": ended}

    def _tried(self, token: str, ip: str) -> str:
        """Count a try of an address and return the token's hash."""
        name = f"token-ip:{ip}"
        wait = throttles.blocked_for(self._db, name)
        wait = wait or throttles.count_failure(self._db, name, allowed=20, window_s=HOUR_S)
        if wait:
            raise problem("too_many_attempts", "too many tokens were tried", retry_after=wait)
        return sha256_text(token[:200])

    def prove(self, given: Proof, ip: str) -> dict[str, Any]:
        """Take the token of a mail as the proof of its address; or send one to an address that has an account.

        Raises
        ------
        Problem
            400 ``bad_token``, 503 without a mail server, 429.
        """
        if bool(given.token) == bool(given.email):
            raise invalid("token", "expected one of token and email")
        if given.email:
            self._postman.needed()
            email = checked_email(given.email)
            self._paced(email, ip)
            self._postman.post(lambda: self._letter(VERIFY, email))
            return {"sent": True, "expires_in": int(LIFE_S[VERIFY])}
        digest = self._tried(given.token, ip)
        with self._db.tx():
            row = mailed.take(self._db, digest, VERIFY)
            account = accounts.account(self._db, str(row["user_id"])) if row else None
            if row is None or account is None or account["email"] != row["email"]:
                raise problem("bad_token")
            accounts.update_account(self._db, account["user_id"], {"email_verified": 1})
        return {"verified": True}

    def welcome(self, email: str) -> None:
        """Send the first mail of an account, where there is a mail server."""
        if self._postman.has_room:
            self._postman.post(lambda: self._letter(VERIFY, email))

    def invite(self, caller: Principal, given: Invitation) -> dict[str, Any]:
        """Invite an address; the invitation is in the mail, or in the answer where there is no mail server.

        Raises
        ------
        Problem
            400 for the address or plan, 409 ``account_exists``.
        """
        email, plan = checked_email(given.email), given.plan or self._pricing.first_plan
        if plan not in self._pricing.plans:
            raise invalid("plan", f"is {plan!r:.40}, expected one of {', '.join(self._pricing.plans)}")
        if accounts.account_by_email(self._db, email) is not None:
            raise problem("account_exists", "there is an account with this address")
        token = self._token(INVITE, email, None, plan=plan)
        accounts.note(self._db, caller.user_id, "", "invite.created", plan=plan)
        told = {"email": email, "plan": plan, "expires_in": int(LIFE_S[INVITE]), "sent": self._postman.is_configured}
        if not self._postman.is_configured:
            return told | {"invite": token}
        self._postman.post(lambda: _invite_letter(email, token, self._base))
        return told


def _reset_letter(email: str, token: str, base: str) -> Letter:
    text = (
        f"Somebody, probably you, has asked for another password at {base or 'AXIS'}.\n\n"
        f"Your token, good for half an hour and for one use:\n\n    {token}\n\n"
        "Send it with the new password to /portal/api/password/reset/confirm. If it was not you, do nothing.\n"
    )
    return Letter(to=email, subject="Another password", text=text)


def _verify_letter(email: str, token: str, base: str) -> Letter:
    text = (
        f"This address was given for an account at {base or 'AXIS'}.\n\n"
        f"If that was you, your token, good for a day:\n\n    {token}\n\nSend it to /portal/api/email/verify.\n"
    )
    return Letter(to=email, subject="Is this your address?", text=text)


def _invite_letter(email: str, token: str, base: str) -> Letter:
    text = (
        f"You are invited to {base or 'AXIS'}.\n\nYour invitation, good for seven days and for this address:\n\n"
        f"    {token}\n\nSend it as `invite` with your sign-up.\n"
    )
    return Letter(to=email, subject="An invitation", text=text)

