"""docs/http.md and docs/settings.md say what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import attrs
import pytest

from axis_http import Settings


DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_tables_are_those_of_the_code() -> None:
    spec = importlib.util.spec_from_file_location("docs_http_tables", DOCS / "http_tables.py")
    assert spec is not None
    assert spec.loader is not None
    tables = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tables)
    assert tables.outdated(write=False) == []
    changed = (DOCS / "settings.md").read_text(encoding="utf-8").replace("`AXIS_DRAIN`", "`AXIS_DRAINED`")
    assert "`AXIS_DRAIN`" in tables.filled(changed)


@pytest.mark.parametrize("field", attrs.fields(Settings), ids=lambda f: f.name)
def test_every_setting_is_listed_with_what_it_is_for(field: attrs.Attribute) -> None:  # type: ignore[type-arg]
    line = next(t for t in (DOCS / "settings.md").read_text().splitlines() if f"`AXIS_{field.name.upper()}`" in t)
    assert field.metadata["text"].split("`")[0][:30] in line
