"""Where the problems of an avatar are: the body in grey, the places in red, and near the thickest of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.audit.places import places_of
from axis_core.model.issue import Report
from axis_core.model.scene import Scene
from axis_core.render.camera import Camera, frame_views
from axis_core.render.canvas import photograph
from axis_core.render.display import display_problem
from axis_core.render.looks import Look
from axis_core.render.surfaces import Surface, draw_scene
from axis_core.render.view import encode_png


__all__ = ["problem_pictures"]

MAX_PICTURES, MAX_PER_CODE = 24, 3
SIZE = (300, 380)
SIDES = {"front": (0.0, 1.0), "left": (1.0, 0.0), "back": (0.0, -1.0), "right": (-1.0, 0.0)}
GREY, RED, WHITE = (0.62, 0.64, 0.67), (214, 32, 40, 255), (255, 255, 255, 255)
PAPER = (0.955, 0.96, 0.97)
SMOOTHING = 3
NEAR = 0.12
"""Radius of the close view, of the body's diagonal."""

Points = NDArray[np.float64]


def problem_pictures(scene: Scene, report: Report) -> Mapping[int, bytes]:
    """Return PNG files by the row of the issue in ``report``: the whole body, and beside it the thickest place.

    Worst findings come first, ``MAX_PER_CODE`` of a code and ``MAX_PICTURES`` at most; findings about the whole or
    about the file have no picture. Nothing is drawn where there is no OpenGL (``axis doctor`` says what to install).
    """
    if display_problem() or not scene.n_triangles:
        return {}
    drawn = [_clay(s) for s in draw_scene(scene).surfaces]
    seen = [s.positions[np.unique(s.faces)] for s in drawn]
    body = np.concatenate([np.zeros((0, 3)), *seen])
    body = body[np.isfinite(body).all(axis=1)]
    if not len(body):
        return {}
    shots: list[tuple[int, Points, tuple[Camera, ...]]] = []
    drawn_of: Counter[str] = Counter()
    for row, issue in enumerate(report.issues):
        if len(shots) == MAX_PICTURES or drawn_of[issue.code] == MAX_PER_CODE:
            continue
        places = places_of(issue, scene)
        if len(places):
            drawn_of[issue.code] += 1
            shots.append((row, places, _cameras(body, places)))
    cameras = [c for _, _, pair in shots for c in pair]
    pictures = photograph(drawn, cameras, SIZE, PAPER) if cameras else []
    out = {}
    for k, (row, places, pair) in enumerate(shots):
        halves = [_marked(pictures[2 * k + side], places, pair[side]) for side in range(2)]
        out[row] = encode_png(np.concatenate(halves, axis=1)[..., :3])
    return out


def _clay(surface: Surface) -> Surface:
    positions = np.nan_to_num(surface.positions, posinf=0.0, neginf=0.0)
    look = attrs.evolve(Look(double_sided=True), color=GREY)
    return attrs.evolve(surface, positions=positions, uv=None, colors=None, look=look)


def _cameras(body: Points, places: Points) -> tuple[Camera, ...]:
    """The whole body and the surroundings of the thickest place, from the side that most places are on."""
    middle = (body.min(axis=0) + body.max(axis=0)) / 2
    outward = places[:, [0, 2]] - middle[[0, 2]]
    # The front wins unless another side has clearly more of them.
    reach = {side: float(np.clip(outward @ np.array(way), 0, None).sum()) for side, way in SIDES.items()}
    side = max(SIDES, key=lambda name: reach[name] * (1.6 if name == "front" else 1.0))
    radius = NEAR * float(np.linalg.norm(np.ptp(body, axis=0)))
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    centre = places[int((distances < radius).sum(axis=1).argmax())]
    around = centre + radius * np.array([[-1, -1, 0], [1, 1, 0], [0, 0, -0.2], [0, 0, 0.2]])
    turned = around if side in ("front", "back") else centre + (around - centre)[:, [2, 1, 0]]
    whole = frame_views(np.concatenate([body, places]), (side,), SIZE)
    return whole + frame_views(turned, (side,), SIZE)


def _marked(image: NDArray[np.uint8], places: Points, camera: Camera) -> NDArray[np.uint8]:
    """The picture with a dot at each place, always on top."""
    from PIL import Image, ImageDraw

    height, width = image.shape[:2]
    layer = Image.new("RGBA", (width * SMOOTHING, height * SMOOTHING), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    radius = SMOOTHING * (5.0 if len(places) <= 12 else 3.0 if len(places) <= 60 else 2.0)
    for x, y in SMOOTHING * camera.project(places, (width, height)):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=RED, outline=WHITE, width=2)
    shown = layer.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(Image.alpha_composite(Image.fromarray(image), shown), np.uint8)
