"""Assets and avatars, their owners and everybody else; figures over contracts; repeated requests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.http.people import PASSWORD, Person
from tests.http.running import Running

from axis_http.contract.document import operations, served_document
from axis_http.service.access import ACCESS


GLB = {"content-type": "model/gltf-binary"}


@pytest.fixture(scope="module")
def guarded(serve: Callable[..., Running]) -> Running:
    return serve(auth="required", signups_per_hour=1000, public_rate=100_000)


@pytest.fixture(scope="module")
def ann(guarded: Running, person_glb: bytes) -> Person:
    """Somebody with one of everything; ``things`` has the ids."""
    ann = Person(guarded, "ann")
    guarded.app._service.db.write("UPDATE account SET plan = 'studio' WHERE user_id = ?", (ann.user_id,))
    made = ann.data("POST", "/api/process?polygon_tier=mobile_light&name=Ann+One", content=person_glb, headers=GLB)
    upload = ann.data("POST", "/api/uploads", content=person_glb, headers=GLB)
    sent = {"name": "me", "asset_id": made["asset_id"]}
    avatar = ann.data("POST", "/portal/api/avatars", json=sent)
    ann.things = {  # type: ignore[attr-defined]
        "job_id": made["job_id"],
        "export_id": made["export_id"],
        "asset_id": made["asset_id"],
        "upload_id": upload["upload_id"],
        "avatar_id": avatar["avatar_id"],
        "key_id": ann.key("read")["key_id"],
        "user_id": ann.user_id,
        "session_id": ann.data("GET", "/api/auth/verify")["session_id"],
    }
    return ann


@pytest.fixture(scope="module")
def bob(guarded: Running, ann: Person) -> Person:
    bob = Person(guarded, "bob")
    guarded.app._service.db.write("UPDATE account SET plan = 'studio' WHERE user_id = ?", (bob.user_id,))
    return bob


def test_a_result_is_in_ones_gallery(ann: Person) -> None:
    page = ann.data("GET", "/api/gallery/my-assets?asset_class=avatar")
    assert (page["total"], page["assets"][0]["name"], page["next_offset"]) == (1, "Ann One", None)
    detail = ann.data("GET", f"/api/gallery/{page['assets'][0]['asset_id']}")
    assert detail["contract"]["polygon_tier"] == "mobile_light"
    assert detail["provenance"]["provider"]
    assert ann.data("GET", f"/api/gallery?user_id={ann.user_id}")["total"] == 1
    assert ann.data("GET", "/api/gallery?asset_class=scene")["total"] == 0
    assert ann.request("GET", "/api/gallery?asset_class=house").status_code == 400


def test_an_asset_is_an_input(ann: Person) -> None:
    asset = ann.things["asset_id"]  # type: ignore[attr-defined]
    assert ann.data("GET", f"/api/info?path=asset:{asset}")["mesh"]["triangle_count"] > 100
    assert ann.data("POST", "/api/validate", json={"source": {"asset_id": asset}})["stats"]["triangle_count"] > 100


def answers_of(person: Person, owner: Person) -> dict[str, tuple[int, str]]:
    """What ``person`` gets for every operation and every id of ``owner``, wherever an id can stand."""
    things = owner.things  # type: ignore[attr-defined]
    out = {}
    for method, path, _ in operations(served_document()):
        if path.endswith(("/logout", "/signup", "/login", "/password", "/account")) or path.startswith("/admin"):
            continue
        for name, value in things.items():
            url = re.sub(r"\{\w+\}", value, path)
            body: dict[str, Any] = {name: value, "source": {name: value}, "input": {name: value}, "stage": "validate"}
            choices: dict[str, Any] = {} if method == "GET" else {"json": body}
            query = f"?{name}={value}" + (f"&path={name[:-3]}:{value}" if path == "/api/info" else "")
            query += "&group_by=id" if path.endswith("aggregate") else ""
            response = person.request(method, url + query, headers={"prefer": "respond-async"}, **choices)
            for job in person.axis.app._service.queue.jobs(person.user_id) if "generate" in path else ():
                person.axis.app._service.queue.cancel(job.job_id)  # what it makes is not looked at here
            out[f"{method} {path} {name}"] = (response.status_code, response.text)
    return out


def test_nothing_of_ann_is_readable_changeable_or_countable_by_bob(ann: Person, bob: Person) -> None:
    before = snapshot(ann)
    words = [ann.email, "Ann One", *(v for k, v in ann.things.items() if k != "user_id")]  # type: ignore[attr-defined]
    for operation, (status, text) in answers_of(bob, ann).items():
        assert status < 500 or json.loads(text)["code"] == "not_configured", (operation, text)
        try:
            answer = json.loads(text)
        except ValueError:
            assert not any(w in text for w in words), operation
            continue
        told = json.dumps(answer.get("data", {}))
        assert not any(w in told for w in words), (operation, told)
        if status == 200:
            assert answer.get("data", {}).get("total", 0) == 0 or "user_id=" not in operation, operation
    assert snapshot(ann) == before


def snapshot(person: Person) -> dict[str, Any]:
    paths = ("/api/gallery/my-assets", "/portal/api/avatars", "/portal/api/keys", "/api/billing/balance", "/api/jobs")
    seen = {p: person.data("GET", p) for p in paths}
    for key in seen["/portal/api/keys"]["keys"]:
        key.pop("last_used_at")
    for asset in seen["/api/gallery/my-assets"]["assets"]:
        asset["thumbnail_url"] = str(asset["thumbnail_url"]).partition("?")[0]  # signed anew each time
    return seen


def test_every_operation_is_in_the_matrix(ann: Person) -> None:
    assert {(m, p) for m, p, _ in operations(served_document())} == set(ACCESS)


def test_what_is_public_is_seen_by_others_and_still_not_theirs(ann: Person, bob: Person) -> None:
    asset, avatar = ann.things["asset_id"], ann.things["avatar_id"]  # type: ignore[attr-defined]
    hidden = ann.axis.request("GET", f"/avatars/{avatar}.glb")
    assert hidden.status_code == 404
    ann.data("PATCH", f"/api/gallery/{asset}", json={"visibility": "public", "tags": ["hero"]})
    try:
        assert bob.data("GET", f"/api/gallery?user_id={ann.user_id}")["total"] == 1
        assert bob.data("GET", f"/api/gallery/{asset}")["tags"] == ["hero"]
        assert bob.request("PATCH", f"/api/gallery/{asset}", json={"name": "mine"}).status_code == 404
        assert bob.request("POST", "/api/gallery/delete", json={"asset_id": asset}).status_code == 404
        shown = ann.axis.request("GET", f"/avatars/{avatar}.glb")
        assert (shown.status_code, shown.content[:4]) == (200, b"glTF")
        assert ann.axis.request("GET", f"/avatars/{avatar}.glb?lod=9").status_code == 404
        again = ann.axis.request("GET", f"/avatars/{avatar}.glb", headers={"if-none-match": shown.headers["etag"]})
        assert again.status_code == 304
    finally:
        ann.data("PATCH", f"/api/gallery/{asset}", json={"visibility": "private"})
    assert bob.request("GET", f"/api/gallery/{asset}").status_code == 404


def test_a_signed_address_opens_one_export_until_it_expires(ann: Person, bob: Person) -> None:
    export = ann.things["export_id"]  # type: ignore[attr-defined]
    url = ann.data("POST", f"/api/exports/{export}/url", json={"expires_in": 60})["url"]
    assert ann.axis.request("GET", url).content[:4] == b"glTF"
    for torn in (url[:-1] + ("0" if url[-1] != "0" else "1"), re.sub(r"expires=\d+", "expires=99999999999", url)):
        assert ann.axis.request("GET", torn).status_code == 401
    assert bob.request("POST", f"/api/exports/{export}/url", json={}).status_code == 404
    old = ann.axis.app._service.signer.query(f"/api/export/{export}", -1)
    assert ann.axis.request("GET", f"/api/export/{export}?{old}").status_code == 401


def test_files_of_an_export_are_listed_and_given(ann: Person) -> None:
    listed = ann.data("GET", f"/api/exports/{ann.things['export_id']}/files")  # type: ignore[attr-defined]
    names = {f["name"] for f in listed["files"]}
    assert "contract.json" in names
    for file in listed["files"]:
        got = ann.request("GET", file["download_url"])
        assert len(got.content) == file["size_bytes"]


def test_figures_over_contracts(ann: Person) -> None:
    url = f"/api/contracts/aggregate?user_id={ann.user_id}&group_by=mesh.quality_grade"
    seen = ann.data("GET", f"{url}&metrics=mesh.triangle_count,platform")
    bucket = seen["buckets"][0]
    numbers = bucket["metrics"]["mesh.triangle_count"]
    assert (seen["total_contracts"], bucket["count"], numbers["count"]) == (1, 1, 1)
    assert numbers["min"] == numbers["max"] == numbers["sum"] > 100
    assert bucket["metrics"]["platform"]["count"] == 0  # no number
    assert ann.data("GET", f"{url}&min_count=2")["buckets"] == []
    for bad in ("group_by=", "group_by=a'b", "group_by=mesh.quality_grade&sort=up", "group_by=x&metrics=a;b"):
        assert ann.request("GET", f"/api/contracts/aggregate?{bad}").status_code == 400


def test_avatars_are_named_results(ann: Person, bob: Person) -> None:
    export = ann.things["export_id"]  # type: ignore[attr-defined]
    for bad in ({"name": ""}, {"name": "x"}, {"name": "x", "export_id": "exp_1"}, {"name": "x", "config": {}, "z": 1}):
        assert ann.request("POST", "/portal/api/avatars", json=bad).status_code == 400
    stolen = bob.request("POST", "/portal/api/avatars", json={"name": "x", "export_id": export})
    assert stolen.status_code == 400
    made = ann.data("POST", "/portal/api/avatars", json={"name": "x", "config": {"preset": "neutral"}})
    assert made["preset"] == "neutral"
    assert ann.data("GET", "/portal/api/avatars?limit=1")["total"] == 2
    assert ann.data("DELETE", f"/portal/api/avatars?avatar_id={made['avatar_id']}")["deleted"]
    assert ann.request("DELETE", "/portal/api/avatars", json={"avatar_id": made["avatar_id"]}).status_code == 404


def test_a_plan_has_its_limit_of_avatars(guarded: Running) -> None:
    person = Person(guarded, "many")
    codes = [
        person.request("POST", "/portal/api/avatars", json={"name": "x", "config": {}}).status_code for _ in range(11)
    ]
    assert codes == [200] * 10 + [400]


def test_a_removed_asset_takes_its_files_along(guarded: Running, person_glb: bytes) -> None:
    person = Person(guarded, "remover")
    made = person.data("POST", "/api/rig?save=true&filename=r.glb", content=person_glb + b"", headers=GLB)
    gone = person.data("POST", "/api/gallery/delete", json={"asset_id": made["asset_id"]})
    assert gone["deleted"] is True
    assert person.request("GET", made["download_url"]).status_code == 404
    assert person.request("POST", "/api/gallery/delete", json={"asset_id": made["asset_id"]}).status_code == 404


def test_the_same_key_runs_a_job_once(guarded: Running, person_glb: bytes) -> None:
    person = Person(guarded, "twice")
    headers = {**GLB, "idempotency-key": "once", "prefer": "respond-async"}
    first = person.request("POST", "/api/rig", content=person_glb, headers=headers)
    again = person.request("POST", "/api/rig", content=person_glb, headers=headers)
    assert first.json()["data"]["job_id"] == again.json()["data"]["job_id"]
    assert again.headers["idempotency-replayed"] == "true"
    assert person.data("GET", "/api/jobs")["count"] == 1
    other = person.request("POST", "/api/rig", content=person_glb[:-4], headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")
    bad = person.request("POST", "/api/rig?platform=amiga", content=b"x", headers={**headers, "idempotency-key": "bad"})
    good = person.request("POST", "/api/rig", content=person_glb, headers={**headers, "idempotency-key": "bad"})
    assert (bad.status_code, good.status_code) == (400, 200)


def test_jobs_are_listed_by_pages(guarded: Running, person_glb: bytes) -> None:
    person = Person(guarded, "pages")
    headers = {**GLB, "prefer": "respond-async"}
    made = [person.data("POST", "/api/rig", content=person_glb, headers=headers)["job_id"] for _ in range(3)]
    first = person.data("GET", "/api/jobs?limit=2")
    second = person.data("GET", f"/api/jobs?limit=2&cursor={first['next_cursor']}")
    assert [j["job_id"] for j in first["jobs"] + second["jobs"]] == made[::-1]
    assert second["next_cursor"] is None
    assert person.request("GET", "/api/jobs?status=done").status_code == 400


def test_an_operator_sees_and_changes_accounts(guarded: Running) -> None:
    admin, user = Person(guarded, "admin"), Person(guarded, "user")
    assert admin.request("GET", "/admin/api/users").status_code == 403
    guarded.app._service.db.write("UPDATE account SET role = 'admin' WHERE user_id = ?", (admin.user_id,))
    assert admin.data("GET", "/admin/api/users?limit=2")["count"] == 2
    assert admin.data("PATCH", f"/admin/api/users/{user.user_id}", json={"plan": "pro"})["balance"] == 1050
    sent = {"tokens": 5, "reason": "sorry", "idempotency_key": "a"}
    for _ in range(2):
        assert admin.data("POST", f"/admin/api/users/{user.user_id}/grant", json=sent)["balance"] == 1055
    taken = admin.request("POST", f"/admin/api/users/{user.user_id}/grant", json={"tokens": -5000})
    assert taken.status_code == 402
    key = user.key("read")["key"]
    assert admin.data("POST", f"/admin/api/users/{user.user_id}/suspend")["status"] == "suspended"
    assert guarded.request("GET", "/api/auth/verify", headers={"x-api-key": key}).json()["code"] == "suspended"
    login = guarded.request("POST", "/portal/api/login", json={"email": user.email, "password": PASSWORD})
    assert login.json()["code"] == "suspended"
    figures = admin.request("GET", "/metrics").text
    assert "axis_ledger_mismatches 0" in figures
    assert 'axis_requests_total{status="200"}' in figures


def test_requests_past_the_plan_are_refused_with_when_to_come_back(guarded: Running) -> None:
    person = Person(guarded, "hasty")
    answers = [person.request("GET", "/portal/api/billing/options") for _ in range(70)]
    last = answers[-1]
    assert answers[50].status_code == 200
    assert (last.status_code, last.json()["code"]) == (429, "rate_limited")
    assert last.json()["retry_after"] >= 1
