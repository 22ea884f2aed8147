"""People who have accounts, for the tests."""

from __future__ import annotations

import itertools
from typing import Any

import httpx
from tests.http.running import Running


PASSWORD = "a good long password"
_NUMBERS = itertools.count()


class Person:
    """Somebody who has signed up, with a session."""

    def __init__(self, axis: Running, name: str = "") -> None:
        self.axis = axis
        self.email = f"{name or 'person'}{next(_NUMBERS)}@example.org"
        sent = {"email": self.email, "password": PASSWORD, "display_name": name}
        made = axis.data("POST", "/portal/api/signup", json=sent)
        self.user_id, self.token, self.balance = made["user_id"], made["token"], made["balance"]

    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def request(self, method: str, path: str, **choices: Any) -> httpx.Response:
        return self.axis.request(method, path, headers={**self.headers(), **choices.pop("headers", {})}, **choices)

    def data(self, method: str, path: str, **choices: Any) -> dict[str, Any]:
        response = self.request(method, path, **choices)
        assert response.status_code == 200, response.text
        return dict(response.json()["data"])

    def key(self, *scopes: str, **more: Any) -> dict[str, Any]:
        return self.data("POST", "/portal/api/keys", json={"name": "k", "scopes": list(scopes), **more})
