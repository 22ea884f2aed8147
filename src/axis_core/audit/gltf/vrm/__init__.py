"""The rules of VRM 1.0, over the raw JSON of a ``.vrm`` file: AXIS's own codes.

References
----------
VRM Consortium, VRM 1.0 specification: ``VRMC_vrm``, ``VRMC_springBone``, ``VRMC_node_constraint``.
"""

from __future__ import annotations

from axis_core.audit.gltf.vrm.codes import VRM_CODES
from axis_core.audit.gltf.vrm.rules import audit_vrm


__all__ = ["VRM_CODES", "audit_vrm"]
