"""Settings of the service, from the environment: one frozen value, given to ``create_app``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import platformdirs

from axis_core.errors import InputError


__all__ = ["Settings"]

MIB = 1024 * 1024


def _home() -> Path:
    return Path(platformdirs.user_data_dir("axis", appauthor=False))


@attrs.frozen(kw_only=True)
class Settings:
    """What an operator can choose. Each field is read from ``AXIS_`` and its name in capitals.

    Attributes
    ----------
    home : Path
        Data folder (``AXIS_HOME``).
    auth : str
        ``open``: every caller is ``anonymous``, loopback only; ``required``: keys and sessions.
    max_upload : int, bytes
        Largest upload.
    sync_limit : float, seconds
        How long a request waits for its job before it answers with the job.
    info_roots : tuple of Path
        Folders that ``/api/info`` may read from; none by default.
    input_ttl_h : float, hours
        How long inputs are kept.
    drain : float, seconds
        How long running jobs may take to end when the server stops.
    workers : int
        Local worker processes.
    job_seconds, job_memory_mb : int
        Limits of one job.
    queue_limit : int
        Jobs that may wait.
    cors_origins : tuple of str
        Origins whose pages may call the service; none by default.
    plugins : bool
        Whether installed plugins are loaded.
    operator_key_sha256 : str
        SHA-256 (hexadecimal) of one key that may do everything, for ``required`` without accounts.
    """

    home: Path = attrs.field(factory=_home)
    auth: str = attrs.field(default="open", validator=attrs.validators.in_(("open", "required")))
    max_upload: int = 50 * MIB
    max_json: int = 15 * MIB
    sync_limit: float = 25.0
    info_roots: tuple[Path, ...] = ()
    input_ttl_h: float = 24.0
    drain: float = 20.0
    workers: int = attrs.field(factory=lambda: max(1, (os.cpu_count() or 2) - 1))
    job_seconds: int = 600
    job_memory_mb: int = 4096
    queue_limit: int = 100
    cors_origins: tuple[str, ...] = ()
    plugins: bool = True
    operator_key_sha256: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Return the settings of ``environment`` (the process's own by default); ``overrides`` win.

        Raises
        ------
        InputError
            If a value does not fit; the message names the variable.
        """
        source = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for field in attrs.fields(cls):
            variable = f"AXIS_{field.name.upper()}"
            if variable in source:
                values[field.name] = _parsed(field.name, variable, source[variable])
        values |= {k: v for k, v in overrides.items() if v is not None}
        try:
            return cls(**values)
        except ValueError as exc:
            raise InputError(f"AXIS_AUTH is {values.get('auth')!r}, expected open or required") from exc


def _parsed(name: str, variable: str, text: str) -> Any:
    kinds: dict[str, Any] = {
        "home": Path,
        "auth": str,
        "operator_key_sha256": str,
        "info_roots": lambda t: tuple(Path(p) for p in t.split(os.pathsep) if p),
        "cors_origins": lambda t: tuple(t.split()),
        "max_upload": _bytes,
        "max_json": _bytes,
        "sync_limit": float,
        "input_ttl_h": float,
        "drain": float,
        "plugins": lambda t: {"0": False, "1": True, "false": False, "true": True}[t.lower()],
    }
    try:
        return kinds.get(name, int)(text)
    except (ValueError, KeyError) as exc:
        raise InputError(
            f"{variable} is {text!r}, which does not fit",
            hint=f"Unset {variable} for the default, or see `axis_http.Settings`.",
        ) from exc


def _bytes(text: str) -> int:
    """Return bytes of ``52428800``, ``50MB`` or ``50 MiB``; both units are powers of 1024."""
    plain = text.strip().upper().replace("IB", "B").replace("B", "")
    factors = {"K": 1024, "M": MIB, "G": 1024 * MIB}
    if plain and plain[-1] in factors:
        return int(float(plain[:-1]) * factors[plain[-1]])
    return int(plain)
