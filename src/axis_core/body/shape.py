"""Shaping the body: macro targets by phenotype, sliders on top, the height asked for, feet on the floor."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh, load_mesh, load_targets
from axis_core.body.phenotype import Phenotype, macro_coefficients, macro_terms
from axis_core.body.sliders import slider_coefficients
from axis_core.body.targets import METRES_PER_STEP, TargetSet


__all__ = ["BodyShape", "macro_positions", "shape_body"]

_BISECTION_STEPS = 40


@attrs.frozen(eq=False)
class BodyShape:
    """One person's surface and helpers at rest.

    Attributes
    ----------
    positions : (V, 3) float64, metres
        Y up, facing +Z, lowest point of the body on y = 0; all vertices of the base mesh, helpers included.
    height_m : float
        From sole to crown, without hair and shoes.
    scale : float
        Uniform scale applied where the targets alone do not reach the height asked for; else 1 (to 1e-9).
    phenotype : Phenotype
    sliders : mapping of str to float
    """

    positions: NDArray[np.float64]
    height_m: float
    scale: float
    phenotype: Phenotype
    sliders: Mapping[str, float]


def shape_body(phenotype: Phenotype | None = None, sliders: Mapping[str, float] | None = None) -> BodyShape:
    """Return the body of ``phenotype`` with local ``sliders`` applied.

    The stature is solved, not guessed: a slider's effect on it depends on everything else. Between the shortest and the
    tallest modelled body of that build the limbs and trunk change as modelled; beyond them the whole body is scaled.

    Parameters
    ----------
    phenotype : Phenotype
        Default: an average adult.
    sliders : mapping of str to float, -1..1
        Names of :func:`axis_core.body.list_sliders`.

    Raises
    ------
    InputError
        If a slider does not exist or is outside its range.
    BackendUnavailable
        If the body pack is not installed.
    """
    person = phenotype or Phenotype()
    asked = dict(sliders or {})
    mesh, macro = load_mesh(), load_targets("macro")
    terms = macro_terms(person)
    steps = _steps(macro, terms)
    if asked:
        load_targets("local").add(steps, slider_coefficients(asked))
    n_body = int(mesh.vertices_of("body").max()) + 1
    base_y = mesh.vertices[:n_body, 1] + steps[1, :n_body].astype(np.float64) * METRES_PER_STEP
    wanted = person.target_height_m
    side = "maxheight" if np.ptp(base_y) < wanted else "minheight"
    stretch = _height_steps(macro, terms, side)
    amount = _solve_height(base_y, stretch[1, :n_body].astype(np.float64) * METRES_PER_STEP, wanted)
    positions = mesh.vertices + ((steps + stretch * np.float32(amount)).T.astype(np.float64) * METRES_PER_STEP)
    positions[:, 1] -= positions[:n_body, 1].min()
    scale = wanted / float(positions[:n_body, 1].max())
    positions *= scale
    positions.flags.writeable = False
    return BodyShape(positions, float(positions[:n_body, 1].max()), scale, person, asked)


def macro_positions(mesh: BodyMesh, macro: TargetSet, terms: Mapping[str, float]) -> NDArray[np.float64]:
    """Return the (V, 3) vertices in metres for bare macro terms, height terms included; not moved to the floor."""
    return mesh.vertices + _steps(macro, terms).T.astype(np.float64) * METRES_PER_STEP


def _steps(macro: TargetSet, terms: Mapping[str, float]) -> NDArray[np.float32]:
    out = np.zeros((3, macro.n_vertices), dtype=np.float32)
    coefficients = macro_coefficients(macro.names, terms)
    macro.add(out, {int(k): float(coefficients[k]) for k in np.flatnonzero(coefficients)})
    return out


def _height_steps(macro: TargetSet, terms: Mapping[str, float], side: str) -> NDArray[np.float32]:
    """Return what the full height term of ``side`` adds to this build."""
    out = np.zeros((3, macro.n_vertices), dtype=np.float32)
    coefficients = macro_coefficients(macro.names, {**terms, side: 1.0})
    rows = [k for k in np.flatnonzero(coefficients) if side in macro.names[k]]
    macro.add(out, {int(k): float(coefficients[k]) for k in rows})
    return out


def _solve_height(base_y: NDArray[np.float64], stretch_y: NDArray[np.float64], wanted: float) -> float:
    """Return the share, 0..1, of ``stretch_y`` at which the body is as high as ``wanted``, by bisection."""
    rising = np.ptp(base_y + stretch_y) > np.ptp(base_y)
    low, high = 0.0, 1.0
    for _ in range(_BISECTION_STEPS):
        middle = 0.5 * (low + high)
        if (np.ptp(base_y + middle * stretch_y) < wanted) == rising:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
