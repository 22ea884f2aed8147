"""One index over what there is: handlers, stages, platforms, formats, tiers, repairs, presets, clips, issue codes.

SQLite's full text search ranks (BM25, title before text); synonyms and near spellings are added to each word, and hits
that hold more of the words come first. The index is in memory, made once a host.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import attrs
import sqlite_utils

from axis_core.agent.catalogue import Entry, catalogue
from axis_core.agent.synonyms import STOP_WORDS, known_words, synonyms_of
from axis_core.plugin.host import PluginHost


__all__ = ["Hit", "search_catalogue"]

_INDEXES: WeakKeyDictionary[PluginHost, Index] = WeakKeyDictionary()
_LOCK = threading.Lock()
_CODE = re.compile(r"[A-Z]{2,}_[A-Z]|\b(?:code|issue|mean)s?\b")
_CODE_ASKED = 0.25  # what issues weigh more where a query names a code
_NEAR = 0.74  # of difflib's ratio, from which a known word stands for an unknown one


@attrs.frozen(kw_only=True)
class Hit:
    """A hit: what it is, how well it fits (0 to 1), and which words of the query it answers."""

    id: str
    kind: str
    title: str
    score: float
    snippet: str
    operation: tuple[str, str]
    matched: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "score": round(self.score, 4),
            "snippet": self.snippet,
            "operation": {"method": self.operation[0], "path": self.operation[1]},
            "matched": list(self.matched),
        }


def search_catalogue(query: str, *, limit: int = 50, host: PluginHost) -> tuple[Hit, ...]:
    """Return what answers ``query``, best first; an empty query lists everything."""
    with _LOCK:
        index = _INDEXES.get(host)
        if index is None:
            index = _INDEXES[host] = Index(catalogue(host))
        return index.search(query)[:limit]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9_]+", re.sub(r"(?<=[a-z])-(?=[a-z])", "", text.lower()))


class Index:
    """The index of one host's catalogue."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = {entry.id: entry for entry in entries}
        # One lock guards every use, so that any thread of a server may search.
        self.database = sqlite_utils.Database(sqlite3.connect(":memory:", check_same_thread=False))
        rows = (
            {"id": e.id, "title": _searched(e.title), "words": _searched(e.words), "text": _searched(e.text)}
            for e in self.entries.values()
        )
        table: Any = self.database["entries"]
        table.insert_all(rows, pk="id")
        table.enable_fts(["title", "words", "text"], tokenize="porter")
        spellings = (_words(f"{_searched(e.title)} {_searched(e.words)} {e.text}") for e in self.entries.values())
        self.vocabulary = sorted({word for words in spellings for word in words if len(word) > 2} | known_words())

    def search(self, query: str) -> tuple[Hit, ...]:
        """Return all hits, best first."""
        words = [w for w in _words(query) if w not in STOP_WORDS] or _words(query)
        if not words:
            return tuple(self._hit(entry, 0.0, ()) for entry in self.entries.values())
        found: dict[str, dict[str, float]] = {}
        for word in words:
            for weight, term in self._terms(word):
                for entry_id, strength in self._rows(term).items():
                    best = found.setdefault(entry_id, {})
                    best[word] = max(best.get(word, 0.0), weight * strength)
        whole = " ".join(words)
        asks_code = bool(_CODE.search(query))
        ranked = [
            (
                self._score(self.entries[key], matched, words, whole)
                + (_CODE_ASKED if asks_code else 0.0) * (self.entries[key].kind == "issue"),
                key,
            )
            for key, matched in found.items()
        ]
        ranked.sort(key=lambda pair: (-pair[0], self.entries[pair[1]].order, pair[1]))
        return tuple(self._hit(self.entries[key], score, tuple(found[key])) for score, key in ranked)

    def _terms(self, word: str) -> list[tuple[float, str]]:
        """The word itself, what means the same, and, where nobody knows it, what is spelt alike."""
        terms = [(1.0, word), *((0.9, other) for other in synonyms_of(word))]
        known = any(v == word or v.startswith(word) for v in self.vocabulary)
        if not known and len(terms) == 1:
            alike = [known for known in self.vocabulary if abs(len(known) - len(word)) <= 3 and known[0] == word[0]]
            near = difflib.get_close_matches(word, alike, n=2, cutoff=_NEAR)
            terms += [(0.7, other) for other in near]
            terms += [(0.6, other) for known_word in near[:1] for other in synonyms_of(known_word)]
        return terms

    def _rows(self, term: str) -> dict[str, float]:
        """Entries that hold ``term``, with 1 where the title does, less where only the text does."""
        out: dict[str, float] = {}
        quoted = " ".join(f'"{part}"' for part in term.replace("_", " ").split())
        for column, strength in (("title", 1.0), ("words", 0.9), ("text", 0.35)):
            sql = "select e.id from entries_fts f join entries e on e.rowid = f.rowid where entries_fts match ?"
            for row in self.database.query(sql, [f"{column} : {quoted}*"]):
                key = row["id"]
                out[key] = max(out.get(key, 0.0), strength)
        return out

    @staticmethod
    def _score(entry: Entry, matched: Mapping[str, float], words: list[str], whole: str) -> float:
        covered = sum(matched.values()) / len(words)
        title = " ".join(_words(_searched(entry.title)))
        names = {title, *(" ".join(_words(_searched(w))) for w in entry.words.split(","))}
        exact = 0.5 if whole.replace("_", " ") in names else 0.0
        length = len(title.split())
        return (covered + exact + entry.weight) / 1.6 - 0.002 * length

    @staticmethod
    def _hit(entry: Entry, score: float, matched: tuple[str, ...]) -> Hit:
        return Hit(
            id=entry.id,
            kind=entry.kind,
            title=entry.title,
            score=max(min(score, 1.0), 0.0),
            snippet=entry.text,
            operation=entry.operation,
            matched=matched,
        )


def _searched(text: str) -> str:
    return re.sub(r"(?<=[a-z])-(?=[a-z])", "", text.lower().replace("_", " "))
