"""The rules of VRM 1.0, in the order of the specification."""

from __future__ import annotations

from axis_core.audit.gltf.container import read_container
from axis_core.audit.gltf.findings import Findings, FindingsFull
from axis_core.audit.gltf.json_text import JsonTextError, parse_json
from axis_core.audit.gltf.options import ValidationOptions
from axis_core.audit.gltf.vrm.expressions import check_expressions
from axis_core.audit.gltf.vrm.humanoid import check_humanoid
from axis_core.audit.gltf.vrm.sheet import Sheet, entries, items, table
from axis_core.audit.gltf.vrm.springs import check_constraints, check_springs
from axis_core.model.issue import Issue


__all__ = ["audit_vrm"]

_LICENSE = "https://vrm.dev/licenses/1.0/"
_META = ("name", "authors", "licenseUrl")
_INFO = ("baseColorTexture", "metallicRoughnessTexture", "normalTexture", "occlusionTexture", "emissiveTexture")


def audit_vrm(data: bytes) -> tuple[Issue, ...]:
    """Return what breaks the rules of VRM 1.0 in a file; nothing for a file that is no VRM or cannot be read.

    Parameters
    ----------
    data : bytes
        A GLB or a glTF file; the findings about the container and the JSON themselves are ``validate``'s.
    """
    root = _root(data)
    sheet = Sheet(root)
    declared = table(root.get("extensions"))
    if "VRM" in declared:
        sheet.report("VRM_OLD_VERSION", "/extensions/VRM")
    if "VRMC_vrm" in declared:
        _check_meta(sheet)
        check_humanoid(sheet)
        check_expressions(sheet)
        check_springs(sheet)
        check_constraints(sheet)
        _check_content(sheet)
        _check_transforms(sheet)
    return tuple(sheet.issues)


def _root(data: bytes) -> dict[str, object]:
    text: bytes | None = data
    if data[:4] == b"glTF":
        try:
            text = read_container(data, Findings(ValidationOptions())).json
        except FindingsFull:
            return {}
    try:
        return table(parse_json(text or b""))
    except JsonTextError:
        return {}


def _check_meta(sheet: Sheet) -> None:
    vrm = sheet.extension("VRMC_vrm")
    here = "/extensions/VRMC_vrm"
    if vrm.get("specVersion") != "1.0":
        sheet.report("VRM_SPEC_VERSION", f"{here}/specVersion", value=vrm.get("specVersion"), limit="1.0")
    meta = table(vrm.get("meta"))
    for name in _META:
        if not meta.get(name):
            sheet.report("VRM_META_MISSING", f"{here}/meta", f"Missing: '{name}'.")
    url = meta.get("licenseUrl")
    if url and url != _LICENSE:
        sheet.report("VRM_META_LICENSE_URL", f"{here}/meta/licenseUrl", value=url, limit=_LICENSE)


def _check_content(sheet: Sheet) -> None:
    for name in ("animations", "cameras"):
        if items(sheet.root.get(name)):
            sheet.report("VRM_ANIMATION", f"/{name}")
    for i, mesh in entries(sheet.root.get("meshes")):
        names = table(mesh.get("extras")).get("targetNames")
        for k, primitive in entries(mesh.get("primitives")):
            here = f"/meshes/{i}/primitives/{k}"
            if "TANGENT" in table(primitive.get("attributes")):
                sheet.report("VRM_TANGENT", f"{here}/attributes/TANGENT")
            targets = items(primitive.get("targets"))
            if any("TANGENT" in table(target) for target in targets):
                sheet.report("VRM_TANGENT", f"{here}/targets")
            if k == 0 and targets and len(items(names)) != len(targets):
                sheet.report("VRM_TARGET_NAMES", f"/meshes/{i}", value=len(items(names)), limit=len(targets))


def _check_transforms(sheet: Sheet) -> None:
    for i, material in entries(sheet.root.get("materials")):
        for part, path in ((material, ""), (table(material.get("pbrMetallicRoughness")), "/pbrMetallicRoughness")):
            for name in _INFO:
                transform = table(table(table(part.get(name)).get("extensions")).get("KHR_texture_transform"))
                if transform.get("rotation") or "texCoord" in transform:
                    sheet.report("VRM_TEXTURE_TRANSFORM", f"/materials/{i}{path}/{name}")
