"""The same callable under three ASGI servers, over real sockets; and ``axis serve`` as a process."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest


APP = """
from pathlib import Path
from axis_http import Settings, create_app
app = create_app(Settings(home=Path({home!r}), workers=1, plugins=False, drain=2.0))
"""

SERVERS: dict[str, Callable[[int], list[str]]] = {
    "uvicorn": lambda port: ["-m", "uvicorn", "served:app", "--port", str(port), "--log-level", "warning"],
    "granian": lambda port: ["-m", "granian", "--interface", "asgi", "--port", str(port), "served:app"],
    "hypercorn": lambda port: ["-m", "hypercorn", "--bind", f"127.0.0.1:{port}", "served:app"],
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> httpx.Response:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            return httpx.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)  # a port has no event to wait for
    raise AssertionError("the server did not answer")


@pytest.mark.parametrize("server", sorted(SERVERS))
def test_it_runs_under(server: str, tmp_path: Path) -> None:
    pytest.importorskip(server)
    (tmp_path / "served.py").write_text(APP.format(home=str(tmp_path / "home")))
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *SERVERS[server](port)], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        base = f"http://127.0.0.1:{port}"
        assert wait_for(f"{base}/health", process).json()["status"] == "ok"
        refused = httpx.post(
            f"{base}/api/rig", content=b"glTF junk", headers={"content-type": "model/gltf-binary"}, timeout=60
        )
        assert (refused.status_code, refused.json()["status"]) == (400, "error")
        with socket.create_connection(("127.0.0.1", port)) as wire:  # a 2 GB upload is refused before it is sent
            wire.sendall(
                b"POST /api/rig HTTP/1.1\r\nHost: axis\r\nContent-Type: model/gltf-binary\r\n"
                b"Content-Length: 2147483648\r\n\r\nglTF"
            )
            wire.settimeout(20)
            assert b" 413 " in wire.recv(4096).split(b"\r\n", 1)[0] + b" "
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_axis_serve_says_where_and_in_which_mode(tmp_path: Path) -> None:
    port = free_port()
    environment = {**os.environ, "AXIS_HOME": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "axis_core.cli", "serve", "--port", str(port)], env=environment, stderr=subprocess.PIPE
    )
    try:
        assert wait_for(f"http://127.0.0.1:{port}/api/platforms", process).json()["data"]["count"] >= 5
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert re.search(rb"http://127\.0\.0\.1:\d+ \(open to this machine", said)


def test_open_mode_does_not_listen_on_other_addresses(tmp_path: Path) -> None:
    environment = {**os.environ, "AXIS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "axis_core.cli", "serve", "--host", "0.0.0.0"],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"AXIS_AUTH=required" in done.stderr
