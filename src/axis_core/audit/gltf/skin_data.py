"""Data of skins: inverse bind matrices, joint indices and weights.

References
----------
The Khronos Group, glTF 2.0 Specification, section 3.7.3.3 "Skinned Mesh Attributes".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.audit.gltf.accessor_data import read_elements
from axis_core.audit.gltf.element_checks import Elements, Hit, positions
from axis_core.audit.gltf.limits import MOST_FINDINGS, MOST_SETS
from axis_core.audit.gltf.primitive import Primitive


if TYPE_CHECKING:
    from axis_core.audit.gltf.accessor import Accessor
    from axis_core.audit.gltf.audit import Audit

__all__ = ["check_influences", "watch_matrices"]

_TOLERANCE = 2e-7  # on the sum of weights, for each weight that is not zero
_LAST_ROW = ((3, 0.0), (7, 0.0), (11, 0.0), (15, 1.0))


def watch_matrices(audit: Audit, accessor: Accessor, name: str) -> None:
    """Watch the last rows of inverse bind matrices, which must be (0, 0, 0, 1) exactly."""
    audit.watch(accessor, name, _affine)


def _affine(elements: Elements) -> Iterator[Hit]:
    for component, wanted in _LAST_ROW:
        column = elements.values[:, component]
        for i in positions(column != wanted):
            position = 16 * i + component
            yield Hit(position, "ACCESSOR_INVALID_IBM", (position, component, float(column[i])))


@attrs.frozen(eq=False)
class _Influences:
    """The influences of a primitive: (V, 4, S) joints and weights of S sets; ``counted`` of them are there."""

    pointer: str
    joints: NDArray[np.int64]
    weights: NDArray[np.float32]
    counted: int

    def place(self, semantic: str, index: int) -> str:
        return f"{self.pointer}/attributes/{semantic}_{index}"


def check_influences(audit: Audit) -> None:
    """Check joints and weights of every primitive against the skins it is drawn with."""
    meshes_of: dict[int, set[int]] = {}
    for node in audit.document.nodes:
        if node is not None and node.skin is not None and node.mesh is not None:
            meshes_of.setdefault(node.skin.index, set()).add(id(node.mesh))
    for skin_index, skin in enumerate(audit.document.skins):
        meshes = meshes_of.get(skin_index)
        if skin is None or not skin.joint_indices or not meshes:
            continue
        found: list[tuple[int, int, int, str, Hit]] = []
        streams = _streams(audit, meshes)
        for order, stream in enumerate(streams):
            found.extend(
                (hit.position, rank, order, pointer, hit)
                for rank, pointer, hit in _check(stream, len(skin.joint_indices) - 1, skin_index)
            )
        found.sort(key=lambda entry: entry[:3])
        for _, _, _, pointer, hit in found:
            key = (pointer, hit)
            if key not in audit.reported:
                audit.reported.add(key)
                audit.add_at(pointer, hit.code, *hit.args)


def _streams(audit: Audit, meshes: set[int]) -> list[_Influences]:
    out: list[_Influences] = []
    for i, mesh in enumerate(audit.document.meshes):
        if id(mesh) not in meshes or mesh is None:
            continue
        for k, primitive in enumerate(mesh.primitives or ()):
            if not audit.spend(16 * max(primitive.vertex_count, 0) * primitive.joints_count):
                return out
            stream = _influences(primitive, f"/meshes/{i}/primitives/{k}")
            if stream is not None:
                out.append(stream)
    return out


def _influences(primitive: Primitive, pointer: str) -> _Influences | None:
    """Return the influences of a primitive, None if any of their data is missing.

    Accessors of a wrong shape are read as the flat run of numbers that they are, four to a vertex.
    """
    pairs = []
    for i in range(min(primitive.joints_count, MOST_SETS)):
        joints = _flat(primitive, f"JOINTS_{i}")
        weights = _flat(primitive, f"WEIGHTS_{i}")
        if joints is None or weights is None or joints.values.dtype.kind == "f":
            return None
        pairs.append((joints.values.reshape(-1), weights.as_fractions().reshape(-1)))
    if not pairs:
        return None
    counted = min(len(run) for pair in pairs for run in pair)
    n = -(-counted // 4)
    joints_table = np.zeros((n, 4, len(pairs)), dtype=np.int64)
    weights_table = np.zeros((n, 4, len(pairs)), dtype=np.float32)
    for i, (joint_run, weight_run) in enumerate(pairs):
        joints_table.reshape(-1, len(pairs))[:counted, i] = joint_run[:counted]
        weights_table.reshape(-1, len(pairs))[:counted, i] = weight_run[:counted]
    return _Influences(pointer, joints_table, weights_table, counted)


def _flat(primitive: Primitive, name: str) -> Elements | None:
    accessor = primitive.attributes.get(name)
    if accessor is None or accessor.count != primitive.vertex_count:
        return None
    return read_elements(accessor)


def _check(stream: _Influences, last: int, skin: int) -> Iterator[tuple[int, str, Hit]]:
    """Give (rank among the findings of one position, pointer, hit) for everything wrong with the influences."""
    n, _, sets = stream.joints.shape
    joints, weights = stream.joints.reshape(n, -1), stream.weights.reshape(n, -1)
    outside = joints > last
    with np.errstate(invalid="ignore"):
        used = ~outside & (weights != 0)
        negative = used & (weights < 0)
    idle = ~outside & (weights == 0) & (joints != 0)
    repeated = _repeated(joints, used)
    for mask, rank, semantic, code in (
        (outside, 0, "JOINTS", "ACCESSOR_JOINTS_INDEX_OOB"),
        (idle, 0, "JOINTS", "ACCESSOR_JOINTS_USED_ZERO_WEIGHT"),
        (repeated, 0, "JOINTS", "ACCESSOR_JOINTS_INDEX_DUPLICATE"),
        (negative, 1, "WEIGHTS", "ACCESSOR_WEIGHTS_NEGATIVE"),
    ):
        for row, column in np.argwhere(mask)[:MOST_FINDINGS].tolist():
            component, index = divmod(column, sets)
            value = float(weights[row, column]) if semantic == "WEIGHTS" else int(joints[row, column])
            args: tuple[Any, ...] = (4 * row + component, component, value)
            if code == "ACCESSOR_JOINTS_INDEX_OOB":
                args = (*args, last, skin)
            yield 10 * index + rank, stream.place(semantic, index), Hit(4 * row + component, code, args)
    yield from _check_sums(stream, weights, used & ~repeated & ~negative, sets)


def _repeated(joints: NDArray[np.int64], used: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where a joint is used that an earlier influence of the vertex uses already."""
    out = np.zeros_like(used)
    for late in range(1, joints.shape[1]):
        for early in range(late):
            out[:, late] |= used[:, early] & (joints[:, early] == joints[:, late])
    return out & used


def _check_sums(
    stream: _Influences, weights: NDArray[np.float32], counted: NDArray[np.bool_], sets: int
) -> Iterator[tuple[int, str, Hit]]:
    total = np.zeros(len(weights), dtype=np.float32)
    for column in range(weights.shape[1]):  # in 32 bits, in the order of the data: a sum in 64 bits differs
        total += np.where(counted[:, column], weights[:, column], np.float32(0))
    with np.errstate(invalid="ignore"):
        wrong = np.abs(total.astype(np.float64) - 1) > _TOLERANCE * counted.sum(axis=1)
    for row in positions(wrong[: stream.counted // 4]):
        for index in range(sets):
            hit = Hit(4 * row + 3, "ACCESSOR_WEIGHTS_NON_NORMALIZED", (4 * row, 4 * row + 3, float(total[row])))
            yield 1000 + index, stream.place("WEIGHTS", index), hit
