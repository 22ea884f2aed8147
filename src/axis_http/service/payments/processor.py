"""What a payment processor does for us: make an intent that a buyer can pay, and tell us, signed, that it was paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec


__all__ = ["Intent", "Opened", "Processor", "Told"]


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be paid. ``value`` is in the smallest unit of the currency (cents)."""

    intent_id: str
    value: int
    currency: str
    description: str
    success_url: str = ""
    cancel_url: str = ""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """An intent as the processor has it: where the buyer pays, or the secret that a page of ours pays with."""

    external_id: str
    checkout_url: str = ""
    client_secret: str = ""
    expires_at: float | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An event whose signature holds. ``intent_id`` is ours; empty where the event is about nothing of ours."""

    event_id: str
    kind: str
    intent_id: str
    paid: bool
    value: int = 0
    currency: str = ""


class Processor(Protocol):
    """One processor."""

    name: str

    def check(self, intent: Intent) -> None:
        """Pass, or raise the 400 that says what this processor needs beside."""

    def open(self, intent: Intent) -> Opened:
        """Make an intent; the same id again gives the same one.

        Raises
        ------
        ProviderError
            ``payment_processor``: no answer, or none that can be used.
        """

    def told(self, body: bytes, headers: Mapping[str, str]) -> Told:
        """Return what a webhook says.

        Raises
        ------
        Problem
            400 ``bad_signature``: forged, changed, or older than five minutes.
        """
