"""The tour that the README prints, run with curl against a server with accounts."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.http.test_servers import free_port, wait_for

import axis_core


PAGE = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="curl and bash are needed")
def test_the_tour_of_the_page_runs(tmp_path: Path, person_glb: bytes) -> None:
    script = re.search(r"## A tour with an account.*?```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert script is not None
    (tmp_path / "hero.glb").write_bytes(person_glb)
    port, home = free_port(), tmp_path / "home"
    base = f"http://127.0.0.1:{port}"
    own = {"AXIS_HOME": str(home), "AXIS_AUTH": "required", "AXIS_DRAIN": "1", "AXIS_PLUGINS": "0"}
    command = [sys.executable, "-m", "axis_core.cli", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, env={**os.environ, **own}, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"{base}/health", process)
        toured = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script[1]],
            env={**os.environ, "AXIS": base},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert toured.returncode == 0, toured.stderr + toured.stdout
    assert "event: result" in toured.stdout
    assert toured.stdout.strip().endswith("True")
    assert axis_core.read(tmp_path / "avatar.glb").skins
    for path in home.rglob("*"):
        if path.is_file():
            assert b"you@example.org" not in path.read_bytes(), path
