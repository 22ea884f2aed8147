"""Contract: the record of what an avatar is and how it was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import attrs


__all__ = [
    "SCHEMA_VERSION",
    "Budget",
    "Contract",
    "FileRecord",
    "IssueCounts",
    "LodRecord",
    "MeshFacts",
    "MorphFacts",
    "Provenance",
    "RigFacts",
    "Signature",
    "SkinFacts",
    "SourceRecord",
    "StageRecord",
    "TextureRecord",
    "canonical_json",
    "digest_of",
]

SCHEMA_VERSION = "1.0"


def canonical_json(value: Any) -> bytes:
    """Return ``value`` as JSON with sorted keys, no spaces and no escapes beyond JSON's own (RFC 8785 in spirit)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value``."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


@attrs.frozen(kw_only=True)
class SourceRecord:
    """What came in."""

    name: str = ""
    format: str = ""
    bytes: int = 0
    sha256: str = ""
    transform: tuple[float, ...] | None = None
    """Row-major (4, 4) of what normalising did to it, so that it can be undone."""


@attrs.frozen(kw_only=True)
class MeshFacts:
    """Geometry of LOD 0."""

    vertex_count: int = 0
    triangle_count: int = 0
    components: int = 0
    manifold: bool = False
    watertight: bool = False
    height_m: float = 0.0
    bounds: tuple[tuple[float, ...], tuple[float, ...]] = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    quality_score: float = 0.0
    quality_grade: str = "F"


@attrs.frozen(kw_only=True)
class RigFacts:
    """Skeleton."""

    archetype: str = ""
    confidence: float = 0.0
    joint_count: int = 0
    skeleton: str = ""


@attrs.frozen(kw_only=True)
class SkinFacts:
    """Weights; ``weight_error`` is the largest distance of a vertex's sum from one."""

    max_influences: int = 0
    weight_error: float = 0.0


@attrs.frozen(kw_only=True)
class MorphFacts:
    """Morph targets; ``sets`` names the known sets that are complete (``arkit52``, ``oculus15``)."""

    count: int = 0
    sets: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class LodRecord:
    """One level of detail."""

    level: int
    triangle_count: int
    file: str = ""


@attrs.frozen(kw_only=True)
class TextureRecord:
    """One image."""

    name: str
    media_type: str
    width: int
    height: int
    bytes: int


@attrs.frozen(kw_only=True)
class Budget:
    """Triangles allowed and used."""

    limit: int = 0
    used: int = 0
    ok: bool = True


@attrs.frozen(kw_only=True)
class IssueCounts:
    """Findings of the last audit."""

    error: int = 0
    warning: int = 0
    info: int = 0


@attrs.frozen(kw_only=True)
class FileRecord:
    """One file handed out."""

    name: str
    role: str
    media_type: str
    bytes: int
    sha256: str


@attrs.frozen(kw_only=True)
class Provenance:
    """Where it comes from."""

    provider: str = "mesh_upload"
    model: str = ""
    licence: str = ""
    prompt: str = ""
    seed: int = 0
    parameters: Mapping[str, Any] = attrs.field(factory=dict)
    software: str = ""


@attrs.frozen(kw_only=True)
class StageRecord:
    """One stage; ``input_sha256`` is the ``output_sha256`` of the one before: the chain."""

    name: str
    seconds: float
    input_sha256: str
    output_sha256: str
    changes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Signature:
    """An operator's Ed25519 signature over the contract without this field."""

    alg: str
    key_id: str
    value: str


@attrs.frozen(kw_only=True)
class Contract:
    """The avatar contract, design section 6. Dotted paths (``mesh.quality_grade``) address its fields."""

    id: str = ""
    schema_version: str = SCHEMA_VERSION
    stage: str = "draft"
    user_id: str = ""
    created_at: str = ""
    asset_class: str = "avatar"
    category: str = ""
    platform: str = ""
    polygon_tier: str = ""
    validation_profile: str = "default"
    output_profile: str = "game_ready"
    source: SourceRecord = SourceRecord()
    mesh: MeshFacts = MeshFacts()
    rig: RigFacts = RigFacts()
    skin: SkinFacts = SkinFacts()
    morphs: MorphFacts = MorphFacts()
    lods: tuple[LodRecord, ...] = ()
    textures: tuple[TextureRecord, ...] = ()
    budget: Budget = Budget()
    issues: IssueCounts = IssueCounts()
    files: tuple[FileRecord, ...] = ()
    provenance: Provenance = Provenance()
    stages: tuple[StageRecord, ...] = ()
    signature: Signature | None = None
