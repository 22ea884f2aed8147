"""The ``info`` block of the report: what the file is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axis_core.audit.gltf.primitive import LINE_LOOP, TRIANGLE_FAN, TRIANGLE_STRIP, TRIANGLES, Primitive


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["file_facts"]


def file_facts(audit: Audit) -> dict[str, Any]:
    """Return the metrics of a file that was read."""
    document, registry, asset = audit.document, audit.registry, audit.document.asset
    assert asset is not None
    primitives = [p for mesh in document.meshes if mesh is not None for p in mesh.primitives or ()]
    named = {
        "version": asset.version,
        "minVersion": asset.minimum_version,
        "generator": asset.generator,
        "extensionsUsed": registry.used,
        "extensionsRequired": registry.required,
        "resources": audit.resource_facts,
    }
    return {
        **{name: value for name, value in named.items() if value},
        "animationCount": len(document.animations),
        "materialCount": len(document.materials),
        "hasMorphTargets": any(p.targets is not None for p in primitives),
        "hasSkins": bool(document.skins),
        "hasTextures": bool(document.textures),
        "hasDefaultScene": document.scene is not None,
        "drawCallCount": len(primitives),
        "totalVertexCount": sum(max(p.vertex_count, 0) for p in primitives),
        "totalTriangleCount": sum(_triangles(p) for p in primitives),
        "maxUVs": max((p.counts["TEXCOORD"] for p in primitives), default=0),
        "maxInfluences": max((p.counts["WEIGHTS"] * 4 for p in primitives), default=0),
        "maxAttributes": max((len(p.attributes) for p in primitives), default=0),
    }


def _triangles(primitive: Primitive) -> int:
    count = max(primitive.draw_count, 0)
    if primitive.mode == TRIANGLES:
        return count // 3
    if primitive.mode in (TRIANGLE_STRIP, TRIANGLE_FAN) and count > LINE_LOOP:
        return count - 2
    return 0
