"""Colours: the skin scale is even to the eye, and every name is a colour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from axis_core.body.colours import (
    EYE_COLOURS,
    GARMENT_COLOURS,
    HAIR_COLOURS,
    colour_of,
    from_oklab,
    skin_colour,
    to_oklab,
)


def test_equal_steps_of_skin_tone_are_equal_steps_of_lightness() -> None:
    light = np.array([to_oklab(np.array(skin_colour(t)))[0] for t in np.linspace(0, 1, 21)])
    steps = np.diff(light)
    assert (steps < 0).all()
    assert np.abs(steps / steps.mean() - 1).max() < 0.02


def test_skin_is_never_clipped_and_always_warm() -> None:
    for tone in np.linspace(0, 1, 21):
        r, g, b = skin_colour(float(tone))
        assert 0.0 < b < g < r < 1.0


@given(st.tuples(*[st.floats(0, 1)] * 3))
def test_oklab_and_back_is_the_same_colour(rgb: tuple[float, float, float]) -> None:
    assert np.allclose(from_oklab(to_oklab(np.array(rgb))), rgb, atol=2e-5)


def test_oklab_of_white_and_of_red_are_as_published() -> None:
    assert np.allclose(to_oklab(np.ones(3)), (1.0, 0.0, 0.0), atol=1e-4)
    assert np.allclose(to_oklab(np.array((1.0, 0.0, 0.0))), (0.6279, 0.2249, 0.1258), atol=1e-3)


@pytest.mark.parametrize("palette", [EYE_COLOURS, GARMENT_COLOURS, HAIR_COLOURS])
def test_names_are_colours_of_their_own(palette: dict[str, str]) -> None:
    assert all(0.0 <= c <= 1.0 for name in palette for c in colour_of(name, palette))
    assert len(set(palette.values())) == len(palette)


def test_a_hex_colour_stands_for_itself() -> None:
    assert colour_of("#336699", {}) == (0x33 / 255, 0x66 / 255, 0x99 / 255)
