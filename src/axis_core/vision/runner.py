"""Running a network of the vision pack: the only place that knows the inference runtime."""

from __future__ import annotations

import importlib
import importlib.util
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.assets import pack_path, pack_status
from axis_core.errors import BackendUnavailable
from axis_core.vision.pack import VISION_PACK


__all__ = ["run_network", "why_unavailable"]

_RUNTIME = "ai_edge_litert"
_INSTALL = "pip install 'axis-avatars[vision]'"
_THREADS = 2
_loaded = threading.local()
"""Interpreters are not safe to share between threads: each thread has its own."""


def why_unavailable() -> str:
    """Return "" if photos can be looked at, else what is missing and the command that brings it."""
    if importlib.util.find_spec(_RUNTIME) is None:
        return f"the inference runtime is not installed: {_INSTALL}"
    status = pack_status(VISION_PACK)
    return "" if status.state == "installed" else f"the vision pack is {status.state}: {VISION_PACK.command}"


def run_network(name: str, image: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """Return what the network ``name`` gives for one picture, in the order of its outputs.

    Parameters
    ----------
    name : str
        A file of the pack without its suffix: ``face_landmark``.
    image : (H, W, 3) float32
        As large as the network wants it, in the range it was trained on.

    Raises
    ------
    BackendUnavailable
        ``not_installed``: the runtime or the pack is missing; the hint names the command.
    """
    network = _network(pack_path(VISION_PACK, f"{name}.tflite"))
    network.set_tensor(network.get_input_details()[0]["index"], np.ascontiguousarray(image[None], np.float32))
    network.invoke()
    return tuple(np.array(network.get_tensor(out["index"]))[0] for out in network.get_output_details())


def _network(path: Path) -> Any:
    found: dict[Path, Any] = _loaded.__dict__.setdefault("networks", {})
    if path not in found:
        try:
            runtime = importlib.import_module(f"{_RUNTIME}.interpreter")
        except ImportError as exc:
            raise BackendUnavailable(f"{_RUNTIME} cannot be imported: {exc}", hint=f"{_INSTALL}.") from exc
        network = runtime.Interpreter(model_path=str(path), num_threads=_THREADS)
        network.allocate_tensors()
        found[path] = network
    return found[path]
