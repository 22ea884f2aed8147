"""Every folder of plugins/ is shaped like a third party's repository and goes through the plugin door only."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest


PLUGINS = sorted(p.parent for p in (Path(__file__).parents[2] / "plugins").glob("*/pyproject.toml"))
DOORS = ("axis_core.plugin", "axis_core.testing", "axis_core")
EVERY = pytest.mark.parametrize("folder", PLUGINS, ids=lambda p: p.name)


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, by their full names."""
    out: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            out.add(node.module)
    return out


def test_there_are_plugins() -> None:
    assert PLUGINS


@EVERY
def test_a_plugin_has_a_readme_tests_and_an_entry_point(folder: Path) -> None:
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == folder.name
    assert "axis-avatars" in project["dependencies"]
    assert len((folder / "README.md").read_text(encoding="utf-8").split()) > 60
    assert list((folder / "tests").glob("test_*.py"))
    (module,) = project["entry-points"]["axis"].values()
    assert (folder / "src" / module / "__init__.py").is_file()


@EVERY
def test_a_plugin_imports_only_the_doors(folder: Path) -> None:
    for path in folder.rglob("*.py"):
        ours = {name for name in imported(path) if name.split(".")[0] in ("axis_core", "axis_http")}
        inside = {name for name in ours if name not in DOORS and not name.startswith("axis_core.testing.")}
        assert not inside, f"{path.relative_to(folder)} imports {sorted(inside)}"


@EVERY
def test_no_file_of_a_plugin_is_too_long(folder: Path) -> None:
    for path in folder.rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 400, path.name
