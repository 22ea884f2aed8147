"""Canary secrets through every operation: in no log, no column, no answer but the one that tells them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
from tests.http.people import PASSWORD, Person
from tests.http.running import Running
from tests.http.test_accounts import everything_kept

from axis_http.contract.document import operations, served_document


CANARY = "canary-7f3a9c51-secret"


def test_no_secret_is_logged_kept_or_repeated(serve: Callable[..., Running], caplog: pytest.LogCaptureFixture) -> None:
    axis = serve(auth="required", signups_per_hour=1000, public_rate=100_000, sync_limit=0.1)
    person = Person(axis, "canary")
    axis.app._service.db.write("UPDATE account SET plan = 'studio' WHERE user_id = ?", (person.user_id,))
    key = person.key("read", "process", "generate", "audit", "agent", "gallery")["key"]
    told = ""
    with caplog.at_level(logging.DEBUG):
        for method, path, _ in operations(served_document()):
            url = re.sub(r"\{\w+\}", "none", path)
            body = dict.fromkeys(("password", "current_password", "new_password", "api_key", "token"), CANARY)
            for headers in (
                {"authorization": f"Bearer {CANARY}"},
                {"x-api-key": CANARY},
                {"x-api-key": key},
                person.headers() if not path.endswith(("/logout", "/account")) else {"x-api-key": key},
            ):
                choices = {} if method == "GET" else {"json": {**body, "email": "e@example.org"}}
                told += axis.request(method, url, headers=headers, **choices).text
    records = caplog.text + "".join(str(r.__dict__) for r in caplog.records if r.name.startswith("axis"))
    kept = everything_kept(axis)
    for secret in (CANARY, PASSWORD, person.token, key):
        assert secret not in records
        assert secret not in kept
        assert secret not in told
