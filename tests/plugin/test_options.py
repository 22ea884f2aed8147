"""Options: taken as they are or refused, never bent into shape."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from axis_core.errors import InputError
from axis_core.plugin import between, one_of, option, options_schema, structure_options


@attrs.frozen(kw_only=True)
class Options:
    """One of each kind."""

    count: int = option(3, "how many", validator=between(1, 9))
    ratio: float = option(0.5, "share of the whole", unit="of 1")
    exact: bool = option(False, "no rounding")
    mode: str = option("fast", "how", validator=one_of("fast", "good"))
    views: tuple[str, ...] = option(("front",), "sides")
    limit: int | None = option(None, "at most")


def test_defaults_come_from_the_class() -> None:
    assert structure_options(Options, {}) == Options()


@pytest.mark.parametrize(
    "values", [{"count": 5}, {"ratio": 1}, {"exact": True}, {"views": ["side", "back"]}, {"limit": None}, {"limit": 4}]
)
def test_plain_values_of_the_right_type_are_taken(values: dict[str, Any]) -> None:
    options = structure_options(Options, values)
    for name, value in values.items():
        assert getattr(options, name) == (tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"count": 2.9}, "count"),
        ({"count": "3"}, "count"),
        ({"count": True}, "count"),
        ({"count": 10}, "count"),
        ({"exact": "no"}, "exact"),
        ({"exact": 1}, "exact"),
        ({"ratio": "0.5"}, "ratio"),
        ({"mode": "slow"}, "mode"),
        ({"mode": None}, "mode"),
        ({"speed": 1}, "speed"),
    ],
)
def test_wrong_values_are_refused_by_name(values: dict[str, Any], name: str) -> None:
    with pytest.raises(InputError) as caught:
        structure_options(Options, values)
    assert caught.value.code == "invalid_request"
    assert name in f"{caught.value.pointer} {caught.value.message}"


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        structure_options(Options, {"count": "3", "exact": "no"})
    told = f"{caught.value.message} {caught.value.pointer} {caught.value.hint}"
    assert "count" in told
    assert "exact" in told


def test_the_schema_tells_types_ranges_choices_defaults_and_units() -> None:
    schema = options_schema(Options)
    properties = schema["properties"]
    assert schema["additionalProperties"] is False
    count = {"type": "integer", "minimum": 1, "maximum": 9, "description": "how many", "default": 3}
    assert properties["count"] == count
    assert properties["mode"]["enum"] == ["fast", "good"]
    assert properties["views"] == {"type": "array", "items": {"type": "string"}, "description": "sides"}
    assert properties["limit"]["nullable"] is True
    assert "of 1" in properties["ratio"]["description"]
