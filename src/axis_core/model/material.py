"""Material, Texture and how a material uses a texture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs


__all__ = ["Material", "Texture", "TextureUse"]


def _floats(value: Any) -> tuple[float, ...]:
    return tuple(float(v) for v in value)


@attrs.frozen(kw_only=True)
class Texture:
    """An encoded image with its sampler.

    Attributes
    ----------
    data : bytes
        The encoded file (PNG, JPEG, WebP, KTX2), never pixels.
    media_type : str
        ``image/png``, ``image/jpeg``, ``image/webp``, ``image/ktx2``.
    sampler : mapping
        glTF's sampler: ``magFilter``, ``minFilter``, ``wrapS``, ``wrapT``; empty for the defaults.
    uri : str or None
        Name of the file it came from, if it was outside.
    """

    data: bytes = attrs.field(repr=False)
    media_type: str
    name: str = ""
    uri: str | None = None
    sampler: Mapping[str, Any] = attrs.field(factory=dict)
    extras: Mapping[str, Any] = attrs.field(factory=dict)
    extensions: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class TextureUse:
    """How a material uses a texture.

    Attributes
    ----------
    texture : int
        Index into the scene's textures.
    uv_set : int
        Index into the mesh's ``uvs``.
    scale : float
        ``scale`` of a normal map, ``strength`` of an occlusion map; 1 elsewhere.
    extensions : mapping
        KHR_texture_transform and others, kept as read.
    """

    texture: int
    uv_set: int = 0
    scale: float = 1.0
    extras: Mapping[str, Any] = attrs.field(factory=dict)
    extensions: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Material:
    """glTF 2.0's metallic-roughness material; extensions kept as read.

    Attributes
    ----------
    base_color : 4 floats, linear RGBA
    metallic, roughness : float, 0..1
    emissive : 3 floats, linear RGB
    alpha_mode : ``OPAQUE``, ``MASK`` or ``BLEND``
    alpha_cutoff : float
    """

    name: str = ""
    base_color: tuple[float, ...] = attrs.field(default=(1.0, 1.0, 1.0, 1.0), converter=_floats)
    base_color_texture: TextureUse | None = None
    metallic: float = 1.0
    roughness: float = 1.0
    metallic_roughness_texture: TextureUse | None = None
    normal_texture: TextureUse | None = None
    occlusion_texture: TextureUse | None = None
    emissive: tuple[float, ...] = attrs.field(default=(0.0, 0.0, 0.0), converter=_floats)
    emissive_texture: TextureUse | None = None
    alpha_mode: str = "OPAQUE"
    alpha_cutoff: float = 0.5
    double_sided: bool = False
    extras: Mapping[str, Any] = attrs.field(factory=dict)
    extensions: Mapping[str, Any] = attrs.field(factory=dict)
