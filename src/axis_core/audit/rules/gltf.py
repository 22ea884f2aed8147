"""The rules of the glTF validator, over the bytes of a file; see ``axis_core.audit.gltf``."""

from __future__ import annotations

from axis_core.audit.gltf import validate
from axis_core.audit.gltf.codes import CODES
from axis_core.model.issue import Issue
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE"]

SUFFIXES = (".glb", ".gltf", ".vrm")


def check(subject: Subject) -> tuple[Issue, ...]:
    """Return what the validator would say; nothing for files of other formats."""
    if subject.data is None or not _looks_like_gltf(subject):
        return ()
    return validate(subject.data, uri=subject.name or None, resources=subject.companions).issues


def _looks_like_gltf(subject: Subject) -> bool:
    assert subject.data is not None
    return subject.data[:4] == b"glTF" or subject.name.lower().endswith(SUFFIXES)


RULE = Rule(name="gltf", codes=tuple(CODES), check=check)
