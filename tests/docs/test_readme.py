"""What the README prints runs, in the order in which it is read."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def tour(root: Path, snippets: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Walk through the README in an empty folder and return it."""
    folder = tmp_path_factory.mktemp("tour")
    for snippet in snippets.snippets(root / "README.md"):
        if snippet.language == "python":
            run([sys.executable, "-W", "error", "-c", snippet.text], folder, f"README.md:{snippet.line}")
        elif snippet.language == "console":
            for line in snippet.text.splitlines():
                words = shlex.split(line.removeprefix("$ "))
                if line.startswith("$ axis "):
                    run([sys.executable, "-m", "axis_core.cli", *words[1:]], folder, f"README.md: {line}")
    return folder


def run(command: list[str], folder: Path, place: str) -> None:
    """Run a command in ``folder`` and fail with what it said."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{place}\n{done.stdout}\n{done.stderr}"


def test_the_tour_leaves_what_it_promises(tour: Path) -> None:
    made = {p.relative_to(tour).as_posix() for p in tour.rglob("*") if p.is_file()}
    assert {"hero.glb", "out/avatar.glb", "out/contract.json", "out/report.json"} <= made


def test_the_two_commands_are_there(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    assert "python3 -m pip install nox && python3 -m nox -s demo" in text
    assert "python3 -m pip install nox && python3 -m nox -s tests" in text


def test_ci_runs_the_second_command(root: Path) -> None:
    assert "python3 -m pip install nox && python3 -m nox -s tests" in (root / ".ci" / "run").read_text(encoding="utf-8")


def test_pictures_and_pages_that_are_linked_exist(root: Path) -> None:
    for page in (root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").glob("*.md"))):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links {target}"


def test_pictures_are_small(root: Path) -> None:
    sizes = {p.name: p.stat().st_size for p in (root / "docs" / "pictures").glob("*.png")}
    assert sizes
    assert {n: s for n, s in sizes.items() if s > 200_000} == {}
