"""Tiny scenes, built in code: enough to try a format, a repair, a stage or a platform on."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.material import Material, Texture, TextureUse
from axis_core.model.mesh import Mesh
from axis_core.model.morph import MorphTarget
from axis_core.model.scene import Node, Scene
from axis_core.model.skin import Skin
from axis_core.testing.capsules import capsule


__all__ = ["capsule_person", "checker_png", "cube", "person_joints", "skinned_arm", "textured_quad"]

_HALF: Mapping[str, tuple[str, tuple[float, float, float]]] = {
    "Shoulder": ("chest", (0.05, 1.38, 0.0)),
    "UpperArm": ("Shoulder", (0.18, 1.38, 0.0)),
    "LowerArm": ("UpperArm", (0.45, 1.38, 0.0)),
    "Hand": ("LowerArm", (0.70, 1.38, 0.0)),
    "UpperLeg": ("hips", (0.10, 0.90, 0.0)),
    "LowerLeg": ("UpperLeg", (0.10, 0.50, 0.02)),
    "Foot": ("LowerLeg", (0.10, 0.09, 0.0)),
    "Toes": ("Foot", (0.10, 0.05, 0.13)),
}
_MIDDLE: Mapping[str, tuple[str, tuple[float, float, float]]] = {
    "hips": ("", (0.0, 0.95, 0.0)),
    "spine": ("hips", (0.0, 1.06, 0.0)),
    "chest": ("spine", (0.0, 1.22, 0.0)),
    "neck": ("chest", (0.0, 1.45, 0.0)),
    "head": ("neck", (0.0, 1.54, 0.0)),
}
_LIMBS = (
    # bone, where its capsule ends, radius, material
    ("hips", "spine", 0.15, 1),
    ("spine", "chest", 0.14, 1),
    ("chest", (0.0, 1.33, 0.0), 0.12, 1),
    ("neck", "head", 0.06, 0),
    ("head", (0.0, 1.62, 0.02), 0.095, 0),
    ("UpperArm", "LowerArm", 0.055, 1),
    ("LowerArm", "Hand", 0.045, 0),
    ("Hand", (0.82, 1.38, 0.0), 0.04, 0),
    ("UpperLeg", "LowerLeg", 0.085, 1),
    ("LowerLeg", "Foot", 0.06, 1),
    ("Foot", "Toes", 0.05, 1),
)


def cube(size: float = 1.0) -> Scene:
    """Return a closed cube of edge length ``size`` metres on the floor: 8 vertices, 12 triangles."""
    h = size / 2
    corners = [(x, y, z) for x in (-h, h) for y in (0.0, size) for z in (-h, h)]
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [f for a, b, c, d in quads for f in ((a, b, c), (a, c, d))]
    mesh = Mesh(name="cube", positions=np.array(corners, np.float32), faces=np.array(faces, np.uint32), material=0)
    material = Material(name="clay", base_color=(0.6, 0.45, 0.35, 1.0), metallic=0.0)
    return Scene(name="cube", nodes=(Node(name="cube", meshes=(0,)),), meshes=(mesh,), materials=(material,))


def textured_quad() -> Scene:
    """Return an upright square of 1 m with normals, texture coordinates, vertex colours and a red-green checker."""
    positions = np.array([[-0.5, 0, 0], [0.5, 0, 0], [0.5, 1, 0], [-0.5, 1, 0]], np.float32)
    mesh = Mesh(
        name="quad",
        positions=positions,
        faces=np.array([[0, 1, 2], [0, 2, 3]], np.uint32),
        normals=np.tile(np.array([0, 0, 1], np.float32), (4, 1)),
        uvs=(np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32),),
        colors=(np.ones((4, 4), np.float32),),
        material=0,
    )
    return Scene(
        name="quad",
        nodes=(Node(name="quad", meshes=(0,)),),
        meshes=(mesh,),
        materials=(Material(name="checker", base_color_texture=TextureUse(texture=0), metallic=0.0),),
        textures=(Texture(name="checker", data=checker_png(), media_type="image/png"),),
    )


def checker_png(side: int = 8) -> bytes:
    """Return a PNG of ``side`` by ``side`` pixels, red and green by turns; the upper left pixel is red."""
    row, column = np.indices((side, side))
    pixels = np.zeros((side, side, 3), np.uint8)
    pixels[..., 0] = np.where((row + column) % 2 == 0, 255, 0)
    pixels[..., 1] = 255 - pixels[..., 0]
    lines = b"".join(b"\x00" + line.tobytes() for line in pixels)
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(kind, data) for kind, data in chunks)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def skinned_arm() -> Scene:
    """Return an arm of 0.6 m along +X with the joints ``upper`` and ``lower``, smooth weights and one morph target."""
    positions, faces = capsule((0.05, 0.0, 0.0), (0.55, 0.0, 0.0), 0.05, n_along=9)
    lower = np.clip((positions[:, 0] - 0.2) / 0.2, 0.0, 1.0)
    weights = np.stack([1 - lower, lower, np.zeros_like(lower), np.zeros_like(lower)], axis=1)
    bulge = MorphTarget(name="bulge", positions=positions * np.array([0.0, 0.4, 0.4]))
    mesh = Mesh(
        name="arm",
        positions=positions.astype(np.float32),
        faces=faces.astype(np.uint32),
        joints=np.tile(np.array([0, 1, 0, 0], np.uint16), (len(positions), 1)),
        weights=weights.astype(np.float32),
        morphs=(bulge,),
        morph_weights=(0.0,),
        material=0,
    )
    inverse = np.tile(np.eye(4), (2, 1, 1))
    inverse[1, 0, 3] = -0.3
    return Scene(
        name="arm",
        nodes=(
            Node(name="upper"),
            Node(name="lower", parent=0, translation=(0.3, 0.0, 0.0)),
            Node(name="arm", meshes=(0,), skin=0),
        ),
        meshes=(mesh,),
        skins=(Skin(name="arm", joints=(0, 1), inverse_bind=inverse, root=0),),
        materials=(Material(name="skin", base_color=(0.7, 0.45, 0.35, 1.0), metallic=0.0),),
    )


def person_joints() -> dict[str, tuple[str, NDArray[np.float64]]]:
    """Return VRM bone name -> (parent, position in metres) of ``capsule_person``, parents first; "" is no parent."""
    out = {bone: (parent, np.array(at)) for bone, (parent, at) in _MIDDLE.items()}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        for part, (parent, at) in _HALF.items():
            above = parent if parent in _MIDDLE else side + parent
            out[side + part] = (above, np.array(at) * np.array([sign, 1.0, 1.0]))
    return out


def capsule_person(*, rigged: bool = True) -> Scene:
    """Return a person of 1.72 m in a T-pose, made of capsules: VRM bone names, smooth weights, two materials.

    Parameters
    ----------
    rigged : bool
        Without, the same surface has no skeleton and no skin.
    """
    joints = person_joints()
    names = list(joints)
    parts: dict[int, list[Mesh]] = {0: [], 1: []}
    for bone, end, radius, material in _LIMBS:
        for side, sign in (("", 1.0),) if bone in joints else (("left", 1.0), ("right", -1.0)):
            start = joints[side + bone][1]
            stop = joints[side + end][1] if isinstance(end, str) else np.array(end) * np.array([sign, 1.0, 1.0])
            parts[material].append(_limb(names, joints, side + bone, start, stop, radius))
    meshes = [_joined(parts[k], material=k) for k in (0, 1)]
    materials = (
        Material(name="skin", base_color=(0.62, 0.38, 0.28, 1.0), metallic=0.0),
        Material(name="suit", base_color=(0.05, 0.12, 0.30, 1.0), metallic=0.0),
    )
    if not rigged:
        bare = [attrs.evolve(m, joints=None, weights=None) for m in meshes]
        return Scene(name="person", nodes=(Node(name="person", meshes=(0, 1)),), meshes=bare, materials=materials)
    nodes = [_joint_node(names, joints, name) for name in names]
    inverse = np.tile(np.eye(4), (len(names), 1, 1))
    inverse[:, :3, 3] = [-joints[name][1] for name in names]
    return Scene(
        name="person",
        nodes=(*nodes, Node(name="person", meshes=(0, 1), skin=0)),
        meshes=meshes,
        skins=(Skin(name="person", joints=range(len(names)), inverse_bind=inverse, root=0),),
        materials=materials,
    )


def _joint_node(names: list[str], joints: Mapping[str, tuple[str, NDArray[np.float64]]], name: str) -> Node:
    parent, at = joints[name]
    if not parent:
        return Node(name=name, translation=at)
    return Node(name=name, parent=names.index(parent), translation=at - joints[parent][1])


def _limb(
    names: list[str],
    joints: Mapping[str, tuple[str, NDArray[np.float64]]],
    bone: str,
    start: NDArray[np.float64],
    stop: NDArray[np.float64],
    radius: float,
) -> Mesh:
    positions, faces = capsule(start, stop, radius, n_along=5)
    axis = stop - start
    along = (positions - start) @ axis / max(float(axis @ axis), 1e-12)
    parent = joints[bone][0] or bone
    own = np.clip(0.5 + 1.5 * along, 0.0, 1.0) if parent != bone else np.ones(len(positions))
    weights = np.stack([own, 1 - own, np.zeros_like(own), np.zeros_like(own)], axis=1)
    row = np.array([names.index(bone), names.index(parent), 0, 0], np.uint16)
    return Mesh(
        positions=positions.astype(np.float32),
        faces=faces.astype(np.uint32),
        joints=np.tile(row, (len(positions), 1)),
        weights=weights.astype(np.float32),
    )


def _joined(parts: list[Mesh], *, material: int) -> Mesh:
    starts = np.cumsum([0, *(p.n_vertices for p in parts)])[:-1]
    return Mesh(
        name="person",
        positions=np.concatenate([p.positions for p in parts]),
        faces=np.concatenate([p.faces + np.uint32(s) for p, s in zip(parts, starts, strict=True)]),
        joints=np.concatenate([p.joints for p in parts if p.joints is not None]),
        weights=np.concatenate([p.weights for p in parts if p.weights is not None]),
        material=material,
    )
