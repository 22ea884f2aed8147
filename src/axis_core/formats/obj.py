"""Wavefront OBJ with MTL."""

from __future__ import annotations

import re

from axis_core.formats.obj_read import read_obj
from axis_core.formats.obj_write import write_obj
from axis_core.plugin.kinds import Format


__all__ = ["OBJ", "read_obj", "write_obj"]

_VERTEX = re.compile(rb"(?m)^[ \t]*v[ \t]+[-+.\d][\w.+-]*[ \t]+[-+.\dn][\w.+-]*[ \t]+[-+.\dn]")


def _sniff(head: bytes) -> bool:
    return b"\0" not in head and _VERTEX.search(head) is not None


OBJ = Format(
    name="obj",
    suffixes=(".obj",),
    media_types=("model/obj",),
    sniff=_sniff,
    read=read_obj,
    write=write_obj,
    summary="Wavefront OBJ with materials; no skeleton, no morphs",
)
