"""``unwrap``: texture coordinates for meshes that have none.

Charts and packing by xatlas (MIT); skins, morphs and colours are carried over the new seams.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.unwrap import unwrap_mesh
from axis_core.model.mesh import Mesh
from axis_core.plugin import Context, Outcome, Stage, one_of, option


__all__ = ["STAGE", "Options", "picked", "unwrapped"]

MOST_TRIANGLES = 200_000
"""xatlas takes about 0.4 s for 15k triangles and grows faster than linearly."""


@attrs.frozen(kw_only=True)
class Options:
    """Which meshes."""

    meshes: str = option(
        "textured",
        "unwrap meshes without UVs: never, only where the material has a texture, or always",
        validator=one_of("none", "textured", "all"),
    )


def picked(mesh: Mesh, rows: NDArray[np.int64], faces: NDArray[np.uint32]) -> Mesh:
    """Return ``mesh`` with vertices ``rows`` (repeats are welcome) and new ``faces``."""

    def take(array: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
        return None if array is None else array[rows]

    return attrs.evolve(
        mesh,
        positions=mesh.positions[rows],
        faces=faces,
        normals=take(mesh.normals),
        tangents=None,
        uvs=[uv[rows] for uv in mesh.uvs],
        colors=[c[rows] for c in mesh.colors],
        joints=None if mesh.joints is None else mesh.joints[rows],
        weights=take(mesh.weights),
        morphs=[
            attrs.evolve(m, positions=m.positions[rows], normals=take(m.normals), tangents=None) for m in mesh.morphs
        ],
        attributes={k: v[rows] for k, v in mesh.attributes.items()},
    )


def unwrapped(mesh: Mesh) -> Mesh:
    """Return ``mesh`` with one set of UVs in 0..1, cut into charts."""
    cut = unwrap_mesh(mesh.positions, mesh.faces)
    return attrs.evolve(picked(mesh, cut.rows, cut.faces), uvs=[cut.uvs])


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Unwrap the meshes that need it."""
    meshes, changes = list(state.scene.meshes), []
    for k, mesh in enumerate(meshes):
        context.step(k / len(meshes), mesh.name)
        material = None if mesh.material is None else state.scene.materials[mesh.material]
        textured = material is not None and material.base_color_texture is not None
        wanted = options.meshes == "all" or (options.meshes == "textured" and textured)
        if mesh.uvs or not wanted or not mesh.n_triangles or mesh.n_triangles > MOST_TRIANGLES:
            continue
        if not np.isfinite(mesh.positions).all():
            continue
        meshes[k] = unwrapped(mesh)
        changes.append(f"unwrapped {mesh.name or k}")
    scene = attrs.evolve(state.scene, meshes=meshes) if changes else state.scene
    return Outcome(scene=scene, changes=tuple(changes), metrics={"unwrapped": len(changes)})


STAGE = Stage(
    name="unwrap",
    summary="Texture coordinates for meshes that have none.",
    run=run,
    options=Options,
    order=70,
)
