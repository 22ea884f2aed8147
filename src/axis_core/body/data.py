"""The body pack in memory: base mesh, rigs and targets, read once a process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.assets import pack_path, read_pack
from axis_core.body.codec import decode_arrays, decode_ids
from axis_core.body.conversion import MASKS, RIGS
from axis_core.body.pack import BODY_PACK
from axis_core.body.targets import TargetSet


__all__ = ["BodyMesh", "RigSource", "SliderPair", "load_mesh", "load_slider_pairs", "load_targets"]

METRES_PER_UNIT = 1e-5
_MASK_LEVELS = 15.0


@attrs.frozen(eq=False)
class RigSource:
    """A skeleton as the pack describes it.

    Attributes
    ----------
    names, parents : (J,) str, int
        Parents first; -1 for a root.
    heads, tails : (J,) arrays of vertex ids
        The mean of these vertices is the start and the end of the bone, in every shape.
    weights : (V, J) float32
        As in the source, not yet normalised; all 0 where the pack has none (``mixamo``).
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    heads: tuple[NDArray[np.int64], ...]
    tails: tuple[NDArray[np.int64], ...]
    weights: NDArray[np.float32]


@attrs.frozen
class SliderPair:
    """A slider as the source lists it.

    Attributes
    ----------
    group, name : str
        ``arms``, ``upperarm-fat-decr-incr``.
    sides : tuple of (side, low target, high target)
        Side is ``left``, ``right`` or ``unsided``; an empty name is no target.
    """

    group: str
    name: str
    sides: tuple[tuple[str, str, str], ...]


@attrs.frozen(eq=False)
class BodyMesh:
    """The base mesh: quads over vertices, with UVs, groups, region masks and rigs.

    Attributes
    ----------
    vertices : (V, 3) float64, metres
        Y up, facing +Z, feet not yet on the floor.
    uvs : (T, 2) float32
        (0, 0) is the upper left corner of an image.
    quads, quad_uvs : (Q, 4) int64
        Indices into ``vertices`` and ``uvs``; a triangle repeats its last corner.
    quad_groups : (Q,) uint8
        Index into ``groups``.
    groups : tuple of str
        ``body``, ``helper-tights``, ``helper-l-eye``, ...
    mirror : (V,) int64
        The vertex on the other side.
    masks : mapping of str to (512, 512) float32
        Regions of the body's UV space, 0..1.
    rigs : mapping of str to RigSource
    """

    vertices: NDArray[np.float64]
    uvs: NDArray[np.float32]
    quads: NDArray[np.int64]
    quad_uvs: NDArray[np.int64]
    quad_groups: NDArray[np.uint8]
    groups: tuple[str, ...]
    mirror: NDArray[np.int64]
    masks: Mapping[str, NDArray[np.float32]]
    rigs: Mapping[str, RigSource]

    @property
    def n_vertices(self) -> int:
        """Number of vertices, helpers included."""
        return len(self.vertices)

    def quads_of(self, *groups: str) -> NDArray[np.int64]:
        """Return the indices of the quads whose group is one of ``groups``."""
        wanted = [self.groups.index(name) for name in groups]
        return np.flatnonzero(np.isin(self.quad_groups, wanted))

    def vertices_of(self, *groups: str) -> NDArray[np.int64]:
        """Return the sorted vertices of the quads of ``groups``."""
        return np.unique(self.quads[self.quads_of(*groups)])


def load_mesh() -> BodyMesh:
    """Return the base mesh of the installed pack.

    Raises
    ------
    BackendUnavailable
        ``not_installed``: the hint names the command.
    StoreError
        If the cache is damaged.
    """
    return _mesh(pack_path(BODY_PACK, "mesh.npz.xz"))


def load_targets(kind: Literal["macro", "local", "face"]) -> TargetSet:
    """Return a set of morph targets of the installed pack; raises as :func:`load_mesh`."""
    return _targets(pack_path(BODY_PACK, f"{kind}.npz.xz"))


def load_slider_pairs() -> tuple[SliderPair, ...]:
    """Return the sliders of the installed pack as the source lists them; raises as :func:`load_mesh`."""
    return _pairs(pack_path(BODY_PACK, "local.npz.xz"))


# Keyed by path: a process that changes AXIS_CACHE_DIR sees its own pack.
@lru_cache(maxsize=4)
def _targets(path: Path) -> TargetSet:
    arrays = decode_arrays(read_pack(BODY_PACK, path.name))
    return TargetSet.from_arrays(arrays, _mesh(path.with_name("mesh.npz.xz")).n_vertices)


@lru_cache(maxsize=2)
def _pairs(path: Path) -> tuple[SliderPair, ...]:
    arrays = decode_arrays(read_pack(BODY_PACK, path.name))
    return tuple(
        SliderPair(p["group"], p["name"], tuple((s, e["low"], e["high"]) for s, e in sorted(p["sides"].items())))
        for p in json.loads(arrays["pairs"].tobytes())
    )


@lru_cache(maxsize=2)
def _mesh(path: Path) -> BodyMesh:
    arrays = decode_arrays(read_pack(BODY_PACK, path.name))
    uvs = np.asarray(arrays["uvs"], dtype=np.float32).T / np.float32(65535.0)
    n_vertices = arrays["vertices"].shape[1]
    return BodyMesh(
        vertices=np.ascontiguousarray(np.asarray(arrays["vertices"], dtype=np.float64).T * METRES_PER_UNIT),
        uvs=np.stack([uvs[:, 0], 1.0 - uvs[:, 1]], axis=1),
        quads=np.ascontiguousarray(np.asarray(arrays["quads"], dtype=np.int64).T),
        quad_uvs=np.ascontiguousarray(np.asarray(arrays["quad_uvs"], dtype=np.int64).T),
        quad_groups=np.asarray(arrays["quad_groups"], dtype=np.uint8),
        groups=tuple(json.loads(arrays["groups"].tobytes())),
        mirror=np.asarray(arrays["mirror"], dtype=np.int64),
        masks={m: np.asarray(arrays[f"mask.{m}"], dtype=np.float32) / np.float32(_MASK_LEVELS) for m in MASKS},
        rigs={rig: _rig(arrays, rig, n_vertices) for rig in RIGS},
    )


def _rig(arrays: Mapping[str, NDArray[np.generic]], rig: str, n_vertices: int) -> RigSource:
    bones = json.loads(arrays[f"rig.{rig}.bones"].tobytes())
    place = {bone["name"]: i for i, bone in enumerate(bones)}
    counts = np.asarray(arrays[f"rig.{rig}.counts"], dtype=np.int64)
    ids = decode_ids(np.asarray(arrays[f"rig.{rig}.ids"], dtype=np.uint16), counts)
    weights = np.zeros((n_vertices, len(bones)), dtype=np.float32)
    weights[ids, np.repeat(np.arange(len(bones)), counts)] = (
        np.asarray(arrays[f"rig.{rig}.weights"], dtype=np.float32) / 65535.0
    )
    return RigSource(
        names=tuple(bone["name"] for bone in bones),
        parents=tuple(place.get(bone["parent"], -1) for bone in bones),
        heads=tuple(np.array(bone["head"], dtype=np.int64) for bone in bones),
        tails=tuple(np.array(bone["tail"], dtype=np.int64) for bone in bones),
        weights=weights,
    )
