"""Names of the files that writers make."""

from __future__ import annotations

import re


__all__ = ["file_name", "safe_stem", "unique_name"]

_UNSAFE = re.compile(r"[^\w.+-]+", re.ASCII)


def file_name(name: str, suffix: str) -> str:
    """Return ``name`` with ``suffix``, once: both ``avatar`` and ``avatar.glb`` give ``avatar.glb``."""
    return name if name.lower().endswith(suffix) else f"{name}{suffix}"


def safe_stem(name: str, fallback: str) -> str:
    """Return ``name`` with only letters, digits and ``_.+-``, so that it is one word and no path on any system."""
    stem = _UNSAFE.sub("_", name).strip("._")[:80]
    return stem or fallback


def unique_name(name: str, taken: set[str]) -> str:
    """Return ``name``, numbered if it is taken (upper and lower case are the same), and take it."""
    stem, dot, suffix = name.rpartition(".")
    candidate, n = name, 1
    while candidate.lower() in taken:
        n += 1
        candidate = f"{stem}_{n}.{suffix}" if dot else f"{name}_{n}"
    taken.add(candidate.lower())
    return candidate
