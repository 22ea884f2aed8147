"""Language models of the llm library as an AI provider of AXIS."""

from __future__ import annotations

from axis_ai_llm.provider import PROVIDER
from axis_core.plugin import AIProvider, hookimpl


__all__ = ["PROVIDER", "axis_ai_providers"]


@hookimpl
def axis_ai_providers() -> list[AIProvider]:
    """Return llm."""
    return [PROVIDER]
