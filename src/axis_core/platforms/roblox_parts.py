"""The fifteen bodies of R15: one closed mesh a part with Roblox's names, attachments placed by rule.

What cannot be made here: ``<Part>_OuterCage`` meshes (they are copies of Roblox's own templates) and faces (they are
poses of face joints that a rig out of a mesh does not have).

References
----------
.. Roblox, "Character body specifications" and "Attachments", creator documentation, 2026.
"""

from __future__ import annotations

import io
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from axis_core.errors import CannotFit
from axis_core.formats.colour import srgb_from_linear
from axis_core.model.humanoid import ROBLOX_ATTACHMENTS, ROBLOX_PARTS
from axis_core.model.material import Material, Texture, TextureUse
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Node, Scene
from axis_core.model.skin import Skin
from axis_core.platforms.part_cutting import border_loops, face_labels, fan_caps, welded_ids
from axis_core.platforms.part_manifold import crowded_edges, parted_sheets


__all__ = ["PART_BUDGETS", "Body", "all_parts", "joined_body", "part_faces", "split_parts", "why_not_cut"]

PART_BUDGETS: dict[tuple[str, ...], int] = {
    ("Head",): 4000,
    ("UpperTorso", "LowerTorso"): 1750,
    ("LeftUpperArm", "LeftLowerArm", "LeftHand"): 1248,
    ("RightUpperArm", "RightLowerArm", "RightHand"): 1248,
    ("LeftUpperLeg", "LeftLowerLeg", "LeftFoot"): 1248,
    ("RightUpperLeg", "RightLowerLeg", "RightFoot"): 1248,
}
"""Triangles that the parts of a group have together."""

_ATTACHED: dict[str, tuple[float, float, float]] = {
    # Where in the part's box: -1 to 1 along x (left is +), y and z (front is +).
    "FaceCenter": (0, 0, 0),
    "FaceFront": (0, 0, 1),
    "Hat": (0, 1, 0),
    "Hair": (0, 1, 0),
    "LeftCollar": (0.5, 1, 0),
    "RightCollar": (-0.5, 1, 0),
    "Neck": (0, 1, 0),
    "BodyBack": (0, 0, -1),
    "BodyFront": (0, 0, 1),
    "WaistFront": (0, 0, 1),
    "WaistBack": (0, 0, -1),
    "WaistCenter": (0, 0, 0),
}
_GRIP = (np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5))
"""90 degrees about x."""


@attrs.frozen(kw_only=True)
class Body:
    """All meshes of a character as one, in world space.

    Attributes
    ----------
    joints : (V, K) uint16
        Into ``names``.
    names : tuple of str
        The joints.
    nodes : tuple of int
        Their nodes.
    """

    positions: NDArray[np.float32]
    normals: NDArray[np.float32] | None
    uvs: NDArray[np.float32]
    joints: NDArray[np.uint16]
    weights: NDArray[np.float32]
    faces: NDArray[np.uint32]
    names: tuple[str, ...]
    nodes: tuple[int, ...]


def joined_body(scene: Scene, uvs_of: dict[int, NDArray[np.float32]] | None = None) -> Body:
    """Return the meshes of ``scene`` as one; what hangs on a joint without a skin moves with that joint.

    Parameters
    ----------
    uvs_of : mapping of mesh number to (V, 2), optional
        In place of the first UV set.
    """
    nodes = tuple(dict.fromkeys(j for s in scene.skins for j in s.joints))
    place = {n: i for i, n in enumerate(nodes)}
    columns: dict[str, list[NDArray[Any]]] = {k: [] for k in ("p", "n", "u", "j", "w", "f")}
    n_vertices, smooth = 0, True
    for n, m in scene.instances():
        mesh, matrix = scene.meshes[m], scene.bind_matrix(n)
        joints, weights = _influences(scene, n, mesh, place)
        columns["p"].append(scene.world_positions(m, n))
        smooth = smooth and mesh.normals is not None
        raw = np.zeros_like(mesh.positions) if mesh.normals is None else mesh.normals
        columns["n"].append(raw @ np.linalg.pinv(matrix[:3, :3]))
        own = mesh.uvs[0] if mesh.uvs else np.zeros((mesh.n_vertices, 2), np.float32)
        columns["u"].append((uvs_of or {}).get(m, own))
        columns["j"].append(joints)
        columns["w"].append(weights)
        columns["f"].append(mesh.faces.astype(np.int64) + n_vertices)
        n_vertices += mesh.n_vertices
    normals = np.vstack(columns["n"])
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return Body(
        positions=np.vstack(columns["p"]).astype(np.float32),
        normals=(normals / np.where(length > 1e-12, length, 1.0)).astype(np.float32) if smooth else None,
        uvs=np.vstack(columns["u"]).astype(np.float32),
        joints=np.vstack(columns["j"]).astype(np.uint16),
        weights=np.vstack(columns["w"]).astype(np.float32),
        faces=np.vstack(columns["f"]).astype(np.uint32),
        names=tuple(scene.nodes[n].name for n in nodes),
        nodes=nodes,
    )


def _influences(
    scene: Scene, node: int, mesh: Mesh, place: dict[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return four joints and weights a vertex, the largest first."""
    skin = scene.nodes[node].skin
    if skin is None or mesh.joints is None or mesh.weights is None:
        up: int | None = node
        while up is not None and up not in place:
            up = scene.nodes[up].parent
        joints = np.full((mesh.n_vertices, 4), 0 if up is None else place[up])
        weights = np.zeros((mesh.n_vertices, 4))
        weights[:, 0] = 1.0
        return np.where(weights > 0, joints, 0).astype(np.float64), weights
    table = np.array([place[j] for j in scene.skins[skin].joints])
    order = np.argsort(-mesh.weights, axis=1, kind="stable")[:, :4]
    weights = np.take_along_axis(mesh.weights, order, axis=1).astype(np.float64)
    joints = table[np.take_along_axis(mesh.joints, order, axis=1)]
    total = weights.sum(axis=1, keepdims=True)
    return joints.astype(np.float64), weights / np.where(total > 0, total, 1.0)


def part_faces(body: Body) -> dict[str, NDArray[np.intp]]:
    """Return part -> its faces, by the joints that move them most; parts without faces are left out."""
    number = {name: i for i, name in enumerate(ROBLOX_PARTS)}
    labels = np.array([number.get(name, -1) for name in body.names], np.int64)
    found = face_labels(body.faces, body.joints, body.weights, labels)
    return {name: np.flatnonzero(found == i) for name, i in number.items() if (found == i).any()}


def why_not_cut(scene: Scene) -> str:
    """Return why ``split_parts`` would refuse, or nothing."""
    try:
        _, _, uvs = _one_material(scene)
        all_parts(joined_body(scene, uvs))
    except CannotFit as exc:
        return exc.message
    return ""


def all_parts(body: Body) -> dict[str, NDArray[np.intp]]:
    """Return the faces of each of the fifteen parts.

    Raises
    ------
    CannotFit
        A part has no faces.
    """
    parts = part_faces(body)
    missing = [p for p in ROBLOX_PARTS if p not in parts]
    if missing:
        raise CannotFit(
            f"{len(missing)} of the 15 parts have no surface: {', '.join(missing)}",
            hint="The rig must be R15 and move the whole body; see `axis rig --platform roblox`.",
        )
    return parts


def split_parts(scene: Scene) -> Scene:
    """Return a scene of fifteen closed, skinned meshes ``<Part>_Geo`` with one material, and their attachments.

    Morph targets and clips are left out: Roblox has none on bodies.

    Raises
    ------
    CannotFit
        ``cannot_fit``: a part has no faces, or the scene has no R15 joints.
    """
    material, textures, uvs = _one_material(scene)
    body = joined_body(scene, uvs)
    parts = all_parts(body)
    joint_nodes, index = _joint_nodes(scene, body.nodes)
    world = scene.world_matrices()
    inverse = np.stack([np.linalg.inv(world[n]) for n in body.nodes])
    skin = Skin(name="R15", joints=[index[n] for n in body.nodes], inverse_bind=inverse)
    meshes: list[Mesh] = []
    nodes = list(joint_nodes)
    for part in ROBLOX_PARTS:
        mesh = attrs.evolve(_closed_part(body, parts[part]), name=f"{part}_Geo", material=0)
        owner = len(nodes)
        nodes.append(Node(name=f"{part}_Geo", meshes=(len(meshes),), skin=0))
        nodes += [attrs.evolve(a, parent=owner) for a in _attachments(part, mesh)]
        meshes.append(mesh)
    return attrs.evolve(
        scene,
        nodes=nodes,
        meshes=meshes,
        skins=(skin,),
        materials=(material,),
        textures=textures,
        animations=(),
        cameras=(),
        extensions={},
    )


def _joint_nodes(scene: Scene, joints: tuple[int, ...]) -> tuple[list[Node], dict[int, int]]:
    """Return the joints and all above them as nodes without meshes."""
    kept = set(joints)
    for n in joints:
        up = scene.nodes[n].parent
        while up is not None:
            kept.add(up)
            up = scene.nodes[up].parent
    order = [n for n in scene.order() if n in kept]
    index = {n: i for i, n in enumerate(order)}
    nodes = []
    for n in order:
        parent = scene.nodes[n].parent
        up_index = None if parent is None else index[parent]
        nodes.append(attrs.evolve(scene.nodes[n], parent=up_index, meshes=(), skin=None, camera=None))
    return nodes, index


def _closed_part(body: Body, members: NDArray[np.intp]) -> Mesh:
    """Return the faces of one part with caps over its border; caps have vertices of their own, for a sharp edge."""
    body, faces = _apart(body, members)
    ids = welded_ids(body.positions)
    loops = border_loops(ids[faces])
    corner = dict(zip(ids[faces].reshape(-1).tolist(), faces.reshape(-1).tolist()))
    loops = [[corner[i] for i in loop] for loop in loops]
    caps, middles = fan_caps(loops, len(body.positions))
    used = np.unique(faces)
    rim = np.unique(caps[caps < len(body.positions)]) if len(caps) else np.zeros(0, np.int64)
    place = np.full(len(body.positions) + len(middles), -1, np.int64)
    place[used] = np.arange(len(used))
    solid = place[faces]
    place[rim] = len(used) + np.arange(len(rim))
    place[len(body.positions) :] = len(used) + len(rim) + np.arange(len(middles))
    source = np.concatenate([used, rim])
    columns = {
        "positions": _with_middles(body.positions, source, middles),
        "uvs": _with_middles(body.uvs, source, middles),
    }
    joints = np.vstack([body.joints[source], *(body.joints[loop[:1]] for loop in middles)])
    weights = np.vstack([body.weights[source], *(body.weights[loop[:1]] for loop in middles)])
    all_faces = np.vstack([solid, place[caps]]) if len(caps) else solid
    mesh = Mesh(
        positions=columns["positions"],
        faces=all_faces,
        normals=_normals(body, columns["positions"], used, all_faces, len(solid)),
        uvs=(np.clip(columns["uvs"], 0.0, 1.0),),
        joints=joints,
        weights=weights,
    )
    return _parted(mesh)


def _parted(mesh: Mesh) -> Mesh:
    """Return a mesh without edges that more than two faces have: caps may meet along one."""
    faces, ids = mesh.faces.astype(np.int64), welded_ids(mesh.positions)
    if not crowded_edges(ids[faces]):
        return mesh
    sheets = parted_sheets(mesh.positions, faces, ids)
    assert mesh.joints is not None
    assert mesh.weights is not None
    a, b = sheets.first, sheets.second
    return attrs.evolve(
        mesh,
        positions=sheets.positions.astype(np.float32),
        faces=sheets.faces,
        normals=None if mesh.normals is None else _unit(mesh.normals[a] + mesh.normals[b]),
        uvs=tuple((uv[a] + uv[b]) / 2 for uv in mesh.uvs),
        joints=mesh.joints[a],
        weights=mesh.weights[a],
    )


def _apart(body: Body, members: NDArray[np.intp]) -> tuple[Body, NDArray[np.int64]]:
    """Return a body and its faces without edges that more than two of them have: cut and closed it is closed then."""
    faces = body.faces[members].astype(np.int64)
    ids = welded_ids(body.positions)
    if not crowded_edges(ids[faces]):
        return body, faces
    sheets = parted_sheets(body.positions, faces, ids)
    first, second = sheets.first, sheets.second
    apart = attrs.evolve(
        body,
        positions=sheets.positions.astype(np.float32),
        normals=None if body.normals is None else _unit(body.normals[first] + body.normals[second]),
        uvs=np.asarray((body.uvs[first] + body.uvs[second]) / 2, np.float32),
        joints=body.joints[first],
        weights=body.weights[first],
    )
    return apart, sheets.faces


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(length > 1e-6, rows / np.where(length > 1e-6, length, 1.0), [0.0, 1.0, 0.0]).astype(np.float32)


def _with_middles(
    rows: NDArray[np.float32], source: NDArray[np.int64], middles: list[list[int]]
) -> NDArray[np.float32]:
    return np.vstack([rows[source], *(rows[loop].mean(axis=0, keepdims=True) for loop in middles)]).astype(np.float32)


def _normals(
    body: Body, positions: NDArray[np.float32], used: NDArray[np.int64], faces: NDArray[np.int64], n_solid: int
) -> NDArray[np.float32] | None:
    """Return the normals of the surface, and flat ones on the caps."""
    if body.normals is None:
        return None
    out = np.zeros(positions.shape)
    out[: len(used)] = body.normals[used]
    caps = faces[n_solid:]
    corners = positions[caps].astype(np.float64)
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    for k in range(3):
        np.add.at(out, caps[:, k], areas)
    length = np.linalg.norm(out, axis=1, keepdims=True)
    return np.where(length > 1e-20, out / np.where(length > 1e-20, length, 1.0), [0.0, 1.0, 0.0]).astype(np.float32)


def _attachments(part: str, mesh: Mesh) -> list[Node]:
    """Return ``<Name>_Att`` nodes of a part, by where in its box they belong."""
    low, high = mesh.positions.min(axis=0).astype(np.float64), mesh.positions.max(axis=0).astype(np.float64)
    middle, half = (low + high) / 2, (high - low) / 2
    out = []
    for name in ROBLOX_ATTACHMENTS.get(part, ()):
        if name == "Root":
            out.append(Node(name="Root_Att"))
        elif name.endswith("Shoulder"):
            inner = -1.0 if part.startswith("Left") else 1.0  # towards the body: left is +x
            out.append(Node(name=f"{name}_Att", translation=middle + half * np.array([inner, 0.5, 0.0])))
        elif name.endswith("Grip"):
            out.append(Node(name=f"{name}_Att", translation=middle - half * np.array([0, 1.0, 0]), rotation=_GRIP))
        elif name.endswith("Foot"):
            out.append(Node(name=f"{name}_Att", translation=middle - half * np.array([0, 1.0, 0])))
        else:
            out.append(Node(name=f"{name}_Att", translation=middle + half * np.array(_ATTACHED[name])))
    return out


def _one_material(scene: Scene) -> tuple[Material, tuple[Texture, ...], dict[int, NDArray[np.float32]]]:
    """Return one material for all, its textures, and UVs where they change.

    Several plain materials become one with a small palette as its texture.

    Raises
    ------
    CannotFit
        Several materials of which one has textures: they need an atlas first.
    """
    shown = sorted({m for _, m in scene.instances()})
    used = sorted({i for m in shown if (i := scene.meshes[m].material) is not None})
    materials = [scene.materials[i] for i in used] or [Material(name="body")]
    if len(materials) == 1:
        return attrs.evolve(materials[0], alpha_mode="OPAQUE"), scene.textures, {}
    textured = [m.name for m in materials if _textures(m)]
    if textured:
        raise CannotFit(
            f"{len(materials)} materials, of which {', '.join(textured[:3])} have textures: Roblox takes one a mesh",
            hint="Run the `textures` stage first: it makes an atlas.",
        )
    colours = np.array([m.base_color[:3] for m in materials])
    pixels = np.rint(255 * srgb_from_linear(np.clip(colours, 0, 1))).astype(np.uint8)
    side = 4 * len(materials)
    sink = io.BytesIO()
    Image.fromarray(np.repeat(np.repeat(pixels[None], 4, axis=1), side, axis=0)).save(sink, "PNG")
    place = {i: (k + 0.5) / len(used) for k, i in enumerate(used)}
    uvs = {}
    for m in shown:
        material = scene.meshes[m].material
        column = 0.5 if material is None else place[material]
        uvs[m] = np.tile(np.array([column, 0.5], np.float32), (scene.meshes[m].n_vertices, 1))
    palette = Texture(data=sink.getvalue(), media_type="image/png", name="palette")
    use = TextureUse(texture=0)
    roughness = float(np.mean([m.roughness for m in materials]))
    joint = Material(name="body", base_color_texture=use, metallic=0.0, roughness=roughness)
    return joint, (palette,), uvs


def _textures(material: Material) -> bool:
    return any(
        getattr(material, slot) is not None
        for slot in ("base_color_texture", "metallic_roughness_texture", "normal_texture", "emissive_texture")
    )
