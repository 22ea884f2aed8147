"""docs/dependencies.md describes what pyproject.toml asks for, no more and no less."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path


PERMISSIVE = ("MIT", "BSD", "Apache-2.0", "ISC", "PSF", "HPND", "zlib", "MPL-2.0", "LGPL-3.0-only (dynamic)")


def names_of(requirements: list[str]) -> set[str]:
    """Return the distributions that requirements name, our own left out."""
    found = {re.split(r"[\[<>=!~; ]", r, maxsplit=1)[0].lower().replace("_", "-") for r in requirements}
    return found - {"axis-avatars"}


def rows(page: str) -> dict[str, list[str]]:
    """Return the cells of each table row by the distribution in its first cell."""
    out: dict[str, list[str]] = {}
    for line in page.splitlines():
        cells = [c.strip() for c in line.strip("|").split("|")]
        match = re.fullmatch(r"`([@/A-Za-z0-9_.-]+)`", cells[0]) if line.startswith("|") else None
        if match:
            out[match[1].lower().replace("_", "-")] = cells
    return out


def test_every_dependency_has_its_row_and_every_row_its_dependency(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = names_of(project["project"]["dependencies"])
    for requirements in project["project"]["optional-dependencies"].values():
        wanted |= names_of(requirements)
    web = json.loads((root / "src" / "axis_core" / "render" / "web" / "package.json").read_text(encoding="utf-8"))
    wanted |= {*web["dependencies"], *web["devDependencies"]}
    described = set(rows((root / "docs" / "dependencies.md").read_text(encoding="utf-8")))
    assert described == wanted


def test_every_row_has_a_permissive_licence_and_a_reason(root: Path) -> None:
    for name, cells in rows((root / "docs" / "dependencies.md").read_text(encoding="utf-8")).items():
        licence, why = cells[1], cells[2]
        assert any(p in licence for p in PERMISSIVE), f"{name}: {licence}"
        assert len(why) > 10, name
