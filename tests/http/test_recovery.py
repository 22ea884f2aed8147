"""Passwords, addresses and invitations by mail; a mail server on loopback."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from email import message_from_string

import pytest
from tests.http.loopback import MailServer
from tests.http.people import PASSWORD, Person
from tests.http.running import Running

from axis_core.errors import InputError
from axis_http.service.mail import Postman


NEW = "another good long password"


@pytest.fixture
def post_office() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def office() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def axis(serve: Callable[..., Running], office: MailServer) -> Running:
    return serve(
        auth="required",
        smtp_url=office.url,
        mail_from="axis@example.org",
        public_url="https://axis.example",
        signups_per_hour=1000,
    )


def letter(office: MailServer, to: str) -> str:
    """Return the text of the next letter to somebody."""
    while True:
        found = message_from_string(office.letters.get(timeout=20))
        if found["To"] == to:
            assert found["From"] == "axis@example.org"
            return bytes(found.get_payload(decode=True)).decode()


def token_in(text: str) -> str:
    return re.findall(r"axr_[\w-]{43}", text)[0]


def post(axis: Running, path: str, **body: object) -> tuple[int, str]:
    answer = axis.request("POST", path, json=body)
    return answer.status_code, str(answer.json().get("code", ""))


def test_a_lost_password_is_replaced_once_and_every_session_ends(axis: Running, office: MailServer) -> None:
    ann = Person(axis)
    letter(office, ann.email)  # the welcome
    assert post(axis, "/portal/api/password/reset", email=ann.email.upper())[0] == 200
    text = letter(office, ann.email)
    assert "https://axis.example" in text
    token = token_in(text)
    confirm = "/portal/api/password/reset/confirm"
    assert post(axis, confirm, token=token, new_password="short") == (400, "invalid_request")
    assert post(axis, confirm, token=token, new_password=NEW) == (200, "")
    assert post(axis, confirm, token=token, new_password=NEW) == (400, "bad_token")
    assert ann.request("GET", "/portal/api/account").status_code == 401
    assert post(axis, "/portal/api/login", email=ann.email, password=PASSWORD)[0] == 401
    assert post(axis, "/portal/api/login", email=ann.email, password=NEW)[0] == 200


def test_an_address_without_an_account_is_answered_alike_and_gets_nothing(axis: Running, office: MailServer) -> None:
    ann = Person(axis)
    letter(office, ann.email)
    known = axis.request("POST", "/portal/api/password/reset", json={"email": ann.email}).json()
    unknown = axis.request("POST", "/portal/api/password/reset", json={"email": "nobody@example.org"}).json()
    assert known["data"] == unknown["data"]
    letter(office, ann.email)
    assert office.letters.empty()


def test_tokens_end_and_only_the_last_one_counts(axis: Running, office: MailServer) -> None:
    ann = Person(axis)
    letter(office, ann.email)
    tokens = []
    for _ in range(2):
        post(axis, "/portal/api/password/reset", email=ann.email)
        tokens.append(token_in(letter(office, ann.email)))
    confirm = "/portal/api/password/reset/confirm"
    assert post(axis, confirm, token=tokens[0], new_password=NEW) == (400, "bad_token")
    axis.app._service.db.write("UPDATE mailed_token SET expires_at = 1")
    assert post(axis, confirm, token=tokens[1], new_password=NEW) == (400, "bad_token")


def test_two_who_use_a_token_at_once_change_it_once(axis: Running, office: MailServer) -> None:
    ann = Person(axis)
    letter(office, ann.email)
    post(axis, "/portal/api/password/reset", email=ann.email)
    token = token_in(letter(office, ann.email))
    codes: list[int] = []

    def confirm(number: int) -> None:
        sent = {"token": token, "new_password": f"{NEW} {number}"}
        codes.append(axis.request("POST", "/portal/api/password/reset/confirm", json=sent).status_code)

    crowd = [threading.Thread(target=confirm, args=(n,)) for n in range(4)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert sorted(codes) == [200, 400, 400, 400]


def test_a_token_is_for_one_purpose_and_dies_with_the_address(axis: Running, office: MailServer) -> None:
    ann = Person(axis)
    welcome = token_in(letter(office, ann.email))
    assert not ann.data("GET", "/portal/api/account")["email_verified"]
    assert post(axis, "/portal/api/password/reset/confirm", token=welcome, new_password=NEW) == (400, "bad_token")
    assert post(axis, "/portal/api/email/verify", token=welcome) == (200, "")
    assert ann.data("GET", "/portal/api/account")["email_verified"]
    post(axis, "/portal/api/password/reset", email=ann.email)
    token = token_in(letter(office, ann.email))
    ann.data("POST", "/portal/api/profile", json={"email": f"new-{ann.email}", "password": PASSWORD})
    assert post(axis, "/portal/api/password/reset/confirm", token=token, new_password=NEW) == (400, "bad_token")
    assert not ann.data("GET", "/portal/api/account")["email_verified"]


def test_asking_and_guessing_are_throttled(axis: Running, office: MailServer) -> None:
    codes = [post(axis, "/portal/api/password/reset", email="flood@example.org")[0] for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    db = axis.app._service.db
    db.write("DELETE FROM throttle WHERE name LIKE 'token-ip:%'")
    guesses = [post(axis, "/portal/api/email/verify", token=f"axr_{n}")[1] for n in range(22)]
    assert guesses == ["bad_token"] * 20 + ["too_many_attempts"] * 2
    db.write("DELETE FROM throttle")


def test_a_mail_server_that_says_later_is_asked_again(serve: Callable[..., Running]) -> None:
    office = MailServer(refusals=1)
    own = serve(auth="required", smtp_url=office.url, mail_from="axis@example.org")
    ann = Person(own)
    assert "axr_" in letter(office, ann.email)
    office.close()


def test_whom_the_operator_invites_may_sign_up_once(serve: Callable[..., Running], post_office: MailServer) -> None:
    own = serve(auth="required", smtp_url=post_office.url, mail_from="axis@example.org", signup="invite")
    sent = {"email": "guest@example.org", "password": PASSWORD}
    assert own.request("POST", "/portal/api/signup", json=sent).status_code == 403
    service = own.app._service
    from axis_http.nouns import Principal
    from axis_http.service.recovery import Invitation

    operator = Principal(user_id="operator", role="admin")
    service.recovery.invite(operator, Invitation(email="Guest@example.org", plan="pro"))
    invite = token_in(letter(post_office, "guest@example.org"))
    other = own.request("POST", "/portal/api/signup", json={**sent, "email": "other@example.org", "invite": invite})
    assert other.status_code == 403
    made = own.data("POST", "/portal/api/signup", json={**sent, "invite": invite})
    assert (made["plan"], made["balance"]) == ("pro", 1000)
    again = own.request("POST", "/portal/api/signup", json={**sent, "email": "g2@example.org", "invite": invite})
    assert again.status_code == 403


def test_without_a_mail_server_it_says_so_and_invitations_are_in_the_answer(serve: Callable[..., Running]) -> None:
    own = serve(auth="required", signup="invite", operator_key_sha256=_sha("op"))
    assert post(own, "/portal/api/password/reset", email="a@example.org") == (503, "not_configured")
    assert post(own, "/portal/api/email/verify", email="a@example.org") == (503, "not_configured")
    head = {"x-api-key": "op"}
    told = own.data("POST", "/admin/api/invites", json={"email": "g@example.org"}, headers=head)
    made = own.data(
        "POST",
        "/portal/api/signup",
        json={"email": "g@example.org", "password": PASSWORD, "invite": told["invite"]},
    )
    again = own.request("POST", "/admin/api/invites", json={"email": "g@example.org"}, headers=head)
    assert made["plan"] == "free"
    assert again.status_code == 409
    bad = own.request("POST", "/admin/api/invites", json={"email": "h@example.org", "plan": "gold"}, headers=head)
    assert bad.status_code == 400


def _sha(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def test_no_token_is_kept_in_clear(axis: Running, office: MailServer) -> None:
    ann = Person(axis)
    welcome = token_in(letter(office, ann.email))
    for path in axis.settings.home.glob("axis.db*"):
        assert welcome.encode() not in path.read_bytes()
    ann.data("DELETE", "/portal/api/account", json={"password": PASSWORD})
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _kept(axis, ann.email):
        threading.Event().wait(0.05)
    assert not _kept(axis, ann.email)


def _kept(axis: Running, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in axis.settings.home.glob("axis.db*"))


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25"])
def test_a_mail_server_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(InputError, match="AXIS_SMTP_URL"):
        Postman(url, "a@example.org")
