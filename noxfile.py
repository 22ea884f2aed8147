"""The project's chores: ``python3 -m nox -l`` lists them, ``-s NAME`` runs one, what follows ``--`` goes to its tool.

Every session brings what it needs. Virtual environments are kept between runs; ``-R`` reuses one without asking pip.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nox


nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "types", "tests", "docs"]
nox.options.reuse_existing_virtualenvs = True
nox.options.default_venv_backend = "virtualenv"

ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml("pyproject.toml")


def group(*names: str) -> list[str]:
    """Return the requirements of dependency groups."""
    return list(nox.project.dependency_groups(PROJECT, *names))


def warm(session: nox.Session) -> None:
    """Compile the kernels once, before many processes want them."""
    session.run("axis", "doctor", "--warm", silent=True)


def build_wheel(session: nox.Session) -> Path:
    """Return a wheel built from this checkout."""
    folder = Path(session.create_tmp()) / "dist"
    session.install("build")
    session.run("python", "-m", "build", "--wheel", "--outdir", str(folder), silent=True)
    return max(folder.glob("*.whl"), key=lambda p: p.stat().st_mtime)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style with ruff and the floors with import-linter."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("lint-imports", "--no-cache", env={"PYTHONPATH": "src"})


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy --strict."""
    session.install("-e", ".[all]", *group("types"))
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests on all processors."""
    session.install("-e", ".[all]", *group("tests"))
    warm(session)
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def web(session: nox.Session) -> None:
    """Check the types of the web pages; needs Node 20 and npm."""
    session.chdir("src/axis_core/render/web")
    session.run("npm", "ci", "--ignore-scripts", "--loglevel=error", external=True)
    session.run("npm", "run", "--silent", "check", external=True)


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure which lines the tests reach; the lines of compiled kernels do not count."""
    session.install("-e", ".[all]", *group("tests"))
    session.run("pytest", "-n", "auto", "--cov", "--cov-report=term-missing:skip-covered", *session.posargs)


@nox.session
def twins(session: nox.Session) -> None:
    """Compare kernels with their plain twins and other libraries; GPU twins where a CUDA device and cupy are there."""
    session.install("-e", ".[all]", *group("tests"))
    warm(session)
    folders = [f for f in ("tests/twins", "tests/kernels") if (ROOT / f).is_dir()]
    session.run("pytest", "-n", "auto", *folders, *session.posargs)


@nox.session
def plugins(session: nox.Session) -> None:
    """Install each plugin beside the wheel, as its users do, and run its own tests; the tutorial's as well."""
    session.install(f"{build_wheel(session)}[all]", "pytest", "hypothesis")
    tutorial = Path(session.create_tmp()) / "tutorial"
    session.run("python", "docs/snippets.py", "docs/tutorial-plugin.md", str(tutorial))
    folders = [tutorial, *sorted(p.parent for p in (ROOT / "plugins").glob("*/pyproject.toml"))]
    for folder in folders:
        name = nox.project.load_toml(folder / "pyproject.toml")["project"]["name"]
        session.log(f"plugin {name}")
        session.install(str(folder))
        session.chdir(folder)  # away from the checkout: what is tested is what was installed
        session.run("axis", "plugins", "check")
        session.run("pytest", "-c", "pyproject.toml", "-W", "error", "-p", "no:cacheprovider", *session.posargs)
        session.chdir(ROOT)
        session.run("python", "-m", "pip", "uninstall", "--yes", name, silent=True)


@nox.session
def docs(session: nox.Session) -> None:
    """Check that generated tables are up to date and that every printed example runs."""
    session.install("-e", ".[all]", *group("tests"))
    session.run("python", "docs/tables.py", "--check")
    session.run("pytest", "tests/docs", *session.posargs)


@nox.session(reuse_venv=False)
def package(session: nox.Session) -> None:
    """Build sdist and wheel, install the wheel alone and make an avatar with it."""
    folder = Path(session.create_tmp()) / "package"
    session.install("build", "twine")
    session.run("python", "-m", "build", "--outdir", str(folder), silent=True)
    files = sorted(str(p) for p in folder.glob("axis_avatars-*"))
    session.run("twine", "check", "--strict", *files)
    session.install(next(f for f in files if f.endswith(".whl")))
    session.chdir(folder)
    session.run("python", str(ROOT / "docs" / "smoke.py"))


@nox.session
def bench(session: nox.Session) -> None:
    """Print us against the peers as ratios, append them to benchmarks/results/history.md; ``-- FILE``: its times.

    ``-- --small`` leaves out the large meshes and all but the kernels, and ends in minutes.
    """
    session.install("-e", ".[all,rays]", *group("tests", "bench"))
    warm(session)
    small = session.posargs == ["--small"]
    if small or not session.posargs:
        meshes = ["--meshes", "torus:35000", "torus:300000", "--reps", "3"] if small else []
        sizes = ["--sizes", "10000", "30000", "100000", "300000"] if small else []
        large = [] if small else ["torus:300000"]
        session.run("python", "benchmarks/peers/decimate.py", *meshes, "--append", "benchmarks/results/history.md")
        session.run("python", "benchmarks/peers/decimate_attributes.py", "torus:30000", *large)
        session.run("python", "benchmarks/peers/growth.py", *sizes)
        session.run("python", "benchmarks/peers/rays.py", *(["--sizes", "100000"] if small else []))
        if not small:
            session.run("python", "benchmarks/peers/growth.py", "--first-calls")
    arguments = ["benchmarks/bench_kernels.py"] if small else session.posargs or ["benchmarks"]
    found = ("-o", "python_files=bench_*.py", "-o", "python_functions=bench_*")
    session.run("pytest", *found, "--benchmark-only", *arguments)


@nox.session
def conformance(session: nox.Session) -> None:
    """Run the long tests: all characters, all platforms, all bodies."""
    session.install("-e", ".[all]", *group("tests"))
    warm(session)
    session.run("pytest", "-n", "auto", "-m", "conformance", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """Install everything and make a first avatar: the demo body, or ``-- my.glb``."""
    session.install(".")
    out = ROOT / "out" / "demo"
    given = list(session.posargs)
    if not any(not a.startswith("-") for a in given):
        session.run("axis", "assets", "install", "body")
    if not any(a in ("-o", "--output") for a in given):
        given += ["--output", str(out)]
    session.run("axis", "demo", *given)


@nox.session(venv_backend="none")
def changelog(session: nox.Session) -> None:
    """Print the fragments of changes/ that the next release will tell."""
    for path in sorted((ROOT / "changes").glob("*.md")):
        sys.stdout.write(f"{path.name}: {path.read_text(encoding='utf-8').strip()}{os.linesep}")
    session.log("towncrier build --version X.Y.Z writes them into CHANGELOG.md")
