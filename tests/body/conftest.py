"""The body pack for these tests: installed if it can be, else the tests that ask for it skip with the reason."""

from __future__ import annotations

import pytest

from axis_core.assets import install
from axis_core.body import BODY_PACK
from axis_core.errors import BackendUnavailable, StoreError


@pytest.fixture(scope="session")
def body_pack() -> None:
    """Install the body pack into the user's cache if it is not there."""
    try:
        install(BODY_PACK)
    except (BackendUnavailable, StoreError) as error:
        pytest.skip(f"the body pack is not installed and cannot be: {error}")
