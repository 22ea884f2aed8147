"""Typed reading of JSON objects: every property is read once, and what the schema forbids is reported on the way.

A property that is absent or wrong gives its *missing value*: -1 for indices and integers, NaN for numbers, None for
strings, lists and objects. The rules that follow simply skip what is missing, so one mistake gives one finding.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from axis_core.audit.gltf.spelling import quoted


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["JsonObject", "ObjectReader", "Record"]

JsonObject = dict[str, Any]
T = TypeVar("T")

_EVERYWHERE = frozenset({"extensions", "extras"})


@attrs.define(eq=False, kw_only=True)
class Record:
    """What every glTF object carries: its extensions, whether it has extras, and whether anything uses it."""

    extensions: dict[str, Any] = attrs.field(factory=dict)
    has_extras: bool = False
    used: bool = False


def is_integer(value: Any) -> bool:
    """Whether a JSON number is an integer; ``1.0`` is one in JSON, ``true`` is not."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class ObjectReader:
    """Reads the properties of one JSON object; findings go to the audit at the place it has reached."""

    __slots__ = ("audit", "raw")

    def __init__(self, audit: Audit, raw: JsonObject) -> None:
        self.audit = audit
        self.raw = raw

    def __contains__(self, name: str) -> bool:
        return name in self.raw

    def members(self, *names: str) -> None:
        """Report members that the object does not define."""
        for key in self.raw:
            if key not in names and key not in _EVERYWHERE:
                self.audit.add("UNEXPECTED_PROPERTY", name=key)

    def _mismatch(self, name: str, value: Any, wanted: str) -> None:
        self.audit.add("TYPE_MISMATCH", quoted(value), wanted, name=name)

    def _get(self, name: str, wanted: str, required: bool = False) -> Any:
        """Return the raw value, None if absent; a ``null`` is reported as a type error and as absent."""
        value = self.raw.get(name)
        if value is None:
            if name in self.raw:
                self._mismatch(name, None, wanted)
            if required:
                self.audit.add("UNDEFINED_PROPERTY", name)
        return value

    def index(self, name: str, *, required: bool = False) -> int:
        """Return an index into a list of the document, -1 if there is none."""
        value = self._get(name, "integer", required)
        if value is None:
            return -1
        if not is_integer(value):
            self._mismatch(name, value, "integer")
        elif value < 0:
            self.audit.add("INVALID_INDEX", name=name)
        else:
            return int(value)
        return -1

    def integer(
        self,
        name: str,
        *,
        required: bool = False,
        minimum: int = 0,
        maximum: int | None = None,
        allowed: Sequence[int] | None = None,
        default: int = -1,
    ) -> int:
        """Return an integer of a range or of a list of allowed ones."""
        value = self._get(name, "integer", required)
        if value is None:
            return -1 if required else default
        if not is_integer(value):
            self._mismatch(name, value, "integer")
        elif allowed is not None:
            if value in allowed:
                return int(value)
            self.audit.add("VALUE_NOT_IN_LIST", quoted(value), name=name, valid=allowed)
        elif value < minimum or (maximum is not None and value > maximum):
            self.audit.add("VALUE_NOT_IN_RANGE", value, name=name)
        else:
            return int(value)
        return -1

    def number(
        self,
        name: str,
        *,
        required: bool = False,
        minimum: float = -math.inf,
        above: float = -math.inf,
        maximum: float = math.inf,
        below: float = math.inf,
        default: float = math.nan,
    ) -> float:
        """Return a number; ``minimum`` and ``maximum`` are allowed values, ``above`` and ``below`` are not."""
        value = self._get(name, "number", required)
        if value is None:
            return math.nan if required else default
        if not is_number(value):
            self._mismatch(name, value, "number")
            return math.nan
        if value < minimum or value <= above or value > maximum or value >= below:
            self.audit.add("VALUE_NOT_IN_RANGE", value, name=name)
            return math.nan
        return float(value)

    def boolean(self, name: str) -> bool:
        """Return a truth value, false if absent."""
        value = self._get(name, "boolean")
        if isinstance(value, bool):
            return value
        if value is not None:
            self._mismatch(name, value, "boolean")
        return False

    def string(
        self,
        name: str,
        *,
        required: bool = False,
        allowed: Sequence[str] | None = None,
        pattern: str | None = None,
        default: str | None = None,
    ) -> str | None:
        """Return a string; one that is not among the allowed ones is reported and kept, the list may have grown."""
        value = self._get(name, "string", required)
        if value is None:
            return None if required else default
        if not isinstance(value, str):
            self._mismatch(name, value, "string")
            return None
        if allowed is not None and value not in allowed:
            self.audit.add("VALUE_NOT_IN_LIST", quoted(value), name=name, valid=allowed)
        if pattern is not None and re.fullmatch(pattern, value) is None:
            self.audit.add("PATTERN_MISMATCH", value, f"^{pattern}$", name=name)
            return None
        return value

    def array(self, name: str, required: bool = False, *, may_be_empty: bool = False) -> list[Any] | None:
        """Return a raw list, None if absent, not one, or empty."""
        value = self._get(name, "array", required)
        if value is None:
            return None
        if not isinstance(value, list):
            self._mismatch(name, value, "array")
            return None
        if not value and not may_be_empty:
            self.audit.add("EMPTY_ENTITY", name=name)
            return None
        return value

    def numbers(
        self,
        name: str,
        *,
        length: int | None = None,
        minimum: float = -math.inf,
        maximum: float = math.inf,
        required: bool = False,
        default: list[float] | None = None,
    ) -> list[float] | None:
        """Return a list of numbers of one length and range, None if anything in it is wrong."""
        values = self.array(name, required)
        if self.raw.get(name) is None:
            return default
        if values is None or not self._has_length(name, values, length):
            return None
        good = True
        for i, value in enumerate(values):
            if not is_number(value):
                self.audit.add("ARRAY_TYPE_MISMATCH", quoted(value), "number", name=name)
                good = False
            elif not minimum <= value <= maximum:
                with self.audit.at(name):
                    self.audit.add("VALUE_NOT_IN_RANGE", value, name=i)
                good = False
        return list(map(float, values)) if good else None

    def integers(self, name: str, *, length: int, low: int, high: int, kind: str) -> list[int] | None:
        """Return the integers of an accessor's bound: as many as its type has, in the range of its component type."""
        values = self.array(name, may_be_empty=True)
        if values is None or not self._has_length(name, values, length):
            return None
        good = True
        for value in values:
            if not is_integer(value):
                self.audit.add("ARRAY_TYPE_MISMATCH", quoted(value), "integer", name=name)
                good = False
            elif not low <= value <= high:
                self.audit.add("INVALID_GL_VALUE", value, kind, name=name)
                good = False
        return list(map(int, values)) if good else None

    def _has_length(self, name: str, values: list[Any], length: int | None) -> bool:
        if length is None or len(values) == length:
            return True
        self.audit.add("ARRAY_LENGTH_NOT_IN_LIST", len(values), name=name, valid=[length])
        return False

    def indices(self, name: str, *, required: bool = False) -> list[int] | None:
        """Return a list of distinct indices, -1 where an element is none."""
        values = self.array(name, required)
        if values is None:
            return None
        seen: set[int] = set()
        out: list[int] = []
        with self.audit.at(name):
            for i, value in enumerate(values):
                if not is_integer(value) or value < 0:
                    self.audit.add("INVALID_INDEX", name=i)
                    out.append(-1)
                    continue
                if value in seen:
                    self.audit.add("DUPLICATE_ELEMENTS", name=i)
                seen.add(value)
                out.append(int(value))
        return out

    def strings(self, name: str, *, required: bool = False) -> list[str]:
        """Return a list of strings, which should be distinct; empty if anything in it is wrong."""
        values = self.array(name, required) or []
        seen: set[str] = set()
        good = True
        with self.audit.at(name):
            for i, value in enumerate(values):
                if not isinstance(value, str):
                    self.audit.add("ARRAY_TYPE_MISMATCH", quoted(value), "string", name=i)
                    good = False
                elif value in seen:
                    self.audit.add("DUPLICATE_ELEMENTS", name=i)
                else:
                    seen.add(value)
        return values if good else []

    def map(self, name: str, *, required: bool = False) -> JsonObject | None:
        """Return a raw object, None if absent or not one."""
        value = self._get(name, "object", required)
        if value is None or isinstance(value, dict):
            return value
        self._mismatch(name, value, "object")
        return None

    def maps(self, name: str, *, required: bool = False) -> list[JsonObject] | None:
        """Return a list of raw objects, None if it is empty or holds anything else."""
        values = self.array(name, required)
        if values is None:
            return None
        good = True
        for value in values:
            if not isinstance(value, dict):
                self.audit.add("ARRAY_TYPE_MISMATCH", quoted(value), "object", name=name)
                good = False
        return values if good else None

    def object(self, name: str, read: Callable[[Audit, JsonObject], T], *, required: bool = False) -> T | None:
        """Return what ``read`` makes of the object in a property."""
        raw = self.map(name, required=required)
        if raw is None:
            return None
        with self.audit.at(name):
            return read(self.audit, raw)

    def objects(self, name: str, read: Callable[[Audit, JsonObject], T], *, required: bool = False) -> list[T] | None:
        """Return what ``read`` makes of each object of a list."""
        raws = self.maps(name, required=required)
        if raws is None:
            return None
        out = []
        with self.audit.at(name):
            for i, raw in enumerate(raws):
                with self.audit.at(i):
                    out.append(read(self.audit, raw))
        return out

    def finish(self, record: Record, kind: str) -> None:
        """Read ``extensions`` and ``extras``, which every object may have; ``kind`` is the object's schema name."""
        record.extensions = self.audit.registry.read(self, kind)
        self.extras(record)

    def extras(self, record: Record) -> None:
        """Read ``extras``."""
        value = self.raw.get("extras")
        record.has_extras = value is not None
        if value is not None and not isinstance(value, dict):
            self.audit.add("NON_OBJECT_EXTRAS", name="extras")
