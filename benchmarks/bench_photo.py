"""Shape from photos of people whose shape is known: 20 of them, clothed, with noise, from 1, 2 and 4 views.

``python benchmarks/bench_photo.py [FIRST LAST]`` prints the table of ``benchmarks/results/photo.md``.
"""

from __future__ import annotations

import sys
import time

import attrs
import numpy as np

from axis_core.body import AvatarRecipe
from axis_core.body.building import build, recipe_shape
from axis_core.body.data import load_mesh
from axis_core.photo.avatar import understand
from axis_core.render import render
from axis_core.vision.people import look_at
from axis_core.vision.photo import read_photo
from photo_people import VIEWS, person, photos


SETS = (("front",), ("front", "left"), VIEWS)


def main(first: int, last: int) -> None:
    """Measure and print."""
    n_body = int(load_mesh().vertices_of("body").max()) + 1
    rows = []
    for seed in range(first, last):
        truth = person(seed)
        shape = recipe_shape(truth).positions[:n_body]
        pictures, outlines = photos(truth, VIEWS, seed), silhouettes(truth)
        row = []
        for labels in SETS:
            begun = time.process_time()
            found = understand(
                [(v, pictures[v]) for v in labels], AvatarRecipe(height_m=truth.height_m), step=lambda *_: None
            )
            seconds = time.process_time() - begun
            fitted = recipe_shape(found.recipe).positions[:n_body]
            error = 1000.0 * np.linalg.norm(fitted - shape, axis=1).mean()
            row += [error, overlap(outlines, silhouettes(dressed_alike(found.recipe, truth))), seconds]
        guess = recipe_shape(AvatarRecipe(height_m=truth.height_m)).positions[:n_body]
        rows.append([1000.0 * np.linalg.norm(guess - shape, axis=1).mean(), *row])
        print(seed, " ".join(f"{x:7.3f}" for x in rows[-1]), flush=True)
    table = np.array(rows)
    print("mean", " ".join(f"{x:7.3f}" for x in table.mean(axis=0)))
    print("max ", " ".join(f"{x:7.3f}" for x in table.max(axis=0)))


def dressed_alike(found: AvatarRecipe, truth: AvatarRecipe) -> AvatarRecipe:
    """Return the found person in the clothes and hair of the true one: what is compared is the body."""
    worn = {name: getattr(truth, name) for name in ("garments", "hair_style", "beard", "glasses", "hat")}
    return attrs.evolve(found, **worn)


def silhouettes(recipe: AvatarRecipe) -> list[np.ndarray]:
    """Return the masks of a dressed person from the front and the left."""
    scene = build(recipe, rig=None, texture_side=0)
    drawn = render(scene, views=("front", "left"), size=(400, 500), background="transparent").image()
    return list(np.split(drawn[..., 3] > 127, 2, axis=1))


def overlap(one: list[np.ndarray], other: list[np.ndarray]) -> float:
    """Return the mean intersection over union of two people's silhouettes."""
    return float(np.mean([(a & b).sum() / max((a | b).sum(), 1) for a, b in zip(one, other, strict=True)]))


if __name__ == "__main__":
    given = [int(x) for x in sys.argv[1:3]] or [0, 20]
    look_at(read_photo(next(iter(photos(person(0), ("front",), 0).values()))))
    main(given[0], given[1])
