"""Named people: recipes to start from, documented with their pictures in docs/body.md."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import attrs

from axis_core.body.recipe import AvatarRecipe, Garment
from axis_core.errors import NotFound


__all__ = ["PRESETS", "Preset", "find_preset", "list_presets"]


@attrs.frozen
class Preset:
    """A recipe with a name and a line about it."""

    name: str
    summary: str
    recipe: AvatarRecipe


def find_preset(name: str) -> Preset:
    """Return a preset of ``PRESETS``.

    Raises
    ------
    NotFound
        The hint names the nearest ones.
    """
    if name in PRESETS:
        return PRESETS[name]
    near = difflib.get_close_matches(name, PRESETS, n=3)
    hint = f"Nearest: {', '.join(near)}." if near else f"Presets: {', '.join(PRESETS)}."
    raise NotFound(f"there is no preset {name!r}.", pointer="/preset", hint=hint)


def list_presets() -> tuple[Preset, ...]:
    """Return all presets, in the order of their pictures."""
    return tuple(PRESETS.values())


def _worn(*garments: str) -> tuple[Garment, ...]:
    """Return garments from words: ``kind colour [trim] [pattern]``."""
    out = []
    for text in garments:
        kind, colour, *rest = text.split()
        pattern = next((w for w in rest if w in ("stripes", "checks")), "plain")
        trim = next((w for w in rest if w not in ("stripes", "checks")), None)
        out.append(Garment(kind, colour, trim, pattern))
    return tuple(out)


def _of(african: float, asian: float, european: float) -> dict[str, float]:
    return {"african": african, "asian": asian, "european": european}


def _preset(name: str, summary: str, garments: tuple[str, ...], **fields: Any) -> Preset:
    return Preset(name, summary, AvatarRecipe(garments=_worn(*garments), **fields))


_AFRICAN, _ASIAN, _EUROPEAN, _MIXED = _of(1, 0, 0), _of(0, 1, 0), _of(0, 0, 1), _of(1, 1, 1)
_SOUTH, _LATIN = _of(0.35, 0.35, 0.3), _of(0.2, 0.35, 0.45)

_ALL = (
    _preset("neutral", "an average adult in everyday clothes", ("t_shirt blue", "trousers charcoal", "shoes white"),
            hair_style="short", gender=0.5, seed=1),
    _preset("ada", "a woman of thirty in a teal dress, long brown hair", ("dress teal", "shoes white"),
            gender=0.05, age_years=30, hair_style="long", hair_colour="brown", skin_tone=0.22, eye_colour="green",
            **_EUROPEAN, seed=2),
    _preset("kofi", "a tall lean man in a jacket", ("jacket olive", "t_shirt white", "trousers denim", "boots brown"),
            gender=0.95, age_years=28, height_m=1.88, muscle=0.62, hair_style="buzz", hair_colour="black",
            skin_tone=0.88, beard="stubble", **_AFRICAN, seed=3),
    _preset("mei", "a woman of forty with a black bob", ("shirt white", "trousers navy", "shoes black"),
            gender=0.05, age_years=40, hair_style="bob", hair_colour="black", skin_tone=0.2, **_ASIAN, seed=4),
    _preset("diego", "a stocky man with a full beard", ("shirt red checks", "trousers denim", "boots brown"),
            gender=1.0, age_years=38, weight=0.68, muscle=0.55, height_m=1.72, hair_style="side_part",
            hair_colour="dark_brown", beard="full", skin_tone=0.45, **_LATIN, seed=5),
    _preset("priya", "a woman of twenty-five, hair in a ponytail", ("sweater mustard", "trousers black", "shoes white"),
            gender=0.0, age_years=25, hair_style="ponytail", hair_colour="black", skin_tone=0.55, **_SOUTH, seed=6),
    _preset("lars", "a man of fifty with glasses and greying hair", ("sweater navy", "trousers grey", "shoes brown"),
            gender=0.95, age_years=52, height_m=1.84, weight=0.58, hair_style="short", hair_colour="grey",
            beard="goatee", glasses="square", skin_tone=0.08, eye_colour="blue", **_EUROPEAN, seed=7),
    _preset("zola", "a woman with an afro in a yellow jacket",
            ("jacket mustard", "t_shirt white", "trousers denim", "shoes white"),
            gender=0.05, age_years=32, hair_style="afro", hair_colour="black", skin_tone=0.82, **_AFRICAN, seed=8),
    _preset("noor", "a woman of thirty-five, curly hair, red shirt", ("shirt burgundy", "trousers cream", "shoes tan"),
            gender=0.08, age_years=35, weight=0.62, hair_style="curly", hair_colour="dark_brown", skin_tone=0.5,
            **_SOUTH, seed=9),
    _preset("kenji", "a young man in a hoodie", ("hoodie grey", "trousers black", "shoes red"),
            gender=0.9, age_years=22, hair_style="side_part", hair_colour="black", skin_tone=0.25, **_ASIAN, seed=10),
    _preset("greta", "a broad woman of fifty with red hair", ("t_shirt green", "trousers navy", "shoes white"),
            gender=0.05, age_years=50, weight=0.85, height_m=1.66, hair_style="bob", hair_colour="copper",
            skin_tone=0.03, eye_colour="hazel", glasses="round", **_EUROPEAN, seed=11),
    _preset("omar", "a heavy man of forty-five, bald and bearded", ("t_shirt black", "trousers khaki", "shoes black"),
            gender=1.0, age_years=45, weight=0.92, muscle=0.5, hair_style="bald", hair_colour="black", beard="full",
            skin_tone=0.6, **_LATIN, seed=12),
    _preset("river", "an androgynous young adult with pink hair",
            ("tank_top white", "jacket black", "trousers denim", "boots black"),
            gender=0.5, age_years=24, hair_style="side_part", hair_colour="pink", skin_tone=0.18, eye_colour="grey",
            **_MIXED, seed=13),
    _preset("hana", "an elder woman with her white hair in a bun", ("sweater lavender", "skirt grey", "shoes brown"),
            gender=0.0, age_years=76, hair_style="bun", hair_colour="white", skin_tone=0.2, glasses="round",
            **_ASIAN, seed=14),
    _preset("walter", "an elder man with a moustache and a hat", ("shirt light_blue", "trousers brown", "shoes brown"),
            gender=1.0, age_years=78, hair_style="short", hair_colour="white", beard="moustache", hat="brimmed",
            hat_colour="tan", skin_tone=0.12, eye_colour="light_blue", **_EUROPEAN, seed=15),
    _preset("amara", "an elder woman with short grey hair", ("dress violet", "shoes black"),
            gender=0.05, age_years=68, weight=0.66, hair_style="short", hair_colour="grey", skin_tone=0.78,
            **_AFRICAN, seed=16),
    _preset("leo", "a teenager in a striped shirt and shorts",
            ("t_shirt white navy stripes", "shorts khaki", "shoes navy"),
            gender=0.9, age_years=15, hair_style="curly", hair_colour="light_brown", skin_tone=0.3, **_LATIN, seed=17),
    _preset("yuna", "a teenager in a hoodie and a skirt", ("hoodie lavender", "skirt charcoal", "shoes white"),
            gender=0.1, age_years=16, hair_style="long", hair_colour="black", skin_tone=0.15, **_ASIAN, seed=18),
    _preset("sam", "a child of eight with a cap", ("t_shirt orange", "shorts denim", "shoes white"),
            gender=0.7, age_years=8, hair_style="short", hair_colour="blond", hat="cap", hat_colour="blue",
            skin_tone=0.1, eye_colour="blue", **_EUROPEAN, seed=19),
    _preset("imani", "a child of six in a dress", ("dress yellow", "shoes red"),
            gender=0.1, age_years=6, hair_style="bun", hair_colour="black", skin_tone=0.75, **_AFRICAN, seed=20),
    _preset("runner", "an athlete for distance: light and lean", ("tank_top red white", "shorts black", "shoes lime"),
            gender=0.15, age_years=27, height_m=1.72, weight=0.28, muscle=0.62, proportions=0.8, hair_style="ponytail",
            hair_colour="dark_brown", skin_tone=0.68, **_AFRICAN, seed=21),
    _preset("lifter", "an athlete for strength", ("tank_top charcoal", "shorts navy", "boots black"),
            gender=1.0, age_years=31, weight=0.7, muscle=1.0, hair_style="buzz", hair_colour="brown", beard="stubble",
            skin_tone=0.28, **_EUROPEAN, seed=22),
    _preset("hero", "heroic proportions in a suit", ("bodysuit navy gold", "boots red"),
            style="heroic", gender=0.95, age_years=30, height_m=1.92, muscle=0.95, weight=0.55, proportions=1.0,
            hair_style="side_part", hair_colour="black", skin_tone=0.25, eye_colour="blue", seed=23),
    _preset("heroine", "heroic proportions in a suit", ("bodysuit burgundy silver", "boots black"),
            style="heroic", gender=0.05, age_years=29, height_m=1.80, muscle=0.8, proportions=1.0, hair_style="long",
            hair_colour="auburn", skin_tone=0.4, eye_colour="green", seed=24),
    _preset("toon", "toon proportions: a large head, large hands", ("hoodie orange", "trousers denim", "shoes white"),
            style="toon", gender=0.3, age_years=20, hair_style="bob", hair_colour="blue", skin_tone=0.2,
            eye_colour="violet", seed=25),
    _preset("chibi", "chibi proportions: three heads high",
            ("t_shirt yellow black stripes", "trousers navy", "shoes red"),
            style="chibi", gender=0.2, age_years=20, height_m=1.2, hair_style="side_part", hair_colour="ginger",
            skin_tone=0.1, eye_colour="green", seed=26),
    _preset("mannequin", "a shop-window figure without a face", (), style="mannequin", hair_style="bald", no_face=True,
            gender=0.3, seed=27),
    _preset("robot", "a machine in a metal shell, its eyes lit", (), style="robot", hair_style="bald", gender=0.8,
            muscle=0.6, eye_colour="light_blue", seed=28),
)  # fmt: skip

PRESETS: Mapping[str, Preset] = {preset.name: preset for preset in _ALL}
"""Presets by name."""
