"""Options: attrs classes structured strictly, and their JSON Schemas."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import attrs
import cattrs
from cattrs.errors import ClassValidationError
from cattrs.v import format_exception, transform_error

from axis_core.errors import InputError


__all__ = ["between", "one_of", "option", "options_schema", "structure_options"]

_T = TypeVar("_T")


def option(
    default: Any, doc: str, *, validator: Callable[..., Any] | None = None, unit: str = "", factory: bool = False
) -> Any:
    """Return an attrs field with a default, a line of documentation and, where it has one, a unit."""
    metadata = {"doc": doc, "unit": unit}
    if factory:
        return attrs.field(factory=default, validator=validator, metadata=metadata)
    return attrs.field(default=default, validator=validator, metadata=metadata)


@attrs.frozen
class _Between:
    low: float
    high: float

    def __call__(self, _: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if value is not None and not self.low <= value <= self.high:
            raise ValueError(f"{attribute.name} is {value!r}, allowed is {self.low} to {self.high}")


@attrs.frozen
class _OneOf:
    choices: tuple[Any, ...]

    def __call__(self, _: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if value is not None and value not in self.choices:
            raise ValueError(f"{attribute.name} is {value!r}, allowed is one of {', '.join(map(repr, self.choices))}")


def between(low: float, high: float) -> Callable[..., None]:
    """Return an attrs validator for a closed range."""
    return _Between(low, high)


def one_of(*choices: Any) -> Callable[..., None]:
    """Return an attrs validator for a set of values."""
    return _OneOf(choices)


def _strict(kind: type, *also: type) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if isinstance(value, bool) and kind is not bool:
            raise TypeError(f"expected {kind.__name__}, got {value!r}")
        if not isinstance(value, (kind, *also)):
            raise TypeError(f"expected {kind.__name__}, got {value!r}")
        return kind(value)

    return structure


@lru_cache(maxsize=1)
def _converter() -> cattrs.Converter:
    # cattrs coerces by default: 2.9 becomes 2 and "no" becomes True. Options are taken as they are or refused.
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(bool, _strict(bool))
    converter.register_structure_hook(int, _strict(int))
    converter.register_structure_hook(float, _strict(float, int))
    converter.register_structure_hook(str, _strict(str))
    return converter


def _reason(exc: BaseException, kind: type | None) -> str:
    """Return what a validator or a hook above says: it carries the value seen, cattrs' own words do not."""
    if type(exc) in (TypeError, ValueError) and exc.args:
        return str(exc)
    return str(format_exception(exc, kind))


def structure_options(cls: type[_T], values: Mapping[str, Any]) -> _T:
    """Return an options object from plain values.

    Raises
    ------
    InputError
        ``invalid_request``; the pointer names the option.
    """
    try:
        return _converter().structure(dict(values), cls)
    except ClassValidationError as exc:
        lines = transform_error(exc, path="options", format_exception=_reason)
        message, _, path = lines[0].rpartition(" @ ")
        hint = "" if len(lines) == 1 else f"Also: {'; '.join(lines[1:])}."
        raise InputError(message or lines[0], pointer=path or None, hint=hint or None) from exc


_JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def _type_schema(kind: Any) -> dict[str, Any]:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        members = [a for a in typing.get_args(kind) if a is not type(None)]
        schema = _type_schema(members[0]) if len(members) == 1 else {"anyOf": [_type_schema(m) for m in members]}
        return {**schema, "nullable": True}
    if origin in (tuple, list):
        return {"type": "array", "items": _type_schema(typing.get_args(kind)[0])}
    if origin in (dict, Mapping) or kind in (dict, Mapping):
        return {"type": "object"}
    if attrs.has(kind):
        return options_schema(kind)
    return {"type": _JSON_TYPES[kind]} if kind in _JSON_TYPES else {"type": "object"}


def options_schema(cls: type) -> dict[str, Any]:
    """Return the JSON Schema of an options class: types, ranges, choices, defaults and documentation."""
    hints = typing.get_type_hints(cls)
    properties: dict[str, Any] = {}
    for field in attrs.fields(cls):
        schema = _type_schema(hints[field.name])
        for check in (field.validator,):
            if isinstance(check, _Between):
                schema |= {"minimum": check.low, "maximum": check.high}
            if isinstance(check, _OneOf):
                schema |= {"enum": list(check.choices)}
        if field.metadata.get("doc"):
            schema["description"] = field.metadata["doc"] + (
                f" ({field.metadata['unit']})" if field.metadata.get("unit") else ""
            )
        if isinstance(field.default, bool | int | float | str):
            schema["default"] = field.default
        properties[field.name] = schema
    return {"type": "object", "properties": properties, "additionalProperties": False}
