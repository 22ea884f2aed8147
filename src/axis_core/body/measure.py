"""Measures of a body: volume, mass and body mass index, and the phenotype that has the index asked for."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh, load_mesh
from axis_core.body.phenotype import Phenotype
from axis_core.body.shape import BodyShape, shape_body
from axis_core.errors import CannotFit


__all__ = ["body_mass_index", "body_mass_kg", "phenotype_with_bmi"]

DENSITY = 985.0
"""kg/m3, whole body at mid breath: between 950 (much fat, full lungs) and 1,050 (lean, empty lungs). W. Siri, "Body
composition from fluid spaces and density", in: Techniques for Measuring Body Composition, 1961."""
_TOLERANCE = 0.01
_MAX_STEPS = 30


def body_mass_kg(shape: BodyShape) -> float:
    """Return the mass in kilograms of ``shape``, from the volume its skin encloses."""
    return DENSITY * _volume(load_mesh(), shape.positions)


def body_mass_index(shape: BodyShape) -> float:
    """Return kilograms per square metre of stature."""
    return body_mass_kg(shape) / shape.height_m**2


def phenotype_with_bmi(phenotype: Phenotype, bmi: float) -> Phenotype:
    """Return ``phenotype`` with the build whose body mass index is ``bmi`` to 0.01, by bisection.

    ``weight`` is moved first. At average muscle the modelled bodies differ little in weight (men: 19 to 23 at 25
    years), the light and the heavy ones have little muscle: so where weight alone does not reach, ``muscle`` is lowered
    too. Above average muscle it stays as it is.

    Raises
    ------
    CannotFit
        If no build reaches it; the message tells the range.
    """
    low, high = (-1.0, 2.0) if phenotype.muscle <= 0.5 else (0.0, 1.0)
    least, most = (body_mass_index(shape_body(_along(phenotype, t))) for t in (low, high))
    if not least <= bmi <= most:
        raise CannotFit(
            f"a body mass index of {bmi:g} is outside what this build reaches, {least:.1f} to {most:.1f}.",
            pointer="/bmi",
            hint="Change muscle, age or height, or ask for an index inside.",
        )
    person = phenotype
    for _ in range(_MAX_STEPS):
        middle = 0.5 * (low + high)
        person = _along(phenotype, middle)
        got = body_mass_index(shape_body(person))
        if abs(got - bmi) <= _TOLERANCE:
            break
        low, high = (middle, high) if got < bmi else (low, middle)
    return person


def _along(phenotype: Phenotype, t: float) -> Phenotype:
    """Return the build at ``t``: weight 0..1 between 0 and 1, beyond them muscle falling to 0 at -1 and 2."""
    muscle = phenotype.muscle * (1.0 - max(t - 1.0, -t, 0.0))
    return attrs.evolve(phenotype, weight=min(max(t, 0.0), 1.0), muscle=muscle)


def _volume(mesh: BodyMesh, positions: NDArray[np.float64]) -> float:
    """Return the volume in cubic metres inside the body's quads, by the divergence theorem."""
    corners = positions[mesh.quads[mesh.quads_of("body")]] - positions.mean(axis=0)
    a, b, c, d = (corners[:, i] for i in range(4))
    six = np.einsum("ij,ij->", a, np.cross(b, c)) + np.einsum("ij,ij->", a, np.cross(c, d))
    return abs(float(six)) / 6.0
