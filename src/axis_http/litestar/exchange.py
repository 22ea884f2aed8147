"""From requests to values and back: the envelope, JSON bodies, uploads in three ways, byte ranges."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from anyio import to_thread
from litestar import Request, Response
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from axis_http.contract.document import MESH_TYPES
from axis_http.nouns import Principal, Upload
from axis_http.problems import Problem, invalid, problem
from axis_http.service.files import Incoming
from axis_http.service.state import Service


__all__ = [
    "AnyRequest",
    "Envelope",
    "flag",
    "from_source",
    "json_body",
    "json_struct",
    "linked",
    "media_type",
    "named",
    "ok",
    "parsed_object",
    "prefix_of",
    "ranged",
    "raw_body",
    "receive_mesh",
    "whole_number",
]

MAX_DEPTH = 64
MAX_PARTS = 64
MAX_FIELD = 64 * 1024
LARGER = "JSON is for small files: send larger ones as the raw body or as a form, or once to /api/uploads."

_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")

AnyRequest = Request[Any, Any, Any]


class Envelope(msgspec.Struct):
    """Success as it goes out."""

    status: str
    data: dict[str, Any]
    request_id: str


def ok(request: AnyRequest, data: Mapping[str, Any]) -> Response[Envelope]:
    """Return data in the envelope, status 200; links get the prefix that the app is mounted at."""
    body = dict(linked(data, prefix_of(request)))
    return Response(Envelope("ok", body, request.scope["state"]["request_id"]), status_code=200)


def prefix_of(request: AnyRequest) -> str:
    """Return the prefix that the app is mounted at, without a slash at its end; empty where there is none."""
    return str(request.scope.get("root_path") or "").rstrip("/")


def linked(value: Any, prefix: str) -> Any:
    """Return ``value`` with ``prefix`` before every link: the text under a key that ends in ``url``, from a slash on.

    What is stored has no prefix, for one store may be served under several.
    """
    if not prefix:
        return value
    if isinstance(value, Mapping):
        return {k: _link(k, v, prefix) for k, v in value.items()}
    return [linked(v, prefix) for v in value] if isinstance(value, list | tuple) else value


def _link(key: Any, value: Any, prefix: str) -> Any:
    if isinstance(value, str) and str(key).endswith("url") and value.startswith("/"):
        return prefix + value
    return linked(value, prefix)


def flag(name: str, value: str | None) -> bool | None:
    """Return a query parameter as a boolean, None where it is not there.

    Raises
    ------
    Problem
        400 for anything but true, false, 1, 0.
    """
    if value is None:
        return None
    known = {"true": True, "1": True, "false": False, "0": False}
    if value.lower() not in known:
        raise invalid(name, f"is {value!r:.40}, expected true, false, 1 or 0")
    return known[value.lower()]


def whole_number(name: str, value: str | None, low: int, high: int, default: int) -> int:
    """Return a query parameter as an integer in a range.

    Raises
    ------
    Problem
        400.
    """
    if value is None:
        return default
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12) or not low <= int(value) <= high:
        raise invalid(name, f"is {value!r:.40}, expected a whole number from {low} to {high}")
    return int(value)


def media_type(request: AnyRequest) -> str:
    """Return the content type without its parameters, lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def raw_body(request: AnyRequest, limit: int) -> bytes:
    """Return the body as it came.

    Raises
    ------
    Problem
        413.
    """
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise problem("too_large", f"the body has {int(declared):,} bytes, allowed are {limit:,}", detail=LARGER)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise problem("too_large", f"the body has more than {limit:,} bytes", detail=LARGER)
        chunks.append(chunk)
    return b"".join(chunks)


async def json_body(request: AnyRequest, service: Service, *, optional: bool = False) -> dict[str, Any]:
    """Return the body as a JSON object; its type, size and depth are checked first.

    Raises
    ------
    Problem
        415, 413, 400 ``invalid_json``.
    """
    data = await raw_body(request, service.settings.max_json)
    if not data and optional:
        return {}
    if media_type(request) != "application/json":
        raise problem(
            "unsupported_media_type", f"the content type is {media_type(request)!r}, expected application/json"
        )
    return await to_thread.run_sync(parsed_object, data)


Given = TypeVar("Given")


async def json_struct(request: AnyRequest, service: Service, kind: type[Given]) -> Given:
    """Return the body as a struct of the service.

    Raises
    ------
    Problem
        415, 413, 400 naming the field that does not fit.
    """
    body = await json_body(request, service)
    try:
        return msgspec.convert(body, kind, strict=True)
    except msgspec.ValidationError as exc:
        text, _, place = str(exc).partition(" - at ")
        raise invalid(place.strip("`").removeprefix("$.") or "body", text[:1].lower() + text[1:]) from exc


async def named(request: AnyRequest, service: Service, name: str) -> str:
    """Return an id from the query, since some proxies drop the bodies of DELETE, or from the body.

    Raises
    ------
    Problem
        400 where it is in neither.
    """
    value: Any = request.query_params.get(name)
    if value is None and media_type(request):
        value = (await json_body(request, service, optional=True)).get(name)
    if not isinstance(value, str) or not value:
        raise invalid(name, "is missing")
    return value


def parsed_object(data: bytes) -> dict[str, Any]:
    """Return a JSON object no deeper than 64 levels."""
    if _depth(data) > MAX_DEPTH:
        raise problem("invalid_json", f"the body is nested deeper than {MAX_DEPTH} levels")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise problem("invalid_json", f"the body is no JSON: {exc}") from exc
    if not isinstance(value, dict):
        raise problem("invalid_json", f"the body is a {type(value).__name__}, expected an object")
    return value


def _depth(data: bytes) -> int:
    """Return the greatest nesting of brackets outside strings, or the first that is past the limit."""
    depth = most = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub(b"", data)):
        depth += 1 if bracket in b"[{" else -1
        most = max(most, depth)
        if most > MAX_DEPTH:
            break
    return most


async def receive_mesh(request: AnyRequest, service: Service, principal: Principal) -> tuple[Upload, dict[str, Any]]:
    """Return the uploaded mesh and the option fields that came with it.

    A multipart form with a part ``file``, a raw body of a mesh type, or JSON ``{"source": {...}}``.

    Raises
    ------
    Problem
        400 without a file, 413, 415.
    NotFound
        If an id in ``source`` names nothing of the caller's.
    """
    service.accepts_work()
    kind = media_type(request)
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > service.settings.max_upload + MAX_FIELD * MAX_PARTS:
        raise problem("too_large", f"the body has {int(declared):,} bytes, allowed are {service.settings.max_upload:,}")
    if kind == "multipart/form-data":
        return await _multipart(request, service, principal)
    if kind == "application/json":
        body = await json_body(request, service)
        return await to_thread.run_sync(from_source, service, principal, body.get("source")), body
    if kind in MESH_TYPES:
        return await _raw(request, service, principal, kind), {}
    if not kind:
        raise Problem(status=400, code="invalid_request", error="there is no file", detail="Send a mesh as the body.")
    raise problem("unsupported_media_type", f"the content type is {kind!r:.80}", detail=", ".join(MESH_TYPES))


async def _raw(request: AnyRequest, service: Service, principal: Principal, kind: str) -> Upload:
    incoming = service.uploads.receive()
    try:
        async for chunk in request.stream():
            incoming.write(chunk)
    except BaseException:
        incoming.discard()
        raise
    name = request.query_params.get("filename") or "upload" + _suffix_of(kind)
    return await to_thread.run_sync(service.uploads.add, principal.user_id, incoming, name, kind)


def _suffix_of(kind: str) -> str:
    known = {"model/gltf-binary": ".glb", "model/gltf+json": ".gltf", "model/obj": ".obj", "model/stl": ".stl"}
    return known.get(kind, "")


class _Form:
    """A multipart form that is being received: files to disk, fields to memory."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.files: list[tuple[str, str, Incoming]] = []
        self.fields: dict[str, str] = {}
        self._segment: MultipartSegment | None = None
        self._field = b""

    def feed(self, part: Any) -> None:
        if isinstance(part, MultipartSegment):
            self._begin(part)
        elif part is None:
            self._finish()
        elif self._segment is not None and self._segment.filename is not None:
            self.files[-1][2].write(bytes(part))
        else:
            self._field += bytes(part)
            if len(self._field) > MAX_FIELD:
                raise problem("too_large", f"a form field has more than {MAX_FIELD:,} bytes")

    def _begin(self, segment: MultipartSegment) -> None:
        if len(self.files) + len(self.fields) >= MAX_PARTS:
            raise problem("too_large", f"the form has more than {MAX_PARTS} parts")
        self._segment, self._field = segment, b""
        if segment.filename is not None:
            self.files.append((segment.name, segment.filename, self.service.uploads.receive()))

    def _finish(self) -> None:
        if self._segment is not None and self._segment.filename is None:
            self.fields[self._segment.name] = self._field.decode("utf-8", "replace")

    def discard(self) -> None:
        for _, _, incoming in self.files:
            incoming.discard()


async def _multipart(request: AnyRequest, service: Service, principal: Principal) -> tuple[Upload, dict[str, Any]]:
    _, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get("boundary")
    if not boundary:
        raise invalid("content-type", "multipart/form-data without a boundary")
    form = _Form(service)
    try:
        with PushMultipartParser(boundary, max_segment_count=MAX_PARTS) as parser:
            async for chunk in request.stream():
                for part in parser.parse(chunk):
                    form.feed(part)
                if parser.closed:
                    break
            if not parser.closed:
                parser.parse(b"")
        main = next((f for f in form.files if f[0] == "file"), None)
        if main is None:
            raise invalid("file", "the form has no part `file` with a file name")
    except MultipartError as exc:
        form.discard()
        raise invalid("body", f"the form cannot be read: {exc}") from exc
    except BaseException:
        form.discard()
        raise
    companions = {name: incoming for _, name, incoming in form.files if incoming is not main[2]}
    upload = await to_thread.run_sync(
        service.uploads.add, principal.user_id, main[2], main[1], "application/octet-stream", companions
    )
    return upload, dict(form.fields)


def from_source(service: Service, principal: Principal, source: Any, loc: str = "source") -> Upload:
    """Return the upload that ``source`` names or holds.

    Raises
    ------
    Problem, NotFound
    """
    if not isinstance(source, dict):
        raise invalid(loc, "expected an object with upload_id, export_id, asset_id or data_b64")
    if isinstance(source.get("upload_id"), str):
        return service.uploads.get(principal.user_id, source["upload_id"])
    if isinstance(source.get("export_id"), str):
        export = service.exports.get(principal.user_id, source["export_id"])
        return service.upload_of_export(export, principal.user_id)
    if isinstance(source.get("asset_id"), str):
        owned = service.exports.get(principal.user_id, service.export_of_asset(principal, source["asset_id"]))
        return service.upload_of_export(owned, principal.user_id)
    if isinstance(source.get("data_b64"), str):
        return _decoded(service, principal, source["data_b64"], source.get("filename"), loc)
    raise invalid(loc, "expected upload_id, export_id, asset_id or data_b64")


def _decoded(service: Service, principal: Principal, text: str, filename: Any, loc: str) -> Upload:
    try:
        data = base64.b64decode(text.rpartition(",")[2] if text.startswith("data:") else text, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise invalid(f"{loc}.data_b64", "is no base64") from exc
    incoming = service.uploads.receive()
    incoming.write(data)
    name = filename if isinstance(filename, str) else "upload"
    return service.uploads.add(principal.user_id, incoming, name, "application/octet-stream")


def ranged(request: AnyRequest, data: bytes, *, media: str, filename: str, etag: str) -> Response[bytes]:
    """Return a download: whole (200), not modified (304), or one range of it (206, RFC 9110 section 14).

    Raises
    ------
    Problem
        416 for a range outside the file.
    """
    headers = {
        "ETag": f'"{etag}"',
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Cache-Control": "private, max-age=0, must-revalidate",
    }
    if f'"{etag}"' in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=media)
    wanted = request.headers.get("range", "")
    whole = request.headers.get("if-range", f'"{etag}"') != f'"{etag}"'
    if not wanted.startswith("bytes=") or "," in wanted or whole:
        return Response(data, status_code=200, headers=headers, media_type=media)
    first, _, last = wanted[6:].strip().partition("-")
    if not (first + last).isdigit():
        return Response(data, status_code=200, headers=headers, media_type=media)
    start = int(first) if first else max(len(data) - int(last), 0)
    end = min(int(last), len(data) - 1) if first and last else len(data) - 1
    if start >= len(data) or start > end or (not first and int(last) == 0):
        raise problem(
            "range_not_satisfiable",
            f"the file has {len(data)} bytes, the range asks for {wanted[6:]!r:.40}",
            headers={"Content-Range": f"bytes */{len(data)}"},
        )
    headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
    return Response(data[start : end + 1], status_code=206, headers=headers, media_type=media)
