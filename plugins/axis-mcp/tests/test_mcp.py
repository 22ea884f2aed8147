"""The package's own client lists and calls every tool, over memory, stdio and HTTP, and reads what was made."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from axis_mcp.server import make_server
from axis_mcp.transports import http_app
from axis_mcp.workspace import Workspace
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.memory import create_connected_server_and_client_session
from pydantic import AnyUrl

import axis_core
from axis_core.plugin import NotFound
from axis_core.testing import capsule_person


NAMES = [h["name"] for h in axis_core.handlers()]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    axis_core.write(capsule_person(), folder / "hero.glb")
    return folder


def with_client(workspace: Workspace, body: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    async def talk() -> Any:
        async with create_connected_server_and_client_session(make_server(workspace)) as client:
            return await body(client)

    return anyio.run(talk)


ARGUMENTS: dict[str, dict[str, Any]] = {
    "generate": {"preset": "mannequin", "polygon_tier": "mobile_light"},
    "process": {"input": "hero.glb", "polygon_tier": "mobile_light", "skip": ["lods"]},
    "rig": {"input": "hero.glb", "force": True},
    "repair": {"input": "hero.glb"},
    "audit": {"input": "hero.glb", "format": "markdown"},
    "decimate": {"input": "hero.glb", "ratio": 0.5},
    "convert": {"input": "hero.glb", "format": "obj"},
    "preview": {"input": "hero.glb", "views": ["front"]},
    "search": {"query": "rig"},
    "export": {"input": "hero.glb", "format": "stl"},
    "do": {"goal": "reduce it to 300 triangles", "input": "hero.glb"},
}
NEEDS_DATA = {"generate"}
"""Handlers that need the body pack."""


def test_every_handler_is_a_tool_with_its_own_schema(root: Path) -> None:
    async def body(client: ClientSession) -> None:
        tools = (await client.list_tools()).tools
        assert [t.name for t in tools] == [*NAMES, "do"]
        for tool, handler in zip(tools, axis_core.handlers(), strict=False):
            assert tool.inputSchema == handler["params_schema"]
            assert tool.annotations is not None
            assert tool.annotations.readOnlyHint is not handler["side_effects"]

    with_client(Workspace(root), body)


def test_every_tool_can_be_called_and_what_it_made_can_be_read(root: Path, tmp_path: Path) -> None:
    workspace = Workspace(root, tmp_path / "made")
    before = (root / "hero.glb").read_bytes()

    async def body(client: ClientSession) -> None:
        for name in [*NAMES, "do"]:
            result = await client.call_tool(name, ARGUMENTS[name])
            said = result.structuredContent
            assert said is not None
            if name in NEEDS_DATA and said.get("steps", [{}])[0].get("status") == "failed":
                assert "axis assets install" in json.dumps(said)
                continue
            assert not result.isError, said
            assert said["status"] == "completed"
            for file in said["files"]:
                assert Path(file["path"]).stat().st_size > 0
                assert Path(file["path"]).is_relative_to(tmp_path)
        listed = {str(r.uri): r for r in (await client.list_resources()).resources}
        assert any(uri.endswith("contract.json") for uri in listed)
        assert any(uri.endswith("audit.md") for uri in listed)
        for uri in listed:
            (content,) = (await client.read_resource(AnyUrl(uri))).contents
            assert content.text
        presets = json.loads((await client.read_resource(AnyUrl("axis://presets"))).contents[0].text)
        assert {"neutral", "chibi"} <= {p["title"] for p in presets}

    with_client(workspace, body)
    assert (root / "hero.glb").read_bytes() == before


@pytest.mark.parametrize("name", ["../secret.glb", "/etc/hostname", "", "nothing.glb", ".", "hero.glb\0"])
def test_files_outside_the_root_are_no_inputs(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.glb").write_bytes(b"glTF")
    (tmp_path / "root").mkdir()
    with pytest.raises(NotFound):
        Workspace(tmp_path / "root").open_input(name)


def test_a_result_is_the_input_of_a_later_call(root: Path, tmp_path: Path) -> None:
    async def body(client: ClientSession) -> None:
        first = (await client.call_tool("decimate", {"input": "hero.glb", "target_polycount": 300})).structuredContent
        assert first is not None
        again = await client.call_tool("audit", {"input": first["files"][0]["path"]})
        assert not again.isError

    with_client(Workspace(root, tmp_path), body)


def test_what_is_not_allowed_or_missing_makes_nothing(root: Path, tmp_path: Path) -> None:
    async def body(client: ClientSession) -> None:
        for name, arguments in (
            ("decimate", {"input": "hero.glb", "ratio": 0.5}),
            ("do", {"goal": "rig it", "input": "hero.glb"}),
            ("do", {"goal": "rig it", "allow": ["rig"]}),
            ("do", {"goal": "post it on the web", "input": "hero.glb"}),
        ):
            result = await client.call_tool(name, arguments)
            assert result.isError
            assert result.structuredContent is not None
            assert result.structuredContent["status"] == "needs_input"
        shown = await client.call_tool("do", {"goal": "check it", "input": "hero.glb", "dry_run": True})
        assert shown.structuredContent is not None
        assert shown.structuredContent["plan"] == [{"handler": "audit", "args": {"input": "hero.glb"}}]

    with_client(Workspace(root, tmp_path, allow=[]), body)
    assert list(tmp_path.iterdir()) == []


def test_arguments_that_do_not_fit_are_refused(root: Path, tmp_path: Path) -> None:
    async def body(client: ClientSession) -> None:
        assert (await client.call_tool("rig", {"input": "hero.glb", "max_influences": 99})).isError
        assert (await client.call_tool("format_disk", {})).isError

    with_client(Workspace(root, tmp_path), body)
    assert list(tmp_path.iterdir()) == []


def test_a_client_starts_it_over_stdio(root: Path, tmp_path: Path) -> None:
    start = "import sys; from axis_mcp.command import command; command(sys.argv[1:])"
    arguments = ["-c", start, "--root", str(root), "--output", str(tmp_path)]

    async def talk() -> None:
        paths = [p for p in sys.path if p]
        process = StdioServerParameters(command=sys.executable, args=arguments, env={"PYTHONPATH": ":".join(paths)})
        async with stdio_client(process) as (reading, writing), ClientSession(reading, writing) as client:
            await client.initialize()
            assert [t.name for t in (await client.list_tools()).tools] == [*NAMES, "do"]
            result = await client.call_tool("search", {"query": "roblox", "limit": 1})
            assert "roblox" in json.dumps(result.structuredContent)

    anyio.run(talk)


def test_http_answers_this_machine_only(root: Path, tmp_path: Path) -> None:
    import httpx

    app = http_app(make_server(Workspace(root, tmp_path)), 8421)

    async def talk() -> None:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app)
            async with (
                httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8421") as http,
                streamable_http_client("http://127.0.0.1:8421/mcp/", http_client=http) as (reading, writing, _),
                ClientSession(reading, writing) as client,
            ):
                await client.initialize()
                assert [t.name for t in (await client.list_tools()).tools] == [*NAMES, "do"]
            async with httpx.AsyncClient(transport=transport, base_url="http://evil.example") as http:
                refused = await http.post("/mcp/", json={}, headers={"Accept": "application/json, text/event-stream"})
                assert refused.status_code == 421

    anyio.run(talk)
