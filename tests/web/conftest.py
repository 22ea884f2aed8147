"""A real browser, headless, drawing with software GL; what it asks for outside its page is a failure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest


NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READY_MS = 90_000
"""Software GL on two busy cores needs seconds for a textured avatar."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser; skipped where there is none."""
    program = os.environ.get("AXIS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not program:
        pytest.skip("there is no Chromium on this machine (AXIS_CHROMIUM names one)")
    if not (files("axis_core.render") / "web" / "bundle" / "viewer.js").is_file():
        pytest.skip("the package was built without its web pages: there was no Node")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


class Watch:
    """What went wrong on a page: script errors, console errors, refused policies, requests off its origin."""

    def __init__(self, page: Any, origin: str) -> None:
        self.problems: list[str] = []
        self.outside: list[str] = []
        self._own = (origin, "blob:", "data:") if origin else ("blob:", "data:", "file:")
        page.on("pageerror", lambda e: self.problems.append(str(e)))
        page.on("console", lambda m: self.problems.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("request", lambda r: None if r.url.startswith(self._own) else self.outside.append(r.url))

    def check(self) -> None:
        """Fail if anything was noticed."""
        noise = ("GPU stall due to ReadPixels",)  # software GL, when a test reads the canvas
        assert [p for p in self.problems if not any(n in p for n in noise)] == []
        assert self.outside == []


OpenPage = Callable[..., tuple[Any, Watch]]


@pytest.fixture
def open_page(chromium: Any) -> Iterator[OpenPage]:
    """Open an address in a context of its own and wait until it says that it is ready."""
    contexts = []

    def opened(url: str, *, origin: str = "", size: tuple[int, int] = (760, 560), **options: Any) -> tuple[Any, Watch]:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_navigation_timeout(READY_MS)
        watch = Watch(page, origin)
        page.goto(url)
        page.wait_for_selector("html[data-state]", state="attached", timeout=READY_MS)
        return page, watch

    yield opened
    for context in contexts:
        context.close()
