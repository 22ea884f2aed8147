"""Rules about how texture coordinates lie on the image: overlap where it harms, and texels per metre."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from axis_core.audit.rules.box_pairs import box_pairs
from axis_core.audit.rules.image_size import image_size
from axis_core.kernels.normals import face_area_vectors
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.material import Material, TextureUse
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE", "overlap_share"]

SAMPLES = 8_000
"""Random places on the chart: the share is right to about one percent."""

OVERLAP = 0.02
"""Share of the chart that may lie under another part of it."""

PALETTE_TEXELS = 2.0
"""Where half of the triangles cover fewer texels, the image is a palette: one colour a part, no picture."""

UNEVEN = 8.0
"""How many times finer one mesh's texels may be than another's (faces have two to four times a body's)."""

COARSE_PER_M = 50.0
"""Texels a metre below which a person sees squares from two metres."""


def check(subject: Subject) -> Iterator[Issue]:
    """Yield what is wrong with charts."""
    scene = subject.scene
    if scene is None:
        return
    sizes = [image_size(t) for t in scene.textures]
    densities: list[tuple[float, int]] = []
    for m, mesh in enumerate(scene.meshes):
        material = scene.materials[mesh.material] if mesh.material is not None else None
        if material is None or not mesh.n_triangles or not np.isfinite(mesh.positions).all():
            continue
        yield from _overlap(mesh, material, f"/meshes/{m}")
        density = _texels_per_m(scene, m, mesh, material, sizes)
        if density:
            densities.append((density, m))
    yield from _density(scene, densities)


def _chart(mesh: Mesh, use: TextureUse) -> NDArray[np.float64] | None:
    """(F, 3, 2) corners of the faces on the image; None without coordinates."""
    if use.uv_set >= len(mesh.uvs) or not np.isfinite(mesh.uvs[use.uv_set]).all():
        return None
    return np.asarray(mesh.uvs[use.uv_set], np.float64)[mesh.faces.astype(np.int64)]


def _overlap(mesh: Mesh, material: Material, pointer: str) -> Iterator[Issue]:
    """Colours may share a place; baked light may not."""
    if material.occlusion_texture is None:
        return
    chart = _chart(mesh, material.occlusion_texture)
    share = 0.0 if chart is None else overlap_share(chart)
    if share > OVERLAP:
        message = f"{share:.0%} of the chart of a baked image lies under another part of it"
        yield issue("UV_OVERLAP", message, pointer=pointer, value=round(share, 3), limit=OVERLAP)


def overlap_share(chart: NDArray[np.float64]) -> float:
    """Return the share of a chart, by area, that lies under another triangle of it.

    Parameters
    ----------
    chart : (F, 3, 2) float64, finite

    Returns
    -------
    float
        0 to 1, from seeded samples; 0 for a chart without area.
    """
    area = np.abs(_cross(chart[:, 1] - chart[:, 0], chart[:, 2] - chart[:, 0]))
    if not float(area.sum()) > 0.0:
        return 0.0
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(area), SAMPLES, p=area / area.sum())
    a, b = rng.random((2, SAMPLES))
    a, b = np.where(a + b > 1, 1 - a, a), np.where(a + b > 1, 1 - b, b)
    c = chart[chosen]
    places = c[:, 0] + a[:, None] * (c[:, 1] - c[:, 0]) + b[:, None] * (c[:, 2] - c[:, 0])
    rows = np.flatnonzero(area > 1e-14)
    solid = chart[rows]
    p, f = box_pairs(places, places, solid.min(axis=1), solid.max(axis=1))
    p, f = p[rows[f] != chosen[p]], f[rows[f] != chosen[p]]
    covered = np.zeros(SAMPLES, bool)
    covered[p[_inside(places[p], solid[f])]] = True
    return float(covered.mean())


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def _inside(places: NDArray[np.float64], corners: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether places lie inside their triangles, clear of the rims (0.2 % of the height)."""
    area = _cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    parts = [
        _cross(corners[:, (k + 1) % 3] - corners[:, k], places - corners[:, k]) / np.where(area == 0, 1.0, area)
        for k in range(3)
    ]
    return np.asarray((np.stack(parts) > 0.002).all(axis=0))


def _texels_per_m(scene: Scene, m: int, mesh: Mesh, material: Material, sizes: list[tuple[int, int]]) -> float:
    """Texels a metre of a mesh's colour image; 0 where there is none, or it is a palette."""
    use = material.base_color_texture
    chart = None if use is None or use.extensions else _chart(mesh, use)
    if use is None or chart is None or min(sizes[use.texture]) == 0:
        return 0.0
    texels = chart * np.asarray(sizes[use.texture], np.float64)
    covered = np.abs(_cross(texels[:, 1] - texels[:, 0], texels[:, 2] - texels[:, 0])) / 2
    if float(np.median(covered)) < PALETTE_TEXELS:
        return 0.0
    node = next((n for n, k in scene.instances() if k == m), None)
    if node is None:
        return 0.0
    points = np.asarray(scene.world_positions(m, node), np.float64)
    area = float(np.linalg.norm(face_area_vectors(points, mesh.faces.astype(np.int64)), axis=1).sum()) / 2
    return float(np.sqrt(covered.sum() / area)) if area > 0 else 0.0


def _density(scene: Scene, densities: list[tuple[float, int]]) -> Iterator[Issue]:
    if not densities:
        return
    (least, at), (most, _) = min(densities), max(densities)
    name = scene.meshes[at].name or str(at)
    if most > UNEVEN * least:
        message = f"{name} has {least:.0f} texels a metre, the finest mesh {most:.0f}"
        yield issue(
            "TEXEL_DENSITY_UNEVEN", message, pointer=f"/meshes/{at}", value=round(most / least, 1), limit=UNEVEN
        )
    if least < COARSE_PER_M:
        message = f"{name} has {least:.0f} texels a metre"
        yield issue("TEXEL_DENSITY_LOW", message, pointer=f"/meshes/{at}", value=round(least, 1), limit=COARSE_PER_M)


RULE = Rule(name="uv", codes=("UV_OVERLAP", "TEXEL_DENSITY_UNEVEN", "TEXEL_DENSITY_LOW"), check=check)
