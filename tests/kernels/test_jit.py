"""The compiler's cache: shared by processes that start together, wherever they start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


CALL = """
import json, numpy as np
from axis_core.kernels.cpu import components
count, labels = components.vertex_components(np.array([[0, 1, 2], [3, 4, 5]], np.uint32), 7)
kernels = components.vertex_components, components.find_root
print(json.dumps({
    "compiled": [sum(k.stats.cache_misses.values()) for k in kernels],
    "answer": [int(count), labels.tolist()],
}))
"""


def start(cache: Path) -> subprocess.Popen[bytes]:
    """A process that calls one small kernel, with a cache folder of its own."""
    environment = os.environ | {"AXIS_CACHE_DIR": str(cache)}
    environment.pop("NUMBA_CACHE_DIR", None)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", CALL], env=environment, **pipes)


def test_processes_that_start_together_on_an_empty_cache_compile_each_kernel_once(tmp_path: Path) -> None:
    processes = [start(tmp_path) for _ in range(4)]
    told = [json.loads(process.communicate()[0]) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    by_kernel = zip(*(t["compiled"] for t in told), strict=True)
    assert [sum(counts) for counts in by_kernel] == [1, 2]  # the second has two signatures
    assert all(t["answer"] == [2, [0, 0, 0, 1, 1, 1, -1]] for t in told)


def test_a_broken_cache_folder_is_told_not_hidden(tmp_path: Path) -> None:
    (tmp_path / "kernels").write_text("a file where a folder should be")
    process = start(tmp_path)
    assert process.communicate()[0] == b""
    assert process.returncode != 0
