"""Goals over HTTP: planned and checked first, carried out as jobs, never more than was allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.http.running import Running

from axis_core import handlers
from axis_core.agent import HANDLERS


@pytest.fixture(scope="module")
def axis(serve: Callable[..., Running]) -> Running:
    """A service in open mode that waits long, so that a busy machine gives the same answers."""
    return serve(sync_limit=100.0)


@pytest.fixture(scope="module")
def upload_id(axis: Running, person_glb: bytes) -> str:
    """A mesh that the worker has reduced once: kernels are compiled, which a busy machine may take a minute for."""
    files = {"file": ("hero.glb", person_glb, "model/gltf-binary")}
    upload = str(axis.data("POST", "/api/uploads", files=files)["upload_id"])
    first = run(axis, "reduce it to 400 triangles", context={"input": upload}, allow=["decimate"])
    assert first["status"] == "completed"
    return upload


def run(axis: Running, goal: str, **more: Any) -> dict[str, Any]:
    return axis.data("POST", "/api/agent/run", json={"goal": goal, **more})


def job_count(axis: Running) -> int:
    return int(axis.data("GET", "/api/jobs?limit=200")["count"])


def test_a_goal_is_carried_out_and_its_files_can_be_downloaded(axis: Running, upload_id: str) -> None:
    goal = "reduce it to 300 triangles, then convert it to obj"
    answer = run(axis, goal, context={"input": upload_id}, allow=["decimate", "convert"])
    assert answer["status"] == "completed"
    assert [s["handler"] for s in answer["steps"]] == ["decimate", "convert"]
    assert [s["status"] for s in answer["steps"]] == ["done", "done"]
    assert answer["steps"][0]["result"]["triangles"] <= 300
    assert answer["run_id"].startswith("run_")
    assert "300" in answer["answer"] or "299" in answer["answer"]
    assert answer["trace"]
    names = [a["file"] for a in answer["artifacts"]]
    assert "1_decimate-decimated.glb" in names
    assert any(n.endswith(".obj") for n in names)
    for artefact in answer["artifacts"]:
        assert len(axis.request("GET", artefact["download_url"]).content) == artefact["size_bytes"]


def test_a_file_named_in_the_goal_is_the_one_that_was_sent(axis: Running, upload_id: str) -> None:
    answer = run(axis, "what is wrong with hero.glb?", context={"input": upload_id})
    assert answer["status"] == "completed"
    assert answer["steps"][0]["args"]["input"] == upload_id
    assert "hero.glb" in answer["answer"]


def test_ids_in_the_goal_are_found(axis: Running, upload_id: str) -> None:
    assert run(axis, f"check {upload_id} for unity")["status"] == "completed"
    unknown = axis.request("POST", "/api/agent/run", json={"goal": "check upl_00000000000000000000000000"})
    assert unknown.status_code == 404


def test_what_is_not_allowed_is_refused_before_anything_is_queued(axis: Running, upload_id: str) -> None:
    before = job_count(axis)
    answer = run(axis, "check it, then reduce it to 300 triangles", context={"input": upload_id})
    assert answer["status"] == "needs_input"
    assert [s["status"] for s in answer["steps"]] == ["skipped", "refused"]
    assert "'decimate' in allow" in answer["answer"]
    assert answer["artifacts"] == []
    assert job_count(axis) == before


@pytest.mark.parametrize(
    ("goal", "context"), [("rig it", {}), ("rig villain.glb", {}), ("convert it", {"input": "hero.glb"})]
)
def test_what_is_missing_is_asked_for(axis: Running, goal: str, context: dict[str, Any]) -> None:
    before = job_count(axis)
    answer = run(axis, goal, context=context, allow=[h.name for h in HANDLERS])
    assert answer["status"] == "needs_input"
    assert answer["answer"].endswith(("?", ".", "plugins."))
    assert (answer["plan"], answer["steps"]) == ([], [])
    assert job_count(axis) == before


def test_a_dry_run_shows_the_plan_only(axis: Running, upload_id: str) -> None:
    before = job_count(axis)
    answer = run(axis, "rig it for unity", context={"input": upload_id}, allow=["rig"], dry_run=True)
    assert answer["plan"] == [{"handler": "rig", "args": {"input": upload_id, "platform": "unity"}}]
    assert (answer["status"], answer["steps"], answer["artifacts"]) == ("completed", [], [])
    assert job_count(axis) == before


def test_the_context_says_the_platform_where_the_goal_does_not(axis: Running, upload_id: str) -> None:
    context = {"input": upload_id, "platform": "godot"}
    assert run(axis, "rig it", context=context, dry_run=True)["plan"][0]["args"]["platform"] == "godot"
    assert run(axis, "rig it for unity", context=context, dry_run=True)["plan"][0]["args"]["platform"] == "unity"


def test_steps_beyond_the_limit_are_not_begun(axis: Running, upload_id: str) -> None:
    goal = "check it, then reduce it to 300 triangles"
    answer = run(axis, goal, context={"input": upload_id}, allow=["decimate"], max_steps=1)
    assert answer["status"] == "max_steps"
    assert [s["handler"] for s in answer["steps"]] == ["audit"]


def test_a_step_that_fails_is_an_answer(axis: Running) -> None:
    files = {"file": ("bad.glb", b"glTF\x02\x00\x00\x00broken", "model/gltf-binary")}
    upload = axis.data("POST", "/api/uploads", files=files)["upload_id"]
    answer = run(axis, "reduce it to 300 triangles", context={"input": upload}, allow=["decimate"])
    assert answer["status"] == "failed"
    assert answer["steps"][0]["result"]["code"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"goal": "  "},
        {"goal": "x" * 2001},
        {"goal": 5},
        {"goal": "help", "allow": ["rob"]},
        {"goal": "help", "allow": "rig"},
        {"goal": "help", "max_steps": 0},
        {"goal": "help", "max_steps": True},
        {"goal": "help", "dry_run": "yes"},
        {"goal": "help", "context": []},
        {"goal": "help", "context": {"platform": "playstation"}},
    ],
)
def test_bad_bodies_are_refused_by_name(axis: Running, body: dict[str, Any]) -> None:
    response = axis.request("POST", "/api/agent/run", json=body)
    assert response.status_code == 400, response.text
    assert response.json()["details"]


def test_a_caller_who_would_not_wait_gets_the_jobs_links(axis: Running, upload_id: str) -> None:
    body = {"goal": "check it", "context": {"input": upload_id}}
    headers = {"Prefer": "respond-async"}
    answer = axis.data("POST", "/api/agent/run", json=body, headers=headers)
    job = axis.data("GET", f"{answer['poll_url']}?wait=60")
    assert (job["kind"], job["status"], job["result"]["status"]) == ("agent_run", "succeeded", "completed")
    assert job["result"]["run_id"] == answer["run_id"]


def test_scopes_of_the_caller_are_those_of_the_run(serve: Callable[..., Running]) -> None:
    running = serve(auth="required", signup="open")
    person = {"email": "a@example.org", "password": "correct horse battery"}
    token = running.data("POST", "/portal/api/signup", json=person)["token"]
    session = {"Authorization": f"Bearer {token}"}
    wanted = {"name": "agent", "scopes": ["agent", "read"]}
    key = running.data("POST", "/portal/api/keys", json=wanted, headers=session)["key"]
    with_key = {"X-API-Key": key}
    body = {"goal": "make a bald old man", "allow": ["generate"]}
    answer = running.data("POST", "/api/agent/run", json=body, headers=with_key)
    assert answer["status"] == "needs_input"
    assert "generate needs the scope generate" in answer["answer"]
    assert running.data("POST", "/api/agent/run", json={"goal": "list the tiers"}, headers=with_key)["status"]
    reading: httpx.Response = running.request(
        "POST", "/api/agent/run", json=body, headers={"X-API-Key": key[:-1] + ("a" if key[-1] != "a" else "b")}
    )
    assert reading.status_code == 401


def test_one_table_serves_the_lists(axis: Running) -> None:
    names = [h.name for h in HANDLERS]
    assert [h["name"] for h in axis.data("GET", "/api/agent/handlers")["handlers"]] == names
    assert [h["name"] for h in handlers()] == names
    listed = axis.data("GET", "/api/capabilities?kind=handler")["capabilities"]
    assert [c["name"] for c in listed] == names
    found = axis.data("GET", "/api/search?limit=200")["results"]
    assert {h["title"] for h in found if h["kind"] == "handler"} == set(names)
