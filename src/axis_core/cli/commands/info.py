"""``axis info``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from axis_core.cli.columns import columns, thousands
from axis_core.cli.files import INPUT
from axis_core.cli.group import AxisCommand
from axis_core.cli.session import Session


__all__ = ["command"]

_NOTES = {"triangles": "{triangles:,} triangles", "bytes": "{bytes:,} bytes", "seconds": "{seconds:.1f} s"}
"""What is said of a named thing, by the key that tells it."""


@click.command("info", cls=AxisCommand)
@click.argument("file", type=INPUT, metavar="FILE")
@click.pass_obj
def command(session: Session, file: Path) -> None:
    """Say what is in FILE: sizes, bounds, materials, textures, skeleton, morph targets, animations, extensions."""
    from axis_core import door

    facts = door.info(file, host=session.host)
    session.result({"file": str(file), **facts}, columns(_rows(file, facts, all_names=session.verbose)))


def _rows(file: Path, facts: Mapping[str, Any], *, all_names: bool) -> Iterator[tuple[str, str]]:
    mesh = facts.get("mesh") or {}
    limit = None if all_names else 8
    yield "file", str(file)
    yield "format", f"{facts.get('format')}, {thousands(facts.get('size_bytes', 0))} bytes"
    yield "sha256", str(facts.get("sha256", ""))
    yield (
        "mesh",
        f"{thousands(mesh.get('vertex_count', 0))} vertices, {thousands(mesh.get('triangle_count', 0))} triangles",
    )
    if mesh.get("bounds"):
        low, high = mesh["bounds"]
        size = " x ".join(f"{b - a:.3f}" for a, b in zip(low, high))
        yield "size", f"{size} m, from ({_numbers(low)}) to ({_numbers(high)})"
    skeleton = facts.get("skeleton")
    yield "skeleton", f"{skeleton['name'] or 'unnamed'}, {skeleton['joint_count']} joints" if skeleton else "none"
    for title in ("meshes", "materials", "textures", "morph_targets", "animations", "extensions"):
        yield title.replace("_", " "), _names(facts.get(title) or (), limit)
    for note in facts.get("notes") or ():
        yield "note", note
    if facts.get("contract"):
        yield "contract", "yes; see `axis contract show`"


def _numbers(values: Any) -> str:
    return ", ".join(f"{value:.3f}" for value in values)


def _names(items: Any, limit: int | None) -> str:
    if isinstance(items, int):
        return str(items) if items else "none"
    words = [_label(item) for item in items]
    if not words:
        return "none"
    shown = ", ".join(words[:limit])
    return (
        f"{len(words)}: {shown}" if limit is None or len(words) <= limit else f"{len(words)}: {shown}, ... (-v for all)"
    )


def _label(item: Any) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    name = str(item.get("name") or "unnamed")
    notes = [text for key, text in _NOTES.items() if key in item]
    return f"{name} ({', '.join(notes).format(**item)})" if notes else name
