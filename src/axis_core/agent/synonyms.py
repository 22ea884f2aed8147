"""Words that mean the same, and words that mean nothing, to a search."""

from __future__ import annotations

from functools import lru_cache


__all__ = ["STOP_WORDS", "known_words", "synonyms_of"]

_STOPPED = (
    "a an the of to for in on with and or is are it its this that these my me i you how what which can do does give"
    " add make from into as be there want need please wrong whole not do more too file files"
)
STOP_WORDS = frozenset(_STOPPED.split())

_GROUPS = (
    "triangles polygons polys tris faces",
    "reduce simplify decimate decimation lower fewer less lighter optimise optimize shrink",
    "rig rigging skeleton bones armature joints autorig autorigger",
    "repair fix mend heal clean",
    "audit check validate inspect lint problems errors",
    "generate create prompt text words person people human character",
    "preview picture render image draw show screenshot thumbnail",
    "export download save",
    "convert conversion transcode translate",
    "morphs morph blendshapes blendshape shapes viseme visemes expressions arkit face lipsync",
    "lods lod levels detail",
    "unwrap uv uvs",
    "skin weights skinning",
    "pose tpose apose",
    "unreal ue5 ue4 ue epic",
    "mobile phone android ios smartphone",
    "vr quest webxr headset web",
    "nan infinite",
    "holes hole gaps open boundary",
    "weld merge",
    "winding flipped orientation",
    "scale size height metres",
    "film vfx cinematic movie",
    "hair hairstyle",
)


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for group in _GROUPS:
        words = group.split()
        for word in words:
            out.setdefault(word, []).extend(w for w in words if w != word)
    return {word: tuple(dict.fromkeys(others)) for word, others in out.items()}


def synonyms_of(word: str) -> tuple[str, ...]:
    """Return words that mean about the same as ``word``."""
    return _table().get(word, ())


def known_words() -> frozenset[str]:
    """Return every word that has others of its meaning."""
    return frozenset(_table())
