"""The rules of VRM 1.0, over the bytes of a file that says it is one; see ``axis_core.audit.gltf.vrm``."""

from __future__ import annotations

from axis_core.audit.gltf.vrm import VRM_CODES, audit_vrm
from axis_core.model.issue import Issue
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE"]


def check(subject: Subject) -> tuple[Issue, ...]:
    """Return what is wrong by the VRM specification; nothing for files that do not use it."""
    if subject.data is None or b"VRMC_vrm" not in subject.data:
        return ()
    return tuple(audit_vrm(subject.data))


RULE = Rule(name="vrm", codes=tuple(VRM_CODES), check=check)
