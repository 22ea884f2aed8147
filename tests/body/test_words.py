"""Words: sixty prompts, their trace, and what must never happen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.body.prompts import ASIDE, OPEN

from axis_core.body import AvatarRecipe, body_mass_index, list_sliders, shape_body
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


def test_same_words_and_seed_give_the_same_person_and_another_seed_another() -> None:
    prompt = "a woman in a red dress"
    assert parse_prompt(prompt, seed=3) == parse_prompt(prompt, seed=3)
    one, other = parse_prompt(prompt, seed=3).recipe, parse_prompt(prompt, seed=4).recipe
    assert one.face_proportions != other.face_proportions
    assert one.gender == other.gender


def test_a_word_more_changes_only_what_it_says() -> None:
    plain, with_glasses = (parse_prompt(p, seed=9).recipe for p in ("a man of 40", "a man of 40 with glasses"))
    different = {f for f in AvatarRecipe.__slots__ if getattr(plain, f, None) != getattr(with_glasses, f, None)}
    assert different == {"glasses"}


def test_what_nobody_understood_is_told_and_everything_else_traced() -> None:
    parsed = parse_prompt("a tall man with a grumpf and blue eyes")
    assert parsed.unmatched == ("grumpf",)
    assert parsed.confidence < 1.0
    eyes = next(m for m in parsed.matches if m.field == "eye_colour")
    assert (eyes.text, eyes.value) == ("eyes", "blue")


def test_a_prompt_refines_a_base_and_leaves_the_rest_alone() -> None:
    base = AvatarRecipe(hair_style="long", eye_colour="green", weight=0.3)
    refined = parse_prompt("with black hair and a hat", base=base).recipe
    assert (refined.hair_style, refined.eye_colour, refined.weight) == ("long", "green", 0.3)
    assert (refined.hair_colour, refined.hat) == ("black", "brimmed")
    assert refined.garments == base.garments


def test_the_lexicon_has_its_three_hundred_attribute_words_and_every_slider_exists() -> None:
    words = {*people.TRAITS, *people.AGES, *people.ANCESTRY, *people.TONES, *people.STYLE_WORDS, *looks.SIZES}
    words |= {*looks.HAIR_ADJECTIVES, *looks.COLOUR_WORDS, *looks.PATTERN_WORDS}
    assert len(words) >= 300
    sliders = {s.name for s in list_sliders()} | {"height", "weight", "muscle", "proportions", "bust", "gender"}
    assert {name for trait in people.TRAITS.values() for name in trait} <= sliders
    assert {n for part in looks.PARTS.values() for names in part.values() for n in names} <= sliders


@pytest.mark.parametrize("word", sorted(people.TRAITS))
def test_every_adjective_is_understood_with_its_denial_and_degrees(word: str) -> None:
    for prompt in (f"a {word} man", f"an extremely {word} woman", f"a person who is not {word}"):
        parsed = parse_prompt(prompt)
        assert parsed.unmatched == ()
        shape_body(parsed.recipe.phenotype, {**parsed.recipe.body_proportions, **parsed.recipe.face_proportions})


@given(st.text(max_size=80).filter(str.strip), st.integers(0, 2**53))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_it(text: str, seed: int) -> None:
    assert 0.0 <= parse_prompt(text, seed=seed).confidence <= 1.0


_HEAP = st.sampled_from([*people.TRAITS, *looks.SIZES, *people.PEOPLE, "not", "very", "nose", "hair"])


@given(st.lists(_HEAP, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_heap_of_known_words_leaves_the_range_of_a_body(words: list[str]) -> None:
    recipe = parse_prompt(" ".join(words)).recipe
    shape_body(recipe.phenotype, {**recipe.body_proportions, **recipe.face_proportions})


@pytest.mark.parametrize("prompt", ["", "   ", "x" * 2001])
def test_no_prompt_and_too_long_a_prompt_are_refused(prompt: str) -> None:
    with pytest.raises(InputError):
        parse_prompt(prompt)
