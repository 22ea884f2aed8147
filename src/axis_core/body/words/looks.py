"""Words for what is seen on a person: parts of body and face, hair, beards, glasses, hats, clothes, colours."""

from __future__ import annotations

from collections.abc import Mapping


__all__ = [
    "BEARD_NOUNS",
    "COLOUR_WORDS",
    "GARMENT_NOUNS",
    "GLASSES_NOUNS",
    "HAIR_ADJECTIVES",
    "HAIR_NOUNS",
    "HAIR_ONLY",
    "HAT_NOUNS",
    "LOOKS",
    "PARTS",
    "PATTERN_WORDS",
    "SHADES",
    "SIZES",
]

PARTS: dict[str, Mapping[str, tuple[str, ...]]] = {
    "nose": {"size": ("nose_volume",), "length": ("nose_height",), "width": ("nose_width",),
        "out": ("nose_protrusion",), "tip": ("nose_tip_shift_up",), "curve": ("nose_hump",)},
    "nostrils": {"size": ("nostril_width",), "width": ("nostril_width",)},
    "ears": {"size": ("ear_size",), "length": ("ear_height",), "out": ("ear_protrusion",), "point": ("ear_tip_shape",)},
    "ear": {"size": ("ear_size",), "out": ("ear_protrusion",)},
    "earlobes": {"size": ("ear_lobe_size",)},
    "lips": {"size": ("upper_lip_volume", "lower_lip_volume"), "width": ("upper_lip_width", "lower_lip_width"),
        "thick": ("upper_lip_volume", "lower_lip_volume")},
    "lip": {"size": ("lower_lip_volume",), "thick": ("lower_lip_volume",)},
    "mouth": {"size": ("mouth_width",), "width": ("mouth_width",), "length": ("mouth_height",)},
    "smile": {"size": ("mouth_corners_shift_up",), "width": ("mouth_width",)},
    "chin": {"size": ("chin_height",), "length": ("chin_height",), "width": ("chin_width",),
        "out": ("chin_prominence",), "square": ("chin_width",), "point": ("chin_triangular",),
        "double": ("double_chin",), "cleft": ("chin_cleft",)},
    "jaw": {"size": ("chin_bones",), "width": ("chin_width",), "square": ("chin_width", "head_square"),
        "out": ("chin_prominence",)},
    "jawline": {"size": ("chin_bones",), "width": ("chin_width",), "square": ("chin_width", "head_square")},
    "cheeks": {"size": ("cheek_volume",), "thick": ("cheek_volume",), "round": ("cheek_volume",),
        "tall": ("cheek_shift_up",)},
    "cheekbones": {"size": ("cheekbones",), "tall": ("cheekbones",), "out": ("cheekbones",)},
    "forehead": {"size": ("forehead_height",), "tall": ("forehead_height",), "length": ("forehead_height",),
        "width": ("temple_width",)},
    "brow": {"size": ("forehead_shift_forward",), "out": ("forehead_shift_forward",)},
    "eyebrows": {"size": ("eyebrows_shift_forward",), "tall": ("eyebrows_shift_up",)},
    "head": {"size": ("head_width", "head_height", "head_depth"), "width": ("head_width",), "length": ("head_height",),
        "round": ("head_round",), "square": ("head_square",), "oval": ("head_oval",)},
    "face": {"size": ("head_width", "head_height"), "width": ("head_width",), "length": ("head_height",),
        "round": ("head_round",), "square": ("head_square",), "oval": ("head_oval",), "thick": ("face_fullness",),
        "heart": ("head_inverted_triangular",)},
    "neck": {"size": ("neck_girth",), "length": ("neck_length",), "width": ("neck_width",), "thick": ("neck_girth",)},
    "shoulders": {"size": ("shoulder_breadth",), "width": ("shoulder_breadth",), "strong": ("shoulder_muscle",)},
    "chest": {"size": ("chest_girth",), "width": ("chest_breadth",), "strong": ("chest_muscle",)},
    "breasts": {"size": ("breast_projection",)},
    "back": {"size": ("back_muscle",), "length": ("back_length",), "width": ("torso_width",),
        "strong": ("back_muscle",)},
    "torso": {"size": ("torso_width",), "length": ("torso_height",), "width": ("torso_width",)},
    "waist": {"size": ("waist_girth",), "width": ("waist_girth",), "thick": ("waist_girth",),
        "tall": ("waist_height",)},
    "belly": {"size": ("stomach_roundness",), "round": ("stomach_roundness",), "thick": ("stomach_roundness",),
        "strong": ("stomach_tone",)},
    "hips": {"size": ("hip_width",), "width": ("hip_width",), "thick": ("hip_girth",)},
    "bottom": {"size": ("buttocks_volume",), "round": ("buttocks_volume",)},
    "arms": {"size": ("upper_arm_girth",), "length": ("upper_arm_length", "lower_arm_length"),
        "thick": ("upper_arm_girth",), "strong": ("upper_arm_muscle",)},
    "forearms": {"size": ("lower_arm_muscle",), "strong": ("lower_arm_muscle",)},
    "hands": {"size": ("hand_size",)},
    "fingers": {"size": ("finger_thickness",), "length": ("finger_length",), "thick": ("finger_thickness",)},
    "legs": {"size": ("thigh_girth",), "length": ("both_upper_legs_length", "both_lower_legs_length"),
        "thick": ("thigh_girth",), "strong": ("upper_leg_muscle",)},
    "thighs": {"size": ("thigh_girth",), "thick": ("thigh_girth",), "strong": ("upper_leg_muscle",)},
    "calves": {"size": ("calf_girth",), "thick": ("calf_girth",), "strong": ("lower_leg_muscle",)},
    "feet": {"size": ("foot_size",), "width": ("foot_width",)},
    "eyes": {"size": ("eye_size",), "width": ("eye_shift_out",), "out": ("eye_inner_depth",),
        "slant": ("eye_outer_corner_shift_up",)},
    "muscles": {},
}  # fmt: skip
"""Parts of the body and the sliders of their dimensions; a dimension a part lacks is read as its size."""
PARTS |= {
    "tummy": PARTS["belly"], "stomach": PARTS["belly"], "butt": PARTS["bottom"], "buttocks": PARTS["bottom"],
    "cheek": PARTS["cheeks"], "temples": {"size": ("temple_width",)},
    "nostril": PARTS["nostrils"], "shoulder": PARTS["shoulders"], "biceps": PARTS["arms"], "bosom": PARTS["breasts"],
    "bust": PARTS["breasts"], "hip": PARTS["hips"], "leg": PARTS["legs"],
}  # fmt: skip

SIZES: dict[str, tuple[str, float]] = {
    "big": ("size", 0.6), "large": ("size", 0.6), "huge": ("size", 0.9), "enormous": ("size", 1.0), "massive": ("size",
        0.9), "giant": ("size", 1.0), "great": ("size", 0.6), "oversized": ("size", 0.8),
    "small": ("size", -0.6), "little": ("size", -0.6), "tiny": ("size", -0.9), "petite": ("size", -0.5),
    "dainty": ("size", -0.5), "delicate": ("size", -0.4), "button": ("size", -0.7),
    "long": ("length", 0.6), "short": ("length", -0.6), "elongated": ("length", 0.6), "stubby": ("length", -0.7),
    "wide": ("width", 0.6), "broad": ("width", 0.6), "narrow": ("width", -0.6),
    "slim": ("width", -0.5), "slender": ("width", -0.5), "thin": ("thick", -0.6), "skinny": ("thick", -0.6),
    "thick": ("thick", 0.6), "fat": ("thick", 0.7), "full": ("thick", 0.6), "plump": ("thick", 0.6),
    "chubby": ("thick", 0.6),
    "fleshy": ("thick", 0.6), "bony": ("thick", -0.6), "hollow": ("thick", -0.7), "sunken": ("thick", -0.7),
    "high": ("tall", 0.6), "low": ("tall", -0.6), "prominent": ("out", 0.6), "protruding": ("out", 0.7),
    "strong": ("strong", 0.6), "muscular": ("strong", 0.7), "powerful": ("strong", 0.7), "weak": ("out", -0.6),
    "receding": ("out", -0.7), "flat": ("out", -0.6), "pointed": ("point", 0.7), "pointy": ("point", 0.7),
    "round": ("round", 0.6), "rounded": ("round", 0.5), "square": ("square", 0.7), "oval": ("oval", 0.6),
    "heart shaped": ("heart", 0.7), "heart-shaped": ("heart", 0.7), "upturned": ("tip", 0.6), "snub": ("tip", 0.6),
    "hooked": ("curve", 0.7), "aquiline": ("curve", 0.6),
    "crooked": ("curve", 0.5), "double": ("double", 0.8), "cleft": ("cleft", 0.8), "dimpled": ("cleft", 0.6),
    "almond": ("slant", 0.5), "slanted": ("slant", 0.5), "deep set": ("out", -0.6), "bulging": ("out", 0.6),
}  # fmt: skip
"""Adjectives of parts: dimension and amount."""

HAIR_NOUNS: dict[str, str | None] = {
    "hair": None, "haired": None, "hairdo": None, "hairstyle": None, "haircut": None, "locks": "long",
    "curls": "curly", "afro": "afro", "bob": "bob", "bun": "bun", "topknot": "bun", "ponytail": "ponytail",
    "pony tail": "ponytail",
    "pigtails": "ponytail", "braids": "long", "braid": "ponytail", "dreadlocks": "long", "dreads": "long",
    "plait": "ponytail", "buzz cut": "buzz", "buzzcut": "buzz", "crew cut": "buzz", "mohawk": "short",
    "side parting": "side_part",
    "side part": "side_part", "pixie cut": "short", "pixie": "short", "bowl cut": "bob", "mullet": "long",
    "waves": "curly", "fringe": "bob", "bangs": "bob", "tonsure": "buzz", "quiff": "side_part",
    "comb over": "side_part",
}  # fmt: skip
"""What hair is called, with the style where it is one."""

HAIR_ADJECTIVES: dict[str, str] = {
    "short": "short", "long": "long", "very long": "long", "curly": "curly", "wavy": "curly", "frizzy": "afro",
    "kinky": "afro", "shaved": "buzz", "buzzed": "buzz", "cropped": "buzz", "close cropped": "buzz",
    "shoulder length": "bob",
    "chin length": "bob", "medium length": "bob", "waist length": "long", "flowing": "long", "braided": "ponytail",
    "side parted": "side_part", "parted": "side_part", "slicked back": "side_part", "slick": "side_part",
    "tied back": "ponytail",
    "spiky": "short", "messy": "short", "tousled": "short", "straight": "long", "fluffy": "curly", "bushy": "afro",
    "very short": "buzz", "tied up": "bun", "neat": "side_part", "bobbed": "bob",
}  # fmt: skip
"""Adjectives of hair and the style they mean."""

BEARD_NOUNS: dict[str, str] = {
    "beard": "full", "bearded": "full", "full beard": "full", "goatee": "goatee", "chin beard": "goatee",
    "van dyke": "goatee", "moustache": "moustache", "mustache": "moustache", "moustached": "moustache",
    "mustached": "moustache", "stubble": "stubble",
    "stubbly": "stubble", "unshaven": "stubble", "five o'clock shadow": "stubble", "whiskers": "full",
    "facial hair": "full", "sideburns": "stubble", "clean shaven": "none", "beardless": "none", "shaven": "none",
}  # fmt: skip
GLASSES_NOUNS: dict[str, str] = {
    "glasses": "round", "spectacles": "round", "eyeglasses": "round", "specs": "round", "bespectacled": "round",
    "sunglasses": "sun", "shades": "sun", "goggles": "square", "reading glasses": "square",
}  # fmt: skip
HAT_NOUNS: dict[str, str] = {
    "hat": "brimmed", "cap": "cap", "baseball cap": "cap", "beanie": "beanie", "woolly hat": "beanie",
    "wool hat": "beanie", "knit cap": "beanie", "knitted hat": "beanie", "cowboy hat": "brimmed", "fedora": "brimmed",
    "sunhat": "brimmed", "straw hat": "brimmed",
    "top hat": "brimmed", "bonnet": "beanie", "helmet": "cap", "beret": "beanie", "headgear": "cap",
    "stetson": "brimmed",
}  # fmt: skip

GARMENT_NOUNS: dict[str, tuple[str, str | None]] = {
    "t shirt": ("t_shirt", None), "tshirt": ("t_shirt", None), "tee": ("t_shirt", None), "top": ("t_shirt", None),
    "polo shirt": ("t_shirt", None), "polo": ("t_shirt", None), "jersey": ("t_shirt", None), "tunic": ("shirt", None),
    "shirt": ("shirt", None), "blouse": ("shirt", None), "dress shirt": ("shirt", "white"), "button down": ("shirt",
        None), "flannel": ("shirt", None), "vest": ("tank_top", None), "tank top": ("tank_top", None),
        "singlet": ("tank_top", None), "tanktop": ("tank_top", None),
    "sweater": ("sweater", None), "jumper": ("sweater", None), "pullover": ("sweater", None), "cardigan": ("sweater",
        None), "turtleneck": ("sweater", None), "sweatshirt": ("sweater", None), "knitwear": ("sweater", None),
    "hoodie": ("hoodie", None), "hooded sweatshirt": ("hoodie", None), "jacket": ("jacket", None), "coat": ("jacket",
        None), "blazer": ("jacket", "navy"), "anorak": ("jacket", None), "parka": ("jacket", None),
        "raincoat": ("jacket", "yellow"), "overcoat": ("jacket", None),
    "leather jacket": ("jacket", "black"), "bomber jacket": ("jacket", "olive"), "denim jacket": ("jacket", "denim"),
    "jean jacket": ("jacket", "denim"), "lab coat": ("jacket", "white"), "suit jacket": ("jacket", "charcoal"),
    "windbreaker": ("jacket", None),
    "trousers": ("trousers", None), "pants": ("trousers", None), "jeans": ("trousers", "denim"),
    "leggings": ("trousers", "black"), "slacks": ("trousers", None), "chinos": ("trousers", "khaki"),
    "khakis": ("trousers", "khaki"), "sweatpants": ("trousers", "grey"),
    "joggers": ("trousers", "grey"), "tights": ("trousers", "black"), "cargo pants": ("trousers", "olive"),
    "overalls": ("trousers", None), "dungarees": ("trousers", "denim"), "shorts": ("shorts", None),
    "hot pants": ("shorts", None), "swim shorts": ("shorts", None),
    "skirt": ("skirt", None), "miniskirt": ("skirt", None), "kilt": ("skirt", "green"), "dress": ("dress", None),
    "gown": ("dress", None), "sundress": ("dress", None), "robe": ("dress", None), "frock": ("dress", None),
    "kimono": ("dress", None),
    "shoes": ("shoes", None), "sneakers": ("shoes", "white"), "trainers": ("shoes", "white"),
    "running shoes": ("shoes", None), "loafers": ("shoes", "brown"), "sandals": ("shoes", "brown"),
    "slippers": ("shoes", None), "heels": ("shoes", "black"), "footwear": ("shoes", None),
    "boots": ("boots", None), "wellingtons": ("boots", "green"), "wellies": ("boots", "green"),
    "hiking boots": ("boots", "brown"), "combat boots": ("boots", "black"), "cowboy boots": ("boots", "brown"),
    "bodysuit": ("bodysuit", None), "jumpsuit": ("bodysuit", None), "catsuit": ("bodysuit", "black"),
    "wetsuit": ("bodysuit", "black"), "spandex": ("bodysuit", None), "spacesuit": ("bodysuit", "white"),
    "leotard": ("bodysuit", None), "onesie": ("bodysuit", None),
}  # fmt: skip
"""Clothes: the kind and the colour they have where none is said."""

PATTERN_WORDS: dict[str, str] = {
    "striped": "stripes", "stripy": "stripes", "stripey": "stripes", "pinstriped": "stripes", "pinstripe": "stripes",
    "checked": "checks", "checkered": "checks", "chequered": "checks", "plaid": "checks", "tartan": "checks",
    "gingham": "checks", "plain": "plain",
}  # fmt: skip

COLOUR_WORDS: dict[str, str] = {
    "red": "red", "crimson": "red", "scarlet": "red", "ruby": "red", "blue": "blue", "azure": "light_blue",
    "sky blue": "light_blue", "baby blue": "light_blue", "navy": "navy", "navy blue": "navy", "royal blue": "blue",
    "cobalt": "blue", "green": "green",
    "emerald": "green", "forest green": "green", "olive": "olive", "lime": "lime", "mint": "mint", "teal": "teal",
    "turquoise": "turquoise", "cyan": "cyan", "aqua": "cyan", "yellow": "yellow", "mustard": "mustard", "gold": "gold",
    "golden": "gold",
    "orange": "orange", "peach": "peach", "coral": "salmon", "salmon": "salmon", "pink": "pink", "rose": "pink",
    "magenta": "magenta", "fuchsia": "magenta", "purple": "purple", "violet": "violet", "lilac": "lavender",
    "lavender": "lavender", "mauve": "lavender",
    "burgundy": "burgundy", "maroon": "maroon", "wine": "burgundy", "wine red": "burgundy", "brown": "brown",
    "chocolate": "brown", "tan": "tan", "camel": "tan", "beige": "beige", "cream": "cream", "ivory": "cream",
    "khaki": "khaki", "black": "black",
    "jet black": "black", "white": "white", "snow white": "white", "grey": "grey", "gray": "grey", "graying": "grey",
    "greying": "grey", "charcoal": "charcoal", "silver": "silver", "silvery": "silver", "denim": "denim",
    "indigo": "navy", "blond": "blond",
    "blonde": "blond", "fair": "light_blond", "dirty blond": "dark_blond", "dirty blonde": "dark_blond",
    "strawberry blond": "copper", "strawberry blonde": "copper", "ginger": "ginger", "auburn": "auburn",
    "copper": "copper", "brunette": "brown", "chestnut": "auburn", "raven": "black",
    "platinum": "platinum", "platinum blond": "platinum", "platinum blonde": "platinum", "hazel": "hazel",
    "amber": "amber", "redhead": "red", "red headed": "red", "salt and pepper": "grey", "sandy": "dark_blond",
    "ashen": "grey", "mousy": "light_brown",
}  # fmt: skip
"""Names of colours; what a palette lacks is taken as the cloth's colour in hex."""
HAIR_ONLY = frozenset({"blond", "light_blond", "dark_blond", "ginger", "auburn", "copper", "platinum", "light_brown"})
"""Colours that nothing but hair has: said of a person, they are the hair's."""
SHADES: dict[str, float] = {
    "dark": -0.4,
    "deep": -0.35,
    "light": 0.4,
    "pale": 0.5,
    "bright": 0.15,
    "pastel": 0.55,
    "vivid": 0.0,
    "dull": -0.1,
}
"""How far a shade goes to white (> 0) or black (< 0)."""

LOOKS: dict[str, Mapping[str, object]] = {
    "bald": {"hair_style": "bald"}, "baldheaded": {"hair_style": "bald"}, "bald headed": {"hair_style": "bald"},
    "hairless": {"hair_style": "bald"}, "balding": {"hair_style": "buzz"}, "faceless": {"no_face": True},
    "brunette": {"hair_colour": "brown"}, "redhead": {"hair_colour": "red"}, "redheaded": {"hair_colour": "red"},
    "goth": {}, "topless": {}, "barefoot": {"bare": "feet"}, "shoeless": {"bare": "feet"}, "freckled": {},
    "freckles": {},
    "dark haired": {"hair_colour": "dark_brown"}, "fair haired": {"hair_colour": "light_blond"},
    "light haired": {"hair_colour": "light_blond"}, "dark skinned": {"tone": 0.80}, "light skinned": {"tone": 0.16},
    "pale skinned": {"tone": 0.08}, "fair skinned": {"tone": 0.12},
    "brown skinned": {"tone": 0.66}, "black skinned": {"tone": 0.92}, "olive skinned": {"tone": 0.40},
    "tan skinned": {"tone": 0.48}, "curly haired": {"hair_style": "curly"}, "long haired": {"hair_style": "long"},
    "short haired": {"hair_style": "short"},
    "blue eyed": {"eye_colour": "blue"}, "green eyed": {"eye_colour": "green"}, "brown eyed": {"eye_colour": "brown"},
    "grey eyed": {"eye_colour": "grey"}, "gray eyed": {"eye_colour": "grey"},
    "dark eyed": {"eye_colour": "dark_brown"}, "hairy": {},
}  # fmt: skip
"""Words that set a look by themselves."""
