"""``axis do``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from axis_core.cli.failures import DONE, FINDINGS, REFUSED
from axis_core.cli.files import INPUT
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import split_words
from axis_core.cli.session import Session
from axis_core.errors import NotFound


if TYPE_CHECKING:
    from axis_core.agent.planner import Plan
    from axis_core.agent.run import AgentRun


__all__ = ["command"]


@click.command("do", cls=AxisCommand)
@click.argument("goal", metavar="GOAL")
@click.option("-i", "--input", "source", type=INPUT, metavar="FILE", help='What "this" and "it" mean.')
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    default="out",
    help="Folder of the results.",
    show_default=True,
)
@click.option("--dry-run", is_flag=True, help="Show the plan and do nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask at a terminal before the plan runs.")
@click.option(
    "--allow",
    multiple=True,
    callback=split_words,
    metavar="NAME,...",
    help="Only these handlers may make something; all of the plan's where this is not given.",
)
@click.option(
    "--ai",
    metavar="NAME[/MODEL]",
    help="Let a language model of a plugin propose the plan; it is checked, and rules plan where it fails.",
)
@click.option("--max-steps", type=click.IntRange(1, 20), default=8, show_default=True, help="Most steps of the plan.")
@click.pass_obj
def command(
    session: Session,
    goal: str,
    source: Path | None,
    output: Path,
    dry_run: bool,
    yes: bool,
    allow: tuple[str, ...],
    ai: str | None,
    max_steps: int,
) -> int:
    """Do what GOAL says in plain words: "rig hero.glb for Unity and show it with its arms up".

    The plan is shown before it runs. What is missing is asked for, nothing is guessed, inputs are never changed.
    """
    from axis_core.agent.run import check_allowed

    check_allowed(allow)
    plan = _planned(session, goal, source, ai, max_steps)
    if dry_run:
        session.result({"goal": goal, **plan.as_json()}, _plan_text(plan))
        return int(DONE)
    if plan.status != "planned":
        session.result({"goal": goal, **plan.as_json()}, plan.question)
        return int(REFUSED)
    session.remark(_plan_text(plan))
    if not (yes or session.json or _is_confirmed()):
        session.remark("nothing was done")
        return int(DONE)
    return _run(session, plan, goal, output, allow, max_steps)


def _planned(session: Session, goal: str, source: Path | None, ai: str | None, max_steps: int) -> Plan:
    from axis_core.agent.planner import plan_goal

    context = {"input": str(source)} if source else {}
    if not ai:
        return plan_goal(goal, context)
    from axis_core.agent.assistant import Budget, plan_with_model

    name, _, model = ai.partition("/")
    provider = session.host.ai_provider(name)
    return plan_with_model(goal, context, provider, model=model, budget=Budget(steps=max_steps))


def _is_confirmed() -> bool:
    """Ask at a terminal; a script has said what it wants."""
    import sys

    return not sys.stdin.isatty() or click.confirm("Run it?", default=True, err=True)


def _run(session: Session, plan: Plan, goal: str, output: Path, allow: tuple[str, ...], max_steps: int) -> int:
    from axis_core.agent.run import ALL_HANDLERS, run_plan
    from axis_core.verbs import library_verbs

    with session.progress("the plan") as step:
        run = run_plan(
            plan,
            library_verbs(session.host),
            _open_input,
            allow=allow or ALL_HANDLERS,
            max_steps=max_steps,
            seconds=3600.0,
            progress=step,
        )
    files = _write(run, output)
    payload: dict[str, Any] = {
        "status": run.status,
        "goal": goal,
        "plan": plan.as_json()["plan"],
        "steps": [record.as_json() for record in run.steps],
        "answer": run.answer,
        "artifacts": files,
    }
    session.result(payload, "\n".join([run.answer, *(f"  wrote {path}" for path in files)]))
    if run.status == "completed":
        return int(DONE if all(r.result.get("ok", True) for r in run.steps) else FINDINGS)
    return int(REFUSED)


def _open_input(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise NotFound(f"there is no file {name}", hint="Name a file in the goal, or give one with --input.")
    return path


def _write(run: AgentRun, output: Path) -> list[Path]:
    """Write the files of each step; several steps get a folder each."""
    from axis_core.result import write_files

    making = [record for record in run.steps if record.artefacts]
    paths: list[Path] = []
    for record in making:
        folder = output if len(making) == 1 else output / f"{record.n}_{record.handler}"
        paths += write_files(record.artefacts, folder)
    return paths


def _plan_text(plan: Plan) -> str:
    if plan.status != "planned":
        return plan.question
    lines = [f"{n}. {step.handler} {_arguments(step.args)}".rstrip() for n, step in enumerate(plan.steps, start=1)]
    return "\n".join(lines)


def _arguments(args: Any) -> str:
    return ", ".join(f"{key}: {', '.join(value) if isinstance(value, list) else value}" for key, value in args.items())
