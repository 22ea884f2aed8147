"""docs/design.md speaks of the rooms and floors that are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path


def page(root: Path) -> str:
    """Return the text."""
    return (root / "docs" / "design.md").read_text(encoding="utf-8")


def test_the_printed_floors_are_those_that_are_held(root: Path) -> None:
    config = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = [c for c in config["contracts"] if c["name"] == "the floors of the library"]
    held = [layer.replace("axis_core.", "").replace("(", "").replace(")", "") for layer in contract["layers"]]
    block = page(root).split("## The floors")[1].split("```text\n")[1].split("```")[0]
    assert block.splitlines() == held


def test_every_room_that_is_there_is_in_the_table(root: Path) -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", page(root), re.M))
    rooms = {p.parent.name for p in (root / "src" / "axis_core").glob("*/__init__.py")} | {"errors"}
    assert rooms <= listed
    assert listed <= rooms


def test_files_that_are_spoken_of_exist(root: Path) -> None:
    names = set(re.findall(r"`([\w/]+\.py)`", page(root)))
    sources = [p.as_posix() for p in (*(root / "src").rglob("*.py"), *(root / "tests").rglob("*.py"))]
    assert names
    assert {n for n in names if not any(s.endswith("/" + n) for s in sources)} == set()
