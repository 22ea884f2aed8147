"""Trunk and limbs of a solid: what stays after an opening by balls is trunk, what sticks out of it are limbs."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from axis_core.kernels.skeletonise import band_profile, inner_distance
from axis_core.model.arrays import same_arrays, to_frozen
from axis_core.model.figure import Figure


__all__ = ["Limb", "along", "contacts", "limb_from", "smoothed", "trunk_of"]

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]

_TRUNK = 0.5  # balls of this share of the deepest one make the trunk
_CONTACT = 0.05  # of the figure's height: what is lower touches the ground
_WIDENS = 3.5  # a band of so many times the limb's usual area has left the limb


@attrs.frozen(kw_only=True)
class Limb:
    """Something long that sticks out of the trunk.

    Attributes
    ----------
    line : (N, 3) float64
        Its centre line, from the tip to where it enters the trunk.
    radius : (N,) float64
        Radius of a disc as large as the cross-section there.
    """

    line: Vector = attrs.field(converter=to_frozen(np.float64, 3), eq=attrs.cmp_using(same_arrays), repr=False)
    radius: Vector = attrs.field(converter=to_frozen(np.float64, None), eq=attrs.cmp_using(same_arrays), repr=False)

    @property
    def tip(self) -> Vector:
        """The free end."""
        return self.line[0]

    @property
    def root(self) -> Vector:
        """Where it enters the trunk."""
        return self.line[-1]

    @property
    def length(self) -> float:
        """Length of the centre line."""
        return float(np.linalg.norm(np.diff(self.line, axis=0), axis=1).sum())


def trunk_of(figure: Figure, share: float = _TRUNK) -> Mask:
    """Return the voxels of the trunk: the piece around the middle of the opening by balls of ``share`` of its depth."""
    solid = figure.solid
    radius = share * float(solid.depth[tuple(solid.nearest_inside(figure.middle))])
    core = solid.depth >= radius
    away = solid.spacing * ndimage.distance_transform_edt(~core)
    labels, _ = ndimage.label(solid.inside & (away <= radius))
    return np.asarray(labels == labels[tuple(solid.nearest_inside(figure.middle))])


def contacts(figure: Figure, share: float = _CONTACT) -> list[NDArray[np.int64]]:
    """Return the patches of voxels (N, 3) that touch the ground, each a foot or a belly; largest first.

    Patches nearer to each other than a twentieth of the height are one: toes of a foot.
    """
    solid = figure.solid
    level = solid.origin[1] + solid.spacing * np.arange(solid.inside.shape[1])
    slab = solid.inside & (level <= share * figure.height + 0.5 * solid.spacing)[None, :, None]
    grow = max(1, round(0.02 * figure.height / solid.spacing))
    labels, n = ndimage.label(ndimage.maximum_filter(slab.any(axis=1), size=2 * grow + 1))
    columns = np.argwhere(slab)
    of = labels[columns[:, 0], columns[:, 2]]
    patches = [columns[of == k] for k in range(1, n + 1)]
    return sorted((patch for patch in patches if len(patch)), key=len, reverse=True)


def limb_from(figure: Figure, seeds: NDArray[np.int64], trunk: Mask, *, limit: float = np.inf) -> Limb | None:
    """Return the limb that ends in some voxels, or None if these lie in the trunk or lead nowhere.

    Parameters
    ----------
    seeds : (S, 3) int
        Voxels of its free end: a tip, or the sole of a foot.
    trunk : (X, Y, Z) bool
    limit : float
        Greatest length.
    """
    solid = figure.solid
    field, _ = inner_distance(solid.inside, seeds)
    start = seeds[int(np.argmin(((seeds - seeds.mean(axis=0)) ** 2).sum(axis=1)))]
    _, centres, areas = band_profile(field, start, width=2.0, limit=limit / solid.spacing)
    if len(centres) < 3:
        return None
    index = np.clip(np.rint(centres).astype(np.int64), 0, np.array(solid.inside.shape) - 1)
    inner = trunk[tuple(index.T)]
    usual = np.array([np.median(areas[: k + 1]) for k in range(len(areas))])
    wide = (areas > _WIDENS * usual) & (np.arange(len(areas)) > 3)
    stop = np.flatnonzero(inner | wide)
    n = int(stop[0]) if len(stop) else len(centres)
    if n < 3:
        return None
    return Limb(line=smoothed(solid.points(centres[:n])), radius=solid.spacing * np.sqrt(areas[:n] / np.pi))


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
