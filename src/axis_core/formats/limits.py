"""Limits: how much a file may ask for. Every one is checked before the memory is taken."""

from __future__ import annotations

import attrs

from axis_core.errors import LimitExceeded


__all__ = ["DEFAULT_LIMITS", "Limits"]

_MIB = 1024 * 1024


@attrs.frozen(kw_only=True)
class Limits:
    """What a reader accepts. The defaults suit a library on a laptop; a service lowers them.

    Attributes
    ----------
    file_bytes : int
        Size of a file, and of an archive once unpacked.
    json_bytes : int
        Size of the JSON of a GLB; a ``.gltf`` with its data inside is bound by ``file_bytes``.
    json_depth : int
        Nesting of JSON.
    decoded_bytes : int
        Sum of the arrays that reading makes (views of the file cost nothing).
    vertices, triangles : int
        Sum over all meshes.
    nodes, node_depth, joints : int
        Nodes, their nesting, and the sum of the joints of all skins.
    objects : int
        Length of any other list: primitives, morph targets, materials, images, channels, instances of meshes.
    vertex_sets : int
        Sets of one semantic (TEXCOORD_0, TEXCOORD_1, ...).
    image_pixels : int
        Width times height of one image.
    text_lines : int
        Lines of a text format.
    polygon_corners : int
        Corners of one polygon.
    archive_entries, archive_ratio : int
        Files in an archive, and how many times larger than its packed form one may be.
    """

    file_bytes: int = 512 * _MIB
    json_bytes: int = 64 * _MIB
    json_depth: int = 64
    decoded_bytes: int = 2048 * _MIB
    vertices: int = 20_000_000
    triangles: int = 20_000_000
    nodes: int = 10_000
    node_depth: int = 256
    joints: int = 20_000
    objects: int = 50_000
    vertex_sets: int = 8
    image_pixels: int = 16_384 * 16_384
    text_lines: int = 20_000_000
    polygon_corners: int = 10_000
    archive_entries: int = 200
    archive_ratio: int = 100

    def check(self, name: str, value: int, *, pointer: str | None = None) -> None:
        """Refuse ``value`` if it passes the limit called ``name``.

        Raises
        ------
        LimitExceeded
        """
        limit: int = getattr(self, name)
        if value > limit:
            raise LimitExceeded(
                f"{name.replace('_', ' ')}: the file asks for {value:,}, the limit is {limit:,}",
                pointer=pointer,
                hint="Make it smaller: decimate, split or shrink it in the tool it comes from.",
            )


DEFAULT_LIMITS = Limits()
"""The library's own."""
