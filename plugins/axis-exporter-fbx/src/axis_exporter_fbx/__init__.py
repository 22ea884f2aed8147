"""Binary FBX 7.4 for AXIS, for those who must."""

from __future__ import annotations

from axis_core.plugin import Artefact, Format, Scene, hookimpl


__all__ = ["FBX", "axis_formats"]


def _write(scene: Scene, *, name: str) -> tuple[Artefact, ...]:
    from axis_exporter_fbx.document import fbx_bytes

    stem = name.removesuffix(".fbx")
    return (Artefact(name=f"{stem}.fbx", role="avatar", media_type="application/octet-stream", data=fbx_bytes(scene)),)


FBX = Format(
    name="fbx",
    suffixes=(".fbx",),
    media_types=("application/octet-stream",),
    sniff=lambda head: False,  # noqa: ARG005 - it only writes
    write=_write,
    summary="Binary FBX 7.4: mesh, skin, blend shapes, materials, textures, clips",
)


@hookimpl
def axis_formats() -> list[Format]:
    """Return fbx, for writing."""
    return [FBX]
