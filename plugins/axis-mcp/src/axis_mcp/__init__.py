"""AXIS for MCP clients."""

from __future__ import annotations

from axis_core.plugin import Command, hookimpl


__all__ = ["axis_commands"]


@hookimpl
def axis_commands() -> list[Command]:
    """Return mcp."""
    return [Command(name="mcp", summary="Serve the verbs to MCP clients, over stdio or HTTP.", build=_build)]


def _build() -> object:
    from axis_mcp.command import command

    return command
