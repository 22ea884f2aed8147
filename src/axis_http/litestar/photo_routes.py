"""Routes of photos and of the router: images to avatars, every mode by one operation, health and rules."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Response, get, post

from axis_http.litestar.exchange import AnyRequest, Envelope, from_source, json_body, ok
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.nouns import Upload
from axis_http.service import foundry_generate, photos, route_table


__all__ = ["ROUTES"]


async def _queued(request: AnyRequest, views: list[tuple[str, bytes]], body: dict[str, Any]) -> dict[str, Any]:
    service, caller = service_of(request), caller_of(request)
    options = photos.checked_photo_options(body)
    job, route = await to_thread.run_sync(photos.submit_photos, service, caller, views, options)
    return {**photos.job_links(service, job), "route": route, "request_id": request.scope["state"]["request_id"]}


@post("/api/generate-from-image", status_code=200, request_max_body_size=None)
async def generate_from_image(request: AnyRequest) -> Response[Envelope]:
    """A person from one photo."""
    body = await json_body(request, service_of(request))
    photo = await to_thread.run_sync(photos.decoded_photo, body.get("image_b64"))
    return ok(request, await _queued(request, [("front", photo)], body))


@post("/api/generate-from-views", status_code=200, request_max_body_size=None)
async def generate_from_views(request: AnyRequest) -> Response[Envelope]:
    """A person from labelled photos."""
    body = await json_body(request, service_of(request))
    views = await to_thread.run_sync(photos.decoded_views, body.get("views"))
    return ok(request, {**await _queued(request, views, body), "views_accepted": len(views)})


@post("/api/foundry/generate", status_code=200, request_max_body_size=None)
async def foundry(request: AnyRequest) -> Response[Envelope]:
    """Any mode, routed to who can serve it."""
    service, caller = service_of(request), caller_of(request)
    body = await json_body(request, service)
    upload = await to_thread.run_sync(_mesh_of, request, body)
    job, more = await to_thread.run_sync(foundry_generate.foundry_generate, service, caller, body, upload)
    links = photos.job_links(service, job)
    return ok(request, {**links, **more, "request_id": request.scope["state"]["request_id"]})


def _mesh_of(request: AnyRequest, body: dict[str, Any]) -> Upload | None:
    source: dict[str, Any] = {k: body[k] for k in ("asset_id", "upload_id") if k in body}
    if "mesh_b64" in body:
        source = {"data_b64": body["mesh_b64"], "filename": "upload.glb"}
    if body.get("mode") != "mesh_upload" or not source:
        return None
    return from_source(service_of(request), caller_of(request), source, "mesh")


@get("/api/model-readiness", sync_to_thread=True)
def model_readiness(request: AnyRequest) -> Response[Envelope]:
    """How the providers have done lately."""
    return ok(request, route_table.readiness(service_of(request)))


@get("/api/foundry/routing-config", sync_to_thread=True)
def routing_config(request: AnyRequest) -> Response[Envelope]:
    """The rules of the router."""
    return ok(request, route_table.routing_table(service_of(request)))


ROUTES = [generate_from_image, generate_from_views, foundry, model_readiness, routing_config]
