"""The Studio in a browser, against a server of its own: what a person does there, and what nobody may."""

from __future__ import annotations

import http.server
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import httpx
import numpy as np
import pytest
from PIL import Image

import axis_core
from axis_core import testing
from axis_core.assets import install
from axis_core.body import BODY_PACK
from axis_core.errors import AxisError
from axis_core.testing import capsule_person


MADE_MS = 150_000
HOSTILE = "<img src=x onerror=alert(1)>.glb"


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``axis serve`` on a folder of its own."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.port, self.home, self.settings = free_port(), home, settings
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {**os.environ, "AXIS_HOME": str(self.home), "AXIS_WORKERS": "1", **self.settings}
        command = [sys.executable, "-m", "axis_core.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the server ended"
            try:
                httpx.get(f"{self.url}/health", timeout=5)
            except httpx.TransportError:
                time.sleep(0.1)  # a port has no event to wait for
            else:
                return
        raise AssertionError("the server did not answer")

    def kill(self) -> None:
        """End it and its workers at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start servers; they end with the module."""
    started: list[Server] = []

    def start(**settings: str) -> Server:
        started.append(Server(tmp_path_factory.mktemp("home"), **settings))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    """A server that is open to this machine."""
    return serve()


@pytest.fixture(scope="module")
def needs_body() -> None:
    """Skip where the body data cannot be had."""
    try:
        install(BODY_PACK)
    except AxisError as error:
        pytest.skip(f"the body pack is not installed and cannot be: {error}")


@pytest.fixture(scope="module")
def mesh_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unrigged person under a hostile name."""
    path = tmp_path_factory.mktemp("mesh") / "person.glb"
    axis_core.write(capsule_person(rigged=False), path)
    return path


def _made(page: Any) -> None:
    page.wait_for_selector(".axis-stage[data-state=ready]", timeout=MADE_MS)


def _until(holds: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait for what only the page knows; its policy forbids the evaluation that the driver would wait by."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)


def _drop(page: Any, path: Path, name: str = HOSTILE) -> None:
    data = {"name": name, "mimeType": "model/gltf-binary", "buffer": path.read_bytes()}
    page.get_by_label("Character file").set_input_files(data)


def _pixels(page: Any) -> np.ndarray[Any, np.dtype[np.int16]]:
    page.evaluate("axisViewer.draw()")
    return np.asarray(Image.open(io.BytesIO(page.locator("canvas").screenshot())).convert("RGB"), np.int16)


def test_a_dropped_mesh_becomes_an_avatar_that_is_posed_and_downloaded(
    open_page: Any, server: Server, mesh_file: Path, tmp_path: Path
) -> None:
    page, watch = open_page(f"{server.url}/studio/", origin=server.url)
    _drop(page, mesh_file)
    _made(page)
    rest = _pixels(page)
    page.get_by_label("Pose", exact=True).select_option("squat")
    assert (np.abs(rest - _pixels(page)).max(axis=2) > 24).mean() > 0.01
    page.get_by_role("tab", name="Files").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download GLB").click()
    target = tmp_path / "avatar.glb"
    waiting.value.save_as(target)
    scene = axis_core.read(target)
    assert len(scene.skins) == 1
    assert not [i for i in axis_core.audit(target).issues if i.severity.name == "ERROR"]
    assert page.locator("img").count() == 0
    watch.check()


def test_a_finding_is_repaired_from_the_report(open_page: Any, server: Server, tmp_path: Path) -> None:
    whole = testing.capsule_person(rigged=False)
    mesh = whole.meshes[0]
    torn = attrs.evolve(mesh, faces=np.concatenate([mesh.faces[:40], mesh.faces[44:]]))
    path = tmp_path / "torn.glb"
    axis_core.write(attrs.evolve(whole, meshes=(torn, *whole.meshes[1:])), path)
    page, watch = open_page(f"{server.url}/studio/", origin=server.url)
    _drop(page, path)
    _made(page)
    page.get_by_role("button", name="What could be repaired?").click()
    page.wait_for_selector(".suggestions li")
    page.get_by_role("button", name="fill holes").click()
    page.wait_for_selector("[aria-label=Progress]", timeout=10_000)
    _made(page)
    page.get_by_role("tab", name="Record").click()
    assert "fill_holes" in page.locator(".record").inner_text()
    watch.check()


def test_a_dragged_knee_marker_moves_the_rig(open_page: Any, server: Server, mesh_file: Path) -> None:
    page, watch = open_page(f"{server.url}/studio/", origin=server.url, size=(1100, 800))
    page.get_by_label("Platform", exact=True).select_option("")
    _drop(page, mesh_file, "person.glb")
    _made(page)
    page.get_by_label("Skeleton").check()
    knee = "axisViewer.model.joints.find(j => j.name === 'leftLowerLeg')"
    before = page.evaluate(f"({knee}).getWorldPosition(axisViewer.model.root.position.clone()).toArray()")
    x, y = page.evaluate("axisViewer.jointOnScreen('leftLowerLeg')")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 20, steps=4)
    page.mouse.up()
    page.get_by_role("tab", name="Joints").click()
    assert {m.split()[0] for m in page.locator(".marks li").all_inner_texts()} == {"leftLowerLeg", "rightLowerLeg"}
    wanted = [float(v) for v in page.locator(".marks li").first.inner_text().split(" ", 1)[1].split(",")]
    page.get_by_role("button", name="Rig anew with 2 joints").click()
    page.wait_for_selector("[aria-label=Progress]", timeout=10_000)
    _made(page)
    after = page.evaluate(f"({knee}).getWorldPosition(axisViewer.model.root.position.clone()).toArray()")
    assert after[1] - before[1] > 0.01
    np.testing.assert_allclose(after, wanted, atol=0.02)
    watch.check()


@pytest.mark.usefixtures("needs_body")
def test_words_become_a_person_whose_mouth_a_slider_moves(open_page: Any, server: Server) -> None:
    page, watch = open_page(f"{server.url}/studio/", origin=server.url)
    page.get_by_role("tab", name="Words and sliders").click()
    page.get_by_label("Describe the person").fill("a tall bald man in a red shirt, blorptastic")
    page.get_by_label("Polygon tier").select_option("mobile_light")
    page.get_by_role("button", name="Randomise").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Make this person").click()
    _made(page)
    assert "blorptastic" in page.get_by_text("Not understood").inner_text()
    page.get_by_role("button", name="Face", exact=True).click()
    rest = _pixels(page)
    page.get_by_text("Face (52)").click()
    page.locator("[data-morph=jawOpen]").fill("1")
    changed = np.abs(rest - _pixels(page)).max(axis=2) > 24
    height, width = changed.shape
    assert changed.mean() > 0.002
    assert changed[: height // 3].mean() < changed[height // 3 :].mean()  # the brow stays, the mouth moves
    assert changed[:, : width // 5].mean() < 0.01
    watch.check()


@pytest.mark.usefixtures("needs_body")
def test_a_job_can_be_cancelled(open_page: Any, server: Server) -> None:
    page, watch = open_page(f"{server.url}/studio/", origin=server.url)
    page.get_by_role("tab", name="Words and sliders").click()
    page.get_by_label("Polygon tier").select_option("film_vfx")
    page.get_by_role("button", name="Make this person").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("The job was cancelled.").wait_for(timeout=60_000)
    assert httpx.get(f"{server.url}/api/jobs?limit=1").json()["data"]["jobs"][0]["status"] == "cancelled"
    watch.check()


@pytest.mark.usefixtures("needs_body")
def test_a_server_that_is_killed_and_started_again_loses_nothing_of_what_is_shown(
    open_page: Any, serve: Callable[..., Server]
) -> None:
    server = serve(AXIS_LEASE_S="2")
    page, _ = open_page(f"{server.url}/studio/", origin=server.url)
    page.get_by_role("tab", name="Words and sliders").click()
    page.get_by_role("button", name="Make this person").click()
    page.wait_for_selector("[aria-label=Progress]")
    _until(lambda: page.evaluate("sessionStorage.getItem('axis-job')"))
    server.kill()
    page.get_by_text("waiting for the server").wait_for(timeout=30_000)
    server.start()
    _made(page)


def test_somebody_signs_up_makes_a_key_and_signs_out(open_page: Any, serve: Callable[..., Server]) -> None:
    server = serve(AXIS_AUTH="required")
    page, watch = open_page(f"{server.url}/studio/", origin=server.url)
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill("a good long password")
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("link", name="Account").click()
    page.get_by_label("Name of the new key").fill("<b>ci</b>")
    page.get_by_role("button", name="Make a key").click()
    secret = page.locator(".secret").inner_text()
    answer = httpx.get(f"{server.url}/api/auth/verify", headers={"X-API-Key": secret})
    assert answer.status_code == 200
    assert page.locator("b").count() == 0
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.evaluate("sessionStorage.length") == 0
    watch.check()


class _Around(http.server.BaseHTTPRequestHandler):
    """Another site: a page that frames the creator and keeps what it is told."""

    page = b""

    def do_GET(self) -> None:
        """Send the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def other_site() -> Iterator[tuple[str, type[_Around]]]:
    """A site of another origin."""
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Around)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_address[1]}", _Around
    site.shutdown()
    site.server_close()


@pytest.mark.usefixtures("needs_body")
def test_the_creator_inside_another_page_hands_over_a_permanent_address(
    chromium: Any, serve: Callable[..., Server], other_site: tuple[str, type[_Around]]
) -> None:
    origin, site = other_site
    server = serve(AXIS_FRAME_ANCESTORS=origin)
    frame = f"{server.url}/studio/creator?origin={origin}&amp;name=Ada"
    site.page = (
        "<script>told = []; addEventListener('message', e => told.push(e.data))</script>"
        f"<iframe src='{frame}' width=700 height=500></iframe>"
    ).encode()
    page = chromium.new_page()
    page.goto(origin)
    inner = page.frame_locator("iframe")
    inner.get_by_role("tab", name="Words and sliders").click()
    inner.get_by_label("Polygon tier").select_option("mobile_light")
    inner.get_by_role("button", name="Make this person").click()
    inner.get_by_role("button", name="Use this avatar").click(timeout=MADE_MS)
    _until(lambda: page.evaluate("told.some(m => m.type === 'exported')"))
    told = page.evaluate("told")
    assert told[0] == {"source": "axis-creator", "type": "ready"}
    url = next(m["url"] for m in told if m["type"] == "exported")
    assert url.startswith(f"{server.url}/avatars/")
    assert axis_core.read(httpx.get(url).content, name="a.glb").skins
    page.close()


def test_a_page_that_is_not_named_cannot_frame_the_creator(server: Server) -> None:
    policy = httpx.get(f"{server.url}/studio/creator").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self'")
    assert httpx.get(f"{server.url}/studio/").headers["content-security-policy"].endswith("frame-ancestors 'none'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_pages_fit_their_window_and_axe_finds_nothing_serious(
    open_page: Any, server: Server, scheme: str, size: tuple[int, int]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page, watch = open_page(
        f"{server.url}/studio/", origin=server.url, size=size, color_scheme=scheme, bypass_csp=True
    )
    for name in ("Make", "Gallery", "Jobs", "Service", "Account"):
        page.get_by_role("link", name=name).click()
        page.locator("main section").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
        found = [
            (v["id"], v["nodes"][0]["html"])
            for v in axe.run(page).response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert found == [], name
    watch.check()


def test_the_api_tour_lists_every_operation_under_the_same_policy(open_page: Any, server: Server) -> None:
    page, watch = open_page(f"{server.url}/docs", origin=server.url)
    page.locator(".opblock").first.wait_for()
    document = httpx.get(f"{server.url}/openapi.json").json()
    methods = ("get", "post", "put", "patch", "delete")
    shown = "new Set([...document.querySelectorAll('.opblock')].map(b => b.querySelector('.opblock-summary-method')"
    shown += ".textContent + b.querySelector('[data-path]').dataset.path)).size"  # one with two tags is shown twice
    assert page.evaluate(shown) == sum(m in item for item in document["paths"].values() for m in methods)
    watch.check()


def test_the_first_load_is_small_and_scripts_are_the_pages_own(server: Server) -> None:
    shell = httpx.get(f"{server.url}/studio/")
    assert "unsafe-inline" not in shell.headers["content-security-policy"]
    size = 0
    for name in ("studio.js", "studio.css"):
        answer = httpx.get(f"{server.url}/studio/{name}")
        assert answer.headers["content-encoding"] == "gzip"
        size += int(answer.headers["content-length"])
    chunk = httpx.get(f"{server.url}/studio/studio.js").text.split('"./')[1].split('"')[0]
    size += int(httpx.get(f"{server.url}/studio/{chunk}").headers["content-length"])
    assert size < 1_000_000
    assert httpx.get(f"{server.url}/studio/..%2f..%2fpyproject.toml").status_code == 404
    assert httpx.get(f"{server.url}/studio/stamp").status_code == 404


@pytest.mark.usefixtures("needs_body")
def test_the_preview_of_a_preset_is_a_page_with_signed_models(open_page: Any, server: Server) -> None:
    page, watch = open_page(f"{server.url}/api/preview?preset=kofi&animate=wave", origin=server.url)
    assert page.evaluate("document.documentElement.dataset.state") == "ready"
    assert page.get_by_label("Clip", exact=True).input_value() == "wave"
    assert "signature=" in page.content()
    watch.check()
    assert httpx.get(f"{server.url}/api/preview?preset=nobody").status_code == 400
    assert httpx.get(f"{server.url}/api/preview?preset=kofi&export_id=exp_x").status_code == 400
    assert httpx.get(f"{server.url}/api/preview?export_id=exp_x").status_code == 404
