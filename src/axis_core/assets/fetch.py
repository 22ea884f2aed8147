"""Fetching the pinned wheel with pip, and checking that a file is that wheel."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

from axis_core.assets.pack import DataPack
from axis_core.errors import BackendUnavailable, InputError


__all__ = ["check_wheel", "fetch_wheel", "pip_arguments"]

_TIMEOUT_SECONDS = 1800
_NETWORK = re.compile(
    r"ConnectionError|connection broken|NameResolutionError|Max retries|timed? ?out|ProxyError|SSLError",
    re.IGNORECASE,
)
_OTHER_HASH = re.compile(r"DO NOT MATCH THE HASHES", re.IGNORECASE)
_NO_SUCH = re.compile(r"No matching distribution|Could not find a version", re.IGNORECASE)
_DISK = re.compile(r"No space left|Read-only file system|Permission denied|Disk quota", re.IGNORECASE)


def fetch_wheel(pack: DataPack, folder: Path) -> Path:
    """Download the pinned wheel of ``pack`` into ``folder`` with pip and return its path.

    pip's own configuration (mirror, proxy, certificates) holds; the version and the SHA-256 are pinned, dependencies
    and source distributions are never taken, and nothing is installed.

    Raises
    ------
    BackendUnavailable
        ``not_installed`` if there is no pip, no network or no such file; ``digest_mismatch`` if the index gave other
        bytes. The hint names the way without a network.
    """
    if importlib.util.find_spec("pip") is None:
        raise BackendUnavailable(
            f"this Python ({sys.executable}) has no pip to fetch {pack.filename} with.",
            hint=f"Run `python -m ensurepip`, or {_offline_hint(pack)}",
        )
    requirement = folder / "requirements.txt"
    requirement.write_text(f"{pack.distribution}=={pack.version} --hash=sha256:{pack.sha256}\n", encoding="utf-8")
    try:
        run = subprocess.run(  # noqa: S603 - a fixed argument list, no shell
            [sys.executable, "-m", "pip", *pip_arguments(pack, folder, requirement)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise BackendUnavailable(
            f"pip did not fetch {pack.filename} within {_TIMEOUT_SECONDS} s.", hint=f"Or {_offline_hint(pack)}"
        ) from exc
    wheel = folder / pack.filename
    if run.returncode != 0 or not wheel.is_file():
        raise _explain(pack, run.stdout + run.stderr)
    return wheel


def pip_arguments(pack: DataPack, folder: Path, requirement: Path) -> list[str]:
    """Return the arguments of ``python -m pip`` that download exactly the file of ``pack``, on whatever platform."""
    python, abi, platform = pack.filename.removesuffix(".whl").split("-")[-3:]
    target = ["--python-version", _python_version(python)]
    if platform != "any":
        target += ["--implementation", python[:2], "--abi", abi]
        for tag in platform.split("."):
            target += ["--platform", tag]
    return [
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "--no-input",
        "--disable-pip-version-check",
        "--progress-bar=off",
        "--retries=2",
        "--timeout=30",
        *target,
        "--dest",
        str(folder),
        "--requirement",
        str(requirement),
    ]


def check_wheel(pack: DataPack, path: Path) -> None:
    """Check that ``path`` is the pinned wheel of ``pack``, byte for byte.

    Raises
    ------
    InputError
        ``digest_mismatch`` with both digests, or ``invalid_request`` if the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            seen = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as exc:
        raise InputError(f"{path} cannot be read: {exc.strerror}.", hint=f"Give the file {pack.filename}.") from exc
    if seen == pack.sha256:
        return
    name = re.fullmatch(r"([A-Za-z0-9_.]+)-([^-]+)-.*\.whl", path.name)
    other = ""
    if name and (name[1].lower(), name[2]) != (pack.distribution.lower().replace("-", "_"), pack.version):
        other = f" It calls itself {name[1]} {name[2]}; {pack.distribution} {pack.version} is needed."
    raise InputError(
        f"{path.name} is not the pinned wheel {pack.filename}: its SHA-256 is {seen}, expected {pack.sha256}.{other}",
        code="digest_mismatch",
        hint=f"Get exactly that file: `python -m pip download --no-deps {pack.distribution}=={pack.version}`.",
    )


def _python_version(tag: str) -> str:
    match = re.fullmatch(r"(?:cp|pp)(3)(\d+)", tag.split(".")[0])
    return f"{match[1]}.{match[2]}" if match else "3.11"


def _offline_hint(pack: DataPack) -> str:
    return f"fetch {pack.filename} elsewhere and run `{pack.command} --from FILE`."


def _explain(pack: DataPack, output: str) -> BackendUnavailable:
    """Return the error that says in one sentence what pip said in many."""
    what = f"{pack.distribution} {pack.version}"
    last = next((line.strip() for line in reversed(output.splitlines()) if "ERROR" in line), "pip gave no reason")
    if _OTHER_HASH.search(output):
        return BackendUnavailable(
            f"the package index gave a file for {what} whose SHA-256 is not {pack.sha256}.",
            code="digest_mismatch",
            hint="The index or a proxy altered it; use another index.",
        )
    if _DISK.search(output):
        return BackendUnavailable(f"pip could not write {pack.filename}: {last}", hint="Free some space in TMPDIR.")
    if _NETWORK.search(output):
        return BackendUnavailable(
            f"the package index cannot be reached for {what}: {last}",
            hint=f"Check the network, or {_offline_hint(pack)}",
        )
    if _NO_SUCH.search(output):
        return BackendUnavailable(f"the package index has no {pack.filename}: {last}", hint=f"Or {_offline_hint(pack)}")
    return BackendUnavailable(f"pip could not fetch {what}: {last}", hint=f"Or {_offline_hint(pack)}")
