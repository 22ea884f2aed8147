"""Settings of the service, from the environment: one frozen value, given to ``create_app``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import platformdirs

from axis_core.errors import InputError


__all__ = ["Settings", "documented", "variable_of"]

MIB = 1024 * 1024


def _home() -> Path:
    return Path(platformdirs.user_data_dir("axis", appauthor=False))


def _bytes(text: str) -> int:
    """Return bytes of ``52428800``, ``50MB`` or ``50 MiB``; both units are powers of 1024."""
    plain = text.strip().upper().replace("IB", "B").replace("B", "")
    factors = {"K": 1024, "M": MIB, "G": 1024 * MIB}
    if plain and plain[-1] in factors:
        return int(float(plain[:-1]) * factors[plain[-1]])
    return int(plain)


def _flag(text: str) -> bool:
    return {"0": False, "1": True, "false": False, "true": True}[text.lower()]


def _folders(text: str) -> tuple[Path, ...]:
    return tuple(Path(p) for p in text.split(os.pathsep) if p)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _setting(text: str, default: Any, parse: Callable[[str], Any], *, shown: str = "", **more: Any) -> Any:
    """Return a field: what it is for, its default, how its variable is read, and how the default is printed."""
    metadata = {"text": text, "parse": parse, "shown": shown}
    if callable(default):
        return attrs.field(factory=default, metadata=metadata, **more)
    return attrs.field(default=default, metadata=metadata, **more)


def _one_of(*values: str) -> Any:
    return attrs.validators.in_(values)


@attrs.frozen(kw_only=True)
class Settings:
    """What an operator can choose. Each field is read from ``AXIS_`` and its name in capitals.

    ``docs/settings.md`` lists them with their defaults; it is printed from here.
    """

    home: Path = _setting(
        "Folder of the database, uploads, results and everything else that is kept.",
        _home,
        Path,
        shown="the user's data folder",
    )
    auth: str = _setting(
        "`open`: every caller is `anonymous`, loopback only. `required`: API keys and sessions.",
        "open",
        str,
        validator=_one_of("open", "required"),
    )
    operator_key_sha256: str = _setting("SHA-256 (hexadecimal) of one API key that may do everything.", "", str)
    signup: str = _setting(
        "`open`: whoever can reach the server may sign up. `invite`: whom the operator invites. `closed`: nobody.",
        "open",
        str,
        validator=_one_of("open", "invite", "closed"),
    )
    signups_per_hour: int = _setting("Sign-ups an hour from one address.", 5, int)
    public_rate: int = _setting("Requests a minute from one address without a credential.", 600, int)
    pricing: Path | None = _setting("TOML file with prices, plans and packs of your own.", None, Path, shown="ours")
    routing: Path | None = _setting("TOML file with the order and the rules of providers.", None, Path, shown="ours")
    max_upload: int = _setting("Largest upload, in bytes; `50MB` and `1GiB` are understood.", 50 * MIB, _bytes)
    max_json: int = _setting(
        "Largest JSON body; base64 takes a third more than the file, so `data_b64` holds three quarters of it.",
        15 * MIB,
        _bytes,
    )
    sync_limit: float = _setting(
        "Seconds that a request waits for its job before it answers with the job's links.", 25.0, float
    )
    info_roots: tuple[Path, ...] = _setting("Folders that `/api/info` may read from.", (), _folders)
    input_ttl_h: float = _setting("Hours that uploads are kept.", 24.0, float)
    drain: float = _setting("Seconds that running jobs may take to end when the server stops.", 20.0, float)
    lease_s: float = _setting("Seconds after which a worker that does not report has lost its job.", 30.0, float)
    workers: int = _setting(
        "Local worker processes.", lambda: max(1, (os.cpu_count() or 2) - 1), int, shown="processors - 1, at least 1"
    )
    job_seconds: int = _setting("Longest time of one job, in seconds.", 600, int)
    job_memory_mb: int = _setting("Memory of one job's process, in MB, where the system can limit it.", 4096, int)
    min_free_disk: float = _setting("Percent of the disk that must be free for new work.", 5.0, float)
    queue_limit: int = _setting("Jobs that may wait, of all callers together.", 100, int)
    review_days: float = _setting(
        "Days after which a review that nobody decided expires, and its job fails.", 14.0, float
    )
    four_eyes: bool = _setting(
        "Whether two reviewers, neither of them the owner, must approve (`0` or `1`).", False, _flag
    )
    payments: str = _setting(
        "Payment processor: `trustfabric`, `stripe`, or none.",
        "",
        str,
        validator=_one_of("", "trustfabric", "stripe"),
    )
    payments_url: str = _setting("Base URL of the payment processor; Stripe has its own.", "", str)
    payments_key: str = _setting("Secret key for the payment processor.", "", str, repr=False)
    payments_webhook_secret: str = _setting("Secret that the processor signs its webhooks with.", "", str, repr=False)
    payments_timeout_s: float = _setting("Seconds that the payment processor has for an answer.", 10.0, float)
    return_hosts: tuple[str, ...] = _setting(
        "Hosts that a buyer may be sent back to after paying, parted by blanks.", (), _words
    )
    allow_private_webhooks: bool = _setting(
        "Whether webhooks may go to private networks and without TLS (`0` or `1`).", False, _flag
    )
    smtp_url: str = _setting(
        "Mail server: `smtp://`, `smtp+starttls://` or `smtps://USER:PASSWORD@HOST:PORT`; without one no mail is sent.",
        "",
        str,
        repr=False,
    )
    mail_from: str = _setting("Address that mails come from.", "axis@localhost", str)
    public_url: str = _setting("Address that users know the server by, named in mails.", "", str)
    job_days: float = _setting("Days that ended jobs are listed; 0 keeps them.", 0.0, float)
    log_format: str = _setting(
        "`text`, or `json`: one line of JSON for each record, with a line for each request.",
        "text",
        str,
        validator=_one_of("text", "json"),
    )
    telemetry: bool = _setting(
        "Whether requests and jobs are traced by OpenTelemetry (`0` or `1`); needs the extra `otel`.", False, _flag
    )
    cors_origins: tuple[str, ...] = _setting("Origins whose pages may call the service, parted by blanks.", (), _words)
    frame_ancestors: tuple[str, ...] = _setting(
        "Origins whose pages may show previews and the creator in a frame, parted by blanks.", (), _words
    )
    plugins: bool = _setting("Whether installed plugins are loaded (`0` or `1`).", True, _flag)

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
            variable = variable_of(field.name)
            if variable in source:
                values[field.name] = _parsed(field, variable, source[variable])
        return cls(**values | {k: v for k, v in overrides.items() if v is not None})


def variable_of(name: str) -> str:
    """Return the environment variable of a setting."""
    return f"AXIS_{name.upper()}"


def _parsed(field: Any, variable: str, text: str) -> Any:
    try:
        value = field.metadata["parse"](text)
        if field.validator is not None:
            field.validator(None, field, value)
    except (ValueError, KeyError) as exc:
        allowed = getattr(field.validator, "options", None)
        expected = f", expected one of {', '.join(allowed)}" if allowed else ""
        raise InputError(
            f"{variable} is {text!r}, which does not fit{expected}",
            hint=f"Unset {variable} for the default, or see `axis_http.Settings`.",
        ) from exc
    return value


def documented() -> Iterator[tuple[str, str, str]]:
    """Yield (variable, default as text, what it is for) of every setting, for the documentation."""
    for field in attrs.fields(Settings):
        yield variable_of(field.name), field.metadata["shown"] or _text(field.default), field.metadata["text"]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int) and value >= MIB and value % MIB == 0:
        return f"{value // MIB}MB"
    return f"{value:g}" if isinstance(value, float) else (str(value) if value not in ("", ()) else "none")
