"""Words for persons: what they are called, how they are built, how old they are, where their forebears lived.

Traits are deltas at the plain degree: ``height`` in metres from the typical stature, shares of 0..1 for the rest. The
numbers are ours, set so that ``very`` and ``extremely`` stay inside the range.
"""

from __future__ import annotations

from collections.abc import Mapping


__all__ = ["AGES", "ANCESTRY", "DECADES", "PEOPLE", "STYLE_WORDS", "TONES", "TRAITS"]

Trait = Mapping[str, float]

_TALL = {"height": 0.11}
_SHORT = {"height": -0.11}

TRAITS: dict[str, Trait] = {
    # stature
    "tall": _TALL, "lanky": {"height": 0.10, "weight": -0.20}, "towering": {"height": 0.18},
    "giant": {"height": 0.22, "weight": 0.05, "muscle": 0.05}, "gigantic": {"height": 0.24}, "leggy": {"height": 0.06,
        "proportions": 0.3},
    "lofty": _TALL, "short": _SHORT, "small": {"height": -0.09}, "tiny": {"height": -0.16}, "petite": {"height": -0.10,
        "weight": -0.14},
    "diminutive": {"height": -0.15}, "little": {"height": -0.09}, "undersized": _SHORT, "compact": {"height": -0.06,
        "proportions": -0.1},
    "big": {"height": 0.09, "weight": 0.12}, "large": {"height": 0.08, "weight": 0.14}, "huge": {"height": 0.14,
        "weight": 0.20},
    "massive": {"height": 0.12, "weight": 0.22, "muscle": 0.12}, "enormous": {"height": 0.14, "weight": 0.24},
    "hulking": {"height": 0.14, "muscle": 0.30, "weight": 0.10},
    # weight
    "thin": {"weight": -0.20}, "slim": {"weight": -0.17}, "slender": {"weight": -0.17}, "skinny": {"weight": -0.26},
    "lean": {"weight": -0.15, "muscle": 0.06},
    "scrawny": {"weight": -0.26, "muscle": -0.18}, "bony": {"weight": -0.30, "muscle": -0.12},
    "gaunt": {"weight": -0.32, "muscle": -0.15}, "emaciated": {"weight": -0.42, "muscle": -0.3},
    "underweight": {"weight": -0.28}, "lithe": {"weight": -0.15, "muscle": 0.08}, "willowy": {"weight": -0.18,
        "height": 0.05}, "wiry": {"weight": -0.18, "muscle": 0.14},
    "svelte": {"weight": -0.16}, "delicate": {"weight": -0.16, "muscle": -0.12}, "frail": {"weight": -0.20,
        "muscle": -0.25}, "fragile": {"weight": -0.18, "muscle": -0.2},
    "slight": {"weight": -0.16, "height": -0.04}, "spindly": {"weight": -0.26, "muscle": -0.15},
    "gangly": {"weight": -0.18, "height": 0.09}, "light": {"weight": -0.12},
    "chubby": {"weight": 0.20}, "plump": {"weight": 0.20}, "overweight": {"weight": 0.24}, "fat": {"weight": 0.30},
    "obese": {"weight": 0.42}, "heavy": {"weight": 0.24},
    "stout": {"weight": 0.20, "height": -0.04}, "portly": {"weight": 0.24}, "tubby": {"weight": 0.22},
    "rotund": {"weight": 0.32}, "pudgy": {"weight": 0.20}, "podgy": {"weight": 0.20},
    "corpulent": {"weight": 0.34}, "hefty": {"weight": 0.20, "muscle": 0.06}, "heavyset": {"weight": 0.22,
        "muscle": 0.06}, "heavy set": {"weight": 0.22, "muscle": 0.06},
    "full figured": {"weight": 0.20, "bust": 0.15}, "plus size": {"weight": 0.26}, "plus sized": {"weight": 0.26},
    "curvy": {"weight": 0.12, "bust": 0.15, "hip_width": 0.35, "waist_girth": -0.15},
    "voluptuous": {"weight": 0.14, "bust": 0.22, "hip_width": 0.4}, "curvaceous": {"weight": 0.12, "bust": 0.18,
        "hip_width": 0.4}, "busty": {"bust": 0.25}, "pear shaped": {"hip_width": 0.5, "weight": 0.08},
    "round": {"weight": 0.22}, "pot bellied": {"weight": 0.12, "stomach_roundness": 0.6}, "paunchy": {"weight": 0.10,
        "stomach_roundness": 0.5}, "pregnant": {"stomach_roundness": 1.0},
    "hourglass": {"bust": 0.12, "hip_width": 0.35, "waist_girth": -0.35},
    # muscle
    "muscular": {"muscle": 0.28}, "athletic": {"muscle": 0.20, "weight": -0.04}, "fit": {"muscle": 0.16,
        "weight": -0.05}, "strong": {"muscle": 0.24}, "buff": {"muscle": 0.32},
    "ripped": {"muscle": 0.34, "weight": -0.10}, "shredded": {"muscle": 0.34, "weight": -0.14},
    "jacked": {"muscle": 0.34}, "brawny": {"muscle": 0.30, "weight": 0.06}, "burly": {"muscle": 0.24, "weight": 0.14},
    "beefy": {"muscle": 0.26, "weight": 0.14}, "sturdy": {"muscle": 0.12, "weight": 0.08}, "robust": {"muscle": 0.14,
        "weight": 0.08}, "toned": {"muscle": 0.16, "weight": -0.04}, "sporty": {"muscle": 0.16, "weight": -0.04},
    "sinewy": {"muscle": 0.18, "weight": -0.12}, "powerful": {"muscle": 0.28}, "well built": {"muscle": 0.22},
    "stalwart": {"muscle": 0.18}, "weak": {"muscle": -0.25}, "feeble": {"muscle": -0.28, "weight": -0.08},
    "flabby": {"muscle": -0.2, "weight": 0.16}, "soft": {"muscle": -0.15, "weight": 0.06},
    "unathletic": {"muscle": -0.2}, "puny": {"muscle": -0.28, "height": -0.06, "weight": -0.12},
    # build
    "stocky": {"proportions": -0.28, "weight": 0.08, "muscle": 0.08, "height": -0.03}, "squat": {"proportions": -0.3,
        "height": -0.08}, "thickset": {"proportions": -0.2, "weight": 0.12},
    "thick set": {"proportions": -0.2, "weight": 0.12}, "long limbed": {"proportions": 0.3},
    "long legged": {"both_upper_legs_length": 0.5, "both_lower_legs_length": 0.4},
    "short legged": {"both_upper_legs_length": -0.5, "both_lower_legs_length": -0.4},
    "elegant": {"proportions": 0.25, "weight": -0.06}, "graceful": {"proportions": 0.22, "weight": -0.06},
    "statuesque": {"height": 0.08, "proportions": 0.3}, "handsome": {"proportions": 0.2},
    "beautiful": {"proportions": 0.2},
    "pretty": {"proportions": 0.18}, "attractive": {"proportions": 0.18}, "gorgeous": {"proportions": 0.22},
    "ugly": {"proportions": -0.25}, "hunched": {"proportions": -0.2}, "ungainly": {"proportions": -0.3},
    "broad shouldered": {"shoulder_breadth": 0.6}, "narrow shouldered": {"shoulder_breadth": -0.6},
    "wide hipped": {"hip_width": 0.6}, "narrow hipped": {"hip_width": -0.6}, "wasp waisted": {"waist_girth": -0.8},
    "barrel chested": {"chest_girth": 0.7, "ribcage_girth": 0.5}, "flat chested": {"bust": -0.35},
    "v shaped": {"torso_v_shape": 0.7}, "thick necked": {"neck_girth": 0.6}, "bull necked": {"neck_girth": 0.8},
    # sex of the build
    "masculine": {"gender": 0.3}, "manly": {"gender": 0.35}, "macho": {"gender": 0.35, "muscle": 0.15},
    "virile": {"gender": 0.3}, "feminine": {"gender": -0.3}, "girly": {"gender": -0.3}, "womanly": {"gender": -0.3},
    "ladylike": {"gender": -0.3}, "effeminate": {"gender": -0.2}, "boyish": {"gender": 0.15},
    "mannish": {"gender": 0.25},
    # faces
    "baby faced": {"face_age": -0.6, "head_round": 0.4}, "chubby cheeked": {"cheek_volume": 0.7},
    "hollow cheeked": {"cheek_volume": -0.7}, "square jawed": {"chin_width": 0.6, "head_square": 0.4},
    "lantern jawed": {"chin_width": 0.6, "chin_prominence": 0.6},
    "big eared": {"ear_size": 0.6}, "big nosed": {"nose_volume": 0.7}, "hook nosed": {"nose_hump": 0.7},
    "snub nosed": {"nose_tip_shift_up": 0.6}, "wide eyed": {"eye_size": 0.5}, "doe eyed": {"eye_size": 0.6},
    "weathered": {"face_age": 0.5}, "wrinkled": {"face_age": 0.7}, "wrinkly": {"face_age": 0.7},
    "rugged": {"face_age": 0.25, "chin_width": 0.3}, "moon faced": {"head_round": 0.7},
    "round faced": {"head_round": 0.6},
    "chiselled": {"cheekbones": 0.6, "chin_bones": 0.4}, "chiseled": {"cheekbones": 0.6, "chin_bones": 0.4},
    "full lipped": {"lower_lip_volume": 0.6, "upper_lip_volume": 0.6}, "thin lipped": {"lower_lip_volume": -0.6,
        "upper_lip_volume": -0.6},
}  # fmt: skip
"""Adjectives of a person."""

_WOMAN, _MAN, _ANY = 0.08, 0.92, None
_ADULT = None
_Person = tuple[float | None, tuple[float, float] | None, Trait]


def _of(
    words: str, gender: float | None, ages: tuple[float, float] | None, traits: Trait | None = None
) -> dict[str, _Person]:
    return dict.fromkeys(words.split(), (gender, ages, traits or {}))


PEOPLE: dict[str, _Person] = {
    **_of("woman lady female gal madam she her hers herself women", _WOMAN, _ADULT),
    **_of("man guy male gentleman bloke dude fellow chap he his him himself men mister", _MAN, _ADULT),
    **_of(
        "person human adult someone somebody people character avatar figure individual they their them hero",
        _ANY,
        _ADULT,
    ),
    **_of("nonbinary enby androgyne androgynous genderless", 0.5, _ADULT),
    "non binary": (0.5, None, {}),
    **_of("girl lass", _WOMAN, (7.0, 12.0)),
    **_of("boy lad", _MAN, (7.0, 12.0)),
    **_of("schoolgirl", _WOMAN, (8.0, 15.0)),
    **_of("schoolboy", _MAN, (8.0, 15.0)),
    **_of("child kid children", _ANY, (5.0, 10.0)),
    **_of("toddler infant", _ANY, (2.0, 3.0)),
    **_of("baby newborn", _ANY, (1.0, 1.5)),
    **_of("preschooler", _ANY, (3.0, 5.0)),
    **_of("teen teenager adolescent youngster youth", _ANY, (14.0, 18.0)),
    **_of("student", _ANY, (18.0, 25.0)),
    **_of("grandmother grandma granny nana crone", _WOMAN, (66.0, 82.0)),
    **_of("grandfather grandpa granddad gramps", _MAN, (66.0, 82.0)),
    **_of("pensioner elder senior retiree", _ANY, (66.0, 82.0)),
    **_of("mother mom mum wife", _WOMAN, (28.0, 45.0)),
    **_of("father dad husband", _MAN, (28.0, 48.0)),
    **_of("aunt", _WOMAN, (35.0, 60.0)),
    **_of("uncle", _MAN, (35.0, 60.0)),
    **_of("sister daughter princess actress waitress", _WOMAN, (18.0, 30.0)),
    **_of("brother son prince waiter", _MAN, (18.0, 30.0)),
    **_of(
        "queen businesswoman policewoman witch nun ballerina goddess heroine huntress sorceress", _WOMAN, (25.0, 55.0)
    ),
    **_of("king businessman policeman monk cowboy fisherman lumberjack god fireman sheriff butler", _MAN, (28.0, 55.0)),
    **_of("cowgirl cheerleader", _WOMAN, (18.0, 32.0)),
    **_of(
        "doctor nurse teacher chef cook pilot engineer scientist farmer painter artist singer musician worker",
        _ANY,
        (25.0, 58.0),
    ),
    **_of("wizard sage", _ANY, (55.0, 80.0)),
    **_of(
        "soldier guard warrior fighter knight ninja samurai gladiator barbarian", _ANY, (22.0, 45.0), {"muscle": 0.18}
    ),
    **_of("viking", _MAN, (28.0, 50.0), {"muscle": 0.18, "height": 0.04}),
    **_of(
        "runner cyclist swimmer climber athlete gymnast footballer",
        _ANY,
        (20.0, 35.0),
        {"muscle": 0.14, "weight": -0.10},
    ),
    **_of("dancer acrobat", _ANY, (19.0, 34.0), {"muscle": 0.10, "weight": -0.12}),
    **_of("boxer wrestler bouncer", _ANY, (22.0, 40.0), {"muscle": 0.28, "weight": 0.06}),
    **_of("bodybuilder strongman weightlifter powerlifter", _ANY, (23.0, 42.0), {"muscle": 0.42}),
    **_of("model", _ANY, (19.0, 30.0), {"height": 0.08, "weight": -0.16, "proportions": 0.3}),
    **_of("gamer programmer nerd geek librarian", _ANY, (20.0, 40.0)),
    **_of("punk goth hipster skater rapper", _ANY, (18.0, 32.0)),
    **_of("pirate hunter sailor captain bandit thief detective", _ANY, (26.0, 55.0)),
    **_of("elf", _ANY, (22.0, 35.0), {"weight": -0.14, "proportions": 0.3}),
    **_of("dwarf gnome", _ANY, (35.0, 70.0), {"height": -0.38, "proportions": -0.35, "weight": 0.12}),
    **_of("ogre orc troll", _ANY, (25.0, 45.0), {"height": 0.18, "muscle": 0.34, "weight": 0.2}),
}
"""Nouns and pronouns of persons: gender, span of ages, traits."""

AGES: dict[str, tuple[float, float]] = {
    "old": (66.0, 80.0), "elderly": (68.0, 85.0), "aged": (66.0, 82.0), "ancient": (80.0, 90.0), "very old": (76.0,
        88.0), "extremely old": (82.0, 90.0),
    "senior": (65.0, 80.0), "retired": (62.0, 78.0), "venerable": (70.0, 85.0), "geriatric": (72.0, 88.0),
    "middle aged": (42.0, 57.0), "middle age": (42.0, 57.0), "mature": (45.0, 60.0), "grown": (25.0, 45.0),
    "grown up": (25.0, 45.0), "young adult": (19.0, 28.0),
    "young": (19.0, 28.0), "youthful": (19.0, 27.0), "college aged": (18.0, 23.0), "teenage": (14.0, 18.0),
    "teenaged": (14.0, 18.0), "adolescent": (13.0, 18.0), "preteen": (10.0, 12.0),
    "infant": (1.0, 2.0), "newborn": (1.0, 1.2),
}  # fmt: skip
"""Adjectives of age."""

DECADES: dict[str, int] = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "20s": 20, "30s": 30, "40s": 40, "50s": 50, "60s": 60, "70s": 70, "80s": 80, "teens": 13,
}  # fmt: skip

ANCESTRY: dict[str, tuple[tuple[float, float, float], tuple[float, float]]] = {
    **dict.fromkeys(
        ("african", "african american", "nigerian", "kenyan", "ghanaian", "ethiopian", "somali", "zulu", "jamaican",
            "senegalese", "congolese"),
        ((1.0, 0.0, 0.0), (0.68, 0.92)),
    ),
    **dict.fromkeys(
        ("asian", "east asian", "chinese", "japanese", "korean", "vietnamese", "thai", "mongolian", "taiwanese",
            "filipino", "indonesian"),
        ((0.0, 1.0, 0.0), (0.18, 0.42)),
    ),
    **dict.fromkeys(
        ("european", "caucasian", "german", "french", "english", "british", "irish", "scottish", "swedish",
            "norwegian", "danish", "finnish", "dutch",
         "polish", "russian", "ukrainian", "austrian", "swiss", "nordic", "scandinavian", "slavic"),
        ((0.0, 0.0, 1.0), (0.04, 0.24)),
    ),
    **dict.fromkeys(("italian", "spanish", "greek", "portuguese", "mediterranean", "turkish"), ((0.05, 0.05, 0.9),
        (0.18, 0.40))),
    **dict.fromkeys(("indian", "pakistani", "bengali", "south asian", "sri lankan"), ((0.1, 0.4, 0.5), (0.45, 0.72))),
    **dict.fromkeys(("arab", "arabic", "persian", "iranian", "moroccan", "egyptian", "middle eastern"), ((0.2, 0.15,
        0.65), (0.30, 0.55))),
    **dict.fromkeys(("latino", "latina", "hispanic", "mexican", "brazilian", "peruvian", "colombian"), ((0.2, 0.3,
        0.5), (0.28, 0.58))),
    **dict.fromkeys(("polynesian", "maori", "hawaiian", "samoan"), ((0.2, 0.6, 0.2), (0.42, 0.66))),
    **dict.fromkeys(("mixed race", "biracial", "multiracial"), ((0.34, 0.33, 0.33), (0.35, 0.62))),
}  # fmt: skip
"""Ancestry, only where it is said: shares of (african, asian, european) and a span of skin tones."""

TONES: dict[str, float] = {
    "pale": 0.08, "fair": 0.12, "light": 0.18, "porcelain": 0.03, "ivory": 0.06, "white": 0.10, "rosy": 0.14,
    "pink": 0.12, "medium": 0.42, "olive": 0.40,
    "tanned": 0.48, "tan": 0.46, "bronzed": 0.55, "bronze": 0.55, "golden": 0.38, "brown": 0.66, "dark": 0.80,
    "deep": 0.86, "ebony": 0.95, "black": 0.92,
    "light brown": 0.55, "dark brown": 0.80, "caramel": 0.55, "swarthy": 0.56, "dusky": 0.62, "sunburnt": 0.30,
    "very dark": 0.93, "very pale": 0.02, "very light": 0.06,
}  # fmt: skip
"""Skin tones."""

STYLE_WORDS: dict[str, str] = {
    "realistic": "realistic", "photorealistic": "realistic", "lifelike": "realistic", "heroic": "heroic",
    "superhero": "heroic", "superheroine": "heroic", "epic": "heroic", "comic book": "heroic",
    "toon": "toon", "cartoon": "toon", "cartoonish": "toon", "cartoony": "toon", "stylised": "toon",
    "stylized": "toon", "animated": "toon", "pixar style": "toon", "anime": "toon", "manga": "toon",
    "chibi": "chibi", "super deformed": "chibi", "bobblehead": "chibi", "mannequin": "mannequin", "dummy": "mannequin",
    "crash test dummy": "mannequin", "store dummy": "mannequin",
    "robot": "robot", "android": "robot", "cyborg": "robot", "robotic": "robot", "droid": "robot", "mech": "robot",
    "automaton": "robot",
}  # fmt: skip
"""Words of style."""
