"""Rectangles side by side in a larger one, by the skyline: each goes where its upper edge comes to lie lowest.

References
----------
J. Jylänki, *A Thousand Ways to Pack the Bin*, 2010 (skyline, bottom left).
"""

from __future__ import annotations

from collections.abc import Sequence


__all__ = ["pack_rectangles"]

Skyline = list[tuple[int, int, int]]
"""Steps from left to right: (left edge, height so far, width)."""


def pack_rectangles(sizes: Sequence[tuple[int, int]], bounds: tuple[int, int]) -> list[tuple[int, int]] | None:
    """Return the upper left corners (x, y) of rectangles of ``sizes`` (width, height) within ``bounds``, or None.

    They do not overlap, and they are not turned. None says that this method found no room, not that there is none.

    Examples
    --------
    >>> pack_rectangles([(2, 4), (2, 2), (2, 2)], (4, 4))
    [(0, 0), (2, 0), (2, 2)]
    >>> pack_rectangles([(3, 3), (2, 2)], (4, 4)) is None
    True
    """
    skyline: Skyline = [(0, 0, bounds[0])]
    out: list[tuple[int, int]] = [(0, 0)] * len(sizes)
    for k in sorted(range(len(sizes)), key=lambda i: (-sizes[i][1], -sizes[i][0], i)):
        width, height = sizes[k]
        place = _lowest(skyline, width, height, bounds)
        if place is None:
            return None
        out[k] = place
        skyline = _raised(skyline, place[0], width, place[1] + height)
    return out


def _lowest(skyline: Skyline, width: int, height: int, bounds: tuple[int, int]) -> tuple[int, int] | None:
    best: tuple[int, int] | None = None
    for i, (left, _, _) in enumerate(skyline):
        if left + width > bounds[0]:
            break
        top, covered, j = 0, 0, i
        while covered < width:
            top = max(top, skyline[j][1])
            covered += skyline[j][2]
            j += 1
        if top + height <= bounds[1] and (best is None or (top, left) < (best[1], best[0])):
            best = (left, top)
    return best


def _raised(skyline: Skyline, left: int, width: int, top: int) -> Skyline:
    out: Skyline = []
    for start, height, length in skyline:
        end = start + length
        if end <= left or start >= left + width:
            out.append((start, height, length))
            continue
        if start < left:
            out.append((start, height, left - start))
        if end > left + width:
            out.append((left + width, height, end - left - width))
    out.append((left, top, width))
    return sorted(out)
