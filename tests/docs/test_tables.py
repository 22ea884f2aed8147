"""Printed pages are up to date and complete."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from axis_core import errors
from axis_core.model import ISSUE_CODES


@pytest.mark.parametrize("page", ["api.md", "errors.md", "issues.md"])
def test_a_printed_page_is_what_the_code_prints_now(page: str, root: Path, tables: ModuleType) -> None:
    printed = tables.PAGES[page]()
    assert (root / "docs" / page).read_text(encoding="utf-8") == printed, "run python docs/tables.py"


def test_every_issue_code_is_in_the_table_once(tables: ModuleType) -> None:
    page = tables.issues_page()
    assert {code: page.count(f"| `{code}` |") for code in ISSUE_CODES} == dict.fromkeys(ISSUE_CODES, 1)


def test_every_error_class_and_code_is_on_the_page(tables: ModuleType) -> None:
    page = tables.errors_page()
    for code in errors.CODES:
        assert page.count(f"| `{code}` |") == 1
    for name in errors.__all__:
        if name != "CODES":
            assert name in page


def test_every_default_code_is_registered() -> None:
    for name in errors.__all__:
        cls = getattr(errors, name)
        if isinstance(cls, type):
            assert cls.default_code in errors.CODES


def test_check_names_what_is_out_of_date(
    tables: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    assert tables.main(["--check"]) == 1
    assert "errors.md" in capsys.readouterr().err
    assert tables.main([]) == 0
    assert tables.main(["--check"]) == 0
