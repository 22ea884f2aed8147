"""Materials, textures, images and samplers of glTF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from axis_core.formats.gltf.pack import Packer
from axis_core.formats.gltf.plan import Plan, map_textures
from axis_core.formats.gltf.textures import IMAGE_EXTENSIONS
from axis_core.model.contract import canonical_json
from axis_core.model.material import Material, Texture, TextureUse
from axis_core.model.scene import Scene


__all__ = ["write_materials", "write_textures"]


def write_materials(scene: Scene, plan: Plan) -> list[dict[str, Any]]:
    """Return the ``materials`` array; what has its default value is not written."""
    return [_material(scene.materials[m], plan) for m in plan.materials]


def _material(material: Material, plan: Plan) -> dict[str, Any]:
    pbr = {
        **_differs("baseColorFactor", list(material.base_color), [1.0, 1.0, 1.0, 1.0]),
        **_use("baseColorTexture", material.base_color_texture, plan),
        **_differs("metallicFactor", material.metallic, 1.0),
        **_differs("roughnessFactor", material.roughness, 1.0),
        **_use("metallicRoughnessTexture", material.metallic_roughness_texture, plan),
    }
    return {
        **_differs("name", material.name, ""),
        **_differs("pbrMetallicRoughness", pbr, {}),
        **_use("normalTexture", material.normal_texture, plan, "scale"),
        **_use("occlusionTexture", material.occlusion_texture, plan, "strength"),
        **_differs("emissiveFactor", list(material.emissive), [0.0, 0.0, 0.0]),
        **_use("emissiveTexture", material.emissive_texture, plan),
        **_differs("alphaMode", material.alpha_mode, "OPAQUE"),
        **(_differs("alphaCutoff", material.alpha_cutoff, 0.5) if material.alpha_mode == "MASK" else {}),
        **_differs("doubleSided", material.double_sided, False),
        **_differs("extras", dict(material.extras), {}),
        **_differs("extensions", map_textures(dict(material.extensions), plan.textures), {}),
    }


def _differs(key: str, value: Any, default: Any) -> dict[str, Any]:
    return {} if value == default else {key: value}


def _use(key: str, use: TextureUse | None, plan: Plan, scale_key: str = "") -> dict[str, Any]:
    if use is None or use.texture not in plan.textures:
        return {}
    return {
        key: {
            "index": plan.textures[use.texture],
            **_differs("texCoord", use.uv_set, 0),
            **(_differs(scale_key, use.scale, 1.0) if scale_key else {}),
            **_differs("extras", dict(use.extras), {}),
            **_differs("extensions", dict(use.extensions), {}),
        }
    }


def write_textures(scene: Scene, plan: Plan, packer: Packer) -> dict[str, Any]:
    """Return the arrays ``textures``, ``images`` and ``samplers``; equal images and samplers are written once."""
    out: dict[str, list[dict[str, Any]]] = {"textures": [], "images": [], "samplers": []}
    for t in plan.textures:
        texture = scene.textures[t]
        item: dict[str, Any] = {}
        extensions = dict(texture.extensions)
        if texture.data:
            image = _image(texture, out["images"], packer)
            name = out["images"][image].get("name", "")
            item |= _differs("name", texture.name, name)
            extension = IMAGE_EXTENSIONS.get(texture.media_type)
            if extension is None:
                item["source"] = image
            else:
                extensions[extension] = {"source": image}
        else:
            item |= _differs("name", texture.name, "")
        if texture.sampler:
            item["sampler"] = _once(out["samplers"], dict(texture.sampler))
        item |= _differs("extras", dict(texture.extras), {})
        item |= _differs("extensions", extensions, {})
        out["textures"].append(item)
    return out


def _image(texture: Texture, images: list[dict[str, Any]], packer: Packer) -> int:
    view = packer.view(texture.data)
    same = (i for i, image in enumerate(images) if image["bufferView"] == view)
    found = next(same, None)
    if found is not None:
        return found
    name = texture.name or (PurePosixPath(texture.uri).stem if texture.uri else "")
    images.append({"bufferView": view, "mimeType": texture.media_type, **_differs("name", name, "")})
    return len(images) - 1


def _once(items: list[dict[str, Any]], item: Mapping[str, Any]) -> int:
    wanted = canonical_json(item)
    for i, other in enumerate(items):
        if canonical_json(other) == wanted:
            return i
    items.append(dict(item))
    return len(items) - 1
