"""Which provider makes what was asked for: the choice with its reasons, then retries and fallbacks, each recorded.

::

    plan = plan_route(request, providers, config, health)     says who would be asked, in which order, and who not, why
    routed = run_route(plan, request, context, health)        asks them

A provider that succeeded is never asked again for the same request, whatever happens later: nothing is paid twice. What
is the caller's own mistake ends the route at once: another provider would not know better.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import attrs

from axis_core.errors import AxisError, BackendUnavailable, Cancelled, InputError, NotFound, ProviderError
from axis_core.plugin import Context, Generation, Provider, Request
from axis_core.providers.health import Health
from axis_core.providers.routing_config import MODES, Retry, RoutingConfig


__all__ = ["Attempt", "Candidate", "Plan", "Routed", "plan_route", "run_route"]


@attrs.frozen
class Candidate:
    """A provider and why it is where it is in the order, or why it is not in it."""

    name: str
    reason: str


@attrs.frozen(kw_only=True)
class Plan:
    """Who would be asked.

    Attributes
    ----------
    mode : str
    providers : tuple of Provider
        In the order in which they are asked.
    chosen, refused : tuple of Candidate
        The reasons of those, and of the others.
    retry : Retry
    """

    mode: str
    providers: tuple[Provider, ...]
    chosen: tuple[Candidate, ...]
    refused: tuple[Candidate, ...]
    retry: Retry

    def explained(self) -> dict[str, Any]:
        """Return the plan as plain values."""
        return {
            "mode": self.mode,
            "provider": self.providers[0].name if self.providers else None,
            "order": [attrs.asdict(c) for c in self.chosen],
            "refused": [attrs.asdict(c) for c in self.refused],
        }


@attrs.frozen(kw_only=True)
class Attempt:
    """One call of one provider; ``error`` is empty where it succeeded."""

    provider: str
    number: int
    seconds: float
    error: str = ""
    code: str = ""


@attrs.frozen(kw_only=True)
class Routed:
    """What a route gave: the generation, who made it, and every attempt before it."""

    generation: Generation
    provider: Provider
    attempts: tuple[Attempt, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence for every provider that failed before."""
        failed = {a.provider: a for a in self.attempts if a.error}
        failed.pop(self.provider.name, None)
        return tuple(f"{name} failed ({a.error}); {self.provider.name} was asked instead" for name, a in failed.items())


def plan_route(
    request: Request,
    providers: Sequence[Provider],
    config: RoutingConfig | None = None,
    health: Health | None = None,
    *,
    hint: str = "",
    asset_class: str = "avatar",
    may_leave: bool = False,
) -> Plan:
    """Return who would be asked for ``request``; nothing is asked.

    Parameters
    ----------
    providers : sequence of Provider
        All that are installed, in that order.
    hint : str
        A provider that goes first where it can; one that cannot is passed over.
    asset_class : str
        ``avatar``, ``object`` or ``scene``.
    may_leave : bool
        Whether the caller allowed that this request, photos included, leaves the machine. The configuration has to
        allow it too.

    Raises
    ------
    InputError
        If there is no such mode.
    """
    used = config or RoutingConfig()
    if request.mode not in MODES:
        raise InputError(f"there is no mode {request.mode!r}", pointer="/mode", hint=f"Modes: {', '.join(MODES)}.")
    order = used.order_of(request.mode)
    ranked = sorted(providers, key=lambda p: (p.name != hint, _rank(order, p.name)))
    kept: list[tuple[Provider, Candidate]] = []
    refused: list[Candidate] = []
    for provider in ranked:
        why_not = _refusal(provider, request, used, health, asset_class, may_leave=may_leave)
        if why_not:
            refused.append(Candidate(provider.name, why_not))
        else:
            kept.append((provider, Candidate(provider.name, _reason(provider.name, hint, order))))
    if hint and all(p.name != hint for p in providers):
        refused.append(Candidate(hint, "no provider of this name is installed"))
    if not used.fallback:
        refused += [Candidate(p.name, "fallback is off") for p, _ in kept[1:]]
        kept = kept[:1]
    return Plan(
        mode=request.mode,
        providers=tuple(p for p, _ in kept),
        chosen=tuple(c for _, c in kept),
        refused=tuple(refused),
        retry=used.retry,
    )


def _rank(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _reason(name: str, hint: str, order: Sequence[str]) -> str:
    if name == hint:
        return "asked for"
    return f"place {order.index(name) + 1} of the preferred order" if name in order else "installed"


def _refusal(
    provider: Provider,
    request: Request,
    config: RoutingConfig,
    health: Health | None,
    asset_class: str,
    *,
    may_leave: bool,
) -> str:
    """Return why a provider is not asked, or ""; what costs least to find out comes first."""
    if request.mode not in provider.modes:
        return f"does not serve {request.mode}"
    if asset_class not in provider.asset_classes:
        return f"does not make the asset class {asset_class}"
    if not provider.local and not config.allow_remote:
        return "is remote, and the configuration does not allow that requests leave this machine"
    if not provider.local and not may_leave:
        return f"is remote, and the caller did not allow that {'photos' if request.images else 'requests'} leave"
    if not config.allow_cpu_fallback and provider.device == "cpu" and provider.kind == "voxel":
        return "is a stand-in on the CPU, which the configuration does not allow"
    if health is not None and health.figures(provider.name).circuit == "open":
        return f"failed too often lately: {health.figures(provider.name).last_error}"
    return provider.health()


def run_route(
    plan: Plan,
    request: Request,
    context: Context,
    health: Health | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
    chance: Callable[[], float] = random.random,
) -> Routed:
    """Ask the providers of a plan, one after another, and return the first result with every attempt before it.

    Raises
    ------
    InputError, NotFound, Cancelled
        As the provider raised them: the caller's own mistake, or wish.
    BackendUnavailable
        ``no_provider``: the plan is empty; the message says why each was refused.
    ProviderError
        All failed; the message says how each.
    """
    memory = health or Health()
    if not plan.providers:
        raise BackendUnavailable(_nobody(plan), code="no_provider", hint=_hint(plan))
    attempts: list[Attempt] = []
    for provider in plan.providers:
        for number in range(1, plan.retry.max_attempts + 1):
            if not memory.admits(provider.name):
                attempts.append(
                    Attempt(provider=provider.name, number=number, seconds=0.0, error="its circuit is open")
                )
                break
            begun = memory.clock()
            try:
                made = provider.generate(request, context)
            except (InputError, NotFound, Cancelled):
                memory.released(provider.name)
                raise
            except AxisError as exc:
                memory.failed(provider.name, exc.message)
                attempts.append(_failed(provider, number, memory.clock() - begun, exc))
                if not isinstance(exc, ProviderError) or number == plan.retry.max_attempts:
                    break
                sleep(_wait(plan.retry, number, chance()))
                continue
            memory.succeeded(provider.name, memory.clock() - begun)
            attempts.append(Attempt(provider=provider.name, number=number, seconds=memory.clock() - begun))
            return Routed(generation=made, provider=provider, attempts=tuple(attempts))
    told = "; ".join(f"{a.provider}: {a.error}" for a in attempts)
    raise ProviderError(f"every provider of {plan.mode} failed: {told}", hint="Try again later, or another provider.")


def _failed(provider: Provider, number: int, seconds: float, error: AxisError) -> Attempt:
    return Attempt(provider=provider.name, number=number, seconds=seconds, error=error.message, code=error.code)


def _wait(retry: Retry, number: int, chance: float) -> float:
    whole = min(retry.base_s * 2.0 ** (number - 1), retry.max_s)
    return whole * (1.0 - retry.jitter * chance)


def _nobody(plan: Plan) -> str:
    told = "; ".join(f"{c.name} {c.reason}" for c in plan.refused) or "no provider is installed"
    return f"nobody can serve {plan.mode}: {told}"


def _hint(plan: Plan) -> str:
    if plan.mode == "text_to_3d":
        return (
            "Words make characters with the mode avatar_parametric; objects need a provider such as trellis2 or meshy."
        )
    return "See `axis providers`."
