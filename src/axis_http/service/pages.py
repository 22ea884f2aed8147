"""The Studio's files: the shell of its pages and the bundle that was made when the package was built."""

from __future__ import annotations

import gzip
import html
import json
import mimetypes
from functools import lru_cache
from importlib.resources import files
from typing import Any

from axis_core.errors import NotFound
from axis_http.problems import problem


__all__ = ["bundle_file", "compressed_file", "page_policy", "shell"]

PAGES = {"studio": "AXIS Studio", "creator": "Make an avatar", "tour": "AXIS: the API"}
STYLES = {"tour": "tour.css"}


@lru_cache(maxsize=64)
def bundle_file(name: str) -> tuple[bytes, str]:
    """Return (bytes, media type) of a file of the bundle.

    Raises
    ------
    NotFound
        There is no such file.
    Problem
        503 where the package was built without Node.
    """
    folder = files("axis_http") / "studio" / "bundle"
    if not folder.is_dir():
        raise problem(
            "not_configured", "the Studio is not part of this installation: it was built where there was no Node"
        )
    known = {entry.name for entry in folder.iterdir()} - {"stamp"}
    if name not in known:
        raise NotFound(f"the Studio has no file {name!r:.120}")
    return (folder / name).read_bytes(), mimetypes.guess_type(name)[0] or "application/octet-stream"


@lru_cache(maxsize=64)
def compressed_file(name: str) -> bytes:
    """Return a file of the bundle as gzip."""
    return gzip.compress(bundle_file(name)[0], mtime=0)


def shell(page: str, prefix: str, data: dict[str, Any]) -> str:
    """Return the HTML of a page: nothing but links to its script and style, and ``data`` for the script."""
    bundle_file(f"{page}.js")
    told = json.dumps({"prefix": prefix, **data}).replace("<", "\\u003c")
    base, style = html.escape(f"{prefix}/studio/"), STYLES.get(page, "studio.css")
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{PAGES[page]}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{base}{style}">'
        f'<script type="application/json" id="axis-settings">{told}</script>'
        f'<script type="module" src="{base}{page}.js"></script></head><body><div id="app"></div>'
        "<noscript>This page needs JavaScript.</noscript></body></html>"
    )


def page_policy(nonce: str = "", ancestors: tuple[str, ...] = ()) -> str:
    """Return the policy of a page: scripts and styles of ours alone, models and pictures of ours or made here."""
    own = f"'nonce-{nonce}'" if nonce else "'self'"
    framing = " ".join(ancestors) or "'none'"
    return (
        f"default-src 'none'; script-src {own} 'wasm-unsafe-eval'; style-src {own}; img-src 'self' data: blob:; "
        f"connect-src 'self' data: blob:; font-src 'self'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {framing}"
    )
