"""A service whose work takes milliseconds, for the tests that kill it: ``python -m tests.http.crash_app HOME PORT``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from axis_core.errors import InputError


def task(arguments: Mapping[str, Any], progress: Callable[..., None], _: Callable[[], bool]) -> dict[str, Any]:
    """Write what came in, reversed; refuse what begins with ``bad``."""
    data = Path(arguments["path"]).read_bytes()
    for step in range(3):
        progress(step / 3, f"step{step}: working")
        time.sleep(0.01)  # the work
    if data.startswith(b"bad"):
        raise InputError("this one is bad", code="parse_failed")
    path = Path(arguments["out"]) / "avatar.glb"
    path.write_bytes(data[::-1])
    contract = {"stage": "processed", "mesh": {"vertex_count": len(data)}}
    return {"files": {"avatar.glb": {"path": str(path), "media_type": "model/gltf-binary"}}, "contract": contract}


def main(home: Path, port: int) -> None:
    """Serve until killed."""
    import uvicorn

    from axis_http import Settings
    from axis_http.litestar.assembly import assemble
    from axis_http.litestar.gate import Gate
    from axis_http.service.state import Service

    settings = Settings(
        home=home,
        auth="required",
        workers=2,
        lease_s=2.0,
        queue_limit=100_000,
        public_rate=1_000_000,
        plugins=False,
        pricing=home / "prices.toml",
    )
    service = Service(settings, target="tests.http.crash_app:task")
    uvicorn.run(Gate(assemble(service), service), port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
