"""A child may refuse, print, hang, eat or die: the parent gets an answer, and the next task works."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from axis_core.errors import Cancelled, InputError, LimitExceeded
from axis_core.sandbox import Sandbox


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    sandbox = Sandbox("sandbox_tasks:task", memory_mb=1024, seconds=20)
    yield sandbox
    sandbox.close()


def test_results_come_back_and_the_child_is_kept(box: Sandbox) -> None:
    first = box.run({"do": "echo", "word": "héllo"})
    assert first["said"] == "héllo"
    assert box.run({"do": "echo", "word": "again"})["pid"] == first["pid"]


def test_an_error_keeps_its_class_and_fields(box: Sandbox) -> None:
    with pytest.raises(InputError) as caught:
        box.run({"do": "refuse"})
    assert (caught.value.code, caught.value.pointer, caught.value.hint) == ("parse_failed", "/a", "Mend it.")


def test_progress_arrives_and_can_cancel(box: Sandbox) -> None:
    seen: list[float] = []

    def progress(fraction: float, message: str) -> bool:
        seen.append(fraction)
        return len(seen) >= 3

    with pytest.raises(Cancelled, match="stopped at 2"):
        box.run({"do": "count"}, progress=progress)
    assert seen == [0.0, 0.001, 0.002]
    assert box.run({"do": "count"}) == {"done": True}


def test_a_crash_is_an_answer_and_the_next_task_works(box: Sandbox) -> None:
    with pytest.raises(InputError) as caught:
        box.run({"do": "abort"})
    assert caught.value.code == "parse_failed"
    assert box.run({"do": "echo", "word": "alive"})["said"] == "alive"


def test_a_hanging_task_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    sandbox = Sandbox("sandbox_tasks:task", seconds=1.0)
    with pytest.raises(LimitExceeded, match="longer than 1 s"):
        sandbox.run({"do": "hang"})
    sandbox.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts the data segment")
def test_memory_is_limited(box: Sandbox) -> None:
    with pytest.raises(LimitExceeded, match="1024 MB"):
        box.run({"do": "eat"})
    assert box.run({"do": "echo", "word": "alive"})["said"] == "alive"


def test_what_is_no_mapping_is_a_broken_answer(box: Sandbox) -> None:
    with pytest.raises(InputError):
        box.run({"do": "nothing"})
