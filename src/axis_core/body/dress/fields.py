"""Where on the body a vertex is, in the base mesh: along the arm, over the neckline, up the leg."""

from __future__ import annotations

from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh


__all__ = ["Places", "modest_vertices", "places_of"]

Floats = NDArray[np.float64]

_ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
_CHEST = (0.235, 0.455)
_CHEST_HALF_M = 0.125
_HIPS = (-0.075, 0.10)


@attrs.frozen(eq=False)
class Places:
    """Positions (n, 3) in the base mesh with coordinates along the limbs.

    Attributes
    ----------
    points : (n, 3) float64, metres
    arm : (n,) float64
        0 at the shoulder joint, 0.5 at the elbow, 1 at the wrist; negative on the trunk.
    """

    points: Floats
    arm: Floats

    @property
    def x(self) -> Floats:
        """Distance from the middle plane."""
        return np.asarray(np.abs(self.points[..., 0]))

    @property
    def y(self) -> Floats:
        """Height in the base mesh: knee -0.37, hips 0.05, chest 0.4, neck 0.6."""
        return np.asarray(self.points[..., 1])

    @property
    def z(self) -> Floats:
        """Towards the front."""
        return np.asarray(self.points[..., 2])

    def blended(self, anchors: NDArray[np.int64], shares: Floats) -> Places:
        """Return the places of points that lie between vertices (n, k)."""
        return Places(
            np.einsum("nk,nkc->nc", shares, self.points[anchors]),
            np.einsum("nk,nk->n", shares, self.arm[anchors]),
        )


@lru_cache(maxsize=2)
def places_of(mesh: BodyMesh) -> Places:
    """Return the places of all vertices of the base mesh."""
    rig = mesh.rigs["default"]
    joint = {name: mesh.vertices[head].mean(axis=0) for name, head in zip(rig.names, rig.heads)}
    of_arm = [i for i, name in enumerate(rig.names) if name.startswith(_ARM_BONES)]
    share = rig.weights[:, of_arm].sum(axis=1).astype(np.float64)
    points = mesh.vertices * np.where(mesh.vertices[:, :1] < 0, (-1.0, 1.0, 1.0), 1.0)
    shoulder, elbow, wrist = (joint[n] for n in ("upperarm01.L", "lowerarm01.L", "wrist.L"))
    along = 0.5 * np.minimum(_share_along(points, shoulder, elbow), 1.0)
    along += 0.5 * np.maximum(_share_along(points, elbow, wrist), 0.0)
    arm = -0.2 + (along + 0.2) * _smooth(share / 0.5)
    return Places(mesh.vertices, arm)


def modest_vertices(mesh: BodyMesh) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which vertices (V,) of the base mesh lie on the chest, and on the hips.

    Faces of the body there are in no output, at any age.
    """
    places = places_of(mesh)
    trunk = places.arm < 0.0
    chest = (places.y > _CHEST[0]) & (places.y < _CHEST[1]) & trunk & (places.z > 0.02) & (places.x < _CHEST_HALF_M)
    hips = (places.y > _HIPS[0]) & (places.y < _HIPS[1]) & trunk
    return chest, hips


def _share_along(points: Floats, start: Floats, end: Floats) -> Floats:
    way = end - start
    return np.asarray((points - start) @ way / (way @ way))


def _smooth(t: Floats) -> Floats:
    t = np.clip(t, 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))
