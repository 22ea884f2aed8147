"""The audit of glTF, GLB and VRM files on their raw JSON and bytes: every issue code of the Khronos validator."""

from __future__ import annotations

from axis_core.audit.gltf.codes import CODES, issue_codes
from axis_core.audit.gltf.options import ValidationOptions
from axis_core.audit.gltf.report import GltfReport
from axis_core.audit.gltf.validate import validate


__all__ = ["CODES", "GltfReport", "ValidationOptions", "issue_codes", "validate"]
