"""USDZ for AXIS: what phones and Reality Composer open."""

from __future__ import annotations

from importlib.util import find_spec

from axis_core.plugin import Artefact, Format, Scene, hookimpl


__all__ = ["USDZ", "axis_formats"]


def _write(scene: Scene, *, name: str) -> tuple[Artefact, ...]:
    from axis_exporter_usdz.write import usdz_bytes

    stem = name.removesuffix(".usdz")
    return (
        Artefact(name=f"{stem}.usdz", role="avatar", media_type="model/vnd.usdz+zip", data=usdz_bytes(scene, stem)),
    )


USDZ = Format(
    name="usdz",
    suffixes=(".usdz",),
    media_types=("model/vnd.usdz+zip",),
    sniff=lambda head: False,  # noqa: ARG005 - it only writes
    write=_write,
    available=lambda: "" if find_spec("pxr") is not None else "Install USD: pip install 'usd-core>=25.5'.",
    summary="Universal Scene Description in one package, for phones",
)


@hookimpl
def axis_formats() -> list[Format]:
    """Return usdz, for writing."""
    return [USDZ]
