"""Routes about what goes by mail: passwords, addresses, invitations."""

from __future__ import annotations

from anyio import to_thread
from litestar import Response, post

from axis_http.litestar.exchange import AnyRequest, Envelope, json_struct, ok
from axis_http.litestar.route_state import caller_of, ip_of, service_of
from axis_http.service.recovery import Address, Invitation, NewPassword, Proof


__all__ = ["ROUTES"]


@post("/portal/api/password/reset", status_code=200)
async def ask_reset(request: AnyRequest) -> Response[Envelope]:
    """A token by mail, for whoever has an account."""
    service = service_of(request)
    given = await json_struct(request, service, Address)
    return ok(request, await to_thread.run_sync(service.recovery.ask_reset, given, ip_of(request)))


@post("/portal/api/password/reset/confirm", status_code=200)
async def reset(request: AnyRequest) -> Response[Envelope]:
    """Another password, by a token."""
    service = service_of(request)
    given = await json_struct(request, service, NewPassword)
    return ok(request, await to_thread.run_sync(service.recovery.reset, given, ip_of(request)))


@post("/portal/api/email/verify", status_code=200)
async def verify(request: AnyRequest) -> Response[Envelope]:
    """The proof of an address, or a token for it."""
    service = service_of(request)
    given = await json_struct(request, service, Proof)
    return ok(request, await to_thread.run_sync(service.recovery.prove, given, ip_of(request)))


@post("/admin/api/invites", status_code=200)
async def invite(request: AnyRequest) -> Response[Envelope]:
    """An invitation to sign up."""
    service = service_of(request)
    given = await json_struct(request, service, Invitation)
    return ok(request, await to_thread.run_sync(service.recovery.invite, caller_of(request), given))


ROUTES = [ask_reset, reset, verify, invite]
