"""The body as a function of few numbers, with derivatives: what is fitted to photos.

Shape is linear in the coefficients of the targets, and these are products of piecewise linear terms: the derivative of
all vertices is one matrix product with differences of coefficients, which cost next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh, load_mesh, load_targets
from axis_core.body.phenotype import Phenotype, macro_coefficients, macro_terms
from axis_core.body.shape import BodyShape, shape_body
from axis_core.body.sliders import slider_coefficients
from axis_core.body.targets import METRES_PER_STEP


__all__ = ["MACROS", "ShapeModel", "ShapeState", "local_rows"]

Floats = NDArray[np.float64]

MACROS = ("gender", "weight", "muscle", "proportions", "age_years")
"""Fields of the phenotype that are fitted, each as 0..1 of its range."""
_RANGES = {"age_years": (18.0, 90.0)}
"""Of the fields that are not 0..1 themselves; photos of children are not told from photos of small adults."""
_STEP = 0.02


@attrs.frozen(eq=False)
class ShapeState:
    """A body at one point of the parameter space.

    Attributes
    ----------
    values : (P,) float64
        Macros, then sliders.
    shape : BodyShape
    """

    values: Floats
    shape: BodyShape


@attrs.frozen(eq=False)
class ShapeModel:
    """A person of whom some numbers are unknown.

    Attributes
    ----------
    base : Phenotype
        What is known: age, stature, ancestry; its macros are where the fit begins.
    macros : tuple of str
        Those of ``MACROS`` that are free.
    sliders : tuple of str
        Names of sliders that are free, -1..1.
    fixed : tuple of (slider, value)
        Sliders that stay.
    """

    base: Phenotype
    macros: tuple[str, ...] = MACROS
    sliders: tuple[str, ...] = ()
    fixed: tuple[tuple[str, float], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the free values."""
        return (*self.macros, *self.sliders)

    @property
    def low(self) -> Floats:
        """(P,) smallest values."""
        return np.array([0.0] * len(self.macros) + [-1.0] * len(self.sliders))

    @property
    def high(self) -> Floats:
        """(P,) largest values."""
        return np.ones(len(self.names))

    @property
    def start(self) -> Floats:
        """(P,) values to begin with."""
        return np.array([self._share(name) for name in self.macros] + [0.0] * len(self.sliders))

    def _share(self, name: str) -> float:
        low, high = _RANGES.get(name, (0.0, 1.0))
        return float(np.clip((getattr(self.base, name) - low) / (high - low), 0.0, 1.0))

    def phenotype(self, values: Floats) -> Phenotype:
        """Return the person at ``values``."""
        found = {}
        for name, value in zip(self.macros, values, strict=False):
            low, high = _RANGES.get(name, (0.0, 1.0))
            found[name] = low + (high - low) * float(np.clip(value, 0.0, 1.0))
        return attrs.evolve(self.base, **found)

    def slider_values(self, values: Floats) -> dict[str, float]:
        """Return the sliders at ``values``, those that stay included."""
        free = np.clip(values[len(self.macros) :], -1.0, 1.0)
        return {**dict(self.fixed), **{name: float(v) for name, v in zip(self.sliders, free, strict=True)}}

    def at(self, values: Floats) -> ShapeState:
        """Return the body at ``values``."""
        inside = np.clip(values, self.low, self.high)
        return ShapeState(inside, shape_body(self.phenotype(inside), self.slider_values(inside)))

    def jacobian(self, state: ShapeState, ids: Sequence[int] | NDArray[np.int64]) -> Floats:
        """Return how vertices ``ids`` move with each value, (P, n, 3) metres; the stature stays as asked for."""
        mesh = load_mesh()
        n_body = int(mesh.vertices_of("body").max()) + 1
        y = state.shape.positions[:n_body, 1]
        chosen = np.concatenate([np.asarray(ids, np.int64), [int(y.argmax()), int(y.argmin())]])
        rows = _rows(mesh, chosen)
        here = self._moved(rows, chosen, state.values, mesh)
        out = np.empty((len(self.names), len(chosen) - 2, 3))
        for k in range(len(self.names)):
            step = -_STEP if state.values[k] + _STEP > self.high[k] else _STEP
            values = state.values.copy()
            values[k] += step
            out[k] = (self._moved(rows, chosen, values, mesh) - here) / step
        return out

    def _moved(self, rows: _Rows, chosen: NDArray[np.int64], values: Floats, mesh: BodyMesh) -> Floats:
        """Return the chosen vertices; the last two are crown and sole."""
        person = self.phenotype(values)
        terms = macro_terms(person)
        coefficients = macro_coefficients(rows.names, terms)
        moved = np.tensordot(coefficients, rows.macro, axes=1)
        for k, amount in slider_coefficients(self.slider_values(values)).items():
            moved += amount * rows.local[k]
        points = mesh.vertices[chosen] + moved * METRES_PER_STEP
        wanted = person.target_height_m
        side = "maxheight" if points[-2, 1] - points[-1, 1] < wanted else "minheight"
        tall = macro_coefficients(rows.names, {**terms, side: 1.0})
        tall[[k for k, name in enumerate(rows.names) if side not in name]] = 0.0
        stretch = np.tensordot(tall, rows.macro, axes=1) * METRES_PER_STEP
        gain = stretch[-2, 1] - stretch[-1, 1]
        share = 0.0 if gain == 0.0 else (wanted - (points[-2, 1] - points[-1, 1])) / gain
        points = points + np.clip(share, 0.0, 1.0) * stretch
        points = (points - [0.0, points[-1, 1], 0.0]) * (wanted / (points[-2, 1] - points[-1, 1]))
        return np.asarray(points[:-2])


@attrs.frozen(eq=False)
class _Rows:
    """The targets at some vertices: (K, n, 3) in steps."""

    names: tuple[str, ...]
    macro: NDArray[np.float32]
    local: NDArray[np.float32]


def _rows(mesh: BodyMesh, ids: NDArray[np.int64]) -> _Rows:
    macro, local = _dense(mesh)
    names = load_targets("macro").names
    return _Rows(names, *(d[:, :, ids].transpose(0, 2, 1).astype(np.float32) for d in (macro, local)))


def local_rows(names: Sequence[str], ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what local targets do to vertices ``ids`` at full weight, (K, n, 3) metres."""
    places = {name: k for k, name in enumerate(load_targets("local").names)}
    dense = _dense(load_mesh())[1][[places[name] for name in names]]
    return np.asarray(dense[:, :, ids].transpose(0, 2, 1) * METRES_PER_STEP)


@lru_cache(maxsize=1)
def _dense(mesh: BodyMesh) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return all macro and local targets as (K, 3, V): 130 MB that make a gather of any vertices cheap."""
    out = []
    for kind in ("macro", "local"):
        targets = load_targets("macro" if kind == "macro" else "local")
        full = np.zeros((len(targets.names), 3, mesh.n_vertices), np.int16)
        for k in range(len(targets.names)):
            rows = slice(int(targets.starts[k]), int(targets.starts[k + 1]))
            full[k][:, targets.ids[rows]] = targets.deltas[:, rows]
        out.append(full)
    return out[0], out[1]
