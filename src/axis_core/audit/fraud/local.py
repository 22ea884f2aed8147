"""The indicators that one file shows by itself, without knowing any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from axis_core.audit.fraud.hidden import hidden_indicators
from axis_core.audit.fraud.indicator import Indicator
from axis_core.audit.fraud.payload import payload_indicators
from axis_core.errors import InputError
from axis_core.formats.digest import check_digest
from axis_core.model.scene import Scene


__all__ = ["local_indicators"]

GENERATORS = {
    "sketchfab": "Sketchfab",
    "mixamo": "Mixamo",
    "readyplayer": "Ready Player Me",
    "vroid": "VRoid",
    "meshy": "Meshy",
    "tripo": "Tripo",
    "makehuman": "MakeHuman",
    "daz": "DAZ",
    "character creator": "Character Creator",
}
"""Words in ``asset.generator`` or ``asset.copyright`` that name who made a file."""

FREE_LICENCES = ("cc0", "public domain", "cc-by", "mit")


def local_indicators(
    data: bytes, scene: Scene | None, *, contract: Mapping[str, Any] | None = None
) -> tuple[Indicator, ...]:
    """Return what a file shows by itself.

    Parameters
    ----------
    scene : Scene or None
        None where the file could not be read.
    contract : mapping, optional
        The avatar contract that came with it, as plain values.
    """
    out = [*payload_indicators(data, scene), *_damaged(data)]
    if scene is not None:
        out += hidden_indicators(scene)
        out += _provenance(scene, contract or {})
    return tuple(out)


def _damaged(data: bytes) -> Iterator[Indicator]:
    """A GLB whose own digest does not hold."""
    if data[:4] != b"glTF":
        return
    try:
        held = check_digest(data)
    except InputError:
        return
    if held is False:
        text = "the bytes do not match the digest in asset.extras.axis"
        yield Indicator(id="tampered_contract", score=0.8, detail=text)


def _provenance(scene: Scene, contract: Mapping[str, Any]) -> Iterator[Indicator]:
    stated = _part(contract, "provenance")
    provider, licence = str(stated.get("provider", "")), str(stated.get("licence", ""))
    said = [str(scene.asset.get(key, "")) for key in ("generator", "copyright")]
    if provider not in ("", "mesh_upload"):
        for word, maker in GENERATORS.items():
            seen = next((s for s in said if word in s.lower() and word not in provider.lower()), None)
            if seen is not None:
                text = f"the file names {maker} ({seen[:60]!r}), the contract says it was made by {provider}"
                yield Indicator(id="provenance_mismatch", score=0.6, detail=text)
                break
    reserved = next((s for s in said if "all rights reserved" in s.lower()), None)
    if reserved is not None and any(free in licence.lower() for free in FREE_LICENCES):
        text = f"the file says {reserved[:60]!r}, the contract {licence[:40]!r}"
        yield Indicator(id="provenance_mismatch", score=0.5, detail=text)
    yield from _summary(scene, contract)


def _summary(scene: Scene, contract: Mapping[str, Any]) -> Iterator[Indicator]:
    """What the file says of itself against what the contract says."""
    inside = _part(_part(scene.asset, "extras"), "axis")
    pairs = (
        ("source_sha256", inside.get("source_sha256"), _part(contract, "source").get("sha256")),
        ("platform", inside.get("platform"), contract.get("platform")),
        ("seed", inside.get("seed"), _part(contract, "provenance").get("seed")),
    )
    for name, file_says, contract_says in pairs:
        if file_says not in (None, "") and contract_says not in (None, "") and file_says != contract_says:
            text = f"the file says {name} {str(file_says)[:40]!r}, the contract {str(contract_says)[:40]!r}"
            yield Indicator(id="provenance_mismatch", score=0.6, detail=text)
            return


def _part(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, Mapping) else {}
