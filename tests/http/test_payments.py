"""Packs of tokens through processors that misbehave: credited once, or not at all."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from tests.http.loopback import Answer, Received, WebServer
from tests.http.people import Person
from tests.http.running import Running

from axis_core.errors import InputError
from axis_http import Settings, create_app
from axis_http.service.payments.trustfabric import signature_of
from axis_http.store import ledger


SECRET = "whsec_of_the_test"
KEY = "sk_test_of_the_test"
PACK = {"token_pack": "pack_1000", "success_url": "https://shop.example/done"}


class Fake:
    """A processor on loopback and a service that is configured for it."""

    def __init__(self, name: str, start: Callable[..., Running]) -> None:
        self.name = name
        self.server = WebServer(self.fine)
        self.axis = start(
            auth="required",
            payments=name,
            payments_url=self.server.url,
            payments_key=KEY,
            payments_webhook_secret=SECRET,
            payments_timeout_s=0.5,
            return_hosts=("shop.example",),
            signups_per_hour=1000,
        )

    def fine(self, got: Received) -> Answer:
        if self.name == "stripe":
            made: dict[str, Any] = {"id": "cs_1", "object": "checkout.session", "url": "https://pay.example/cs_1"}
            made["expires_at"] = int(time.time()) + 3600
        else:
            made = {"id": "pi_1", "checkout_url": "https://pay.example/pi_1", "expires_at": int(time.time()) + 3600}
        return 200, {"Content-Type": "application/json"}, json.dumps(made).encode()

    def event(self, intent: str, event_id: str, *, value: int = 2200, currency: str = "USD") -> bytes:
        if self.name == "stripe":
            about = {
                "object": "checkout.session",
                "client_reference_id": intent,
                "payment_status": "paid",
                "amount_total": value,
                "currency": currency.lower(),
            }
            told: dict[str, Any] = {"id": event_id, "object": "event", "type": "checkout.session.completed"}
            return json.dumps(told | {"data": {"object": about}}).encode()
        money = {"value": value, "currency": currency}
        told = {"id": event_id, "type": "payment_intent.succeeded"}
        return json.dumps(told | {"data": {"id": "pi_1", "reference": intent, "amount": money}}).encode()

    def signed(self, body: bytes, *, secret: str = SECRET, age: float = 0.0) -> dict[str, str]:
        moment = int(time.time() - age)
        if self.name == "stripe":
            digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
            return {"stripe-signature": f"t={moment},v1={digest}", "content-type": "application/json"}
        signature = signature_of(secret, body, moment)
        return {"trustfabric-signature": signature, "content-type": "application/json"}

    def tell(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return self.axis.request("POST", f"/portal/api/billing/webhook/{self.name}", content=body, headers=headers)


@pytest.fixture(scope="module", params=["trustfabric", "stripe"])
def fake(request: pytest.FixtureRequest, serve: Callable[..., Running]) -> Iterator[Fake]:
    if request.param == "stripe":
        pytest.importorskip("stripe")
    made = Fake(request.param, serve)
    yield made
    made.server.close()


@pytest.fixture(autouse=True)
def healthy(request: pytest.FixtureRequest) -> None:
    if "fake" in request.fixturenames:
        found: Fake = request.getfixturevalue("fake")
        found.server.answer = found.fine
        found.server.requests.clear()


def balance(person: Person) -> int:
    return int(person.data("GET", "/api/billing/balance")["balance"])


def test_a_pack_is_credited_by_the_processors_word_and_no_sooner(fake: Fake) -> None:
    buyer = Person(fake.axis)
    made = buyer.data("POST", "/portal/api/billing/checkout", json=PACK)
    assert (made["provider"], made["status"], made["tokens"]) == (fake.name, "requires_action", 1000)
    assert made["amount"] == {"value": 2200, "currency": "USD"}
    assert made["checkout_url"].startswith("https://pay.example/")
    assert balance(buyer) == buyer.balance
    sent = fake.server.requests[-1]
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.headers["idempotency-key"] == made["intent_id"]
    if fake.name == "stripe":
        form = parse_qs(sent.body.decode())
        assert form["client_reference_id"] == [made["intent_id"]]
        assert form["line_items[0][price_data][unit_amount]"] == ["2200"]
    else:
        assert json.loads(sent.body)["amount"] == {"value": 2200, "currency": "USD"}
    body = fake.event(made["intent_id"], "evt_a")
    told = fake.tell(body, fake.signed(body))
    assert told.json()["data"] == {"received": True, "duplicate": False, "credited": True}
    assert balance(buyer) == buyer.balance + 1000
    row = buyer.data("GET", "/api/billing/usage?type=purchase")["transactions"][0]
    assert (row["amount"], row["balance_after"]) == (1000, buyer.balance + 1000)


def test_many_words_about_one_payment_credit_once(fake: Fake) -> None:
    buyer = Person(fake.axis)
    intent = buyer.data("POST", "/portal/api/billing/checkout", json=PACK)["intent_id"]

    def tell(number: int) -> bool:
        body = fake.event(intent, f"evt_many_{intent}_{number % 3}")
        answer = fake.tell(body, fake.signed(body))
        assert answer.status_code == 200
        return bool(answer.json()["data"]["credited"])

    with ThreadPoolExecutor(6) as crowd:
        credited = list(crowd.map(tell, range(12)))
    assert credited.count(True) == 1
    assert balance(buyer) == buyer.balance + 1000
    assert ledger.sums_that_differ(fake.axis.app._service.db) == []


@pytest.mark.parametrize("flaw", ["forged", "changed", "old", "future", "unsigned", "garbage"])
def test_a_word_that_is_not_signed_now_credits_nothing(fake: Fake, flaw: str) -> None:
    buyer = Person(fake.axis)
    intent = buyer.data("POST", "/portal/api/billing/checkout", json=PACK)["intent_id"]
    body = fake.event(intent, f"evt_{flaw}")
    headers = {
        "forged": fake.signed(body, secret="another"),
        "changed": fake.signed(body),
        "old": fake.signed(body, age=400),
        "future": fake.signed(body, age=-4000) if fake.name == "trustfabric" else fake.signed(body, age=900),
        "unsigned": {"content-type": "application/json"},
        "garbage": {"trustfabric-signature": "t=x,v1", "stripe-signature": "t=x,v1"},
    }[flaw]
    told = fake.tell(body + b" " if flaw == "changed" else body, headers)
    assert (told.status_code, told.json()["code"]) == (400, "bad_signature")
    assert balance(buyer) == buyer.balance
    assert fake.tell(body, fake.signed(body)).json()["data"]["credited"]  # the true word still counts


@pytest.mark.parametrize(("value", "currency"), [(1, "USD"), (2200, "JPY"), (-2200, "USD")])
def test_another_amount_credits_nothing(fake: Fake, value: int, currency: str) -> None:
    buyer = Person(fake.axis)
    intent = buyer.data("POST", "/portal/api/billing/checkout", json=PACK)["intent_id"]
    body = fake.event(intent, f"evt_{value}_{currency}", value=value, currency=currency)
    assert fake.tell(body, fake.signed(body)).json()["data"]["credited"] is False
    assert balance(buyer) == buyer.balance


def test_words_about_nothing_of_ours_are_taken_and_change_nothing(fake: Fake) -> None:
    body = fake.event("pay_of_somebody_else", "evt_other")
    assert fake.tell(body, fake.signed(body)).json()["data"] == {
        "received": True,
        "duplicate": False,
        "credited": False,
    }
    for text in (b"[]", b'{"id": 3}', b"\xff\xfe", b'{"id": "e", "type": "x", "data": []}'):
        assert fake.tell(text, fake.signed(text)).status_code == 400
    assert fake.axis.request("POST", "/portal/api/billing/webhook/paypal", content=b"{}").status_code == 404


@pytest.mark.parametrize("flaw", ["500", "429", "slow", "nonsense", "no way to pay", "redirect"])
def test_a_processor_that_fails_is_502_and_may_be_asked_again(fake: Fake, flaw: str) -> None:
    over = threading.Event()

    def bad(got: Received) -> Answer:
        if flaw == "slow":
            over.wait(5)
        nothing = {"id": "x", "object": "checkout.session", "url": None, "expires_at": None, "checkout_url": ""}
        answers: dict[str, Answer] = {
            "500": (500, {}, b"oops"),
            "429": (429, {}, b"{}"),
            "nonsense": (200, {"Content-Type": "application/json"}, b"<html>"),
            "no way to pay": (200, {"Content-Type": "application/json"}, json.dumps(nothing).encode()),
            "redirect": (307, {"Location": f"{fake.server.url}/elsewhere"}, b""),
        }
        return answers.get(flaw, (200, {}, b""))

    buyer = Person(fake.axis)
    fake.server.answer = bad
    begun = time.monotonic()
    refused = buyer.request("POST", "/portal/api/billing/checkout", json=PACK)
    over.set()
    assert time.monotonic() - begun < 4
    assert (refused.status_code, refused.json()["code"]) == (502, "payment_processor")
    assert refused.json()["is_retryable"]
    assert KEY not in refused.text
    assert all(r.path != "/elsewhere" for r in fake.server.requests)
    fake.server.answer = fake.fine
    assert buyer.data("POST", "/portal/api/billing/checkout", json=PACK)["status"] == "requires_action"


@pytest.mark.parametrize(
    "change",
    [
        {"token_pack": "pack_of_gold"},
        {"token_pack": 3},
        {"success_url": "https://evil.example/"},
        {"success_url": "http://shop.example/"},
        {"success_url": "https://shop.example@evil.example/"},
        {"cancel_url": "javascript:alert(1)"},
        {"success_url": "https://[broken"},
    ],
)
def test_what_cannot_be_bought_is_refused_before_the_processor_hears_of_it(fake: Fake, change: dict[str, Any]) -> None:
    refused = Person(fake.axis).request("POST", "/portal/api/billing/checkout", json={**PACK, **change})
    assert refused.status_code == 400
    assert fake.server.requests == []


def test_a_buyer_who_sends_the_same_request_twice_has_one_intent(fake: Fake) -> None:
    buyer = Person(fake.axis)
    key = {"idempotency-key": "buy-1"}
    first = buyer.request("POST", "/portal/api/billing/checkout", json=PACK, headers=key)
    again = buyer.request("POST", "/portal/api/billing/checkout", json=PACK, headers=key)
    assert first.json()["data"] == again.json()["data"]
    assert len(fake.server.requests) == 1


def test_without_a_processor_nothing_is_sold(serve: Callable[..., Running]) -> None:
    buyer = Person(serve(auth="required"))
    refused = buyer.request("POST", "/portal/api/billing/checkout", json=PACK)
    assert (refused.status_code, refused.json()["code"]) == (503, "not_configured")
    assert not refused.json()["is_retryable"]
    assert buyer.axis.request("POST", "/portal/api/billing/webhook/stripe", content=b"{}").status_code == 503
    shown = buyer.data("GET", "/portal/api/billing/options")
    assert (shown["payments_enabled"], shown["provider"]) == (False, None)


def test_half_a_configuration_stops_the_start(tmp_path: Any) -> None:
    with pytest.raises(InputError, match="AXIS_PAYMENTS_KEY, AXIS_PAYMENTS_WEBHOOK_SECRET, AXIS_PAYMENTS_URL"):
        create_app(Settings(home=tmp_path, payments="trustfabric", plugins=False))


def test_what_is_secret_is_not_in_the_settings_text() -> None:
    shown = repr(Settings(payments_key=KEY, payments_webhook_secret=SECRET, smtp_url="smtp://u:pass@h"))
    assert KEY not in shown
    assert SECRET not in shown
    assert "pass@" not in shown
