"""A window, or a widget in a notebook, in which a drawing can be turned."""

from __future__ import annotations

import os
import sys
from typing import Any

from axis_core.errors import BackendUnavailable
from axis_core.render.canvas import lights, surface_actor
from axis_core.render.surfaces import Drawing


__all__ = ["show"]


def show(drawing: Drawing, background: str | None) -> Any:
    """Open ``drawing`` in pyvista and return what its ``show`` returns.

    Raises
    ------
    BackendUnavailable
        ``no_display``: there is no screen to open a window on.
    """
    if not _has_screen():
        raise BackendUnavailable(
            "there is no display to open a window on", code="no_display", hint="Use png(): it needs none."
        )
    import pyvista

    plotter: Any = pyvista.Plotter(lighting="none")
    plotter.set_background(background or "white")
    for light in lights():
        plotter.renderer.AddLight(light)
    for surface in drawing.surfaces:
        plotter.add_actor(surface_actor(surface), reset_camera=False)
    for start, end in drawing.bones:
        line = pyvista.Line(drawing.joints[start], drawing.joints[end])
        plotter.add_mesh(line, color="orange", line_width=4)
    plotter.camera_position = "xy"
    return plotter.show()


def _has_screen() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) or "ipykernel" in sys.modules
