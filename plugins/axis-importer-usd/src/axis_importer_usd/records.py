"""The record: what the format is called and how its bytes are recognised."""

from __future__ import annotations

from importlib.util import find_spec

from axis_core.plugin import Companions, Format, Scene


__all__ = ["USD"]


def _available() -> str:
    return "" if find_spec("pxr") is not None else "Install USD: pip install 'usd-core>=25.5'."


def _sniff(head: bytes) -> bool:
    """Recognise text, crate, and a zip whose first file is a layer: what makes a package of it."""
    if head.startswith((b"#usda ", b"PXR-USDC")):
        return True
    if head[:4] != b"PK\x03\x04" or len(head) < 34:
        return False
    size = int.from_bytes(head[26:28], "little")
    return head[30 : 30 + size].lower().endswith((b".usd", b".usda", b".usdc"))


def _read(data: bytes, *, name: str, companions: Companions) -> Scene:
    from axis_importer_usd.read import read_scene

    return read_scene(data, name=name, companions=companions)


USD = Format(
    name="usd",
    suffixes=(".usdz", ".usdc", ".usda", ".usd"),
    media_types=("model/vnd.usdz+zip", "model/vnd.usd"),
    sniff=_sniff,
    read=_read,
    available=_available,
    summary="Universal Scene Description, packages included",
)
