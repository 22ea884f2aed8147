"""Guides of a decimation: attributes that call for vertices where they bend, as values on the points of the surface.

Normals guide as they are. Skin weights of many joints guide through three numbers, the weighted mean of one direction a
joint: distances between weight vectors survive that on average, at the cost of three guides instead of dozens.

References
----------
H. Hoppe, *New quadric metric for simplifying meshes with appearance attributes*, 1999, doi:10.1109/VISUAL.1999.809869.
W. B. Johnson, J. Lindenstrauss, *Extensions of Lipschitz mappings into a Hilbert space*, 1984,
doi:10.1090/conm/026/737400 (few random directions keep distances).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


__all__ = ["point_guides"]

NORMAL_WEIGHT = 0.006
"""What a turn of the normal by one radian is worth, as a share of the mesh's extent. On noisy scans more makes the
surface worse and the normals no better; smooth shapes would gain (``benchmarks/results/decimate.md``)."""
SKIN_WEIGHT = 0.016
"""The same for a change of all weight from one joint to another."""


def point_guides(
    positions: NDArray[np.float64],
    point_of: NDArray[np.uint32],
    n_points: int,
    normals: ArrayLike | None,
    joints: ArrayLike | None,
    weights: ArrayLike | None,
) -> NDArray[np.float32] | None:
    """Return (P, K) guides in the unit of ``positions``, means over the vertices of each point; None without any.

    Values that are not finite count as 0: the guide is flat there.
    """
    from axis_core.kernels.cpu import decimate_guides as cpu
    from axis_core.kernels.cpu.jit import as_kernel_array

    finite = positions[np.isfinite(positions).all(axis=1)]
    if not len(finite):
        return None
    extent = float(np.ptp(finite, axis=0).max())
    none = np.zeros((0, 3))
    with_skin = joints is not None and weights is not None and np.size(joints) > 0
    joint_rows = np.asarray(joints) if with_skin else np.zeros((0, 0), np.int64)
    weight_rows = np.asarray(weights) if with_skin else none
    if normals is None and not with_skin:
        return None
    guides: NDArray[np.float32] = cpu.mean_guides(
        as_kernel_array(point_of, np.uint32),
        n_points,
        as_kernel_array(none if normals is None else normals, np.float64),
        as_kernel_array(joint_rows, np.int64),
        as_kernel_array(weight_rows, np.float64),
        _directions(int(np.max(joint_rows, initial=-1)) + 1),
        NORMAL_WEIGHT * extent,
        SKIN_WEIGHT * extent,
    )
    return guides


def _directions(n_joints: int) -> NDArray[np.float64]:
    """Return unit vectors (J, 3), the same at every call."""
    out = np.random.default_rng(7).normal(size=(n_joints, 3))
    return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True))
