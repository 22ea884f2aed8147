"""Contact sheets: many small pictures with labels on one page."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from axis_core.errors import InputError
from axis_core.render.view import View, encode_png


__all__ = ["contact_sheet"]

_GAP = 6
_PAPER, _INK = (255, 255, 255), (30, 30, 30)


def contact_sheet(cells: Iterable[tuple[str, View]], *, columns: int = 4, label_height: int = 22) -> bytes:
    """Return a PNG of labelled views, row by row.

    Parameters
    ----------
    cells : iterable of (label, View)
        Views may differ in size; every cell has the size of the largest.
    columns : int
        Cells in a row, at least 1.
    label_height : int
        Pixels; 0 leaves the labels out.

    Raises
    ------
    InputError
        ``invalid_request``: there is no cell, or ``columns`` is below 1.
    """
    from PIL import Image, ImageDraw, ImageFont

    pictures = [(label, Image.fromarray(view.image())) for label, view in cells]
    if not pictures or columns < 1:
        raise InputError(f"a contact sheet of {len(pictures)} cells in {columns} columns cannot be laid out")
    width = max(p.width for _, p in pictures)
    height = max(p.height for _, p in pictures) + label_height
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (width + _GAP) + _GAP, rows * (height + _GAP) + _GAP), _PAPER)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(max(label_height * 0.62, 8))
    for k, (label, picture) in enumerate(pictures):
        x, y = _GAP + (k % columns) * (width + _GAP), _GAP + (k // columns) * (height + _GAP)
        sheet.paste(picture, (x, y + label_height), picture)
        if label_height:
            pen.text((x + 4, y + label_height / 2), label, fill=_INK, font=font, anchor="lm")
    return encode_png(np.asarray(sheet))
