"""Searches: the right thing first, quickly, whatever the spelling."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agent.searches import SEARCHES, STRANGERS

from axis_core.agent.guides import GUIDES
from axis_core.agent.lexicon import REPAIRS
from axis_core.agent.search import search_catalogue
from axis_core.door import default_host


@pytest.mark.parametrize("rows", [SEARCHES, STRANGERS], ids=["first author", "strangers"])
def test_most_searches_have_the_right_hit_first_and_nearly_all_among_three(rows: list[tuple[str, str]]) -> None:
    host = default_host(installed=False)
    hits = {query: [h.id for h in search_catalogue(query, limit=3, host=host)] for query, _ in rows}
    first = [query for query, wanted in rows if hits[query][:1] != [wanted]]
    among = [query for query, wanted in rows if wanted not in hits[query]]
    assert len(first) <= 0.15 * len(rows), first
    assert len(among) <= 0.03 * len(rows), among


def test_presets_are_found_by_what_they_are() -> None:
    host = default_host(installed=False)
    assert search_catalogue("woman with an afro", limit=1, host=host)[0].id == "preset:zola"
    assert "preset:chibi" in [h.id for h in search_catalogue("chibi", limit=3, host=host)]


def test_every_repair_that_a_goal_can_name_exists() -> None:
    known = {repair.name for repair in default_host(installed=False).repairs}
    assert {name for name, _ in REPAIRS} <= known


def test_any_thread_may_search() -> None:
    host = default_host(installed=False)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda query: search_catalogue(query, limit=1, host=host)[0].id, ["unity", "godot"] * 20))
    assert found == ["platform:unity", "platform:godot"] * 20


def test_an_empty_search_lists_everything_and_handlers_first() -> None:
    host = default_host(installed=False)
    hits = search_catalogue("", limit=10_000, host=host)
    assert len({h.id for h in hits}) == len(hits) > 200
    assert hits[0].kind == "handler"


@given(st.text(max_size=80))
def test_any_query_is_answered_in_order(query: str) -> None:
    hits = search_catalogue(query, limit=20, host=default_host(installed=False))
    scores = [h.score for h in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= s <= 1.0 for s in scores)


@pytest.mark.parametrize("query", ["'; drop table entries; --", '"', "title : x OR *", "a" * 5000, "NEAR(a b)"])
def test_what_looks_like_a_query_language_is_only_words(query: str) -> None:
    host = default_host(installed=False)
    search_catalogue(query, host=host)
    assert search_catalogue("unity", limit=1, host=host)[0].id == "platform:unity"


def test_every_page_of_the_documentation_is_found_by_what_it_is_about() -> None:
    host = default_host(installed=False)
    pages = {p.stem for p in (Path(__file__).resolve().parents[2] / "docs").glob("*.md")}
    assert set(GUIDES) == pages
    wanted = {"embed in an iframe": "studio", "environment variables": "settings", "licences": "dependencies"}
    for asked, page in wanted.items():
        found = [h.id for h in search_catalogue(asked, host=host, limit=4)]
        assert f"guide:{page}" in found, found
