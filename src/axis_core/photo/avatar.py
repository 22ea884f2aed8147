"""From photos to an avatar: look, fit the body, fit the face, read the colours, build, bake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs
import numpy as np

from axis_core.body.building import build, recipe_shape
from axis_core.body.phenotype import Phenotype
from axis_core.body.recipe import AvatarRecipe
from axis_core.errors import CannotFit
from axis_core.model.scene import Scene
from axis_core.photo.bake_face import bake_face
from axis_core.photo.body_fit import BodyFit, fit_body
from axis_core.photo.camera import VIEW_YAW
from axis_core.photo.colours import dressed, read_looks
from axis_core.photo.evidence import Evidence, evidence_of
from axis_core.photo.face_fit import FaceFit, fit_face
from axis_core.photo.model import MACROS, ShapeModel
from axis_core.photo.start import start_angles, start_camera
from axis_core.vision.people import look_at
from axis_core.vision.photo import read_photo


__all__ = ["FROM_PHOTOS", "Portrait", "photo_scene", "understand"]

FROM_PHOTOS = "axis_photo"
"""Key of ``Scene.extras`` under which the fit stands."""
_UNLABELLED = ("custom", "detail")
_LEAST_FACE_PX = 24.0
_SEXES = ("feminine", "masculine")
_ALL_OLD_YEARS = 75.0

Step = Callable[[float, str], None]


@attrs.frozen(eq=False)
class Portrait:
    """What the photos say.

    Attributes
    ----------
    recipe : AvatarRecipe
        The person.
    views : tuple of Evidence
    body : BodyFit or None
        None where no photo shows the body.
    face : FaceFit or None
    face_view : Evidence or None
        The photo that the face came from.
    warnings : tuple of str
    """

    recipe: AvatarRecipe
    views: tuple[Evidence, ...]
    body: BodyFit | None
    face: FaceFit | None
    face_view: Evidence | None
    warnings: tuple[str, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """What was found, as plain values."""
        out: dict[str, Any] = {
            "route": "body" if self.body else "head" if self.face else "none",
            "views": [v.label for v in self.views],
            "warnings": list(self.warnings),
        }
        if self.face is not None:
            out["face_error_mm"] = round(1000 * self.face.error_m, 2)
            out["expression"] = {k: round(v, 3) for k, v in self.face.expression.items() if v > 0.05}
        return out


def understand(
    images: Sequence[tuple[str, bytes]], recipe: AvatarRecipe, *, known: Sequence[str] = (), step: Step
) -> Portrait:
    """Return what photos say about a person who is otherwise as ``recipe``.

    Parameters
    ----------
    images : sequence of (view label, bytes)
    recipe : AvatarRecipe
        What words and parameters say; fields named in ``known`` are not taken from the photos.
    step : callable (fraction, message)
        Reports progress; may raise to stop.

    Raises
    ------
    InputError
        A photo cannot be read; the pointer names it.
    CannotFit
        No photo shows a person.
    BackendUnavailable
        A data pack or the runtime is missing.
    """
    views = []
    for k, (label, data) in enumerate(images):
        step(0.3 * k / len(images), f"looking at photo {k + 1} of {len(images)}")
        views.append(evidence_of(label, look_at(read_photo(data, pointer=f"/images/{k}"), label=label)))
    warnings = [w for v in views for w in v.sighting.warnings]
    seen = [v for v in views if v.sighting.has_person]
    if not seen:
        raise CannotFit(
            "no photo shows a person", hint="Give a photo of one person from head to feet, or class object."
        )
    step(0.3, "fitting the body")
    body = _body(seen, recipe, known, lambda share: step(0.3 + 0.4 * share, "fitting the body"))
    recipe = _with_body(recipe, body)
    step(0.72, "fitting the face")
    face_view = max((v for v in seen if v.sighting.face is not None), key=_face_size, default=None)
    face = _face(face_view, recipe, known, whole=body is not None)
    recipe = _with_face(recipe, face, known)
    step(0.78, "reading colours")
    front = next((v for v in seen if v.label == "front"), seen[0])
    recipe = dressed(recipe, read_looks(front), keep=known)
    return Portrait(recipe, tuple(views), body, face, face_view, tuple(dict.fromkeys(warnings)))


def _face_size(view: Evidence) -> float:
    face = view.sighting.face
    return 0.0 if face is None else face.size


def _body(
    views: Sequence[Evidence], recipe: AvatarRecipe, known: Sequence[str], step: Callable[[float], None]
) -> BodyFit | None:
    usable = [v for v in views if v.sighting.is_whole and v.label in VIEW_YAW]
    if not usable:
        return None
    macros = tuple(m for m in MACROS if m not in known and (m != "age_years" or recipe.phenotype.is_adult))
    fixed = tuple(recipe.body_proportions.items())
    model = ShapeModel(_standing(recipe.phenotype), macros=macros, fixed=fixed)
    first = model.at(model.start).shape
    leading = sorted(usable, key=lambda v: list(VIEW_YAW).index(v.label))
    cameras = [start_camera(first, v) for v in leading]
    return fit_body(model, leading, cameras, start_angles(first, leading[0]), step=step)


def _standing(person: Phenotype) -> Phenotype:
    """Return the person with a stature: without one it would change with the gender that is being fitted."""
    return attrs.evolve(person, height_m=person.target_height_m)


def _with_body(recipe: AvatarRecipe, body: BodyFit | None) -> AvatarRecipe:
    if body is None:
        return recipe
    person = body.model.phenotype(body.posed.state.values)
    found: dict[str, Any] = {name: round(float(getattr(person, name)), 4) for name in body.model.macros}
    return attrs.evolve(recipe, **found, height_m=recipe.height_m or round(person.target_height_m, 4))


def _face(view: Evidence | None, recipe: AvatarRecipe, known: Sequence[str], *, whole: bool) -> FaceFit | None:
    if view is None or view.sighting.face is None or view.sighting.face.size < _LEAST_FACE_PX:
        return None
    kinds: tuple[str, ...] = () if whole or "age_years" in known else ("old",)
    kinds += () if whole or "gender" in known else _SEXES
    return fit_face(view.sighting.face, recipe.phenotype, kinds=kinds)


def _with_face(recipe: AvatarRecipe, face: FaceFit | None, known: Sequence[str]) -> AvatarRecipe:
    if face is None:
        return recipe
    sliders = {**{k: round(float(np.clip(v, -1, 1)), 4) for k, v in face.sliders.items()}, **recipe.face_proportions}
    changed: dict[str, Any] = {"face_proportions": sliders}
    mix = np.array([recipe.african, recipe.asian, recipe.european])
    mix = mix / mix.sum() if mix.sum() else np.full(3, 1 / 3)
    found = np.array([face.kinds.get(k, 0.0) for k in ("african", "asian", "european")])
    if found.any():
        mixed = mix * max(1.0 - found.sum(), 0.0) + found
        changed |= dict(zip(("african", "asian", "european"), np.round(mixed / mixed.sum(), 4).tolist(), strict=True))
    if "old" in face.kinds:
        age = recipe.age_years + face.kinds["old"] * max(_ALL_OLD_YEARS - recipe.age_years, 0.0)
        changed["age_years"] = round(age, 1)
        changed["height_m"] = recipe.height_m or round(recipe.phenotype.target_height_m, 4)
    turn = face.kinds.get("masculine", 0.0) * (1.0 - recipe.gender) - face.kinds.get("feminine", 0.0) * recipe.gender
    if turn:
        changed["gender"] = round(float(np.clip(recipe.gender + turn, 0.0, 1.0)), 4)
    return attrs.evolve(recipe, **{k: v for k, v in changed.items() if k not in known})


def photo_scene(
    portrait: Portrait, *, tier: str | None, texture_side: int, morphs: bool, visemes: bool, name: str
) -> Scene:
    """Return the dressed, rigged avatar of a portrait, the photographed face on its skin."""
    scene = build(portrait.recipe, morphs=morphs, visemes=visemes, tier=tier, texture_side=texture_side, name=name)
    extras = {**scene.extras, FROM_PHOTOS: portrait.facts}
    view, face = portrait.face_view, portrait.face
    if view is None or face is None or view.sighting.face is None or not texture_side:
        return attrs.evolve(scene, extras=extras)
    place = _skin_texture(scene)
    if place is None:
        return attrs.evolve(scene, extras=extras)
    texture = scene.textures[place]
    shape = recipe_shape(portrait.recipe)
    data, seen = bake_face(texture.data, shape, view.sighting.photo, view.mask, view.sighting.face, face)
    textures = list(scene.textures)
    textures[place] = attrs.evolve(texture, data=data, media_type="image/jpeg")
    extras[FROM_PHOTOS] = {**portrait.facts, "face_seen": round(seen, 3)}
    return attrs.evolve(scene, textures=tuple(textures), extras=extras)


def _skin_texture(scene: Scene) -> int | None:
    for material in scene.materials:
        if material.name == "skin" and material.base_color_texture is not None:
            return material.base_color_texture.texture
    return None
