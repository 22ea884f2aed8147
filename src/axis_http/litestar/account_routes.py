"""Routes about accounts, sessions and keys. What hashes or writes runs in threads.

Where a path has several methods the handlers are async: Litestar 2.25 forgets that a plain one was to run in a thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from anyio import to_thread
from litestar import Response, delete, get, post
from litestar.params import FromPath
from litestar.response import Stream

from axis_http.litestar.exchange import (
    AnyRequest,
    Envelope,
    flag,
    json_body,
    json_struct,
    media_type,
    named,
    ok,
    whole_number,
)
from axis_http.litestar.route_state import caller_of, ip_of, service_of
from axis_http.nouns import timestamp
from axis_http.problems import invalid
from axis_http.service.accounts import Login, PasswordChange, Profile, Signup
from axis_http.service.erasure import account_archive, erase
from axis_http.service.keys import KeyRequest


__all__ = ["ROUTES"]

CHUNK = 256 * 1024


def _agent(request: AnyRequest) -> str:
    return request.headers.get("user-agent", "")


@post("/portal/api/signup", status_code=200)
async def signup(request: AnyRequest) -> Response[Envelope]:
    """An account, its first tokens, its first session."""
    service = service_of(request)
    given = await json_struct(request, service, Signup)
    made = await to_thread.run_sync(service.accounts.sign_up, given, ip_of(request), _agent(request))
    service.recovery.welcome(made["email"])
    return ok(request, made)


@post("/portal/api/login", status_code=200)
async def login(request: AnyRequest) -> Response[Envelope]:
    """A session."""
    service = service_of(request)
    given = await json_struct(request, service, Login)
    return ok(request, await to_thread.run_sync(service.accounts.log_in, given, ip_of(request), _agent(request)))


@post("/portal/api/logout", status_code=200, sync_to_thread=True)
def logout(request: AnyRequest) -> Response[Envelope]:
    """The session ends at once."""
    everywhere = bool(flag("all", request.query_params.get("all")))
    return ok(request, service_of(request).accounts.log_out(caller_of(request), everywhere=everywhere))


@get("/api/auth/verify", sync_to_thread=False)
def verify(request: AnyRequest) -> Response[Envelope]:
    """Who calls and what the credential may do."""
    caller = caller_of(request)
    method = "bearer" if caller.session_id else "api_key"
    names = {"key_id": caller.key_id, "session_id": caller.session_id}
    known = {"user_id": caller.user_id, "auth_method": method, "plan": caller.plan, "scopes": sorted(caller.scopes)}
    return ok(request, known | {k: v for k, v in names.items() if v} | {"expires_at": timestamp(caller.expires_at)})


@get("/portal/api/account")
async def account(request: AnyRequest) -> Response[Envelope]:
    """One's account."""
    return ok(request, await to_thread.run_sync(service_of(request).accounts.account, caller_of(request)))


@delete("/portal/api/account", status_code=200)
async def delete_account(request: AnyRequest) -> Response[Envelope]:
    """The account is closed and what it had is erased."""
    service = service_of(request)
    body = await json_body(request, service, optional=True) if media_type(request) else {}
    password = body.get("password")
    if password is not None and not isinstance(password, str):
        raise invalid("password", "expected a text")
    return ok(request, await to_thread.run_sync(erase, service, caller_of(request), password))


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file that nobody needs afterwards."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


@get("/portal/api/account/export", sync_to_thread=True)
def export_account(request: AnyRequest) -> Stream:
    """Everything that is kept of the caller, as a ZIP file."""
    file = account_archive(service_of(request), caller_of(request))
    headers = {"Content-Disposition": 'attachment; filename="account.zip"'}
    return Stream(_chunks(file), media_type="application/zip", headers=headers)


@post("/portal/api/profile", status_code=200)
async def profile(request: AnyRequest) -> Response[Envelope]:
    """Change what a user may change."""
    service = service_of(request)
    given = await json_struct(request, service, Profile)
    return ok(request, await to_thread.run_sync(service.accounts.change_profile, caller_of(request), given))


@post("/portal/api/password", status_code=200)
async def password(request: AnyRequest) -> Response[Envelope]:
    """Another password; other sessions end."""
    service = service_of(request)
    given = await json_struct(request, service, PasswordChange)
    return ok(request, await to_thread.run_sync(service.accounts.change_password, caller_of(request), given))


@get("/portal/api/sessions")
async def sessions(request: AnyRequest) -> Response[Envelope]:
    """One's sessions."""
    return ok(request, await to_thread.run_sync(service_of(request).accounts.sessions, caller_of(request)))


@delete("/portal/api/sessions", status_code=200)
async def end_session(request: AnyRequest) -> Response[Envelope]:
    """End one of one's sessions."""
    name = await named(request, service_of(request), "session_id")
    return ok(request, await to_thread.run_sync(service_of(request).accounts.end_session, caller_of(request), name))


@get("/portal/api/keys")
async def keys(request: AnyRequest) -> Response[Envelope]:
    """One's keys, without the keys."""
    return ok(request, await to_thread.run_sync(service_of(request).keys.listed, caller_of(request)))


@post("/portal/api/keys", status_code=200)
async def make_key(request: AnyRequest) -> Response[Envelope]:
    """A key, told once."""
    service = service_of(request)
    given = await json_struct(request, service, KeyRequest)
    return ok(request, await to_thread.run_sync(service.keys.make, caller_of(request), given))


@delete("/portal/api/keys", status_code=200)
async def revoke_key(request: AnyRequest) -> Response[Envelope]:
    """A key dies at once."""
    name = await named(request, service_of(request), "key_id")
    return ok(request, await to_thread.run_sync(service_of(request).keys.revoke, caller_of(request), name))


@post("/portal/api/keys/{key_id:str}/rotate", status_code=200)
async def rotate_key(request: AnyRequest, key_id: FromPath[str]) -> Response[Envelope]:
    """A key like another, which ends after an overlap."""
    service = service_of(request)
    overlap = whole_number("overlap_s", request.query_params.get("overlap_s"), 0, 86400, 0)
    return ok(request, await to_thread.run_sync(service.keys.rotate, caller_of(request), key_id, overlap))


ROUTES = [
    signup,
    login,
    logout,
    verify,
    account,
    delete_account,
    export_account,
    profile,
    password,
    sessions,
    end_session,
    keys,
    make_key,
    revoke_key,
    rotate_key,
]
