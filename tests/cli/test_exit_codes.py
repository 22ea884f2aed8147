"""Every way a run can end: its exit code, what is said, and where."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import Result

from axis_core.cli.failures import exit_code
from axis_core.errors import CODES, AxisError, Cancelled, InputError
from axis_core.plugin import Command


Axis = Callable[..., Result]

FAILURES: dict[str, tuple[Callable[[], BaseException], int, str]] = {
    "refused": (
        lambda: InputError("7 is too many, 4 are allowed.", pointer="/skins/0", hint="Use --max-influences."),
        2,
        "invalid_request",
    ),
    "profile": (lambda: AxisError("2 errors are left", code="profile_failed"), 1, "profile_failed"),
    "stage": (lambda: AxisError("the stage gave up"), 3, "stage_failed"),
    "cancelled": (lambda: Cancelled("the run was cancelled"), 130, "cancelled"),
    "mistake": (lambda: ZeroDivisionError("division by zero"), 3, "internal_error"),
    "own-module": (lambda: ModuleNotFoundError("no", name="axis_core.gone"), 3, "internal_error"),
    "memory": (MemoryError, 3, "internal_error"),
    "disk": (lambda: PermissionError(13, "Permission denied", "out.glb"), 2, "store_failed"),
    "library": (lambda: ModuleNotFoundError("No module named 'rare'", name="rare"), 2, "not_installed"),
    "escape": (lambda: InputError("\x1b[2Jgone"), 2, "invalid_request"),
}


@click.command("fail")
@click.argument("how", type=click.Choice([*FAILURES, "ctrl-c"]))
def fail(how: str) -> None:
    raise KeyboardInterrupt if how == "ctrl-c" else FAILURES[how][0]()


@pytest.fixture
def failing_axis(axis_with: Any) -> Axis:
    return axis_with(Command(name="fail", summary="Fail in some way.", build=lambda: fail))  # type: ignore[no-any-return]


@pytest.mark.parametrize("how", FAILURES)
def test_a_failure_leaves_its_exit_code_and_one_json_error(failing_axis: Axis, how: str) -> None:
    done = failing_axis("--json", "fail", how)
    error = json.loads(done.stdout)["error"]
    assert (done.exit_code, error["code"]) == FAILURES[how][1:]
    assert set(error) == {"code", "message", "pointer", "hint"}
    assert error["message"]
    assert done.stderr == ""


@pytest.mark.parametrize("how", FAILURES)
def test_without_json_the_error_is_on_stderr_and_stdout_is_empty(failing_axis: Axis, how: str) -> None:
    done = failing_axis("fail", how)
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert done.exit_code == FAILURES[how][1]


def test_an_error_says_what_where_and_what_to_do(failing_axis: Axis) -> None:
    assert failing_axis("fail", "refused").stderr.splitlines() == [
        "error: 7 is too many, 4 are allowed.",
        "where: /skins/0",
        "to do: Use --max-influences.",
    ]


def test_a_mistake_of_ours_says_how_to_report_it_and_shows_its_place_with_v_only(failing_axis: Axis) -> None:
    assert "Please report it" in failing_axis("fail", "mistake").stderr
    assert "raise KeyboardInterrupt if how" in failing_axis("-v", "fail", "mistake").stderr


def test_an_error_cannot_steer_the_terminal(failing_axis: Axis) -> None:
    assert "\x1b" not in failing_axis("fail", "escape").stderr


def test_ctrl_c_leaves_130_and_says_that_nothing_is_half_written(failing_axis: Axis) -> None:
    done = failing_axis("fail", "ctrl-c")
    assert done.exit_code == 130
    assert "nothing half-written" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("nope",),
        ("--nope",),
        ("fail",),
        ("fail", "nope"),
        ("info",),
        ("decimate", "a.glb", "-o", "b.glb", "--triangles", "0"),
        ("assets", "nope"),
        ("process", "-o", "out"),
    ],
)
def test_a_wrong_command_line_leaves_2_and_names_the_help_page(failing_axis: Axis, arguments: tuple[str, ...]) -> None:
    done = failing_axis(*arguments)
    assert done.exit_code == 2
    assert "to do: See `axis" in done.stderr
    as_json = failing_axis(*arguments, "--json")
    assert as_json.exit_code == 2
    assert json.loads(as_json.stdout)["error"]["code"] == "invalid_request"


def test_every_error_code_of_the_table_has_an_exit_code_that_is_documented() -> None:
    assert {exit_code(AxisError("x", code=code)) for code in CODES} <= {1, 2, 3}
