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
    "STAGES_OF_VERBS",
    "TIERS",
    "UNSUPPORTED",
    "VERBS",
    "VIEWS",
    "first_match",
    "matches",
]

Patterns = tuple[tuple[str, str], ...]

VERBS: Patterns = (
    ("search", r"\b(?:search|find|look(?:ing)? for|list|browse)\b"),
    ("search", r"^(?:which|what)\b.*\b(?:support|have|exist|available|there|offer|known?|mean)\b"),
    ("search", r"^(?:are there|do you (?:have|support))\b(?!.*\b(?:problems?|errors?|issues?|wrong|holes?)\b)"),
    ("audit", r"\b(?:audit|check|inspect|diagnos|examin|analy[sz])(?:e|s|es|ed|ing)?\b"),
    ("audit", r"(?<!strict )(?<!lenient )\bvalidat\w*"),
    ("audit", r"\bwhat(?:'s| is| was) (?:wrong|broken|bad)\b|\bproblems?\b|\berrors? in\b|\bissues? (?:in|with)\b"),
    ("audit", r"\bis .{1,60}\b(?:valid|ok|okay|clean|fine)\b"),
    ("audit", r"\b(?:does|do|will|would) .{1,60}\bfit\b"),
    ("decimate", r"\b(?:decimat|simplif|reduc)(?:e|es|ed|y|ies|ied|ying|ing|ion)?\b"),
    ("decimate", r"\b(?:lower|cut|bring|get) .{0,40}\b(?:down|triangles?|tris|poly(?:gon)?s?|poly ?count|faces)\b"),
    ("decimate", r"\b(?:fewer|less) (?:triangles|tris|polys|polygons|faces)\b"),
    ("rig", r"\b(?:auto[ -]?|re-?)?rig(?:s|ged|ging)?\b(?! (?:of|it has|is))"),
    ("rig", r"\b(?:replace|redo|rebuild|remake) (?:the|its) rig\b"),
    ("rig", r"\b(?:add|give|need|want|put|get|make)\b.{0,30}\b(?:skeleton|armature|joints)\b"),
    ("rig", r"\bskin(?:ned|ning)\b"),
    ("repair", r"\b(?:repair|fix|mend|heal|weld|sanitis|sanitiz)(?:e|s|es|ed|ing)?\b"),
    ("repair", r"\bclean(?:s|ed|ing)?\b(?: .{1,30})? up\b|\bcleanup\b|\bclean(?:s|ing)? (?:it|this|the|my)\b"),
    ("repair", r"\b(?:fill|close|cap)(?:s|ed|ing)? (?:\w+ ){0,2}holes?\b"),
    (
        "repair",
        r"\b(?:remove|drop|delete|resolve|get rid of)(?:s|d|ing)? .{0,20}"
        r"\b(?:duplicates?|duplicated?|degenerates?|nans?|specks|islands|unused|unreferenced)\b",
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
    ("preview", r"\b(?:show|preview|render|draw|display|screenshot)(?:s|ed|ing)?\b|\b(?:picture|image)s? of\b"),
    ("preview", r"\blook at\b"),
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

PLATFORMS: Patterns = (
    ("unity", r"\bunity(?:3d)?\b"),
    ("unreal", r"\bunreal(?: engine)?(?: ?[45])?\b|\bue ?[45]\b|\bmeta ?human\b"),
    ("godot", r"\bgodot(?: ?[34])?\b"),
    ("roblox", r"\broblox\b|\br15\b"),
    ("axis_engine", r"\baxis[ _-]engine\b"),
)

TIERS: Patterns = (
    ("mobile_light", r"\blight(?:weight)? mobile\b|\bmobile[ _-]light\b|\b(?:low[- ]end|old) (?:phones?|mobiles?)\b"),
    ("mobile_standard", r"\bmobiles?\b|\bphones?\b|\bsmartphones?\b"),
    ("web_vr", r"\bweb[ _-]?vr\b|\bvr\b|\bwebxr\b|\bquest\b|\bbrowsers?\b|\bfor the web\b"),
    ("desktop_high", r"\bdesktop[ _-]high\b|\bhigh[- ](?:end )?desktop\b|\bhigh[- ]end\b|\bhigh quality\b"),
    ("film_vfx", r"\bfilm(?:[ _-]vfx)?\b|\bvfx\b|\bcinematic\b|\bmovie\b"),
    ("ultra_hd", r"\bultra(?:[ _-]hd)?\b|\buhd\b"),
    ("desktop_standard", r"\bdesktop(?:[ _-]standard)?\b|\bpcs?\b"),
)

FORMATS = ("glb", "gltf", "obj", "stl", "ply", "vrm", "fbx", "usdz")
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
    ("quadruped", r"\b(?:as|like) an? (?:quadruped|dog|cat|horse|four[- ]legged animal)\b|\bquadruped\b"),
    ("bird", r"\b(?:as|like) a bird\b"),
    ("theropod", r"\b(?:as|like) an? (?:theropod|dinosaur|raptor)\b|\btheropod\b"),
    ("fish", r"\b(?:as|like) a (?:fish|shark)\b"),
    ("insect", r"\b(?:as|like) an? (?:insect|spider|bug)\b"),
    ("serpent", r"\b(?:as|like) a (?:snake|serpent|worm)\b"),
    ("prop", r"\b(?:as|like) a (?:prop|thing|rigid object)\b"),
)
REPAIRS: Patterns = (
    ("merge_vertices", r"\bweld\w*|\bmerg\w+ (?:the |close |double )*vertices\b|\bdouble vertices\b"),
    ("remove_degenerate", r"\bdegenerate\w*|\bzero[- ]area\b|\bsliver"),
    ("remove_duplicate_faces", r"\bduplicated? (?:faces|triangles|polygons)\b|\bdouble faces\b"),
    ("remove_unreferenced", r"\bunreferenced\b|\bunused\b"),
    ("fix_winding", r"\bwinding\b|\binside[- ]out\b|\bflip\w*\b.{0,20}\bfaces\b|\bflipped faces\b"),
    ("fix_normals", r"\bnormals\b"),
    ("split_non_manifold", r"\bnon[- ]manifold\b|\bbow[- ]tie"),
    ("fill_holes", r"\bholes?\b"),
    ("remove_small_components", r"\bspecks?\b|\bislands?\b|\bsmall (?:parts|components|pieces)\b|\bfloaters?\b"),
    ("resolve_nan", r"\bnans?\b|\bnot a number\b|\binfinit"),
    ("rescale", r"\bscale\b|\brescal\w*|\bheight\b"),
    ("reorient", r"\breorient\w*|\borientation\b|\bupside down\b"),
    ("reweight", r"\breweight\w*|\bskin weights\b|\bweights\b"),
    ("limit_influences", r"\blimit\w* (?:the )?influences\b|\btoo many influences\b"),
)
VIEWS: Patterns = tuple((name, rf"\b{name}\b") for name in ("front", "side", "back", "top", "left", "right", "bottom"))
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
    r"|teenage|adults?|elders?|elderly|lady|ladies|gentlem[ae]n|guys?|dude|robots?|androids?|mannequins?|hero(?:ine)?s?"
    r"|superhero(?:ine)?s?|soldiers?|warriors?|athletes?|runners?|dancers?|humans?|chibi|toon|grand(?:mother|father)"
    r"|old(?:er)? (?:man|woman)|king|queen|wizard|witch|knight|nurse|doctor|worker|teacher|senior|avatars?"
    r"|characters?)\b"
)


def first_match(patterns: Patterns, text: str) -> str:
    """Return the first name whose pattern is found in ``text``, or nothing."""
    return next((name for name, pattern in patterns if re.search(pattern, text)), "")


def matches(patterns: Iterable[tuple[str, str]], text: str) -> tuple[str, ...]:
    """Return all names whose patterns are found, in the order they stand in ``text``."""
    found = [(hit.start(), name) for name, pattern in patterns if (hit := re.search(pattern, text))]
    return tuple(dict.fromkeys(name for _, name in sorted(found, key=lambda pair: pair[0])))
