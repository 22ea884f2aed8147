"""A real character by three ways in and four formats out, with a stream that is cut and resumed."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.http.running import Running
from tests.http.test_journey import events_of

import axis_core


GLB = {"content-type": "model/gltf-binary"}
CHARACTER = "quaternius/cute_fish_pack_Koi.glb"


@pytest.fixture(scope="module")
def character(groundtruth: Path) -> bytes:
    return (groundtruth / CHARACTER).read_bytes()


def outcomes(axis: Running, character: bytes) -> dict[str, dict[str, Any]]:
    """The same character processed after each way of sending it."""
    query = "/api/process?platform=godot&polygon_tier=mobile_light"
    source = {"data_b64": base64.b64encode(character).decode(), "filename": "koi.glb"}
    return {
        "raw": axis.data("POST", query, content=character, headers=GLB),
        "form": axis.data("POST", query, files={"file": ("koi.glb", character)}),
        "json": axis.data("POST", query, json={"source": source}),
    }


def test_three_ways_in_four_formats_out(axis: Running, character: bytes, tmp_path: Path) -> None:
    made = outcomes(axis, character)
    digests = {}
    for way, answer in made.items():
        exports = {
            fmt: axis.request("GET", f"{answer['download_url']}?format={fmt}") for fmt in ("glb", "gltf", "obj", "stl")
        }
        assert {r.status_code for r in exports.values()} == {200}
        digests[way] = {fmt: r.headers["etag"] for fmt, r in exports.items()}
        assert len(set(digests[way].values())) == 4
    assert digests["raw"] == digests["form"] == digests["json"]
    counts = {}
    for fmt, response in exports.items():
        if fmt == "obj":
            zipfile.ZipFile(io.BytesIO(response.content)).extractall(tmp_path)
        else:
            (tmp_path / f"avatar.{fmt}").write_bytes(response.content)
        counts[fmt] = axis_core.read(tmp_path / f"avatar.{fmt}").n_triangles
    assert len(set(counts.values())) == 1
    assert next(iter(counts.values())) > 100
    assert axis_core.read(tmp_path / "avatar.glb").skins


def test_its_stream_is_resumed_after_a_cut(axis: Running, character: bytes) -> None:
    async def cut() -> tuple[str, int]:
        job, seen = "", 0
        async with axis.client.stream("POST", "/api/process/stream", content=character, headers=GLB) as response:
            async for line in response.aiter_lines():
                seen = int(line[4:]) if line.startswith("id: ") else seen
                job = job or (json.loads(line[6:])["job_id"] if line.startswith("data: ") else "")
                if seen >= 3:
                    return job, seen
        raise AssertionError("the stream ended early")

    job, seen = axis.do(cut())
    rest = events_of(axis.request("GET", f"/api/jobs/{job}/events", headers={"last-event-id": str(seen)}).text)
    assert [e[0] for e in rest] == list(range(seen + 1, seen + 1 + len(rest)))
    assert [e[1] for e in rest][-2:] == ["result", "done"]
