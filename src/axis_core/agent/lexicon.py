"""Words of goals: verbs and what they ask for, targets, repairs, poses; plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable


__all__ = [
    "ARCHETYPES",
    "BODY_NOUNS",
    "CATALOGUE",
    "FORMATS",
    "OUTPUT_PROFILES",
    "PLATFORMS",
    "POSES",
    "PROFILES",
    "REPAIRS",
    "REPORT_FORMATS",
    "STAGES",
    "STAGES_OF_VERBS",
    "TIERS",
    "UNKNOWN_FORMATS",
    "UNKNOWN_PLATFORMS",
    "UNSUPPORTED",
    "VERBS",
    "VIEWS",
    "first_match",
    "matches",
]

Patterns = tuple[tuple[str, str], ...]

VERBS: Patterns = (
    (
        "search",
        r"\b(?:search|look(?:ing)? for|list|browse"
        r"|find(?! (?:out|what|(?:all |the |any )*(?:problems|errors|issues))))\b",
    ),
    ("search", r"^(?:which|what)\b.*\b(?:support|have|exist|available|there|offer|known?|mean)\b"),
    ("search", r"^(?:which|what) (?:presets?|platforms?|formats?|repairs?|stages|tiers?|animations?|clips)\b"),
    ("search", r"^is there (?:anything|something|a way)\b"),
    ("search", r"^(?:are there|do you (?:have|support))\b(?!.*\b(?:problems?|errors?|issues?|wrong|holes?)\b)"),
    ("audit", r"\b(?:audit|check|inspect|diagnos|examin|analy[sz])(?:e|s|es|ed|ing)?\b"),
    ("audit", r"(?<!strict )(?<!lenient )\bvalidat\w*"),
    ("audit", r"\bwhat(?:'s| is| was) (?:wrong|broken|bad)\b|\bproblems?\b|\berrors? in\b|\bissues? (?:in|with)\b"),
    ("audit", r"\b(?:any|some)thing(?:'s| is)? (?:wrong|broken|bad)\b"),
    ("audit", r"\bwhy\b.{0,40}\b(?:wrong|broken|bad|fails?)\b|\breport (?:on|of|about|for)\b"),
    ("audit", r"\bfind (?:out )?(?:what|(?:all |the |any )*(?:problems|errors|issues))\b"),
    ("audit", r"\bwhat(?:'s| is) (?:its|the|their) (?:triangle|poly|polygon|vertex|bone|joint)s? ?(?:count|number)\b"),
    ("audit", r"\bhow (?:bad|good|clean|broken|healthy)\b"),
    ("audit", r"\b(?:do|does|will|would|can|could) .{1,60}\b(?:pass|meet|comply|qualify|work (?:in|on|for))\b"),
    ("audit", r"\bis .{1,60}\b(?:valid|ok|okay|clean|fine)\b"),
    ("audit", r"\b(?:does|do|will|would) .{1,60}\bfit\b"),
    ("decimate", r"\b(?:decimat|simplif|reduc)(?:e|es|ed|y|ies|ied|ying|ing|ion)?\b"),
    (
        "decimate",
        r"\b(?:lower|cut|bring|get|knock|take|crunch|squeeze) .{0,40}"
        r"\b(?:down|triangles?|tris|poly(?:gon)?s?|poly ?count|faces)\b",
    ),
    ("decimate", r"\b(?:optimi[sz]|shrink)(?:e|es|ed|ing)?\b(?=.*\d)"),
    (
        "decimate",
        r"\b(?:drop|remove|lose|throw away|keep|make it|down to)\b.{0,25}(?:%|percent|half|third|quarter|tenth|fifth)",
    ),
    ("decimate", r"\b(?:fewer|less) (?:triangles|tris|polys|polygons|faces)\b"),
    ("rig", r"\b(?:auto[ -]?|re-?)?rig(?:s|ged|ging)?\b(?! (?:of|it has|is))"),
    ("rig", r"\b(?:replace|redo|rebuild|remake) (?:the|its) rig\b"),
    ("rig", r"\b(?:add|give|need|want|put|get|make)\b.{0,30}\b(?:skeleton|armature|joints|bones)\b"),
    ("rig", r"\bskin(?:ned|ning)\b"),
    ("repair", r"\b(?:repair|fix|mend|heal|weld|sanitis|sanitiz)(?:e|s|es|ed|ing)?\b"),
    ("repair", r"\bclean(?:s|ed|ing)?\b(?: .{1,30})? up\b|\bcleanup\b|\bclean(?:s|ing)? (?:it|this|the|my)\b"),
    ("repair", r"\b(?:fill|close|cap|patch|plug)(?:s|e?d|ing)? (?:(?:\w+ ){0,2}holes?|them|it)\b"),
    (
        "repair",
        r"\b(?:merge|join) (?:the |all |close |double |duplicate )*(?:vertices|verts)\b|\bremove (?:the )?doubles\b",
    ),
    ("repair", r"\btidy(?: .{1,20})? up\b|\btidy (?:it|this|the|my)\b|\b(?:make|get) .{1,20}\bwatertight\b"),
    ("repair", r"\bsort (?:it|that|this|them|both)\b(?: out)?"),
    (
        "repair",
        r"\b(?:remove|drop|delete|resolve|get rid of)(?:s|d|ing)? .{0,20}"
        r"\b(?:duplicates?|duplicated?|degenerates?|nans?|specks|islands|floating|floaters|debris|unused|unreferenced)\b",
    ),
    ("repair", r"\b(?:flip|turn|recompute|recalculate)(?:s|ed|ing)? .{0,20}\b(?:normals|faces|winding)\b"),
    ("repair", r"\b(?:split|limit|normali[sz]e)(?:s|ed|ing)? .{0,20}\b(?:non[- ]manifold|influences|weights)\b"),
    ("export", r"\b(?:export|download)(?:s|ed|ing)?\b"),
    ("convert", r"\b(?:convert|transcode)(?:s|ed|ing)?\b"),
    (
        "convert",
        r"\b(?:save|write|turn|change|transform)(?:s|d|ing)? .{1,60}\b(?:as|to|into|in) (?:an? |the )?"
        r"(?:glb|gltf|obj|stl|ply|vrm|fbx|usdz)\b",
    ),
    ("preview", r"\b(?:show|preview|render|draw|display|screenshot)(?:s|ed|ing)?\b"),
    ("preview", r"\b(?:picture|image|pic|screenshot|screen ?grab|snapshot|thumbnail)s? of\b"),
    ("preview", r"\blook at\b|\bsee (?:it|this|that|my|how|@\d)"),
    ("process", r"\b(?:process|prepare|ready|bake)(?:s|es|d|ed|ing)?\b|\buse (?:it|this|that|@\d) (?:in|with|for)\b"),
    ("process", r"\b3 ?d[- ]?print(?:s|ed|ing|able)?\b|\bprint(?:s|ed|ing|able)?\b"),
    ("generate", r"\b(?:generat|creat|design|invent|imagin|model)(?:e|es|ed|ing)\b"),
    ("generate", r"\b(?:create|design|invent|imagine)\b"),
)
"""Handler -> a pattern of the verbs that ask for it, tried in this order where two begin at the same place."""

UNSUPPORTED = re.compile(
    r"\b(?:delete|erase|buy|purchase|pay|send|e-?mail|mail|post|publish|share|upload|tweet|print out|compare|merge"
    r"|rename|move|schedule|call|order|translate)\b"
)
"""What people ask for that no handler does: a clause that begins with it is never guessed at."""

STAGES_OF_VERBS = {"rig": "rig", "decimate": "decimate", "repair": "repair", "preview": "preview", "audit": "audit"}
"""Stages that a refused verb leaves out of ``process``."""

STAGES: Patterns = (
    ("lods", r"\blods?\b|\blevels? of detail\b"),
    ("morphs", r"\bmorphs?\b|\bblend ?shapes?\b"),
    ("unwrap", r"\bunwrap\w*"),
    ("textures", r"\batlas\b"),
    ("pose", r"\bt-?pose\b|\bpose\b"),
)
"""Stages that can be refused by their own names."""

PLATFORMS: Patterns = (
    ("unity", r"\bunity(?:3d)?\b|\bvr ?chat\b|\bvrc\b"),
    ("unreal", r"\bunreal(?: engine)?(?: ?[45])?\b|\bue ?[45]?\b|\bmeta ?human\b"),
    ("godot", r"\bgodot(?: ?[34])?\b"),
    ("roblox", r"\broblox(?: studio)?\b|\brblx\b|\br15\b"),
    ("axis_engine", r"\baxis[ _-]engine\b"),
)

UNKNOWN_PLATFORMS = re.compile(
    r"\b(?:second ?life|minecraft|fortnite|imvu|zepeto|horizon worlds|(?:the )?sims|garry'?s mod|gmod|rec ?room"
    r"|decentraland|source engine|cry ?engine|o3de|lumberyard|skyrim|gta|playstation home|neos|resonite)\b"
)
"""Worlds people ask for that no platform here serves."""

TIERS: Patterns = (
    ("mobile_light", r"\blight(?:weight)? mobile\b|\bmobile[ _-]light\b|\b(?:low[- ]end|old) (?:phones?|mobiles?)\b"),
    ("mobile_standard", r"\bmobiles?\b|\bphones?\b|\bsmartphones?\b"),
    (
        "web_vr",
        r"\bweb[ _-]?vr\b|\bvr\b|\bwebxr\b|\bquest\b|\bbrowsers?\b|\bthe web\b"
        r"|\bweb (?:avatar|character|version|build)\b",
    ),
    ("desktop_high", r"\bdesktop[ _-]high\b|\bhigh[- ](?:end )?desktop\b|\bhigh[- ]end\b|\bhigh quality\b"),
    ("film_vfx", r"\bfilm(?:[ _-]vfx)?\b|\bvfx\b|\bcinematic\b|\bmovie\b"),
    ("ultra_hd", r"\bultra(?:[ _-]hd)?\b|\buhd\b"),
    ("desktop_standard", r"\bdesktop(?:[ _-]standard)?\b|\bpcs?\b"),
)

FORMATS = ("glb", "gltf", "obj", "stl", "ply", "vrm", "fbx", "usdz")
UNKNOWN_FORMATS = re.compile(
    r"(?<!for )\b(?:usd[ac]?|dae|collada|blend|blender|ma|mb|maya|max|3ds|3mf|step|stp|iges|abc|alembic|pmx|mmd|x3d"
    r"|c4d|amf|off)(?: files?)?$"
)
"""Formats that no writer here has: said after ``to``, ``into`` or ``as`` they are asked about."""

REPORT_FORMATS: Patterns = (
    ("html", r"\bhtml\b|\bweb ?page\b"),
    ("markdown", r"\bmarkdown\b|\bmd\b"),
    ("csv", r"\bcsv\b|\bspreadsheet\b"),
    ("sarif", r"\bsarif\b"),
    ("junit", r"\bjunit\b"),
    ("json", r"\bjson\b"),
)
PROFILES: Patterns = (
    ("strict", r"\bstrict(?:ly)?\b"),
    ("lenient", r"\blenient(?:ly)?\b|\btolerant(?:ly)?\b"),
)
OUTPUT_PROFILES: Patterns = (
    ("print_ready", r"\b3 ?d[- ]?print\w*\b|\bprint(?:s|ed|ing|able)?\b|\bprint[- ]ready\b"),
    ("dcc_editable", r"\beditable\b|\bblender\b|\bmaya\b|\bdcc\b|\b3ds ?max\b|\bcinema ?4d\b"),
    ("game_ready", r"\bgame[- _]ready\b|\bfor (?:a|my|the|our) game\b"),
)
ARCHETYPES: Patterns = (
    ("humanoid", r"\b(?:as|like) an? (?:humanoid|human|person|biped)\b|\bhumanoid\b"),
    ("chibi", r"\bchibi\b"),
    (
        "quadruped",
        r"\b(?:as|like) an? (?:quadruped|dog|cat|horse|four[- ]legged animal)\b|\bquadruped\b"
        r"|\b(?:four|4)[- ]leg(?:s|ged)\b",
    ),
    ("bird", r"\b(?:as|like) a bird\b|\b(?:bird|avian) (?:rig|skeleton)\b"),
    ("theropod", r"\b(?:as|like) an? (?:theropod|dinosaur|raptor)\b|\btheropod\b"),
    ("fish", r"\b(?:as|like) a (?:fish|shark)\b|\bfish (?:rig|skeleton)\b"),
    ("insect", r"\b(?:as|like) an? (?:insect|spider|bug)\b|\b(?:insect|spider) (?:rig|skeleton)\b"),
    ("serpent", r"\b(?:as|like) a (?:snake|serpent|worm)\b|\b(?:snake|serpent) (?:rig|skeleton)\b"),
    ("prop", r"\b(?:as|like) a (?:prop|thing|rigid object)\b"),
)
REPAIRS: Patterns = (
    (
        "merge_vertices",
        r"\bweld\w*|\b(?:merg\w+|join) (?:the |all |close |double |duplicate )*(?:vertices|verts)\b"
        r"|\bdoubles?(?: vertices)?\b(?! faces)",
    ),
    ("remove_degenerate", r"\bdegenerate\w*|\bzero[- ]area\b|\bsliver"),
    ("remove_duplicate_faces", r"\bduplicated? (?:faces|triangles|polygons)\b|\bdouble faces\b"),
    ("remove_unreferenced", r"\bunreferenced\b|\bunused\b"),
    ("fix_winding", r"\bwinding\b|\binside[- ]out\b|\bflip\w*\b.{0,20}\bfaces\b|\bflipped faces\b"),
    ("fix_normals", r"\bnormals\b"),
    ("split_non_manifold", r"\bnon[- ]manifold\b|\bbow[- ]tie"),
    ("fill_holes", r"\bholes?\b|\bwatertight\b"),
    (
        "remove_small_components",
        r"\bspecks?\b|\bislands?\b|\bsmall (?:parts|components|pieces)\b|\bfloaters?\b|\bdebris\b"
        r"|\bfloating (?:bits|parts|pieces|geometry|stuff)\b",
    ),
    ("resolve_nan", r"\bnans?\b|\bnot a number\b|\binfinit"),
    ("rescale", r"\bscale\b|\brescal\w*|\bheight\b|\btoo (?:big|small|large|tiny|huge)\b"),
    (
        "reorient",
        r"\breorient\w*|\borientation\b|\bupside down\b|\b(?:lying|lies) on (?:its|his|her|the)\b"
        r"|\bwrong way (?:up|round)\b",
    ),
    ("reweight", r"\breweight\w*|\bskin weights\b|\bweights\b"),
    (
        "limit_influences",
        r"\blimit\w* (?:the )?influences\b|\btoo many influences\b"
        r"|\b(?:most|maximum|max) \d (?:bones|influences|joints)\b",
    ),
)
VIEWS: Patterns = (
    ("side", r"(?<!left )(?<!right )(?<!front )(?<!back )\bside\b"),
    *((name, rf"\b{name}\b") for name in ("front", "back", "top", "left", "right", "bottom")),
)
POSES: Patterns = (
    ("arms_up", r"\barms? (?:up|raised)\b|\braised arms\b|\bhands up\b"),
    ("squat", r"\bsquat\w*|\bcrouch\w*"),
    ("run", r"\brun(?:s|ning)?\b"),
    ("twist", r"\btwist\w*"),
    ("fist", r"\bfists?\b"),
    ("head_turn", r"\bhead turn\w*|\bturn\w* (?:her|his|its|the) head\b"),
)
CATALOGUE = re.compile(
    r"\b(?:presets?|platforms?|formats?|repairs?|stages|tiers?|capabilit\w+|sliders?|animations?|clips|handlers?"
    r"|plugins?|codes?|hair ?styles?|providers?)\b"
)
"""What searches are about: ``show me all presets`` is a search, ``show me hero.glb`` is not."""

BODY_NOUNS = re.compile(
    r"\b(?:persons?|people|m[ae]n|wom[ae]n|boys?|girls?|child|children|kids?|toddlers?|bab(?:y|ies)|teen(?:ager)?s?"
    r"|teenage|gran(?:dma|dpa|ny)|adults?|elders?|elderly|lady|ladies|gentlem[ae]n|guys?|dude|robots?|androids?|mannequins?|hero(?:ine)?s?"
    r"|superhero(?:ine)?s?|soldiers?|warriors?|athletes?|runners?|dancers?|humans?|chibi|toon|grand(?:mother|father)"
    r"|old(?:er)? (?:man|woman)|king|queen|wizard|witch|knight|nurse|doctor|worker|teacher|senior|avatars?"
    r"|characters?|sailor|pirate|elf|dwarf|orc|zombie|vampire|ninja|samurai|monk|priest|chef|farmer|fisher(?:man|woman)"
    r"|police(?:man|woman)|firefighter|pilot|astronaut|student|princess|prince|viking|cowboy|uncle|aunt)\b"
)


def first_match(patterns: Patterns, text: str) -> str:
    """Return the first name whose pattern is found in ``text``, or nothing."""
    return next((name for name, pattern in patterns if re.search(pattern, text)), "")


def matches(patterns: Iterable[tuple[str, str]], text: str) -> tuple[str, ...]:
    """Return all names whose patterns are found, in the order they stand in ``text``."""
    found = [(hit.start(), name) for name, pattern in patterns if (hit := re.search(pattern, text))]
    return tuple(dict.fromkeys(name for _, name in sorted(found, key=lambda pair: pair[0])))
