"""The parent's side: judge the bytes, let a child process parse them, take its GLB, fetch the textures beside the file.

The child gives a GLB and not objects: what comes back is read by the reader that trusts nothing.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import attrs

import axis_core
from axis_core.plugin import Companions, InputError, Material, Sandbox, Scene, Texture, TextureUse


__all__ = ["MAX_SECONDS", "MEMORY_MB", "fbx_version", "read_scene"]

MEMORY_MB = 3072
MAX_SECONDS = 60.0
PENDING = "axis_importer_assimp"
"""Key of a material's extras under which the child names the images that lie beside the file."""
OLDEST_FBX = 7100

_BINARY = b"Kaydara FBX Binary  \x00\x1a\x00"
_TEXT_VERSION = re.compile(rb"FBXVersion:\s*(\d{4,5})")
_IMAGE_TYPES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def fbx_version(data: bytes) -> int | None:
    """Return the version of an FBX file (7400 is 7.4), None where it does not say."""
    if data.startswith(_BINARY) and len(data) >= 27:
        return int.from_bytes(data[23:27], "little")
    found = _TEXT_VERSION.search(data[:65536])
    return int(found[1]) if found else None


def _refuse_unreadable(data: bytes, kind: str, name: str) -> None:
    if kind == "fbx":
        version = fbx_version(data)
        if version is None:
            raise InputError(f"{name or 'the file'} names no FBX version", code="parse_failed")
        if version < OLDEST_FBX:
            raise InputError(
                f"{name or 'the file'} is FBX {version / 1000:.1f}, read is 7.1 and later",
                code="unsupported_format",
                hint="Export it anew as FBX 2013 or later (7.3 to 7.7), or convert it with a current FBX exporter.",
            )
    if kind == "dae" and re.search(rb"<!(?:DOCTYPE|ENTITY)", data):
        raise InputError("the XML declares entities or a document type", code="parse_failed", hint="Export it again.")


def read_scene(
    data: bytes,
    *,
    name: str,
    companions: Companions,
    kind: str,
    seconds: float = MAX_SECONDS,
    memory_mb: int = MEMORY_MB,
) -> Scene:
    """Return the scene in ``data``, in metres, Y up.

    Parameters
    ----------
    kind : str
        ``fbx``, ``dae``, ``3ds`` or ``x``.
    companions : callable
        Asked for textures by their base names; no other file is ever opened.

    Raises
    ------
    InputError
        ``unsupported_format``: FBX before 7.1; ``parse_failed``: assimp refuses it, or died on it.
    LimitExceeded
        It took longer than ``seconds`` of processor time or wall clock, or more than ``memory_mb``.
    """
    _refuse_unreadable(data, kind, name)
    with tempfile.TemporaryDirectory(prefix="axis-assimp-") as folder:
        source, target = Path(folder) / f"source.{kind}", Path(folder) / "scene.glb"
        source.write_bytes(data)
        sandbox = Sandbox("axis_importer_assimp.child:parse", memory_mb=memory_mb, seconds=seconds)
        try:
            told = sandbox.run({"source": str(source), "target": str(target), "kind": kind, "seconds": seconds})
        finally:
            sandbox.close()
        scene = axis_core.read(target.read_bytes(), name="scene.glb")
    notes = [*map(str, told.get("notes", ())), *scene.notes]
    scene = attrs.evolve(scene, source_format=kind, asset={"version": "2.0"}, notes=tuple(notes))
    return _with_companions(scene, companions)


def _with_companions(scene: Scene, companions: Companions) -> Scene:
    """Return the scene with the images that its materials ask for; what is not beside the file is told in the notes."""
    textures, notes = list(scene.textures), list(scene.notes)
    index: dict[str, int | None] = {}
    materials = []
    for material in scene.materials:
        wanted = material.extras.get(PENDING, {})
        uses: dict[str, TextureUse] = {}
        for slot, use in wanted.items() if isinstance(wanted, Mapping) else ():
            base = PurePosixPath(str(use["image"]).replace("\\", "/")).name
            if base not in index:
                index[base] = _fetch(base, companions, textures, notes)
            place = index[base]
            if place is not None:
                uses[slot] = TextureUse(texture=place, uv_set=int(use.get("uv_set", 0)))
        materials.append(_with_uses(material, uses))
    return attrs.evolve(scene, materials=materials, textures=textures, notes=tuple(notes))


def _fetch(base: str, companions: Companions, textures: list[Texture], notes: list[str]) -> int | None:
    data = companions(base)
    if data is None:
        notes.append(f"the texture {base!r} is not beside the file and was left out")
        return None
    kind = next((k for magic, k in _IMAGE_TYPES if data.startswith(magic)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "image/webp"
    if not kind:
        notes.append(f"the texture {base!r} is neither PNG, JPEG nor WebP and was left out")
        return None
    textures.append(Texture(data=data, media_type=kind, name=PurePosixPath(base).stem, uri=base))
    return len(textures) - 1


def _with_uses(material: Material, uses: Mapping[str, TextureUse]) -> Material:
    changes: dict[str, Any] = {"extras": {k: v for k, v in material.extras.items() if k != PENDING}, **uses}
    if "base_color_texture" in uses:
        # A texture takes the place of the diffuse colour in FBX and Collada; glTF multiplies.
        changes["base_color"] = (1.0, 1.0, 1.0, material.base_color[3])
    if "emissive_texture" in uses:
        changes["emissive"] = (1.0, 1.0, 1.0)
    return attrs.evolve(material, **changes)
