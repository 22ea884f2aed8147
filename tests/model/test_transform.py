"""Quaternions and matrices say the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from axis_core.model.transform import (
    compose_matrix,
    decompose_matrix,
    matrix_from_quaternion,
    quaternion_from_matrix,
    quaternion_product,
)


UNIT = arrays(np.float64, 4, elements=st.floats(-1, 1)).filter(lambda q: np.linalg.norm(q) > 0.1)


@given(UNIT)
def test_a_quaternion_comes_back_from_its_matrix(q: np.ndarray) -> None:
    q = q / np.linalg.norm(q)
    back = quaternion_from_matrix(matrix_from_quaternion(q))
    assert min(np.abs(back - q).max(), np.abs(back + q).max()) < 1e-9


@given(UNIT, UNIT)
def test_a_product_turns_like_its_factors_in_turn(a: np.ndarray, b: np.ndarray) -> None:
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    np.testing.assert_allclose(
        matrix_from_quaternion(quaternion_product(a, b)),
        matrix_from_quaternion(a) @ matrix_from_quaternion(b),
        atol=1e-9,
    )


@given(UNIT, arrays(np.float64, 3, elements=st.floats(-9, 9)), arrays(np.float64, 3, elements=st.floats(0.1, 9)))
def test_a_matrix_is_put_together_from_its_parts(q: np.ndarray, t: np.ndarray, s: np.ndarray) -> None:
    matrix = compose_matrix(t, q, s)
    np.testing.assert_allclose(compose_matrix(*decompose_matrix(matrix)), matrix, atol=1e-8)


def test_a_mirror_goes_into_the_scale() -> None:
    matrix = compose_matrix((0, 0, 0), (0, 0.6, 0, 0.8), (-1, 2, 3))
    _, _, scale = decompose_matrix(matrix)
    assert np.prod(np.sign(scale)) < 0
    np.testing.assert_allclose(compose_matrix(*decompose_matrix(matrix)), matrix, atol=1e-9)
