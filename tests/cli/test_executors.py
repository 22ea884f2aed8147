"""``axis process --executor``: a Dask cluster of this machine does the work; a worker that is lost loses no file."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from axis_core import door, testing


Axis = Callable[..., Result]

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the engine's own sockets
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two workers, each a process of its own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six bodies and a file that is none."""
    place = tmp_path / "in"
    place.mkdir()
    body = testing.capsule_person(rigged=False)
    for n in range(6):
        door.write(body, place / f"body{n}.glb")
    (place / "broken.glb").write_bytes(b"no model")
    return place


def _address(cluster: Any) -> str:
    return str(cluster.scheduler_address).replace("tcp://", "dask://")


def test_every_file_comes_back_once_though_a_worker_is_lost(
    axis_run: Axis, cluster: Any, folder: Path, tmp_path: Path
) -> None:
    victim = next(iter(cluster.workers.values())).pid
    threading.Timer(1.5, os.kill, (victim, signal.SIGKILL)).start()
    done = axis_run("process", folder, "-o", tmp_path / "out", "--executor", _address(cluster), "--json")
    rows = json.loads(done.stdout)["results"]
    assert sorted(Path(r["source"]).name for r in rows) == sorted(p.name for p in folder.iterdir())
    assert {Path(r["source"]).name for r in rows if r["status"] == "refused"} == {"broken.glb"}
    assert len(list((tmp_path / "out").glob("*/avatar.glb"))) == 6


def test_an_executor_that_is_none_and_one_that_does_not_answer_are_refused(
    axis_run: Axis, folder: Path, tmp_path: Path
) -> None:
    done = axis_run("process", folder, "-o", tmp_path / "out", "--executor", "ray://x:1")
    assert done.exit_code == 2
    assert "dask://HOST:PORT" in done.stderr
    assert not (tmp_path / "out").exists()
