"""Routes a browser opens: previews, the Studio, the creator for other sites."""

from __future__ import annotations

import secrets
from typing import Any

from anyio import to_thread
from litestar import Response, get
from litestar.params import FromPath

from axis_http.litestar.exchange import AnyRequest, Envelope, ok, prefix_of
from axis_http.litestar.route_state import caller_of, service_of
from axis_http.litestar.waiting import job_over
from axis_http.problems import problem
from axis_http.service import pages, preview


__all__ = ["ROUTES"]

YEAR = "public, max-age=31536000, immutable"


def _html(text: str, policy: str, **headers: str) -> Response[bytes]:
    headers = {"Content-Security-Policy": policy, **headers}
    return Response(text.encode(), status_code=200, media_type="text/html", headers=headers)


@get("/api/preview")
async def preview_page(request: AnyRequest) -> Response[bytes]:
    """A page in which an avatar is turned, posed and moved."""
    service, caller = service_of(request), caller_of(request)
    asked = preview.Asked.of(dict(request.query_params))
    if asked.preset:
        job = await to_thread.run_sync(preview.job_for_preset, service, asked)
        job = await job_over(service, job.job_id, service.settings.sync_limit)
        if not job.rests:
            raise problem("not_ready", "the preset is still being made", retry_after=5.0)
        export = await to_thread.run_sync(preview.preset_export, service, job)
    else:
        export = await to_thread.run_sync(asked.export, service, caller)
    nonce = secrets.token_urlsafe(16)
    text = await to_thread.run_sync(
        lambda: preview.export_page(service, export, asked, nonce=nonce, prefix=prefix_of(request))
    )
    return _html(text, pages.page_policy(nonce, service.settings.frame_ancestors))


@get("/api/exports/{export_id:str}/viewer", sync_to_thread=True)
def viewer(request: AnyRequest, export_id: FromPath[str]) -> Response[Envelope]:
    """What a viewer needs of an export."""
    service = service_of(request)
    return ok(request, preview.viewer_data(service, service.exports.get(caller_of(request).user_id, export_id)))


@get("/studio/", sync_to_thread=True)
def studio(request: AnyRequest) -> Response[bytes]:
    """The Studio."""
    settings = service_of(request).settings
    text = pages.shell("studio", prefix_of(request), {"auth": settings.auth, "signup": settings.signup})
    return _html(text, pages.page_policy())


@get("/studio/creator", sync_to_thread=True)
def creator(request: AnyRequest) -> Response[bytes]:
    """The creator that other sites embed; the setting ``frame_ancestors`` names them."""
    settings = service_of(request).settings
    told: dict[str, Any] = {"auth": settings.auth, "embedders": list(settings.frame_ancestors)}
    text = pages.shell("creator", prefix_of(request), told)
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cross-Origin-Opener-Policy": "unsafe-none"}
    return _html(text, pages.page_policy(ancestors=("'self'", *settings.frame_ancestors)), **headers)


@get("/docs", sync_to_thread=True)
def tour(request: AnyRequest) -> Response[bytes]:
    """Every operation, to read and to try."""
    return _html(pages.shell("tour", prefix_of(request), {"auth": "open"}), pages.page_policy())


@get("/studio/{name:str}", sync_to_thread=True)
def studio_file(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """A file of the Studio; those with a hash in their name stay."""
    data, media = pages.bundle_file(name)
    headers = {"Cache-Control": YEAR if "-" in name else "no-cache", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        data, headers["Content-Encoding"] = pages.compressed_file(name), "gzip"
    return Response(data, status_code=200, media_type=media, headers=headers)


ROUTES = [preview_page, viewer, studio, creator, tour, studio_file]
