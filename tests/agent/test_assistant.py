"""Plans by a scripted language model: checked, bounded, never more than the caller named, and rules where it fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from axis_core.agent import plan_goal
from axis_core.agent.assistant import Budget, plan_with_model
from axis_core.errors import ProviderError
from axis_core.plugin import AIProvider, AIReply, AIRequest, ToolCall


def call(name: str, **arguments: Any) -> ToolCall:
    return ToolCall(name=name, arguments=arguments)


def scripted(*replies: AIReply, seen: list[AIRequest] | None = None) -> AIProvider:
    left: Iterator[AIReply] = iter(replies)

    def complete(request: AIRequest) -> AIReply:
        if seen is not None:
            seen.append(request)
        return next(left)

    return AIProvider(name="scripted", summary="", models=lambda: ("m",), complete=complete, local=True)


DONE = AIReply(text="That is the plan.", tokens=5)


def test_calls_become_steps_in_their_order_and_the_trace_tells_of_each() -> None:
    first = AIReply(calls=(call("repair", input="a.glb"), call("rig", input="$1", platform="unity")), tokens=90)
    plan = plan_with_model("a.glb into unity, cleaned", {}, scripted(first, DONE))
    assert [(s.handler, dict(s.args)) for s in plan.steps] == [
        ("repair", {"input": "a.glb"}),
        ("rig", {"input": "$1", "platform": "unity"}),
    ]
    assert plan.status == "planned"
    assert "90 tokens" in plan.trace[0]
    assert "rig" in plan.trace[0]


def test_the_model_is_shown_goal_files_and_schemas_only() -> None:
    seen: list[AIRequest] = []
    plan_with_model("check a.glb", {"input": "b.glb", "platform": "godot"}, scripted(DONE, seen=seen))
    told = json.loads(seen[0].prompt)
    assert told == {"goal": "check a.glb", "files": ["a.glb", "b.glb"], "usual": {"platform": "godot"}}
    assert "audit" in [t["name"] for t in seen[0].tools]
    assert all(t["parameters"]["type"] == "object" for t in seen[0].tools)


@pytest.mark.parametrize(
    "bad",
    [
        call("format_disk", input="a.glb"),
        call("rig", input="secret.glb"),
        call("rig", input="/etc/passwd"),
        call("rig", input="$1"),
        call("rig"),
        call("rig", input="a.glb", max_influences=99),
        call("rig", input="a.glb", sudo=True),
        call("decimate", input="a.glb", target_polycount="many"),
    ],
    ids=lambda c: f"{c.name}-{c.arguments}",
)
def test_what_does_not_fit_is_no_step_and_the_model_is_told_why(bad: ToolCall) -> None:
    seen: list[AIRequest] = []
    second = AIReply(calls=(call("audit", input="a.glb"),))
    plan = plan_with_model("check a.glb", {}, scripted(AIReply(calls=(bad,)), second, DONE, seen=seen))
    assert [s.handler for s in plan.steps] == ["audit"]
    assert seen[1].turns[0][0].text.startswith("not accepted: ")
    assert any(line.startswith("not taken") for line in plan.trace)


def test_a_question_of_the_model_is_asked_and_nothing_may_run() -> None:
    reply = AIReply(calls=(call("rig", input="a.glb"), call("ask_user", question="For which engine?")))
    plan = plan_with_model("rig a.glb for my engine", {}, scripted(reply))
    assert (plan.status, plan.steps, plan.question) == ("needs_input", (), "For which engine?")


def test_words_without_a_call_are_a_question() -> None:
    plan = plan_with_model("hmm", {}, scripted(AIReply(text="What should I do?")))
    assert (plan.status, plan.question) == ("needs_input", "What should I do?")


def _broken(_: AIRequest) -> AIReply:
    raise ProviderError("the line is dead")


def _endless(_: AIRequest) -> AIReply:
    return AIReply(calls=(call("audit", input="hero.glb"),), tokens=10)


def _dear(_: AIRequest) -> AIReply:
    return AIReply(calls=(call("audit", input="hero.glb"),), tokens=10_000_000)


def _many(_: AIRequest) -> AIReply:
    return AIReply(calls=(call("audit", input="hero.glb"),) * 50)


@pytest.mark.parametrize("complete", [_broken, _endless, _dear, _many])
def test_the_rules_plan_where_a_model_fails_or_spends_too_much(complete: Callable[[AIRequest], AIReply]) -> None:
    provider = AIProvider(name="bad", summary="", models=lambda: ("m",), complete=complete)
    plan = plan_with_model("rig hero.glb", {}, provider, budget=Budget(turns=3, tokens=1000, steps=5))
    assert plan.steps == plan_goal("rig hero.glb").steps
    assert any(line.startswith("planned by rules: ") for line in plan.trace)


def test_a_model_that_cannot_be_used_is_not_asked() -> None:
    asked: list[AIRequest] = []
    provider = scripted(DONE, seen=asked)
    unwell = AIProvider(
        name="x", summary="", models=provider.models, complete=provider.complete, health=lambda: "no key: set X_KEY"
    )
    plan = plan_with_model("rig hero.glb", {}, unwell)
    assert asked == []
    assert [s.handler for s in plan.steps] == ["rig"]
    assert "no key" in plan.trace[0]
