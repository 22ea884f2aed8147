"""check_format: what a file format promises."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from axis_core.errors import AxisError
from axis_core.model.artefact import Artefact
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.plugin.kinds import Format
from axis_core.testing.record_checks import check_files, check_name, require, unchanged
from axis_core.testing.scenes import capsule_person, cube, skinned_arm, textured_quad


__all__ = ["check_format"]

_TOLERANCE = 1e-3
"""Of the size: formats may quantise, half floats included."""
_FOREIGN = (b"", b"\x00" * 64, b"\xff\xfe" * 2048, b"version https://git-lfs.github.com/spec/v1\n")


def check_format(record: Format, *, scenes: Iterable[Scene] = ()) -> None:
    """Check that a format keeps the promises of ``axis_core.plugin.Format``; AssertionError says which it breaks.

    The writer is tried on tiny scenes (and on ``scenes``): same bytes every time, plain file names, the scene left as
    it was. The reader gets those files back: same triangles, same surface, and only AxisErrors for damaged bytes.
    ``sniff`` must not take foreign bytes for its own.

    Examples
    --------
    >>> from axis_core.formats.glb import GLB
    >>> check_format(GLB)
    """
    label = f"format {record.name!r}"
    check_name("format", record.name)
    require(record.suffixes, f"{label} has no suffix")
    for suffix in record.suffixes:
        good = suffix.startswith(".") and suffix == suffix.lower() and len(suffix) > 1
        require(good, f"{label}: the suffix {suffix!r} is not lower case with a leading dot")
    require(record.media_types, f"{label} has no media type")
    require(record.read or record.write, f"{label} can neither read nor write")
    require(isinstance(record.available(), str), f"{label}: available() must give a string")
    for head in _FOREIGN:
        require(record.sniff(head) is False, f"{label}: sniff takes {head[:12]!r} for its own")
    if record.available():
        return  # what it needs is not installed here: the rest cannot be tried
    for scene in (cube(), textured_quad(), skinned_arm(), capsule_person(), *scenes):
        if record.write is not None:
            files = _written(label, record, scene)
            if record.read is not None:
                _check_reading(label, record, scene, files)
    if record.read is not None and record.write is None:
        _check_damage(label, record, b"\x00" * 100, files=())


def _written(label: str, record: Format, scene: Scene) -> tuple[Artefact, ...]:
    assert record.write is not None
    write = record.write
    files = unchanged(f"{label}: write", scene, lambda: write(scene, name="tiny"))
    files = check_files(f"{label}: write", files, suffixes=record.suffixes)
    require(files[0].name.startswith("tiny"), f"{label}: the file is called {files[0].name!r}, asked for was 'tiny'")
    again = write(scene, name="tiny")
    require(files == again, f"{label}: writing {scene.name!r} twice gives different bytes")
    return files


def _check_reading(label: str, record: Format, scene: Scene, files: tuple[Artefact, ...]) -> None:
    assert record.read is not None
    beside = {file.name: file.data for file in files[1:]}
    back = record.read(files[0].data, name=files[0].name, companions=beside.get)
    require(isinstance(back, Scene), f"{label}: read gives {type(back).__name__}, expected Scene")
    n, m = scene.n_triangles, back.n_triangles
    require(n == m, f"{label}: {scene.name!r} has {n} triangles, {m} came back")
    _check_surface(label, scene, back)
    again = record.read(files[0].data, name=files[0].name, companions=beside.get)
    require(back == again, f"{label}: reading the same bytes twice gives different scenes")
    _check_damage(label, record, files[0].data, files=files)


def _check_surface(label: str, scene: Scene, back: Scene) -> None:
    ours, theirs = scene_soup(scene), scene_soup(back)
    size = float(np.ptp(ours.positions, axis=0).max())
    for corner, other in zip(ours.bounds, theirs.bounds, strict=True):
        gap = float(np.abs(corner - other).max())
        require(gap <= _TOLERANCE * size, f"{label}: {scene.name!r} came back {gap:.4g} m away (unit or axes?)")
    areas = [_area(s.positions[s.faces]) for s in (ours, theirs)]
    same = abs(areas[0] - areas[1]) <= _TOLERANCE * areas[0]
    require(same, f"{label}: {scene.name!r} has an area of {areas[0]:.5g} m², {areas[1]:.5g} came back")


def _area(corners: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return float(np.linalg.norm(normals, axis=1).sum() / 2)


def _check_damage(label: str, record: Format, data: bytes, files: tuple[Artefact, ...]) -> None:
    """Check that damaged bytes give a Scene or an AxisError, never another exception."""
    assert record.read is not None
    beside = {file.name: file.data for file in files[1:]}
    flipped = bytearray(data)
    for k in range(0, len(flipped), max(len(flipped) // 7, 1)):
        flipped[k] ^= 0xFF
    for damaged in (b"", data[: len(data) // 2], data[:-1], bytes(flipped), b"\x00" * len(data)):
        try:
            record.read(damaged, name=f"damaged{record.suffixes[0]}", companions=beside.get)
        except AxisError:
            continue
        except Exception as exc:
            raise AssertionError(
                f"{label}: damaged bytes raise {type(exc).__name__}: {exc}; expected an InputError"
            ) from exc
