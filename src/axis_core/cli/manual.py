"""``docs/cli.md``: the help of every command, printed from the commands themselves.

``python -m axis_core.cli.manual docs/cli.md`` writes it; a test compares it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from axis_core.cli.app import axis
from axis_core.cli.files import write_atomically
from axis_core.cli.session import Session
from axis_core.cli.table import BUILT_IN


__all__ = ["manual"]

_HEAD = """# The command line

Printed from the commands by `python -m axis_core.cli.manual docs/cli.md`; do not edit.

Results go to stdout; remarks, errors and progress bars go to stderr, bars only on a terminal. With `--json` stdout
holds one JSON document and nothing else. An error is then `{"error": {"code", "message", "pointer", "hint"}}`; its
codes are in [errors.md](errors.md).

| exit code | meaning |
|---|---|
| 0 | done; findings are in the report |
| 1 | findings: `audit`, `contract verify`, `plugins check`, and a run failed by its `default` or `strict` profile |
| 2 | bad input, usage or refusal: the message says what, where and what to do |
| 3 | an error inside AXIS: please report it |
| 130 | stopped by Ctrl-C; nothing half-written is left |
"""
_WIDTH = 96


def manual() -> str:
    """Return the whole page, the same on every machine: plugins are left out."""
    session = Session()
    session.plugins = False
    return _HEAD + "".join(_sections(axis, None, "axis", session))


def _sections(command: click.Command, parent: click.Context | None, name: str, session: Session) -> Iterator[str]:
    context = command.context_class(
        command, info_name=name, parent=parent, obj=session, terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    context.help_option_names = ["-h", "--help"]
    level = "##" if parent is None or parent.parent is None else "###"
    yield f"\n{level} {context.command_path}\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for child in list(BUILT_IN) if command is axis else command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from _sections(found, context, child, session)


if __name__ == "__main__":
    write_atomically(Path(sys.argv[1]), manual().encode())
