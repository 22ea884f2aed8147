"""Levels of detail from one run of collapses: each level is the state of the run at its target."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from numpy.typing import ArrayLike

from axis_core.errors import InputError
from axis_core.kernels.decimate_mesh import DecimatedMesh, MeshInput, VertexAttributes
from axis_core.kernels.decimate_threads import reduce_to


__all__ = ["lod_chain"]


def lod_chain(
    positions: ArrayLike,
    faces: ArrayLike,
    targets: Sequence[int],
    *,
    max_error: float | None = None,
    attributes: VertexAttributes | None = None,
    face_groups: ArrayLike | None = None,
    importance: ArrayLike | None = None,
    locked: ArrayLike | None = None,
) -> list[DecimatedMesh]:
    """Return one mesh per target, from one pass.

    Skins, morph targets and all other attributes are carried from the input to each level directly, not from level to
    level, so errors do not add up.

    Parameters
    ----------
    targets : sequence of int
        Triangles of each level, not increasing. A target of at least the input's count gives the input itself.
    positions, faces, max_error, attributes, face_groups, importance, locked
        As in `decimate_mesh`.

    Raises
    ------
    InputError
        ``invalid_request``: increasing or negative targets, or as `decimate_mesh`.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = np.meshgrid(np.arange(9.0), np.arange(9.0))
    >>> grid = np.stack([x.ravel(), y.ravel(), np.sin(x.ravel())], axis=1)
    >>> i = np.arange(72).reshape(8, 9)[:, :8].ravel()
    >>> quads = np.concatenate([np.stack([i, i + 1, i + 10], 1), np.stack([i, i + 10, i + 9], 1)])
    >>> [len(level.faces) for level in lod_chain(grid, quads, [128, 64, 32])]
    [128, 64, 32]
    """
    wanted = [int(target) for target in targets]
    if any(target < 0 for target in wanted) or any(a < b for a, b in pairwise(wanted)):
        raise InputError(f"targets: expected counts that do not increase, 0 or more, got {wanted}")
    mesh = MeshInput.of(positions, faces, attributes, face_groups, importance, locked)
    state = mesh.start(max_error)
    levels = []
    for target in wanted:
        reduce_to(state, target)
        levels.append(mesh.result(state))
    return levels
