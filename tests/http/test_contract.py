"""The served document, fuzzed: what is built keeps it, what is not answers only 503."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings


schemathesis = pytest.importorskip("schemathesis")

from axis_http import Settings, create_app  # noqa: E402
from axis_http.contract.document import MESH_TYPES, served_document  # noqa: E402


KEY = "a key of the test"


def _app() -> Any:
    import hashlib

    home = Path(tempfile.mkdtemp(prefix="axis-contract-"))
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    return create_app(
        Settings(home=home, auth="required", operator_key_sha256=digest, plugins=False, sync_limit=0.2, drain=0.1)
    )


@schemathesis.serializer(*(t for t in MESH_TYPES if t != "application/octet-stream"))
def raw_bytes(ctx: Any, value: Any) -> bytes:
    """Send a mesh as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


schema = schemathesis.openapi.from_dict(copy.deepcopy(served_document()))
schema.app = _app()


@schema.auth()
class Key:
    """The operator's key, in the header that the contract names."""

    def get(self, case: Any, ctx: Any) -> str:
        return KEY

    def set(self, case: Any, data: str, ctx: Any) -> None:
        case.headers = case.headers or {}
        case.headers.pop("Authorization", None)
        case.headers["X-API-Key"] = data


@schema.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_operation(case: Any) -> None:
    if case.path.endswith("/events") or case.path.endswith("/stream"):
        pytest.skip("streams are followed in test_journey")
    response = case.call()
    if response.status_code == 503:
        assert response.json()["code"] in ("not_configured", "not_ready", "draining")
        return
    case.validate_response(response, excluded_checks=_excluded(case.path))


def _excluded(path: str) -> list[Any]:
    from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

    if path == "/api/batch-generate":  # a bad item is the item's own error, the batch is answered
        return [positive_data_acceptance, negative_data_rejection]
    return [positive_data_acceptance]  # bytes that are no mesh fit the schema and are refused
