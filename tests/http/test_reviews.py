"""The quality gate and reviews: what is below a plan's score reaches its owner only when a person lets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.http.people import Person
from tests.http.running import Running


GLB = {"content-type": "model/gltf-binary"}

PRICES = """
[operations]
process = 3
rig = 0
validate = 0
audit = 0

[plans.free]
name = "Free"
price_cents = 0
tokens = 50
monthly = false
running = 1
waiting = 5
requests_per_minute = 6000
retention_days = 7
avatars = 10
workers = 1
min_score = 101
on_below = "{below}"
"""


@pytest.fixture(scope="module")
def start(serve: Callable[..., Running], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Running]:
    """Start a service whose free plan asks for more than anything scores."""

    def begin(below: str = "review", **settings: Any) -> Running:
        path = tmp_path_factory.mktemp("prices") / "prices.toml"
        path.write_text(PRICES.format(below=below))
        limits = {"signups_per_hour": 1000, "public_rate": 100_000, "sync_limit": 120.0}
        return serve(auth="required", pricing=path, **limits, **settings)

    return begin


@pytest.fixture(scope="module")
def strict(start: Callable[..., Running]) -> Running:
    """A service in which every result is held."""
    return start()


def reviewer(axis: Running, name: str = "reviewer") -> Person:
    person = Person(axis, name)
    axis.app._service.db.write("UPDATE account SET role = 'reviewer' WHERE user_id = ?", (person.user_id,))
    return person


def balance(person: Person) -> int:
    return int(person.data("GET", "/api/billing/balance")["balance"])


def held(person: Person, glb: bytes) -> tuple[str, str]:
    """A job that awaits its review, and the review."""
    answer = person.data("POST", "/api/process", content=glb, headers=GLB)
    assert answer["status"] == "awaiting_review"
    assert "export_id" not in answer
    waiting = person.data("GET", "/api/review/pending")["items"]
    return answer["job_id"], next(i["review_id"] for i in waiting if i["job_id"] == answer["job_id"])


def test_a_held_result_is_out_of_reach_until_it_is_approved(strict: Running, person_glb: bytes) -> None:
    owner, judge, other = Person(strict, "owner"), reviewer(strict), Person(strict, "other")
    job_id, review_id = held(owner, person_glb)
    assert balance(owner) == 47
    job = owner.data("GET", f"/api/job/{job_id}")
    assert (job["status"], job["result"]) == ("awaiting_review", None)
    assert owner.data("GET", "/api/gallery/my-assets")["total"] == 0
    export_id = strict.app._service.db.value("SELECT export_id FROM review WHERE review_id = ?", (review_id,))
    assert owner.request("GET", f"/api/export/{export_id}").status_code == 404
    item = owner.data("GET", f"/api/review/{review_id}")
    assert (item["preview_url"], item["reason_codes"]) == (None, ["quality_below_policy"])
    assert other.request("GET", f"/api/review/{review_id}").status_code == 404
    assert other.data("GET", "/api/review/pending")["total"] == 0
    sent = {"review_id": review_id, "decision": "approve", "edits": {"name": "Renamed", "tags": ["seen"]}}
    assert owner.request("POST", "/api/review/decide", json=sent).status_code == 403
    shown = judge.data("GET", f"/api/review/{review_id}")
    assert strict.request("GET", shown["preview_url"]).content[:4] == b"glTF"
    done = judge.data("POST", "/api/review/decide", json=sent)
    assert (done["status"], done["job_status"], done["decided_by"]) == ("approved", "succeeded", judge.user_id)
    job = owner.data("GET", f"/api/job/{job_id}")
    assert job["status"] == "succeeded"
    assert owner.request("GET", job["result"]["download_url"]).content[:4] == b"glTF"
    asset = owner.data("GET", f"/api/gallery/{done['asset_id']}")
    assert (asset["name"], asset["tags"], asset["stage"]) == ("Renamed", ["seen"], "validated")
    assert balance(owner) == 47
    again = judge.request("POST", "/api/review/decide", json=sent)
    assert (again.status_code, again.json()["code"]) == (400, "already_decided")
    logged = strict.app._service.db.rows("SELECT action FROM audit_log WHERE actor = ?", (judge.user_id,))
    assert "review.approve" in {r["action"] for r in logged}


@pytest.mark.parametrize("decision", ["reject", "request_changes"])
def test_anything_else_fails_the_job_and_gives_the_tokens_back_once(
    strict: Running, person_glb: bytes, decision: str
) -> None:
    owner, judge = Person(strict, "owner"), reviewer(strict)
    job_id, review_id = held(owner, person_glb)
    export_id = strict.app._service.db.value("SELECT export_id FROM review WHERE review_id = ?", (review_id,))
    sent = {"review_id": review_id, "decision": decision}
    if decision == "reject":
        assert judge.request("POST", "/api/review/decide", json=sent).status_code == 400
    done = judge.data("POST", "/api/review/decide", json={**sent, "reason": "the arms are stumps"})
    assert (done["job_status"], done["asset_id"]) == ("failed", None)
    job = owner.data("GET", f"/api/job/{job_id}")
    assert (job["error"]["code"], job["error"]["message"]) == ("review_rejected", "the arms are stumps")
    assert job["cost"] == {"charged": 3, "refunded": 3}
    assert balance(owner) == 50
    assert strict.app._service.db.row("SELECT 1 FROM export WHERE export_id = ?", (export_id,)) is None
    item = owner.data("GET", f"/api/review/{review_id}")
    assert [(e["action"], e["reason"]) for e in item["history"]] == [(decision, "the arms are stumps")]


def test_what_cannot_be_decided_is_refused(strict: Running, person_glb: bytes) -> None:
    owner, judge = Person(strict, "owner"), reviewer(strict)
    _, review_id = held(owner, person_glb)
    for sent in (
        {"review_id": review_id, "decision": "maybe"},
        {"review_id": review_id, "decision": "approve", "edits": {"owner": "me"}},
        {"review_id": review_id, "decision": "approve", "edits": {"tags": "x"}},
        {"review_id": review_id, "decision": "reject", "reason": "x" * 2001},
    ):
        assert judge.request("POST", "/api/review/decide", json=sent).status_code == 400, sent
    unknown = judge.request("POST", "/api/review/decide", json={"review_id": "rev_no", "decision": "approve"})
    assert unknown.status_code == 404
    assert judge.data("GET", f"/api/review/{review_id}")["status"] == "pending"
    page = judge.data("GET", "/api/review/pending?limit=1")
    assert page["count"] == 1
    assert page["total"] >= 1


def test_a_cancelled_job_takes_its_review_with_it(strict: Running, person_glb: bytes) -> None:
    owner, judge = Person(strict, "owner"), reviewer(strict)
    job_id, review_id = held(owner, person_glb)
    assert owner.data("POST", f"/api/jobs/{job_id}/cancel")["status"] == "cancelled"
    late = judge.request("POST", "/api/review/decide", json={"review_id": review_id, "decision": "approve"})
    assert late.json()["code"] == "already_decided"
    strict.app._service.gate.expire()
    assert owner.data("GET", f"/api/review/{review_id}")["status"] == "expired"
    assert strict.app._service.db.value("SELECT COUNT(*) FROM export WHERE job_id = ?", (job_id,)) == 0


def test_an_account_that_is_erased_leaves_no_review(strict: Running, person_glb: bytes) -> None:
    owner = Person(strict, "leaving")
    job_id, _ = held(owner, person_glb)
    owner.data("DELETE", "/portal/api/account", json={})
    for table in ("review", "export", "job"):
        assert strict.app._service.db.row(f"SELECT 1 FROM {table} WHERE job_id = ?", (job_id,)) is None, table


def test_what_nobody_decides_expires_and_is_refunded(start: Callable[..., Running], person_glb: bytes) -> None:
    axis = start(review_days=0.0)
    owner = Person(axis, "owner")
    job_id = owner.data("POST", "/api/process", content=person_glb, headers=GLB)["job_id"]
    axis.app._service.gate.expire()
    job = owner.data("GET", f"/api/job/{job_id}")
    assert (job["status"], job["error"]["code"]) == ("failed", "review_expired")
    assert balance(owner) == 50


def test_a_plan_that_refuses_fails_at_once_and_gives_the_tokens_back(
    start: Callable[..., Running], person_glb: bytes
) -> None:
    axis = start("refuse")
    owner = Person(axis, "owner")
    answer = owner.request("POST", "/api/process", content=person_glb, headers=GLB)
    assert (answer.status_code, answer.json()["code"]) == (400, "quality_below_policy")
    assert balance(owner) == 50
    assert owner.data("GET", "/api/review/pending")["total"] == 0
    assert owner.data("GET", "/api/gallery/my-assets")["total"] == 0


def test_four_eyes_are_two_other_people(start: Callable[..., Running], person_glb: bytes) -> None:
    axis = start(four_eyes=True)
    owner, first, second = reviewer(axis, "owner"), reviewer(axis, "first"), reviewer(axis, "second")
    _, review_id = held(owner, person_glb)
    sent = {"review_id": review_id, "decision": "approve"}
    assert owner.request("POST", "/api/review/decide", json=sent).status_code == 403
    renamed = sent | {"edits": {"name": "seen by the first", "tags": ["seen"]}}
    assert first.data("POST", "/api/review/decide", json=renamed)["status"] == "pending"
    assert first.request("POST", "/api/review/decide", json=sent).status_code == 400
    ended = second.data("POST", "/api/review/decide", json=sent)
    assert ended["job_status"] == "succeeded"
    asset = owner.data("GET", f"/api/gallery/{ended['asset_id']}")
    assert (asset["name"], asset["tags"]) == ("seen by the first", ["seen"])
    history = owner.data("GET", f"/api/review/{review_id}")["history"]
    assert [e["actor"] for e in history] == [first.user_id, second.user_id]
