"""The floors: who may import whom, how large things may grow, which names are banned."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest


ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
MODULES = sorted(p for p in SOURCE.rglob("*.py") if p.stat().st_size)
MAX_LINES = 600
BANNED_NAMES = frozenset({"util", "utils", "helper", "helpers", "common", "base", "misc", "manager", "managers"})
OWNERS = {
    # third-party package -> the only rooms that may import it
    "numba": ("axis_core/kernels/cpu",),
    "cupy": ("axis_core/kernels/gpu",),
    "pyvista": ("axis_core/render",),
    "vtkmodules": ("axis_core/render", "axis_core/kernels/isosurface.py"),
    "ai_edge_litert": ("axis_core/vision",),
    "litestar": ("axis_http/litestar",),
    "sqlite_utils": ("axis_http/store", "axis_core/agent"),
    "click": ("axis_core/cli", "axis_http/commands.py", "axis_http/remote_commands.py"),
    "rich": ("axis_core/cli",),
    "pluggy": ("axis_core/plugin",),
}


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield (module, line) of every import, deferred ones included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def path_of(module: Path) -> str:
    """Return the path of a module below src, with slashes."""
    return module.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("package", sorted(OWNERS))
def test_a_library_is_imported_only_in_its_room(package: str) -> None:
    rooms = OWNERS[package]
    outside = [
        f"{path_of(path)}:{line}"
        for path in MODULES
        if not path_of(path).startswith(rooms)
        for name, line in imports(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] == package
    ]
    assert outside == []


def test_no_module_is_too_long() -> None:
    lengths = {path_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}
    tables = {"axis_core/model/humanoid.py"}  # six vocabularies of 55 bones: a table, not a program
    assert {name: n for name, n in lengths.items() if n > MAX_LINES and name not in tables} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path_of(p) for p in MODULES if p.stem in BANNED_NAMES or p.parent.name in BANNED_NAMES] == []


def test_no_source_has_a_todo() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "X" * 3)
    found = [
        f"{path_of(p)}:{number}"
        for p in MODULES
        for number, line in enumerate(p.read_text(encoding="utf-8").splitlines(), 1)
        if any(word in line for word in words)
    ]
    assert found == []


def test_modules_use_absolute_imports_only() -> None:
    relative = [
        f"{path_of(p)}:{node.lineno}"
        for p in MODULES
        for node in ast.walk(ast.parse(p.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_announced_names_are_sorted_and_exist() -> None:
    wrong = []
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        listed = announced(tree)
        if listed is None:
            continue
        if listed != sorted(listed, key=_constants_first):
            wrong.append(f"{path_of(path)} is not sorted")
        missing = set(listed) - defined(tree)
        if missing and path_of(path) != "axis_core/__init__.py":
            wrong.append(f"{path_of(path)} announces {sorted(missing)}")
    assert wrong == []


def _constants_first(name: str) -> tuple[int, str]:
    """ruff's order: SCREAMING_CASE, then CamelCase, then the rest."""
    rank = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return rank, name


def announced(tree: ast.Module) -> list[str] | None:
    """Return the literal ``__all__`` of a module."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            value: list[str] = ast.literal_eval(node.value)
            return list(value)
    return None


def defined(tree: ast.Module) -> set[str]:
    """Return the names bound at the top of a module, type-checking blocks and ``__getattr__`` tables included."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def test_the_floors_hold() -> None:
    importlinter = pytest.importorskip("importlinter.cli", reason="import-linter is in the lint group")
    assert importlinter.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_every_room_stands_on_a_floor() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    floors = {room.strip(" ()") for c in contract for layer in c.get("layers", ()) for room in layer.split("|")}
    folders = {f"axis_core.{p.parent.name}" for p in (SOURCE / "axis_core").glob("*/__init__.py")}
    assert folders - floors == set()


def test_python_is_what_the_project_says() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    least = tuple(int(n) for n in project["requires-python"].removeprefix(">=").split("."))
    assert sys.version_info[:2] >= least
