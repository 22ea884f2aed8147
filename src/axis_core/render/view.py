"""View: pictures of a scene that show themselves in a notebook, save themselves as PNG or open a window."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.model.scene import Scene
from axis_core.render.camera import frame_views
from axis_core.render.canvas import photograph
from axis_core.render.overlay import draw_skeleton
from axis_core.render.surfaces import Drawing, draw_scene
from axis_core.render.window import show


__all__ = ["BACKGROUND", "View", "encode_png", "render"]

BACKGROUND = "#e9ecef"
"""A light grey: white clothes and black hair both stand out."""
MAX_SIDE = 8192
"""Pixels; the largest side that software OpenGL draws everywhere."""


@attrs.frozen(kw_only=True, eq=False)
class View:
    """What is seen of a scene: drawn when it is asked for.

    Attributes
    ----------
    drawing : Drawing
        Surfaces, joints and bones, posed.
    views : tuple of str
        Names of ``VIEWS``.
    size : (int, int)
        Width and height of one view in pixels.
    background : str
        A colour by name or ``#rrggbb``, or ``transparent``.
    """

    drawing: Drawing
    views: tuple[str, ...]
    size: tuple[int, int]
    background: str = BACKGROUND

    def image(self) -> NDArray[np.uint8]:
        """Return the views side by side, (height, n width, 4) uint8 RGBA.

        Raises
        ------
        BackendUnavailable
            ``no_display``: no OpenGL library was found; the hint names what to install.
        """
        cameras = frame_views(self.drawing.points, self.views, self.size)
        pictures = photograph(self.drawing.surfaces, cameras, self.size, _rgb(self.background))
        drawn = [draw_skeleton(p, self.drawing, c) for p, c in zip(pictures, cameras, strict=True)]
        return np.concatenate(drawn, axis=1)

    def png(self) -> bytes:
        """Return the views side by side as a PNG file; same scene, same options, same machine: same bytes."""
        image = self.image()
        return encode_png(image if self.background == "transparent" else image[..., :3])

    def plot(self) -> Any:
        """Open a window, or a widget in a notebook, in which the scene can be turned; needs a display.

        Returns
        -------
        What ``pyvista.Plotter.show`` returns.

        Raises
        ------
        BackendUnavailable
            ``no_display``: there is no screen to open a window on; ``png`` needs none.
        """
        return show(self.drawing, None if self.background == "transparent" else self.background)

    def _repr_png_(self) -> bytes:
        return self.png()


def render(
    scene: Scene,
    *,
    views: Sequence[str] = ("front", "side", "back"),
    pose: str = "",
    size: tuple[int, int] = (640, 800),
    skeleton: bool = False,
    weights_of: str = "",
    background: str = BACKGROUND,
) -> View:
    """Return a view of ``scene``; nothing is drawn before it is asked for.

    Parameters
    ----------
    views : sequence of str
        Sides to look from, of ``axis_core.render.VIEWS``: front, side (the character's left), back, top, ...
    pose : str
        A stress pose of ``axis_core.render.POSES`` (``rest arms_up squat run twist fist head_turn``); empty shows the
        scene as its nodes stand. Rigs that are no humanoid bend all their chains instead.
    size : (int, int)
        Width and height of one view in pixels, 16 to 8192.
    skeleton : bool
        Draw joints and bones over the picture.
    weights_of : str
        Colour the surface by the weights of this joint; ``*`` shows which joint moves each vertex most.
    background : str
        A colour by name or ``#rrggbb``, or ``transparent``.

    Raises
    ------
    InputError
        ``invalid_request``: an unknown view, pose, colour, or a size out of range.
    CannotFit
        A pose for a scene without a rig, or one that lacks all bones of the pose.
    NotFound
        ``weights_of`` names no joint.

    Examples
    --------
    >>> from axis_core.testing import cube
    >>> render(cube(), views=("front",), size=(64, 64)).views
    ('front',)
    """
    if not all(isinstance(s, int) and 16 <= s <= MAX_SIDE for s in size):
        raise InputError(f"size is {size}, each side may be 16 to {MAX_SIDE} pixels", pointer="/size")
    _rgb(background)
    drawing = draw_scene(scene, pose=pose, skeleton=skeleton, weights_of=weights_of)
    frame_views(drawing.points, views, size)  # refuses unknown views now, not when the picture is drawn
    return View(drawing=drawing, views=tuple(views), size=(size[0], size[1]), background=background)


def encode_png(image: NDArray[np.uint8]) -> bytes:
    """Return a PNG file of an (H, W, 3 or 4) image."""
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(image).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _rgb(name: str) -> tuple[float, float, float] | None:
    from PIL import ImageColor

    if name == "transparent":
        return None
    try:
        r, g, b = ImageColor.getrgb(name)[:3]
    except ValueError as exc:
        raise InputError(f"{name!r} is no colour", pointer="/background", hint="Write #rrggbb or a name.") from exc
    return r / 255, g / 255, b / 255
