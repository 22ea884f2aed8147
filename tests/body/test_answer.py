"""Answers of language models: the recipe's own schema, and nothing of it is taken on trust."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axis_core.body import AvatarRecipe, Garment, random_recipe
from axis_core.body.words import read_answer, recipe_from_model, recipe_schema
from axis_core.body.words.answer import MAX_ANSWER
from axis_core.errors import InputError
from axis_core.plugin.ai import AIProvider, AIReply, AIRequest


pytestmark = pytest.mark.usefixtures("body_pack")
WOMAN = {
    "age_years": 54,
    "gender": 0.1,
    "hair_colour": "grey",
    "garments": [{"kind": "jacket", "colour": "green"}],
    "face_proportions": {"nose_hump": 0.4, "left_cheek_volume": -0.5},
}


def _scripted(answer: str) -> tuple[AIProvider, list[AIRequest]]:
    asked: list[AIRequest] = []

    def complete(request: AIRequest) -> AIReply:
        asked.append(request)
        return AIReply(text=answer)

    return AIProvider(
        name="scripted", summary="Says what it is told.", models=lambda: ("one",), complete=complete
    ), asked


def _ask(provider: AIProvider, words: str, **options: Any) -> AvatarRecipe:
    def complete(system: str, prompt: str, schema: Mapping[str, Any]) -> str:
        rules = f"{system}\n{json.dumps(schema)}"
        return provider.complete(AIRequest(system=rules, prompt=prompt)).text

    return recipe_from_model(words, complete, **options)


def test_a_model_answers_in_the_schema_and_a_recipe_comes_of_it() -> None:
    provider, asked = _scripted(json.dumps(WOMAN))
    recipe = _ask(provider, "a woman of 54 in a green jacket", seed=9)
    assert (recipe.age_years, recipe.hair_colour, recipe.seed) == (54.0, "grey", 9)
    assert recipe.garments == (Garment("jacket", "green"),)
    assert recipe.face_proportions == WOMAN["face_proportions"]
    assert asked[0].prompt == "a woman of 54 in a green jacket"
    assert "nose_hump" in asked[0].system


def test_the_user_decides_the_seed_and_the_base_keeps_the_rest() -> None:
    provider, _ = _scripted('{"hair_style": "bald", "seed": 4}')
    base = random_recipe(3)
    recipe = _ask(provider, "bald", base=base, seed=8)
    assert (recipe.hair_style, recipe.seed) == ("bald", 8)
    assert (recipe.garments, recipe.height_m, recipe.face_proportions) == (
        base.garments,
        base.height_m,
        base.face_proportions,
    )


@pytest.mark.parametrize("frame", ["{}", "```json\n{}\n```", "Here it is:\n```\n{}\n```\nEnjoy.", "  {}\n"])
def test_a_fence_around_the_answer_does_no_harm(frame: str) -> None:
    assert read_answer(frame.replace("{}", json.dumps(WOMAN))) == read_answer(json.dumps(WOMAN))


@pytest.mark.parametrize(
    ("answer", "code", "pointer"),
    [
        ("", "invalid_json", "/answer"),
        ("I cannot do that.", "invalid_json", "/answer"),
        ("[1]", "invalid_json", "/answer"),
        ('{"weight": NaN}', "invalid_json", "/answer"),
        ('{"weight": 0.2, "weight": 0.9}', "invalid_json", "/answer"),
        ('{"weight": 7}', "invalid_request", None),
        ('{"weight": "0.5"}', "invalid_request", None),
        ('{"undressed": true}', "invalid_request", None),
        ('{"garments": [{"kind": "nothing"}]}', "invalid_request", None),
        ('{"hair_colour": "../../etc"}', "invalid_request", None),
        ('{"face_proportions": {"nose_humpy": 1}}', "invalid_request", None),
        ('{"face_proportions": {"nose_hump": 9}}', "invalid_request", None),
        ('{"face_proportions": {"waist_girth": 0.5}}', "invalid_request", "/face_proportions/waist_girth"),
        ("[" * 10_000, "invalid_request", "/answer"),
        ("9" * (MAX_ANSWER + 1), "invalid_request", "/answer"),
        ('{"weight": ' + "9" * 10_000 + "}", None, None),
    ],
)
def test_an_answer_that_is_no_recipe_is_refused(answer: str, code: str | None, pointer: str | None) -> None:
    with pytest.raises(InputError) as caught:
        read_answer(answer)
    assert code is None or caught.value.code == code
    assert pointer is None or caught.value.pointer == pointer


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda v: (
            st.lists(v, max_size=3)
            | st.dictionaries(st.sampled_from(["weight", "garments", "kind", "seed", "x"]), v, max_size=3)
        ),
        max_leaves=8,
    )
)
@settings(max_examples=60, deadline=None)
def test_no_json_does_more_than_be_refused(value: object) -> None:
    try:
        recipe = read_answer(json.dumps(value))
    except InputError:
        return
    assert isinstance(recipe, AvatarRecipe)


def test_no_words_are_asked_about() -> None:
    provider, asked = _scripted("{}")
    with pytest.raises(InputError):
        _ask(provider, "  ")
    assert asked == []


def test_the_schema_names_every_field_and_bounds_every_slider() -> None:
    schema = recipe_schema()
    assert set(schema["properties"]) >= set(WOMAN)
    sliders = schema["properties"]["face_proportions"]["properties"]
    assert sliders["nose_hump"] == {"type": "number", "minimum": -1.0, "maximum": 1.0}
    assert {"cheek_volume", "left_cheek_volume", "right_cheek_volume"} <= set(sliders)
    assert "waist_girth" not in sliders
