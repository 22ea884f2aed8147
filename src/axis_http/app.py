"""``create_app``: settings in, an ASGI callable out. It runs alone under any ASGI server, or mounted under a prefix."""

from __future__ import annotations

from typing import Any

from axis_http.litestar.assembly import assemble
from axis_http.litestar.gate import Gate
from axis_http.service.state import Service
from axis_http.settings import Settings


__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Any:
    """Return the service as an ASGI callable.

    Parameters
    ----------
    settings : Settings, optional
        Those of the environment by default.
    """
    chosen = settings or Settings.from_environment()
    chosen.home.mkdir(parents=True, exist_ok=True)
    service = Service(chosen)
    return Gate(assemble(service), service)
