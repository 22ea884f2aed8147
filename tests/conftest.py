"""What all rooms share: the host, and the folder of real files that stands beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from axis_core.door import default_host
from axis_core.plugin import PluginHost


settings.register_profile("seeded", derandomize=True)
settings.load_profile("seeded")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def host() -> PluginHost:
    """The default host."""
    return default_host()


@pytest.fixture(scope="session")
def groundtruth() -> Path:
    """Real rigged characters, read in place."""
    folder = SHARED / "groundtruth"
    if not folder.is_dir():
        pytest.skip("the folder of real characters is not beside this checkout")
    return folder
