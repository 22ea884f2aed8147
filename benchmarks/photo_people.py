"""People of known shape in photos: rendered in random clothes before a random background, with noise."""

from __future__ import annotations

import io

import attrs
import numpy as np
from PIL import Image, ImageFilter

from axis_core.body import AvatarRecipe, build, random_recipe
from axis_core.body.building import recipe_shape
from axis_core.render import render


VIEWS = ("front", "left", "back", "right")
BODY_SLIDERS = ("shoulder_breadth", "hip_girth", "waist_girth", "thigh_girth", "upper_arm_length", "torso_height")


def person(seed: int) -> AvatarRecipe:
    """Return an adult of random build, face and clothes."""
    for k in range(seed * 100, seed * 100 + 100):
        recipe = random_recipe(k)
        if recipe.age_years >= 18.0:
            break
    rng = np.random.default_rng(seed)
    sliders = {name: float(np.clip(rng.normal(0.0, 0.2), -0.6, 0.6)) for name in BODY_SLIDERS}
    height = recipe_shape(recipe).height_m * float(rng.uniform(0.95, 1.06))
    return attrs.evolve(recipe, body_proportions=sliders, height_m=round(height, 3))


def photos(recipe: AvatarRecipe, views: tuple[str, ...], seed: int, height: int = 1000) -> dict[str, bytes]:
    """Return a JPEG of each view: the person at rest in an A-pose, somewhere in the picture."""
    scene = build(recipe, texture_side=1024, tier="desktop_standard")
    rng = np.random.default_rng(seed)
    out = {}
    for view in views:
        drawn = render(scene, views=(view,), size=(int(height * 0.8), height), background="transparent").image()
        rgba = np.asarray(drawn, np.float32) / 255.0
        canvas = background(rng, rgba.shape[1], rgba.shape[0])
        alpha = rgba[..., 3:]
        colour = rgba[..., :3] * alpha + canvas * (1.0 - alpha)
        colour = colour * rng.uniform(0.85, 1.1) * rng.uniform(0.95, 1.05, 3) + rng.normal(0, 0.02, colour.shape)
        picture = Image.fromarray((np.clip(colour, 0, 1) * 255).astype(np.uint8))
        data = io.BytesIO()
        picture.save(data, "JPEG", quality=88)
        out[view] = data.getvalue()
    return out


def background(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a wall and a floor with soft blotches, (H, W, 3) float."""
    wall, floor = rng.uniform(0.3, 0.9, 3), rng.uniform(0.2, 0.7, 3)
    rows = np.arange(height)[:, None, None] / height
    canvas = np.where(rows < 0.9, wall, floor) * np.ones((height, width, 1))
    blots = rng.uniform(0, 255, (8, 8, 3)).astype(np.uint8)
    soft = Image.fromarray(blots).resize((width, height), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(6))
    return canvas * 0.7 + np.asarray(soft, np.float32) / 255.0 * 0.3
