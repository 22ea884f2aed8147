"""``docs/cli.md`` is what the commands say of themselves."""

from __future__ import annotations

from pathlib import Path

from axis_core.cli.manual import manual
from axis_core.cli.table import BUILT_IN


PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == manual(), "run: python -m axis_core.cli.manual docs/cli.md"


def test_the_page_has_every_command_and_subcommand() -> None:
    page = manual()
    for name in BUILT_IN:
        assert f"\n## axis {name}\n" in page
    for name in ("contract verify", "plugins check", "assets install"):
        assert f"\n### axis {name}\n" in page


def test_the_page_does_not_depend_on_the_width_of_the_terminal(monkeypatch: object) -> None:
    monkeypatch.setenv("COLUMNS", "40")  # type: ignore[attr-defined]
    assert manual() == PAGE.read_text(encoding="utf-8")
