"""Heat: sharp owners spread over the surface by one linear solve for all joints."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.kernels.laplacian import laplacian
from axis_core.kernels.skin_weights.body import Body


__all__ = ["HEAT", "diffused"]

Floats = NDArray[np.float64]

HEAT = 4.0
"""Heat of a bone at unit distance: the transition at a joint is about half the limb's radius wide."""


def diffused(body: Body, shares: Floats, nearest: Floats) -> Floats:
    """Return weights (V, J), rows summing to 1, of owners (V, J) diffused over the surface.

    Solves ``(L + M H) W = M H P`` with ``H = HEAT / distance^2``: every vertex has a source, so the matrix is never
    singular, whatever the mesh.
    """
    if len(body.faces) == 0:
        return shares
    stiffness, mass = laplacian(body.points, body.faces)
    source = mass * HEAT / nearest**2
    used = np.flatnonzero(shares.any(0))
    right = source[:, None] * shares[:, used]
    out = np.zeros_like(shares)
    out[:, used] = np.maximum(_solved(scipy.sparse.csc_array(stiffness + scipy.sparse.diags_array(source)), right), 0.0)
    total = out.sum(1, keepdims=True)
    safe = np.isfinite(total) & (total > 0.0)
    return np.where(safe, out / np.where(safe, total, 1.0), shares)


def _solved(matrix: scipy.sparse.csc_array[np.float64], right: Floats) -> Floats:
    """Return the solution of a symmetric positive definite system for many right sides (V, K)."""
    from axis_core.kernels.cpu.ranges import run_ranges
    from axis_core.kernels.cpu.triangular import solve_factored

    factor = scipy.sparse.linalg.splu(
        matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
    )
    if not np.array_equal(factor.perm_r, factor.perm_c):  # a pivot off the diagonal: the factors are not transposes
        return np.asarray(factor.solve(right))
    lower = factor.L.tocsc()
    lower.sort_indices()
    pivots = factor.U.diagonal()
    ordered = np.empty_like(right)
    ordered[factor.perm_c] = right
    args = (lower.indptr.astype(np.int64), lower.indices.astype(np.int64), lower.data, pivots, ordered)
    run_ranges(lambda a, b: solve_factored(*args, a, b), right.shape[1], least=8)
    return ordered[factor.perm_c]
