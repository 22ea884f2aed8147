"""``trustfabric``: a small payment-intent protocol over HTTPS, written down in this folder's README."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping

import msgspec

from axis_core.errors import AxisError, ProviderError
from axis_http.problems import problem
from axis_http.service.outbound import post
from axis_http.service.payments.processor import Intent, Opened, Told


__all__ = ["TrustFabric", "signature_of"]

TOLERANCE_S = 300
PAID = "payment_intent.succeeded"


class _Money(msgspec.Struct, kw_only=True):
    value: int = 0
    currency: str = ""


class _Made(msgspec.Struct, kw_only=True):
    id: str
    checkout_url: str = ""
    client_secret: str = ""
    expires_at: int | None = None


class _About(msgspec.Struct, kw_only=True):
    id: str = ""
    reference: str = ""
    amount: _Money = msgspec.field(default_factory=_Money)


class _Event(msgspec.Struct, kw_only=True):
    id: str
    type: str
    data: _About = msgspec.field(default_factory=_About)


def signature_of(secret: str, body: bytes, moment: int) -> str:
    """Return the value of ``TrustFabric-Signature`` for a body sent at ``moment`` (seconds since 1970)."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


class TrustFabric:
    """A processor that speaks the protocol of the README.

    Parameters
    ----------
    base : str
        Its base URL, from the operator: private networks are allowed.
    key, webhook_secret : str
    seconds : float
        For a whole answer.
    """

    name = "trustfabric"

    def __init__(self, base: str, key: str, webhook_secret: str, seconds: float) -> None:
        self._base, self._key, self._secret, self._seconds = base.rstrip("/"), key, webhook_secret, seconds

    def check(self, intent: Intent) -> None:
        """Take any intent."""

    def open(self, intent: Intent) -> Opened:
        """Make an intent.

        Raises
        ------
        ProviderError
        """
        body = {
            "reference": intent.intent_id,
            "amount": {"value": intent.value, "currency": intent.currency},
            "description": intent.description,
            "success_url": intent.success_url,
            "cancel_url": intent.cancel_url,
        }
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Idempotency-Key": intent.intent_id,
        }
        url = f"{self._base}/v1/payment-intents"
        try:
            reply = post(url, msgspec.json.encode(body), headers, allow_private=True, seconds=self._seconds)
        except AxisError as exc:
            raise ProviderError(f"the payment processor: {exc.message}", code="payment_processor") from exc
        if reply.status not in (200, 201):
            raise ProviderError(f"the payment processor answers {reply.status}", code="payment_processor")
        try:
            made = msgspec.json.decode(reply.body, type=_Made)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise ProviderError("the payment processor's answer cannot be read", code="payment_processor") from exc
        if not made.checkout_url.startswith(("https://", "http://")) and not made.client_secret:
            raise ProviderError("the payment processor gives no way to pay", code="payment_processor")
        return Opened(
            external_id=made.id,
            checkout_url=made.checkout_url,
            client_secret=made.client_secret,
            expires_at=made.expires_at,
        )

    def told(self, body: bytes, headers: Mapping[str, str]) -> Told:
        """Return what a webhook says.

        Raises
        ------
        Problem
        """
        sent = dict(p.split("=", 1) for p in headers.get("trustfabric-signature", "").split(",") if "=" in p)
        moment = sent.get("t", "")
        if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
            raise problem("bad_signature", "TrustFabric-Signature is missing, or none")
        right = signature_of(self._secret, body, int(moment)).partition("v1=")[2]
        if not hmac.compare_digest(right.encode(), sent.get("v1", "").encode()):
            raise problem("bad_signature", "the signature does not fit the body")
        if abs(time.time() - int(moment)) > TOLERANCE_S:
            raise problem("bad_signature", f"the signature is older than {TOLERANCE_S} s, or from the future")
        try:
            event = msgspec.json.decode(body, type=_Event)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise problem("invalid_json", f"the event cannot be read: {exc}") from exc
        return Told(
            event_id=event.id,
            kind=event.type,
            intent_id=event.data.reference,
            paid=event.type == PAID,
            value=event.data.amount.value,
            currency=event.data.amount.currency.upper(),
        )
