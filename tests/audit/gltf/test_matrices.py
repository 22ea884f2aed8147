"""Matrices of translation, rotation and scale are told from the others."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from axis_core.audit.gltf.matrices import IDENTITY, is_decomposable


def _matrix(axes: np.ndarray, translation: tuple[float, float, float] = (0, 0, 0)) -> list[float]:
    m = np.eye(4)
    m[:3, :3] = axes
    m[3, :3] = translation
    values: list[float] = m.reshape(-1).tolist()
    return values


@given(
    st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: sum(v * v for v in q) > 0.1),
    st.tuples(*[st.floats(0.05, 4)] * 3),
    st.sampled_from([(1, 1, 1), (-1, 1, 1), (1, -1, -1)]),
)
def test_rotation_times_scale_is_decomposable(
    q: tuple[float, ...], scale: tuple[float, ...], signs: tuple[int, ...]
) -> None:
    x, y, z, w = np.array(q) / np.linalg.norm(q)
    rotation = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
            [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
            [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    assert is_decomposable(_matrix(rotation * (np.array(scale) * signs)[:, None], (1, 2, 3)))


def test_shear_projection_and_collapse_are_not() -> None:
    assert is_decomposable(IDENTITY)
    assert not is_decomposable(_matrix(np.array([[1, 0.5, 0], [0, 1, 0], [0, 0, 1]])))
    assert not is_decomposable(_matrix(np.zeros((3, 3))))
    assert not is_decomposable([*IDENTITY[:3], 0.1, *IDENTITY[4:]])
    assert not is_decomposable([float("inf"), *IDENTITY[1:]])
