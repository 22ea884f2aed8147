"""How long it takes until something happens: imports, the help page, one avatar; whole processes, kernels compiled.

Run with ``nox -s bench -- benchmarks/bench_start.py``. The figures of releases are in ``results/``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import axis_core
from axis_core.testing import capsule_person
from axis_core.warm import ensure_warm


def run(*arguments: str) -> None:
    """Run Python with these arguments."""
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("module", ["axis_core", "axis_core.door", "axis_core.cli", "axis_core.plugin"])
def bench_import(benchmark: Any, module: str) -> None:
    """A new interpreter imports a door."""
    benchmark.pedantic(run, args=("-c", f"import {module}"), rounds=5)


def bench_help_page(benchmark: Any) -> None:
    """``axis --help``."""
    benchmark.pedantic(run, args=("-m", "axis_core.cli", "--help"), rounds=5)


def bench_process_small(benchmark: Any, tmp_path: Path) -> None:
    """``axis process`` of a small person, picture included."""
    ensure_warm()
    source = tmp_path / "person.glb"
    axis_core.write(capsule_person(rigged=False), source)
    command = ("-m", "axis_core.cli", "process", str(source), "-o", str(tmp_path / "out"), "--platform", "unity", "-q")
    benchmark.pedantic(run, args=command, rounds=3)
