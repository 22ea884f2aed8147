"""Cameras."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["Camera", "read_camera"]

_TYPES = ("orthographic", "perspective")


@attrs.define(eq=False, kw_only=True)
class Camera(Record):
    """A camera; nothing refers to what is inside it."""


def read_camera(audit: Audit, raw: JsonObject) -> Camera:
    """Read one camera."""
    reader = ObjectReader(audit, raw)
    reader.members("orthographic", "perspective", "type", "name")
    if all(kind in reader for kind in _TYPES):
        audit.add("ONE_OF_MISMATCH", valid=_TYPES)
    kind = reader.string("type", required=True, allowed=_TYPES)
    if kind == "orthographic":
        reader.object(kind, _read_orthographic, required=True)
    elif kind == "perspective":
        reader.object(kind, _read_perspective, required=True)
    camera = Camera()
    reader.string("name")
    reader.finish(camera, "camera")
    return camera


def _read_orthographic(audit: Audit, raw: JsonObject) -> Record:
    reader = ObjectReader(audit, raw)
    reader.members("xmag", "ymag", "zfar", "znear")
    sizes = {name: reader.number(name, required=True) for name in ("xmag", "ymag")}
    far = reader.number("zfar", required=True, above=0)
    near = reader.number("znear", required=True, minimum=0)
    _check_planes(audit, near, far)
    for name, size in sizes.items():
        if size == 0:
            audit.add("CAMERA_XMAG_YMAG_ZERO", name=name)
        elif size < 0:
            audit.add("CAMERA_XMAG_YMAG_NEGATIVE", name=name)
    record = Record()
    reader.finish(record, "camera.orthographic")
    return record


def _read_perspective(audit: Audit, raw: JsonObject) -> Record:
    reader = ObjectReader(audit, raw)
    reader.members("aspectRatio", "yfov", "zfar", "znear")
    reader.number("aspectRatio", above=0)
    if reader.number("yfov", required=True, above=0) >= math.pi:
        audit.add("CAMERA_YFOV_GEQUAL_PI")
    far = reader.number("zfar", above=0)
    near = reader.number("znear", required=True, above=0)
    _check_planes(audit, near, far)
    record = Record()
    reader.finish(record, "camera.perspective")
    return record


def _check_planes(audit: Audit, near: float, far: float) -> None:
    if far <= near:
        audit.add("CAMERA_ZFAR_LEQUAL_ZNEAR")
