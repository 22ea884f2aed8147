"""Materials: Phong and PBR properties of assimp as metallic-roughness ones, with the images they name."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import numpy as np

from axis_core.plugin import Material, Texture, TextureUse
from axis_importer_assimp.library import each, raw_bytes, text
from axis_importer_assimp.read import PENDING


__all__ = ["read_materials"]

# aiTextureType: the slot each goes into, best first. assimp gives FBX's diffuse as 1 and Stingray's base color as 12.
_SLOTS = {
    "base_color_texture": (12, 1),
    "normal_texture": (6, 13, 5),
    "emissive_texture": (14, 4),
    "occlusion_texture": (17, 10),
}
_METALNESS, _ROUGHNESS, _SHININESS, _OPACITY = 15, 16, 7, 8
MAX_IMAGE_BYTES = 256 * 1024**2


def read_materials(scene: Any) -> tuple[list[Material], list[Texture], list[str]]:
    """Return materials, embedded textures and notes.

    Images beside the file are named in the extras, for the parent to fetch.
    """
    reader = _Reader(scene)
    materials = [reader.material(item) for item in each(scene.mMaterials, scene.mNumMaterials)]
    return materials, reader.textures, reader.notes


class _Reader:
    def __init__(self, scene: Any) -> None:
        self._scene = scene
        self.textures: list[Texture] = []
        self.notes: list[str] = []
        self._embedded: dict[str, int | None] = {}

    def material(self, item: Any) -> Material:
        """Return one material."""
        found = _properties(item)
        opacity = _number(found, "$mat.opacity", 1.0)
        base = _colour(found, "$clr.base") or _colour(found, "$clr.diffuse") or (1.0, 1.0, 1.0)
        uses: dict[str, TextureUse] = {}
        pending: dict[str, dict[str, Any]] = {}
        for slot, kinds in _SLOTS.items():
            path, uv_set = _texture(found, kinds)
            if not path:
                continue
            index = self._image(path)
            if index is not None:
                uses[slot] = TextureUse(texture=index, uv_set=uv_set)
            elif not path.startswith("*"):
                pending[slot] = {"image": path, "uv_set": uv_set}
        cut = _texture(found, (_OPACITY,))[0]
        lost = [n for n, k in (("metalness", _METALNESS), ("roughness", _ROUGHNESS)) if _texture(found, (k,))[0]]
        if lost:
            self.notes.append(f"textures of {' and '.join(lost)} of {_string(found, '?mat.name')!r} were left out")
        textured = "base_color_texture" in uses or "base_color_texture" in pending
        colour = (1.0, 1.0, 1.0) if "base_color_texture" in uses else base
        return Material(
            name=_string(found, "?mat.name"),
            base_color=(*np.clip(colour, 0, 1), float(np.clip(opacity, 0, 1))),
            metallic=float(np.clip(_number(found, "$mat.metallicFactor", 0.0), 0, 1)),
            roughness=_roughness(found),
            emissive=np.clip(_colour(found, "$clr.emissive") or (0.0, 0.0, 0.0), 0, 1),
            alpha_mode="BLEND" if opacity < 0.999 else ("MASK" if cut and textured else "OPAQUE"),
            double_sided=bool(_number(found, "$mat.twosided", 0.0)),
            extras={PENDING: pending} if pending else {},
            **uses,
        )

    def _image(self, path: str) -> int | None:
        """Return the index of an embedded image, by its place (``*0``) or by the name it was embedded under."""
        if path not in self._embedded:
            self._embedded[path] = self._embed(path)
        return self._embedded[path]

    def _embed(self, path: str) -> int | None:
        items = each(self._scene.mTextures, self._scene.mNumTextures)
        base = PurePosixPath(path.replace("\\", "/")).name
        if path.startswith("*") and path[1:].isdecimal() and int(path[1:]) < len(items):
            item = items[int(path[1:])]
        else:
            named = (i for i in items if PurePosixPath(text(i.mFilename).replace("\\", "/")).name == base)
            item = next(named, None)
        if item is None or item.mHeight != 0 or not 0 < item.mWidth <= MAX_IMAGE_BYTES:
            return None
        data = raw_bytes(item.pcData, item.mWidth)
        kind = _media_type(data)
        if not kind:
            self.notes.append(f"the embedded image {base!r} is neither PNG, JPEG nor WebP and was left out")
            return None
        self.textures.append(Texture(data=data, media_type=kind, name=PurePosixPath(base).stem))
        return len(self.textures) - 1


def _media_type(data: bytes) -> str:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _properties(item: Any) -> dict[tuple[str, int], Any]:
    """Return (key, texture type) -> values: numbers as an array, strings as str."""
    out: dict[tuple[str, int], Any] = {}
    for p in each(item.mProperties, item.mNumProperties):
        raw = raw_bytes(p.mData, p.mDataLength)
        value: Any = raw
        if p.mType == 1:
            value = np.frombuffer(raw[: len(raw) // 4 * 4], "<f4")
        elif p.mType == 2:
            value = np.frombuffer(raw[: len(raw) // 8 * 8], "<f8")
        elif p.mType == 3:
            value = raw[4:].split(b"\0")[0].decode("utf-8", "replace")
        elif p.mType == 4:
            value = np.frombuffer(raw[: len(raw) // 4 * 4], "<i4")
        if p.mIndex == 0:
            out.setdefault((text(p.mKey), int(p.mSemantic)), value)
    return out


def _number(found: dict[tuple[str, int], Any], key: str, default: float) -> float:
    value = found.get((key, 0))
    if isinstance(value, bytes) and len(value) == 1:
        return float(value[0])
    usable = isinstance(value, np.ndarray) and value.size and np.isfinite(value[0])
    return float(value[0]) if usable else default


def _colour(found: dict[tuple[str, int], Any], key: str) -> tuple[float, ...] | None:
    value = found.get((key, 0))
    usable = isinstance(value, np.ndarray) and value.size >= 3 and np.isfinite(value[:3]).all()
    return tuple(float(v) for v in value[:3]) if usable else None


def _string(found: dict[tuple[str, int], Any], key: str) -> str:
    value = found.get((key, 0), "")
    return value if isinstance(value, str) else ""


def _texture(found: dict[tuple[str, int], Any], kinds: tuple[int, ...]) -> tuple[str, int]:
    for kind in kinds:
        path = found.get(("$tex.file", kind), "")
        if isinstance(path, str) and path:
            uv = found.get(("$tex.uvwsrc", kind))
            uv_set = int(uv[0]) if isinstance(uv, np.ndarray) and uv.size and 0 <= uv[0] < 8 else 0
            return path, uv_set
    return "", 0


def _roughness(found: dict[tuple[str, int], Any]) -> float:
    """Return the roughness, from Blinn's exponent where there is none (Karis, "Specular BRDF Reference", 2013)."""
    given = _number(found, "$mat.roughnessFactor", -1.0)
    if given >= 0:
        return float(np.clip(given, 0, 1))
    shininess = _number(found, "$mat.shininess", 0.0)
    return float(np.clip((2.0 / (max(shininess, 0.0) + 2.0)) ** 0.25, 0, 1))
