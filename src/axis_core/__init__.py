"""AXIS: a mesh, a photo, a prompt or sliders in; a rigged, engine-ready avatar out.

The door, loaded on first use::

    import axis_core

    result = axis_core.process("hero.glb", platform="unity")
    result.write("out")
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from axis_core.door import (
        audit,
        compare,
        convert,
        decimate,
        default_host,
        from_photos,
        generate,
        handlers,
        info,
        preview,
        print_report,
        process,
        process_many,
        read,
        render,
        repair,
        retarget,
        rig,
        skin,
        verify_contract,
        write,
    )
    from axis_core.errors import AxisError
    from axis_core.model.scene import Scene
    from axis_core.pipeline import Pipeline
    from axis_core.verbs import call_handler, run_goal
    from axis_core.version import VERSION as __version__  # noqa: N811


__all__ = [
    "AxisError",
    "Pipeline",
    "Scene",
    "__version__",
    "audit",
    "call_handler",
    "compare",
    "convert",
    "decimate",
    "default_host",
    "from_photos",
    "generate",
    "handlers",
    "info",
    "preview",
    "print_report",
    "process",
    "process_many",
    "read",
    "render",
    "repair",
    "retarget",
    "rig",
    "run_goal",
    "skin",
    "verify_contract",
    "write",
]

_ELSEWHERE = {
    "AxisError": ("axis_core.errors", "AxisError"),
    "Pipeline": ("axis_core.pipeline", "Pipeline"),
    "Scene": ("axis_core.model.scene", "Scene"),
    "__version__": ("axis_core.version", "VERSION"),
    "call_handler": ("axis_core.verbs", "call_handler"),
    "run_goal": ("axis_core.verbs", "run_goal"),
}


class _Door(types.ModuleType):
    """The package: names of the door win over rooms of the same name.

    ``axis_core.render``, ``audit`` and ``rig`` are rooms as well as verbs. Importing a room would put the module in the
    place of the verb, so it is not bound here; ``from axis_core.render import View`` finds it in ``sys.modules``.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in __all__ and isinstance(value, types.ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module 'axis_core' has no attribute {name!r}")
        module, attribute = _ELSEWHERE.get(name, ("axis_core.door", name))
        value = getattr(importlib.import_module(module), attribute)
        self.__dict__[name] = value
        return value

    def __dir__(self) -> list[str]:
        return list(__all__)


sys.modules[__name__].__class__ = _Door
