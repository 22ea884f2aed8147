"""What Blender makes of a folder of files: run by a Python that has ``bpy``, in an environment of its own.

    python read_blender.py FOLDER [SUFFIX]

Beside each ``NAME.glb`` (or .fbx, .usdz) with its ``NAME.json`` stands afterwards ``NAME.blender.npz``: names and
numbers as JSON, and the positions at rest and posed, Y up.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import bpy
import numpy as np


def load(path: Path) -> None:
    """Import a file into an empty scene of 30 frames a second."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = 30
    if path.suffix in (".glb", ".gltf", ".vrm"):
        bpy.ops.import_scene.gltf(filepath=str(path))
    elif path.suffix == ".fbx":
        bpy.ops.import_scene.fbx(filepath=str(path), anim_offset=0.0)
    else:
        bpy.ops.wm.usd_import(filepath=str(path))


def shown() -> list[Any]:
    """Return the meshes that came from the file, not the importer's shapes of bones."""
    shapes = {b.custom_shape for o in bpy.data.objects if o.type == "ARMATURE" for b in o.pose.bones}
    return [o for o in bpy.data.objects if o.type == "MESH" and o not in shapes]


def positions() -> np.ndarray:
    """Return all vertices in world space as they are now, Y up."""
    graph = bpy.context.evaluated_depsgraph_get()
    out = []
    for item in shown():
        evaluated = item.evaluated_get(graph)
        mesh = evaluated.to_mesh()
        flat = np.empty(len(mesh.vertices) * 3)
        mesh.vertices.foreach_get("co", flat)
        matrix = np.array(evaluated.matrix_world)
        points = flat.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]
        out.append(np.stack([points[:, 0], points[:, 2], -points[:, 1]], axis=1))
        evaluated.to_mesh_clear()
    return np.concatenate(out) if out else np.zeros((0, 3))


def owners() -> list[Any]:
    """Return all that a clip can move: objects and the shape keys of meshes."""
    keys = [o.data.shape_keys for o in bpy.data.objects if o.type == "MESH" and o.data.shape_keys]
    return [o for o in [*bpy.data.objects, *keys] if o.animation_data is not None]


def play(clip: str, time: float) -> None:
    """Put everything at a time of a clip; the strips that the importer makes start at frame 1, their actions at 0."""
    for owner in owners():
        data = owner.animation_data
        strips = [s for t in data.nla_tracks for s in t.strips if t.name == clip]
        for track in data.nla_tracks:
            track.mute = True
        if strips:
            data.action = strips[0].action
            data.action_slot = strips[0].action_slot
        elif data.nla_tracks:
            data.action = None
        else:  # FBX: actions called OBJECT|CLIP|LAYER
            own = [a for a in bpy.data.actions if clip in a.name.split("|") and a.name.split("|")[0] == owner.name]
            data.action = own[0] if own else None
            if own:
                data.action_slot = own[0].slots[0]
    relax()
    frame = time * 30.0
    bpy.context.scene.frame_set(int(frame), subframe=frame - int(frame))


def relax() -> None:
    """Set all shapes to nothing: what a clip does not move keeps the value of the one before."""
    for item in shown():
        for key in item.data.shape_keys.key_blocks[1:] if item.data.shape_keys else ():
            key.value = 0.0


def rest() -> None:
    """Put all armatures into their rest pose, and shapes to nothing."""
    for owner in owners():
        owner.animation_data.action = None
    relax()
    for item in bpy.data.objects:
        if item.type == "ARMATURE":
            item.data.pose_position = "REST"
    bpy.context.view_layer.update()


def weights_by_joint() -> dict[str, float]:
    """Return the sum of weights of each joint over all corners of triangles."""
    out: dict[str, float] = {}
    for item in shown():
        names = [g.name for g in item.vertex_groups]
        item.data.calc_loop_triangles()
        corners = np.array([t.vertices[:] for t in item.data.loop_triangles]).reshape(-1)
        uses = np.bincount(corners, minlength=len(item.data.vertices))
        for vertex in item.data.vertices:
            for group in vertex.groups:
                out[names[group.group]] = out.get(names[group.group], 0.0) + group.weight * float(uses[vertex.index])
    return out


def found() -> dict[str, Any]:
    """Return names and numbers of what was imported."""
    meshes = shown()
    for item in meshes:
        item.data.calc_loop_triangles()
    keys = {k.name for o in meshes if o.data.shape_keys for k in o.data.shape_keys.key_blocks[1:]}
    joints = {}
    for item in bpy.data.objects:
        if item.type == "ARMATURE":
            for bone in item.data.bones:
                x, y, z = item.matrix_world @ bone.head_local
                joints[bone.name] = [x, z, -y]
    tracks = {t.name for o in owners() for t in o.animation_data.nla_tracks}
    return {
        "joints": sorted(joints),
        "joint_positions": joints,
        "triangles": sum(len(o.data.loop_triangles) for o in meshes),
        "morphs": sorted(keys),
        "clips": sorted(tracks) or sorted({a.name.split("|")[1] for a in bpy.data.actions if "|" in a.name}),
        "materials": len({m.name for o in meshes for m in o.data.materials if m}),
        "images": len([i for i in bpy.data.images if i.type == "IMAGE" and i.users]),
        "weights": weights_by_joint(),
    }


def main(folder: Path, suffix: str) -> None:
    """Read every file of a folder."""
    for path in sorted(folder.glob(f"*{suffix}")):
        expected = json.loads(path.with_suffix(".json").read_text())
        load(path)
        told = found()
        arrays = {}
        if "clip" in expected:
            play(expected["clip"], expected["time"])
            arrays["posed"] = positions()
        rest()
        arrays["rest"] = positions()
        np.savez(path.with_suffix(".blender.npz"), told=np.array(json.dumps(told)), **arrays)
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ".glb")
