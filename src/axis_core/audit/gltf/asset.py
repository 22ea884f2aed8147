"""The asset block: versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["Asset", "read_asset"]

_VERSION = r"([0-9]+)\.([0-9]+)"
_MAJOR = 2


@attrs.define(eq=False, kw_only=True)
class Asset(Record):
    """Which version of glTF the file is of, and what made it."""

    version: str | None
    minimum_version: str | None
    generator: str | None
    major: int


def _numbers(version: str) -> tuple[int, int]:
    major, minor = version.split(".")
    return _number(major), _number(minor)


def _number(digits: str) -> int:
    """Return a number of digits; of an absurdly long one only its size matters."""
    return int(digits[:100])


def read_asset(audit: Audit, raw: JsonObject) -> Asset:
    """Read the asset block and judge its versions."""
    reader = ObjectReader(audit, raw)
    reader.members("copyright", "generator", "version", "minVersion")
    reader.string("copyright")
    asset = Asset(
        generator=reader.string("generator"),
        version=reader.string("version", required=True, pattern=_VERSION),
        minimum_version=reader.string("minVersion", pattern=_VERSION),
        major=-1,
    )
    if asset.version is not None:
        major, minor = _numbers(asset.version)
        asset.major = major
        _check_versions(audit, asset, major, minor)
    reader.finish(asset, "asset")
    return asset


def _check_versions(audit: Audit, asset: Asset, major: int, minor: int) -> None:
    if asset.minimum_version is not None and _numbers(asset.minimum_version) > (major, minor):
        audit.add("ASSET_MIN_VERSION_GREATER_THAN_VERSION", asset.minimum_version, asset.version, name="minVersion")
    if major != _MAJOR:
        audit.add("UNKNOWN_ASSET_MAJOR_VERSION", major, name="version")
    elif minor > 0:
        audit.add("UNKNOWN_ASSET_MINOR_VERSION", minor, name="version")
