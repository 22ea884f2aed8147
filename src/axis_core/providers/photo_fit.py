"""``photo_fit``: avatars from photos of a person, on this machine, from the vision and the body pack."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

from axis_core.assets import pack_status
from axis_core.body.pack import BODY_PACK
from axis_core.errors import InputError
from axis_core.plugin import Context, Generation, Provider, Request
from axis_core.providers.parametric import finished, plain_recipe, recipe_of, schema_of, understood
from axis_core.vision.pack import VISION_PACK


__all__ = ["PROVIDER", "VIEW_LABELS"]

VIEW_LABELS = ("front", "back", "left", "right", "three_quarter", "detail", "custom")


def _health() -> str:
    if importlib.util.find_spec("ai_edge_litert") is None:
        return "the inference runtime is not installed: pip install 'axis-avatars[vision]'"
    for pack in (BODY_PACK, VISION_PACK):
        state = pack_status(pack).state
        if state != "installed":
            return f"the {pack.name} pack is {state}: {pack.command}"
    return ""


def generate(request: Request, context: Context) -> Generation:
    """Return the avatar of the person in the photos of a request; words and parameters have the last word."""
    from axis_core.photo.avatar import photo_scene, understand

    _check(request)
    recipe, parsed = recipe_of(request)
    known = {*request.parameters, *(parsed.attributes if parsed else ())}
    portrait = understand(request.images, recipe, known=sorted(known), step=context.step)
    context.step(0.82, "building the avatar")
    scene = photo_scene(
        portrait,
        tier=context.tier,
        texture_side=request.texture_side,
        morphs=request.morphs,
        visemes=request.visemes,
        name=request.name,
    )
    words = understood(parsed)
    return Generation(
        scene=finished(scene, context),
        model=f"{VISION_PACK.name} pack {VISION_PACK.version}, {BODY_PACK.name} pack {BODY_PACK.version}",
        licence=" AND ".join(sorted({*VISION_PACK.licences, *BODY_PACK.licences})),
        parameters=plain_recipe(portrait.recipe),
        parsed={**words, "photos": portrait.facts},
        notes=(*(parsed.notes if parsed else ()), *portrait.warnings),
    )


def _check(request: Request) -> None:
    if not request.images:
        raise InputError("no photo was given", pointer="/images", hint="Give one to eight photos.")
    labels = [label for label, _ in request.images]
    for k, label in enumerate(labels):
        if label not in VIEW_LABELS:
            raise InputError(
                f"there is no view {label!r}", pointer=f"/images/{k}", hint=f"Views: {', '.join(VIEW_LABELS)}."
            )
        if label not in ("custom", "detail") and label in labels[:k]:
            raise InputError(f"two photos are labelled {label!r}", pointer=f"/images/{k}")


def _schema() -> Mapping[str, Any]:
    return schema_of()


PROVIDER = Provider(
    name="photo_fit",
    summary="People from photos: body, face and colours fitted, the face's picture baked in; rigged, with face shapes.",
    modes=("image_to_3d",),
    generate=generate,
    kind="parametric",
    health=_health,
    licence=" AND ".join(sorted({*VISION_PACK.licences, *BODY_PACK.licences})),
    version=VISION_PACK.version,
    schema=_schema,
)
