"""One turn of a conversation by the llm library: calls come back as data and are never carried out here."""

from __future__ import annotations

import llm
from llm.parts import ToolCallPart, ToolResultPart

from axis_core.plugin import AIProvider, AIReply, AIRequest, ProviderError, ToolCall


__all__ = ["PROVIDER", "complete", "health", "models"]


def models() -> tuple[str, ...]:
    """Return the names of installed models that take tools, the library's default first."""
    names = [entry.model.model_id for entry in llm.get_models_with_aliases() if _takes_tools(entry)]
    preferred = llm.get_default_model()
    return tuple(sorted(names, key=lambda name: name != preferred))


def _takes_tools(entry: llm.ModelWithAliases) -> bool:
    return entry.model is not None and bool(entry.model.supports_tools)


def health() -> str:
    """Return what is missing: a model that takes tools, or the key of the default one."""
    names = models()
    if not names:
        return "no model that takes tools is installed: see `llm plugins` and `llm install`"
    model = llm.get_model(names[0])
    if model.needs_key and not llm.get_key(None, model.needs_key, model.key_env_var):
        return f"no key for {names[0]}: run `llm keys set {model.needs_key}`, or choose a model that needs none"
    return ""


def complete(request: AIRequest) -> AIReply:
    """Ask the model for the next turn.

    Raises
    ------
    ProviderError
        For a model that is not installed, and where the service fails, whatever its own library raises.
    """
    name = request.model or next(iter(models()), "")
    try:
        model = llm.get_model(name)
    except llm.UnknownModelError as exc:
        raise ProviderError(f"llm has no model {name!r}", hint="See `llm models`.") from exc
    try:
        return _reply(model, request)
    except Exception as exc:  # a vendor's library may raise anything
        raise ProviderError(f"{name}: {type(exc).__name__}: {exc}") from exc


def _reply(model: llm.Model, request: AIRequest) -> AIReply:
    tools = [
        llm.Tool(name=tool["name"], description=tool["description"], input_schema=dict(tool["parameters"]))
        for tool in request.tools
    ]
    response = model.prompt(messages=_history(request), tools=tools, stream=False)
    text = response.text()
    calls = tuple(
        ToolCall(name=call.name, arguments=dict(call.arguments), id=call.tool_call_id or "")
        for call in response.tool_calls()
    )
    usage = response.usage()
    return AIReply(text=text, calls=calls, tokens=(usage.input or 0) + (usage.output or 0))


def _history(request: AIRequest) -> list[llm.Message]:
    """The whole conversation; ``max_tokens`` is not passed, for models call it by different names."""
    told = [llm.system(request.system), llm.user(request.prompt)]
    for turn in request.turns:
        calls = [(o, o.call.id or f"call_{n}_{len(told)}") for n, o in enumerate(turn)]
        told.append(
            llm.assistant(
                *(ToolCallPart(name=o.call.name, arguments=dict(o.call.arguments), tool_call_id=i) for o, i in calls)
            )
        )
        told.append(
            llm.tool_message(*(ToolResultPart(name=o.call.name, output=o.text, tool_call_id=i) for o, i in calls))
        )
    return told


PROVIDER = AIProvider(
    name="llm",
    summary="Models of the llm library: vendors' and local ones, by its own plugins.",
    models=models,
    complete=complete,
    health=health,
)
"""The provider."""
