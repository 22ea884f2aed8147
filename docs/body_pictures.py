"""Draws the sheets of docs/body.md from the body pack: ``python docs/body_pictures.py [presets faces ...]``."""

from __future__ import annotations

import io
import sys
from functools import partial
from pathlib import Path

import attrs
import numpy as np
from PIL import Image

from axis_core.body import PRESETS, AvatarRecipe, build, random_recipe
from axis_core.model import Scene
from axis_core.render import View, contact_sheet, render
from axis_core.render.surfaces import Drawing, draw_scene


FOLDER = Path(__file__).parent / "pictures"
COLORS = 192
FACE_SHARE = 0.86
"""What lies above this share of the stature is in a portrait."""


def presets() -> bytes:
    """Return every preset, whole."""
    cells = [(n, _whole(build(p.recipe, texture_side=1024), (150, 290))) for n, p in PRESETS.items()]
    return contact_sheet(cells, columns=10)


def people(first: int, last: int) -> bytes:
    """Return the random people of some seeds, whole and as portraits."""
    cells = []
    for seed in range(first, last):
        recipe = random_recipe(seed)
        scene = build(recipe, texture_side=1024)
        cells.append((f"{seed}: {recipe.age_years:g} y", _whole(scene, (110, 210))))
        cells.append(("", View(drawing=_portrait(scene), views=("three_quarter",), size=(110, 210))))
    return contact_sheet(cells, columns=16)


def faces() -> bytes:
    """Return the 52 ARKit shapes and the 15 visemes at full weight."""
    scene = build(AvatarRecipe(gender=0.2, hair_style="bun"), morphs=True, visemes=True, texture_side=1024)
    skin = next(m for m in scene.meshes if m.name == "skin")
    cells = []
    for shape in [m.name for m in skin.morphs]:
        meshes = [attrs.evolve(m, morph_weights=tuple(float(t.name == shape) for t in m.morphs)) for m in scene.meshes]
        made = attrs.evolve(scene, meshes=meshes)
        cells.append((shape, View(drawing=_portrait(made), views=("front",), size=(150, 175))))
    return contact_sheet(cells, columns=11)


def _whole(scene: Scene, size: tuple[int, int]) -> View:
    return render(scene, views=("three_quarter",), size=size)


def _portrait(scene: Scene) -> Drawing:
    low = scene.extras["axis_body"]["stature_m"] * FACE_SHARE
    drawing = draw_scene(scene)
    kept = []
    for surface in drawing.surfaces:
        corners = surface.positions[surface.faces]
        inside = (corners[..., 1] > low).all(axis=1) & (np.abs(corners[..., 0]) < 0.26).all(axis=1)
        if inside.any():
            kept.append(attrs.evolve(surface, faces=surface.faces[inside]))
    return attrs.evolve(drawing, surfaces=tuple(kept))


def main(names: list[str]) -> None:
    """Draw the sheets of ``names``, or all."""
    sheets = {
        "presets": presets,
        "people-1": partial(people, 0, 24),
        "people-2": partial(people, 24, 40),
        "faces": faces,
    }
    for name in names or list(sheets):
        picture = Image.open(io.BytesIO(sheets[name]())).convert("RGB")
        path = FOLDER / f"body-{name}.png"
        picture.quantize(COLORS, kmeans=1).save(path, "PNG", optimize=True)
        sys.stdout.write(f"wrote {path.name}, {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
