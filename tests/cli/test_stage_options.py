"""``--option stage.key=value``: the option's own type decides how its text is read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from axis_core.cli.stage_options import parse_stage_options
from axis_core.errors import InputError, NotFound
from axis_core.plugin import Outcome, PluginHost, Stage, between, hookimpl, one_of, option, structure_options


@attrs.frozen(kw_only=True)
class Options:
    triangles: int = option(100, "How many.", validator=between(1, 1000))
    error_m: float = option(0.5, "How far.", unit="m")
    keep: bool = option(True, "Whether.")
    mode: str = option("fast", "Which way.", validator=one_of("fast", "7"))
    ratios: tuple[float, ...] = option((0.5,), "Steps.")
    names: tuple[str, ...] = option((), "Words.")
    limit: int | None = option(None, "At most.")


def _run(state: Outcome, options: Options, context: object) -> Outcome:
    return state


@pytest.fixture
def host() -> PluginHost:
    stage = Stage(name="thin", summary="Make thinner.", run=_run, options=Options)
    plugin = SimpleNamespace(axis_stages=hookimpl(specname="axis_stages")(lambda: [stage]))
    return PluginHost([("test", plugin)], installed=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("triangles=5", 5),
        ("error_m=0.25", 0.25),
        ("error_m=1", 1),
        ("keep=no", False),
        ("keep=True", True),
        ("keep=on", True),
        ("mode=7", "7"),
        ("mode=a=b", "a=b"),
        ("ratios=0.5,0.25", [0.5, 0.25]),
        ("ratios=[0.5, 0.25]", [0.5, 0.25]),
        ("ratios=", []),
        ("names=left,1", ["left", "1"]),
        ("limit=none", None),
        ("limit=4", 4),
    ],
)
def test_a_value_is_read_by_the_type_of_its_option(host: PluginHost, text: str, value: Any) -> None:
    key = text.partition("=")[0]
    parsed = parse_stage_options([f"thin.{text}"], host)
    assert parsed == {"thin": {key: value}}
    assert type(parsed["thin"][key]) is type(value)


@pytest.mark.parametrize("text", ["triangles=5", "error_m=1", "keep=off", "ratios=0.5,0.25", "names=a", "limit=none"])
def test_what_is_parsed_fits_the_strict_options_class(host: PluginHost, text: str) -> None:
    values = parse_stage_options([f"thin.{text}"], host)["thin"]
    assert isinstance(structure_options(Options, values), Options)


def test_several_options_add_up_and_the_last_of_one_wins(host: PluginHost) -> None:
    texts = ["thin.triangles=1", "thin.keep=no", "thin.triangles=2"]
    assert parse_stage_options(texts, host) == {"thin": {"triangles": 2, "keep": False}}


@pytest.mark.parametrize("text", ["thin", "thin.triangles", "triangles=5", "=5", ".a=5", "thin.=5"])
def test_what_is_no_option_is_refused_with_an_example(host: PluginHost, text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_stage_options([text], host)
    assert "--option" in (caught.value.hint or "")


@pytest.mark.parametrize("text", ["triangles=many", "error_m=", "keep=perhaps", "ratios=a,b"])
def test_a_value_of_another_type_is_refused_with_its_place(host: PluginHost, text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_stage_options([f"thin.{text}"], host)
    assert caught.value.pointer == f"thin.{text.partition('=')[0]}"


def test_an_unknown_option_names_its_neighbour_and_the_rest(host: PluginHost) -> None:
    with pytest.raises(NotFound) as caught:
        parse_stage_options(["thin.triangle=5"], host)
    assert "Did you mean 'triangles'?" in (caught.value.hint or "")
    assert "ratios" in (caught.value.hint or "")


def test_an_unknown_stage_names_the_known_ones(host: PluginHost) -> None:
    with pytest.raises(NotFound) as caught:
        parse_stage_options(["thick.triangles=5"], host)
    assert "thin" in (caught.value.hint or "")
