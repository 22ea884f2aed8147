"""The body's page names every slider and field, and nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest

from axis_core.body import BODY_PACK, PRESETS, RIG_NAMES, AvatarRecipe, Phenotype, list_sliders
from axis_core.body.recipe import BEARDS, GARMENT_KINDS, GLASSES, HAIR_STYLES, HATS, PATTERNS, STYLES


DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.usefixtures("body_pack")
def test_the_slider_table_is_the_list_of_sliders() -> None:
    section = (DOCS / "body.md").read_text(encoding="utf-8").split("## Sliders")[1].split("\n## ")[0]
    rows = [line.split("|")[3] for line in section.splitlines() if re.match(r"\| (body|face) \|", line)]
    printed = [mark for row in rows for mark in re.findall(r"`(\w+)`(\*?)(\+?)", row)]
    expected = [(s.name, "*" * s.sided, "+" * (s.minimum == 0.0)) for s in list_sliders()]
    assert printed == expected


def test_every_field_and_skeleton_is_named() -> None:
    text = (DOCS / "body.md").read_text(encoding="utf-8")
    for name in (*(field.name for field in attrs.fields(Phenotype)), *RIG_NAMES):
        assert f"`{name}`" in text


def test_the_page_names_every_preset_and_everything_a_recipe_can_hold() -> None:
    text = (DOCS / "body.md").read_text(encoding="utf-8")
    for preset in PRESETS.values():
        assert f"| `{preset.name}` | {preset.summary} |" in text
    for name in (*(field.name for field in attrs.fields(AvatarRecipe)), *GARMENT_KINDS, *HAIR_STYLES):
        assert f"`{name}`" in text
    for name in (*BEARDS, *GLASSES, *HATS, *STYLES, *PATTERNS):
        assert f"`{name}`" in text
    for picture in ("presets", "people-1", "people-2", "faces"):
        assert (DOCS / "pictures" / f"body-{picture}.png").is_file()


def test_the_pack_page_names_the_pinned_version() -> None:
    text = (DOCS / "data-packs.md").read_text(encoding="utf-8")
    assert f"{BODY_PACK.distribution}=={BODY_PACK.version}" in text
    assert BODY_PACK.filename in text
