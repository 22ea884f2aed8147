"""Words: sixty prompts, their trace, and what must never happen."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.body.prompts import ASIDE, OPEN

from axis_core.body import AvatarRecipe, Garment, body_mass_index, list_sliders, shape_body
from axis_core.body.words import looks, parse_prompt, people
from axis_core.errors import InputError


pytestmark = pytest.mark.usefixtures("body_pack")


def _is(seen: Any, wanted: Any) -> bool:
    if isinstance(wanted, tuple) and all(isinstance(w, float | int) for w in wanted):
        return bool(wanted[0] - 1e-9 <= seen <= wanted[1] + 1e-9)
    return seen in wanted if isinstance(wanted, tuple) else bool(seen == wanted)


def wrong(recipe: AvatarRecipe, expected: dict[str, Any]) -> list[str]:
    """Return the expectations that a recipe does not meet."""
    worn = {g.kind: g for g in recipe.garments}
    out = []
    for field, wanted in expected.items():
        if field == "wears":
            for kind, colour in wanted.items():
                if kind not in worn or (colour and worn[kind].colour != colour):
                    out.append(f"{kind} {colour}: {worn.get(kind)}")
        elif field == "bare":
            out += [kind for kind in wanted if kind in worn]
        elif field == "pattern":
            if wanted not in {g.pattern for g in worn.values()}:
                out.append(f"pattern {wanted}")
        elif field == "bmi":
            seen = body_mass_index(shape_body(recipe.phenotype))
            if not _is(seen, wanted):
                out.append(f"bmi {seen:.2f}, wanted {wanted}")
        elif field.endswith("_proportions"):
            got = getattr(recipe, field)
            out += [f"{k} {got.get(k)}, wanted {v}" for k, v in wanted.items() if not _is(got.get(k, 0.0), v)]
        elif not _is(getattr(recipe, field), wanted):
            out.append(f"{field} {getattr(recipe, field)}, wanted {wanted}")
    return out


@pytest.mark.parametrize(("name", "prompts"), [("open", OPEN), ("aside", ASIDE)])
def test_nine_prompts_of_ten_are_read_as_a_person_would(name: str, prompts: list[tuple[str, dict[str, Any]]]) -> None:
    assert len(prompts) == 30
    missed = {p: faults for p, expected in prompts if (faults := wrong(parse_prompt(p, seed=1).recipe, expected))}
    assert len(missed) <= 3, f"{name}: {missed}"
