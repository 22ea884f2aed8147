"""Draws the pictures of the README and the docs from the body pack: ``python docs/pictures.py``.

``python docs/pictures.py sheet OUT.png FILE...`` draws a contact sheet of your own files in every stress pose.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

import axis_core
from axis_core.body import demo_scene
from axis_core.render import POSES, View, contact_sheet, render


FOLDER = Path(__file__).parent / "pictures"
SIZE = (260, 430)
COLORS = 256
"""A palette keeps a picture below 200 kB."""


def hero() -> bytes:
    """Return the README's picture: what goes in, and what comes out."""
    raw = demo_scene()
    avatar = axis_core.rig(raw, platform="unity").scene
    cells = [
        ("in: a mesh", render(raw, views=("three_quarter",), size=SIZE)),
        ("out: a skeleton", render(avatar, views=("three_quarter",), size=SIZE, skeleton=True)),
        ("skin weights", render(avatar, views=("three_quarter",), size=SIZE, weights_of="*")),
        ("pose: run", render(avatar, views=("three_quarter",), size=SIZE, pose="run")),
        ("pose: squat", render(avatar, views=("three_quarter",), size=SIZE, pose="squat")),
    ]
    return small(contact_sheet(cells, columns=len(cells)))


def poses() -> bytes:
    """Return the demo body in every stress pose."""
    avatar = axis_core.rig(demo_scene(), platform="unity").scene
    return small(contact_sheet(in_all_poses("", avatar, (220, 300)), columns=4))


def sheet(files: list[Path]) -> bytes:
    """Return a contact sheet of files in every stress pose."""
    cells = [cell for path in files for cell in in_all_poses(f"{path.stem} ", axis_core.read(path), (220, 280))]
    return contact_sheet(cells, columns=len(POSES))


def in_all_poses(label: str, scene: axis_core.Scene, size: tuple[int, int]) -> list[tuple[str, View]]:
    """Return labelled views of ``scene`` in the poses that its rig has the bones for; say which it has not."""
    cells = []
    for pose in POSES:
        try:
            view = render(scene, views=("three_quarter",), size=size, pose=pose)
        except axis_core.AxisError as exc:
            sys.stdout.write(f"{label}{exc}\n")
        else:
            cells.append((f"{label}{pose}", view))
    return cells


def small(png: bytes) -> bytes:
    """Return the picture with a palette."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).quantize(COLORS, kmeans=2).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(arguments: list[str]) -> None:
    """Draw the project's own pictures, or a sheet of given files."""
    if arguments[:1] == ["sheet"]:
        Path(arguments[1]).write_bytes(sheet([Path(a) for a in arguments[2:]]))
        return
    FOLDER.mkdir(exist_ok=True)
    for name, draw in (("hero.png", hero), ("poses.png", poses)):
        (FOLDER / name).write_bytes(draw())
        sys.stdout.write(f"wrote docs/pictures/{name}, {(FOLDER / name).stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
