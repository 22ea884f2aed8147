"""Sliders: local changes to the body and face, by plain names, each from -1 to 1."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import attrs

from axis_core.body.data import SliderPair, load_slider_pairs, load_targets
from axis_core.body.slider_names import FACE_GROUPS, plain_name, range_words
from axis_core.errors import InputError


__all__ = ["Slider", "list_sliders", "slider_coefficients"]


@attrs.frozen(kw_only=True)
class Slider:
    """One local change of shape.

    Attributes
    ----------
    name : str
        ``upper_arm_length``. A sided slider moves both sides; ``left_upper_arm_length`` moves one.
    area : {"body", "face"}
    group : str
        ``arms``, ``nose``, ...
    minimum, maximum : float
        -1..1, or 0..1 where the source has only one end.
    low, high : str
        What the ends mean.
    sided : bool
        Whether ``left_`` and ``right_`` versions exist.
    targets : mapping of side to (low, high) target names
        Side is ``left``, ``right`` or ``unsided``; an empty name is no target.
    """

    name: str
    area: Literal["body", "face"]
    group: str
    minimum: float
    maximum: float = 1.0
    low: str
    high: str
    sided: bool
    targets: Mapping[str, tuple[str, str]] = attrs.field(repr=False)


def list_sliders() -> tuple[Slider, ...]:
    """Return all sliders, ordered by area, group and name.

    Raises
    ------
    BackendUnavailable
        If the body pack is not installed.
    """
    return tuple(sorted(_sliders(load_slider_pairs()).values(), key=lambda s: (s.area, s.group, s.name)))


def slider_coefficients(values: Mapping[str, float]) -> dict[int, float]:
    """Return the coefficients of the local targets for slider ``values``; values of both sides and of one side add up.

    Raises
    ------
    InputError
        If a name is unknown (the message names the nearest) or a value is outside its range.
    """
    sliders = _sliders(load_slider_pairs())
    place = _target_places(load_targets("local").names)
    out: dict[int, float] = {}
    for name, value in values.items():
        slider, sides = _find(name, sliders)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InputError(f"{name} is {value!r}, expected a number.", pointer=f"/{name}")
        if not slider.minimum <= value <= slider.maximum:
            raise InputError(
                f"{name} is {value}, expected {slider.minimum:g} to {slider.maximum:g}.", pointer=f"/{name}"
            )
        for side in sides:
            target = slider.targets[side][value > 0]
            if value and target:
                k = place[f"{slider.group}/{target}"]
                out[k] = out.get(k, 0.0) + abs(value)
    return out


def _find(name: str, sliders: Mapping[str, Slider]) -> tuple[Slider, tuple[str, ...]]:
    if name in sliders:
        return sliders[name], tuple(sliders[name].targets)
    side, _, rest = name.partition("_")
    if side in ("left", "right") and rest in sliders and sliders[rest].sided:
        return sliders[rest], (side,)
    near = difflib.get_close_matches(name, sliders, n=3)
    hint = f"Nearest: {', '.join(near)}." if near else "See `list_sliders()`."
    raise InputError(f"there is no slider {name!r}.", pointer=f"/{name}", hint=hint)


@lru_cache(maxsize=2)
def _target_places(names: tuple[str, ...]) -> Mapping[str, int]:
    return {name: k for k, name in enumerate(names)}


@lru_cache(maxsize=2)
def _sliders(pairs: tuple[SliderPair, ...]) -> Mapping[str, Slider]:
    found: dict[str, Slider] = {}
    for pair in pairs:
        targets = {side: (low, high) for side, low, high in pair.sides}
        low, high = range_words(pair.name)
        slider = Slider(
            name=plain_name(pair.name),
            area="face" if pair.group in FACE_GROUPS else "body",
            group=pair.group,
            minimum=-1.0 if all(low for low, _ in targets.values()) else 0.0,
            low=low,
            high=high,
            sided="left" in targets,
            targets=targets,
        )
        if slider.name in found:
            raise InputError(f"two sliders are called {slider.name!r}.", code="duplicate_name")
        found[slider.name] = slider
    return found
