"""Many inputs through the pipeline: each into its own folder, one bad file stops none."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from axis_core import door
from axis_core.cli.executors import connected
from axis_core.cli.failures import DONE, FINDINGS, exit_code, failure_json
from axis_core.cli.files import check_readable
from axis_core.cli.outcomes import batch_text, outcome_text
from axis_core.cli.session import Session
from axis_core.errors import AxisError, InputError


if TYPE_CHECKING:
    from axis_core.result import Job, Result


__all__ = ["Request", "run_batch"]

_RESULT_NAME = re.compile(r"avatar(_LOD\d+)?", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Request:
    """What ``axis process`` was asked for; the fields are the arguments of ``axis_core.process``."""

    sources: tuple[Path, ...]
    output: Path
    platform: str = ""
    tier: str = "desktop_standard"
    profile: str = "default"
    output_profile: str = "game_ready"
    format: str = "glb"
    jobs: int = 1
    executor: str = ""
    seed: int = 0
    options: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)

    @property
    def arguments(self) -> dict[str, Any]:
        """Keyword arguments that one and many share."""
        keys = ("platform", "tier", "profile", "output_profile", "format", "seed", "options")
        return {key: getattr(self, key) for key in keys}

    def folders(self) -> dict[Path, Path]:
        """Return source -> folder of its results: the output itself for one, else a folder a name, each used once."""
        if len(self.sources) == 1:
            return {self.sources[0]: self.output}
        taken: set[str] = set()
        return {source: self.output / _unused(source.stem, taken) for source in self.sources}


def run_batch(session: Session, request: Request) -> int:
    """Process every source, write what comes out, print it, and return the worst exit code."""
    folders = request.folders()
    for source, folder in folders.items():
        _refuse_own_result(source, folder)
    if len(folders) == 1 and not request.executor:
        return _run_one(session, request)
    rows = list(_run_many(session, request, folders))
    rows.sort(key=lambda row: request.sources.index(Path(row["source"])))
    status = max(row.pop("exit_code") for row in rows)
    session.result({"ok": status == DONE, "results": rows}, batch_text(rows, verbose=session.verbose))
    return int(status)


def _run_one(session: Session, request: Request) -> int:
    source = request.sources[0]
    check_readable(source)
    session.compile_once(source)
    with session.progress(source.name) as step:
        result = door.process(source, progress=step, host=session.host, **request.arguments)
        row = _finished(source, request.output, result)
    status = int(row.pop("exit_code"))
    session.result({"ok": status == DONE, "results": [row]}, outcome_text(row, verbose=session.verbose))
    return status


def _run_many(session: Session, request: Request, folders: Mapping[Path, Path]) -> Iterator[dict[str, Any]]:
    sources = tuple(folders)
    n_processes = request.jobs or os.cpu_count() or 1
    with connected(request.executor) as executor:
        how: dict[str, Any] = {"executor": executor, "installed": session.plugins, "jobs": n_processes}
        if executor is None:
            session.compile_once()
            how |= {"host": session.host} if n_processes == 1 else {}
        jobs = door.process_many(sources, **how, **request.arguments)
        yield from _rows(session, sources, folders, jobs)


def _rows(
    session: Session, sources: Sequence[Path], folders: Mapping[Path, Path], jobs: Generator[Job, None, None]
) -> Iterator[dict[str, Any]]:
    with closing(jobs), session.progress(f"{len(sources)} files") as step:
        step(0.0, "")
        for n, job in enumerate(jobs, start=1):
            source = Path(job.source)
            row = _outcome(source, folders[source], job)
            step(n / len(sources), source.name)
            session.detail(f"{source}: {row['status']}, {job.seconds:.1f} s")
            yield {**row, "seconds": round(job.seconds, 3)}


def _outcome(source: Path, folder: Path, job: Job) -> dict[str, Any]:
    if job.error is not None:
        return _refused(source, job.error)
    assert job.result is not None  # a job has one or the other
    try:
        return _finished(source, folder, job.result)
    except (AxisError, OSError) as exc:  # the disk's refusal for one file, too, stops none of the others
        return _refused(source, exc)


def _refused(source: Path, exc: AxisError | OSError) -> dict[str, Any]:
    return {
        "source": str(source), "status": "refused", "files": [], "error": failure_json(exc), "exit_code": exit_code(exc)
    }  # fmt: skip


def _finished(source: Path, folder: Path, result: Result) -> dict[str, Any]:
    files = result.write(folder)
    contract = result.contract
    return {
        "source": str(source),
        "status": "done" if result.ok else "failed",
        "folder": str(folder),
        "files": [file.name for file in files],
        "platform": contract.platform,
        "tier": contract.polygon_tier,
        "triangles": contract.mesh.triangle_count,
        "lods": {str(lod.level): lod.triangle_count for lod in contract.lods if lod.level},
        "height_m": contract.mesh.height_m,
        "rig": contract.rig,
        "max_influences": contract.skin.max_influences,
        "grade": contract.mesh.quality_grade,
        "score": contract.mesh.quality_score,
        "issues": result.report.counts,
        "problems": result.problems,
        "findings": [_finding(issue) for issue in result.report.issues if issue.severity.rank < 2],
        "stages": {stage.name: stage.seconds for stage in contract.stages},
        "seconds": round(sum(stage.seconds for stage in contract.stages), 3),
        "exit_code": DONE if result.ok else FINDINGS,
    }


def _finding(issue: Any) -> dict[str, str]:
    return {
        "severity": issue.severity.value, "code": issue.code, "pointer": issue.pointer, "message": issue.message
    }  # fmt: skip


def _refuse_own_result(source: Path, folder: Path) -> None:
    if _RESULT_NAME.fullmatch(source.stem) and source.resolve().parent == folder.resolve():
        raise InputError(
            f"{source} would be overwritten by its own result.",
            hint="Give another folder with -o, or rename the input.",
        )


def _unused(stem: str, taken: set[str]) -> str:
    """Return ``stem``, or with a number; letter case does not tell folders apart everywhere."""
    names: Iterable[str] = (stem if n == 1 else f"{stem}_{n}" for n in range(1, len(taken) + 2))
    name = next(name for name in names if name.casefold() not in taken)
    taken.add(name.casefold())
    return name
