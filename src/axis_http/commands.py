"""The service's subcommands of ``axis``, through the hook ``axis_commands``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axis_core.plugin import Command, hookimpl


if TYPE_CHECKING:
    import click


__all__ = ["axis_commands"]

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@hookimpl
def axis_commands() -> list[Command]:
    """``serve``."""
    return [Command(name="serve", summary="Serve the HTTP API.", build=serve_command)]


def serve_command() -> click.Command:
    """Return ``axis serve``."""
    import click

    @click.command("serve")
    @click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    @click.option("--port", default=8420, show_default=True, type=click.IntRange(0, 65535))
    @click.option("--workers", type=click.IntRange(1, 256), help="Local worker processes.")
    @click.option("--root-path", default="", help="Prefix that a proxy in front serves us under, as in /avatars.")
    @click.option("--plugins/--no-plugins", default=True, help="Load installed plugins.")
    def serve(host: str, port: int, workers: int | None, root_path: str, plugins: bool) -> None:
        """Serve the HTTP API: loopback and open to this machine by default."""
        from axis_core.errors import BackendUnavailable, InputError
        from axis_http.settings import Settings

        try:
            import uvicorn

            from axis_http.app import create_app
        except ImportError as exc:
            raise BackendUnavailable(f"the server needs {exc.name}", hint="pip install 'axis-avatars[server]'") from exc
        settings = Settings.from_environment(workers=workers, plugins=None if plugins else False)
        if settings.auth == "open" and host not in LOOPBACK:
            raise InputError(
                f"open mode serves only this machine, not {host}",
                hint="Set AXIS_AUTH=required to listen on other addresses.",
            )
        mode = "open to this machine: no account needed" if settings.auth == "open" else "credentials required"
        click.echo(f"AXIS serves http://{host}:{port} ({mode}); data in {settings.home}", err=True)
        uvicorn.run(
            create_app(settings),
            host=host,
            port=port,
            root_path=root_path,
            log_level="warning",
            access_log=False,
            server_header=False,
        )

    return serve
