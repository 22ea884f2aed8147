"""Use cases of photos: checked before anything is charged, kept as an input, queued as one job."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from axis_core.formats.images import image_media_type, image_size
from axis_core.providers.photo_fit import VIEW_LABELS
from axis_http.nouns import Job, Principal, Upload
from axis_http.problems import invalid, problem
from axis_http.service.generate import PLATFORMS
from axis_http.service.route_table import planned
from axis_http.service.state import Service


__all__ = ["OPERATION", "checked_photo_options", "decoded_photo", "decoded_views", "job_links", "submit_photos"]

OPERATION = "image_to_3d"
MAX_VIEWS = 8
MAX_BYTES = 10_000_000
MAX_PIXELS = 16_000_000
_KINDS = ("image/png", "image/jpeg", "image/webp")
_PROFILES = ("game_ready", "dcc_editable", "print_ready")
_UNBOUND = ("custom", "detail")


def checked_photo_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what operations with photos take beside the photos.

    Raises
    ------
    Problem
        400 naming the field.
    """
    platform = given.get("platform", "unreal")
    if not isinstance(platform, str) or platform not in PLATFORMS:
        raise invalid("platform", f"is {platform!r:.60}, expected one of {', '.join(PLATFORMS)}")
    profile = given.get("output_profile", "game_ready")
    if not isinstance(profile, str) or profile not in _PROFILES:
        raise invalid("output_profile", f"is {profile!r:.60}, expected one of {', '.join(_PROFILES)}")
    return {
        "platform": platform,
        "output_profile": profile,
        "voxel_resolution": _whole(given, "voxel_resolution", 8, 128, 32),
        "texture_side": _whole(given, "texture_resolution", 64, 2048, 256),
        "seed": _whole(given, "seed", 0, 2**53 - 1, 0),
        "morph_targets": True,
        "save": True,
    }


def _whole(given: Mapping[str, Any], name: str, low: int, high: int, default: int) -> int:
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise invalid(name, f"is {value!r:.60}, expected a whole number from {low} to {high}")
    return value


def decoded_views(views: Any) -> list[tuple[str, bytes]]:
    """Return (label, bytes) of the ``views`` of a request; only headers are looked at.

    Raises
    ------
    Problem
        400 naming ``views[i]``.
    """
    if not isinstance(views, list) or not 1 <= len(views) <= MAX_VIEWS:
        raise invalid("views", f"expected a list of 1 to {MAX_VIEWS} views")
    out: list[tuple[str, bytes]] = []
    for k, view in enumerate(views):
        if not isinstance(view, dict):
            raise invalid(f"views[{k}]", "expected an object")
        label = view.get("view_label", "custom")
        if not isinstance(label, str) or label not in VIEW_LABELS:
            raise invalid(f"views[{k}].view_label", f"is {label!r:.40}, expected one of {', '.join(VIEW_LABELS)}")
        if label not in _UNBOUND and any(label == known for known, _ in out):
            raise invalid(f"views[{k}].view_label", f"{label} is there twice")
        out.append((label, decoded_photo(view.get("image_b64"), f"views[{k}].image_b64")))
    return out


def decoded_photo(text: Any, loc: str = "image_b64") -> bytes:
    """Return the bytes of a photo in base64, raw or as a data URI.

    Raises
    ------
    Problem
        400: no text, no base64, no PNG, JPEG or WebP, more than 10 MB or 16 million pixels.
    """
    if not isinstance(text, str) or not text:
        raise invalid(loc, "is missing")
    try:
        data = base64.b64decode(text.rpartition(",")[2] if text.startswith("data:") else text, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise invalid(loc, "is no base64") from exc
    if len(data) > MAX_BYTES:
        raise invalid(loc, f"has {len(data):,} bytes, allowed are {MAX_BYTES:,}")
    size = image_size(data) if image_media_type(data) in _KINDS else None
    if size is None:
        raise invalid(loc, "is no PNG, JPEG or WebP")
    if size[0] * size[1] > MAX_PIXELS:
        raise invalid(loc, f"has {size[0]:,} x {size[1]:,} pixels, allowed are {MAX_PIXELS:,}")
    return data


def submit_photos(
    service: Service,
    principal: Principal,
    views: Sequence[tuple[str, bytes]],
    options: Mapping[str, Any],
    *,
    hint: str = "",
    asset_class: str = "avatar",
) -> tuple[Job, dict[str, Any]]:
    """Queue photos and return the job and its route; the charge, the job and its inputs are one transaction.

    Raises
    ------
    Problem
        503 ``no_provider`` where nobody can take photos; what ``Service.submit`` raises.
    """
    plan = planned(service, OPERATION, images=tuple(views), hint=hint, asset_class=asset_class)
    if not plan.providers:
        told = "; ".join(f"{c.name} {c.reason}" for c in plan.refused)
        raise problem("no_provider", f"nobody can make an avatar from photos: {told}")
    name = plan.providers[0].name
    params = {**options, "labels": [label for label, _ in views], "hint": hint, "routing": service.routing_text}
    upload = _kept(service, principal, views)
    job = service.submit(principal, "from_photos", upload, params, operation=OPERATION, provider=name)
    return job, plan.explained()


def _kept(service: Service, principal: Principal, views: Sequence[tuple[str, bytes]]) -> Upload:
    """Keep the photos as one upload: the first is the file, the others its companions."""
    files = []
    for _, data in views:
        incoming = service.uploads.receive()
        incoming.write(data)
        files.append(incoming)
    beside = {f"view{k}": incoming for k, incoming in enumerate(files[1:], start=1)}
    return service.uploads.add(principal.user_id, files[0], "view0", "application/octet-stream", beside)


def job_links(service: Service, job: Job) -> dict[str, Any]:
    """Return what an operation answers that only queues."""
    view = job.view(service.queue.position(job.job_id))
    kept = ("job_id", "poll_url", "events_url", "cancel_url", "queue_position", "provider")
    return {"status": "queued", **{k: view[k] for k in kept}, "cost": {"tokens": job.cost.charged}}
