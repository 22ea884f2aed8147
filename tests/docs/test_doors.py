"""Every public name of every door says what it is."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import pytest


DOORS = ("axis_core", "axis_core.plugin", "axis_core.testing", "axis_core.testing.strategies", "axis_core.render")


def public(door: str) -> list[tuple[str, Any]]:
    """Return the announced names of a door with their values."""
    module = importlib.import_module(door)
    return [(name, getattr(module, name)) for name in module.__all__ if not name.startswith("__")]


@pytest.mark.parametrize("door", DOORS)
def test_functions_and_classes_have_a_docstring_that_starts_with_a_sentence(door: str) -> None:
    silent = []
    for name, value in public(door):
        if not (inspect.isclass(value) or inspect.isroutine(value)):
            continue
        first = (inspect.getdoc(value) or "").partition("\n")[0]
        if not first or first[-1] not in ".:":
            silent.append(f"{name}: {first!r}")
    assert silent == []


@pytest.mark.parametrize("door", DOORS)
def test_public_methods_have_a_docstring(door: str) -> None:
    silent = [
        f"{name}.{member}"
        for name, value in public(door)
        if inspect.isclass(value) and value.__module__.startswith("axis_")
        for member, thing in vars(value).items()
        if not member.startswith("_")
        and (inspect.isfunction(thing) or isinstance(thing, property | staticmethod | classmethod))
        and not inspect.getdoc(thing)
    ]
    assert silent == []


@pytest.mark.parametrize("door", DOORS)
def test_functions_are_annotated_in_full(door: str) -> None:
    bare = [
        name
        for name, value in public(door)
        if inspect.isfunction(value)
        and any(
            a is inspect.Parameter.empty
            for a in (
                inspect.signature(value).return_annotation,
                *(p.annotation for p in inspect.signature(value).parameters.values()),
            )
        )
        and door != "axis_core.testing.strategies"  # hypothesis gives its composites their signature
    ]
    assert bare == []


@pytest.mark.parametrize("door", DOORS)
def test_names_are_sorted_and_unique(door: str) -> None:
    names = list(importlib.import_module(door).__all__)
    assert len(set(names)) == len(names)
    rank = {n: (0 if n.isupper() else 1 if n[:1].isupper() else 2, n) for n in names}
    assert names == sorted(names, key=rank.__getitem__)
