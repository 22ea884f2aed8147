"""Commands are found late, plugins add some, help needs none of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import click
import pytest
from click.testing import Result

from axis_core.cli.app import axis
from axis_core.cli.options import OUTPUT_PROFILES, PROFILES, TIERS
from axis_core.cli.table import BUILT_IN, SECTIONS
from axis_core.model.tier import TIERS as REAL_TIERS
from axis_core.plugin import Command


Axis = Callable[..., Result]


@click.command("wave")
def wave() -> None:
    """Wave."""
    click.echo("hello")


@pytest.fixture
def waving_axis(axis_with: Any) -> Axis:
    return axis_with(  # type: ignore[no-any-return]
        Command(name="wave", summary="Say hello.", build=lambda: wave),
        Command(name="broken", summary="Break when used.", build=lambda: 1 / 0),
        Command(name="info", summary="Never hides what is built in.", build=lambda: wave),
    )


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_command_of_the_table_is_there_and_explains_itself(axis_run: Axis, name: str) -> None:
    command = import_module(BUILT_IN[name]).command
    assert isinstance(command, click.Command)
    assert command.name == name
    done = axis_run(name, "--help")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"Usage: axis {name}")
    assert "--json" in done.stdout


def test_every_subcommand_explains_itself_in_a_short_line(axis_run: Axis) -> None:
    for name in ("assets", "contract", "plugins"):
        page = axis_run(name, "--help").stdout
        assert "..." not in page.partition("Commands:")[2]
        for child in import_module(BUILT_IN[name]).command.commands:
            assert axis_run(name, child, "--help").stdout.startswith(f"Usage: axis {name} {child}")


def test_the_help_page_lists_every_command_with_its_summary(axis_run: Axis) -> None:
    page = axis_run("--help").stdout
    for section, commands in SECTIONS.items():
        assert f"{section}:" in page
        for name, summary in commands.items():
            assert name in page
            assert summary in page


def test_plugins_add_commands_but_never_replace_one(waving_axis: Axis) -> None:
    page = waving_axis("--help").stdout
    section = page.partition("From plugins:")[2]
    assert "Say hello." in section
    assert "Never hides what is built in." not in page
    assert waving_axis("info", "--help").stdout.startswith("Usage: axis info [OPTIONS] FILE")
    assert waving_axis("wave").stdout == "hello\n"


def test_a_plugin_is_not_built_for_the_help_page(waving_axis: Axis) -> None:
    assert waving_axis("--help").exit_code == 0  # `broken` raises when it is built
    assert waving_axis("broken").exit_code == 3


def test_a_misspelt_command_is_met_with_its_neighbour(waving_axis: Axis) -> None:
    assert "Did you mean 'process'" in waving_axis("proces").stderr
    assert "Did you mean 'wave'?" in waving_axis("wvae").stderr


def test_common_options_stand_before_and_after_the_command(axis_run: Axis) -> None:
    first = axis_run("--json", "info", "missing.glb")
    second = axis_run("info", "missing.glb", "--json")
    assert first.stdout == second.stdout
    assert first.exit_code == second.exit_code == 2


def test_the_version_is_printed(axis_run: Axis) -> None:
    assert axis_run("--version").stdout.startswith("axis ")


def test_the_command_line_can_be_called_without_leaving() -> None:
    assert axis.main(["--version"], standalone_mode=False) == 0
    assert axis.main(["nope", "--no-plugins"], standalone_mode=False) == 2


def test_the_words_of_the_options_are_those_of_the_library() -> None:
    from axis_core import runs

    assert tuple(REAL_TIERS) == TIERS
    assert runs.PROFILES == PROFILES
    assert runs.OUTPUT_PROFILES == OUTPUT_PROFILES
