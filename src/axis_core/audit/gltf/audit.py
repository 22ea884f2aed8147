"""The state of one audit: findings, document, extensions, resources, and the data checks still to come."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, TypeVar

from axis_core.audit.gltf.accessor import Accessor
from axis_core.audit.gltf.document import Document
from axis_core.audit.gltf.element_checks import ElementCheck, Hit
from axis_core.audit.gltf.findings import Findings
from axis_core.audit.gltf.options import ValidationOptions
from axis_core.audit.gltf.registry import ExtensionRegistry
from axis_core.audit.gltf.uri import Uri, UriError, parse_uri


__all__ = ["Audit", "Resources"]

T = TypeVar("T")
Resources = Callable[[str], bytes | None]
"""Gives the bytes behind a relative URI, None if there are none."""


class Audit(Findings):
    """One audit of one file."""

    def __init__(self, options: ValidationOptions, resources: Resources | None = None) -> None:
        super().__init__(options)
        self.document = Document()
        self.registry = ExtensionRegistry()
        self.resources = resources
        self.resource_facts: list[dict[str, Any]] = []
        self.is_glb = False
        self.binary: memoryview | None = None
        self.reported: set[tuple[str, Hit]] = set()
        self.checks: dict[Accessor, dict[Hashable, tuple[list[str], ElementCheck]]] = {}

    def resolve(self, records: Sequence[T | None], index: int, name: str | int) -> T | None:
        """Return the element that an index refers to; report an index that refers to none."""
        if index == -1:
            return None
        found = records[index] if index < len(records) else None
        if found is None:
            self.add("UNRESOLVED_REFERENCE", index, name=name)
        return found

    def read_uri(self, text: str, name: str) -> Uri | None:
        """Parse a URI, reporting one that is malformed or not a relative path."""
        try:
            uri = parse_uri(text)
        except UriError as error:
            self.add("INVALID_URI", text, error, name=name)
            return None
        if not uri.is_data and not uri.is_relative:
            self.add("NON_RELATIVE_URI", text, name=name)
        if self.is_glb:
            self.add("URI_GLB", name=name)
            if uri.is_data:
                self.add("DATA_URI_GLB", name=name)
        return uri

    def watch(self, accessor: Accessor, name: str, check: ElementCheck) -> None:
        """Check the data of an accessor once they are loaded; findings go to the place reached now.

        The same check for many uses of an accessor is made once.
        """
        key: Hashable = check
        if isinstance(check, partial):
            key = (check.func, *sorted(check.keywords.items()))
        checks = self.checks.setdefault(accessor, {})
        checks.setdefault(key, ([], check))[0].append(self.pointer(name))
