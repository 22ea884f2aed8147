"""Compare two avatars: what is there, and how far apart the surfaces are."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.kernels.sample import sample_surface
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup


__all__ = ["compare_scenes"]

N_SAMPLES = 20_000


def compare_scenes(a: Scene, b: Scene) -> dict[str, Any]:
    """Return counts of both, names that only one has, and the two-way surface distance in metres."""
    names = {
        "joints": [{s.nodes[j].name for k in s.skins for j in k.joints} for s in (a, b)],
        "morph_targets": [{m.name for mesh in s.meshes for m in mesh.morphs} for s in (a, b)],
        "materials": [{m.name for m in s.materials} for s in (a, b)],
        "animations": [{m.name for m in s.animations} for s in (a, b)],
    }
    counts = {
        label: [getattr(a, attribute), getattr(b, attribute)]
        for label, attribute in (("vertices", "n_vertices"), ("triangles", "n_triangles"))
    }
    differing = {
        label: {"only_a": sorted(one - two), "only_b": sorted(two - one), "both": len(one & two)}
        for label, (one, two) in names.items()
    }
    textures = [[len(t.data) for t in s.textures] for s in (a, b)]
    distance = _distance(a, b)
    same = (
        not any(d["only_a"] or d["only_b"] for d in differing.values())
        and counts["triangles"][0] == counts["triangles"][1]
    )
    return {
        "counts": counts,
        "bounds": [[x.tolist() for x in scene_soup(s).bounds] for s in (a, b)],
        "texture_bytes": textures,
        "distance_m": distance,
        "same_content": same,
        **differing,
    }


def _distance(a: Scene, b: Scene) -> dict[str, float] | None:
    points = [_samples(s) for s in (a, b)]
    if any(len(p) == 0 for p in points):
        return None
    there, _ = scipy.spatial.cKDTree(points[1]).query(points[0])
    back, _ = scipy.spatial.cKDTree(points[0]).query(points[1])
    both = np.concatenate([there, back])
    return {"mean": float(both.mean()), "rms": float(np.sqrt((both**2).mean())), "max": float(both.max())}


def _samples(scene: Scene) -> NDArray[np.float64]:
    soup = scene_soup(scene)
    if not len(soup.faces) or not np.isfinite(soup.positions).all():
        return np.zeros((0, 3))
    return np.asarray(sample_surface(soup.positions, soup.faces, N_SAMPLES)[0])
