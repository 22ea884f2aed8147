"""The room's door is light and complete."""

from __future__ import annotations

import subprocess
import sys

import pytest

import axis_core.body


def test_every_public_name_is_reachable_and_no_other() -> None:
    assert dir(axis_core.body) == sorted(axis_core.body.__all__)
    for name in axis_core.body.__all__:
        assert getattr(axis_core.body, name) is not None
    with pytest.raises(AttributeError):
        axis_core.body.no_such_name  # noqa: B018


def test_listing_the_pack_loads_neither_scipy_nor_pillow_nor_numba() -> None:
    code = (
        "import sys; from axis_core.body import BODY_PACK;"
        "print([m for m in ('scipy', 'PIL', 'numba', 'numpy', 'pyvista') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
