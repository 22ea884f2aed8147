"""Commands and groups that load their parts late and share the options of every command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import click

from axis_core.cli.failures import DONE, STOPPED, show_failure
from axis_core.cli.session import Hangup, Session
from axis_core.cli.table import BUILT_IN, SECTIONS
from axis_core.errors import AxisError


if TYPE_CHECKING:
    from axis_core.plugin.host import PluginHost


__all__ = ["AxisCommand", "AxisGroup", "RootGroup"]

_HANGUP = 141  # 128 + SIGPIPE, what a program that dies of a closed pipe leaves


def _remember(context: click.Context, option: click.Parameter, value: Any) -> None:
    session = context.ensure_object(Session)
    if option.name == "json_output":
        session.json = session.json or value
    elif option.name == "no_plugins":
        session.plugins = session.plugins and not value
    elif value:
        session.verbosity = 1 if option.name == "verbose" else -1


def _common_option(*names: str, **attributes: Any) -> click.Option:
    return click.Option(names, is_flag=True, expose_value=False, callback=_remember, **attributes)


_COMMON = (
    _common_option("--json", "json_output", help="Print one JSON document to stdout and nothing else."),
    _common_option("-q", "--quiet", help="Print only errors."),
    _common_option("-v", "--verbose", help="Print details, timings and, where something fails, the traceback."),
    _common_option("--no-plugins", help="Load no installed plugins, only what is built in."),
)


class AxisCommand(click.Command):
    """A command that also takes the options of every command."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters and those of every command."""
        return [*super().get_params(ctx), *_COMMON]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, its commands, and in short the options of every command."""
        own = (p for p in self.get_params(ctx) if isinstance(p, click.Option) and p not in _COMMON)
        _write_options(ctx, formatter, "Options", own)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)
        if ctx.parent is None:
            _write_options(ctx, formatter, "Options of every command", _COMMON)
        else:
            formatter.write_paragraph()
            formatter.write_text(f"Also: {', '.join('/'.join(p.opts) for p in _COMMON)}; see `axis --help`.")


def _write_options(
    ctx: click.Context, formatter: click.HelpFormatter, title: str, options: Iterable[click.Option]
) -> None:
    records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
    with formatter.section(title):
        formatter.write_dl(records)


class AxisGroup(AxisCommand, click.Group):
    """A command with subcommands."""

    command_class = AxisCommand


class RootGroup(AxisGroup):
    """``axis`` itself: built-in commands from the static table, others from plugins, each imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the built-in commands and those of plugins."""
        return [*BUILT_IN, *_plugin_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; plugins are asked only for what is not built in."""
        module = BUILT_IN.get(cmd_name)
        if module is not None:
            return cast(click.Command, import_module(module).command)
        record = next((c for c in ctx.ensure_object(Session).commands if c.name == cmd_name), None)
        return None if record is None else cast(click.Command, record.build())

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that ``args`` name; a misspelt one is met with its neighbours."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            ctx.fail(f"There is no command {name!r}.{_neighbours(name, self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing one of them."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))
        try:
            further = _plugin_commands(ctx)
        except AxisError as exc:
            further = {"(none)": f"{exc.message} See `axis plugins check`."}
        if further:
            with formatter.section("From plugins"):
                formatter.write_dl(list(further.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        host: PluginHost | None = None,
        **extra: Any,
    ) -> Any:
        """Run the command line and leave with its exit code; without ``standalone_mode`` return it.

        ``host`` takes the place of the installed plugins, for programs that offer the commands as their own.
        """
        arguments = list(sys.argv[1:] if args is None else args)
        session = Session(host)
        session.json = "--json" in arguments  # known before parsing: a parsing error is printed as JSON, too
        session.plugins = "--no-plugins" not in arguments  # and --help, which lists them, comes first
        run = partial(super().main, arguments, prog_name or "axis", complete_var, False, obj=session, **extra)
        status = _guarded(session, run)
        if standalone_mode:
            sys.exit(status)
        return status


def _guarded(session: Session, run: Callable[[], Any]) -> int:
    """Run, and return the exit code whatever happens; only leaving by ``SystemExit`` passes."""
    try:
        return _reported(session, run)
    except Hangup:
        _close_stdout()
        return _HANGUP


def _reported(session: Session, run: Callable[[], Any]) -> int:
    try:
        value = run()
        session.flush()
    except Hangup:
        raise
    except click.Abort:
        session.remark("stopped; nothing half-written was left behind")
        return STOPPED
    except Exception as exc:  # noqa: BLE001 - the last door before the user: nothing leaves as a bare traceback
        return show_failure(exc, session)
    return value if isinstance(value, int) else DONE


def _close_stdout() -> None:
    """Keep the interpreter from complaining when it flushes a stdout that nobody reads."""
    import os

    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError:  # a stdout without a file descriptor has nothing to complain about
        return


def _plugin_commands(ctx: click.Context) -> dict[str, str]:
    """Return name -> summary of the commands of plugins."""
    return {c.name: c.summary for c in ctx.ensure_object(Session).commands if c.name not in BUILT_IN}


def _neighbours(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=3)
    return f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
