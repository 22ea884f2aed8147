"""Textures in another encoding: colours may lose what the eye does not see, vectors hardly anything."""

from __future__ import annotations

import io

import attrs
import numpy as np
from PIL import Image, UnidentifiedImageError

from axis_core.errors import BackendUnavailable, InputError
from axis_core.model.material import Texture
from axis_core.model.scene import Scene


__all__ = ["ENCODINGS", "Recoded", "recode_textures"]

ENCODINGS = ("webp", "ktx2")
COLOUR_QUALITY = 90
VECTOR_QUALITY = 98
MAX_PIXELS = 16_384 * 16_384


@attrs.frozen(kw_only=True)
class Recoded:
    """What became of one texture.

    Attributes
    ----------
    rms_error : float
        Root mean square of the differences, 0 to 255.
    """

    name: str
    bytes_before: int
    bytes_after: int
    rms_error: float


def recode_textures(scene: Scene, encoding: str) -> tuple[Scene, tuple[Recoded, ...]]:
    """Return ``scene`` with its PNG and JPEG textures in WebP, and what each lost; larger results are not taken.

    Raises
    ------
    InputError
        ``invalid_request``: an unknown encoding; ``parse_failed``: a texture that cannot be decoded.
    BackendUnavailable
        ``not_installed``: for KTX2, until a kept library encodes it.
    """
    if encoding not in ENCODINGS:
        raise InputError(f"texture encoding {encoding!r} is not known", hint=f"Known: {', '.join(ENCODINGS)}.")
    if encoding == "ktx2":
        raise BackendUnavailable(
            "KTX2 cannot be written: no kept Python library encodes it",
            hint="Use --textures webp, or run the KTX-Software tools on the result.",
        )
    vectors = _vector_textures(scene)
    out, told = [], []
    for i, texture in enumerate(scene.textures):
        if texture.media_type not in ("image/png", "image/jpeg"):
            out.append(texture)
            continue
        data, error = _webp(texture, VECTOR_QUALITY if i in vectors else COLOUR_QUALITY)
        if len(data) >= len(texture.data):
            out.append(texture)
            continue
        out.append(attrs.evolve(texture, data=data, media_type="image/webp", uri=None))
        told.append(
            Recoded(
                name=texture.name or f"texture_{i}",
                bytes_before=len(texture.data),
                bytes_after=len(data),
                rms_error=error,
            )
        )
    return attrs.evolve(scene, textures=out), tuple(told)


def _vector_textures(scene: Scene) -> frozenset[int]:
    uses = (u for m in scene.materials for u in (m.normal_texture, m.metallic_roughness_texture) if u is not None)
    return frozenset(u.texture for u in uses)


def _webp(texture: Texture, quality: int) -> tuple[bytes, float]:
    try:
        with Image.open(io.BytesIO(texture.data)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise InputError(f"texture {texture.name!r} has {opened.width} x {opened.height} pixels")
            image = opened.convert("RGBA" if "A" in opened.getbands() or "transparency" in opened.info else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as exc:
        raise InputError(f"texture {texture.name!r} cannot be decoded: {exc}", code="parse_failed") from exc
    sink = io.BytesIO()
    # `exact` keeps the colours under transparent pixels: filters reach them.
    image.save(sink, "WEBP", quality=quality, method=4, exact=True)
    with Image.open(io.BytesIO(sink.getvalue())) as back:
        difference = np.asarray(back.convert(image.mode), np.float32) - np.asarray(image, np.float32)
    return sink.getvalue(), float(np.sqrt(np.mean(difference**2)))
