"""Settings: from the environment, or refused by the name of the variable."""

from __future__ import annotations

import pytest

from axis_core.errors import InputError
from axis_http import Settings


def test_values_are_read_by_their_variable() -> None:
    read = Settings.from_environment({"AXIS_MAX_UPLOAD": "2 MB", "AXIS_WORKERS": "3", "AXIS_PLUGINS": "0"})
    assert (read.max_upload, read.workers, read.plugins) == (2 * 1024 * 1024, 3, False)


@pytest.mark.parametrize("name", ["AXIS_MAX_UPLOAD", "AXIS_WORKERS", "AXIS_SYNC_LIMIT", "AXIS_PLUGINS"])
def test_what_does_not_fit_names_its_variable_and_what_to_do(name: str) -> None:
    with pytest.raises(InputError, match=name) as caught:
        Settings.from_environment({name: "many"})
    assert name in (caught.value.hint or "")
    assert ".md" not in (caught.value.hint or "")
