"""Rate limits that survive a restart and hold over several processes, without a write for each request.

Allowances are in the database and leased in blocks: a process takes a tenth of a minute's worth at once and counts it
down in memory. A block that is not used up is lost when the process ends, which errs on the strict side.
"""

from __future__ import annotations

import time

from axis_http.problems import Problem, problem
from axis_http.store.database import Database
from axis_http.store.throttles import take_allowance


__all__ = ["RateLimits"]

BLOCK_S = 30.0


class RateLimits:
    """Allowances by name."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._blocks: dict[str, tuple[int, float]] = {}

    def at_hand(self, name: str) -> bool:
        """Use one of a block that was leased; False if a new one has to be taken."""
        left, until = self._blocks.get(name, (0, 0.0))
        if left < 1 or until < time.monotonic():
            return False
        self._blocks[name] = (left - 1, until)
        return True

    def take(self, name: str, per_minute: int) -> None:
        """Lease a block and use one of it; it waits for the disk, so call it in a thread.

        Raises
        ------
        Problem
            ``rate_limited``, with the seconds until there is one again.
        """
        taken, wait = take_allowance(self._db, name, per_minute=per_minute, block=max(1, per_minute // 10))
        if not taken:
            raise self._too_many(per_minute, wait)
        moment = time.monotonic()
        if len(self._blocks) > 10_000:
            self._blocks = {k: v for k, v in self._blocks.items() if v[1] > moment}
        self._blocks[name] = (taken - 1, moment + BLOCK_S)

    @staticmethod
    def _too_many(per_minute: int, wait: float) -> Problem:
        return problem("rate_limited", f"more than {per_minute} requests a minute", retry_after=max(wait, 1.0))
