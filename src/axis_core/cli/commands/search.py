"""``axis search``."""

from __future__ import annotations

import click

from axis_core.cli.columns import columns
from axis_core.cli.group import AxisCommand
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("search", cls=AxisCommand)
@click.argument("query", nargs=-1, metavar="WORDS...")
@click.option("--limit", type=click.IntRange(1, 200), default=10, show_default=True, help="Most hits.")
@click.pass_obj
def command(session: Session, query: tuple[str, ...], limit: int) -> None:
    """Find what there is: verbs, platforms, formats, tiers, repairs, presets, animations, issue codes.

    Words may be misspelt or mean the same as ours.
    """
    from axis_core.agent.search import search_catalogue

    words = " ".join(query)
    hits = search_catalogue(words, limit=limit, host=session.host)
    payload = {"query": words, "results": [hit.as_json() for hit in hits], "count": len(hits)}
    text = columns((hit.kind, hit.title, hit.snippet) for hit in hits)
    session.result(payload, text or f"Nothing is known about {words!r}. `axis search` alone lists everything.")
