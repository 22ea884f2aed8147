"""KHR_node_visibility."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axis_core.audit.gltf.extensions.extension import Extension
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["EXTENSIONS"]

_NAME = "KHR_node_visibility"


def _read_visibility(audit: Audit, raw: JsonObject) -> Record:
    reader = ObjectReader(audit, raw)
    reader.members("visible")
    reader.boolean("visible")
    record = Record()
    reader.finish(record, _NAME)
    return record


EXTENSIONS = (Extension(name=_NAME, readers={"node": _read_visibility}),)
