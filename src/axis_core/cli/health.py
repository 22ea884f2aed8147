"""What ``axis doctor`` looks at: one function a thing, each giving what it found."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from axis_core.cli.columns import thousands
from axis_core.errors import AxisError


if TYPE_CHECKING:
    from axis_core.cli.session import Session


__all__ = ["Finding", "examine"]

_REQUIRED = (
    "attrs", "cattrs", "click", "msgspec", "numba", "numpy", "pillow", "platformdirs", "pluggy", "pyvista", "rich",
    "robust-laplacian", "scipy", "vtk", "xatlas",
)  # fmt: skip
_EXTRAS = {
    "server": ("litestar", "uvicorn", "sqlite-utils"),
    "vision": ("ai-edge-litert",),
    "codecs": ("DracoPy",),
    "gpu": ("cupy-cuda12x",),
    "cluster": ("psycopg",),
}
_DRAW_SECONDS = 60
_DRAW = """
import sys
from axis_core import door
from axis_core.cli.health import tiny_scene
sys.stdout.buffer.write(door.render(tiny_scene(), views=("front",), size=(64, 64)).png())
"""


@attrs.frozen(kw_only=True)
class Finding:
    """One thing looked at.

    Attributes
    ----------
    state : str
        ``ok``, ``note`` (something optional is not there) or ``bad`` (something will not work).
    hint : str
        What to do where it is not ok.
    """

    name: str
    state: str
    detail: str
    hint: str = ""


def examine(session: Session) -> Iterator[Finding]:
    """Look at everything and yield what was found."""
    yield _python()
    yield _axis()
    yield from _libraries()
    yield _plugins(session)
    yield _drawing()
    yield _validator()
    yield _kernels()
    yield _backends()
    yield from _packs()


def _python() -> Finding:
    detail = f"{platform.python_version()} ({platform.python_implementation()}), {platform.platform(terse=True)}, "
    cores = f"{os.cpu_count()} cores"
    return Finding(name="Python", state="ok", detail=detail + cores)


def _axis() -> Finding:
    import axis_core
    from axis_core.version import VERSION

    return Finding(name="AXIS", state="ok", detail=f"{VERSION} in {Path(axis_core.__path__[0])}")


def _libraries() -> Iterator[Finding]:
    found, missing = _versions(_REQUIRED)
    if missing:
        hint = f"Run `{Path(sys.executable).name} -m pip install axis-avatars`."
        yield Finding(name="libraries", state="bad", detail=f"missing: {', '.join(missing)}", hint=hint)
    else:
        yield Finding(name="libraries", state="ok", detail=", ".join(found))
    for extra, names in _EXTRAS.items():
        found, missing = _versions(names)
        if missing:
            hint = f"If you need it: `pip install 'axis-avatars[{extra}]'`."
            yield Finding(name=f"extra {extra}", state="note", detail=f"without {', '.join(missing)}", hint=hint)
        else:
            yield Finding(name=f"extra {extra}", state="ok", detail=", ".join(found))


def _versions(names: Iterable[str]) -> tuple[list[str], list[str]]:
    found, missing = [], []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    return found, missing


def _plugins(session: Session) -> Finding:
    try:
        infos = session.host.plugins()
    except AxisError as exc:
        return Finding(name="plugins", state="bad", detail=exc.message, hint=exc.hint or "")
    broken = [info.name for info in infos if info.error]
    if broken:
        detail = f"set aside: {', '.join(broken)}"
        return Finding(name="plugins", state="bad", detail=detail, hint="See `axis plugins check`.")
    return Finding(name="plugins", state="ok", detail=", ".join(info.name for info in infos))


def _drawing() -> Finding:
    """Draw a triangle in a process of its own: a broken OpenGL driver ends the process that asks it."""
    try:
        done = subprocess.run(  # noqa: S603 - our own words, nothing from outside
            [sys.executable, "-c", _DRAW], capture_output=True, timeout=_DRAW_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding(name="drawing", state="bad", detail=f"no picture within {_DRAW_SECONDS} s", hint=_GL_HINT)
    if done.returncode == 0 and done.stdout.startswith(b"\x89PNG"):
        return Finding(name="drawing", state="ok", detail="off-screen OpenGL works")
    said = done.stderr.decode(errors="replace").strip().splitlines()
    detail = said[-1] if said else f"the drawing process ended with {done.returncode}"
    return Finding(name="drawing", state="bad", detail=detail, hint=_GL_HINT)


_GL_HINT = "Previews and `axis render` need an OpenGL library, for example the packages libegl1 and libgl1 (Mesa)."


def tiny_scene() -> object:
    """Return a scene of one triangle."""
    from axis_core.model import Mesh, Node, Scene

    mesh = Mesh(positions=[[0, 0, 0], [1, 0, 0], [0, 1, 0]], faces=[[0, 1, 2]])
    return Scene(meshes=(mesh,), nodes=(Node(meshes=(0,)),))


def _validator() -> Finding:
    from axis_core.audit.gltf import codes, validate

    report = validate(b'{"asset":{"version":"2.0"}}', uri="empty.gltf")
    if report.issues:
        found = ", ".join(issue.code for issue in report.issues)
        return Finding(
            name="glTF audit", state="bad", detail=f"an empty asset gives {found}", hint="Install AXIS anew."
        )
    return Finding(name="glTF audit", state="ok", detail=f"built in, {len(codes.CODES)} rules")


def _kernels() -> Finding:
    from axis_core.kernels.cpu.cache import cache_folder
    from axis_core.warm import is_warm

    folder = cache_folder()
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    compiled = [path for path in files if path.suffix == ".nbc"]
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(nearest, os.W_OK):
        hint = "Set AXIS_CACHE_DIR to a folder that can be written; until then every start compiles anew."
        return Finding(name="kernel cache", state="bad", detail=f"{folder} cannot be written", hint=hint)
    if not is_warm():
        hint = "Runs compile what they need and keep it; `axis doctor --warm` compiles the rest now."
        detail = f"{len(compiled)} compiled, not all, in {folder}"
        return Finding(name="kernel cache", state="note", detail=detail, hint=hint)
    size = thousands(sum(path.stat().st_size for path in files))
    return Finding(name="kernel cache", state="ok", detail=f"{len(compiled)} compiled, {size} bytes in {folder}")


def _backends() -> Finding:
    """Say which library the kernels run on."""
    from axis_core.kernels.backend import PLAIN_KERNELS, gpu_backend
    from axis_core.kernels.cpu.ranges import n_threads

    gpu = gpu_backend()
    detail = f"compiled loops on {n_threads()} threads; {gpu.detail}"
    if not gpu.is_usable:
        return Finding(name="backend", state="ok", detail=detail)
    detail += f"; cupy arrays are taken by {', '.join(PLAIN_KERNELS)}"
    hint = "No test of a release has run on a GPU yet: compare with the CPU first (`pytest -m gpu tests/twins`)."
    return Finding(name="backend", state="note", detail=detail, hint=hint)


def _packs() -> Iterator[Finding]:
    from axis_core.assets import list_packs
    from axis_core.builtin import PACKS

    for status in list_packs(PACKS):
        pack = status.pack
        state = {"installed": "ok", "missing": "note", "damaged": "bad"}[status.state]
        detail = status.problem or f"{status.state} ({pack.distribution} {pack.version})"
        hint = "" if state == "ok" else f"Run `{pack.command}`."
        yield Finding(name=f"data {pack.name}", state=state, detail=detail, hint=hint)
