"""Scene -> glTF bytes."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from axis_core.errors import InputError
from axis_core.formats.gltf.container import join_glb
from axis_core.formats.gltf.pack import Packer
from axis_core.formats.gltf.plan import Plan, make_plan
from axis_core.formats.gltf.textures import IMAGE_EXTENSIONS
from axis_core.formats.gltf.write_animations import write_animations
from axis_core.formats.gltf.write_materials import write_materials, write_textures
from axis_core.formats.gltf.write_meshes import write_meshes
from axis_core.formats.gltf.write_nodes import placed_nodes, write_nodes, write_skins
from axis_core.model.contract import canonical_json
from axis_core.model.scene import Scene


__all__ = ["generator", "glb_bytes", "gltf_bytes"]


def generator() -> str:
    """Return ``AXIS 1.2.3``, the name this library gives itself in files."""
    try:
        return f"AXIS {version('axis-avatars')}"
    except PackageNotFoundError:
        return "AXIS"


def glb_bytes(scene: Scene, *, asset_extras: Mapping[str, Any] | None = None) -> bytes:
    """Return ``scene`` as a GLB. The same scene gives the same bytes.

    The file is valid by the Khronos validator wherever the scene's values are: nodes of skinned meshes stand at the
    root, normals and weights are brought to length and sum, joints without weight are 0, bounds are exact, morph
    targets are sparse where that is smaller, and what nothing uses is left out.

    Parameters
    ----------
    asset_extras : mapping, optional
        Added to ``asset.extras``; ``axis`` of an earlier file is not carried over.

    Raises
    ------
    InputError
        ``invalid_request``: a transform, factor or extra that JSON cannot hold (NaN, infinity).
    """
    document, binary = _document(scene, asset_extras or {})
    return join_glb(_json(document), binary)


def gltf_bytes(scene: Scene, *, asset_extras: Mapping[str, Any] | None = None) -> bytes:
    """Return ``scene`` as one ``.gltf`` with everything embedded; otherwise like ``glb_bytes``."""
    document, binary = _document(scene, asset_extras or {})
    if binary:
        encoded = base64.b64encode(binary).decode("ascii")
        document["buffers"][0]["uri"] = f"data:application/octet-stream;base64,{encoded}"
    return _json(document)


def _json(document: dict[str, Any]) -> bytes:
    try:
        return canonical_json(document)
    except (ValueError, TypeError) as exc:
        raise InputError(f"the scene holds a value that JSON cannot: {exc}") from exc


def _document(scene: Scene, asset_extras: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    plan, packer = make_plan(scene), Packer()
    nodes = placed_nodes(scene, plan)
    meshes = write_meshes(scene, plan, packer)
    n_targets = tuple(len(m["primitives"][0].get("targets", ())) for m in meshes)
    written = write_nodes(nodes, scene, plan, n_targets)
    targets_of = {i: n_targets[item["mesh"]] for i, item in enumerate(written) if "mesh" in item}
    textures = write_textures(scene, plan, packer)
    document: dict[str, Any] = {
        "meshes": meshes,
        "nodes": written,
        "skins": write_skins(nodes, scene, plan, packer),
        "materials": write_materials(scene, plan),
        **textures,
        "animations": write_animations(scene.animations, packer, targets_of),
        "cameras": [dict(scene.cameras[c]) for c in plan.cameras],
        "accessors": packer.accessors,
        "bufferViews": packer.views,
        "extras": dict(scene.extras),
        "extensions": _root_extensions(scene, plan, textures),
    }
    roots = [i for i, node in enumerate(nodes) if node.parent is None]
    if roots:
        document["scenes"] = [{"nodes": roots, **({"name": scene.name} if scene.name else {})}]
    document = {key: value for key, value in document.items() if value}
    if roots:
        document["scene"] = 0
    binary = packer.buffer()
    if binary:
        document["buffers"] = [{"byteLength": len(binary)}]
    document["asset"] = _asset(scene.asset, asset_extras)
    return document | _extension_names(document), binary


def _asset(asset: Mapping[str, Any], asset_extras: Mapping[str, Any]) -> dict[str, Any]:
    old = asset.get("extras")
    kept = {k: v for k, v in old.items() if k != "axis"} if isinstance(old, Mapping) else {}
    extras = {**kept, **asset_extras}
    out = {k: v for k, v in asset.items() if k not in ("extras", "minVersion")}
    return {**out, "generator": generator(), "version": "2.0", **({"extras": extras} if extras else {})}


def _root_extensions(scene: Scene, plan: Plan, textures: Mapping[str, Any]) -> dict[str, Any]:
    """Let VRM's thumbnail name an image again; reading made it name the texture that holds it."""
    extensions = dict(scene.extensions)
    vrm = extensions.get("VRMC_vrm")
    meta = vrm.get("meta") if isinstance(vrm, Mapping) else None
    if not isinstance(vrm, Mapping) or not isinstance(meta, Mapping) or "thumbnailImage" not in meta:
        return extensions
    changed = {k: v for k, v in meta.items() if k != "thumbnailImage"}
    texture = plan.textures.get(meta["thumbnailImage"])
    image = _source(textures["textures"][texture]) if texture is not None else None
    if image is not None:
        changed["thumbnailImage"] = image
    return {**extensions, "VRMC_vrm": {**vrm, "meta": changed}}


def _source(texture: Mapping[str, Any]) -> int | None:
    sources = [texture.get("source"), *(e.get("source") for e in texture.get("extensions", {}).values())]
    return next((s for s in sources if s is not None), None)


def _extension_names(document: dict[str, Any]) -> dict[str, list[str]]:
    used = sorted(set(_extensions_in(document)))
    images = set(IMAGE_EXTENSIONS.values())
    required = [name for name in used if name in images]  # written without a plain image to fall back on
    return {k: v for k, v in (("extensionsUsed", used), ("extensionsRequired", required)) if v}


def _extensions_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("extensions"), Mapping):
            yield from value["extensions"]
        for key, item in value.items():
            if key != "extras":
                yield from _extensions_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _extensions_in(item)
