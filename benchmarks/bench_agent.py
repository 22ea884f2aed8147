"""Counts right plans and first hits of the agent's data sets, and times planning and searching in CPU time.

``python benchmarks/bench_agent.py`` from the root of the checkout.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.agent import goals, searches, strangers
from tests.agent.test_planner import comparable, is_right

from axis_core.agent import plan_goal
from axis_core.agent.search import search_catalogue
from axis_core.door import default_host


SETS = ("SEEN", "ASIDE", "LATE", "LAST", "FRESH", "FINAL", "FINALE")


def timed(function: Callable[[], Any], times: list[float]) -> Any:
    """Return what ``function`` returns, and note its CPU time in milliseconds."""
    begun = time.process_time()
    result = function()
    times.append((time.process_time() - begun) * 1e3)
    return result


def plans() -> None:
    """Print right plans, guesses where something was missing, and milliseconds a plan."""
    for name in ("BUILT_WITH", "KEPT_ASIDE"):
        rows = getattr(goals, name)
        print(f"{name}: {sum(map(is_right, rows))} of {len(rows)}")
    times: list[float] = []
    for name in SETS:
        right = guessed = 0
        rows = getattr(strangers, name)
        for goal, file, wanted in rows:
            plan = timed(lambda g=goal, f=file: plan_goal(g, {"input": f} if f else {}), times)
            right += comparable([(s.handler, dict(s.args)) for s in plan.steps]) == comparable(wanted)
            guessed += not wanted and plan.status == "planned"
        print(f"{name}: {right} of {len(rows)}, {guessed} guesses")
    print(f"a plan: median {statistics.median(times):.2f} ms, most {max(times):.2f} ms")


def hits() -> None:
    """Print first hits, hits among three, and milliseconds a search; the index is made before."""
    host = default_host(installed=False)
    search_catalogue("warm", host=host)
    for name in ("SEARCHES", "STRANGERS"):
        rows, times = getattr(searches, name), []
        found = [
            (wanted, [h.id for h in timed(lambda q=query: search_catalogue(q, limit=3, host=host), times)])
            for query, wanted in rows
        ]
        first, among = sum(ids[:1] == [w] for w, ids in found), sum(w in ids for w, ids in found)
        spread = f"median {statistics.median(times):.2f} ms, most {max(times):.2f} ms"
        print(f"{name}: first {first}, among three {among} of {len(rows)}; {spread}")


if __name__ == "__main__":
    plans()
    hits()
