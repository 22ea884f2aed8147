"""Bodies of the parametric human with known joints: all ages and builds, in a suit, in four kinds of pose."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body import Phenotype, dressed_scene, shape_body
from axis_core.model import Skeleton
from axis_core.model.soup import Soup, scene_soup
from axis_core.rig import place
from axis_core.stages.pose import posed_rest


LIMBS = ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")
CORE = ("hips", "neck", "head", *(side + part for side in ("left", "right") for part in LIMBS))
POSES = {"as modelled": None, "T": 0.0, "A": 45.0, "relaxed": 66.0, "I": 79.0}
"""How far the arms are lowered, in degrees; ``relaxed`` varies by eight degrees."""


@attrs.frozen
class Person:
    """A body, the joints it was built with, and what it is."""

    soup: Soup
    skeleton: Skeleton
    phenotype: Phenotype
    pose: str


def person_of(seed: int) -> Person:
    """Return body number ``seed``: seeded age, build, proportions, ancestry and stature; poses take turns."""
    rng = np.random.default_rng([2026, seed])
    ancestry = rng.dirichlet([1.0, 1.0, 1.0])
    phenotype = Phenotype(
        age_years=float(rng.uniform(1.0, 90.0)),
        gender=float(rng.uniform()),
        weight=float(rng.uniform()),
        muscle=float(rng.uniform()),
        proportions=float(rng.uniform()),
        african=float(ancestry[0]),
        asian=float(ancestry[1]),
        european=float(ancestry[2]),
    )
    scene = dressed_scene(shape_body(phenotype), texture_side=16)
    pose = list(POSES)[seed % len(POSES)]
    angle = POSES[pose]
    if angle is not None:
        turned = angle + float(rng.uniform(-8.0, 8.0)) * (pose == "relaxed")
        scene = posed_rest(scene, "A" if turned else "T", turned or 45.0)
    return Person(scene_soup(scene), scene.skeleton(0), phenotype, pose)


def core_errors(person: Person) -> NDArray[np.float64]:
    """Return (15,) how far the placed core joints are from the built ones, in percent of the height."""
    placed = place(person.soup.positions, person.soup.faces).skeleton
    found, built = (dict(zip(s.names, s.positions, strict=True)) for s in (placed, person.skeleton))
    height = float(np.ptp(person.soup.positions[:, 1]))
    return np.array([100.0 * np.linalg.norm(found.get(n, np.full(3, np.inf)) - built[n]) / height for n in CORE])
