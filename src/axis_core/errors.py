"""Errors, sorted by what the caller can do about them.

::

    AxisError
    ├── InputError            change the input
    │   ├── LimitExceeded     make it smaller, or raise the limit
    │   └── CannotFit         ask for less: the target cannot hold it
    ├── NotFound              name something that exists
    ├── Conflict              the state has changed: look again
    ├── Cancelled             the caller asked for it
    ├── ProviderError         try again, or another provider
    ├── BackendUnavailable    install what the hint names
    ├── PluginError           mend or remove the plugin
    └── StoreError            look at the disk or the database

Every error carries a stable ``code`` (a slug of ``CODES``), a message with the value seen and the value expected, an
optional ``pointer`` (JSON pointer or file offset) and a ``hint`` (what to do). A bad avatar is not an error: it gives
Issues in a Report.
"""

from __future__ import annotations


__all__ = [
    "CODES",
    "AxisError",
    "BackendUnavailable",
    "Cancelled",
    "CannotFit",
    "Conflict",
    "InputError",
    "LimitExceeded",
    "NotFound",
    "PluginError",
    "ProviderError",
    "StoreError",
]

CODES: dict[str, str] = {
    "invalid_request": "an argument or option is missing, of the wrong type or outside its range",
    "unsupported_format": "no reader recognises these bytes, or the format cannot be written",
    "wrong_suffix": "the name says another format than the bytes",
    "parse_failed": "the bytes are not a valid file of their format",
    "external_uri": "the file points to a resource outside itself",
    "lfs_pointer": "the file is a Git LFS pointer, not the asset",
    "limit_exceeded": "a size, count or depth limit is passed",
    "empty_geometry": "the file has no triangles to work on",
    "already_rigged": "the input has a rig and the caller did not ask to replace it",
    "cannot_fit": "the target cannot hold the input without breaking a rule",
    "rig_failed": "no valid rig could be built",
    "not_found": "no such thing",
    "conflict": "the thing has changed since it was read",
    "cancelled": "the caller cancelled the run",
    "provider_failed": "a generation provider failed",
    "no_provider": "no provider that is installed, healthy and allowed serves the request",
    "not_installed": "an optional dependency or a data pack is not installed",
    "unreachable": "a service that was named does not answer",
    "no_display": "no OpenGL library could be loaded for off-screen rendering",
    "plugin_broken": "a plugin could not be loaded or broke its contract",
    "duplicate_name": "two plugins give the same name",
    "unknown_hook": "a plugin implements a hook that does not exist",
    "stage_failed": "a stage of the pipeline failed",
    "profile_failed": "the validation profile found errors it does not allow",
    "store_failed": "a file or database could not be read or written",
    "digest_mismatch": "the bytes do not match their recorded digest",
}
"""Every code an error can carry, with its meaning. ``docs/errors.md`` is printed from this table."""


class AxisError(Exception):
    """Base of all errors of this library.

    Parameters
    ----------
    message : str
        What was wrong: the value seen and the value expected.
    code : str, optional
        A slug of ``CODES``; each class has a default.
    pointer : str, optional
        Where: a JSON pointer, ``byte 1234``, ``line 7``.
    hint : str, optional
        What the reader can do about it.
    """

    default_code = "stage_failed"

    def __init__(
        self, message: str, *, code: str | None = None, pointer: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.pointer = pointer
        self.hint = hint

    def __str__(self) -> str:
        place = f" (at {self.pointer})" if self.pointer else ""
        todo = f" {self.hint}" if self.hint else ""
        return f"{self.message}{place}{todo}"

    def __reduce__(self) -> tuple[object, ...]:
        state = {"code": self.code, "pointer": self.pointer, "hint": self.hint}
        return (type(self), (self.message,), state)


class InputError(AxisError):
    """The input is not what it should be: change it."""

    default_code = "invalid_request"


class LimitExceeded(InputError):
    """The input passes a limit: make it smaller, or raise the limit."""

    default_code = "limit_exceeded"


class CannotFit(InputError):
    """The target cannot hold what was asked for."""

    default_code = "cannot_fit"


class NotFound(AxisError):
    """Nothing of that name or id exists."""

    default_code = "not_found"


class Conflict(AxisError):
    """The state does not allow it now."""

    default_code = "conflict"


class Cancelled(AxisError):
    """The caller cancelled the run."""

    default_code = "cancelled"


class ProviderError(AxisError):
    """A generation provider failed."""

    default_code = "provider_failed"


class BackendUnavailable(AxisError):
    """Something optional is not installed; the hint names it."""

    default_code = "not_installed"


class PluginError(AxisError):
    """A plugin cannot be loaded or breaks its contract."""

    default_code = "plugin_broken"


class StoreError(AxisError):
    """A file or database could not be read or written."""

    default_code = "store_failed"
