"""The service's subcommands of ``axis``, through the hook ``axis_commands``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from axis_core.plugin import Command, hookimpl


if TYPE_CHECKING:
    import click


__all__ = ["axis_commands"]

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@hookimpl
def axis_commands() -> list[Command]:
    """``serve``, ``worker``, ``remote``, ``backup``, ``restore``, ``verify``."""
    return [
        Command(name="serve", summary="Serve the HTTP API.", build=serve_command),
        Command(name="worker", summary="Work on the jobs of a service, in a process of its own.", build=worker_command),
        Command(name="backup", summary="Copy what a service keeps into a folder, while it runs.", build=backup_command),
        Command(name="restore", summary="Copy a backup into the empty folder of a service.", build=restore_command),
        Command(name="remote", summary="Have the work done by a service: process, rig, jobs.", build=remote_command),
        Command(name="verify", summary="Check what a service keeps: files, balances, jobs.", build=verify_command),
    ]


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
            from axis_http.service.logs import set_up_logs
        except ImportError as exc:
            raise BackendUnavailable(f"the server needs {exc.name}", hint="pip install 'axis-avatars[server]'") from exc
        settings = Settings.from_environment(workers=workers, plugins=None if plugins else False)
        if settings.auth == "open" and host not in LOOPBACK:
            raise InputError(
                f"open mode serves only this machine, not {host}",
                hint="Set AXIS_AUTH=required to listen on other addresses.",
            )
        mode = "open to this machine: no account needed" if settings.auth == "open" else "credentials required"
        set_up_logs(settings)
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


def worker_command() -> click.Command:
    """Return ``axis worker``."""
    import click

    @click.command("worker")
    @click.option("--workers", type=click.IntRange(1, 256), help="Jobs at the same time.")
    def worker(workers: int | None) -> None:
        """Work on the jobs of the service whose folder is AXIS_HOME, until it is interrupted or terminated."""
        import signal
        import threading

        from axis_http.service.logs import set_up_logs
        from axis_http.service.state import Service
        from axis_http.settings import Settings

        settings = Settings.from_environment(workers=workers)
        set_up_logs(settings)
        service, over = Service(settings), threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        service.start()
        click.echo(f"AXIS works on the jobs in {settings.home}, {settings.workers} at a time", err=True)
        over.wait()
        service.stop()

    return worker


def remote_command() -> click.Command:
    """Return ``axis remote``."""
    from axis_http.remote_commands import remote

    return remote


def backup_command() -> click.Command:
    """Return ``axis backup``."""
    import click

    @click.command("backup")
    @click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
    def backup(folder: Path) -> None:
        """Copy the database and the files of the service in AXIS_HOME into FOLDER; it may run meanwhile."""
        from axis_http.service.maintenance import backup as copy
        from axis_http.settings import Settings

        copied = copy(Settings.from_environment().home, folder)
        click.echo(f"{copied.blobs} files copied, {copied.kept} were there", err=True)

    return backup


def restore_command() -> click.Command:
    """Return ``axis restore``."""
    import click

    @click.command("restore")
    @click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
    def restore(folder: Path) -> None:
        """Copy the backup in FOLDER into AXIS_HOME, where no service may be yet."""
        from axis_http.service.maintenance import restore as copy
        from axis_http.settings import Settings

        copied = copy(folder, Settings.from_environment().home)
        click.echo(f"{copied.blobs} files restored; `axis verify` checks them", err=True)

    return restore


def verify_command() -> click.Command:
    """Return ``axis verify``."""
    import click

    @click.command("verify")
    def verify() -> None:
        """Check the service in AXIS_HOME: the database, balances against the ledger, jobs, every file's hash."""
        from axis_core.errors import StoreError
        from axis_http.service.maintenance import findings
        from axis_http.settings import Settings

        found = list(findings(Settings.from_environment().home))
        if found:
            raise StoreError(f"{len(found)} things are wrong: {'; '.join(found[:20])}")
        click.echo("nothing is wrong")

    return verify
