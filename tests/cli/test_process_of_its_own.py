"""``axis`` as a real process: how fast it starts, what it loads, how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


AXIS = [sys.executable, "-m", "axis_core.cli"]
PIPE = {"text": True, "check": False, "timeout": 120}
HEAVY = ("numpy", "scipy", "numba", "pyvista", "vtk", "rich", "PIL", "cattrs", "litestar", "sqlite_utils")
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX systems")


def run(*args: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*AXIS, *args], capture_output=True, **PIPE, **more)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    "args", [["--help"], ["--no-plugins", "--help"], ["process", "--help"], ["--version"], ["info", "no.glb"]]
)
def test_help_and_refusals_load_nothing_heavy(args: list[str]) -> None:
    program = (
        "import sys, json\n"
        f"sys.argv = ['axis', *{args!r}]\n"
        "from axis_core.cli import main\n"
        "main()\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(done.stdout.splitlines()[-1]) == []


@POSIX
def test_the_help_page_takes_less_than_four_tenths_of_a_second_of_the_processor() -> None:
    import resource

    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert run("--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) < 0.4


def test_exit_codes_reach_the_shell() -> None:
    assert run("--version").returncode == 0
    refused = run("info", "missing.glb", "--json")
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == "not_found"
    assert refused.stderr == ""


@POSIX
def test_a_closed_pipe_ends_the_run_without_a_word() -> None:
    shell = " ".join([*AXIS, "stages", "--json", "--no-plugins"])
    done = subprocess.run(
        ["bash", "-c", f"{shell} | true; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    assert done.stdout.strip() in ("0", "141")  # 0 where all fitted into the pipe before it closed


@POSIX
def test_output_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*AXIS, "--version"], stdout=full, stderr=subprocess.PIPE, **PIPE)
    assert done.returncode != 0


@POSIX
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_cleanly(tmp_path: Path, number: int, status: int) -> None:
    folder = tmp_path / "plugin"
    (folder / "slow-1.0.dist-info").mkdir(parents=True)
    (folder / "slow-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: slow\nVersion: 1.0\n")
    (folder / "slow-1.0.dist-info" / "entry_points.txt").write_text("[axis]\nslow = slow_plugin\n")
    (folder / "slow_plugin.py").write_text(SLOW)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    with subprocess.Popen([*AXIS, "slow"], stdout=-1, stderr=-1, text=True, env=environment) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (first, out, process.returncode) == ("ready\n", "cleaned up\n", status)
    assert "Traceback" not in err


SLOW = """
import click, time
from axis_core.plugin import Command, hookimpl

@click.command("slow")
def slow():
    try:
        click.echo("ready")
        time.sleep(60)
    finally:
        click.echo("cleaned up")

@hookimpl
def axis_commands():
    return [Command(name="slow", summary="Wait.", build=lambda: slow)]
"""
