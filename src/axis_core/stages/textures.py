"""``textures``: one atlas where the output wants it, and no image larger than the tier allows.

Images are resized by area averaging in linear steps of Pillow's ``reducing_gap`` and keep their format; those that
cannot be decoded are reported and left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
from PIL import Image

from axis_core.model.material import Texture
from axis_core.model.scene import Scene
from axis_core.model.tier import TIERS
from axis_core.plugin import Context, Outcome, Stage, between, issue, one_of, option
from axis_core.stages.atlas import atlas_scene
from axis_core.stages.pixels import PIL_FORMATS, UNREADABLE, encoded, opened
from axis_core.stages.props import bind_props


__all__ = ["STAGE", "Options", "image_size", "resized", "with_alpha_modes"]


@attrs.frozen(kw_only=True)
class Options:
    """How large, and how many."""

    max_side: int | None = option(None, "largest side; none: the tier's", validator=between(16, 8192), unit="pixels")
    atlas: str = option(
        "auto",
        "share one material and merge meshes: never, always, or where the output profile is game_ready",
        validator=one_of("auto", "always", "never"),
    )
    bind_props: bool = option(False, "draw props that hang on joints with the body; they can no longer be taken off")


def image_size(texture: Texture) -> tuple[int, int] | None:
    """Return (width, height) from the image's header, or None if it cannot be read."""
    try:
        with opened(texture) as image:
            return image.size
    except UNREADABLE:
        return None


def resized(texture: Texture, max_side: int) -> Texture:
    """Return ``texture`` no larger than ``max_side``, the same object where it is small enough.

    Raises
    ------
    OSError
        If the image cannot be decoded.
    """
    with opened(texture) as image:
        if max(image.size) <= max_side:
            return texture
        factor = max_side / max(image.size)
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        mode = image.mode if image.mode in ("L", "LA", "RGB", "RGBA") else ("RGBA" if "A" in image.mode else "RGB")
        small = image.convert(mode).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        return attrs.evolve(texture, data=encoded(small, texture.media_type))


def with_alpha_modes(scene: Scene, taken: Sequence[str]) -> tuple[Scene, list[str]]:
    """Return ``scene`` with materials of the alpha modes that a platform takes, and which became the first of them."""
    other = [m.name or str(k) for k, m in enumerate(scene.materials) if m.alpha_mode not in taken]
    if not other:
        return scene, []
    materials = [m if m.alpha_mode in taken else attrs.evolve(m, alpha_mode=taken[0]) for m in scene.materials]
    return attrs.evolve(scene, materials=materials), [f"{', '.join(other)}: {taken[0].lower()}, as the platform wants"]


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Make the atlas, then resize what is larger than the tier's side."""
    side = options.max_side or TIERS[context.tier].texture_side
    if options.max_side is None and context.platform:
        side = min(side, context.host.platform(context.platform).max_texture)
    scene, changes = state.scene, list[str]()
    if context.platform:
        scene, changes = with_alpha_modes(scene, context.host.platform(context.platform).alpha_modes)
    if options.atlas == "always" or (options.atlas == "auto" and context.output_profile == "game_ready"):
        context.step(0.0, "atlas")
        scene, done = atlas_scene(bind_props(scene) if options.bind_props else scene, side)
        changes += done
    textures, issues = [], []
    for k, texture in enumerate(scene.textures):
        context.step(0.8 + 0.2 * k / len(scene.textures), texture.name)
        try:
            small = resized(texture, side) if texture.media_type in PIL_FORMATS else texture
        except UNREADABLE as exc:
            issues.append(issue("TEXTURE_UNREADABLE", f"{texture.name or k}: {exc}", pointer=f"/textures/{k}"))
            small = texture
        if small is not texture:
            changes.append(f"texture {texture.name or k} to {side} pixels")
        textures.append(small)
    scene = attrs.evolve(scene, textures=textures) if changes else scene
    metrics = {"textures": len(textures), "materials": len(scene.materials), "meshes": len(scene.meshes)}
    return Outcome(scene=scene, changes=tuple(changes), issues=tuple(issues), metrics=metrics)


STAGE = Stage(
    name="textures",
    summary="One atlas for game-ready output, and no image larger than the tier allows.",
    run=run,
    options=Options,
    order=110,
)
