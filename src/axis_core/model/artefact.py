"""Artefact: one file that comes out."""

from __future__ import annotations

import hashlib

import attrs


__all__ = ["Artefact"]


@attrs.frozen(kw_only=True)
class Artefact:
    """Bytes with a name and a role.

    Attributes
    ----------
    name : str
        File name, ``avatar_LOD1.glb``.
    role : str
        ``avatar``, ``lod``, ``texture``, ``contract``, ``report``, ``preview``, ``companion``.
    media_type : str
    """

    name: str
    role: str
    media_type: str
    data: bytes = attrs.field(repr=False)

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the bytes."""
        return hashlib.sha256(self.data).hexdigest()
