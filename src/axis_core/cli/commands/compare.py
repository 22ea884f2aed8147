"""``axis compare``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from axis_core.cli.columns import columns
from axis_core.cli.files import INPUT, OUTPUT, refuse_overwriting, write_atomically
from axis_core.cli.group import AxisCommand
from axis_core.cli.session import Session


__all__ = ["command"]

_SHOWN = 6


@click.command("compare", cls=AxisCommand)
@click.argument("one", type=INPUT, metavar="A")
@click.argument("two", type=INPUT, metavar="B")
@click.option("-o", "--output", type=OUTPUT, metavar="FILE.png", help="Draw both, one above the other, into this file.")
@click.pass_obj
def command(session: Session, one: Path, two: Path, output: Path | None) -> None:
    """Say what differs between A and B: triangles, surfaces, joints, morph targets, materials, animations, textures."""
    from axis_core import door
    from axis_core.render import contact_sheet

    if output is not None:
        refuse_overwriting(output, one)
        refuse_overwriting(output, two)
        if output.suffix.lower() != ".png":
            raise click.UsageError(f"{output} does not end in .png; that is what is written.")
    scenes = [door.read(path, host=session.host) for path in (one, two)]
    found = door.compare(*scenes, host=session.host)
    lines = columns(_rows(one, two, found))
    files: tuple[Path, ...] = ()
    if output is not None:
        views = [door.render(scene, views=("front", "side", "back"), size=(360, 450)) for scene in scenes]
        write_atomically(output, contact_sheet([(p.name, v) for p, v in zip((one, two), views)], columns=1))
        files, lines = (output,), f"{lines}\nwrote {output}"
    session.result({"a": str(one), "b": str(two), **found, "files": files}, lines)


def _rows(one: Path, two: Path, found: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield "", one.name, two.name
    for label, (a, b) in found["counts"].items():
        yield label, f"{a:,}", f"{b:,}" if a == b else f"{b:,} ({b - a:+,})"
    sizes = [" x ".join(f"{h - low:.3f}" for low, h in zip(*bounds)) for bounds in found["bounds"]]
    yield "size, m", sizes[0], sizes[1]
    distance = found["distance_m"]
    if distance is not None:
        yield "distance, mm", f"mean {1e3 * distance['mean']:.2f}", f"farthest {1e3 * distance['max']:.2f}"
    a, b = (sum(sizes) for sizes in found["texture_bytes"])
    yield "texture bytes", f"{a:,}", f"{b:,}"
    tiers = [name or "over all" for name in found["budget"]]
    yield "lightest tier", tiers[0], tiers[1]
    if found["weights"] is not None:
        share, most = found["weights"]["moved_share"], found["weights"]["joints"]
        moved = ", ".join(f"{name} {change:+.1%}" for name, change in list(most.items())[:3])
        yield "weights", f"{share:.1%} on other joints", moved
    for label in ("joints", "morph_targets", "materials", "animations"):
        names = found[label]
        shared = f"{names['both']} in both"
        yield label.replace("_", " "), _only(names["only_a"], shared), _only(names["only_b"], shared)


def _only(names: list[str], shared: str) -> str:
    if not names:
        return shared
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{shared}; only here: {', '.join(names[:_SHOWN])}{more}"
