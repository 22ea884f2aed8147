"""Wishes: what the groups of a prompt ask for, field by field, each with the words it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from axis_core.body.colours import EYE_COLOURS, GARMENT_COLOURS, HAIR_COLOURS
from axis_core.body.words import looks, people
from axis_core.body.words.colouring import colour_in
from axis_core.body.words.measures import Measure
from axis_core.body.words.reading import Group, Modifier, Noun


__all__ = ["Match", "Wishes", "gather"]

Span = tuple[float, float]

_DENIED = -0.35
"""What is "not tall" is a third as far on the other side."""
_RECIPE_TRAITS = ("height", "weight", "muscle", "proportions", "bust", "gender")
_PART_ALIASES = {
    "eyed": "eyes", "nosed": "nose", "eared": "ears", "legged": "legs", "shouldered": "shoulders", "chested": "chest",
    "hipped": "hips", "lipped": "lips", "necked": "neck", "jawed": "jaw", "faced": "face", "waisted": "waist",
    "armed": "arms",
    "bellied": "belly", "browed": "eyebrows", "chinned": "chin", "footed": "feet", "handed": "hands", "headed": "head",
    "eye": "eyes", "iris": "eyes", "irises": "eyes",
}  # fmt: skip


@attrs.frozen(kw_only=True)
class Match:
    """Words of the prompt and what was made of them.

    Attributes
    ----------
    text : str
    start, end : int
        Where they stand in the prompt.
    field : str
        Of the recipe, dotted: ``hair_colour``, ``garments.jacket``, ``face_proportions.nose_volume``.
    value : Any
        A plain value; for a trait, the change it makes.
    """

    text: str
    start: int
    end: int
    field: str
    value: Any


@attrs.define
class Wishes:
    """What was asked for. Spans stand for values that the seed decides."""

    prompt: str
    values: dict[str, Any] = attrs.field(factory=dict)
    deltas: dict[str, float] = attrs.field(factory=dict)
    sliders: dict[str, float] = attrs.field(factory=dict)
    ages: list[tuple[int, Span]] = attrs.field(factory=list)
    garments: list[dict[str, Any]] = attrs.field(factory=list)
    bare: set[str] = attrs.field(factory=set)
    tones: list[Span] = attrs.field(factory=list)
    mass_kg: float | None = None
    bmi: float | None = None
    beard_colour: str | None = None
    matches: list[Match] = attrs.field(factory=list)
    unused: list[tuple[int, int]] = attrs.field(factory=list)

    def note(self, at: Noun | Modifier | Measure, field: str, value: Any) -> None:
        """Record that words gave a value."""
        self.matches.append(
            Match(text=self.prompt[at.start : at.end].strip(), start=at.start, end=at.end, field=field, value=value)
        )

    def set(self, at: Noun | Modifier | Measure, field: str, value: Any) -> None:
        """Give a field its value."""
        self.values[field] = value
        self.note(at, field, value)


def gather(prompt: str, groups: Sequence[Group], measures: Sequence[Measure]) -> Wishes:
    """Return what groups and measures ask for."""
    wishes = Wishes(prompt=prompt)
    for measure in measures:
        _measured(wishes, measure)
    for group in groups:
        kind = group.noun.kind if group.noun else "person"
        left = _READERS[kind](wishes, group.noun, group.modifiers)
        if kind != "person" and left:
            left = _person(wishes, None, left) if kind in ("style", "look") else left
        wishes.unused += [(m.start, m.end) for m in left]
    return wishes


def _measured(wishes: Wishes, measure: Measure) -> None:
    if measure.kind == "age":
        low, high = (min(max(v, 1.0), 90.0) for v in (measure.low, measure.high))
        wishes.ages.append((3, (low, high)))
        wishes.note(measure, "age_years", low if low == high else [low, high])
    elif measure.kind == "height":
        wishes.set(measure, "height_m", round(min(max(measure.low, 0.5), 2.6), 4))
    elif measure.kind == "mass":
        wishes.mass_kg = measure.low
        wishes.note(measure, "mass_kg", round(measure.low, 2))
    else:
        wishes.bmi = measure.low
        wishes.note(measure, "bmi", measure.low)


def _person(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    if noun is not None and not noun.negated:
        gender, ages, traits = people.PEOPLE[noun.word]
        if gender is not None:
            wishes.set(noun, "gender", gender)
        if ages is not None:
            wishes.ages.append((1, ages))
            wishes.note(noun, "age_years", list(ages))
        _add_traits(wishes, noun, traits, 1.0)
        if gender is None and ages is None and not traits:
            wishes.note(noun, "", None)
    child = any(rank == 1 and span[1] <= 12.0 for rank, span in wishes.ages)
    return [m for m in modifiers if not _person_modifier(wishes, m, noun, child, modifiers)]


def _person_modifier(
    wishes: Wishes, m: Modifier, noun: Noun | None, child: bool, modifiers: Sequence[Modifier]
) -> bool:
    word = m.word
    if word in people.AGES and not m.negated:
        wishes.ages.append((2, people.AGES[word]))
        wishes.note(m, "age_years", list(people.AGES[word]))
    elif word in people.AGES:
        wishes.ages.append((2, (24.0, 45.0)))
        wishes.note(m, "age_years", [24.0, 45.0])
    elif word in people.ANCESTRY and not m.negated:
        _ancestry(wishes, m, *people.ANCESTRY[word])
    elif word in ("black", "white") and noun is not None and noun.kind == "person" and not m.negated:
        _ancestry(wishes, m, *people.ANCESTRY["african" if word == "black" else "european"])
    elif word in ("little", "small") and child:
        wishes.ages.append((2, (4.0, 8.0)))
        wishes.note(m, "age_years", [4.0, 8.0])
    elif word == "light" and noun is None:
        _add_traits(wishes, m, people.TRAITS[word], m.degree)
    elif word in people.TONES and word not in ("light",) and not m.negated:
        tone = people.TONES[word]
        wishes.tones.append((tone, tone))
        wishes.note(m, "skin_tone", tone)
    elif word in people.TRAITS:
        _add_traits(wishes, m, people.TRAITS[word], m.degree * (_DENIED if m.negated else 1.0))
    elif looks.COLOUR_WORDS.get(word) in looks.HAIR_ONLY and not m.negated:
        wishes.set(m, "hair_colour", colour_in([m], "hair", HAIR_COLOURS))
    elif word in looks.COLOUR_WORDS and not m.negated:
        colour = colour_in(modifiers, "garment", GARMENT_COLOURS) or ""
        wishes.set(m, "skin_colour", GARMENT_COLOURS.get(colour, colour))
    elif word in looks.HAIR_ADJECTIVES and word not in looks.SIZES and not m.negated:
        wishes.set(m, "hair_style", looks.HAIR_ADJECTIVES[word])
    else:
        return False
    return True


def _add_traits(wishes: Wishes, at: Noun | Modifier, traits: Mapping[str, float], amount: float) -> None:
    for name, value in traits.items():
        change = round(value * amount, 4)
        if name in _RECIPE_TRAITS:
            wishes.deltas[name] = wishes.deltas.get(name, 0.0) + change
            wishes.note(at, name if name != "height" else "height_m", change)
        else:
            _slide(wishes, at, name, change)


def _slide(wishes: Wishes, at: Noun | Modifier, slider: str, amount: float) -> None:
    wishes.sliders[slider] = min(max(wishes.sliders.get(slider, 0.0) + amount, -1.0), 1.0)
    wishes.note(at, f"sliders.{slider}", round(amount, 4))


def _ancestry(wishes: Wishes, at: Modifier, shares: tuple[float, float, float], tones: Span) -> None:
    for name, share in zip(("african", "asian", "european"), shares, strict=True):
        wishes.values[name] = share
    wishes.note(at, "ancestry", dict(zip(("african", "asian", "european"), shares, strict=True)))
    wishes.tones.insert(0, tones)


def _hair(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    assert noun is not None
    if noun.negated:
        wishes.set(noun, "hair_style", "bald")
        return []
    colour = colour_in(modifiers, "hair", HAIR_COLOURS)
    fixed = looks.HAIR_NOUNS[noun.word]
    style = next(
        (looks.HAIR_ADJECTIVES[m.word] for m in _by_weight(modifiers) if m.word in looks.HAIR_ADJECTIVES), None
    )
    if colour:
        wishes.set(noun, "hair_colour", colour)
    if fixed or style:
        wishes.set(noun, "hair_style", fixed or style)
    if not (colour or fixed or style):
        wishes.note(noun, "", None)
    return [m for m in modifiers if not _of_colour(m) and m.word not in looks.HAIR_ADJECTIVES]


def _by_weight(modifiers: Sequence[Modifier]) -> list[Modifier]:
    """Return modifiers of hair, what says more of the style first: ``long curly`` is curly."""
    vague = ("messy", "tousled", "straight", "neat", "short", "long")
    return sorted(modifiers, key=lambda m: vague.index(m.word) if m.word in vague else -1)


def _of_colour(m: Modifier) -> bool:
    parts = m.word.split()
    return m.word in looks.COLOUR_WORDS or all(w in looks.COLOUR_WORDS or w in looks.SHADES for w in parts)


def _beard(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    assert noun is not None
    kind = "none" if noun.negated else looks.BEARD_NOUNS[noun.word]
    words = [m.word for m in modifiers]
    if kind == "full" and ("stubbly" in words or "very short" in words):
        kind = "stubble"
    wishes.set(noun, "beard", kind)
    colour = colour_in(modifiers, "hair", HAIR_COLOURS)
    if colour and kind != "none":
        wishes.beard_colour = colour
        wishes.note(noun, "hair_colour", colour)
    lengths = (*looks.HAIR_ADJECTIVES, *looks.SIZES)
    return [m for m in modifiers if not _of_colour(m) and m.word not in lengths]


def _glasses(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    assert noun is not None
    kind = looks.GLASSES_NOUNS[noun.word]
    shape = next((m.word for m in modifiers if m.word in ("round", "square")), None)
    if kind == "sun" or noun.negated:
        shape = None
    wishes.set(noun, "glasses", "none" if noun.negated else shape or kind)
    return [m for m in modifiers if m.word not in ("round", "square", "big", "large", "small")]


def _hat(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    assert noun is not None
    wishes.set(noun, "hat", "none" if noun.negated else looks.HAT_NOUNS[noun.word])
    colour = colour_in(modifiers, "garment", GARMENT_COLOURS)
    if colour:
        wishes.set(noun, "hat_colour", colour)
    return [m for m in modifiers if not _of_colour(m)]


def _garment(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    assert noun is not None
    kind, usual = looks.GARMENT_NOUNS[noun.word]
    if noun.negated:
        wishes.bare.add(kind)
        wishes.note(noun, f"garments.{kind}", None)
        return []
    worn = {"kind": kind, "colour": colour_in(modifiers, "garment", GARMENT_COLOURS) or usual}
    pattern = next((looks.PATTERN_WORDS[m.word] for m in modifiers if m.word in looks.PATTERN_WORDS), None)
    if pattern:
        worn["pattern"] = pattern
    wishes.garments = [g for g in wishes.garments if g["kind"] != kind] + [worn]
    wishes.note(noun, f"garments.{kind}", worn["colour"])
    return [m for m in modifiers if not _of_colour(m) and m.word not in looks.PATTERN_WORDS]


def _skin(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    assert noun is not None
    left = []
    for m in modifiers:
        if m.word in people.TONES:
            tone = people.TONES[m.word]
            far = tone + (0.5 - tone) * -0.25 * (m.degree - 1.0)
            wishes.tones.append((far, far))
            wishes.note(m, "skin_tone", round(far, 4))
        elif m.word in people.ANCESTRY:
            wishes.tones.append(people.ANCESTRY[m.word][1])
            wishes.note(m, "skin_tone", list(people.ANCESTRY[m.word][1]))
        elif m.word in looks.COLOUR_WORDS:
            name = colour_in([m], "garment", GARMENT_COLOURS) or ""
            wishes.set(m, "skin_colour", GARMENT_COLOURS.get(name, name))
        else:
            left.append(m)
    wishes.note(noun, "skin_tone", None)
    return left


def _eyes(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    assert noun is not None
    colour = colour_in(modifiers, "eyes", EYE_COLOURS)
    if colour:
        wishes.set(noun, "eye_colour", colour)
    return _part(wishes, noun, [m for m in modifiers if not _of_colour(m)])


def _part(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    assert noun is not None
    word = _PART_ALIASES.get(noun.word, noun.word)
    if word == "face" and noun.negated:
        wishes.set(noun, "no_face", True)
        return []
    if word == "muscles":
        sizes = [looks.SIZES[m.word][1] * m.degree for m in modifiers if m.word in looks.SIZES]
        _add_traits(wishes, noun, {"muscle": 0.28}, sum(sizes, 0.0) / 0.6 if sizes else 1.0)
        return [m for m in modifiers if m.word not in looks.SIZES]
    wishes.note(noun, "", None)
    left = []
    for m in modifiers:
        if m.word not in looks.SIZES:
            left.append(m)
            continue
        dimension, amount = looks.SIZES[m.word]
        part = looks.PARTS[word]
        for slider in part.get(dimension, part.get("size", ())):
            _slide(wishes, m, slider, min(max(amount * m.degree * (_DENIED if m.negated else 1.0), -1.0), 1.0))
    return left


def _style(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    assert noun is not None
    if not noun.negated:
        wishes.set(noun, "style", people.STYLE_WORDS[noun.word])
        if noun.word in ("superhero", "heroic"):
            wishes.deltas["muscle"] = wishes.deltas.get("muscle", 0.0) + 0.15
    return list(modifiers)


def _look(wishes: Wishes, noun: Noun | None, modifiers: Sequence[Modifier]) -> list[Modifier]:
    assert noun is not None
    given = {} if noun.negated else looks.LOOKS[noun.word]
    for field, value in given.items():
        if field == "tone":
            tone = float(str(value))
            wishes.tones.append((tone, tone))
            wishes.note(noun, "skin_tone", tone)
        elif field == "bare":
            wishes.bare |= {"shoes", "boots"}
            wishes.note(noun, "garments.shoes", None)
        else:
            wishes.set(noun, field, value)
    if not given:
        wishes.unused.append((noun.start, noun.end))
    return list(modifiers)


_READERS: dict[str, Callable[[Wishes, Noun | None, Sequence[Modifier]], list[Modifier]]] = {
    "person": _person,
    "hair": _hair,
    "beard": _beard,
    "glasses": _glasses,
    "hat": _hat,
    "garment": _garment,
    "skin": _skin,
    "eyes": _eyes,
    "part": _part,
    "style": _style,
    "look": _look,
}
