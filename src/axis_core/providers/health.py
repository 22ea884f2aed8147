"""How providers have done lately: rolling figures and a circuit breaker each, shared by threads."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

import attrs

from axis_core.providers.routing_config import Breaker


__all__ = ["Circuit", "Health", "HealthFigures", "quantile"]

Circuit = Literal["closed", "open", "half_open"]

_WINDOW = 50


@attrs.frozen(kw_only=True)
class HealthFigures:
    """What is known of one provider.

    Attributes
    ----------
    calls, failures : int
        Among the last fifty.
    p50_s, p95_s : float or None
        Seconds that successes took.
    last_success, last_failure : float or None
        Seconds of the clock.
    last_error : str
    circuit : {"closed", "open", "half_open"}
        Open: left alone. Half open: one request may try.
    """

    calls: int = 0
    failures: int = 0
    p50_s: float | None = None
    p95_s: float | None = None
    last_success: float | None = None
    last_failure: float | None = None
    last_error: str = ""
    circuit: Circuit = "closed"

    @property
    def is_healthy(self) -> bool:
        """Whether the circuit is closed and at least half of the calls succeeded."""
        return self.circuit == "closed" and self.failures * 2 <= self.calls


class _Record:
    """The last calls of one provider."""

    def __init__(self) -> None:
        self.calls: deque[tuple[bool, float]] = deque(maxlen=_WINDOW)
        self.in_a_row = 0
        self.last_success: float | None = None
        self.last_failure: float | None = None
        self.last_error = ""
        self.trying = False


class Health:
    """The memory of a router.

    Parameters
    ----------
    breaker : Breaker
    clock : callable () -> float, seconds
    """

    def __init__(self, breaker: Breaker | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.breaker, self.clock = breaker or Breaker(), clock
        self._records: dict[str, _Record] = {}
        self._lock = threading.Lock()

    def succeeded(self, name: str, seconds: float) -> None:
        """Remember a success; it closes the circuit."""
        with self._lock:
            record = self._records.setdefault(name, _Record())
            record.calls.append((True, seconds))
            record.in_a_row, record.trying = 0, False
            record.last_success = self.clock()

    def failed(self, name: str, error: str) -> None:
        """Remember a failure; enough of them in a row open the circuit, one in the half-open state does at once."""
        with self._lock:
            record = self._records.setdefault(name, _Record())
            record.calls.append((False, 0.0))
            record.in_a_row, record.trying = record.in_a_row + 1, False
            record.last_failure, record.last_error = self.clock(), error

    def released(self, name: str) -> None:
        """Forget that a call was under way: the caller's own mistake or wish says nothing of the provider."""
        with self._lock:
            self._records.setdefault(name, _Record()).trying = False

    def admits(self, name: str) -> bool:
        """Return whether a call may be made now; where the circuit is half open, to one caller only."""
        with self._lock:
            record = self._records.setdefault(name, _Record())
            state = self._circuit(record)
            if state == "half_open":
                record.trying = True
            return state != "open"

    def figures(self, name: str) -> HealthFigures:
        """Return what is known of a provider."""
        with self._lock:
            record = self._records.get(name)
            if record is None:
                return HealthFigures()
            times = sorted(seconds for ok, seconds in record.calls if ok)
            return HealthFigures(
                calls=len(record.calls),
                failures=sum(not ok for ok, _ in record.calls),
                p50_s=quantile(times, 0.5),
                p95_s=quantile(times, 0.95),
                last_success=record.last_success,
                last_failure=record.last_failure,
                last_error=record.last_error,
                circuit=self._circuit(record),
            )

    def _circuit(self, record: _Record) -> Circuit:
        if record.in_a_row < self.breaker.failures:
            return "closed"
        assert record.last_failure is not None
        rested = self.clock() - record.last_failure >= self.breaker.cooldown_s
        return "half_open" if rested and not record.trying else "open"


def quantile(ascending: list[float], share: float) -> float | None:
    """Return the value below which ``share`` of them lie, by the nearest rank; None of none."""
    if not ascending:
        return None
    return ascending[min(int(share * len(ascending)), len(ascending) - 1)]
