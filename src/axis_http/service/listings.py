"""What the service lists from the library: agent handlers, AI providers, repairs, report formats, search."""

from __future__ import annotations

from typing import Any

import axis_core
from axis_core.agent import HANDLERS, plan_goal
from axis_core.agent.search import Hit, search_catalogue
from axis_core.door import default_host
from axis_core.plugin import AIProvider
from axis_core.plugin.host import PluginHost
from axis_core.plugin.options import options_schema
from axis_http.problems import invalid
from axis_http.service.state import Service


__all__ = ["agent_handlers", "ai_providers", "audit_formats", "repair_types", "search"]

_SURE = 0.4  # a first hit that scores less is no intent


def _host(service: Service) -> PluginHost:
    return default_host(installed=service.settings.plugins)


def agent_handlers(service: Service) -> dict[str, Any]:  # noqa: ARG001 - all service functions take it
    """Return the handlers that goals may use, with the schemas of their parameters."""
    listed = axis_core.handlers()
    return {"handlers": listed, "count": len(listed)}


def ai_providers(service: Service) -> dict[str, Any]:
    """Return the language models that plugins bring; goals are planned by rules without them."""
    listed = [_ai_provider(p) for p in _host(service).ai_providers]
    return {"providers": listed, "count": len(listed)}


def _ai_provider(provider: AIProvider) -> dict[str, Any]:
    reason = provider.health()
    return {
        "id": provider.name,
        "name": provider.summary,
        "type": "llm",
        "capabilities": ["plan"],
        "available": not reason,
        "reason": reason,
        "key_configured": not reason,
        "local": provider.local,
        "models": list(provider.models()),
    }


def repair_types(service: Service) -> dict[str, Any]:
    """Return the repairs, built in and of plugins."""
    listed = [
        {
            "id": r.name,
            "name": r.name.replace("_", " "),
            "description": r.summary,
            "fixes": list(r.fixes),
            "safe": r.safe,
            "lossy": r.lossy,
            "params_schema": options_schema(r.options) if r.options else {"type": "object", "properties": {}},
        }
        for r in _host(service).repairs
    ]
    return {"types": listed, "count": len(listed)}


def audit_formats(service: Service) -> dict[str, Any]:
    """Return the formats of reports."""
    listed = [
        {"id": f.name, "media_type": f.media_type, "description": f.summary or f"A report as {f.name}."}
        for f in _host(service).audit_formats
    ]
    return {"formats": listed, "count": len(listed)}


def search(service: Service, query: str, limit: int) -> dict[str, Any]:
    """Return what answers ``query``, best first, and the operation it asks for with its parameters; nothing is run.

    Raises
    ------
    Problem
        ``invalid_request``: a query of more than 256 characters.
    """
    if len(query) > 256:
        raise invalid("q", f"has {len(query)} characters, allowed are 256")
    hits = search_catalogue(query, limit=limit, host=_host(service))
    results = [hit.as_json() for hit in hits]
    return {"query": query, "results": results, "count": len(results), "intent": _intent(query, hits)}


def _intent(query: str, hits: tuple[Hit, ...]) -> dict[str, Any] | None:
    """What a sentence asks for: its plan's first step, else what the first hit is good for."""
    plan = plan_goal(query) if query.strip() else None
    if plan is not None and plan.steps and plan.steps[0].handler != "search":
        step = plan.steps[0]
        handler = next(h for h in HANDLERS if h.name == step.handler)
        return _intent_of(step.handler, 1.0, handler.operation, dict(step.args))
    if query.strip() and hits and hits[0].score >= _SURE:
        return _intent_of(hits[0].kind, hits[0].score, hits[0].operation, {hits[0].kind: hits[0].title})
    return None


def _intent_of(action: str, confidence: float, operation: tuple[str, str], params: dict[str, Any]) -> dict[str, Any]:
    method, path = operation
    return {
        "action": action,
        "confidence": round(confidence, 4),
        "operation": {"method": method, "path": path},
        "params": params,
    }
