"""Files on disk: what goes in, and where results may go."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from axis_core.errors import InputError, NotFound


__all__ = [
    "INPUT",
    "INPUT_OR_FOLDER",
    "OUTPUT",
    "check_readable",
    "find_inputs",
    "make_parents",
    "refuse_overwriting",
    "write_atomically",
]

_MAGIC = frozenset("*?[")
if TYPE_CHECKING:
    _PathType = click.ParamType[Path]
else:
    _PathType = click.ParamType  # generic only to type checkers in older releases


class _InputFile(_PathType):
    """A file that exists, or, where ``folders`` says so, a folder."""

    name = "file"

    def __init__(self, *, folders: bool = False) -> None:
        self._folders = folders

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002
        """Return the path of an existing file."""
        path = Path(value)
        if not (self._folders and path.is_dir()):
            check_readable(path)
        return path


class _OutputFile(_PathType):
    """A file that may be written."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002
        """Return the path, which is no folder."""
        path = Path(value)
        if path.is_dir():
            raise InputError(f"{value} is a folder; a file name is expected.", hint=f"Write to {path / 'avatar.glb'}.")
        return path


INPUT = _InputFile()
INPUT_OR_FOLDER = _InputFile(folders=True)
OUTPUT = _OutputFile()


def check_readable(path: Path) -> None:
    """Raise NotFound or InputError unless ``path`` is a file."""
    if path.is_dir():
        raise InputError(f"{path} is a folder; a file is expected.")
    if not path.exists():
        from difflib import get_close_matches

        folder = path.parent
        if not folder.is_dir():
            raise NotFound(f"there is no file {path}: the folder {folder} does not exist.")
        close = get_close_matches(path.name, [p.name for p in folder.iterdir() if p.is_file()], n=1)
        hint = f"Did you mean {folder / close[0]}?" if close else None
        raise NotFound(f"there is no file {path}.", hint=hint)


def refuse_overwriting(output: Path, *inputs: Path) -> None:
    """Raise InputError if ``output`` is one of ``inputs``."""
    for path in inputs:
        if output.exists() and path.exists() and output.samefile(path):
            raise InputError(f"{output} is the input itself; it would be lost.", hint="Give another output with -o.")


def make_parents(path: Path) -> None:
    """Create the folders that lead to ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``, which holds all of it or what it held before."""
    make_parents(path)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def find_inputs(patterns: Iterable[str], suffixes: Collection[str]) -> tuple[Path, ...]:
    """Return the files that ``patterns`` name, each once, in order.

    Parameters
    ----------
    patterns : iterable of str
        Files as they are, also missing ones; folders give every readable file in them and below, but for hidden ones
        and the results of earlier runs (a ``contract.json`` beside them); ``*``, ``?``, ``[]`` and ``**`` are expanded
        for shells that do not, and quoted patterns.
    suffixes : collection of str
        What folders and patterns are searched for, with the dot, lower case.

    Raises
    ------
    NotFound
        If a folder or a pattern gives no file.
    """
    found: dict[Path, Path] = {}
    for pattern in patterns:
        matches = tuple(_matches(pattern, suffixes))
        if not matches:
            known = ", ".join(sorted(suffixes))
            raise NotFound(f"{pattern} holds no file that can be read.", hint=f"Looked for {known}.")
        for path in matches:
            found.setdefault(path.resolve(), path)
    return tuple(found.values())


def _matches(pattern: str, suffixes: Collection[str]) -> Iterator[Path]:
    path = Path(pattern)
    if path.is_dir():
        yield from _below(path, suffixes)
    elif _MAGIC.isdisjoint(pattern) or path.exists():
        yield path
    else:
        from glob import glob

        for name in sorted(glob(pattern, recursive=True)):  # noqa: PTH207 - Path.glob takes no absolute patterns
            if Path(name).is_file() and Path(name).suffix.lower() in suffixes:
                yield Path(name)


def _below(folder: Path, suffixes: Collection[str]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() not in suffixes or hidden or not path.is_file():
            continue
        if not path.with_name("contract.json").exists():
            yield path
