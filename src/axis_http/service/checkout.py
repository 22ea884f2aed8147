"""Buying tokens: an intent through the chosen processor, and the credit that its signed webhook brings, once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from axis_core.errors import InputError, NotFound, ProviderError
from axis_http.nouns import Principal, moment_text, new_id
from axis_http.problems import invalid, problem
from axis_http.service.billing import Billing
from axis_http.service.payments.processor import Intent, Processor, Told
from axis_http.service.payments.stripe_checkout import StripeCheckout
from axis_http.service.payments.trustfabric import TrustFabric
from axis_http.settings import Settings, variable_of
from axis_http.store import accounts, ledger, payments
from axis_http.store.database import Database


__all__ = ["Checkout", "CheckoutRequest", "processor_of"]

LOG = logging.getLogger("axis_http")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class CheckoutRequest(msgspec.Struct, kw_only=True):
    """What ``POST /portal/api/billing/checkout`` takes."""

    token_pack: str
    success_url: str = ""
    cancel_url: str = ""


def processor_of(settings: Settings) -> Processor | None:
    """Return the processor that the settings name, or None.

    Raises
    ------
    InputError
        If a setting that it needs is missing.
    """
    kinds: dict[str, type[TrustFabric | StripeCheckout]] = {"trustfabric": TrustFabric, "stripe": StripeCheckout}
    kind = kinds.get(settings.payments)
    if kind is None:
        return None
    needed = ["payments_key", "payments_webhook_secret"] + (["payments_url"] if kind is TrustFabric else [])
    lacking = [variable_of(n) for n in needed if not getattr(settings, n)]
    if lacking:
        raise InputError(f"AXIS_PAYMENTS is {settings.payments}, and {', '.join(lacking)} is not set")
    secrets = (settings.payments_key, settings.payments_webhook_secret)
    return kind(settings.payments_url, *secrets, settings.payments_timeout_s)


class Checkout:
    """Use cases about payments."""

    def __init__(self, db: Database, billing: Billing, settings: Settings) -> None:
        self._db, self._billing, self._hosts = db, billing, settings.return_hosts
        self.processor = processor_of(settings)

    @property
    def provider(self) -> str | None:
        """The name of the chosen processor, or None."""
        return None if self.processor is None else self.processor.name

    def begin(self, principal: Principal, given: CheckoutRequest) -> dict[str, Any]:
        """Open an intent for a pack of tokens. It waits for the processor: call it in a thread.

        Raises
        ------
        Problem
            503 ``not_configured``, 400 for the pack or an address, 502 ``payment_processor``.
        """
        processor = self._chosen()
        pack = self._billing.pricing.packs.get(given.token_pack)
        if pack is None:
            known = ", ".join(self._billing.pricing.packs)
            raise invalid("token_pack", f"is {given.token_pack!r:.60}, expected one of {known}")
        intent = Intent(
            intent_id=new_id("pay"),
            value=pack.price_cents,
            currency=self._billing.pricing.currency,
            description=f"{pack.tokens:,} tokens",
            success_url=self._place("success_url", given.success_url),
            cancel_url=self._place("cancel_url", given.cancel_url),
        )
        processor.check(intent)
        row = {
            "intent_id": intent.intent_id,
            "owner": principal.user_id,
            "provider": processor.name,
            "token_pack": given.token_pack,
            "tokens": pack.tokens,
            "value": intent.value,
            "currency": intent.currency,
        }
        payments.add_intent(self._db, row)
        return self._opened(processor, intent, pack.tokens)

    def _opened(self, processor: Processor, intent: Intent, tokens: int) -> dict[str, Any]:
        try:
            opened = processor.open(intent)
        except ProviderError:
            payments.change_intent(self._db, intent.intent_id, "failed")
            raise
        payments.change_intent(self._db, intent.intent_id, "requires_action", opened.external_id)
        ways = {"checkout_url": opened.checkout_url, "client_secret": opened.client_secret}
        return {
            "intent_id": intent.intent_id,
            "provider": processor.name,
            "status": "requires_action",
            **{k: v for k, v in ways.items() if v},
            "amount": {"value": intent.value, "currency": intent.currency},
            "tokens": tokens,
            "expires_at": moment_text(opened.expires_at),
        }

    def _chosen(self) -> Processor:
        if self.processor is None:
            raise problem("not_configured", "payments are not configured here", detail="See AXIS_PAYMENTS.")
        return self.processor

    def _place(self, name: str, url: str) -> str:
        """Return an address that a buyer may be sent back to: of a host that the operator has listed."""
        if not url:
            return ""
        try:
            parts = urlsplit(url)
        except ValueError as exc:
            raise invalid(name, "is no URL") from exc
        host = parts.hostname or ""
        known = host in self._hosts and not parts.username
        safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
        if not (known and safe) or len(url) > 2000 or not url.isprintable():
            hosts = ", ".join(self._hosts) or "none"
            raise invalid(name, f"expected https:// and a host of AXIS_RETURN_HOSTS ({hosts})")
        return url

    def told(self, name: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """Take a processor's webhook; credit an intent that was paid, once.

        Raises
        ------
        Problem
            503 ``not_configured``, 400 ``bad_signature``.
        NotFound
            For a processor that is not the chosen one.
        """
        processor = self._chosen()
        if name != processor.name:
            raise NotFound(f"payments go through {processor.name} here")
        event = processor.told(body, headers)
        with self._db.tx():
            fresh = payments.add_event(self._db, processor.name, event.event_id, event.kind, event.intent_id)
            credited = fresh and event.paid and self._credited(processor.name, event)
        return {"received": True, "duplicate": not fresh, "credited": credited}

    def _credited(self, name: str, event: Told) -> bool:
        """Write the credit of a paid intent; False where there is none to write."""
        row = payments.intent(self._db, event.intent_id, name)
        if row is None:
            LOG.warning("a payment of %s is for nothing of ours", name)
            return False
        if (event.value, event.currency) != (row["value"], row["currency"]):
            LOG.error("intent %s was paid with another amount: nothing is credited", row["intent_id"])
            told = {"paid": event.value, "asked": row["value"], "currency": event.currency[:8]}
            accounts.note(self._db, name, row["owner"], "payment.mismatch", intent=row["intent_id"], **told)
            return False
        key = f"purchase:{row['intent_id']}"
        if ledger.entry_of_key(self._db, row["owner"], key) is not None:
            return False
        text = f"{row['token_pack']}, {row['intent_id']}"
        ledger.post(
            self._db, row["owner"], "purchase", row["tokens"], operation="purchase", idem_key=key, description=text
        )
        payments.change_intent(self._db, row["intent_id"], "paid")
        accounts.note(self._db, name, row["owner"], "payment.credited", intent=row["intent_id"], tokens=row["tokens"])
        return True
