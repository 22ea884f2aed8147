"""Routes about assets, avatar contracts, the portal's avatars and files of exports.

Where a path has several methods the handlers are async: Litestar 2.25 forgets that a plain one was to run in a thread.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

from anyio import to_thread
from litestar import Response, delete, get, patch, post
from litestar.params import FromPath

from axis_http.litestar.exchange import (
    AnyRequest,
    Envelope,
    flag,
    json_body,
    json_struct,
    named,
    ok,
    ranged,
    whole_number,
)
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.problems import invalid
from axis_http.service import gallery, portal, variants


__all__ = ["ROUTES"]

MOST = 1_000_000_000


def _page(request: AnyRequest) -> tuple[int, int]:
    query = request.query_params
    limit = whole_number("limit", query.get("limit"), 1, 200, 50)
    return limit, whole_number("offset", query.get("offset"), 0, MOST, 0)


def _filters(request: AnyRequest) -> dict[str, str]:
    return {name: request.query_params.get(name) or "" for name in ("asset_class", "category")}


@get("/api/gallery", sync_to_thread=False)
def listed(request: AnyRequest) -> Response[Envelope]:
    """Assets of one owner."""
    owner = request.query_params.get("user_id") or "anonymous"
    page = gallery.listed(service_of(request), caller_of(request), owner, _filters(request), *_page(request))
    return ok(request, page)


@get("/api/gallery/my-assets", sync_to_thread=False)
def own(request: AnyRequest) -> Response[Envelope]:
    """One's own assets."""
    caller = caller_of(request)
    return ok(request, gallery.listed(service_of(request), caller, caller.user_id, _filters(request), *_page(request)))


@get("/api/gallery/{asset_id:str}")
async def detail(request: AnyRequest, asset_id: FromPath[str]) -> Response[Envelope]:
    """One asset with its avatar contract."""
    found = await to_thread.run_sync(gallery.detail, service_of(request), caller_of(request), asset_id)
    return ok(request, found)


@patch("/api/gallery/{asset_id:str}", status_code=200)
async def change(request: AnyRequest, asset_id: FromPath[str]) -> Response[Envelope]:
    """Rename, tag or publish."""
    service = service_of(request)
    given = await json_struct(request, service, gallery.AssetChange)
    return ok(request, await to_thread.run_sync(gallery.change, service, caller_of(request), asset_id, given))


@post("/api/gallery/delete", status_code=200)
async def remove(request: AnyRequest) -> Response[Envelope]:
    """Remove an asset with its export."""
    service = service_of(request)
    body = await json_body(request, service)
    asset_id, owner = body.get("asset_id"), body.get("user_id") or ""
    if not isinstance(asset_id, str) or not isinstance(owner, str):
        raise invalid("asset_id", "expected a text")
    return ok(request, await to_thread.run_sync(gallery.delete, service, caller_of(request), asset_id, owner))


@get("/api/contracts/aggregate", sync_to_thread=True)
def aggregate(request: AnyRequest) -> Response[Envelope]:
    """Figures over avatar contracts."""
    query = request.query_params
    limit, offset = _page(request)
    empty = flag("include_empty", query.get("include_empty"))
    asked: dict[str, Any] = {
        "group_by": query.get("group_by") or "",
        "metrics": query.get("metrics") or "",
        "stage": query.get("stage") or "",
        "user_id": query.get("user_id") or "anonymous",
        "include_empty": empty is None or empty,
        "sort": query.get("sort") or "key_asc",
        "min_count": whole_number("min_count", query.get("min_count"), 0, MOST, 0),
        "limit": limit,
        "offset": offset,
    }
    return ok(request, gallery.aggregated(service_of(request), caller_of(request), asked))


@get("/api/quality-policy", sync_to_thread=False)
def quality_policy(request: AnyRequest) -> Response[Envelope]:
    """What score a result needs."""
    profile = request.query_params.get("profile")
    return ok(request, portal.quality_policy(service_of(request), caller_of(request), profile))


@get("/portal/api/avatars")
async def avatars(request: AnyRequest) -> Response[Envelope]:
    """One's avatars."""
    page = await to_thread.run_sync(portal.avatars, service_of(request), caller_of(request), *_page(request))
    return ok(request, page)


@post("/portal/api/avatars", status_code=200)
async def make_avatar(request: AnyRequest) -> Response[Envelope]:
    """A result under a name of one's own."""
    service = service_of(request)
    given = await json_struct(request, service, portal.AvatarRequest)
    return ok(request, await to_thread.run_sync(portal.make_avatar, service, caller_of(request), given))


@delete("/portal/api/avatars", status_code=200)
async def remove_avatar(request: AnyRequest) -> Response[Envelope]:
    """The name goes, the asset stays."""
    avatar_id = await named(request, service_of(request), "avatar_id")
    done = await to_thread.run_sync(portal.remove_avatar, service_of(request), caller_of(request), avatar_id)
    return ok(request, done)


@get("/avatars/{file:str}", sync_to_thread=True)
def avatar_file(request: AnyRequest, file: FromPath[str]) -> Response[bytes]:
    """The permanent address of an avatar."""
    lod = whole_number("lod", request.query_params.get("lod"), 0, 9, 0)
    options = variants.checked_options(request.query_params)
    export, name = portal.avatar_file(service_of(request), caller_of(request), file.removesuffix(".glb"), lod)
    export, name = variants.variant(service_of(request), export, name, options)
    path = Path(export.files[name])
    answer = ranged(request, path.read_bytes(), media="model/gltf-binary", filename=Path(name).name, etag=path.name)
    answer.headers |= {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}
    return answer


@get("/api/exports/{export_id:str}/files", sync_to_thread=True)
def export_files(request: AnyRequest, export_id: FromPath[str]) -> Response[Envelope]:
    """The files of an export: levels of detail, contract, report, pictures."""
    export = service_of(request).exports.get(caller_of(request).user_id, export_id)
    listed = [
        {
            "name": name,
            "size_bytes": Path(path).stat().st_size,
            "sha256": Path(path).name,
            "media_type": _media(name),
            "download_url": f"/api/exports/{export_id}/files/{name}",
        }
        for name, path in export.files.items()
        if "/" not in name
    ]
    return ok(request, {"export_id": export_id, "files": listed, "count": len(listed)})


def _media(name: str) -> str:
    known = {".glb": "model/gltf-binary", ".gltf": "model/gltf+json", ".obj": "model/obj", ".stl": "model/stl"}
    return known.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


@get("/api/exports/{export_id:str}/files/{name:str}", sync_to_thread=True)
def export_file(request: AnyRequest, export_id: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """One file of an export."""
    from axis_core.errors import NotFound

    export = service_of(request).exports.get(caller_of(request).user_id, export_id)
    if name not in export.files:
        raise NotFound(f"the export has no file {name!r:.120}")
    path = Path(export.files[name])
    return ranged(request, path.read_bytes(), media=_media(name), filename=name, etag=path.name)


@post("/api/exports/{export_id:str}/url", status_code=200)
async def sign(request: AnyRequest, export_id: FromPath[str]) -> Response[Envelope]:
    """An address of an export that anybody can use until it expires."""
    service = service_of(request)
    body = await json_body(request, service, optional=True)
    life = body.get("expires_in", 3600)
    if not isinstance(life, int) or isinstance(life, bool) or not 1 <= life <= 7 * 86400:
        raise invalid("expires_in", "expected a whole number of seconds from 1 to 604800")
    return ok(request, await to_thread.run_sync(service.signed_export, caller_of(request), export_id, life))


ROUTES = [
    listed,
    own,
    detail,
    change,
    remove,
    aggregate,
    quality_policy,
    avatars,
    make_avatar,
    remove_avatar,
    avatar_file,
    export_files,
    export_file,
    sign,
]
