"""The HTTP service: ``create_app(settings)`` gives an ASGI callable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from axis_http.app import create_app
    from axis_http.settings import Settings


__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> Any:
    if name == "create_app":
        from axis_http.app import create_app

        return create_app
    if name == "Settings":
        from axis_http.settings import Settings

        return Settings
    raise AttributeError(f"module 'axis_http' has no attribute {name!r}")
