"""Names that USD takes: identifiers, each once among its siblings."""

from __future__ import annotations

from pxr import Tf


__all__ = ["Names"]


class Names:
    """Gives identifiers under one parent."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str, fallback: str) -> str:
        """Return ``wanted`` as an identifier that nothing here has."""
        base = Tf.MakeValidIdentifier(wanted or fallback)
        name, n = base, 1
        while name in self._taken:
            n += 1
            name = f"{base}_{n}"
        self._taken.add(name)
        return name
