"""What is printed: JSON that parses, text that cannot steer a terminal, columns that align."""

from __future__ import annotations

import json
import math
from pathlib import Path

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from axis_core.cli.columns import columns, printable, thousands
from axis_core.cli.json_text import json_bytes, plain
from axis_core.cli.progress import Progress


@attrs.frozen
class Record:
    name: str
    rows: tuple[float, ...]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_json_of_any_plain_value_is_strict_json(value: object) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    assert json.loads(json_bytes(value), parse_constant=refuse) == plain(value)


def test_json_takes_records_arrays_paths_and_turns_what_is_not_finite_into_null() -> None:
    value = {
        "record": Record("a", (1.0, math.nan)),
        "array": np.arange(3),
        "scalar": np.float32(2.5),
        "flag": np.bool_(True),
        "path": Path("a"),
        "set": {"b", "a"},
    }
    assert json.loads(json_bytes(value)) == {
        "record": {"name": "a", "rows": [1.0, None]},
        "array": [0, 1, 2],
        "scalar": 2.5,
        "flag": True,
        "path": "a",
        "set": ["a", "b"],
    }


def test_json_keeps_a_file_name_that_is_no_text_as_an_escape() -> None:
    assert json.loads(json_bytes({"file": "a\udcff.glb"})) == {"file": "a\udcff.glb"}


def test_json_of_something_else_is_a_mistake_of_ours_and_says_so() -> None:
    with pytest.raises(TypeError, match="object has no JSON form"):
        plain(object())


@given(st.text())
def test_printable_text_has_no_control_characters_but_new_lines_and_tabs(text: str) -> None:
    shown = printable(text)
    assert not [c for c in shown if (ord(c) < 32 or 127 <= ord(c) < 160) and c not in "\n\t"]
    shown.encode()
    if text.isascii() and text.isprintable():
        assert shown == text


def test_names_from_a_file_cannot_colour_or_reverse_the_terminal() -> None:
    assert printable("\x1b[31mred\u202e") == "\\x1b[31mred\\u202e"


def test_columns_align_left_or_right_and_leave_no_trailing_space() -> None:
    text = columns([("man.glb", "12"), ("a", "12,345")], header=("FILE", "N"), right=(1,))
    assert text.splitlines() == ["FILE          N", "man.glb      12", "a        12,345"]


def test_columns_keep_a_line_break_in_a_cell_within_its_line() -> None:
    assert columns([("a\nb", "c")]) == "a b  c"
    assert columns([]) == ""


def test_thousands_are_told_apart() -> None:
    assert thousands(1234567) == "1,234,567"


def test_a_progress_bar_that_is_not_shown_loads_nothing_and_takes_every_call(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Progress("x", shown=False) as step:
        step(0.5, "half")
        step(7.0)
    assert capsys.readouterr() == ("", "")


def test_a_shown_progress_bar_draws_on_stderr_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # a pipe that wants to be drawn on as a terminal
    monkeypatch.setenv("TERM", "xterm")
    with Progress("[bold]title", shown=True) as step:
        step(0.5, "[red]half[/]")
        print("a result")
    out, err = capsys.readouterr()
    assert out == "a result\n"
    assert "[bold]title" in err
