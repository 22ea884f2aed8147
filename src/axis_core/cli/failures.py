"""Exceptions as what the user reads and the exit code of the process."""

from __future__ import annotations

import platform
import traceback

import click

from axis_core.cli.columns import printable
from axis_core.cli.json_text import json_bytes
from axis_core.cli.session import Session
from axis_core.errors import AxisError, Cancelled, PluginError


__all__ = ["DONE", "FINDINGS", "INTERNAL", "REFUSED", "STOPPED", "exit_code", "failure_json", "show_failure"]

DONE, FINDINGS, REFUSED, INTERNAL, STOPPED = 0, 1, 2, 3, 130
"""Exit codes."""

_REPORT = (
    "This is a mistake in AXIS, not in your file. Please report it with the command, the file if you can share it, and "
    "what `axis doctor` prints; -v shows where it happened."
)


def exit_code(exc: BaseException) -> int:
    """Return the exit code for an exception."""
    if isinstance(exc, Cancelled | click.Abort | KeyboardInterrupt):
        return STOPPED
    if isinstance(exc, AxisError):
        return {"profile_failed": FINDINGS, "stage_failed": INTERNAL}.get(exc.code, REFUSED)
    if isinstance(exc, click.ClickException | OSError) or _missing_library(exc):
        return REFUSED
    return INTERNAL


def failure_json(exc: BaseException) -> dict[str, str | None]:
    """Return ``{"code", "message", "pointer", "hint"}`` of an exception."""
    code, message, pointer, hint = _parts(exc)
    return {"code": code, "message": message, "pointer": pointer, "hint": hint}


def show_failure(exc: BaseException, session: Session) -> int:
    """Print what was wrong, where, and what to do, and return the exit code."""
    code, message, pointer, hint = _parts(exc)
    status = exit_code(exc)
    if session.json:
        session.raw(json_bytes({"error": {"code": code, "message": message, "pointer": pointer, "hint": hint}}))
    else:
        click.echo(f"{click.style('error:', fg='red', bold=True)} {printable(message)}", err=True)
        for label, text in (("where:", pointer), ("to do:", hint)):
            if text:
                click.echo(f"{click.style(label, bold=True)} {printable(text)}", err=True)
    if session.verbose and status in (INTERNAL, REFUSED) and not isinstance(exc, click.ClickException):
        click.echo(printable("".join(traceback.format_exception(exc))), err=True)
    return status


def _parts(exc: BaseException) -> tuple[str, str, str | None, str | None]:
    if isinstance(exc, PluginError):
        return exc.code, exc.message, exc.pointer, f"{exc.hint or ''} --no-plugins does without them.".strip()
    if isinstance(exc, AxisError):
        return exc.code, exc.message, exc.pointer, exc.hint
    if isinstance(exc, click.UsageError):
        command = exc.ctx.command_path if exc.ctx else "axis"
        return "invalid_request", exc.format_message(), None, f"See `{command} --help`."
    if isinstance(exc, click.ClickException):
        return "invalid_request", exc.format_message(), None, None
    if isinstance(exc, OSError):
        where = None if exc.filename is None else str(exc.filename)
        return "store_failed", f"{exc.strerror or exc}", where, "Check the path, its permissions and the free space."
    if isinstance(exc, MemoryError):
        return "internal_error", "the memory is used up", None, "Close other programs, or use a smaller file."
    if _missing_library(exc):
        return "not_installed", f"a library cannot be loaded: {exc}", None, "Run `axis doctor`, or install AXIS anew."
    what = f"{type(exc).__name__}: {exc}" if str(exc) else type(exc).__name__
    return "internal_error", f"{what} (Python {platform.python_version()})", None, _REPORT


def _missing_library(exc: BaseException) -> bool:
    """Whether a library of others cannot be imported; one of our own modules missing is our mistake."""
    name = (exc.name or "") if isinstance(exc, ImportError) else ""
    return bool(name) and name.partition(".")[0] not in ("axis_core", "axis_http")
