"""One shape for every way to fail."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.http.running import Running

from axis_core.errors import CODES
from axis_http.contract.document import contract, operations, served_document
from axis_http.problems import HTTP_CODES, problem_of
from axis_http.service.access import ACCESS


GLB = {"content-type": "model/gltf-binary"}
JSON = {"content-type": "application/json"}
DEEP = b"[" * 100_000
BUILT_POSTS = ("/api/process", "/api/process/stream", "/api/rig", "/api/validate")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def ways() -> list[tuple[str, str, str, dict[str, Any], int]]:
    """(name, method, path, request, status) of ways to fail."""
    out: list[tuple[str, str, str, dict[str, Any], int]] = [
        ("no path", "GET", "/nothing", {}, 404),
        ("slash", "GET", "/api/platforms/", {}, 404),
        ("climbing path", "GET", "/api/../etc/passwd", {}, 404),
        ("put", "PUT", "/health", {}, 405),
        ("head", "HEAD", "/api/platforms", {}, 405),
        ("options", "OPTIONS", "/api/process", {}, 405),
        ("get of a post", "GET", "/api/process", {}, 405),
        ("delete of a get", "DELETE", "/api/formats", {}, 405),
        ("search limit 0", "GET", "/api/search?limit=0", {}, 400),
        ("search limit 201", "GET", "/api/search?limit=201", {}, 400),
        ("search limit word", "GET", "/api/search?limit=ten", {}, 400),
        ("search limit long", "GET", "/api/search?limit=" + "9" * 400, {}, 400),
        ("search query long", "GET", "/api/search?q=" + "x" * 257, {}, 400),
        ("available", "GET", "/api/capabilities?available=perhaps", {}, 400),
        ("timeout 0", "GET", "/api/release-check?timeout=0", {}, 400),
        ("timeout nan", "GET", "/api/release-check?timeout=nan", {}, 400),
        ("timeout 31", "GET", "/api/release-check?timeout=31", {}, 400),
        ("timeout word", "GET", "/api/release-check?timeout=soon", {}, 400),
        ("probe", "GET", "/api/release-check?probe=2", {}, 400),
        ("job", "GET", "/api/job/job_NONE", {}, 404),
        ("job wait", "GET", "/api/job/job_NONE?wait=61", {}, 404),
        ("status", "GET", "/api/status?job_id=job_NONE", {}, 404),
        ("events", "GET", "/api/jobs/job_NONE/events", {}, 404),
        ("cancel", "POST", "/api/jobs/job_NONE/cancel", {}, 404),
        ("jobs limit", "GET", "/api/jobs?limit=0", {}, 400),
        ("export", "GET", "/api/export/exp_NONE", {}, 404),
        ("info without path", "GET", "/api/info", {}, 400),
        ("info absolute", "GET", "/api/info?path=/etc/passwd.glb", {}, 400),
        ("info climbing", "GET", "/api/info?path=../x.glb", {}, 400),
        ("info nul", "GET", "/api/info?path=a%00.glb", {}, 400),
        ("info backslash", "GET", "/api/info?path=a%5Cb.glb", {}, 400),
        ("info suffix", "GET", "/api/info?path=a.txt", {}, 400),
        ("info drive", "GET", "/api/info?path=c:a.glb", {}, 400),
        ("info absent", "GET", "/api/info?path=a.glb", {}, 404),
        ("info export", "GET", "/api/info?path=export:exp_NONE", {}, 404),
        ("info asset", "GET", "/api/info?path=asset:ast_NONE", {}, 404),
        ("session", "GET", "/portal/api/keys", {}, 403),
        ("logout", "POST", "/portal/api/logout", {}, 403),
        ("stage missing", "POST", "/api/pipeline/run-stage", {"json": {}}, 400),
        ("stage unknown", "POST", "/api/pipeline/run-stage", {"json": {"stage": "polish"}}, 400),
        ("stage number", "POST", "/api/pipeline/run-stage", {"json": {"stage": 7}}, 400),
        ("params list", "POST", "/api/pipeline/run-stage", {"json": {"stage": "lods", "params": []}}, 400),
        ("params", "POST", "/api/pipeline/run-stage", {"json": {"stage": "lods", "params": {"count": "x"}}}, 400),
        ("input", "POST", "/api/pipeline/run-stage", {"json": {"stage": "lods"}}, 400),
        ("stage deep", "POST", "/api/pipeline/run-stage", {"content": DEEP, "headers": JSON}, 400),
        ("stage array", "POST", "/api/pipeline/run-stage", {"content": b"[]", "headers": JSON}, 400),
        (
            "stage text",
            "POST",
            "/api/pipeline/run-stage",
            {"content": b"{}", "headers": {"content-type": "text/plain"}},
            415,
        ),
        (
            "stage xml",
            "POST",
            "/api/pipeline/run-stage",
            {"content": b"<a/>", "headers": {"content-type": "application/xml"}},
            415,
        ),
    ]
    for path in BUILT_POSTS:
        out += [
            (f"{path} nothing", "POST", path, {}, 400),
            (f"{path} empty", "POST", path, {"content": b"", "headers": GLB}, 400),
            (f"{path} text", "POST", path, {"content": b"hi", "headers": {"content-type": "text/plain"}}, 415),
            (f"{path} platform", "POST", f"{path}?platform=amiga", {"content": b"hi", "headers": GLB}, 400),
            (f"{path} form", "POST", path, {"files": {"other": ("a.glb", b"hi")}}, 400),
            (
                f"{path} boundary",
                "POST",
                path,
                {"content": b"hi", "headers": {"content-type": "multipart/form-data"}},
                400,
            ),
            (
                f"{path} torn form",
                "POST",
                path,
                {"content": b"--x\r\nno", "headers": {"content-type": "multipart/form-data; boundary=x"}},
                400,
            ),
            (f"{path} source", "POST", path, {"json": {"source": 3}}, 400),
            (f"{path} no source", "POST", path, {"json": {"source": {}}}, 400),
            (f"{path} base64", "POST", path, {"json": {"source": {"data_b64": "***"}}}, 400),
            (f"{path} upload", "POST", path, {"json": {"source": {"upload_id": "upl_NONE"}}}, 404),
            (f"{path} export", "POST", path, {"json": {"source": {"export_id": "exp_NONE"}}}, 404),
            (f"{path} asset", "POST", path, {"json": {"source": {"asset_id": "ast_NONE"}}}, 404),
            (f"{path} deep", "POST", path, {"content": DEEP, "headers": JSON}, 400),
            (f"{path} no json", "POST", path, {"content": b"{", "headers": JSON}, 400),
            (f"{path} influences", "POST", f"{path}?max_influences=9", {"content": b"hi", "headers": GLB}, 400),
        ]
    for path in ("/api/rig", "/api/validate", "/api/process"):
        out += [
            (f"{path} noise", "POST", path, {"content": b"glTF" + b"\xff" * 40, "headers": GLB}, 400),
            (
                f"{path} lfs",
                "POST",
                path,
                {"content": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "headers": GLB},
                400,
            ),
            (f"{path} word", "POST", path, {"json": {"source": {"data_b64": b64(b"hello"), "filename": "a.obj"}}}, 400),
        ]
    return out


WAYS = ways()


def assert_shape(body: dict[str, Any], status: int, request_id: str) -> None:
    schema = contract()["components"]["schemas"]["ErrorResponse"]
    assert set(schema["required"]) <= set(body)
    assert body["status"] == "error"
    assert body["error_code"] in schema["properties"]["error_code"]["enum"]
    assert body["request_id"] == request_id
    assert re.fullmatch(r"[0-9a-f]{12}", request_id)
    assert isinstance(body["detail"], str)
    assert body["error"]
    assert body["code"] in {**HTTP_CODES, **CODES}
    assert isinstance(body["is_retryable"], bool)
    assert all(set(d) == {"loc", "code", "message"} for d in body["details"])
    assert ("retry_after" in body) == (status == 429 or (status == 503 and body["is_retryable"]))


def test_there_are_enough_ways() -> None:
    assert len(WAYS) >= 60
    assert len({w[0] for w in WAYS}) == len(WAYS)


@pytest.mark.parametrize("way", WAYS, ids=[w[0] for w in WAYS])
def test_every_failure_has_one_shape(axis: Running, way: tuple[str, str, str, dict[str, Any], int]) -> None:
    _, method, path, choices, status = way
    response = axis.request(method, path, **choices)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"
    if method == "HEAD":
        return
    assert_shape(response.json(), status, response.headers["x-request-id"])
    assert "Traceback" not in response.text
    if status == 405:
        assert response.headers["allow"]


def test_the_unbuilt_answer_only_503(axis: Running) -> None:
    built_or_refused = 0
    for method, path, _ in operations(served_document()):
        if ACCESS[method, path] == "S":
            continue
        response = axis.request(method, re.sub(r"\{\w+\}", "x", path), **({"json": {}} if method == "POST" else {}))
        if response.status_code != 503:
            built_or_refused += 1
            continue
        body = response.json()
        if path.startswith(("/studio", "/docs", "/api/preview")):  # pages are made when the package is built
            assert body["code"] in ("not_configured", "not_ready")
            continue
        assert body["code"] == "not_configured"
        assert not body["is_retryable"]
    assert built_or_refused >= 20


def test_every_operation_is_in_the_table_of_accesses() -> None:
    assert {(m, p) for m, p, _ in operations(served_document())} == set(ACCESS)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"x-api-key": "wrong"}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": "Basic cmlnaHQ6"}, 401),
        ({"x-api-key": "right", "authorization": "Bearer wrong"}, 401),
        ({"x-api-key": "right"}, 200),
        ({"authorization": "Bearer right"}, 200),
    ],
)
def test_credentials(serve: Callable[..., Running], headers: dict[str, str], status: int) -> None:
    import hashlib

    guarded = serve(auth="required", operator_key_sha256=hashlib.sha256(b"right").hexdigest())
    response = guarded.request("GET", "/api/formats", headers=headers)
    assert response.status_code == status
    if status == 401:
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert_shape(response.json(), status, response.headers["x-request-id"])
    assert guarded.request("GET", "/health").status_code == 200


def test_only_listed_origins_may_call(serve: Callable[..., Running]) -> None:
    axis = serve(cors_origins=("https://studio.example",))
    asks = {"access-control-request-method": "POST"}
    good = axis.request("OPTIONS", "/api/rig", headers={"origin": "https://studio.example", **asks})
    assert (good.status_code, good.headers["access-control-allow-origin"]) == (204, "https://studio.example")
    assert good.headers["access-control-allow-methods"] == "POST"
    other = axis.request("OPTIONS", "/api/rig", headers={"origin": "https://evil.example", **asks})
    assert other.status_code == 405
    assert "access-control-allow-origin" not in other.headers
    answer = axis.request("GET", "/api/platforms", headers={"origin": "https://studio.example"})
    assert answer.headers["access-control-allow-origin"] == "https://studio.example"


def test_an_unexpected_error_tells_nothing() -> None:
    found = problem_of(RuntimeError("the password is hunter2"))
    assert (found.status, found.code) == (500, "internal")
    assert "hunter2" not in json.dumps(found.body("0" * 12))


def test_uploads_past_the_limit_are_refused_early(serve: Callable[..., Running]) -> None:
    small = serve(max_upload=1000)
    for choices in (
        {"content": b"x" * 1001, "headers": GLB},
        {"files": {"file": ("a.glb", b"x" * 1001)}},
        {"content": b"x", "headers": {**GLB, "content-length": str(2 * 1024**3)}},
    ):
        response = small.request("POST", "/api/rig", **choices)
        assert response.status_code == 413, response.text
        assert_shape(response.json(), 413, response.headers["x-request-id"])
    assert list((small.settings.home / "uploads").glob("*.bin")) == []


def test_a_full_disk_takes_no_work_and_says_when_to_come_back(serve: Callable[..., Running]) -> None:
    full = serve(min_free_disk=100.0)
    response = full.request("POST", "/api/rig", content=b"glTF", headers=GLB)
    assert (response.status_code, response.json()["code"]) == (503, "disk_low")
    assert_shape(response.json(), 503, response.headers["x-request-id"])
    assert full.request("GET", "/health").json()["status"] == "ok"


def test_a_database_that_is_gone_is_told_and_not_a_crash(serve: Callable[..., Running]) -> None:
    axis = serve()
    service = axis.app._service
    service.db.write("ALTER TABLE job RENAME TO lost")
    try:
        response = axis.request("GET", "/api/jobs")
        assert (response.status_code, response.json()["is_retryable"]) == (503, True)
    finally:
        service.db.write("ALTER TABLE lost RENAME TO job")
    assert axis.request("GET", "/api/jobs").status_code == 200


def test_many_who_wait_leave_room_for_others(axis: Running) -> None:
    import asyncio

    from axis_http.nouns import Job, new_id

    service = axis.app._service
    job = Job(job_id=new_id("job"), owner="anonymous", kind="none", params={}, running_limit=0)
    service.queue.enqueue(job)  # nobody may run it

    async def crowd() -> int:
        waiting = [asyncio.ensure_future(axis.client.get(f"/api/job/{job.job_id}?wait=60")) for _ in range(80)]
        await asyncio.sleep(0)
        answer = await asyncio.wait_for(axis.client.get("/api/jobs"), 20)  # runs in a thread
        service.queue.cancel(job.job_id)
        assert {r.json()["data"]["status"] for r in await asyncio.gather(*waiting)} == {"cancelled"}
        return answer.status_code

    assert axis.do(crowd()) == 200
