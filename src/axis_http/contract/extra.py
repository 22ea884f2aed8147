"""The operations that are ours, beside the contract, for the served document."""

from __future__ import annotations

from typing import Any


__all__ = ["extra_operations", "json_body"]


AVATAR_OPTIONS = (
    "lod",
    "textureSizeLimit",
    "textureAtlas",
    "morphTargets",
    "pose",
    "useMeshOptCompression",
    "useDracoMeshCompression",
)
LISTING = ("limit", "status", "kind", "cursor")


def json_body(*, required: bool = False) -> dict[str, Any]:
    """Return a body of any JSON object."""
    return {"required": required, "content": {"application/json": {"schema": {"type": "object"}}}}


def _parameter(name: str, place: str, kind: str = "string") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": {"type": kind}}


def _operation(
    summary: str,
    *,
    path: tuple[str, ...] = (),
    query: tuple[str, ...] = (),
    body: dict[str, Any] | None = None,
    media: str = "application/json",
) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if media == "application/json":
        schema = {"$ref": "#/components/schemas/SuccessResponse"}
    elif not media.startswith("text/"):
        schema |= {"format": "binary"}
    out: dict[str, Any] = {
        "summary": summary,
        "tags": ["ext"],
        "parameters": [*(_parameter(n, "path") for n in path), *(_parameter(n, "query") for n in query)],
        "responses": {"200": {"description": "Done", "content": {media: {"schema": schema}}}},
    }
    return out | ({"requestBody": body} if body else {})


def extra_operations(upload: dict[str, Any]) -> dict[str, Any]:
    """Return the paths that are ours; ``upload`` is the body that takes a mesh in three ways."""
    return {
        "/api/uploads": {"post": _operation("Store a file once and use it by its id", body=upload)},
        "/api/jobs": {
            "get": _operation("List one's own jobs, newest first", query=("limit", "status", "kind", "cursor"))
        },
        "/api/jobs/{job_id}/cancel": {"post": _operation("Cancel a job", path=("job_id",))},
        "/api/jobs/{job_id}/events": {
            "get": _operation("The events of a job, from Last-Event-ID on", media="text/event-stream", path=("job_id",))
        },
        "/api/batches/{batch_id}": {"get": _operation("A batch as it is now", path=("batch_id",))},
        "/api/batches/{batch_id}/events": {
            "get": _operation(
                "The events of a batch, from Last-Event-ID on", media="text/event-stream", path=("batch_id",)
            )
        },
        "/api/presets": {"get": _operation("People to begin with, with all their values")},
        "/api/body/sliders": {"get": _operation("Sliders with their ranges, and the schema of all parameters")},
        "/api/animations": {"get": _operation("Clips that can be put into a file")},
        "/api/gallery/{asset_id}": {
            "patch": _operation("Rename, tag or publish an asset", path=("asset_id",), body=json_body(required=True))
        },
        "/api/exports/{export_id}/files": {"get": _operation("The files of an export", path=("export_id",))},
        "/api/exports/{export_id}/files/{name}": {
            "get": _operation("One file of an export", path=("export_id", "name"), media="application/octet-stream")
        },
        "/api/exports/{export_id}/viewer": {"get": _operation("What a viewer needs of an export", path=("export_id",))},
        "/studio": {"get": _operation("The Studio", media="text/html") | {"security": []}},
        "/studio/": {"get": _operation("The Studio", media="text/html") | {"security": []}},
        "/docs": {"get": _operation("Every operation, to read and to try", media="text/html") | {"security": []}},
        "/studio/creator": {
            "get": _operation("The creator that other sites embed", media="text/html") | {"security": []}
        },
        "/studio/{name}": {
            "get": _operation("A file of the Studio", path=("name",), media="application/octet-stream")
            | {"security": []}
        },
        "/api/exports/{export_id}/url": {
            "post": _operation("An address for anybody, until it expires", path=("export_id",), body=json_body())
        },
        "/avatars/{avatar_id}.glb": {
            "get": _operation(
                "The permanent address of an avatar",
                path=("avatar_id",),
                query=AVATAR_OPTIONS,
                media="model/gltf-binary",
            )
            | {"security": []}
        },
        **_outside_operations(),
        "/admin/api/users": {"get": _operation("Accounts, newest first", query=("limit", "offset"))},
        "/admin/api/users/{user_id}": {
            "patch": _operation("Change plan, role or status", path=("user_id",), body=json_body(required=True))
        },
        "/admin/api/users/{user_id}/suspend": {"post": _operation("Suspend an account", path=("user_id",))},
        "/admin/api/users/{user_id}/grant": {
            "post": _operation("Add or take tokens", path=("user_id",), body=json_body(required=True))
        },
        "/admin/api/prices": {"get": _operation("The price table")},
        "/admin/api/jobs": {"get": _operation("Jobs of everybody", query=("limit", "status"))},
        "/metrics": {"get": _operation("Figures in Prometheus' text format", media="text/plain")},
        "/readyz": {"get": _operation("Whether the server takes work") | {"security": []}},
        "/portal/api/sessions": {
            "get": _operation("List one's sessions"),
            "delete": _operation("End one of one's sessions", query=("session_id",)),
        },
        "/portal/api/keys/{key_id}/rotate": {
            "post": _operation(
                "A key like another, which ends after an overlap", path=("key_id",), query=("overlap_s",)
            )
        },
        "/portal/api/account/export": {
            "get": _operation("Everything that is kept of the caller", media="application/zip")
        },
    }


def _outside_operations() -> dict[str, Any]:
    """Return the paths of webhooks, payments and mails."""
    body = json_body(required=True)
    hook = ("webhook_id",)
    public: dict[str, Any] = {"security": []}
    return {
        "/api/webhooks": {
            "get": _operation("List one's webhooks"),
            "post": _operation("Be told when a job has ended; the secret is told once", body=body),
            "delete": _operation("Remove a webhook", query=hook),
        },
        "/api/webhooks/{webhook_id}/test": {"post": _operation("Send a message that says nothing", path=hook)},
        "/api/webhooks/{webhook_id}/rotate": {"post": _operation("Tell a new secret, once", path=hook)},
        "/api/webhooks/{webhook_id}/deliveries": {
            "get": _operation("What was sent, or will be, newest first", path=hook, query=("limit", "cursor"))
        },
        "/api/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": {
            "post": _operation("Send a message again, under its id", path=(*hook, "delivery_id"))
        },
        "/portal/api/billing/webhook/{provider}": {
            "post": _operation("What a payment processor tells, signed", path=("provider",), body=body) | public
        },
        "/portal/api/password/reset": {"post": _operation("Ask for a token by mail", body=body) | public},
        "/portal/api/password/reset/confirm": {"post": _operation("Set another password", body=body) | public},
        "/portal/api/email/verify": {"post": _operation("Prove an address, or ask for a token", body=body) | public},
        "/admin/api/invites": {"post": _operation("Invite an address", body=body)},
    }
