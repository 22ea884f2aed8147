"""A character goes in three ways and comes out in four formats; streams are resumed; the server stays up."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.http.running import Running

import axis_core
from axis_http.contract.document import contract, served_document, uncontained


GLB = {"content-type": "model/gltf-binary"}


@pytest.fixture(scope="module")
def rigged(axis: Running, person_glb: bytes) -> dict[str, Any]:
    return axis.data("POST", "/api/rig?platform=unity", content=person_glb, headers=GLB)


def test_three_ways_of_sending_a_mesh_give_the_same_rig(
    axis: Running, person_glb: bytes, rigged: dict[str, Any]
) -> None:
    form = axis.data("POST", "/api/rig", files={"file": ("p.glb", person_glb)}, data={"platform": "unity"})
    source = {"data_b64": base64.b64encode(person_glb).decode(), "filename": "p.glb"}
    inline = axis.data("POST", "/api/rig?platform=unity", json={"source": source})
    upload = axis.data("POST", "/api/uploads", content=person_glb, headers=GLB)
    by_id = axis.data("POST", "/api/rig?platform=unity", json={"source": {"upload_id": upload["upload_id"]}})
    for other in (form, inline, by_id):
        assert other["joints"] == rigged["joints"]
    assert rigged["rig"]["archetype"] == "humanoid"
    assert rigged["skin"]["unweighted_vertices"] == 0
    assert rigged["skin"]["max_influences"] <= 4
    assert {"Hips", "LeftUpperLeg"} <= {j["name"] for j in rigged["joints"]}


def test_companions_come_as_further_parts(axis: Running, tmp_path: Path) -> None:
    from axis_core.testing import textured_quad

    first, *others = axis_core.write(textured_quad(), tmp_path / "quad.obj")
    parts = [("file", (first.name, first.read_bytes()))] + [("more", (p.name, p.read_bytes())) for p in others]
    answer = axis.data("POST", "/api/validate", files=parts)
    assert answer["stats"]["triangle_count"] == 2


def test_the_pipeline_runs_and_says_what_it_did(axis: Running, person_glb: bytes) -> None:
    answer = axis.data("POST", "/api/process?platform=godot&polygon_tier=mobile_light", content=person_glb, headers=GLB)
    assert answer["platform"] == "godot"
    assert answer["stages"][0]["name"] == "ingest"
    assert answer["contract"]["polygon_tier"] == "mobile_light"
    assert answer["quality"]["grade"] in "ABC"
    info = axis.data("GET", f"/api/info?path=export:{answer['export_id']}")
    assert info["skeleton"]["joint_count"] > 15


def test_four_formats_are_four_valid_files(axis: Running, rigged: dict[str, Any], tmp_path: Path) -> None:
    counts, bodies = set(), set()
    for fmt in ("glb", "gltf", "obj", "stl"):
        response = axis.request("GET", f"/api/export/{rigged['export_id']}?format={fmt}")
        assert response.status_code == 200
        assert response.headers["content-disposition"].startswith("attachment")
        bodies.add(response.content)
        path = tmp_path / f"avatar.{fmt}"
        if fmt == "obj":
            zipfile.ZipFile(io.BytesIO(response.content)).extractall(tmp_path)
        else:
            path.write_bytes(response.content)
        counts.add(axis_core.read(path).n_triangles)
        about = axis.data("GET", f"/api/export/{rigged['export_id']}?format={fmt}&info=1")
        assert about["size_bytes"] == len(response.content)
    assert len(bodies) == 4
    assert len(counts) == 1
    assert axis_core.read(tmp_path / "avatar.glb").skins
    assert "JOINTS_0" in (tmp_path / "avatar.gltf").read_text()


def test_ranges_and_etags(axis: Running, rigged: dict[str, Any]) -> None:
    url = f"/api/export/{rigged['export_id']}"
    whole = axis.request("GET", url)
    tag = whole.headers["etag"]
    assert axis.request("GET", url, headers={"if-none-match": tag}).status_code == 304
    n = len(whole.content)
    for wanted, expected in (
        ("0-3", (0, 3)),
        ("-5", (n - 5, n - 1)),
        (f"{n - 2}-", (n - 2, n - 1)),
        (f"1-{n * 2}", (1, n - 1)),
    ):
        part = axis.request("GET", url, headers={"range": f"bytes={wanted}"})
        assert part.status_code == 206
        assert part.content == whole.content[expected[0] : expected[1] + 1]
        assert part.headers["content-range"] == f"bytes {expected[0]}-{expected[1]}/{n}"
    assert axis.request("GET", url, headers={"range": f"bytes={n}-"}).status_code == 416
    assert axis.request("GET", url, headers={"range": "bytes=0-3", "if-range": '"other"'}).status_code == 200
    assert axis.request("GET", url, headers={"range": "lines=1-2"}).status_code == 200


def events_of(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    out = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "id" in fields:
            out.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return out


def test_a_stream_that_is_cut_is_resumed_without_a_gap(axis: Running, person_glb: bytes) -> None:
    async def cut() -> tuple[str, list[int]]:
        seen: list[int] = []
        job = ""
        async with axis.client.stream("POST", "/api/process/stream", content=person_glb, headers=GLB) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            async for line in response.aiter_lines():
                if line.startswith("id: "):
                    seen.append(int(line[4:]))
                if line.startswith("data: ") and "job_id" in line and not job:
                    job = json.loads(line[6:])["job_id"]
                if len(seen) >= 4:
                    return job, seen
        raise AssertionError("the stream ended early")

    job, seen = axis.do(cut())
    rest = axis.request("GET", f"/api/jobs/{job}/events", headers={"last-event-id": str(seen[-1])})
    events = events_of(rest.text)
    assert [e[0] for e in events] == list(range(seen[-1] + 1, seen[-1] + 1 + len(events)))
    assert [e[1] for e in events][-2:] == ["result", "done"]
    assert events[-2][2]["export_id"].startswith("exp_")
    everything = events_of(axis.request("GET", f"/api/jobs/{job}/events").text)
    assert [e[0] for e in everything] == list(range(1, len(everything) + 1))
    progress = [e[2]["pct"] for e in everything if e[1] == "progress"]
    assert progress == sorted(progress)
    view = axis.data("GET", f"/api/job/{job}")
    assert (view["status"], view["progress"]) == ("succeeded", 100)


def test_a_job_can_be_had_at_once_and_waited_for(axis: Running, person_glb: bytes) -> None:
    ticket = axis.data("POST", "/api/rig", content=person_glb, headers={**GLB, "prefer": "respond-async"})
    assert set(ticket) == {"job_id", "status", "poll_url", "events_url", "cancel_url"}
    done = axis.data("GET", f"{ticket['poll_url']}?wait=60")
    assert done["status"] == "succeeded"
    assert done["result"]["export_id"].startswith("exp_")
    assert ticket["job_id"] in {j["job_id"] for j in axis.data("GET", "/api/jobs")["jobs"]}


def test_a_waiting_job_is_cancelled_at_once_and_stays_so(axis: Running, person_glb: bytes) -> None:
    prefer = {**GLB, "prefer": "respond-async"}
    tickets = [axis.data("POST", "/api/process", content=person_glb, headers=prefer) for _ in range(3)]
    last = axis.data("POST", tickets[-1]["cancel_url"])
    assert last["status"] == "cancelled"
    assert axis.data("POST", tickets[-1]["cancel_url"])["status"] == "cancelled"
    running = axis.data("POST", tickets[0]["cancel_url"])
    over = axis.data("GET", f"{tickets[0]['poll_url']}?wait=60")
    assert over["status"] in ("cancelled", "succeeded")
    assert running["job_id"] == over["job_id"]


def test_one_stage_alone(axis: Running, person_glb: bytes) -> None:
    source = {"data_b64": base64.b64encode(person_glb).decode(), "filename": "p.glb"}
    body = {"stage": "decimate", "params": {"triangles": 500}, "input": source}
    answer = axis.data("POST", "/api/pipeline/run-stage", json=body)
    assert answer["metrics"]["triangles_after"] <= 500
    info = axis.data("GET", f"/api/info?path=export:{answer['output']['export_id']}")
    assert info["mesh"]["triangle_count"] <= 500
    again = {"stage": "validate", "params": {}, "input": {"export_id": answer["output"]["export_id"]}}
    report = axis.data("POST", "/api/pipeline/run-stage", json=again)
    assert report["output"] is None
    assert report["data"]["report"]["grade"] in "ABCDF"


def test_what_is_already_rigged_is_refused_unless_forced(axis: Running, rigged_glb: Path) -> None:
    data = rigged_glb.read_bytes()
    refused = axis.request("POST", "/api/rig", content=data, headers=GLB)
    assert (refused.status_code, refused.json()["code"]) == (400, "already_rigged")
    assert axis.data("POST", "/api/rig?force=true", content=data, headers=GLB)["rig"]["archetype"] == "humanoid"


def test_info_reads_only_below_its_roots(serve: Callable[..., Running], rigged_glb: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "in.glb").write_bytes(rigged_glb.read_bytes())
    (tmp_path / "out.glb").write_bytes(rigged_glb.read_bytes())
    (root / "link.glb").symlink_to(tmp_path / "out.glb")
    axis = serve(info_roots=(root,))
    assert axis.data("GET", "/api/info?path=in.glb")["skeleton"]["joint_count"] > 10
    for path in ("link.glb", "none.glb", "out.glb"):
        assert axis.request("GET", f"/api/info?path={path}").status_code == 404


def test_a_file_that_kills_its_reader_does_not_kill_the_server(serve: Callable[..., Running]) -> None:
    axis = serve(job_memory_mb=300)
    header = {"accessors": [{"componentType": 5126, "type": "VEC3", "count": 2**31 - 1}]}
    text = json.dumps(
        {"asset": {"version": "2.0"}, **header, "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}]}
    )
    response = axis.request(
        "POST", "/api/validate?filename=bomb.gltf", content=text, headers={"content-type": "model/gltf+json"}
    )
    assert response.status_code == 400
    assert axis.request("GET", "/health").status_code == 200


def test_the_contract_lies_inside_what_is_served(axis: Running) -> None:
    served = axis.request("GET", "/openapi.json")
    assert uncontained(contract(), served.json()) == []
    assert axis.request("GET", "/openapi.json", headers={"if-none-match": served.headers["etag"]}).status_code == 304


def test_the_subset_test_can_fail() -> None:
    document = json.loads(json.dumps(served_document()))
    document["paths"]["/health"]["get"]["security"] = [{"ApiKeyAuth": []}]
    del document["paths"]["/api/rig"]["post"]["responses"]["400"]
    missing = uncontained(contract(), document)
    assert {"$.paths./health.get.security", "$.paths./api/rig.post.responses.400"} <= set(missing)


@pytest.mark.parametrize("framework", ["starlette", "fastapi"])
def test_it_mounts_under_a_prefix(framework: str, tmp_path: Path) -> None:
    pytest.importorskip(framework)
    from axis_http import Settings, create_app

    inner = create_app(Settings(home=tmp_path, workers=1, plugins=False))
    if framework == "starlette":
        from starlette.applications import Starlette
        from starlette.routing import Mount

        outer: Any = Starlette(routes=[Mount("/avatars", app=inner)])
    else:
        from fastapi import FastAPI

        outer = FastAPI()
        outer.mount("/avatars", inner)

    async def ask() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=outer), base_url="http://x") as client:
            good = await client.get("/avatars/api/platforms")
            assert good.status_code == 200, good.text
            assert good.json()["data"]["count"] == 5
            bad = await client.put("/avatars/api/platforms")
            assert (bad.status_code, bad.headers["allow"]) == (405, "GET")
            assert (await client.get("/avatars/none")).json()["code"] == "not_found"
            sent = await client.post("/avatars/api/rig", content=b"glTF", headers={**GLB, "prefer": "respond-async"})
            links = {k: v for k, v in sent.json()["data"].items() if k.endswith("_url")}
            assert len(links) == 3
            assert all(link.startswith("/avatars/api/job") for link in links.values())
            assert (await client.get(links["poll_url"])).status_code == 200
            assert (await client.post(links["cancel_url"])).json()["data"]["cancel_url"] == links["cancel_url"]
            assert (await client.get(links["events_url"])).text.count("\nevent: done\n") == 1

    asyncio.run(ask())
