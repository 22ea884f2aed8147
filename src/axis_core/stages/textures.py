"""``textures``: no image larger than the tier allows.

Images are resized by area averaging in linear steps of Pillow's ``reducing_gap`` and keep their format; those that
cannot be decoded are reported and left alone.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

import attrs
from PIL import Image, UnidentifiedImageError

from axis_core.model.material import Texture
from axis_core.model.tier import TIERS
from axis_core.plugin import Context, Outcome, Stage, between, issue, option


__all__ = ["STAGE", "Options", "image_size", "resized"]

MAX_PIXELS = 64 * 1024 * 1024
PIL_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


@attrs.frozen(kw_only=True)
class Options:
    """How large."""

    max_side: int | None = option(None, "largest side; none: the tier's", validator=between(16, 8192), unit="pixels")


def _opened(texture: Texture) -> Image.Image:
    name = PIL_FORMATS.get(texture.media_type)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(io.BytesIO(texture.data), formats=[name] if name else ())
    if image.width * image.height > MAX_PIXELS:
        raise UnidentifiedImageError(f"{image.width} x {image.height} pixels are more than {MAX_PIXELS}")
    return image


def image_size(texture: Texture) -> tuple[int, int] | None:
    """Return (width, height) from the image's header, or None if it cannot be read."""
    try:
        with _opened(texture) as image:
            return image.size
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def resized(texture: Texture, max_side: int) -> Texture:
    """Return ``texture`` no larger than ``max_side``, the same object where it is small enough.

    Raises
    ------
    OSError
        If the image cannot be decoded.
    """
    with _opened(texture) as image:
        if max(image.size) <= max_side:
            return texture
        factor = max_side / max(image.size)
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        mode = image.mode if image.mode in ("L", "LA", "RGB", "RGBA") else ("RGBA" if "A" in image.mode else "RGB")
        small = image.convert(mode).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        out = io.BytesIO()
        name = PIL_FORMATS[texture.media_type]
        settings: dict[str, Any] = {"JPEG": {"quality": 92, "subsampling": 0}, "WEBP": {"quality": 92}}.get(name, {})
        small.save(out, name, **settings)
    return attrs.evolve(texture, data=out.getvalue())


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Resize every image to the tier's side."""
    side = options.max_side or TIERS[context.tier].texture_side
    if options.max_side is None and context.platform:
        side = min(side, context.host.platform(context.platform).max_texture)
    textures, changes, issues = [], [], []
    for k, texture in enumerate(state.scene.textures):
        context.step(k / max(len(state.scene.textures), 1), texture.name)
        try:
            small = resized(texture, side) if texture.media_type in PIL_FORMATS else texture
        except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
            issues.append(issue("TEXTURE_UNREADABLE", f"{texture.name or k}: {exc}", pointer=f"/textures/{k}"))
            small = texture
        if small is not texture:
            changes.append(f"texture {texture.name or k} to {side} pixels")
        textures.append(small)
    scene = attrs.evolve(state.scene, textures=textures) if changes else state.scene
    return Outcome(scene=scene, changes=tuple(changes), issues=tuple(issues), metrics={"textures": len(textures)})


STAGE = Stage(name="textures", summary="No image larger than the tier allows.", run=run, options=Options, order=110)
