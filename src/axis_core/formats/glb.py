"""GLB, .gltf and VRM: one reader and one writer behind three records."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from axis_core.formats.gltf.container import MAGIC
from axis_core.formats.gltf.read import read_gltf
from axis_core.formats.gltf.write import glb_bytes, gltf_bytes
from axis_core.formats.naming import file_name
from axis_core.model.artefact import Artefact
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Format


__all__ = ["GLB", "GLTF", "VRM", "write_glb", "write_gltf"]

_KEY = re.compile(rb'"(?:asset|accessors|animations|bufferViews|buffers|extensionsUsed|meshes|nodes|scenes)"\s*:')


def _sniff_glb(head: bytes) -> bool:
    return head[:4] == MAGIC


def _sniff_gltf(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text[:1] == b"{" and _KEY.search(text) is not None


def write_glb(scene: Scene, *, name: str, asset_extras: Mapping[str, Any] | None = None) -> tuple[Artefact, ...]:
    """Return one GLB; see ``axis_core.formats.gltf.write.glb_bytes``."""
    data = glb_bytes(scene, asset_extras=asset_extras)
    return (Artefact(name=file_name(name, ".glb"), role="avatar", media_type="model/gltf-binary", data=data),)


def write_gltf(scene: Scene, *, name: str, asset_extras: Mapping[str, Any] | None = None) -> tuple[Artefact, ...]:
    """Return one ``.gltf`` with buffers and images embedded."""
    data = gltf_bytes(scene, asset_extras=asset_extras)
    return (Artefact(name=file_name(name, ".gltf"), role="avatar", media_type="model/gltf+json", data=data),)


GLB = Format(
    name="glb",
    suffixes=(".glb",),
    media_types=("model/gltf-binary",),
    sniff=_sniff_glb,
    read=functools.partial(read_gltf, source_format="glb"),
    write=write_glb,
    summary="glTF 2.0 in one binary file",
)
GLTF = Format(
    name="gltf",
    suffixes=(".gltf",),
    media_types=("model/gltf+json",),
    sniff=_sniff_gltf,
    read=functools.partial(read_gltf, source_format="gltf"),
    write=write_gltf,
    summary="glTF 2.0 as JSON, everything embedded",
)
VRM = Format(
    name="vrm",
    suffixes=(".vrm",),
    media_types=("model/vrm",),
    sniff=_sniff_glb,
    read=functools.partial(read_gltf, source_format="vrm"),
    summary="VRM 0.x and 1.0 avatars, which are GLB with an extension",
)
