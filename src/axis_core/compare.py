"""Compare two avatars: what is there, and how far apart the surfaces are."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.kernels.sample import sample_surface
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.model.tier import TIERS


__all__ = ["compare_scenes"]

N_SAMPLES = 20_000


def compare_scenes(a: Scene, b: Scene) -> dict[str, Any]:
    """Return what differs between two avatars.

    Returns
    -------
    dict
        ``counts`` and ``bounds`` of both; ``distance_m``: two-way between seeded samples of the surfaces, or None;
        ``joints``, ``morph_targets``, ``materials``, ``animations``: names that only one has; ``weights``: the share of
        all skin weight that hangs on another joint; ``texture_bytes``; ``budget``: the lightest tier that each fits.
    """
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
        "weights": _weights(a, b),
        "budget": [_tier(s) for s in (a, b)],
        "same_content": same,
        **differing,
    }


def _weights(a: Scene, b: Scene) -> dict[str, Any] | None:
    """Return the share of the weight that hangs on another joint, and the joints that changed most; None without."""
    shares = [_weight_shares(s) for s in (a, b)]
    if not all(shares):
        return None
    names = sorted(set(shares[0]) | set(shares[1]))
    change = {name: shares[1].get(name, 0.0) - shares[0].get(name, 0.0) for name in names}
    most = sorted((n for n in names if abs(change[n]) > 1e-4), key=lambda n: -abs(change[n]))[:8]
    moved = sum(abs(x) for x in change.values()) / 2
    return {"moved_share": round(moved, 6), "joints": {n: round(change[n], 6) for n in most}}


def _weight_shares(scene: Scene) -> dict[str, float]:
    """Share of all weight by the name of the joint; empty without weights."""
    owned = np.zeros(len(scene.nodes))
    for node, index in scene.instances():
        skin, mesh = scene.nodes[node].skin, scene.meshes[index]
        if skin is None or mesh.weights is None or mesh.joints is None or not mesh.n_vertices:
            continue
        joints = np.asarray(scene.skins[skin].joints, np.int64)
        rows = joints[np.minimum(np.asarray(mesh.joints, np.int64), len(joints) - 1)]
        weights = np.clip(np.nan_to_num(np.asarray(mesh.weights, np.float64), posinf=0.0, neginf=0.0), 0.0, None)
        owned += np.bincount(rows.ravel(), weights.ravel(), minlength=len(owned))
    total = float(owned.sum())
    shares: dict[str, float] = {}
    for k in np.flatnonzero(owned):
        name = scene.nodes[int(k)].name
        shares[name] = shares.get(name, 0.0) + float(owned[k]) / total
    return shares


def _tier(scene: Scene) -> str:
    """The lightest tier whose triangles it keeps; empty where it is over all."""
    return next((t.name for t in TIERS.values() if scene.n_triangles <= t.triangles), "")


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
