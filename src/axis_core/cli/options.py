"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from axis_core.cli.files import OUTPUT


__all__ = [
    "PROFILES",
    "TIERS",
    "influences_option",
    "output_option",
    "output_profile_option",
    "platform_option",
    "seed_option",
    "split_words",
    "tier_option",
]

PROFILES = ("default", "strict", "lenient")
OUTPUT_PROFILES = ("game_ready", "dcc_editable", "print_ready")
TIERS = (
    "mobile_light",
    "mobile_standard",
    "web_vr",
    "desktop_standard",
    "desktop_high",
    "film_vfx",
    "ultra_hd",
)
DEFAULT_TIER = "desktop_standard"

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def output_option(help_text: str, *, required: bool = True) -> _Decorator:
    """Return the option ``-o FILE``."""
    return click.option("-o", "--output", type=OUTPUT, required=required, metavar="FILE", help=help_text)


def tier_option(default: str | None) -> _Decorator:
    """Return the option ``--tier``."""
    return click.option(
        "--tier",
        type=click.Choice(TIERS),
        default=default,
        show_default=default is not None,
        metavar="TIER",
        help=f"Limit of triangles and texture size: {', '.join(TIERS)}.",
    )


output_profile_option = click.option(
    "--output-profile",
    type=click.Choice(OUTPUT_PROFILES),
    default="game_ready",
    show_default=True,
    help="For a game, for further work in a modelling program, or for a printer.",
)

platform_option = click.option(
    "--platform", default="", metavar="NAME", help="The engine it is for; see `axis platforms`."
)
influences_option = click.option(
    "--max-influences",
    type=click.IntRange(1, 8),
    default=4,
    show_default=True,
    metavar="N",
    help="Joints that may move one vertex.",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    metavar="N",
    help="Same input, options and seed: same bytes.",
)


def split_words(context: click.Context, option: click.Parameter, value: Any) -> tuple[str, ...]:  # noqa: ARG001
    """Return the words of a comma-separated value, or of several."""
    values = (value,) if isinstance(value, str) else value or ()
    return tuple(word.strip() for part in values for word in part.split(",") if word.strip())
