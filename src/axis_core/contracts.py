"""Build, print and verify avatar contracts (the nouns are in ``axis_core.model.contract``)."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import attrs
import cattrs
import numpy as np
from cattrs.errors import ClassValidationError
from cattrs.v import transform_error

from axis_core.audit.contract import chain_problems
from axis_core.errors import InputError, NotFound
from axis_core.formats.digest import check_digest
from axis_core.kernels.adjacency import edge_table
from axis_core.kernels.components import vertex_components
from axis_core.kernels.weld import weld_vertices
from axis_core.model.artefact import Artefact
from axis_core.model.contract import (
    SCHEMA_VERSION,
    Budget,
    Contract,
    FileRecord,
    IssueCounts,
    LodRecord,
    MeshFacts,
    MorphFacts,
    Provenance,
    RigFacts,
    SkinFacts,
    SourceRecord,
    TextureRecord,
)
from axis_core.model.issue import Report
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.model.tier import TIERS
from axis_core.pipeline import Run
from axis_core.plugin.kinds import Context
from axis_core.stages.textures import image_size
from axis_core.version import SOFTWARE


__all__ = ["Verdict", "contract_bytes", "contract_of", "read_contract", "verify_path"]

CONTRACT_FILE = "contract.json"
MAX_CONTRACT_BYTES = 4 * 1024 * 1024


@attrs.frozen(kw_only=True)
class Verdict:
    """Whether a contract and its files are as they were made.

    Attributes
    ----------
    problems : tuple of str
        What does not match; empty when all is well.
    checked : tuple of str
        Names of the files that were looked at.
    """

    problems: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def contract_of(run: Run, context: Context, *, provenance: Mapping[str, Any] | None = None) -> Contract:
    """Return the contract of a run."""
    state = run.outcome
    scene, report = state.scene, state.report or Report()
    rig, skin = state.facts.get("rig") or {}, state.facts.get("skin") or {}
    source = state.facts.get("source") or {}
    limit = TIERS[context.tier].triangles
    if context.platform:
        limit = min(limit, context.host.platform(context.platform).max_triangles)
    counts = report.counts
    lods = [scene, *state.lods]
    levels = [a.name for a in state.artefacts if a.role in ("avatar", "lod")]
    return Contract(
        id=f"avt_{_ulid()}",
        stage="processed",
        created_at=dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        category=rig.get("archetype", ""),
        platform=context.platform,
        polygon_tier=context.tier,
        validation_profile=context.profile,
        output_profile=context.output_profile,
        source=SourceRecord(
            name=source.get("name", ""),
            format=source.get("format", ""),
            bytes=source.get("bytes", 0),
            sha256=source.get("sha256", ""),
            transform=tuple(state.facts["transform"]) if state.facts.get("transform") else None,
        ),
        mesh=attrs.evolve(mesh_facts(scene), quality_score=report.score, quality_grade=report.grade),
        rig=RigFacts(
            archetype=rig.get("archetype", ""),
            confidence=round(float(rig.get("confidence", 0.0)), 4),
            joint_count=int(rig.get("joint_count", 0)),
            skeleton=rig.get("skeleton", ""),
        ),
        skin=SkinFacts(
            max_influences=int(skin.get("max_influences", 0)), weight_error=float(skin.get("weight_error", 0.0))
        ),
        morphs=_morphs(state.facts.get("morphs") or {}),
        lods=tuple(
            LodRecord(level=k, triangle_count=s.n_triangles, file=levels[k] if k < len(levels) else "")
            for k, s in enumerate(lods)
        ),
        textures=tuple(_texture(t) for t in scene.textures),
        budget=Budget(limit=limit, used=scene.n_triangles, ok=scene.n_triangles <= limit),
        issues=IssueCounts(error=counts["error"], warning=counts["warning"], info=counts["info"] + counts["hint"]),
        files=file_records(state.artefacts),
        provenance=Provenance(seed=context.seed, software=SOFTWARE, **(provenance or {})),
        stages=run.records,
    )


def _morphs(facts: Mapping[str, Any]) -> MorphFacts:
    return MorphFacts(count=int(facts.get("count", 0)), sets=tuple(facts.get("sets", ())))


def _texture(texture: Any) -> TextureRecord:
    width, height = image_size(texture) or (0, 0)
    return TextureRecord(
        name=texture.name, media_type=texture.media_type, width=width, height=height, bytes=len(texture.data)
    )


def file_records(artefacts: Iterable[Artefact]) -> tuple[FileRecord, ...]:
    """Return a record of every artefact."""
    return tuple(
        FileRecord(name=a.name, role=a.role, media_type=a.media_type, bytes=len(a.data), sha256=a.sha256)
        for a in artefacts
    )


def mesh_facts(scene: Scene) -> MeshFacts:
    """Return counts, bounds and closedness of a scene, its vertices welded by position."""
    soup = scene_soup(scene)
    low, high = soup.bounds
    first, remap = weld_vertices(soup.positions)
    faces = remap[soup.faces.astype(np.int64)]
    faces = faces[(faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])]
    edges = edge_table(faces, len(first))
    most, least = int(edges.face_counts.max(initial=0)), int(edges.face_counts.min(initial=2))
    n_components = int(np.unique(vertex_components(faces, len(first))[1][faces]).size) if len(faces) else 0
    return MeshFacts(
        vertex_count=scene.n_vertices,
        triangle_count=scene.n_triangles,
        components=n_components,
        manifold=most <= 2,
        watertight=bool(len(faces)) and most <= 2 and least == 2,
        height_m=round(float(high[1] - low[1]), 6),
        bounds=(tuple(np.round(low, 6).tolist()), tuple(np.round(high, 6).tolist())),
    )


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _ulid() -> str:
    """26 characters: 48 bits of milliseconds and 80 of chance, Crockford's base 32."""
    now = int(dt.datetime.now(dt.UTC).timestamp() * 1000)
    value = (now << 80) | secrets.randbits(80)
    return "".join(_ALPHABET[(value >> (5 * k)) & 31] for k in range(25, -1, -1))


@lru_cache(maxsize=1)
def _converter() -> cattrs.Converter:
    return cattrs.Converter(forbid_extra_keys=True)


def contract_bytes(contract: Contract) -> bytes:
    """Return ``contract`` as indented JSON."""
    plain = _converter().unstructure(contract)
    return (json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def read_contract(data: bytes) -> Contract:
    """Return the contract in JSON bytes.

    Raises
    ------
    InputError
        If it is no JSON, too large, of another schema version, or a field does not fit.
    """
    if len(data) > MAX_CONTRACT_BYTES:
        raise InputError(f"the contract has {len(data):,} bytes, allowed are {MAX_CONTRACT_BYTES:,}")
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise InputError(f"the contract is no JSON: {exc}", code="parse_failed") from exc
    if not isinstance(plain, dict) or plain.get("schema_version") != SCHEMA_VERSION:
        seen = plain.get("schema_version") if isinstance(plain, dict) else type(plain).__name__
        raise InputError(f"contract schema version {seen!r}, expected {SCHEMA_VERSION!r}", pointer="schema_version")
    try:
        return _converter().structure(plain, Contract)
    except ClassValidationError as exc:
        raise InputError(f"the contract does not fit its schema: {transform_error(exc)[0]}") from exc


def verify_path(path: Path) -> Verdict:
    """Return whether a contract (``contract.json``, or its folder) or a GLB is as it was made.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If a GLB carries no digest, or the contract cannot be read.
    """
    target = path / CONTRACT_FILE if path.is_dir() else path
    if not target.is_file():
        raise NotFound(f"{target} does not exist")
    if target.suffix.lower() == ".json":
        return _verify_contract(target)
    return Verdict(problems=_glb_problems(target.read_bytes(), target.name), checked=(target.name,))


def _glb_problems(data: bytes, name: str) -> tuple[str, ...]:
    held = check_digest(data)
    if held is None:
        raise InputError(f"{name} carries no AXIS digest", hint="Only files that AXIS wrote can be verified.")
    return () if held else (f"{name}: the bytes do not match the digest in asset.extras.axis",)


def _verify_contract(target: Path) -> Verdict:
    contract = read_contract(target.read_bytes())
    problems = list(chain_problems(contract))
    checked = [target.name]
    for record in contract.files:
        file = target.parent / Path(record.name).name
        if record.name != file.name:
            problems.append(f"{record.name}: not a plain file name")
            continue
        if not file.is_file():
            problems.append(f"{record.name}: missing")
            continue
        data = file.read_bytes()
        checked.append(record.name)
        seen = file_records([Artefact(name=record.name, role=record.role, media_type=record.media_type, data=data)])[0]
        if seen != record:
            problems.append(
                f"{record.name}: {seen.bytes} bytes with sha256 {seen.sha256[:12]}…, "
                f"recorded {record.bytes} with {record.sha256[:12]}…"
            )
        elif record.name.endswith(".glb") and record.role in ("avatar", "lod"):
            problems.extend(_glb_problems(data, record.name))
    return Verdict(problems=tuple(problems), checked=tuple(checked))
