"""Materials as Phong, textures inside the file."""

from __future__ import annotations

import io

from PIL import Image

from axis_core.plugin import InputError, Material, Texture, TextureUse
from axis_exporter_fbx.binary import Record


__all__ = ["SLOTS", "image_file", "material_record", "texture_record", "video_record"]

SLOTS = {
    "base_color_texture": "DiffuseColor",
    "emissive_texture": "EmissiveColor",
    "normal_texture": "NormalMap",
}
_SUFFIX = {"image/png": "png", "image/jpeg": "jpg"}


def _srgb(linear: float) -> float:
    value = min(max(linear, 0.0), 1.0)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def material_record(material: Material, key: int, name: str) -> Record:
    """Return a Phong material: roughness as shininess, metal as reflection."""
    out = Record("Material", ("L", key), f"{name}\x00\x01Material", "")
    out.add("Version", 102)
    out.add("ShadingModel", "phong")
    out.add("MultiLayer", 0)
    table = out.add("Properties70")
    colour = [_srgb(c) for c in material.base_color[:3]]
    glow = [_srgb(c) for c in material.emissive]
    smooth = 1.0 - min(max(material.roughness, 0.0), 1.0)
    alpha = float(material.base_color[3]) if material.alpha_mode == "BLEND" else 1.0
    table.put("ShadingModel", "KString", "", "", "phong")
    table.put("DiffuseColor", "Color", "", "A", *colour)
    table.put("DiffuseFactor", "Number", "", "A", 1.0)
    table.put("EmissiveColor", "Color", "", "A", *glow)
    table.put("EmissiveFactor", "Number", "", "A", 1.0)
    table.put("TransparencyFactor", "Number", "", "A", 1.0 - alpha)
    table.put("Opacity", "Number", "", "A", alpha)
    table.put("Shininess", "Number", "", "A", 100.0 * smooth**2)
    table.put("ShininessExponent", "Number", "", "A", 100.0 * smooth**2)
    table.put("ReflectionFactor", "Number", "", "A", float(material.metallic))
    return out


def image_file(texture: Texture, index: int) -> tuple[str, bytes]:
    """Return name and bytes of a texture's file; what is neither PNG nor JPEG becomes PNG."""
    stem = texture.name or f"texture_{index}"
    suffix = _SUFFIX.get(texture.media_type)
    if suffix is not None:
        return f"{stem}.{suffix}", texture.data
    sink = io.BytesIO()
    try:
        with Image.open(io.BytesIO(texture.data)) as image:
            image.save(sink, "PNG")
    except OSError as exc:
        raise InputError(f"texture {texture.name!r} cannot be decoded for FBX: {exc}") from exc
    return f"{stem}.png", sink.getvalue()


def video_record(key: int, file: str, data: bytes) -> Record:
    """Return the image itself."""
    out = Record("Video", ("L", key), f"{file}\x00\x01Video", "Clip")
    out.add("Type", "Clip")
    table = out.add("Properties70")
    table.put("Path", "KString", "XRefUrl", "", file)
    out.add("UseMipMap", 0)
    out.add("Filename", file)
    out.add("RelativeFilename", file)
    out.add("Content", data)
    return out


def texture_record(key: int, file: str, use: TextureUse) -> Record:
    """Return the use of an image by a material."""
    out = Record("Texture", ("L", key), f"{file}\x00\x01Texture", "")
    out.add("Type", "TextureVideoClip")
    out.add("Version", 202)
    out.add("TextureName", f"{file}\x00\x01Texture")
    table = out.add("Properties70")
    table.put("UVSet", "KString", "", "", f"UVMap{use.uv_set or ''}")
    table.put("UseMaterial", "bool", "", "", 1)
    out.add("Media", f"{file}\x00\x01Video")
    out.add("FileName", file)
    out.add("RelativeFilename", file)
    out.add("ModelUVTranslation", 0.0, 0.0)
    out.add("ModelUVScaling", 1.0, 1.0)
    out.add("Texture_Alpha_Source", "None")
    return out
