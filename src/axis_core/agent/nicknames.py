"""What people call the things a search finds, beside their names; plain data."""

from __future__ import annotations


__all__ = ["other_names"]

_NAMES: dict[str, dict[str, str]] = {
    "handler": {
        "generate": "make avatar, prompt, create person, text to avatar, new avatar, words, new person, description",
        "process": "whole pipeline, engine ready avatar, game ready, mesh to avatar",
        "rig": "auto rig, autorigger, skeleton, bones, armature, bones for a mesh",
        "repair": "fix mesh, mend, fix broken model, clean up",
        "audit": "check file, validate, what is wrong, findings, find errors, lint, wrong with a file",
        "decimate": "reduce triangles, simplify, fewer polygons, too many triangles, lower poly count, lighter",
        "convert": "convert format, other format, conversion, change file type, file to file",
        "preview": "picture, render, image, screenshot of a model",
        "search": "find, help",
        "export": "download, get the files",
    },
    "format": {
        "glb": "binary gltf",
        "gltf": "gltf json",
        "obj": "wavefront",
        "ply": "point cloud, stanford polygon",
        "stl": "stereolithography, printing, printing file",
        "vrm": "vroid, vtuber",
        "fbx": "autodesk, mixamo",
        "usdz": "apple, quick look",
    },
    "repair": {
        "merge_vertices": "weld, doubled vertices, remove doubles, merge by distance",
        "fill_holes": "close holes, cap holes, gaps in the surface, missing faces",
        "fix_winding": "inside out, flipped faces, faces turned inside out",
        "fix_normals": "flipped normals, recompute normals, black shading",
        "resolve_nan": "nan, infinite",
        "limit_influences": "bone influences, more than four bones for a vertex",
        "rescale": "wrong scale, size, too big, too small",
        "reorient": "wrong axis, upside down, lies on its back, rotated",
        "reweight": "weights do not sum to one, normalise weights",
        "remove_duplicate_faces": "duplicate faces, double faces",
        "remove_degenerate": "zero area triangles, slivers",
        "remove_unreferenced": "unused materials, unused vertices",
        "split_non_manifold": "non manifold edges, bow tie",
        "remove_small_components": "specks, islands, floating bits, floaters, debris",
    },
    "stage": {
        "lods": "lod, level of detail",
        "unwrap": "unwrap uv, uvs, uv mapping",
        "pose": "tpose, apose, rest pose",
        "skin": "skin weights, weights",
        "morphs": "blend shapes, face shapes, visemes, arkit, lip sync",
        "textures": "atlas textures, texture size, texture atlas",
    },
    "tier": {
        "mobile_light": "light mobile, low end phone, cheap phone, old phone",
        "mobile_standard": "mobile, phone",
        "web_vr": "vr, quest headset, browser",
        "desktop_high": "high end desktop, gaming computer",
        "desktop_standard": "pc, default",
        "film_vfx": "film, cinema",
        "ultra_hd": "ultra, uhd",
    },
    "platform": {
        "unreal": "unreal engine, ue5, metahuman, epic games",
        "axis_engine": "own engine",
        "unity": "unity3d, unity 3d, vrchat",
        "roblox": "rblx, roblox studio",
    },
    "archetype": {
        "humanoid": "human, person, biped",
        "chibi": "big head, nendoroid",
        "quadruped": "horse, dog, cat, wolf, cow, four legs",
        "bird": "eagle, owl, wings",
        "theropod": "dinosaur, raptor",
        "fish": "shark, fins",
        "insect": "spider, bug, ant, six legs",
        "serpent": "snake, worm",
        "prop": "object, thing, weapon",
    },
    "audit_format": {
        "csv": "spreadsheet, spreadsheet report, excel",
        "html": "web page report",
        "markdown": "text report, readme",
        "sarif": "code scanning",
        "junit": "continuous integration report",
    },
}


def other_names(kind: str, name: str) -> str:
    """Return further names of a thing, by commas; nothing where there are none."""
    return _NAMES.get(kind, {}).get(name, "")
