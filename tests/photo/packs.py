"""The data that tests of photos need, or the reason why they are skipped; and a photo of nobody who exists."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
import pytest
from PIL import Image

from axis_core.assets import install
from axis_core.body.pack import BODY_PACK
from axis_core.body.recipe import AvatarRecipe, Garment
from axis_core.errors import BackendUnavailable, StoreError
from axis_core.vision.pack import VISION_PACK


__all__ = ["PERSON", "packs_or_skip", "portrait", "rendered"]

PERSON = AvatarRecipe(
    gender=0.9,
    height_m=1.78,
    weight=0.62,
    skin_tone=0.3,
    hair_style="short",
    hair_colour="black",
    garments=(Garment("t_shirt", "red"), Garment("trousers", "navy"), Garment("shoes", "white")),
)


@lru_cache(maxsize=1)
def _problem() -> str:
    pytest.importorskip("ai_edge_litert")
    try:
        for pack in (BODY_PACK, VISION_PACK):
            install(pack)
    except (BackendUnavailable, StoreError) as error:
        return f"a data pack is not installed and cannot be: {error}"
    return ""


def packs_or_skip() -> None:
    """Install both packs and check that pictures can be drawn, or skip with the reason."""
    if _problem():
        pytest.skip(_problem())
    try:
        rendered("front")
    except BackendUnavailable as error:
        pytest.skip(str(error))


@lru_cache(maxsize=4)
def rendered(view: str) -> bytes:
    """Return a PNG of ``PERSON`` before a plain wall."""
    from axis_core.body.building import build
    from axis_core.render import render

    scene = build(PERSON, texture_side=512)
    drawn = render(scene, views=(view,), size=(560, 700), background="#9fb4c4").image()
    return _encoded(drawn[..., :3])


def portrait() -> bytes:
    """Return the head of ``PERSON`` alone."""
    with Image.open(io.BytesIO(rendered("front"))) as whole:
        head = whole.crop((200, 10, 360, 150)).resize((640, 560), Image.Resampling.BICUBIC)
    return _encoded(np.asarray(head))


def _encoded(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "PNG")
    return out.getvalue()
