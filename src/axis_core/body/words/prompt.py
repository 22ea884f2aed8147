"""From a sentence to a recipe: grammar and lexicon, deterministic, offline.

::

    prompt -> take_measures -> read_groups -> gather -> Wishes -> parse_prompt -> Parsed
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from axis_core.body.measure import phenotype_with_bmi
from axis_core.body.phenotype import typical_height_m
from axis_core.body.recipe import AvatarRecipe
from axis_core.body.sliders import list_sliders
from axis_core.body.words.filling import draw, fill, outfit
from axis_core.body.words.measures import take_measures
from axis_core.body.words.reading import read_groups
from axis_core.body.words.wishes import Match, Wishes, gather
from axis_core.errors import CannotFit, InputError


__all__ = ["MAX_PROMPT", "Parsed", "parse_prompt"]

MAX_PROMPT = 2000
"""Characters."""
_TYPICAL_M = 1.7
_PLAIN = {ord(c): plain for plain, odd in (("'", "’‘′"), ('"', "“”″"), (" ", "-–_")) for c in odd}


@attrs.frozen(kw_only=True)
class Parsed:
    """What was understood of a prompt.

    Attributes
    ----------
    recipe : AvatarRecipe
    attributes : mapping of field to plain value
        What the prompt decided; the rest came from the seed or from the base.
    matches : tuple of Match
        Which words gave what.
    unmatched : tuple of str
        Words that nothing was made of.
    notes : tuple of str
        What could not be had as it was asked for.
    confidence : float, 0..1
        Share of the words that mean something which were understood.
    """

    recipe: AvatarRecipe
    attributes: Mapping[str, Any]
    matches: tuple[Match, ...]
    unmatched: tuple[str, ...]
    notes: tuple[str, ...] = ()
    confidence: float = 1.0


def parse_prompt(prompt: str, *, base: AvatarRecipe | None = None, seed: int = 0) -> Parsed:
    """Return the recipe that a sentence asks for; the same for the same prompt, base and seed.

    Parameters
    ----------
    prompt : str
        English, 1 to 2000 characters.
    base : AvatarRecipe, optional
        What the prompt refines; without one, the seed fills what is left open.
    seed : int, 0 and up

    Raises
    ------
    InputError
        ``invalid_request``: the prompt is empty or too long.

    Examples
    --------
    >>> parse_prompt("a bald man of 40 years").recipe.age_years
    40.0
    """
    if not prompt.strip():
        raise InputError("the prompt is empty", pointer="/prompt", hint="Describe a person in English.")
    if len(prompt) > MAX_PROMPT:
        raise InputError(f"the prompt has {len(prompt):,} characters, allowed are {MAX_PROMPT:,}", pointer="/prompt")
    text = _folded(prompt)
    words, measures = take_measures(text)
    groups, unread = read_groups(words)
    wishes = gather(prompt, groups, measures)
    spans = sorted({*unread, *wishes.unused})
    unmatched = tuple(prompt[a:b] for a, b in spans)
    matched = len({(m.start, m.end) for m in wishes.matches})
    values, notes = _values(wishes, base, seed)
    asked = {k: v for k, v in values.items() if k in _decided(wishes)}
    filled = {} if base else fill(values, seed)
    merged = {**filled, **values}
    for area in ("body_proportions", "face_proportions"):
        before: Mapping[str, float] = getattr(base, area) if base else filled.get(area, {})
        merged[area] = {**before, **values.get(area, {})}
    recipe = attrs.evolve(base or AvatarRecipe(), **merged, seed=seed)
    return Parsed(
        recipe=recipe,
        attributes=asked,
        matches=tuple(sorted(wishes.matches, key=lambda m: (m.start, m.end, m.field))),
        unmatched=unmatched,
        notes=notes,
        confidence=round(matched / (matched + len(unmatched)), 3) if matched + len(unmatched) else 0.0,
    )


def _folded(prompt: str) -> str:
    """Return the prompt in lower case with plain quotes and hyphens as blanks, every character in its place."""
    plain = prompt.translate(_PLAIN)
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def _decided(wishes: Wishes) -> set[str]:
    out = set(wishes.values) | {"height_m" if k == "height" else k for k in wishes.deltas}
    out |= {"age_years"} if wishes.ages else set()
    out |= {"skin_tone"} if wishes.tones else set()
    out |= {"garments"} if wishes.garments or wishes.bare else set()
    out |= {"weight", "muscle"} if wishes.mass_kg or wishes.bmi else set()
    out |= {"hair_colour"} if wishes.beard_colour else set()
    return out | ({"body_proportions", "face_proportions"} if wishes.sliders else set())


def _values(wishes: Wishes, base: AvatarRecipe | None, seed: int) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the fields that the wishes decide, and age and gender in any case."""
    values = dict(wishes.values)
    values["age_years"] = _age(wishes, base, seed)
    if "gender" not in values:
        values["gender"] = base.gender if base else round(float(draw(seed, "gender").uniform(0.42, 0.58)), 3)
    for name in ("gender", "weight", "muscle", "proportions", "bust"):
        if name in wishes.deltas:
            start = values.get(name, getattr(base, name) if base and name != "gender" else 0.5)
            values[name] = round(float(np.clip(start + wishes.deltas[name], 0.0, 1.0)), 4)
    _height(wishes, values, base, seed)
    if wishes.tones:
        tone = wishes.tones[-1]
        values["skin_tone"] = round(float(draw(seed, "skin_tone").uniform(*tone)), 3)
    if wishes.beard_colour and "hair_colour" not in values:
        values["hair_colour"] = wishes.beard_colour
    if wishes.garments or wishes.bare or base is None:
        values["garments"] = _garments(wishes, base, seed)
    _spread_sliders(wishes, values)
    return values, _massed(wishes, values, base)


def _age(wishes: Wishes, base: AvatarRecipe | None, seed: int) -> float:
    """Return the age: a number before an adjective before a noun, an adjective inside the noun's span if it can be."""
    if not wishes.ages:
        return base.age_years if base else float(round(draw(seed, "age").uniform(20.0, 46.0)))
    rank = max(r for r, _ in wishes.ages)
    low, high = next(span for r, span in reversed(wishes.ages) if r == rank)
    for r, (a, b) in wishes.ages:
        if r < rank and rank < 3 and max(a, low) <= min(b, high):
            low, high = max(a, low), min(b, high)
    return round(float(np.round(draw(seed, "age").uniform(low, high))) if high > low else low, 4)


def _height(wishes: Wishes, values: dict[str, Any], base: AvatarRecipe | None, seed: int) -> None:
    if "height_m" in values:
        return
    typical = typical_height_m(values["age_years"], values["gender"])
    if "height" in wishes.deltas:
        start = base.height_m if base and base.height_m else typical
        values["height_m"] = round(float(np.clip(start + wishes.deltas["height"] * typical / _TYPICAL_M, 0.5, 2.6)), 3)
    elif base is None:
        spread = draw(seed, "height").normal(0.0, 0.03)
        values["height_m"] = round(typical * (1.0 + float(np.clip(spread, -0.06, 0.06))), 3)


def _garments(wishes: Wishes, base: AvatarRecipe | None, seed: int) -> Any:
    if base is None:
        return outfit(wishes.garments, wishes.bare, seed)
    given = {g["kind"] for g in wishes.garments}
    slots = ({"t_shirt", "shirt", "sweater", "hoodie", "tank_top"}, {"trousers", "shorts", "skirt"}, {"shoes", "boots"})
    replaced = {k for slot in slots if slot & given for k in slot} | given | wishes.bare
    if given & {"dress", "bodysuit"}:
        replaced |= slots[0] | slots[1]
    elif given & (slots[0] | slots[1]):
        replaced |= {"dress", "bodysuit"}
    kept = [{"kind": g.kind, "colour": g.colour, "pattern": g.pattern} for g in base.garments if g.kind not in replaced]
    return outfit([*wishes.garments, *kept], wishes.bare, seed)


def _spread_sliders(wishes: Wishes, values: dict[str, Any]) -> None:
    if not wishes.sliders:
        return
    known = {s.name: s for s in list_sliders()}
    for name, amount in wishes.sliders.items():
        slider = known[name]
        held = min(max(amount, slider.minimum), slider.maximum)
        values.setdefault(f"{slider.area}_proportions", {})[name] = round(held, 4)


def _massed(wishes: Wishes, values: dict[str, Any], base: AvatarRecipe | None) -> tuple[str, ...]:
    """Set the build that has the mass or the index asked for; say so where no build has it."""
    if wishes.mass_kg is None and wishes.bmi is None:
        return ()
    plain = {k: v for k, v in values.items() if k not in ("garments", "body_proportions", "face_proportions")}
    person = attrs.evolve(base or AvatarRecipe(), **plain).phenotype
    bmi = wishes.bmi or float(wishes.mass_kg or 0.0) / person.target_height_m**2
    try:
        found = phenotype_with_bmi(person, bmi)
    except CannotFit as exc:
        lean = bmi < 22.0
        values |= {"weight": 0.0 if lean else 1.0, "muscle": 0.0}
        return (f"{exc} The nearest was taken.",)
    values |= {"weight": round(found.weight, 5), "muscle": round(found.muscle, 5)}
    return ()
