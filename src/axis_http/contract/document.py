"""The served OpenAPI document: the contract, word for word, with what it leaves open filled in.

The contract lies inside the served document: every key has the same value, and ``security``, ``required`` and
``enum`` are equal, not merely contained. The overlay adds operation ids, the errors that every operation can answer,
bodies where the contract has none, and the operations that are ours.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from axis_http.contract.extra import extra_operations, json_body


__all__ = ["contract", "operations", "served_document", "uncontained"]

METHODS = ("get", "post", "put", "patch", "delete")

MESH_TYPES = (
    "model/gltf-binary",
    "model/gltf+json",
    "model/obj",
    "model/stl",
    "application/zip",
    "application/octet-stream",
)
"""Raw bodies of an upload."""

UPLOADS = ("/api/process", "/api/process/stream", "/api/validate", "/api/rig", "/api/audit/glb")
"""Operations that take a mesh in one of three ways."""

MESH_OR_JSON = ("/api/repair/suggest", "/api/fraud/check")
"""Operations that take a mesh, or JSON that names something."""

BODILESS = frozenset(
    {
        "/api/jobs/{job_id}/cancel",
        "/portal/api/logout",
        "/portal/api/keys/{key_id}/rotate",
        "/admin/api/users/{user_id}/suspend",
        "/api/webhooks/{webhook_id}/test",
        "/api/webhooks/{webhook_id}/rotate",
        "/api/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    }
)
"""POSTs that take nothing but their path."""

SOURCE = {
    "type": "object",
    "properties": {
        "asset_id": {"type": "string"},
        "export_id": {"type": "string"},
        "upload_id": {"type": "string"},
        "data_b64": {
            "type": "string",
            "description": "The file in base64, for small ones: the whole body may have 15 MB (AXIS_MAX_JSON), "
            "so the file about 11 MB. Larger files go as the raw body, as a form, or once to /api/uploads.",
        },
        "filename": {"type": "string", "maxLength": 255},
    },
}
ERRORS = {
    "400": "A parameter or the body does not fit",
    "401": "No credential, or a bad one",
    "403": "The credential lacks a scope",
    "413": "The body is larger than the limit",
    "415": "The content type is none that this operation takes",
    "429": "Too many requests",
    "500": "An error inside AXIS",
    "503": "Not configured, or not now",
}


@lru_cache(maxsize=1)
def contract() -> dict[str, Any]:
    """Return the contract as it was given."""
    data = (files("axis_http.contract") / "openapi.json").read_bytes()
    return dict(msgspec.json.decode(data))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (METHOD, path, operation) of a document."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def operation_id(method: str, path: str) -> str:
    """Return an id such as ``post_api_process_stream``."""
    return re.sub(r"[^a-z0-9]+", "_", f"{method}{path}".lower()).strip("_")


def _error_response(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ErrorResponse"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def upload_body() -> dict[str, Any]:
    content: dict[str, Any] = {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
        "application/json": {"schema": {"type": "object", "required": ["source"], "properties": {"source": SOURCE}}},
    }
    content |= {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MESH_TYPES}
    return {"required": True, "content": content}


def mesh_or_json_body() -> dict[str, Any]:
    """Return a body that is an upload, or JSON with an id, a contract or issues."""
    body = upload_body()
    properties: dict[str, Any] = {"source": SOURCE, "contract": {"type": "object"}}
    properties |= {k: {"type": "string"} for k in ("asset_id", "export_id")}
    body["content"]["application/json"] = {"schema": {"type": "object", "properties": properties}}
    return body


@lru_cache(maxsize=1)
def served_document() -> dict[str, Any]:
    """Return the contract with the overlay. The value is shared: do not change it."""
    document = copy.deepcopy(contract())
    for path, item in extra_operations(upload_body()).items():
        document["paths"].setdefault(path, {}).update(item)
    properties = document["components"]["schemas"]["ErrorResponse"]["properties"]
    properties |= {
        "code": {"type": "string"},
        "details": {"type": "array", "items": {"type": "object"}},
        "is_retryable": {"type": "boolean"},
        "retry_after": {"type": "number"},
    }
    for method, path, operation in operations(document):
        _complete(method, path, operation)
    return document


def _complete(method: str, path: str, operation: dict[str, Any]) -> None:
    operation.setdefault("operationId", operation_id(method, path))
    if path in UPLOADS:
        operation.setdefault("requestBody", upload_body())
    elif path in MESH_OR_JSON:
        operation.setdefault("requestBody", mesh_or_json_body())
    elif method == "POST" and "requestBody" not in operation and path not in BODILESS:
        operation["requestBody"] = json_body()
    for status, description in ERRORS.items():
        if path != "/health":
            operation["responses"].setdefault(status, _error_response(description))
    if method == "DELETE" or "{" in path or "asset_id" in str(operation) or path == "/api/info":
        operation["responses"].setdefault("404", _error_response("No such thing, or not the caller's"))


def uncontained(inner: Any, outer: Any, path: str = "$") -> list[str]:
    """Return where ``inner`` does not lie inside ``outer``; ``security``, ``required`` and ``enum`` must be equal."""
    if isinstance(inner, dict):
        if not isinstance(outer, dict):
            return [path]
        out = []
        for key, value in inner.items():
            here = f"{path}.{key}"
            if key not in outer:
                out.append(here)
            elif key in ("security", "required", "enum"):
                out += [] if value == outer[key] else [here]
            else:
                out += uncontained(value, outer[key], here)
        return out
    if isinstance(inner, list):
        if not isinstance(outer, list):
            return [path]
        return [f"{path}[{k}]" for k, v in enumerate(inner) if not any(not uncontained(v, o) for o in outer)]
    return [] if inner == outer and type(inner) is type(outer) else [path]
