"""Prices, plans and packs: defaults here, an operator's own in the TOML file that ``AXIS_PRICING`` names."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import attrs
import cattrs

from axis_core.errors import InputError


__all__ = ["Pack", "Plan", "Pricing", "load_pricing"]


@attrs.frozen(kw_only=True)
class Plan:
    """What an account may do, and what it costs."""

    name: str
    price_cents: int
    tokens: int
    monthly: bool
    running: int
    waiting: int
    requests_per_minute: int
    retention_days: int
    avatars: int
    workers: int
    min_score: int
    on_below: str = attrs.field(default="review", validator=attrs.validators.in_(("review", "refuse")))

    def limits(self) -> dict[str, int]:
        """Return the limits as callers see them."""
        return {
            "concurrency": self.running,
            "queue": self.waiting,
            "requests_per_minute": self.requests_per_minute,
            "retention_days": self.retention_days,
            "avatars": self.avatars,
            "workers": self.workers,
        }


@attrs.frozen(kw_only=True)
class Pack:
    """Tokens that can be bought at once."""

    tokens: int
    price_cents: int


def _plan(name: str, cents: int, tokens: int, run: int, wait: int, rate: int, days: int, more: tuple[Any, ...]) -> Plan:
    avatars, workers, score, below = more
    return Plan(
        name=name,
        price_cents=cents,
        tokens=tokens,
        monthly=name != "Free",
        running=run,
        waiting=wait,
        requests_per_minute=rate,
        retention_days=days,
        avatars=avatars,
        workers=workers,
        min_score=score,
        on_below=below,
    )


def _plans() -> dict[str, Plan]:
    return {
        "free": _plan("Free", 0, 50, 1, 5, 60, 7, (10, 1, 50, "review")),
        "pro": _plan("Pro", 1900, 1000, 4, 50, 300, 90, (200, 4, 60, "review")),
        "studio": _plan("Studio", 9900, 7500, 16, 500, 1200, 365, (5000, 32, 70, "refuse")),
    }


def _operations() -> dict[str, int]:
    free = dict.fromkeys(("avatar_parametric", "process", "rig", "validate", "audit", "repair", "fraud"), 0)
    return free | {"mesh_upload": 1, "image_to_3d": 10, "text_to_3d": 10}


def _packs() -> dict[str, Pack]:
    return {
        "pack_200": Pack(tokens=200, price_cents=500),
        "pack_1000": Pack(tokens=1000, price_cents=2200),
        "pack_5000": Pack(tokens=5000, price_cents=9000),
    }


@attrs.frozen(kw_only=True)
class Pricing:
    """Tokens of operations, plans by id (a new account has the first), packs by id."""

    operations: dict[str, int] = attrs.field(factory=_operations)
    plans: dict[str, Plan] = attrs.field(factory=_plans)
    packs: dict[str, Pack] = attrs.field(factory=_packs)
    currency: str = "USD"

    @property
    def first_plan(self) -> str:
        """The id of the plan that a new account has."""
        return next(iter(self.plans))

    def plan(self, name: str) -> Plan:
        """Return a plan; the first one for a name that is not offered any more."""
        return self.plans.get(name) or self.plans[self.first_plan]


def load_pricing(path: Path | None) -> Pricing:
    """Return the pricing of a TOML file, tables ``operations``, ``plans.ID``, ``packs.ID``; the default without one.

    Raises
    ------
    InputError
        If the file is not there, no TOML, or does not fit.
    """
    if path is None:
        return Pricing()
    converter = cattrs.Converter(forbid_extra_keys=True)
    try:
        return converter.structure(tomllib.loads(path.read_text(encoding="utf-8")), Pricing)
    except (OSError, tomllib.TOMLDecodeError, cattrs.BaseValidationError, TypeError, ValueError) as exc:
        raise InputError(f"AXIS_PRICING: {path.name} cannot be used: {exc}") from exc
