"""Bodies of every age, build and pose that took no part in any prior: the core joints are where they were built."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rig.parametric_people import CORE, core_errors, person_of

from axis_core.errors import BackendUnavailable


MUST = 2.5
"""Mean error of the core joints, percent of the height, over many bodies."""


def errors_of(seeds: range) -> np.ndarray:
    try:
        return np.array([core_errors(person_of(seed)) for seed in seeds])
    except BackendUnavailable as missing:
        pytest.skip(str(missing))


def test_core_joints_of_a_few_people_are_where_they_were_built() -> None:
    errors = errors_of(range(5))
    assert errors.shape == (5, len(CORE))
    assert errors.mean() < MUST
    assert errors.mean(axis=1).max() < 1.5 * MUST


@pytest.mark.conformance
def test_core_joints_of_two_hundred_people_are_where_they_were_built() -> None:
    errors = errors_of(range(1000, 1200))
    assert errors.mean() < MUST
    assert np.quantile(errors.mean(axis=1), 0.95) < 1.5 * MUST
