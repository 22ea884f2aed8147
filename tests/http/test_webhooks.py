"""Webhooks: signed, retried, logged, and never a way into the network that the server stands in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.http.loopback import Received, WebServer
from tests.http.people import Person
from tests.http.running import Running

from axis_core.errors import InputError, ProviderError
from axis_http.service import outbound, webhooks
from axis_http.service.outbound import checked_url, post
from axis_http.service.webhooks import RETRIES_S


@pytest.fixture(scope="module")
def axis(serve: Callable[..., Running]) -> Running:
    return serve(auth="required", allow_private_webhooks=True, signups_per_hour=1000)


@pytest.fixture
def receiver() -> Iterator[WebServer]:
    server = WebServer(lambda _: (200, {}, b""))
    yield server
    server.close()


def until(met: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Return what ``met`` returns as soon as that is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = met()
        if found:
            return found
        threading.Event().wait(0.02)
    raise AssertionError("it did not happen in time")


def verified(got: Received, secret: str) -> dict[str, Any]:
    """Check a message as the specification says, with no code of ours, and return it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert len(key) == 32
    text = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    right = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    assert right in got.headers["webhook-signature"].split(" ")
    assert abs(time.time() - int(got.headers["webhook-timestamp"])) < 60
    return dict(json.loads(got.body))


def test_the_end_of_a_job_is_told_signed_and_only_to_its_owner(axis: Running, receiver: WebServer) -> None:
    ann, bob = Person(axis), Person(axis)
    made = ann.data("POST", "/api/webhooks", json={"url": f"{receiver.url}/ann"})
    bob.data("POST", "/api/webhooks", json={"url": f"{receiver.url}/bob"})
    key = ann.key("process", "read", mode="test")["key"]
    job = axis.data("POST", "/api/rig", content=b"any", headers={"x-api-key": key, "content-type": "model/obj"})
    got = until(lambda: receiver.requests)[0]
    told = verified(got, made["secret"])
    assert got.path == "/ann"
    assert told["type"] == "job.succeeded"
    assert told["data"]["job_id"] == job["job_id"]
    assert ann.data("GET", told["data"]["poll_url"])["status"] == "succeeded"
    log = until(lambda: delivered(ann, made["webhook_id"]))
    assert (log[0]["attempt"], log[0]["answer"]) == (1, 200)
    assert all(r.path == "/ann" for r in receiver.requests)


def delivered(person: Person, webhook_id: str) -> list[dict[str, Any]]:
    page = person.data("GET", f"/api/webhooks/{webhook_id}/deliveries")["deliveries"]
    return page if page and all(d["status"] != "pending" for d in page) else []


def test_a_message_that_was_refused_comes_again_under_its_id(
    axis: Running, receiver: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "RETRIES_S", (0.0, 0.0, 0.0))
    answers = iter((500, 302, 200))
    receiver.answer = lambda _: (next(answers), {"Location": f"{receiver.url}/elsewhere"}, b"")
    ann = Person(axis)
    made = ann.data("POST", "/api/webhooks", json={"url": receiver.url, "events": ["job.failed"]})
    ann.data("POST", f"/api/webhooks/{made['webhook_id']}/test")
    log = until(lambda: delivered(ann, made["webhook_id"]))
    assert (log[0]["status"], log[0]["attempt"], log[0]["answer"]) == ("delivered", 3, 200)
    assert len({r.headers["webhook-id"] for r in receiver.requests}) == 1
    assert all(r.path == "/" for r in receiver.requests)  # a redirect is no way
    for got in receiver.requests:
        verified(got, made["secret"])


def test_what_is_never_taken_is_given_up_and_can_be_sent_again(
    axis: Running, receiver: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "RETRIES_S", (0.0,))
    receiver.answer = lambda _: (503, {}, b"")
    ann = Person(axis)
    hook = ann.data("POST", "/api/webhooks", json={"url": receiver.url})["webhook_id"]
    ann.data("POST", f"/api/webhooks/{hook}/test")
    log = until(lambda: delivered(ann, hook))
    assert (log[0]["status"], log[0]["attempt"], log[0]["answer"]) == ("failed", 2, 503)
    receiver.answer = lambda _: (204, {}, b"")
    ann.data("POST", f"/api/webhooks/{hook}/deliveries/{log[0]['delivery_id']}/redeliver")
    again = until(lambda: delivered(ann, hook))
    assert again[0]["status"] == "delivered"
    assert again[0]["message_id"] == log[0]["message_id"]


def test_the_tries_go_on_for_a_day() -> None:
    assert sum(RETRIES_S) >= 24 * 3600
    assert list(RETRIES_S) == sorted(RETRIES_S)


def test_two_secrets_are_good_while_one_is_changed(axis: Running, receiver: WebServer) -> None:
    ann = Person(axis)
    made = ann.data("POST", "/api/webhooks", json={"url": receiver.url})
    fresh = ann.data("POST", f"/api/webhooks/{made['webhook_id']}/rotate")
    assert fresh["secret"] != made["secret"]
    ann.data("POST", f"/api/webhooks/{made['webhook_id']}/test")
    got = until(lambda: receiver.requests)[0]
    verified(got, made["secret"])
    verified(got, fresh["secret"])
    axis.app._service.db.write("UPDATE webhook SET rotated_at = 1")
    ann.data("POST", f"/api/webhooks/{made['webhook_id']}/test")
    last = until(lambda: receiver.requests[1:])[0]
    verified(last, fresh["secret"])
    with pytest.raises(AssertionError):
        verified(last, made["secret"])


def test_a_secret_is_told_once_and_not_kept(axis: Running, receiver: WebServer) -> None:
    ann = Person(axis)
    made = ann.data("POST", "/api/webhooks", json={"url": receiver.url})
    listed = ann.request("GET", "/api/webhooks").text
    assert made["webhook_id"] in listed
    secret = made["secret"].removeprefix("whsec_")
    assert secret not in listed
    for path in axis.settings.home.glob("axis.db*"):
        assert secret.encode() not in path.read_bytes()
        assert base64.b64decode(secret) not in path.read_bytes()


def test_webhooks_of_ann_are_nothing_to_bob(axis: Running, receiver: WebServer) -> None:
    ann, bob = Person(axis), Person(axis)
    hook = ann.data("POST", "/api/webhooks", json={"url": receiver.url})["webhook_id"]
    sent = ann.data("POST", f"/api/webhooks/{hook}/test")["delivery_id"]
    for method, path in (
        ("POST", f"/api/webhooks/{hook}/test"),
        ("POST", f"/api/webhooks/{hook}/rotate"),
        ("GET", f"/api/webhooks/{hook}/deliveries"),
        ("POST", f"/api/webhooks/{hook}/deliveries/{sent}/redeliver"),
        ("DELETE", f"/api/webhooks?webhook_id={hook}"),
    ):
        assert bob.request(method, path).status_code == 404, path
    assert bob.data("GET", "/api/webhooks")["webhooks"] == []
    assert ann.data("DELETE", f"/api/webhooks?webhook_id={hook}")["deleted"]
    assert ann.data("GET", "/api/webhooks")["webhooks"] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://0.0.0.0/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://user:pass@hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "https:///nothing",
        "https://hooks.example:0/",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX: y",
        "gopher://hooks.example/",
        "https://[broken",
    ],
)
def test_addresses_that_may_not_be_called_are_refused_when_they_are_given(url: str) -> None:
    with pytest.raises(InputError) as refused:
        checked_url(url, allow_private=False)
    assert refused.value.code == "forbidden_url"


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"], ["::ffff:192.168.0.1"], ["169.254.169.254"], ["0.0.0.0"]],
)
def test_a_name_that_points_inside_is_not_called(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    canary = WebServer(lambda _: (200, {}, b""))
    entries = [(socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 1)) for a in addresses]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: entries)
    with pytest.raises(InputError, match="private network"):
        post(f"https://hooks.example:{canary.port}/", b"{}", {})
    assert canary.requests == []
    canary.close()


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers differently the second time reaches nothing else."""
    server, asked, called = WebServer(lambda _: (200, {}, b"here")), [], []
    real = socket.create_connection

    def resolved(*arguments: Any, **_: Any) -> list[Any]:
        asked.append(arguments[0])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.9.9.9", 1))]

    def connected(address: tuple[str, int], timeout: float) -> socket.socket:
        called.append(address[0])
        monkeypatch.undo()
        return real(address, timeout)

    monkeypatch.setattr(outbound.socket, "getaddrinfo", resolved)
    monkeypatch.setattr(outbound.socket, "create_connection", connected)
    reply = post(f"http://hooks.example:{server.port}/", b"{}", {}, allow_private=True)
    assert (reply.status, reply.body, called, asked) == (200, b"here", ["127.0.0.1"], ["hooks.example"])
    server.close()


def test_a_server_that_drips_is_cut_off() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            try:
                while not over.wait(0.05):
                    connection.sendall(b"X: y\r\n")
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    begun = time.monotonic()
    try:
        with pytest.raises(ProviderError, match="no answer"):
            post(f"http://127.0.0.1:{listener.getsockname()[1]}/", b"", {}, allow_private=True, seconds=0.4)
        assert time.monotonic() - begun < 3
    finally:
        over.set()
        thread.join(5)
        listener.close()


def test_an_answer_without_end_is_read_to_a_limit() -> None:
    server = WebServer(lambda _: (200, {}, b"x" * 1_000_000))
    assert len(post(server.url, b"", {}, allow_private=True).body) == outbound.LARGEST
    server.close()


def test_bad_webhooks_are_refused(axis: Running, receiver: WebServer) -> None:
    ann = Person(axis)
    for sent in (
        {},
        {"url": receiver.url, "events": []},
        {"url": receiver.url, "events": ["job.exploded"]},
        {"url": "ftp://x/"},
        {"url": receiver.url, "secret": "mine"},
    ):
        assert ann.request("POST", "/api/webhooks", json=sent).status_code == 400
    for _ in range(20):
        ann.data("POST", "/api/webhooks", json={"url": receiver.url})
    full = ann.request("POST", "/api/webhooks", json={"url": receiver.url})
    assert (full.status_code, full.json()["code"]) == (400, "plan_limit")


def test_a_courier_that_dies_leaves_the_message_due(axis: Running, receiver: WebServer) -> None:
    from axis_http.store import webhooks as rows

    service = axis.app._service
    hook = rows.add(service.db, "usr_x", receiver.url, ["job.failed"])
    with service.db.tx():  # the couriers see nothing before the commit
        delivery = rows.add_delivery(service.db, hook, "msg_x", "job.failed", "{}")
        first = rows.claim(service.db, -1.0)  # its lease is over at once
        second = rows.claim(service.db, 30.0)
        assert first
        assert second
        assert (first["delivery_id"], second["delivery_id"]) == (delivery, delivery)
        late = {"answer": 200, "reason": "", "after_s": 0.0}
        rows.end_attempt(service.db, delivery, first["attempt"], "delivered", **late)  # type: ignore[arg-type]
        assert rows.delivery(service.db, hook, delivery)["status"] == "pending"  # type: ignore[index]
        rows.end_attempt(service.db, delivery, second["attempt"], "delivered", **late)  # type: ignore[arg-type]
        assert rows.delivery(service.db, hook, delivery)["status"] == "delivered"  # type: ignore[index]

