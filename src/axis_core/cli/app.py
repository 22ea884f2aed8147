"""The root of the command line."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from types import FrameType

import click

from axis_core.cli.group import RootGroup


__all__ = ["axis", "main"]

_HELP = """Turn a mesh into an avatar that drops into a game engine: clean geometry, a skeleton, skin weights, levels of
detail and a record of how it was made.

\b
  axis demo                                      a first avatar, no file needed
  axis process man.glb -o out --platform unity   mesh in, avatar out
  axis info out/avatar.glb                       what is in it

Exit codes: 0 done; 1 findings; 2 bad input, usage or refusal; 3 an error inside AXIS.
"""


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from axis_core.version import VERSION

        click.echo(f"axis {VERSION}")
        context.exit()


@click.group(
    "axis",
    cls=RootGroup,
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and leave.",
)
@click.pass_context
def axis(context: click.Context) -> None:
    """Run the command line."""
    if os.environ.get("NO_COLOR"):
        context.color = False


def main() -> int:
    """Run ``axis`` on the arguments of the process and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that cannot show a letter shows another, and does not fail
            stream.reconfigure(errors="backslashreplace")
    if not sys.warnoptions and not {"-v", "--verbose"} & set(sys.argv):
        warnings.simplefilter("ignore")  # what libraries say to their developers
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, _terminate)
    return int(axis.main(standalone_mode=False))


def _terminate(number: int, _: FrameType | None) -> None:
    """Leave through the interpreter, so that temporary files are removed."""
    sys.exit(128 + number)
