"""TraceIndex: the traces of all assets in memory, read anew when the table has changed."""

from __future__ import annotations

import threading

from axis_core.audit.fraud import KnownIndex, Match, Traces
from axis_http.store import traces
from axis_http.store.database import Database


__all__ = ["TraceIndex"]


class TraceIndex:
    """Finds the assets that traces belong to."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._state: tuple[int, float] = (0, 0.0)
        self._index = KnownIndex(())

    def matches(self, found: Traces) -> tuple[Match, ...]:
        """Return the assets that ``found`` resembles, whoever owns them, the best first."""
        with self._lock:
            now = traces.state(self._db)
            if now != self._state:
                self._index, self._state = KnownIndex(traces.known(self._db)), now
            index = self._index
        return index.matches(found)
