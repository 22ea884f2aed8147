"""The use case of goals: a plan from words, what it may not do refused before it is queued, the rest a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import msgspec

from axis_core.agent import HANDLERS, Plan, Step, plan_goal
from axis_core.agent.run import AgentRun, check_allowed, unready_run
from axis_core.errors import NotFound
from axis_http.nouns import Job, Principal, Upload, new_id
from axis_http.problems import invalid
from axis_http.service import mesh
from axis_http.service.state import Service


__all__ = ["GoalRequest", "checked_goal", "plan_answer", "run_answer", "submit_goal"]

LONGEST = 2000
NAMES = tuple(handler.name for handler in HANDLERS)
_PREFIXES = ("upl_", "exp_", "ast_")


class GoalRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A checked goal with its plan and the files that the plan works on, by the names the plan uses."""

    run_id: str
    goal: str
    context: dict[str, Any]
    allow: tuple[str, ...]
    max_steps: int
    dry_run: bool
    plan: Plan
    inputs: dict[str, Upload]


def checked_goal(
    service: Service, principal: Principal, body: Mapping[str, Any], given: Upload | None = None
) -> GoalRequest:
    """Return the goal of a body, planned; nothing is queued.

    Parameters
    ----------
    given : Upload, optional
        What ``context.input`` was, where it was an object rather than an id.

    Raises
    ------
    Problem
        400 for a blank goal, an unknown handler in ``allow``, a number out of range.
    NotFound
        For an id in the goal or the context that is not the caller's.
    """
    goal = body.get("goal")
    if not isinstance(goal, str) or not goal.strip() or len(goal) > LONGEST:
        raise invalid("goal", f"expected a text of 1 to {LONGEST} characters")
    context = _checked_context(body.get("context"), given)
    plan, inputs = _with_files(service, principal, plan_goal(goal, context), context, given)
    return GoalRequest(
        run_id=new_id("run"),
        goal=goal,
        context=context,
        allow=_checked_allow(body.get("allow")),
        max_steps=_checked_steps(body.get("max_steps")),
        dry_run=_checked_flag("dry_run", body.get("dry_run")),
        plan=plan,
        inputs=inputs,
    )


def _checked_context(context: Any, given: Upload | None) -> dict[str, Any]:
    if context is None:
        context = {}
    if not isinstance(context, dict):
        raise invalid("context", "expected an object")
    out: dict[str, Any] = {}
    for key in ("platform", "polygon_tier"):
        value = context.get(key, "")
        if not isinstance(value, str):
            raise invalid(f"context.{key}", "expected a text")
        out |= {key: value} if value else {}
    chosen = mesh.checked_choices(out)
    out = {key: chosen[key] for key in out}
    named = given.upload_id or given.filename if given else context.get("input", "")
    if not isinstance(named, str):
        raise invalid("context.input", "expected an id, or an object with upload_id, export_id, asset_id or data_b64")
    return out | ({"input": named} if named else {})


def _checked_allow(allow: Any) -> tuple[str, ...]:
    if allow is None:
        return ()
    if not isinstance(allow, list) or not all(isinstance(name, str) for name in allow):
        raise invalid("allow", f"expected a list of {', '.join(NAMES)}")
    try:
        check_allowed(allow)
    except NotFound as exc:
        raise invalid("allow", f"{exc.message}; expected some of {', '.join(NAMES)}") from exc
    return tuple(dict.fromkeys(allow))


def _checked_steps(steps: Any) -> int:
    if steps is None:
        return 8
    if not isinstance(steps, int) or isinstance(steps, bool) or not 1 <= steps <= 20:
        raise invalid("max_steps", f"is {steps!r:.40}, expected a whole number from 1 to 20")
    return steps


def _checked_flag(name: str, value: Any) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise invalid(name, f"is {value!r:.40}, expected true or false")
    return value


def _with_files(
    service: Service, principal: Principal, plan: Plan, context: Mapping[str, Any], given: Upload | None
) -> tuple[Plan, dict[str, Upload]]:
    """Return the plan and its files; a file that is only named, and not held here, is asked for."""
    held = {str(context["input"]): given} if given else {}
    if not given and str(context.get("input", "")).startswith(_PREFIXES):
        held[str(context["input"])] = _upload_of(service, principal, str(context["input"]))
    by_filename = {upload.filename.lower(): name for name, upload in held.items() if upload}
    inputs: dict[str, Upload] = {}
    steps: list[Step] = []
    for step in plan.steps:
        name = str(step.args.get("input", ""))
        if name and not name.startswith("$"):
            known = by_filename.get(name.lower(), name)
            upload = held.get(known) or (_upload_of(service, principal, known) if known.startswith(_PREFIXES) else None)
            if upload is None:
                return _asked(plan, name), {}
            inputs[known] = held[known] = upload
            step = attrs.evolve(step, args={**step.args, "input": known})
        steps.append(step)
    return attrs.evolve(plan, steps=tuple(steps)), inputs


def _asked(plan: Plan, name: str) -> Plan:
    question = (
        f"{name} is not held here: send it to /api/uploads, then name its id in the goal or give it as context.input."
    )
    return Plan("needs_input", (), question, plan.trace)


def _upload_of(service: Service, principal: Principal, name: str) -> Upload:
    if name.startswith("upl_"):
        return service.uploads.get(principal.user_id, name)
    export_id = service.export_of_asset(principal, name) if name.startswith("ast_") else name
    return service.upload_of_export(service.exports.get(principal.user_id, export_id), principal.user_id)


def plan_answer(principal: Principal, asked: GoalRequest) -> dict[str, Any] | None:
    """Return the answer of a goal that is not to be run: a dry run, something missing, something refused; else None."""
    stopped = unready_run(asked.plan, NAMES, allow=asked.allow, scopes=principal.scopes)
    if stopped is None and asked.dry_run:
        stopped = AgentRun(status="completed", plan=asked.plan, answer="This is the plan; nothing was run.")
    if stopped is None:
        return None
    if asked.dry_run and asked.plan.status == "planned" and stopped.status == "needs_input":
        stopped = attrs.evolve(stopped, answer=f"This is the plan; nothing was run. {stopped.answer}")
    return _answer(asked.run_id, asked.goal, stopped) | {"artifacts": [], "cost": {"tokens": 0}}


def _answer(run_id: str, goal: str, run: AgentRun) -> dict[str, Any]:
    plan = run.plan.as_json()
    return {
        "run_id": run_id,
        "goal": goal,
        "status": run.status,
        "plan": plan["plan"],
        "steps": [record.as_json() for record in run.steps],
        "answer": run.answer,
        "trace": plan["trace"],
    }


def submit_goal(service: Service, principal: Principal, asked: GoalRequest) -> Job:
    """Queue a goal that may run; its files go with it under the names the plan uses.

    Raises
    ------
    Problem
        What ``Service.submit`` raises.
    """
    files: dict[str, str] = {}
    folders: dict[str, dict[str, str]] = {}
    for number, (name, upload) in enumerate(asked.inputs.items()):
        places = {upload.filename or "input": upload.path, **upload.companions}
        keys = {filename: f"{number}/{filename}" for filename in places}
        files |= {keys[filename]: path for filename, path in places.items()}
        folders[name] = keys
    first = next(iter(asked.inputs.values()), None)
    carried = msgspec.structs.replace(first, companions=files) if first else None
    params = {
        "run_id": asked.run_id,
        "goal": asked.goal,
        "plan": asked.plan.as_json(),
        "inputs": folders,
        "allow": list(asked.allow),
        "scopes": sorted(principal.scopes),
        "max_steps": asked.max_steps,
    }
    return service.submit(principal, "agent_run", carried, params, provider="agent")


def run_answer(service: Service, job: Job) -> dict[str, Any]:
    """Return what came of a queued goal, or the job's links while it runs.

    Raises
    ------
    Problem
        What made the job itself fail; a step that failed is an answer.
    """
    answer = mesh.job_answer(service, job)
    if "run_id" not in answer:
        return answer | {"run_id": job.params["params"]["run_id"], "goal": job.params["params"]["goal"]}
    export_id = answer.get("export_id")
    artifacts = [
        {**artefact, "export_id": export_id, "download_url": f"/api/exports/{export_id}/files/{artefact['file']}"}
        for artefact in answer.get("artifacts", ())
    ]
    answer.pop("format", None)
    return answer | {"artifacts": artifacts}
