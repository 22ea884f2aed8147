"""Result: what one run of the pipeline gives, and how it is put on disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

from axis_core.errors import AxisError, StoreError
from axis_core.model.artefact import Artefact
from axis_core.model.contract import Contract
from axis_core.model.issue import Report
from axis_core.model.scene import Scene


__all__ = ["Job", "Result", "write_files"]


@attrs.frozen(kw_only=True)
class Result:
    """An avatar with its levels, its record and its files.

    Attributes
    ----------
    ok : bool
        Whether the validation profile was met; if not, ``artefacts`` hold only the contract and the report.
    problems : tuple of str
        Why the profile was not met.
    metrics : mapping of stage name to its metrics
    """

    scene: Scene
    lods: tuple[Scene, ...]
    contract: Contract
    report: Report
    artefacts: tuple[Artefact, ...]
    metrics: Mapping[str, Mapping[str, Any]]
    ok: bool = True
    problems: tuple[str, ...] = ()

    def write(self, folder: Path | str) -> tuple[Path, ...]:
        """Write all files into ``folder``, all or none, and return their paths.

        Raises
        ------
        StoreError
            If a file cannot be written; those already there are as they were.
        """
        return write_files(self.artefacts, Path(folder))


@attrs.frozen(kw_only=True)
class Job:
    """One of many: its source and what came of it."""

    source: Any
    result: Result | None = None
    error: AxisError | None = None
    seconds: float = 0.0


def write_files(artefacts: Iterable[Artefact], folder: Path) -> tuple[Path, ...]:
    """Write artefacts by temporary files that are renamed once all of them are complete.

    Raises
    ------
    StoreError
    """
    pending: list[tuple[str, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for artefact in artefacts:
            handle, temporary = tempfile.mkstemp(prefix=".axis-", dir=folder)
            pending.append((temporary, folder / artefact.name))
            with os.fdopen(handle, "wb") as file:
                file.write(artefact.data)
                file.flush()
                os.fsync(file.fileno())
        for temporary, target in pending:
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
    except OSError as exc:
        for temporary, _ in pending:
            Path(temporary).unlink(missing_ok=True)
        raise StoreError(
            f"{folder} cannot be written: {exc.strerror or exc}", hint="Check the path, the disk and the rights."
        ) from exc
    return tuple(target for _, target in pending)
