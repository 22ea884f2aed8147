"""Routing as the service sees it: who would be asked, how they have done in the jobs so far, and by which rules."""

from __future__ import annotations

from typing import Any

import attrs

from axis_core.door import default_host
from axis_core.plugin import Provider, Request
from axis_core.providers.health import quantile
from axis_core.providers.routing import Plan, plan_route
from axis_core.providers.routing_config import MODES, RoutingConfig
from axis_http.nouns import timestamp
from axis_http.service.state import Service
from axis_http.store.jobs import finished_of


__all__ = ["planned", "readiness", "routing_table"]

_LEAST_SUCCESS = 0.5
_SLOWEST_MS = 120_000.0
_WINDOW = 50
_FAULTS = frozenset({"provider_failed", "stage_failed", "internal", "store_failed", "plugin_broken"})
"""Errors of a job that speak against who made it; the others are the caller's."""


def planned(
    service: Service,
    mode: str,
    *,
    prompt: str = "",
    images: tuple[tuple[str, bytes], ...] = (),
    hint: str = "",
    asset_class: str = "avatar",
) -> Plan:
    """Return who would be asked. Nothing leaves this machine through the service: a caller cannot consent to it yet."""
    providers = default_host(installed=service.settings.plugins).providers
    request = Request(mode=mode, prompt=prompt, images=images)
    return plan_route(request, providers, service.routing, hint=hint, asset_class=asset_class)


def routing_table(service: Service) -> dict[str, Any]:
    """Return the rules of the router."""
    config: RoutingConfig = service.routing
    names = [p.name for p in default_host(installed=service.settings.plugins).providers]
    order = [*config.preferred_order, *(n for n in names if n not in config.preferred_order)]
    return {
        "preferred_order": order,
        "fallback": {"enabled": config.fallback, "order": order},
        "retry": attrs.asdict(config.retry),
        "breaker": attrs.asdict(config.breaker),
        "flags": {
            "allow_remote": config.allow_remote,
            "prefer_byogpu": config.prefer_byogpu,
            "allow_cpu_fallback": config.allow_cpu_fallback,
        },
        "per_mode": {mode: list(config.order_of(mode)) or order for mode in MODES},
    }


def readiness(service: Service) -> dict[str, Any]:
    """Return the health of each provider from the jobs it has ended; nothing is asked anew."""
    providers = default_host(installed=service.settings.plugins).providers
    rows = [_health(service, p) for p in providers]
    matrix = {mode: {p.name: mode in p.modes and r["available"] for p, r in zip(providers, rows)} for mode in MODES}
    healthy = sum(r["healthy"] for r in rows)
    return {
        "providers": rows,
        "capability_matrix": matrix,
        "transition": _transition(service, rows),
        "provider_readiness": [_judged(r) for r in rows],
        "all_healthy": healthy == len(rows),
        "healthy_count": healthy,
        "total_count": len(rows),
    }


def _health(service: Service, provider: Provider) -> dict[str, Any]:
    reason = provider.health()
    ended = finished_of(service.db, provider.name, _WINDOW)
    good = [job for job in ended if job.status == "succeeded"]
    bad = [job for job in ended if job.error is not None and job.error.code in _FAULTS]
    times = sorted(
        1000.0 * (job.finished_at - job.started_at).total_seconds()
        for job in good
        if job.started_at and job.finished_at
    )
    in_a_row = next((k for k, job in enumerate(ended) if job not in bad), len(ended))
    circuit = "open" if in_a_row >= service.routing.breaker.failures else "closed"
    last = bad[0].error if bad else None
    return {
        "name": provider.name,
        "available": not reason,
        "healthy": not reason and circuit == "closed" and len(bad) <= len(good),
        "reason": reason,
        "capabilities": list(provider.modes),
        "latency_ms": {"p50": quantile(times, 0.5), "p95": quantile(times, 0.95)},
        "last_success_at": timestamp(good[0].finished_at) if good and good[0].finished_at else None,
        "last_error": None if last is None else {"code": last.code, "message": last.message},
        "circuit": circuit,
        "jobs": {"succeeded": len(good), "failed": len(bad)},
    }


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    """Return whether a provider is ready, criterion by criterion; without jobs yet, nothing speaks against it."""
    total = row["jobs"]["succeeded"] + row["jobs"]["failed"]
    share = row["jobs"]["succeeded"] / total if total else None
    slowest = row["latency_ms"]["p95"]
    criteria = [
        {"id": "available", "pass": row["available"], "value": row["available"], "threshold": True},
        {"id": "success_rate", "pass": share is None or share >= _LEAST_SUCCESS, "value": share,
         "threshold": _LEAST_SUCCESS},
        {"id": "latency_p95_ms", "pass": slowest is None or slowest <= _SLOWEST_MS, "value": slowest,
         "threshold": _SLOWEST_MS},
        {"id": "circuit", "pass": row["circuit"] == "closed", "value": row["circuit"], "threshold": "closed"},
    ]  # fmt: skip
    return {"provider": row["name"], "criteria": criteria, "ready": all(c["pass"] for c in criteria)}


def _transition(service: Service, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return which provider stands in for the first of the order where that cannot be used."""
    order = routing_table(service)["preferred_order"]
    by_name = {r["name"]: r for r in rows}
    ranked = [by_name[n] for n in order if n in by_name]
    first = ranked[0] if ranked else None
    if first is None or first["healthy"]:
        name = first["name"] if first else None
        return {"strategy": "none", "from": name, "to": name, "reason": "the first of the order can be used"}
    other = next((r["name"] for r in ranked if r["healthy"]), None)
    why = first["reason"] or f"its circuit is {first['circuit']}"
    return {"strategy": "fallback", "from": first["name"], "to": other, "reason": why}
