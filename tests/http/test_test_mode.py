"""Test keys: answers at once, for nothing, always the same, and no way to anything real."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.http.people import PASSWORD, Person
from tests.http.running import Running

import axis_core


@pytest.fixture(scope="module")
def axis(serve: Callable[..., Running]) -> Running:
    return serve(auth="required", signups_per_hour=1000)


@pytest.fixture
def ann(axis: Running) -> Person:
    return Person(axis)


def test_its_jobs_have_ended_when_they_are_accepted_and_cost_nothing(axis: Running, ann: Person) -> None:
    head = {"x-api-key": ann.key("read", "process", "generate", mode="test")["key"]}
    mesh = {**head, "content-type": "model/obj", "prefer": "respond-async"}
    made = [axis.data("POST", f"/api/{verb}", content=b"not a mesh", headers=mesh) for verb in ("rig", "process")]
    made.append(axis.data("POST", "/api/generate", json={"prompt": "a tall woman"}, headers=head))
    files = {axis.request("GET", m["download_url"], headers=head).content for m in made}
    assert len(files) == 1
    scene = axis_core.read(files.pop(), name="x.glb")
    assert scene.n_triangles == 1
    job = axis.data("GET", f"/api/job/{made[0]['job_id']}", headers=head)
    assert (job["status"], job["progress"], job["provider"]) == ("succeeded", 100, "mock")
    assert job["cost"] == {"charged": 0, "refunded": 0}
    events = axis.request("GET", f"/api/jobs/{job['job_id']}/events", headers=head).text
    assert [line for line in events.splitlines() if line.startswith("id:")] == ["id: 1", "id: 2", "id: 3"]
    assert ann.data("GET", "/api/billing/balance")["balance"] == ann.balance
    assert ann.data("GET", "/api/gallery/my-assets")["total"] == 0


def test_it_charges_nothing(axis: Running, ann: Person) -> None:
    head = {"x-api-key": ann.key("billing", "billing:deduct", mode="test")["key"]}
    done = axis.data("POST", "/portal/api/deduct", json={"operation": "image_to_3d", "units": 1000}, headers=head)
    assert (done["amount"], done["transaction_id"], done["balance"]) == (0, None, ann.balance)


def test_it_is_no_way_to_an_account(axis: Running, ann: Person) -> None:
    head = {"x-api-key": ann.key("account:manage", "account", mode="test")["key"]}
    for method, path, body in (
        ("POST", "/portal/api/keys", {"name": "more"}),
        ("POST", "/portal/api/password", {"current_password": PASSWORD, "new_password": "a new long password"}),
        ("DELETE", "/portal/api/account", {"password": PASSWORD}),
        ("POST", "/portal/api/billing/checkout", {"token_pack": "pack_200"}),
    ):
        assert axis.request(method, path, json=body, headers=head).status_code == 403, path


def test_its_mode_is_in_its_prefix_and_stays(axis: Running, ann: Person) -> None:
    made = ann.key("read", mode="test")
    assert made["key"].startswith("axf_test_")
    assert ann.key("read")["key"].startswith("axf_live_")
    fresh = ann.data("POST", f"/portal/api/keys/{made['key_id']}/rotate")
    assert fresh["key"].startswith("axf_test_")
    assert ann.request("POST", "/portal/api/keys", json={"name": "k", "mode": "gold"}).status_code == 400
    forged = made["key"].replace("axf_test_", "axf_live_")
    assert axis.request("GET", "/api/auth/verify", headers={"x-api-key": forged}).status_code == 401
