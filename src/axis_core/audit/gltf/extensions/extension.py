"""What the audit knows of one glTF extension."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from axis_core.audit.gltf.formats import Format
from axis_core.audit.gltf.reader import JsonObject


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["Extension", "Formats"]

Formats = Mapping[str, list[Format]]


@attrs.frozen(kw_only=True)
class Extension:
    """One extension.

    Attributes
    ----------
    name : str
        As in ``extensionsUsed``.
    readers : mapping
        Where its objects may stand (the schema name of the host) to what reads them.
    link : callable or None
        ``link(audit, host, object)``, called when the host is linked.
    is_required : bool
        Whether it must be in ``extensionsRequired`` if it is used.
    is_exclusive : bool
        Whether other extensions on the same object make little sense.
    image_media_types, animation_paths : tuple of str
        What it adds to the lists of glTF.
    attribute_formats, morph_formats : mapping
        Accessor formats it adds, by semantic.
    """

    name: str
    readers: Mapping[str, Callable[[Audit, JsonObject], Any]] = attrs.field(factory=dict)
    link: Callable[[Audit, Any, Any], None] | None = None
    is_required: bool = False
    is_exclusive: bool = False
    image_media_types: tuple[str, ...] = ()
    animation_paths: tuple[str, ...] = ()
    attribute_formats: Formats = attrs.field(factory=dict)
    morph_formats: Formats = attrs.field(factory=dict)
