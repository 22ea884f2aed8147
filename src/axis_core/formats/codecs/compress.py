"""The door of the room: a scene or a GLB in, a smaller GLB out, with what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from axis_core.errors import InputError
from axis_core.formats.codecs.draco_file import DracoOptions, pack_draco
from axis_core.formats.codecs.meshopt_file import MeshoptOptions, pack_meshopt
from axis_core.formats.codecs.textures import Recoded, recode_textures
from axis_core.formats.door import write_scene
from axis_core.formats.gltf.container import MAGIC, join_glb
from axis_core.formats.gltf.document import Document, open_document
from axis_core.model.artefact import Artefact
from axis_core.model.contract import canonical_json
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Format


__all__ = ["SCHEMES", "Compressed", "compress_glb", "write_compressed"]

SCHEMES = ("meshopt", "draco")


@attrs.frozen(kw_only=True)
class Compressed:
    """A smaller file and what it cost.

    Attributes
    ----------
    bytes_before : int
        Of the same file without compression.
    position_error_m : float
        The largest distance that a vertex may have moved, metres; 0 where positions are as they were.
    textures : tuple of Recoded
        Those in another encoding.
    """

    data: bytes = attrs.field(repr=False)
    bytes_before: int
    position_error_m: float = 0.0
    textures: tuple[Recoded, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for printing."""
        return {
            "bytes_before": self.bytes_before,
            "bytes": len(self.data),
            "position_error_m": float(f"{self.position_error_m:.3g}"),
            "textures": [attrs.asdict(t) for t in self.textures],
        }


def compress_glb(data: bytes, scheme: str) -> Compressed:
    """Return a GLB as our writer makes them (indexed triangles) compressed.

    Parameters
    ----------
    scheme : str
        ``meshopt`` (EXT_meshopt_compression with quantised attributes; fast to unpack, clips and morphs included) or
        ``draco`` (KHR_draco_mesh_compression: the smallest geometry; morph targets and clips stay as they are).

    Raises
    ------
    InputError
        ``invalid_request``: an unknown scheme, or no GLB.
    BackendUnavailable
        ``not_installed``: the codec; the hint names it.
    """
    if scheme not in SCHEMES:
        raise InputError(f"compression {scheme!r} is not known", hint=f"Known: {', '.join(SCHEMES)}.")
    if data[:4] != MAGIC:
        raise InputError("only GLB files are compressed", hint="Write to a name that ends in .glb.")
    document = open_document(data)
    if scheme == "meshopt":
        root, binary = pack_meshopt(document, MeshoptOptions())
        bits = MeshoptOptions().position_bits
    else:
        root, binary = pack_draco(document, DracoOptions())
        bits = DracoOptions().position_bits
    packed = join_glb(canonical_json(root), binary)
    return Compressed(data=packed, bytes_before=len(data), position_error_m=_position_error(document, bits))


def _position_error(document: Document, bits: int) -> float:
    """Return half the diagonal of a step of the grid, of the extent of all meshes; a node's scale is not counted."""
    accessors = document.items("accessors")
    used = [p["attributes"]["POSITION"] for m in document.items("meshes") for p in m["primitives"]]
    if not used:
        return 0.0
    low = np.min([accessors[i]["min"] for i in used], axis=0)
    high = np.max([accessors[i]["max"] for i in used], axis=0)
    return float((high - low).max() / ((1 << bits) - 1) * np.sqrt(3.0) / 2)


def write_compressed(
    scene: Scene,
    *,
    name: str,
    format: Format,
    compress: str = "",
    textures: str = "",
    asset_extras: Mapping[str, Any] | None = None,
) -> tuple[tuple[Artefact, ...], Compressed]:
    """Return ``scene`` as files, its textures in another encoding and its geometry compressed, and what that cost.

    Parameters
    ----------
    compress : str
        ``meshopt``, ``draco`` or nothing.
    textures : str
        ``webp`` or nothing.

    Raises
    ------
    InputError
        ``invalid_request``: an unknown name, or a format that is not GLB; else as ``write_scene``.
    BackendUnavailable
        ``not_installed``.
    """
    if format.name != "glb":
        raise InputError(f"{format.name} files are not compressed", hint="Write to a name that ends in .glb.")
    before = write_scene(scene, name=name, format=format, asset_extras=asset_extras)[0]
    recoded: tuple[Recoded, ...] = ()
    if textures:
        scene, recoded = recode_textures(scene, textures)
    first, *others = write_scene(scene, name=name, format=format, asset_extras=asset_extras)
    done = compress_glb(first.data, compress) if compress else Compressed(data=first.data, bytes_before=0)
    done = attrs.evolve(done, bytes_before=len(before.data), textures=recoded)
    return (attrs.evolve(first, data=done.data), *others), done
