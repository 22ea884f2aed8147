"""Weights limited, normalised and made whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from axis_core.errors import InputError
from axis_core.kernels.quantise import limit_influences, normalise_weights, quantise_weights


WEIGHTS = hnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(1, 9)),
    elements=st.one_of(st.floats(-1, 1e6, allow_subnormal=False), st.sampled_from([np.nan, np.inf, 0.0])),
)


@given(WEIGHTS)
@settings(max_examples=100, deadline=None)
def test_normalised_rows_sum_to_one_whatever_came_in(weights: np.ndarray) -> None:
    out = normalise_weights(weights)
    assert (out >= 0).all()
    np.testing.assert_allclose(out.sum(1), 1.0, atol=1e-12)


@given(WEIGHTS, st.sampled_from([255, 65535]))
@settings(max_examples=100, deadline=None)
def test_quantised_rows_sum_exactly_and_no_entry_is_off_by_a_whole_step(weights: np.ndarray, levels: int) -> None:
    exact = normalise_weights(weights) * levels
    whole = quantise_weights(weights, levels)
    assert (whole.sum(1, dtype=np.int64) == levels).all()
    assert (np.abs(whole - exact) < 1 + 1e-6).all()
    assert (whole[exact == 0] == 0).all()
    assert whole.dtype == (np.uint8 if levels == 255 else np.uint16)


@given(WEIGHTS, st.integers(1, 10), st.data())
@settings(max_examples=100, deadline=None)
def test_limited_rows_hold_each_joint_once_and_descend(weights: np.ndarray, count: int, data: st.DataObject) -> None:
    index = data.draw(hnp.arrays(np.uint16, weights.shape, elements=st.integers(0, 4)))
    joints, out = limit_influences(index, weights, count)
    assert joints.shape == out.shape == (len(weights), count)
    np.testing.assert_allclose(out.sum(1), 1.0, atol=1e-12)
    assert (np.diff(out, axis=1) <= 1e-15).all()
    for row, shares in zip(joints, out):
        named = row[shares > 0]
        assert len(set(named.tolist())) == len(named)


def test_with_room_for_all_nothing_changes_but_the_order() -> None:
    joints, weights = limit_influences([[7, 3, 5]], [[0.2, 0.5, 0.3]], 4)
    assert joints.tolist() == [[3, 5, 7, 0]]
    np.testing.assert_allclose(weights, [[0.5, 0.3, 0.2, 0.0]])


def test_small_weights_are_dropped_but_never_the_strongest() -> None:
    _, weights = limit_influences([[0, 1, 2]], [[0.98, 0.015, 0.005]], 4, least=0.01)
    assert (weights[0] > 0).tolist() == [True, True, False, False]
    assert limit_influences([[4]], [[1.0]], 4, least=2.0)[1][0, 0] == 1.0


def test_quantising_again_changes_nothing() -> None:
    weights = np.random.default_rng(0).dirichlet(np.ones(4), 500)
    once = quantise_weights(weights, 255)
    np.testing.assert_array_equal(once, quantise_weights(once / 255.0, 255))


def test_the_input_is_left_alone() -> None:
    weights = np.array([[np.nan, 2.0], [1.0, 1.0]])
    before = weights.copy()
    quantise_weights(weights)
    limit_influences([[0, 1], [1, 0]], weights)
    np.testing.assert_array_equal(weights, before)


def test_nonsense_is_refused() -> None:
    with pytest.raises(InputError):
        quantise_weights([[1.0]], 100)
    with pytest.raises(InputError):
        limit_influences([[0, 1]], [[1.0]], 4)
    with pytest.raises(InputError):
        limit_influences([[0]], [[1.0]], 0)
    with pytest.raises(InputError):
        normalise_weights(np.zeros((3, 0)))
