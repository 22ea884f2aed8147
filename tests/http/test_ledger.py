"""The ledger is never negative, never charges twice, never refunds twice."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.http.people import Person
from tests.http.running import Running

from axis_core.errors import StoreError
from axis_http.nouns import Cost, Job, JobError, new_id
from axis_http.problems import Problem
from axis_http.service.billing import Billing
from axis_http.service.pricing import Pricing, load_pricing
from axis_http.service.queue import DurableQueue
from axis_http.store import accounts, ledger
from axis_http.store.database import Database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "axis.db")
    yield opened
    opened.close()


def somebody(db: Database, tokens: int) -> str:
    user = accounts.add_account(db, f"{new_id('x')}@example.org", "hash", "", "free")
    assert user is not None
    if tokens:
        ledger.post(db, user, "adjust", tokens, operation="test")
    return user


def spend(path: str, user: str, tries: int, ready: object, spent: object) -> None:
    db = Database(Path(path))
    ready.wait(60)  # type: ignore[attr-defined]
    paid = sum(ledger.post(db, user, "deduct", -1, operation="test") is not None for _ in range(tries))
    with spent.get_lock():  # type: ignore[attr-defined]
        spent.value += paid  # type: ignore[attr-defined]
    db.close()


def test_eight_processes_spend_exactly_what_there_is(db: Database) -> None:
    user = somebody(db, 500)
    context = multiprocessing.get_context("spawn")
    ready, spent = context.Barrier(8), context.Value("i", 0)
    crowd = [context.Process(target=spend, args=(str(db.path), user, 100, ready, spent)) for _ in range(8)]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join(120)
    assert [p.exitcode for p in crowd] == [0] * 8
    assert spent.value == 500
    assert ledger.balance_of(db, user) == 0
    assert ledger.sums_that_differ(db) == []


def test_rows_can_be_neither_changed_nor_removed(db: Database) -> None:
    somebody(db, 5)
    for sql in ("UPDATE ledger SET amount = 9", "DELETE FROM ledger"):
        with pytest.raises(Exception, match="append-only"):
            db.write(sql)
    assert db.value("SELECT SUM(amount) FROM ledger") == 5


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(amounts=st.lists(st.integers(-30, 30), max_size=20))
def test_the_balance_is_the_sum_and_never_negative(db: Database, amounts: list[int]) -> None:
    user, expected = somebody(db, 0), 0
    for amount in amounts:
        row = ledger.post(db, user, "adjust", amount, operation="test")
        if expected + amount < 0:
            assert row is None
        else:
            expected += amount
            assert row is not None
            assert row["balance_after"] == expected
    assert ledger.balance_of(db, user) == expected
    assert ledger.sums_that_differ(db) == []


@pytest.mark.parametrize(
    ("end", "back"), [("fail", 10), ("succeed", 0), ("cancel waiting", 10), ("cancel running", 0), ("expire", 10)]
)
def test_what_did_not_work_is_refunded_once(db: Database, end: str, back: int) -> None:
    billing = Billing(db, Pricing())
    queue = DurableQueue(db, settle=billing.settle)
    user = somebody(db, 10)
    job = Job(job_id=new_id("job"), owner=user, kind="x", params={}, max_attempts=1, cost=Cost(charged=10))
    with db.tx():
        queue.enqueue(job)
        billing.charge(job, "image_to_3d", 10)
    assert ledger.balance_of(db, user) == 0
    if end == "cancel waiting":
        queue.cancel(job.job_id)
        queue.cancel(job.job_id)
    elif end == "expire":
        db.write("UPDATE job SET expires_at = 1")
        queue.reap()
    else:
        lease = queue.claim("w", 30.0, 0.0)
        assert lease is not None
        if end == "cancel running":
            queue.cancel(job.job_id)
        if end == "succeed":
            queue.complete(lease, {})
        else:
            queue.fail(lease, JobError(code="stage_failed", message="no"))
            assert not queue.fail(lease, JobError(code="stage_failed", message="no"))
    queue.reap()
    assert ledger.balance_of(db, user) == back
    assert queue.get(job.job_id).cost.refunded == back
    assert ledger.sums_that_differ(db) == []


def test_a_job_that_cannot_be_paid_is_not_there(db: Database) -> None:
    billing = Billing(db, Pricing())
    queue = DurableQueue(db)
    job = Job(job_id=new_id("job"), owner=somebody(db, 9), kind="x", params={}, cost=Cost(charged=10))

    def submit() -> None:
        with db.tx():
            queue.enqueue(job)
            billing.charge(job, "image_to_3d", 10)

    with pytest.raises(Problem) as refused:
        submit()
    assert (refused.value.status, refused.value.code) == (402, "insufficient_tokens")
    assert queue.stats()["queued"] == 0


def test_a_write_inside_a_failed_transaction_is_undone(db: Database) -> None:
    user = somebody(db, 3)

    def broken() -> None:
        with db.tx():
            ledger.post(db, user, "deduct", -1, operation="test")
            db.write("SELECT nothing FROM nowhere")

    with pytest.raises(StoreError):
        broken()
    assert ledger.balance_of(db, user) == 3


def test_deduct_charges_once_for_a_key(serve: Callable[..., Running]) -> None:
    person = Person(serve(auth="required"), "payer")
    sent = {"operation": "image_to_3d", "units": 2, "idempotency_key": "k1"}
    first = person.data("POST", "/portal/api/deduct", json=sent)
    assert (first["amount"], first["balance"], first["idempotent_replay"]) == (20, 30, False)
    again = person.data("POST", "/portal/api/deduct", json=sent)
    assert again == {**first, "idempotent_replay": True}
    other = person.request("POST", "/portal/api/deduct", json={**sent, "units": 1})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")
    broke = person.request("POST", "/portal/api/deduct", json={"operation": "image_to_3d", "units": 4})
    assert (broke.status_code, broke.json()["code"]) == (402, "insufficient_tokens")
    free = person.data("POST", "/portal/api/deduct", json={"operation": "rig"})
    assert (free["amount"], free["transaction_id"], free["balance"]) == (0, None, 30)
    for bad in ({"operation": "gold"}, {"operation": "rig", "units": 0}, {"operation": "mesh_upload", "amount": -5}):
        assert person.request("POST", "/portal/api/deduct", json=bad).status_code == 400
    assert len(person.data("GET", "/api/billing/usage?type=deduct")["transactions"]) == 1


def test_one_writer_at_a_time_in_one_process(db: Database) -> None:
    user = somebody(db, 50)
    results: list[bool] = []

    def work() -> None:
        results.extend(ledger.post(db, user, "deduct", -1, operation="test") is not None for _ in range(20))

    crowd = [threading.Thread(target=work) for _ in range(5)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert (results.count(True), results.count(False)) == (50, 50)


def test_prices_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text("[operations]\nrig = 3\n[packs.small]\ntokens = 10\nprice_cents = 100\n")
    own = load_pricing(path)
    assert (own.operations, list(own.packs), own.first_plan) == ({"rig": 3}, ["small"], "free")
    path.write_text('[operations]\nrig = "many"\n')
    with pytest.raises(Exception, match="AXIS_PRICING"):
        load_pricing(path)
