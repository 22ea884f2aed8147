"""What all platforms share: checks by budget and names, and files in the format that was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.formats import write_scene
from axis_core.model.artefact import Artefact
from axis_core.model.humanoid import REQUIRED_BONES, bone_names
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.mesh import Mesh
from axis_core.model.rebase import moved_mesh
from axis_core.model.scene import Node, Scene
from axis_core.model.tier import TIERS
from axis_core.plugin.kinds import Format


__all__ = [
    "GODOT_SUFFIXES",
    "axes_matrix",
    "budget_issues",
    "influence_issues",
    "name_issues",
    "required_issues",
    "write_for",
]

GODOT_SUFFIXES = re.compile(
    r"[-$_](?:noimp|col|convcol|colonly|convcolonly|loop|cycle|vcol|rigid|wheel|vehicle|navmesh|occ|occonly)$", re.I
)


def budget_issues(scene: Scene, *, tier: str, max_triangles: int, max_bones: int = 0) -> list[Issue]:
    """Return issues for more triangles than the tier or the platform allows, and for more bones."""
    limit = min(TIERS[tier].triangles if tier else max_triangles, max_triangles)
    out = []
    if scene.n_triangles > limit:
        message = f"{scene.n_triangles:,} triangles, allowed are {limit:,}"
        out.append(issue("BUDGET_TRIANGLES", message, value=scene.n_triangles, limit=limit))
    bones = max((len(s.joints) for s in scene.skins), default=0)
    if max_bones and bones > max_bones:
        out.append(issue("BUDGET_BONES", f"{bones} bones, allowed are {max_bones}", value=bones, limit=max_bones))
    return out


def influence_issues(scene: Scene, limit: int) -> list[Issue]:
    """Return issues for vertices moved by more joints than the platform takes."""
    out = []
    for m, mesh in enumerate(scene.meshes):
        if mesh.weights is None or not len(mesh.weights):
            continue
        most = int((mesh.weights > 0).sum(axis=1).max())
        if most > limit:
            message = f"{most} joints move a vertex, allowed are {limit}"
            out.append(issue("SKIN_TOO_MANY_INFLUENCES", message, pointer=f"/meshes/{m}", value=most, limit=limit))
    return out


def name_issues(scene: Scene, *, ascii_only: bool = False, godot: bool = False) -> list[Issue]:
    """Return issues for names that an engine refuses or acts on."""
    out = []
    for n, node in enumerate(scene.nodes):
        if ascii_only and not node.name.isascii():
            out.append(issue("NAME_NOT_ASCII", f"{node.name!r} is not ASCII", pointer=f"/nodes/{n}", value=node.name))
        if godot and GODOT_SUFFIXES.search(node.name):
            message = f"Godot acts on the suffix of {node.name!r}"
            out.append(issue("NAME_RESERVED", message, pointer=f"/nodes/{n}", value=node.name))
    return out


def required_issues(scene: Scene, vocabulary: str, required: Iterable[str] = REQUIRED_BONES) -> list[Issue]:
    """Return issues for required bones that are missing from a humanoid, a rig that has most of them."""
    if not scene.skins:
        return []
    names = bone_names(vocabulary)
    joints = {scene.nodes[j].name for s in scene.skins for j in s.joints}
    wanted = {bone: names[bone] for bone in required if bone in names}
    present = [bone for bone, name in wanted.items() if name in joints]
    if 4 * len(present) < 3 * len(wanted):
        return []
    return [
        issue("RIG_REQUIRED_BONE_MISSING", f"{name} ({bone}) is missing", pointer="/skins/0", value=name)
        for bone, name in wanted.items()
        if name not in joints
    ]


def axes_matrix(up: str, forward: str, handedness: str, unit_m: float) -> NDArray[np.float64]:
    """Return the (4, 4) matrix from canonical space (Y up, +Z front, right-handed, metres) to a platform's."""
    vectors = {"X": 0, "Y": 1, "Z": 2}

    def unit(axis: str) -> NDArray[np.float64]:
        out = np.zeros(3)
        out[vectors[axis[-1]]] = -1.0 if axis.startswith("-") else 1.0
        return out

    up_axis, front = unit(up), unit(forward)
    left = np.cross(up_axis, front) * (1.0 if handedness == "right" else -1.0)
    out = np.eye(4)
    out[:3, :3] = np.stack([left, up_axis, front], axis=1) / unit_m
    return out


def write_for(
    scene: Scene,
    *,
    name: str,
    format: Format,
    up: str,
    forward: str,
    handedness: str,
    unit_m: float,
) -> tuple[Artefact, ...]:
    """Return the files of ``scene``: glTF stays canonical (each importer converts), OBJ and STL get axes and unit.

    Raises
    ------
    InputError
        ``unsupported_format`` if the format cannot be written.
    """
    if format.name in ("obj", "stl"):
        matrix = axes_matrix(up, forward, handedness, unit_m)
        if not np.array_equal(matrix, np.eye(4)):
            scene = attrs.evolve(scene, meshes=_placed(scene, matrix), skins=(), animations=(), nodes=_plain(scene))
    return write_scene(scene, name=name, format=format)


def _placed(scene: Scene, matrix: NDArray[np.float64]) -> list[Mesh]:
    return [
        attrs.evolve(moved_mesh(scene.meshes[m], matrix @ scene.bind_matrix(n)), joints=None, weights=None)
        for n, m in scene.instances()
    ]


def _plain(scene: Scene) -> list[Node]:
    return [Node(name=scene.nodes[n].name, meshes=(k,)) for k, (n, _) in enumerate(scene.instances())]
