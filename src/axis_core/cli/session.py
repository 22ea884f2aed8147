"""Session: what the options of every command say, and how a run speaks.

Results go to stdout (text, or JSON and nothing else); remarks, errors and progress go to stderr.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from axis_core.cli.columns import printable
from axis_core.cli.json_text import json_bytes
from axis_core.cli.progress import Progress


if TYPE_CHECKING:
    from pathlib import Path

    from axis_core.plugin.host import PluginHost
    from axis_core.plugin.kinds import Command


__all__ = ["Hangup", "Session"]


class Hangup(Exception):
    """The reader of stdout is gone (``axis ... | head``): stop without a word."""


class Session:
    """One run of ``axis``.

    Attributes
    ----------
    json : bool
        Print one JSON document to stdout and nothing else there.
    verbosity : int
        -1 says only errors, 0 the result, 1 details, timings and tracebacks.
    plugins : bool
        Whether installed plugins are loaded.

    Parameters
    ----------
    host : PluginHost, optional
        Taken as it is, instead of one made at first use.
    """

    def __init__(self, host: PluginHost | None = None) -> None:
        self.json = False
        self.verbosity = 0
        self.plugins = True
        self._host = host

    @property
    def verbose(self) -> bool:
        """Whether details are wanted."""
        return self.verbosity > 0

    @property
    def host(self) -> PluginHost:
        """The plugins of this run, loaded at first use."""
        if self._host is None:
            from axis_core.door import default_host

            self._host = default_host(installed=self.plugins)
        return self._host

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands that plugins add.

        What is built in adds none and takes the longest to load, so it is left out where nothing else needs it:
        the help page stays quick.
        """
        if self._host is not None:
            return self._host.commands
        from importlib.metadata import entry_points

        found = entry_points(group="axis")
        if not found:
            return ()
        from axis_core.plugin.host import PluginHost

        if self.plugins:
            return PluginHost().commands
        ours = [(point.name, point.load()) for point in found if point.dist and point.dist.name == "axis-avatars"]
        return PluginHost(ours, installed=False).commands

    def result(self, payload: Any, text: str) -> None:
        """Print what the command found or made: ``payload`` with ``--json``, else ``text`` unless quiet."""
        if self.json:
            self.raw(json_bytes(payload))
        elif text and self.verbosity >= 0:
            self._write(printable(text))

    def raw(self, data: bytes) -> None:
        """Write bytes to stdout as they are."""
        self._write(data)

    def remark(self, text: str) -> None:
        """Say something beside the result, on stderr, unless quiet."""
        if self.verbosity >= 0:
            click.echo(printable(text), err=True)

    def detail(self, text: str) -> None:
        """Say something on stderr if details are wanted."""
        if self.verbose:
            click.echo(printable(text), err=True)

    def progress(self, title: str) -> Progress:
        """Return a progress bar; it shows only where stderr is a terminal and the run is not quiet."""
        return Progress(title, shown=self.verbosity >= 0 and sys.stderr.isatty())

    def compile_once(self, source: Path | None = None) -> None:
        """Compile the kernels on the first run, on two processors and with a bar; not for a source that cannot be read.

        Without it each is compiled where it is first called, one after the other, behind the bar of another work.

        Raises
        ------
        InputError
            What is wrong with ``source``.
        """
        from axis_core.door import read
        from axis_core.warm import ensure_warm, is_warm

        if is_warm():
            return
        if source is not None:
            read(source, host=self.host)
        with self.progress("compiling, once") as step:
            ensure_warm(step)

    def flush(self) -> None:
        """Hand everything printed to the reader.

        Raises
        ------
        Hangup
        """
        try:
            sys.stdout.flush()
        except BrokenPipeError as exc:
            raise Hangup from exc

    def _write(self, data: str | bytes) -> None:
        try:
            click.echo(data, nl=isinstance(data, str))
        except BrokenPipeError as exc:
            raise Hangup from exc
