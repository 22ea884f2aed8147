"""Searches over everything the library knows: ``python -m pytest benchmarks/bench_search.py -o python_files=bench_*.py
-o python_functions=bench_*``."""

from __future__ import annotations

from typing import Any

import pytest
from tests.agent.searches import SEARCHES

from axis_core.agent.search import search_catalogue
from axis_core.door import default_host


@pytest.mark.parametrize("query", [query for query, _ in SEARCHES[::6]])
def bench_a_search(benchmark: Any, query: str) -> None:
    host = default_host(installed=False)
    search_catalogue(query, host=host)
    assert benchmark(search_catalogue, query, host=host) is not None
