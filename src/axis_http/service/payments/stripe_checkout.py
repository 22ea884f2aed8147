"""``stripe``: Checkout sessions through Stripe's own SDK (extra ``stripe``), whose base address can be set."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import msgspec

from axis_core.errors import BackendUnavailable, ProviderError
from axis_http.problems import invalid, problem
from axis_http.service.payments.processor import Intent, Opened, Told


__all__ = ["StripeCheckout"]

PAID = ("checkout.session.completed", "checkout.session.async_payment_succeeded")


def _sdk() -> Any:
    """Return the SDK.

    Raises
    ------
    BackendUnavailable
    """
    try:
        return importlib.import_module("stripe")
    except ImportError as exc:
        raise BackendUnavailable("payments by Stripe need its SDK", hint="pip install 'axis-avatars[stripe]'") from exc


def _session() -> Any:
    """Return a session of the library that the SDK speaks HTTP with, which follows no redirect."""
    session = importlib.import_module("requests").Session()
    session.max_redirects = 0
    return session


class StripeCheckout:
    """Stripe.

    Parameters
    ----------
    base : str
        Base address of its API; empty for Stripe's own.
    key, webhook_secret : str
    seconds : float
        For an answer.
    """

    name = "stripe"

    def __init__(self, base: str, key: str, webhook_secret: str, seconds: float) -> None:
        self._base, self._key, self._secret, self._seconds = base.rstrip("/"), key, webhook_secret, seconds

    def check(self, intent: Intent) -> None:
        """Refuse an intent without a place to return to: a Checkout page needs one.

        Raises
        ------
        Problem
        """
        if not intent.success_url:
            raise invalid("success_url", "is needed: Stripe's page sends the buyer back to it")

    def open(self, intent: Intent) -> Opened:
        """Make a Checkout session.

        Raises
        ------
        ProviderError, BackendUnavailable
        """
        stripe = _sdk()
        client = stripe.StripeClient(
            self._key,
            base_addresses={"api": self._base} if self._base else {},
            http_client=stripe.RequestsClient(timeout=self._seconds, session=_session()),
            max_network_retries=0,
        )
        price = {
            "currency": intent.currency.lower(),
            "unit_amount": intent.value,
            "product_data": {"name": intent.description},
        }
        asked = {
            "mode": "payment",
            "client_reference_id": intent.intent_id,
            "success_url": intent.success_url,
            "line_items": [{"quantity": 1, "price_data": price}],
        }
        asked |= {"cancel_url": intent.cancel_url} if intent.cancel_url else {}
        try:
            made = client.v1.checkout.sessions.create(asked, {"idempotency_key": intent.intent_id})
            opened = Opened(external_id=made.id, checkout_url=made.url or "", expires_at=made.expires_at)
        except stripe.StripeError as exc:
            text = f"Stripe: {type(exc).__name__}, status {exc.http_status or 'none'}"
            raise ProviderError(text, code="payment_processor") from exc
        except (AttributeError, KeyError, TypeError, msgspec.ValidationError) as exc:
            raise ProviderError("Stripe's answer cannot be read", code="payment_processor") from exc
        if not opened.checkout_url.startswith(("https://", "http://")):
            raise ProviderError("Stripe gives no page to pay on", code="payment_processor")
        return opened

    def told(self, body: bytes, headers: Mapping[str, str]) -> Told:
        """Return what a webhook says; the SDK checks the signature and its age.

        Raises
        ------
        Problem, BackendUnavailable
        """
        stripe = _sdk()
        try:
            text = body.decode("utf-8")
            stripe.WebhookSignature.verify_header(text, headers.get("stripe-signature", ""), self._secret, 300)
            event = msgspec.json.decode(body)
            about = event["data"]["object"]
            return Told(
                event_id=str(event["id"]),
                kind=str(event["type"]),
                intent_id=str(about.get("client_reference_id") or ""),
                paid=event["type"] in PAID and about.get("payment_status") == "paid",
                value=int(about.get("amount_total") or 0),
                currency=str(about.get("currency") or "").upper(),
            )
        except stripe.SignatureVerificationError as exc:
            raise problem("bad_signature", "the signature does not fit the body, or is too old") from exc
        except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError, ValueError) as exc:
            raise problem("invalid_json", "the event cannot be read") from exc
