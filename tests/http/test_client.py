"""The client against a real server: the same verbs, blocking and awaited; and ``axis remote`` on it."""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.http.test_servers import free_port, wait_for

import axis_core
from axis_http.client import AsyncClient, Client, RemoteError
from axis_http.client.replies import RemoteJob, data_of, pause_s


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, home = free_port(), tmp_path_factory.mktemp("home")
    environment = {**os.environ, "AXIS_HOME": str(home), "AXIS_DRAIN": "1", "AXIS_PLUGINS": "0"}
    command = [sys.executable, "-m", "axis_core.cli", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture
def mesh(tmp_path: Path, person_glb: bytes) -> Path:
    path = tmp_path / "person.glb"
    path.write_bytes(person_glb)
    return path


def test_a_mesh_goes_in_and_an_avatar_comes_out(url: str, mesh: Path, tmp_path: Path) -> None:
    seen: list[int] = []
    with Client(url) as axis:
        job = axis.rig(mesh, platform="unity", progress=lambda percent, _: seen.append(percent))
        assert job.status == "succeeded"
        path = axis.download(job.export_id, tmp_path / "out.glb")
    assert axis_core.read(path).skins
    assert seen == sorted(seen)


def test_the_same_awaited(url: str, mesh: Path, tmp_path: Path) -> None:
    async def run() -> Path:
        async with AsyncClient(url) as axis:
            job = await axis.rig(mesh)
            return await axis.download(job.export_id, tmp_path / "out.obj.zip", format="obj")

    assert asyncio.run(run()).read_bytes()[:2] == b"PK"


def test_refusals_say_what_was_wrong(url: str, tmp_path: Path) -> None:
    (tmp_path / "noise.glb").write_bytes(b"glTF" + b"\xff" * 50)
    with Client(url) as axis:
        with pytest.raises(RemoteError) as unknown:
            axis.download("exp_NONE", tmp_path / "x.glb")
        assert (unknown.value.status, unknown.value.code) == (404, "not_found")
        assert not (tmp_path / "x.glb").exists()
        with pytest.raises(RemoteError) as noise:
            axis.rig(tmp_path / "noise.glb")
        assert noise.value.code != "remote_error"


def test_nobody_answers() -> None:
    with Client(f"http://127.0.0.1:{free_port()}", retries=0) as axis, pytest.raises(RemoteError) as caught:
        axis.job("job_1")
    assert caught.value.code == "no_answer"


def test_a_busy_service_is_asked_again_with_the_same_key() -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["idempotency-key"])
        if len(keys) < 3:
            return httpx.Response(429, json={"error": "busy", "code": "queue_full", "retry_after": 0.001})
        return httpx.Response(200, json={"data": {"upload_id": "upl_1"}})

    axis = Client("http://axis")
    axis._http = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://axis")
    assert axis.request("POST", "/api/uploads")["upload_id"] == "upl_1"
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_both_clients_have_the_same_verbs() -> None:
    def verbs(kind: type) -> dict[str, list[str]]:
        found = {n: f for n, f in inspect.getmembers(kind, inspect.isfunction) if not n.startswith("_")}
        return {n: list(inspect.signature(f).parameters) for n, f in found.items()}

    assert verbs(Client) == verbs(AsyncClient)


def test_answers_that_are_no_answers() -> None:
    for body in (b"<html>", b"[]", b"{}"):
        with pytest.raises(RemoteError):
            data_of(200, body)
    assert pause_s(RemoteError(503, {}), 3) == 4.0
    with pytest.raises(RemoteError, match="no room"):
        RemoteJob(job_id="j", status="failed", error={"code": "x", "message": "no room"}).checked()


def test_axis_remote(url: str, mesh: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "axis_core.cli",
        "remote",
        "rig",
        str(mesh),
        "--url",
        url,
        "-o",
        str(tmp_path / "r.glb"),
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert axis_core.read(tmp_path / "r.glb").skins
    status = subprocess.run([*command[:4], "jobs", "--url", url], capture_output=True, check=False)
    assert b"succeeded" in status.stdout
