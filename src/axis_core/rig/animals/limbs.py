"""Trunk and limbs of a solid: what stays after an opening by balls is trunk, what sticks out of it are limbs."""

from __future__ import annotations

import attrs
import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.kernels.distance_field import distance_field
from axis_core.kernels.skeletonise import band_profile, inner_distance
from axis_core.model.figure import Figure, Solid


__all__ = ["Body", "Limb", "along", "contacts", "limb_from", "smoothed", "split_body"]

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]

_TRUNK = 0.5  # balls of this share of the deepest one make the trunk
_FILM = 1.6  # voxels by which the trunk is thickened, lest its skin counts as something that sticks out
_SHELL = 4.0  # voxels of the trunk's skin that limbs are followed into
_BLADE = 0.4  # thickness of a wing over its breadth
_WIDENS = 3.5  # a band of so many times the limb's usual area has left the limb


@attrs.frozen(kw_only=True, eq=False)
class Limb:
    """Something long that sticks out of the trunk.

    Attributes
    ----------
    line : (N, 3) float64
        Its centre line, from the tip to where it enters the trunk.
    radius : (N,) float64
        Radius of a disc as large as the cross-section there.
    voxels : (M, 3) int64
        What belongs to it.
    """

    line: Vector
    radius: Vector
    voxels: NDArray[np.int64]

    @property
    def tip(self) -> Vector:
        """The free end."""
        return np.asarray(self.line[0])

    @property
    def root(self) -> Vector:
        """Where it enters the trunk."""
        return np.asarray(self.line[-1])

    @property
    def length(self) -> float:
        """Length of the centre line."""
        return float(np.linalg.norm(np.diff(self.line, axis=0), axis=1).sum())

    @property
    def is_blade(self) -> bool:
        """Whether it is flat: its voxels spread across the centre line much more one way than the other."""
        if len(self.voxels) < 8:
            return False
        steps = self.voxels - self.voxels.mean(axis=0)
        spread = np.sqrt(np.maximum(np.linalg.eigvalsh(steps.T @ steps / len(steps)), 1.0 / 12.0))
        return bool(spread[0] < _BLADE * spread[1])


@attrs.frozen(kw_only=True, eq=False)
class Body:
    """A solid split into its trunk and what sticks out.

    Attributes
    ----------
    solid : Solid
    trunk : (X, Y, Z) bool
    rest : (X, Y, Z) int32
        Label of the piece that is left without the trunk; 0 outside and in the trunk.
    boxes : bounding boxes of the labels
    shell : (X, Y, Z) bool
        The solid without the inner part of the trunk: where limbs are followed.
    radius : float
        Of the balls that make the trunk.
    """

    solid: Solid
    trunk: Mask
    rest: NDArray[np.int32]
    boxes: tuple[tuple[slice, ...], ...]
    shell: Mask
    radius: float


def split_body(figure: Figure, share: float = _TRUNK) -> Body:
    """Return the body split: the trunk is what an opening by balls of ``share`` of the middle's depth leaves there."""
    solid = figure.solid
    middle = tuple(solid.nearest_inside(figure.middle))
    radius = share * float(solid.depth[middle])
    away = distance_field(solid.depth < radius, solid.spacing, is_bounded=False)
    labels, _ = scipy.ndimage.label(solid.inside & (away <= radius + _FILM * solid.spacing))
    trunk = labels == labels[middle]
    rest, _ = scipy.ndimage.label(solid.inside & ~trunk, structure=np.ones((3, 3, 3)))
    shell = solid.inside & ~(trunk & (distance_field(trunk, 1.0) > _SHELL))
    return Body(
        solid=solid,
        trunk=trunk,
        rest=rest.astype(np.int32),
        boxes=tuple(scipy.ndimage.find_objects(rest)),
        shell=shell,
        radius=radius,
    )


def contacts(figure: Figure, share: float) -> list[NDArray[np.int64]]:
    """Return the patches of voxels (N, 3) that touch the ground, each a foot or a belly; largest first.

    What is lower than ``share`` of the height touches it. Patches on the same side that are nearer to each other than a
    twentieth of the height are one: toes of a foot.
    """
    solid = figure.solid
    level = solid.origin[1] + solid.spacing * np.arange(solid.inside.shape[1])
    slab = solid.inside & (level <= share * figure.height + 0.5 * solid.spacing)[None, :, None]
    columns = np.argwhere(slab)
    flat = slab.any(axis=1)
    pieces, n = scipy.ndimage.label(flat, structure=np.ones((3, 3)))
    x = solid.origin[0] + solid.spacing * np.arange(flat.shape[0])
    centre = np.array([x[np.flatnonzero((pieces == k).any(axis=1))].mean() for k in range(1, n + 1)])
    grow = 2 * max(1, round(0.02 * figure.height / solid.spacing)) + 1
    patches = []
    for side in (centre > 0.0, centre <= 0.0):
        mine = np.concatenate([[False], side])[pieces]
        labels, m = scipy.ndimage.label(scipy.ndimage.maximum_filter(mine, size=grow))
        of = np.where(mine, labels, 0)[columns[:, 0], columns[:, 2]]
        patches += [columns[of == k] for k in range(1, m + 1)]
    return sorted((patch for patch in patches if len(patch)), key=len, reverse=True)


def limb_from(body: Body, seeds: NDArray[np.int64], *, widens: float = _WIDENS) -> Limb | None:
    """Return the limb that ends in some voxels, or None if these lie in the trunk or lead nowhere.

    Parameters
    ----------
    body : Body
    seeds : (S, 3) int
        Voxels of its free end: a tip, or the sole of a foot.
    widens : float
        It ends in the trunk, or where a band has so many times its usual area.
    """
    labels = body.rest[tuple(seeds.T)]
    if not labels.any():
        return None
    label = int(np.bincount(labels[labels > 0]).argmax())
    box = body.boxes[label - 1]
    corner = np.array([part.start for part in box])
    seeds = seeds[labels == label] - corner
    field, _ = inner_distance(body.shell[box], seeds)
    start = seeds[int(np.argmin(((seeds - seeds.mean(axis=0)) ** 2).sum(axis=1)))]
    touches = float(np.min(field[body.trunk[box]], initial=np.inf))
    limit = touches + 2.0 * body.radius / body.solid.spacing
    reached, centres, areas = band_profile(field, start, width=2.0, limit=limit)
    if len(centres) < 3:
        return None
    index = np.clip(np.rint(centres).astype(np.int64), 0, np.array(field.shape) - 1)
    usual = np.array([np.median(areas[: k + 1]) for k in range(len(areas))])
    wide = (areas > widens * usual) & (np.arange(len(areas)) > 3)
    stop = np.flatnonzero(body.trunk[box][tuple(index.T)] | wide)
    n = int(stop[0]) if len(stop) else len(centres)
    if n < 3:
        return None
    return Limb(
        line=smoothed(body.solid.points(centres[:n] + corner)),
        radius=body.solid.spacing * np.sqrt(areas[:n] / np.pi),
        voxels=np.argwhere((field <= reached[n - 1]) & ~body.trunk[box]) + corner,
    )


def smoothed(line: Vector, rounds: int = 2) -> Vector:
    """Return a polyline with the middle points averaged with their neighbours."""
    out = np.array(line, np.float64)
    for _ in range(rounds):
        if len(out) > 2:
            out[1:-1] = 0.25 * out[:-2] + 0.5 * out[1:-1] + 0.25 * out[2:]
    return out


def along(line: Vector, shares: Vector | list[float]) -> Vector:
    """Return the points (N, 3) of a polyline at shares 0..1 of its length."""
    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.clip(np.asarray(shares, np.float64), 0.0, 1.0) * steps[-1]
    return np.stack([np.interp(at, steps, line[:, k]) for k in range(3)], axis=1)
