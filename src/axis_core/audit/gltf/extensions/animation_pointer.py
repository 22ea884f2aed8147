"""KHR_animation_pointer: the syntax of the pointer and its channel; where it points is not checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axis_core.audit.gltf.extensions.extension import Extension
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.animation import Target
    from axis_core.audit.gltf.audit import Audit

__all__ = ["EXTENSIONS"]

_NAME = "KHR_animation_pointer"
_PATH = "pointer"
_POINTER = r"(?:\/(?:[^/~]|~0|~1)*)*"  # RFC 6901


def _read_pointer(audit: Audit, raw: JsonObject) -> Record:
    reader = ObjectReader(audit, raw)
    reader.members("pointer")
    reader.string("pointer", required=True, pattern=_POINTER)
    record = Record()
    reader.finish(record, _NAME)
    return record


def _link_pointer(audit: Audit, target: Target, _: Record) -> None:
    audit.add("INCOMPLETE_EXTENSION_SUPPORT")
    if target.node_index != -1:
        audit.add("KHR_ANIMATION_POINTER_ANIMATION_CHANNEL_TARGET_NODE")
    if target.path != _PATH:
        audit.add("KHR_ANIMATION_POINTER_ANIMATION_CHANNEL_TARGET_PATH", target.path)


EXTENSIONS = (
    Extension(
        name=_NAME,
        readers={"animation.channel.target": _read_pointer},
        link=_link_pointer,
        animation_paths=(_PATH,),
    ),
)
