"""A plan carried out, step by step, with the caller's scopes and nothing that was not allowed."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

import attrs

from axis_core.agent.handlers import HANDLERS, find_handler
from axis_core.agent.planner import Plan, Step
from axis_core.errors import AxisError, NotFound
from axis_core.model.artefact import Artefact
from axis_core.plugin.options import structure_options


__all__ = ["ALL_HANDLERS", "AgentRun", "Done", "StepRecord", "Verb", "check_allowed", "run_plan", "unready_run"]

Progress = Callable[[float, str], None]


@attrs.frozen(kw_only=True)
class Done:
    """What a verb made.

    Attributes
    ----------
    mesh : Scene, bytes or None
        What ``$n`` means to later steps.
    artefacts : tuple of Artefact
    facts : mapping
        Plain values for the caller.
    said : tuple of str
        Sentences for the answer.
    """

    mesh: Any = None
    artefacts: tuple[Artefact, ...] = ()
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    said: tuple[str, ...] = ()


class Verb(Protocol):
    """A handler's function: its parameters, and the source that ``input`` named (None where there is none)."""

    def __call__(self, parameters: Any, source: Any) -> Done:
        """Do the work.

        Raises
        ------
        AxisError
        """


@attrs.frozen(kw_only=True)
class StepRecord:
    """What became of a step: ``done``, ``failed``, ``refused`` or ``skipped``."""

    n: int
    handler: str
    args: Mapping[str, Any]
    status: str
    result: Mapping[str, Any] = attrs.field(factory=dict)
    seconds: float = 0.0
    artefacts: tuple[Artefact, ...] = attrs.field(default=(), repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "n": self.n,
            "handler": self.handler,
            "args": dict(self.args),
            "status": self.status,
            "result": dict(self.result),
            "seconds": round(self.seconds, 3),
        }


@attrs.frozen(kw_only=True)
class AgentRun:
    """A run: ``completed``, ``needs_input``, ``failed`` or ``max_steps``."""

    status: str
    plan: Plan
    steps: tuple[StepRecord, ...] = ()
    answer: str = ""

    @property
    def artefacts(self) -> tuple[tuple[int, Artefact], ...]:
        """All files, each with the number of its step."""
        return tuple((step.n, artefact) for step in self.steps for artefact in step.artefacts)


def check_allowed(allow: Collection[str]) -> None:
    """Refuse names that are no handlers.

    Raises
    ------
    NotFound
    """
    for name in allow:
        find_handler(name)


def run_plan(
    plan: Plan,
    verbs: Mapping[str, Verb],
    open_input: Callable[[str], Any],
    *,
    allow: Collection[str] = (),
    scopes: Collection[str] | None = None,
    max_steps: int = 8,
    seconds: float = 60.0,
    progress: Progress | None = None,
) -> AgentRun:
    """Carry out ``plan`` and return what came of it; the first step that fails or is refused ends the run.

    Everything is checked before anything runs: a plan with a step that may not run runs none.

    Parameters
    ----------
    verbs : mapping of handler name to function
    open_input : callable (str)
        Returns the source that a name means: a path, bytes or a Scene; raises NotFound.
    allow : collection of str
        Handlers with side effects that may run.
    scopes : collection of str or None
        What the caller may do; None for everything.
    max_steps : int
        More steps than these are not begun, 1 to 20.
    seconds : float
        No step is begun after this time.
    """
    stopped = unready_run(plan, verbs, allow=allow, scopes=scopes)
    if stopped is not None:
        return stopped
    say = progress or (lambda fraction, message: None)  # noqa: ARG005 - one shape
    begun = time.monotonic()
    done: list[Done] = []
    records_done: list[StepRecord] = []
    for n, step in enumerate(plan.steps, start=1):
        if n > max_steps or time.monotonic() - begun > seconds:
            reason = f"{max_steps} steps" if n > max_steps else f"{seconds:g} seconds"
            left = f"Stopped after {reason}; {len(plan.steps) - n + 1} steps are left."
            answer = _answer(records_done, [*_said(done), left])
            return AgentRun(status="max_steps", plan=plan, steps=tuple(records_done), answer=answer)
        say((n - 1) / len(plan.steps), step.handler)
        record, result = _run_step(n, step, verbs[step.handler], done, open_input)
        records_done.append(record)
        if result is None:
            message = f"Step {n}, {step.handler}, failed: {record.result['message']} {record.result['hint']}".strip()
            answer = _answer(records_done, [*_said(done), message])
            return AgentRun(status="failed", plan=plan, steps=tuple(records_done), answer=answer)
        done.append(result)
    say(1.0, "done")
    return AgentRun(status="completed", plan=plan, steps=tuple(records_done), answer=_answer(records_done, _said(done)))


def unready_run(
    plan: Plan, verbs: Collection[str], *, allow: Collection[str] = (), scopes: Collection[str] | None = None
) -> AgentRun | None:
    """Return the run of a plan that may not begin, with what is missing or refused; None for one that may.

    Parameters
    ----------
    verbs : collection of str
        Names of the handlers that can be carried out.
    """
    if plan.status != "planned":
        return AgentRun(status="needs_input", plan=plan, answer=plan.question)
    refusals = [reason for step in plan.steps if (reason := _refusal(step, verbs, allow, scopes))]
    if not refusals:
        return None
    records = tuple(_refused(n, step, verbs, allow, scopes) for n, step in enumerate(plan.steps, start=1))
    return AgentRun(status="needs_input", plan=plan, steps=records, answer=" ".join(dict.fromkeys(refusals)))


def _refusal(step: Step, verbs: Collection[str], allow: Collection[str], scopes: Collection[str] | None) -> str:
    handler = find_handler(step.handler)
    if scopes is not None and handler.scope not in scopes:
        return f"{handler.name} needs the scope {handler.scope}, which the caller does not have."
    if handler.has_side_effects and handler.name not in allow:
        return f"{handler.name} makes something: allow it by name ({handler.name!r} in allow)."
    if handler.name not in verbs:
        return f"{handler.name} is not available here."
    return ""


def _refused(
    n: int, step: Step, verbs: Collection[str], allow: Collection[str], scopes: Collection[str] | None
) -> StepRecord:
    reason = _refusal(step, verbs, allow, scopes)
    status = "refused" if reason else "skipped"
    told = {"message": reason} if reason else {}
    return StepRecord(n=n, handler=step.handler, args=step.args, status=status, result=told)


def _run_step(
    n: int, step: Step, verb: Verb, done: Sequence[Done], open_input: Callable[[str], Any]
) -> tuple[StepRecord, Done | None]:
    begun = time.perf_counter()
    try:
        parameters: Any = structure_options(find_handler(step.handler).parameters, step.args)
        result = verb(parameters, _source(str(step.args.get("input", "")), done, open_input))
    except AxisError as exc:
        told = {"code": exc.code, "message": exc.message, "hint": exc.hint or "", "pointer": exc.pointer or ""}
        spent = time.perf_counter() - begun
        return StepRecord(n=n, handler=step.handler, args=step.args, status="failed", result=told, seconds=spent), None
    record = StepRecord(
        n=n,
        handler=step.handler,
        args=step.args,
        status="done",
        result=result.facts,
        seconds=time.perf_counter() - begun,
        artefacts=result.artefacts,
    )
    return record, result


def _source(name: str, done: Sequence[Done], open_input: Callable[[str], Any]) -> Any:
    if not name:
        return None
    if not name.startswith("$"):
        return open_input(name)
    number = int(name[1:]) if name[1:].isdigit() else 0
    if not 1 <= number <= len(done) or done[number - 1].mesh is None:
        raise NotFound(f"there is no result {name}", hint="A step can use the result of a step before it.")
    return done[number - 1].mesh


def _said(done: Sequence[Done]) -> list[str]:
    return [sentence for result in done for sentence in result.said]


def _answer(records: Sequence[StepRecord], sentences: Sequence[str]) -> str:
    files = sum(len(record.artefacts) for record in records)
    made = [f"{files} {'file' if files == 1 else 'files'} made."] if files else []
    return " ".join([*sentences, *made])


ALL_HANDLERS = tuple(h.name for h in HANDLERS)
"""Every handler's name: what a person at a terminal who confirmed a plan allows."""
