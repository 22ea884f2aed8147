"""Where the FBX cases are, and small files made in code."""

from __future__ import annotations

from pathlib import Path

import pytest


SHARED = Path(__file__).resolve().parents[4] / "shared" / "fbx-cases"


def cases(folder: str) -> list[Path]:
    """Return the FBX files of a folder beside the checkout; none where it is not there."""
    return sorted((SHARED / folder).glob("*.fbx"))


@pytest.fixture(scope="session")
def good() -> Path:
    """The folder of good files, or a skip."""
    if not (SHARED / "good").is_dir():
        pytest.skip("the FBX cases are not beside the checkout")
    return SHARED / "good"
