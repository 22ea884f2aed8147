"""Tasks for the tests of the sandbox: they run in the child."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Any

from axis_core.errors import Cancelled, InputError


def task(arguments: Mapping[str, Any], progress: Callable[[float, str], None], cancelled: Callable[[], bool]) -> Any:
    """Do what ``do`` says."""
    match arguments["do"]:
        case "echo":
            print("a library that prints")
            return {"said": arguments["word"], "pid": os.getpid()}
        case "count":
            for k in range(1000):
                progress(k / 1000, f"step {k}")
                if cancelled():
                    raise Cancelled(f"stopped at {k}")
            return {"done": True}
        case "refuse":
            raise InputError("the file is bad", code="parse_failed", pointer="/a", hint="Mend it.")
        case "abort":
            os.abort()
        case "hang":
            while True:
                time.sleep(1)
        case "eat":
            return {"n": len(bytearray(8 * 1024**3))}
        case _:
            return 7
