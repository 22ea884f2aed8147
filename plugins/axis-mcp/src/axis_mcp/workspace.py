"""The files of a session: inputs below a root, results in a folder of their own, nothing else."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import attrs

import axis_core
from axis_core.plugin import Artefact, NotFound, PluginHost


__all__ = ["MadeFile", "Outcome", "Workspace"]

KEPT_ROLES = ("contract", "report")


@attrs.frozen(kw_only=True)
class MadeFile:
    """A file that a call made: its path below the output folder, and what it is."""

    name: str
    path: Path
    role: str
    media_type: str


@attrs.frozen(kw_only=True)
class Outcome:
    """What a call gives: ``completed``, ``needs_input``, ``failed`` or ``max_steps``, with plain values and files."""

    status: str
    answer: str
    plan: tuple[Mapping[str, Any], ...]
    steps: tuple[Mapping[str, Any], ...]
    files: tuple[MadeFile, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values; files by the paths that later calls may name."""
        return {
            "status": self.status,
            "answer": self.answer,
            "plan": [dict(step) for step in self.plan],
            "steps": [dict(step) for step in self.steps],
            "files": [{"path": str(f.path), "role": f.role, "media_type": f.media_type} for f in self.files],
        }


class Workspace:
    """Carries calls out, one at a time.

    Parameters
    ----------
    root : Path
        Inputs are files below it.
    output : Path, optional
        Results go below it; ``axis-out`` in the root where it is not given.
    allow : collection of str, optional
        Handlers that may make something; all of them where it is not given.
    """

    def __init__(
        self,
        root: Path,
        output: Path | None = None,
        *,
        allow: Collection[str] | None = None,
        host: PluginHost | None = None,
    ) -> None:
        self.root = root.resolve()
        self.output = (output or root / "axis-out").resolve()
        self.host = host
        names = [handler["name"] for handler in axis_core.handlers()]
        self.allow = frozenset(names if allow is None else allow)
        unknown = self.allow - set(names)
        if unknown:
            raise NotFound(f"there is no handler {min(unknown)!r}", hint=f"Known: {', '.join(names)}.")
        self.made: list[MadeFile] = []
        self._lock = threading.Lock()
        self._calls = 0

    def call(self, name: str, arguments: Mapping[str, Any]) -> Outcome:
        """Carry out one handler."""
        with self._lock:
            run = axis_core.call_handler(name, arguments, open_input=self.open_input, allow=self.allow, host=self.host)
            return self._outcome(run)

    def do(
        self, goal: str, source: str = "", *, allow: Collection[str] | None = None, dry_run: bool = False
    ) -> Outcome:
        """Plan a goal and carry it out; ``dry_run`` only plans."""
        allowed = self.allow if allow is None else self.allow & frozenset(allow)
        context = {"input": source} if source else {}
        with self._lock:
            run = axis_core.run_goal(
                goal,
                context,
                open_input=self.open_input,
                allow=allowed,
                max_steps=20,
                seconds=3600.0,
                dry_run=dry_run,
                host=self.host,
            )
            return self._outcome(run)

    def presets(self) -> tuple[Mapping[str, Any], ...]:
        """Return the presets that generate can begin with."""
        found = axis_core.call_handler(
            "search", {"query": "", "limit": 200}, open_input=self.open_input, host=self.host
        )
        return tuple(hit for hit in found.steps[0].result["results"] if hit["kind"] == "preset")

    def open_input(self, name: str) -> Path:
        """Return the path that ``name`` means.

        Raises
        ------
        NotFound
            For what is outside the root and the output folder, or no file; the answers do not differ.
        """
        if name and "\0" not in name:
            for base in (self.root, self.output):
                path = (base / name).resolve()
                if path.is_file() and (path.is_relative_to(self.root) or path.is_relative_to(self.output)):
                    return path
        raise NotFound(f"there is no file {name!r} in the workspace", hint="Name a file below the root.")

    def _outcome(self, run: Any) -> Outcome:
        self._calls += 1
        files = tuple(
            self._written(f"{self._calls:03d}_{step.handler}" + (f"_{step.n}" if len(run.steps) > 1 else ""), artefact)
            for step in run.steps
            for artefact in step.artefacts
        )
        self.made += files
        plan = tuple(run.plan.as_json()["plan"])
        steps = tuple(step.as_json() for step in run.steps)
        return Outcome(status=run.status, answer=run.answer, plan=plan, steps=steps, files=files)

    def _written(self, folder: str, artefact: Artefact) -> MadeFile:
        path = (self.output / folder / artefact.name).resolve()
        if not path.is_relative_to(self.output):
            raise NotFound(f"a result cannot be called {artefact.name!r}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artefact.data)
        name = path.relative_to(self.output).as_posix()
        return MadeFile(name=name, path=path, role=artefact.role, media_type=artefact.media_type)
