"""What a worker process does for a goal: the checked plan, carried out by the library's own verbs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from axis_core.agent import Plan, Step
from axis_core.agent.run import AgentRun, run_plan
from axis_core.errors import Cancelled, NotFound
from axis_core.plugin import PluginHost
from axis_core.result import write_files
from axis_core.verbs import library_verbs


__all__ = ["goal_run"]

SECONDS = 60.0  # no step is begun after this time


def goal_run(
    given: Mapping[str, Any],
    files: Mapping[str, str],
    out: Path,
    host: PluginHost,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """Return the run of a job's plan: status, steps, answer and files below ``out``.

    Parameters
    ----------
    given : mapping
        ``run_id goal plan inputs allow scopes max_steps``; ``inputs`` is name in the plan -> file name -> key of
        ``files``.
    files : mapping
        Key -> path of the inputs and their companions.

    Raises
    ------
    Cancelled
    """

    def step(fraction: float, message: str) -> None:
        if cancelled():
            raise Cancelled("the caller cancelled the run")
        progress(fraction, message)

    with tempfile.TemporaryDirectory() as folder:
        opened = _Inputs(Path(folder), given["inputs"], files)
        run = run_plan(
            _plan(given["plan"]),
            library_verbs(host),
            opened,
            allow=tuple(given["allow"]),
            scopes=frozenset(given["scopes"]),
            max_steps=int(given["max_steps"]),
            seconds=SECONDS,
            progress=step,
        )
    return _plain(given, run) | _written(run, out)


class _Inputs:
    """Opens what a plan names, and nothing else: each input in a folder of its own, under its own name."""

    def __init__(self, folder: Path, inputs: Mapping[str, Mapping[str, str]], files: Mapping[str, str]) -> None:
        self._folder, self._inputs, self._files = folder, inputs, files

    def __call__(self, name: str) -> Path:
        """Return the path of the input.

        Raises
        ------
        NotFound
        """
        if name not in self._inputs:
            raise NotFound(f"there is no input {name}")
        here = self._folder / str(list(self._inputs).index(name))
        keys = self._inputs[name]
        for filename, key in keys.items():
            place = here / Path(filename).name
            if not place.exists():
                here.mkdir(exist_ok=True)
                shutil.copyfile(self._files[key], place)
        return here / Path(next(iter(keys))).name


def _plan(plain: Mapping[str, Any]) -> Plan:
    steps = tuple(Step(row["handler"], row["args"]) for row in plain["plan"])
    return Plan(plain["status"], steps, plain["question"], tuple(plain["trace"]))


def _plain(given: Mapping[str, Any], run: AgentRun) -> dict[str, Any]:
    scored = [record.result["quality"] for record in run.steps if "quality" in record.result]
    quality = {"quality": {**scored[-1], "issues": []}} if scored else {}
    return {
        "run_id": given["run_id"],
        "goal": given["goal"],
        "status": run.status,
        "plan": given["plan"]["plan"],
        "steps": [record.as_json() for record in run.steps],
        "answer": run.answer,
        "trace": given["plan"]["trace"],
    } | quality


def _written(run: AgentRun, out: Path) -> dict[str, Any]:
    """Write the files of each step, in a folder of its own where several steps made some."""
    making = [record for record in run.steps if record.artefacts]
    files: dict[str, dict[str, str]] = {}
    listed: list[dict[str, Any]] = []
    for record in making:
        prefix = "" if len(making) == 1 else f"{record.n}_{record.handler}-"
        folder = out / f"{record.n}"
        for artefact, path in zip(record.artefacts, write_files(record.artefacts, folder), strict=True):
            name = prefix + artefact.name
            files[name] = {"path": str(path), "media_type": artefact.media_type}
            row = {"step": record.n, "file": name, "role": artefact.role, "media_type": artefact.media_type}
            listed.append(row | {"size_bytes": len(artefact.data)})
    return {"artifacts": listed} | ({"files": files} if files else {})
