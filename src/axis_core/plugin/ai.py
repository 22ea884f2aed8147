"""What language models are asked and what they answer: the records of ``axis_ai_providers``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs


__all__ = ["AIProvider", "AIReply", "AIRequest", "ToolCall", "ToolOutcome"]


@attrs.frozen(kw_only=True)
class ToolCall:
    """A call of a tool that a model asks for; nothing has been done yet.

    Attributes
    ----------
    id : str
        The model's own name for the call; empty where it has none.
    """

    name: str
    arguments: Mapping[str, Any] = attrs.field(factory=dict)
    id: str = ""


@attrs.frozen(kw_only=True)
class ToolOutcome:
    """What a model is told of a call that it asked for."""

    call: ToolCall
    text: str


@attrs.frozen(kw_only=True)
class AIRequest:
    """One turn of a conversation, with all turns before it.

    Attributes
    ----------
    model : str
        One of the provider's ``models``; empty for its first.
    system, prompt : str
        Rules, and what the user said.
    tools : tuple of mapping
        ``name``, ``description`` and ``parameters``, a JSON Schema.
    turns : tuple of tuple of ToolOutcome
        Calls of earlier turns and what became of them, oldest first.
    max_tokens : int
        Most tokens of the answer.
    """

    model: str = ""
    system: str
    prompt: str
    tools: tuple[Mapping[str, Any], ...] = ()
    turns: tuple[tuple[ToolOutcome, ...], ...] = ()
    max_tokens: int = 2000


@attrs.frozen(kw_only=True)
class AIReply:
    """An answer: text, calls, or both.

    Attributes
    ----------
    tokens : int
        Read and written in this turn; 0 where the service does not say.
    """

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    tokens: int = 0


@attrs.frozen(kw_only=True)
class AIProvider:
    """Language models of one vendor, or of this machine.

    Attributes
    ----------
    models : callable () -> tuple of str
        Names of the models that can be asked, the preferred one first. Quick, and without the network.
    complete : callable (AIRequest) -> AIReply
        Asks a model. Calls are only returned, never carried out. Raises ProviderError where the service fails.
    health : callable () -> str
        Empty, or why it cannot be used now and what to do. Quick, and without the network.
    local : bool
        Whether everything stays on this machine.
    """

    name: str
    summary: str
    models: Callable[[], tuple[str, ...]]
    complete: Callable[[AIRequest], AIReply]
    health: Callable[[], str] = lambda: ""
    local: bool = False
