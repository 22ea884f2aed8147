"""Reading: the words of a prompt as modifiers and nouns, each noun with the modifiers that belong to it.

English puts adjectives before their noun (``short grey hair``) or after a form of "to be" (``her hair is short and
grey``); what meets no noun before the clause ends belongs to the person.
"""

from __future__ import annotations

import re

import attrs

from axis_core.body.words import looks, people


__all__ = ["Group", "Modifier", "Noun", "read_groups"]

_WORD = re.compile(r"[a-z][a-z']*|[,;.:!?()/&]")
_LONGEST = 4

_DEGREES = {
    "slightly": 0.45, "bit": 0.45, "somewhat": 0.5, "mildly": 0.45, "fairly": 0.8, "quite": 0.85, "rather": 0.8,
    "pretty much": 0.9, "moderately": 0.7, "very": 1.5, "really": 1.4, "so": 1.3, "super": 1.6, "too": 1.3,
    "extremely": 2.2, "incredibly": 2.0, "extraordinarily": 2.2, "exceptionally": 1.9, "insanely": 2.2,
    "unusually": 1.5, "strikingly": 1.4, "ultra": 2.0, "hugely": 1.8, "wonderfully": 1.2, "unbelievably": 2.1,
    "well": 1.2,
}  # fmt: skip
"""How much a degree word makes of an adjective."""
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "without",
        "never",
        "isn't",
        "aren't",
        "isnt",
        "doesn't",
        "doesnt",
        "don't",
        "hasn't",
        "hasnt",
        "lacks",
        "lacking",
        "minus",
        "neither",
        "nor",
        "non",
    ]
)
_BREAKS = frozenset(
    [
        ",",
        ";",
        ".",
        ":",
        "!",
        "?",
        "(",
        ")",
        "/",
        "with",
        "but",
        "in",
        "wearing",
        "wears",
        "who",
        "that",
        "has",
        "have",
        "having",
        "dressed",
        "sporting",
        "while",
        "plus",
        "on",
        "carrying",
        "holding",
        "has",
    ]
)
_COPULAS = frozenset(["is", "are", "was", "were", "be", "being", "looks", "look", "seems"])
_FILLERS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "and",
        "or",
        "&",
        "for",
        "to",
        "at",
        "by",
        "as",
        "it",
        "its",
        "there",
        "this",
        "make",
        "me",
        "create",
        "generate",
        "please",
        "want",
        "i",
        "would",
        "like",
        "need",
        "build",
        "design",
        "called",
        "named",
        "years",
        "year",
        "age",
        "aged",
        "height",
        "weight",
        "build",
        "weighing",
        "weighs",
        "weight",
        "body",
        "physique",
        "figure",
        "looking",
        "kind",
        "type",
        "style",
        "size",
        "colour",
        "color",
        "coloured",
        "colored",
        "average",
        "normal",
        "medium",
        "regular",
        "typical",
        "ordinary",
        "some",
        "from",
        "my",
        "our",
        "your",
        "one",
        "pair",
        "s",
        "which",
        "also",
        "about",
        "around",
        "completely",
        "fully",
        "all",
        "natural",
        "dyed",
        "cute",
        "nice",
        "lovely",
        "simple",
        "everyday",
        "casual",
        "clothes",
        "clothing",
        "outfit",
        "wear",
        "look",
        "still",
        "game",
        "ready",
        "friendly",
        "cool",
        "new",
        "good",
        "unreal",
        "unity",
        "godot",
        "roblox",
    ]
)
"""Words that carry nothing for a body: read, and neither used nor reported."""

_PARTS_AS_ADJECTIVES = {
    "eyed": "eyes", "nosed": "nose", "eared": "ears", "legged": "legs", "shouldered": "shoulders", "chested": "chest",
    "hipped": "hips", "lipped": "lips", "necked": "neck", "jawed": "jaw", "faced": "face", "waisted": "waist",
    "armed": "arms",
    "bellied": "belly", "browed": "eyebrows", "chinned": "chin", "footed": "feet", "handed": "hands", "headed": "head",
}  # fmt: skip
_SKIN = frozenset(("skin", "skinned", "complexion", "complected", "skin tone", "skin colour", "skin color"))
_FACE_OFF = "face"

_NOUNS: dict[str, str] = {
    **dict.fromkeys(people.PEOPLE, "person"),
    **dict.fromkeys(looks.PARTS, "part"),
    **dict.fromkeys(_PARTS_AS_ADJECTIVES, "part"),
    **dict.fromkeys(("eyes", "eye", "eyed", "iris", "irises"), "eyes"),
    **dict.fromkeys(looks.HAIR_NOUNS, "hair"),
    **dict.fromkeys(looks.BEARD_NOUNS, "beard"),
    **dict.fromkeys(looks.GLASSES_NOUNS, "glasses"),
    **dict.fromkeys(looks.HAT_NOUNS, "hat"),
    **dict.fromkeys(looks.GARMENT_NOUNS, "garment"),
    **dict.fromkeys(_SKIN, "skin"),
    **dict.fromkeys(people.STYLE_WORDS, "style"),
    **dict.fromkeys(looks.LOOKS, "look"),
}
_MODIFIERS = frozenset(
    [
        *people.TRAITS, *people.AGES, *people.ANCESTRY, *people.TONES, *looks.SIZES, *looks.HAIR_ADJECTIVES,
        *looks.COLOUR_WORDS, *looks.SHADES, *looks.PATTERN_WORDS,
    ]
)  # fmt: skip
_KNOWN = frozenset([*_NOUNS, *_MODIFIERS, *_DEGREES, *_NEGATIONS, *_BREAKS, *_COPULAS, *_FILLERS])
_MODIFIER_FIRST = frozenset(("redhead", "brunette"))


@attrs.frozen
class Modifier:
    """An adjective as it stands: ``word`` of the lexicon, how much of it, and whether it is denied."""

    word: str
    start: int
    end: int
    degree: float = 1.0
    negated: bool = False


@attrs.frozen
class Noun:
    """A noun of the lexicon: its ``kind`` is ``person part eyes hair beard glasses hat garment skin style look``."""

    kind: str
    word: str
    start: int
    end: int
    negated: bool = False


@attrs.frozen
class Group:
    """A noun with its modifiers; without a noun, they are the person's."""

    noun: Noun | None
    modifiers: tuple[Modifier, ...]


@attrs.define
class _Reader:
    groups: list[Group] = attrs.field(factory=list)
    unmatched: list[tuple[int, int]] = attrs.field(factory=list)
    pending: list[Modifier] = attrs.field(factory=list)
    topic: Noun | None = None
    last: Noun | None = None
    degree: float = 1.0
    negated: bool = False
    both: bool = False
    used: bool = False

    def flush(self) -> None:
        """End a clause: what is pending belongs to the topic, or to the person."""
        if self.pending:
            self.groups.append(Group(self.topic, tuple(self.pending)))
        if self.pending or self.used:
            self.negated = self.both = self.used = False
        self.pending, self.topic = [], None

    def noun(self, noun: Noun) -> None:
        if self.topic is not None and self.pending:
            self.groups.append(Group(self.topic, tuple(self.pending)))
            self.pending, self.topic = [], None
        denied = self.negated and not any(m.negated for m in self.pending)
        plain = tuple(attrs.evolve(m, negated=m.negated and noun.kind in ("person", "style")) for m in self.pending)
        lost = self.negated and any(m.negated for m in self.pending) and noun.kind not in ("person", "style")
        noun = attrs.evolve(noun, negated=denied or lost)
        self.groups.append(Group(noun, () if noun.negated else plain))
        self.pending, self.last, self.topic, self.used = [], noun, None, True
        self.degree = 1.0

    def modifier(self, word: str, start: int, end: int) -> None:
        self.pending.append(Modifier(word, start, end, self.degree, self.negated))
        self.degree = 1.0
        if not self.both:
            self.used = True

    def conjunction(self) -> None:
        """``and``: a denial ends, unless it was ``neither``."""
        if self.used and not self.both:
            self.negated = self.used = False


def read_groups(text: str) -> tuple[tuple[Group, ...], tuple[tuple[int, int], ...]]:
    """Return the groups of a lower-case text without measures, and the spans of words that nothing was made of."""
    tokens = [(m[0], m.start(), m.end()) for m in _WORD.finditer(text)]
    reader = _Reader()
    i = 0
    while i < len(tokens):
        word, n = _longest_match(tokens, i)
        start, end = tokens[i][1], tokens[i + n - 1][2]
        following = _longest_match(tokens, i + n)[0] if i + n < len(tokens) else ""
        _take(reader, word, start, end, following)
        i += n
    reader.flush()
    return tuple(reader.groups), tuple(reader.unmatched)


def _take(reader: _Reader, word: str, start: int, end: int, following: str) -> None:
    if word in _NEGATIONS:
        if reader.pending and word not in ("nor",):
            reader.flush()
        reader.negated, reader.both, reader.used = True, word in ("neither", "nor"), False
    elif word in _DEGREES or (word in ("little", "pretty") and following in people.TRAITS and following not in _NOUNS):
        reader.degree = _DEGREES.get(word, 0.45 if word == "little" else 1.0)
    elif word in _BREAKS:
        reader.flush()
    elif word in _COPULAS:
        if reader.pending:
            reader.flush()
        reader.topic = reader.last
    elif word == "and":
        reader.conjunction()
    elif word in _NOUNS and not (word in _MODIFIERS and _goes_before(following)):
        reader.noun(Noun(_NOUNS[word], word, start, end))
    elif word in _MODIFIERS:
        reader.modifier(word, start, end)
    elif word not in _FILLERS:
        reader.unmatched.append((start, end))


def _goes_before(following: str) -> bool:
    """Whether a word that is noun and adjective stands before what it describes."""
    return following in _NOUNS or following in _MODIFIERS


def _longest_match(tokens: list[tuple[str, int, int]], i: int) -> tuple[str, int]:
    """Return the longest phrase of the lexicon at ``i`` and its number of words; a plain word where there is none."""
    for n in range(min(_LONGEST, len(tokens) - i), 0, -1):
        phrase = " ".join(t[0] for t in tokens[i : i + n])
        if phrase in _KNOWN:
            return phrase, n
    return _stem(tokens[i][0]), 1


def _stem(word: str) -> str:
    """Return a known word that ``word`` is a form of (plural, comparative, -ish), or ``word``."""
    for ending, instead in (
        ("'s", ""),
        ("s", ""),
        ("es", ""),
        ("ish", ""),
        ("ish", "e"),
        ("er", ""),
        ("er", "e"),
        ("est", ""),
        ("ier", "y"),
        ("iest", "y"),
        ("ly", ""),
    ):
        bare = word.removesuffix(ending) + instead
        if word.endswith(ending) and bare in _KNOWN:
            return bare
        if (
            ending in ("ish", "er", "est")
            and word.endswith(ending)
            and bare[-2:-1] == bare[-1:]
            and bare[:-1] in _KNOWN
        ):
            return bare[:-1]
    return word
