"""Rules about images: headers only, no pixel is decoded."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

from PIL import Image

from axis_core.audit.rules.image_size import KNOWN_IMAGES
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.tier import TIERS
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE"]


def check(subject: Subject) -> Iterator[Issue]:
    """Yield what is wrong with the images."""
    if subject.scene is None:
        return
    side = TIERS[subject.tier].texture_side if subject.tier else 0
    for k, texture in enumerate(subject.scene.textures):
        if texture.media_type == "image/ktx2":
            continue
        pointer, label = f"/textures/{k}", texture.name or str(k)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(io.BytesIO(texture.data), formats=KNOWN_IMAGES) as image:
                    width, height = image.size
        except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
            yield issue("TEXTURE_UNREADABLE", f"{label}: {exc}", pointer=pointer)
            continue
        if side and max(width, height) > side:
            message = f"{label} is {width} x {height}, the tier allows {side}"
            yield issue("TEXTURE_TOO_LARGE", message, pointer=pointer, value=max(width, height), limit=side)
        if width & (width - 1) or height & (height - 1):
            message = f"{label} is {width} x {height}"
            yield issue("TEXTURE_NOT_POWER_OF_TWO", message, pointer=pointer, value=[width, height])


RULE = Rule(name="texture", codes=("TEXTURE_UNREADABLE", "TEXTURE_TOO_LARGE", "TEXTURE_NOT_POWER_OF_TWO"), check=check)
