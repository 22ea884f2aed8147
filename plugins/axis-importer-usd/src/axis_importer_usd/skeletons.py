"""UsdSkel: skeletons as nodes and skins, their animation as clips."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdSkel

from axis_core.plugin import Animation, Channel, Node, Skin, decompose_matrix


__all__ = ["Rig", "binding_targets", "read_clip", "read_rig", "to_array"]

MAX_SAMPLES = 100_000


@attrs.define
class Rig:
    """One skeleton.

    Attributes
    ----------
    first : int
        Number of the node of its first joint; the node of the skeleton itself stands before.
    names : dict
        Joint path (``hips/spine``) -> joint number.
    space : (4, 4)
        Skeleton space to world, without scale.
    scale : float
        Metres in a unit of skeleton space.
    """

    query: Any
    first: int
    names: dict[str, int]
    space: NDArray[np.float64]
    scale: float
    nodes: list[Node]
    skin: Skin


def to_array(matrix: Any) -> NDArray[np.float64]:
    """Return a Gf matrix, which multiplies rows, as one that multiplies columns."""
    return np.array(matrix, np.float64).reshape(4, 4).T


def scaled(matrix: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """Return a transform with its translation in another unit."""
    out = matrix.copy()
    out[:3, 3] *= factor
    return out


def read_rig(query: Any, world: NDArray[np.float64], first: int) -> Rig:
    """Return the nodes and the skin of a UsdSkelSkeletonQuery.

    Parameters
    ----------
    world : (4, 4)
        Skeleton space to canonical space.
    first : int
        Number of the next node.
    """
    skeleton = query.GetSkeleton()
    topology = query.GetTopology()
    paths = [str(t) for t in query.GetJointOrder()]
    parents = [int(topology.GetParent(j)) for j in range(len(paths))]
    translation, rotation, scale = decompose_matrix(world)
    factor = float(np.cbrt(max(abs(float(np.prod(scale))), 1e-30)))
    bind = _transforms(skeleton.GetBindTransformsAttr().Get(), len(paths))
    rest = _transforms(skeleton.GetRestTransformsAttr().Get(), len(paths))
    if bind is None and rest is not None:
        bind = _chained(rest, parents)
    if bind is None:
        bind = np.broadcast_to(np.eye(4), (len(paths), 4, 4)).copy()
    if rest is None:
        rest = np.stack([b if p < 0 else np.linalg.pinv(bind[p]) @ b for b, p in zip(bind, parents)])
    nodes = [Node(name=skeleton.GetPrim().GetName(), translation=translation, rotation=rotation)]
    for path, parent, local in zip(paths, parents, rest, strict=True):
        move, turn, size = decompose_matrix(scaled(local, factor))
        nodes.append(
            Node(
                name=path.rpartition("/")[2],
                parent=first if parent < 0 else first + 1 + parent,
                translation=move,
                rotation=turn,
                scale=size,
            )
        )
    inverse = np.stack([np.linalg.pinv(scaled(b, factor)) for b in bind]) if paths else np.zeros((0, 4, 4))
    inverse[:, 3] = (0.0, 0.0, 0.0, 1.0)
    joints = range(first + 1, first + 1 + len(paths))
    rigid = world.copy()
    rigid[:3, :3] /= factor
    return Rig(
        query=query,
        first=first + 1,
        names={path: j for j, path in enumerate(paths)},
        space=rigid,
        scale=factor,
        nodes=nodes,
        skin=Skin(name=skeleton.GetPrim().GetName(), joints=joints, inverse_bind=inverse),
    )


def _transforms(values: Any, count: int) -> NDArray[np.float64] | None:
    if values is None or len(values) != count or not count:
        return None
    out = np.array(values, np.float64).reshape(-1, 4, 4).swapaxes(1, 2)
    return out if np.isfinite(out).all() else None


def _chained(local: NDArray[np.float64], parents: list[int]) -> NDArray[np.float64]:
    out = local.copy()
    for j, parent in enumerate(parents):
        if 0 <= parent < j:
            out[j] = out[parent] @ local[j]
    return out


def read_clip(rig: Rig, stage: Usd.Stage, shapes: dict[str, list[tuple[int, int, int]]]) -> Animation | None:
    """Return the skeleton's animation, None where nothing moves.

    Parameters
    ----------
    shapes : mapping of blend shape name to list of (node, shape number, number of shapes)
        Of the meshes that this skeleton moves.
    """
    query = rig.query.GetAnimQuery()
    if not query:
        return None
    rate = stage.GetTimeCodesPerSecond() or 24.0
    channels = [*_joint_channels(rig, query, rate), *_shape_channels(query, rate, shapes)]
    return Animation(name=query.GetPrim().GetName(), channels=channels) if channels else None


def _seconds(codes: list[float], rate: float) -> NDArray[np.float64]:
    return (np.array(codes) - codes[0]) / rate


def _joint_channels(rig: Rig, query: Any, rate: float) -> list[Channel]:
    codes = list(query.GetJointTransformTimeSamples() or ())[:MAX_SAMPLES]
    if len(codes) < 2:
        return []
    poses = []
    for code in codes:
        local = _transforms(rig.query.ComputeJointLocalTransforms(code), len(rig.names))
        if local is None:
            return []
        poses.append([decompose_matrix(scaled(m, rig.scale)) for m in local])
    times = _seconds(codes, rate)
    out = []
    for j in range(len(rig.names)):
        node = rig.nodes[1 + j]
        for k, path in enumerate(("translation", "rotation", "scale")):
            values = np.array([pose[j][k] for pose in poses])
            if path == "rotation":
                values = _continuous(values)
            rest = getattr(node, path)
            still = np.abs(np.abs(values @ rest) - 1).max() < 1e-6 if path == "rotation" else np.allclose(values, rest)
            if not still:
                out.append(Channel(node=rig.first + j, path=path, times=times, values=values))
    return out


def _continuous(q: NDArray[np.float64]) -> NDArray[np.float64]:
    signs = np.sign((q[1:] * q[:-1]).sum(axis=1))
    return np.asarray(q * np.concatenate([[1.0], np.cumprod(np.where(signs == 0, 1.0, signs))])[:, None])


def _shape_channels(query: Any, rate: float, shapes: dict[str, list[tuple[int, int, int]]]) -> list[Channel]:
    codes = list(query.GetBlendShapeWeightTimeSamples() or ())[:MAX_SAMPLES]
    order = [str(name) for name in query.GetBlendShapeOrder() or ()]
    if len(codes) < 2 or not order:
        return []
    weights = np.array([list(query.ComputeBlendShapeWeights(c)) for c in codes], np.float64).reshape(len(codes), -1)
    tables: dict[int, NDArray[np.float64]] = {}
    for column, name in zip(weights.T, order):
        for node, number, count in shapes.get(name, ()):
            tables.setdefault(node, np.zeros((len(codes), count)))[:, number] = column
    times = _seconds(codes, rate)
    return [Channel(node=n, path="weights", times=times, values=v) for n, v in tables.items() if v.any()]


def binding_targets(cache: UsdSkel.Cache, root: UsdSkel.Root) -> list[tuple[Any, list[Any]]]:
    """Return (skeleton, skinning queries) of a SkelRoot."""
    predicate = Usd.TraverseInstanceProxies()
    cache.Populate(root, predicate)
    return [
        (binding.GetSkeleton(), list(binding.GetSkinningTargets()))
        for binding in cache.ComputeSkelBindings(root, predicate)
    ]
