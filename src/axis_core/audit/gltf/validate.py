"""The audit of one glTF, GLB or VRM file, from its bytes to its report."""

from __future__ import annotations

from axis_core.audit.gltf.accessor_data import check_accessor_data
from axis_core.audit.gltf.audit import Audit, Resources
from axis_core.audit.gltf.container import read_container
from axis_core.audit.gltf.document import link_document, read_document
from axis_core.audit.gltf.findings import FindingsFull
from axis_core.audit.gltf.info import file_facts
from axis_core.audit.gltf.json_text import BOM, BOM_FOUND, JsonTextError, parse_json
from axis_core.audit.gltf.options import ValidationOptions
from axis_core.audit.gltf.report import GltfReport
from axis_core.audit.gltf.resources import check_texture_sources, load_buffers, load_images
from axis_core.audit.gltf.skin_data import check_influences
from axis_core.audit.gltf.spelling import quoted
from axis_core.audit.gltf.usage import report_unused


__all__ = ["validate"]

_GLB_SUFFIXES = (".glb", ".vrm")
_JSON_SUFFIXES = (".gltf", ".json")
_DEFAULTS = ValidationOptions()


def validate(
    data: bytes,
    *,
    uri: str | None = None,
    resources: Resources | None = None,
    options: ValidationOptions = _DEFAULTS,
) -> GltfReport:
    """Return what is wrong with a glTF, GLB or VRM file.

    Parameters
    ----------
    data : bytes
        The file.
    uri : str, optional
        Its name; the suffix decides between JSON and the binary container, without one the first bytes do.
    resources : callable, optional
        Gives the bytes behind a relative URI of the file, or None. Without it nothing outside the file is read and
        every external resource is reported as ``IO_ERROR``.
    options : ValidationOptions
        Which codes to report, how severe, how many.

    Returns
    -------
    GltfReport
        A file that cannot be read is a finding (``INVALID_JSON``, ``GLB_...``), never an exception.

    Examples
    --------
    >>> [issue.code for issue in validate(b'{"asset": {"version": "2.0"}, "scene": 0}').issues]
    ['UNRESOLVED_REFERENCE']
    """
    audit = Audit(options, resources)
    audit.is_glb = _is_glb(data, uri)
    info = None
    try:
        if _audit_container(audit, data) if audit.is_glb else _audit_json(audit, data):
            _audit_data(audit)
            info = file_facts(audit)
    except FindingsFull:
        info = None
    return GltfReport(
        issues=tuple(audit.issues),
        info=info,
        uri=uri,
        mime_type="model/gltf-binary" if audit.is_glb else "model/gltf+json",
        truncated=audit.truncated,
    )


def _is_glb(data: bytes, uri: str | None) -> bool:
    name = (uri or "").lower()
    if name.endswith(_GLB_SUFFIXES):
        return True
    return not name.endswith(_JSON_SUFFIXES) and data[:1] == b"g"


def _audit_container(audit: Audit, data: bytes) -> bool:
    """Audit a GLB up to its data; return whether there is a document to go on with."""
    container = read_container(data, audit)
    audit.binary = container.binary
    good = container.json is not None and _audit_json(audit, container.json)
    container.report_ending(audit)
    return good and container.whole


def _audit_json(audit: Audit, text: bytes) -> bool:
    """Audit the JSON; return whether there is a document to go on with."""
    if text[:1] == BOM[:1]:
        audit.add_at("", "INVALID_JSON", BOM_FOUND)
        text = text.removeprefix(BOM)
    try:
        root = parse_json(text)
    except JsonTextError as error:
        audit.add_at("", "INVALID_JSON", error)
        return False
    if not isinstance(root, dict):
        audit.add_at("", "TYPE_MISMATCH", quoted(root), "object")
        return False
    if not read_document(audit, root):
        return False
    link_document(audit)
    report_unused(audit)
    return True


def _audit_data(audit: Audit) -> None:
    load_buffers(audit)
    load_images(audit)
    check_texture_sources(audit)
    check_accessor_data(audit)
    check_influences(audit)
