"""The records: what each format is called, how its bytes are recognised, and what must be installed."""

from __future__ import annotations

from functools import partial
from importlib.metadata import PackageNotFoundError, version

from axis_core.plugin import Companions, Format, Scene


__all__ = ["FORMATS"]

_INSTALL = "Install assimp: pip install 'cmeel-assimp>=6.0.5,<7' (no wheels for Windows)."


def _available() -> str:
    """Return why assimp cannot be used here; the layouts of its structures are those of major version 6."""
    try:
        found = version("cmeel-assimp")
    except PackageNotFoundError:
        return _INSTALL
    return "" if found.startswith("6.") else f"assimp {found} is installed, expected 6.x. {_INSTALL}"


def _read(data: bytes, *, name: str, companions: Companions, kind: str) -> Scene:
    from axis_importer_assimp.read import read_scene

    return read_scene(data, name=name, companions=companions, kind=kind)


def _is_fbx(head: bytes) -> bool:
    return head.startswith((b"Kaydara FBX Binary", b"; FBX"))


def _is_dae(head: bytes) -> bool:
    return b"<COLLADA" in head


def _is_x(head: bytes) -> bool:
    return head[:4] == b"xof " and head[8:12] in (b"txt ", b"bin ", b"tzip", b"bzip")


def _is_3ds(head: bytes) -> bool:
    """Two bytes are no signature: a main chunk must be followed by one of the chunks that open it."""
    return head[:2] == b"MM" and head[6:8] in (b"\x02\x00", b"\x3d\x3d")


FORMATS: tuple[Format, ...] = (
    Format(
        name="fbx",
        suffixes=(".fbx",),
        media_types=("model/vnd.autodesk.fbx", "application/octet-stream"),
        sniff=_is_fbx,
        read=partial(_read, kind="fbx"),
        available=_available,
        summary="Autodesk FBX 7.1 and later, binary and text",
    ),
    Format(
        name="dae",
        suffixes=(".dae",),
        media_types=("model/vnd.collada+xml",),
        sniff=_is_dae,
        read=partial(_read, kind="dae"),
        available=_available,
        summary="Collada 1.4 and 1.5",
    ),
    Format(
        name="threeds",
        suffixes=(".3ds",),
        media_types=("application/x-3ds",),
        sniff=_is_3ds,
        read=partial(_read, kind="3ds"),
        available=_available,
        summary="3D Studio",
    ),
    Format(
        name="x",
        suffixes=(".x",),
        media_types=("model/x-directx",),
        sniff=_is_x,
        read=partial(_read, kind="x"),
        available=_available,
        summary="DirectX retained mode",
    ),
)
