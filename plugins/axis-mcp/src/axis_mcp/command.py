"""``axis mcp``."""

from __future__ import annotations

from pathlib import Path

import click


__all__ = ["command"]


@click.command("mcp")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    show_default=True,
    help="Folder whose files may be inputs.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the results; axis-out in the root unless given.",
)
@click.option("--allow", metavar="NAME,...", help="Only these handlers may make something.")
@click.option("--http", is_flag=True, help="Serve HTTP on this machine instead of standard input and output.")
@click.option("--port", type=click.IntRange(1, 65535), default=8421, show_default=True, help="Port of --http.")
def command(root: Path, output: Path | None, allow: str | None, http: bool, port: int) -> None:
    """Serve the verbs to MCP clients: tools, contracts, reports and presets."""
    import anyio

    from axis_mcp.server import make_server
    from axis_mcp.transports import http_app, serve_stdio
    from axis_mcp.workspace import Workspace

    names = None if allow is None else [name.strip() for name in allow.split(",") if name.strip()]
    server = make_server(Workspace(root, output, allow=names))
    if not http:
        anyio.run(serve_stdio, server)
        return
    import uvicorn

    click.echo(f"serving {root.resolve()} at http://127.0.0.1:{port}/mcp", err=True)
    uvicorn.run(http_app(server, port), host="127.0.0.1", port=port, log_level="warning")
