"""A scripted model of the llm library plans goals of AXIS; nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axis_ai_llm
import llm
import pytest
from axis_ai_llm.provider import complete, health, models

from axis_core.plugin import AIRequest, PluginHost, ProviderError, ToolCall, ToolOutcome


class Scripted(llm.Model):
    """Says what the test wrote down, and remembers what it was shown."""

    model_id = "scripted"
    supports_tools = True

    def __init__(self) -> None:
        self.replies: list[list[llm.ToolCall] | str | Exception] = []
        self.shown: list[Any] = []

    def execute(self, prompt: Any, stream: bool, response: Any, conversation: Any) -> Iterator[str]:  # noqa: ARG002
        self.shown.append(prompt)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        response.set_usage(input=100, output=20)
        if isinstance(reply, str):
            yield reply
            return
        for call in reply:
            response.add_tool_call(call)
        yield ""


class Mute(llm.Model):
    """A model that takes no tools."""

    model_id = "mute"

    def execute(self, prompt: Any, stream: bool, response: Any, conversation: Any) -> Iterator[str]:  # noqa: ARG002
        yield "..."


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path))
    made = Scripted()

    class Models:
        @llm.hookimpl
        def register_models(self, register: Any) -> None:
            register(made)
            register(Mute())

    plugin = Models()
    llm.pm.register(plugin, name="scripted-for-tests")
    llm.set_default_model("scripted")
    yield made
    llm.pm.unregister(plugin)


TOOL = {"name": "audit", "description": "Looks.", "parameters": {"type": "object", "properties": {}}}


def request(**more: Any) -> AIRequest:
    return AIRequest(**{"model": "scripted", "system": "rules", "prompt": "check a.glb", "tools": (TOOL,), **more})


def test_calls_come_back_as_data_with_their_tokens(model: Scripted) -> None:
    model.replies = [[llm.ToolCall(name="audit", arguments={"input": "a.glb"}, tool_call_id="c1")]]
    reply = complete(request())
    assert reply.calls == (ToolCall(name="audit", arguments={"input": "a.glb"}, id="c1"),)
    assert reply.tokens == 120
    (shown,) = model.shown
    assert [t.name for t in shown.tools] == ["audit"]
    assert [t.implementation for t in shown.tools] == [None]
    assert [m.role for m in shown.messages] == ["system", "user"]


def test_the_conversation_so_far_is_told_again(model: Scripted) -> None:
    model.replies = ["That is all."]
    call = ToolCall(name="audit", arguments={"input": "a.glb"}, id="c1")
    reply = complete(request(turns=((ToolOutcome(call=call, text="accepted as step 1"),),)))
    assert (reply.text, reply.calls) == ("That is all.", ())
    roles = [m.role for m in model.shown[0].messages]
    assert roles == ["system", "user", "assistant", "tool"]
    assert model.shown[0].messages[2].parts[0].tool_call_id == model.shown[0].messages[3].parts[0].tool_call_id == "c1"
    assert model.shown[0].messages[3].parts[0].output == "accepted as step 1"


@pytest.mark.usefixtures("model")
def test_only_models_that_take_tools_are_listed_the_default_first() -> None:
    assert models()[0] == "scripted"
    assert "mute" not in models()
    assert health() == ""


def test_a_service_that_fails_is_a_provider_error(model: Scripted) -> None:
    model.replies = [RuntimeError("no connection")]
    with pytest.raises(ProviderError, match="no connection"):
        complete(request())
    with pytest.raises(ProviderError, match="no model"):
        complete(request(model="nobody"))


@pytest.mark.usefixtures("model")
def test_the_plugin_is_found_by_its_hook() -> None:
    host = PluginHost([("ai-llm", axis_ai_llm)], installed=False)
    assert host.ai_provider("llm").complete is complete
