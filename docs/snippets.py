"""The examples that pages print, taken out to be run: ``python docs/snippets.py PAGE FOLDER`` writes its files.

A fenced block whose first line after the language says ``file=NAME`` is a file; blocks of ``python`` without it are
steps of the page, blocks of ``console`` hold commands after ``$``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple


__all__ = ["Snippet", "commands", "files", "snippets"]

_FENCE = re.compile(r"^```(?P<language>\w+)(?P<rest>[^\n]*)\n(?P<text>.*?)^```$", re.M | re.S)
_FILE = re.compile(r"\bfile=(\S+)")


class Snippet(NamedTuple):
    """A fenced block: its language, the file it is, its text and the line it starts at."""

    language: str
    file: str
    text: str
    line: int


def snippets(page: Path) -> list[Snippet]:
    """Return the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    out = []
    for match in _FENCE.finditer(text):
        named = _FILE.search(match["rest"])
        line = text.count("\n", 0, match.start("text")) + 1
        out.append(Snippet(match["language"], named[1] if named else "", match["text"], line))
    return out


def files(page: Path) -> dict[str, str]:
    """Return the files that a page prints, by name."""
    return {s.file: s.text for s in snippets(page) if s.file}


def commands(page: Path) -> list[str]:
    """Return the commands of a page: what follows ``$`` in its console blocks."""
    lines = "\n".join(s.text for s in snippets(page) if s.language == "console").splitlines()
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def main(page: str, folder: str) -> None:
    """Write the files of ``page`` into ``folder``."""
    for name, text in files(Path(page)).items():
        target = Path(folder) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
