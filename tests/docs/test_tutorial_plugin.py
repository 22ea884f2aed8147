"""The tutorial's plugin is built, installed, listed and used, as a reader would."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import axis_core
from axis_core.testing import cube


PAGE = "tutorial-plugin.md"
MOST_LINES = 20


@pytest.fixture(scope="module")
def installed(root: Path, snippets: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which the tutorial's distribution is built and installed."""
    for module in ("pip", "hatchling"):
        pytest.importorskip(module, reason=f"{module} is needed to build the tutorial's plugin")
    folder = tmp_path_factory.mktemp("tutorial")
    source, target = folder / "source", folder / "site"
    snippets.main(str(root / "docs" / PAGE), str(source))
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
         "--target", str(target), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return target


def axis(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line with the plugin installed."""
    package = Path(axis_core.__file__).parents[1]
    path = os.pathsep.join([str(site), str(package)])
    return subprocess.run(
        [sys.executable, "-m", "axis_core.cli", *arguments],
        capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip


def test_the_plugin_has_at_most_twenty_lines(root: Path, snippets: ModuleType) -> None:
    text = snippets.files(root / "docs" / PAGE)["axis_xyz.py"]
    assert len(text.splitlines()) <= MOST_LINES
    ast.parse(text)


def test_it_is_listed(installed: Path) -> None:
    done = axis(installed, "plugins", "list", "--json")
    assert done.returncode == 0, done.stderr
    (plugin,) = [p for p in json.loads(done.stdout)["plugins"] if p["name"] == "xyz"]
    assert plugin["distribution"] == "axis-xyz"
    assert plugin["gives"] == ["formats:xyz"]
    assert not plugin["error"]


def test_it_passes_the_check_of_the_command_line(installed: Path) -> None:
    done = axis(installed, "plugins", "check", "xyz")
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_converts(installed: Path, tmp_path: Path) -> None:
    axis_core.write(cube(), tmp_path / "cube.glb")
    done = axis(installed, "convert", str(tmp_path / "cube.glb"), str(tmp_path / "cube.xyz"))
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "cube.xyz").read_text(encoding="utf-8").splitlines()
    assert sorted(tuple(map(float, line.split())) for line in lines) == sorted(
        map(tuple, cube().meshes[0].positions.tolist())
    )


def test_without_it_the_format_is_unknown(tmp_path: Path) -> None:
    axis_core.write(cube(), tmp_path / "cube.glb")
    done = axis(tmp_path, "convert", str(tmp_path / "cube.glb"), str(tmp_path / "cube.xyz"))
    assert done.returncode == 2
    assert not (tmp_path / "cube.xyz").exists()


def test_its_own_tests_pass(installed: Path) -> None:
    source = installed.parent / "source"
    package = Path(axis_core.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", str(source)],
        capture_output=True, text=True, timeout=300, check=False, cwd=source,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(package)])},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
