"""``decimate``: fewer triangles, same shape, seams, weights and morphs.

Quadric error metrics over the whole avatar at once (Garland and Heckbert 1997), so that the budget goes where the shape
needs it; see ``axis_core.kernels.decimate``.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.decimate import DecimatedMesh, VertexAttributes, decimate_mesh
from axis_core.kernels.lod_chain import lod_chain
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.model.tier import TIERS
from axis_core.plugin import Context, Outcome, Stage, between, option


__all__ = ["STAGE", "Options", "decimate_scene", "decimated_scenes"]

FACE_IMPORTANCE = 3.0
"""How much dearer it is to collapse an edge that a morph target moves: faces keep their blink."""


@attrs.frozen(kw_only=True)
class Options:
    """How far to go."""

    triangles: int | None = option(
        None, "triangles of the whole avatar; none: the tier's", validator=between(4, 5_000_000)
    )
    max_error_m: float | None = option(
        None, "stop before the surface moves farther", validator=between(0, 10), unit="metres"
    )


@attrs.frozen
class _Joined:
    """The meshes of a scene in one set of arrays."""

    positions: NDArray[np.float64]
    faces: NDArray[np.int64]
    groups: NDArray[np.int64]
    starts: NDArray[np.int64]
    matrices: tuple[NDArray[np.float64], ...]
    attributes: VertexAttributes
    importance: NDArray[np.float64] | None


def decimate_scene(scene: Scene, triangles: int | None, *, max_error_m: float | None = None) -> Scene:
    """Return ``scene`` with at most ``triangles`` triangles in all, never more than it has.

    Raises
    ------
    InputError
        If neither a number of triangles nor an error is given.
    """
    if max_error_m is None and triangles is not None and scene.n_triangles <= triangles:
        return scene
    joined = _join(scene)
    result = decimate_mesh(
        joined.positions,
        joined.faces,
        triangles,
        max_error=max_error_m,
        attributes=joined.attributes,
        face_groups=joined.groups,
        importance=joined.importance,
    )
    return _parted(scene, joined, result)


def decimated_scenes(scene: Scene, targets: list[int]) -> tuple[Scene, ...]:
    """Return one scene a target, from one pass; targets descend."""
    joined = _join(scene)
    results = lod_chain(
        joined.positions,
        joined.faces,
        targets,
        attributes=joined.attributes,
        face_groups=joined.groups,
        importance=joined.importance,
    )
    return tuple(_parted(scene, joined, result) for result in results)


def _join(scene: Scene) -> _Joined:
    place = {m: n for n, m in scene.instances()}
    matrices = tuple(scene.bind_matrix(place[i]) if i in place else np.eye(4) for i in range(len(scene.meshes)))
    counts = [m.n_vertices for m in scene.meshes]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    positions = [
        np.asarray(m.positions, np.float64) @ a[:3, :3].T + a[:3, 3]
        for m, a in zip(scene.meshes, matrices, strict=True)
    ]
    faces = [m.faces.astype(np.int64) + start for m, start in zip(scene.meshes, starts[:-1], strict=True)]
    groups = np.repeat(np.arange(len(faces)), [len(f) for f in faces])
    moved = [_moved_by_morphs(m) for m in scene.meshes]
    importance = 1.0 + (FACE_IMPORTANCE - 1.0) * np.concatenate(moved) if any(m.any() for m in moved) else None
    return _Joined(
        positions=np.concatenate(positions),
        faces=np.concatenate(faces),
        groups=groups,
        starts=starts,
        matrices=matrices,
        attributes=_guides(scene, matrices),
        importance=importance,
    )


def _moved_by_morphs(mesh: Mesh) -> NDArray[np.float64]:
    out = np.zeros(mesh.n_vertices)
    for morph in mesh.morphs:
        out = np.maximum(out, np.linalg.norm(morph.positions, axis=1))
    top = out.max(initial=0.0)
    return np.asarray(np.minimum(out / (0.25 * top), 1.0) if top > 0 else out)


def _guides(scene: Scene, matrices: tuple[NDArray[np.float64], ...]) -> VertexAttributes:
    """The attributes that decide where a collapse may go; the rest is carried along by the source map."""
    normals = None
    if all(m.normals is not None for m in scene.meshes):
        normals = np.concatenate(
            [np.asarray(m.normals, np.float64) @ a[:3, :3].T for m, a in zip(scene.meshes, matrices, strict=True)]
        )
    n_sets = max((len(m.uvs) for m in scene.meshes), default=0)
    uvs = tuple(
        np.concatenate([m.uvs[k] if k < len(m.uvs) else np.zeros((m.n_vertices, 2), np.float32) for m in scene.meshes])
        for k in range(n_sets)
    )
    joints, weights = _shared_joints(scene)
    return VertexAttributes(normals=normals, uvs=uvs, joints=joints, weights=weights)


def _shared_joints(scene: Scene) -> tuple[NDArray[np.int64] | None, NDArray[np.float64] | None]:
    """Return all meshes' skins as influences of nodes, so that meshes of different skins speak of the same joints."""
    if not any(m.is_skinned for m in scene.meshes):
        return None, None
    skin_of = {m: scene.nodes[n].skin for n, m in scene.instances()}
    width = max(m.joints.shape[1] for m in scene.meshes if m.joints is not None)
    joints, weights = [], []
    for k, mesh in enumerate(scene.meshes):
        index, amount = np.zeros((mesh.n_vertices, width), np.int64), np.zeros((mesh.n_vertices, width))
        skin = skin_of.get(k)
        if mesh.joints is not None and mesh.weights is not None and skin is not None:
            nodes = np.asarray(scene.skins[skin].joints, np.int64)
            used = mesh.joints.shape[1]
            index[:, :used] = nodes[np.minimum(mesh.joints, len(nodes) - 1)]
            amount[:, :used] = mesh.weights
        joints.append(index)
        weights.append(amount)
    return np.concatenate(joints), np.concatenate(weights)


def _parted(scene: Scene, joined: _Joined, result: DecimatedMesh) -> Scene:
    first = result.source_vertices[:, 0]
    owner = np.searchsorted(joined.starts, first, side="right") - 1
    present = set(np.unique(np.asarray(result.face_groups)).tolist())
    kept = [i for i in range(len(scene.meshes)) if i in present]
    index = {old: new for new, old in enumerate(kept)}
    meshes = [_part(scene.meshes[i], joined, result, i, np.flatnonzero(owner == i)) for i in kept]
    nodes = [attrs.evolve(n, meshes=[index[m] for m in n.meshes if m in index]) for n in scene.nodes]
    return attrs.evolve(scene, meshes=meshes, nodes=nodes)


def _part(mesh: Mesh, joined: _Joined, result: DecimatedMesh, part: int, rows: NDArray[np.int64]) -> Mesh:
    faces = result.faces[result.face_groups == part]
    renumber = np.full(len(result.positions), -1, np.int64)
    renumber[rows] = np.arange(len(rows))
    back = np.linalg.inv(joined.matrices[part])
    start = joined.starts[part]
    source = result.source_vertices[rows] - start
    amount = result.source_weights[rows]

    def carried(values: NDArray[np.float32]) -> NDArray[np.float64]:
        picked = np.asarray(values, np.float64)[source]
        return np.asarray((picked * amount.reshape(amount.shape + (1,) * (picked.ndim - 2))).sum(axis=1))

    attributes = result.attributes
    normals = None
    if mesh.normals is not None:
        raw = carried(mesh.normals)
        if attributes.normals is not None:
            raw = np.asarray(attributes.normals, np.float64)[rows] @ back[:3, :3].T
        normals = _unit(raw)
    joints = weights = None
    if mesh.joints is not None and mesh.weights is not None:
        joints, weights = _carried_skin(mesh.joints, mesh.weights, source, amount)
    return attrs.evolve(
        mesh,
        positions=result.positions[rows] @ back[:3, :3].T + back[:3, 3],
        faces=renumber[faces],
        normals=normals,
        tangents=None if mesh.tangents is None else _carried_tangents(carried(mesh.tangents), mesh.tangents, source),
        uvs=[np.asarray(uv)[rows] for uv in attributes.uvs[: len(mesh.uvs)]],
        colors=[carried(c) for c in mesh.colors],
        joints=joints,
        weights=weights,
        morphs=[
            attrs.evolve(
                m,
                positions=carried(m.positions),
                normals=None if m.normals is None else carried(m.normals),
                tangents=None if m.tangents is None else carried(m.tangents),
            )
            for m in mesh.morphs
        ],
        attributes={k: carried(v) for k, v in mesh.attributes.items()},
    )


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1e-12, vectors / np.maximum(length, 1e-12), np.array([0.0, 1.0, 0.0])))


def _carried_tangents(
    blended: NDArray[np.float64], tangents: NDArray[np.float32], source: NDArray[np.int64]
) -> NDArray[np.float64]:
    out = blended.copy()
    out[:, :3] = _unit(blended[:, :3])
    out[:, 3] = tangents[source[:, 0], 3]
    return out


def _carried_skin(
    joints: NDArray[np.uint16], weights: NDArray[np.float32], source: NDArray[np.int64], amount: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the blended joints and weights of the collapsed vertices, as many influences as the input has."""
    width = joints.shape[1]
    all_joints = joints[source].reshape(len(source), -1).astype(np.int64)
    all_weights = (np.asarray(weights, np.float64)[source] * amount[:, :, None]).reshape(len(source), -1)
    order = np.argsort(all_joints, axis=1, kind="stable")
    j = np.take_along_axis(all_joints, order, axis=1)
    w = np.take_along_axis(all_weights, order, axis=1)
    for k in range(1, j.shape[1]):  # sums of equal joints gather in the last of each run
        same = j[:, k] == j[:, k - 1]
        w[:, k] += np.where(same, w[:, k - 1], 0.0)
        w[:, k - 1] = np.where(same, 0.0, w[:, k - 1])
    best = np.argsort(-w, axis=1, kind="stable")[:, :width]
    w = np.take_along_axis(w, best, axis=1)
    total = w.sum(axis=1, keepdims=True)
    w = w / np.where(total > 0, total, 1.0)
    return np.where(w > 0, np.take_along_axis(j, best, axis=1), 0), w


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Bring the scene under the tier's number of triangles."""
    before = state.scene.n_triangles
    target = options.triangles
    if target is None and options.max_error_m is None:
        target = tier_triangles(context)
    context.step(0.05, f"{before:,} triangles")
    scene = decimate_scene(state.scene, target, max_error_m=options.max_error_m)
    after = scene.n_triangles
    changes = (f"{before} to {after} triangles",) if after != before else ()
    return Outcome(scene=scene, changes=changes, metrics={"triangles_before": before, "triangles_after": after})


def tier_triangles(context: Context) -> int:
    """Return the triangles that the tier allows on the platform."""
    limit = TIERS[context.tier].triangles
    if context.platform:
        platform = context.host.platform(context.platform)
        limit = min(limit, platform.budgets.get(context.tier, limit), platform.max_triangles)
    return limit


STAGE = Stage(
    name="decimate",
    summary="Fewer triangles: the tier's number, with seams, weights and morphs carried.",
    run=run,
    options=Options,
    order=60,
)
