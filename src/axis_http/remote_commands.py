"""``axis remote``: the client on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from axis_core.errors import BackendUnavailable
from axis_http.client.replies import RemoteJob


__all__ = ["remote"]


def _client(url: str, key: str) -> Any:
    try:
        from axis_http.client import Client
    except ImportError as exc:
        raise BackendUnavailable(f"this needs {exc.name}", hint="pip install 'axis-avatars[remote]'") from exc
    return Client(url, key)


def _shared(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which service, and who asks."""
    url = click.option("--url", envvar="AXIS_URL", default="http://127.0.0.1:8420", show_default=True)
    key = click.option("--key", envvar="AXIS_KEY", default="", help="API key; better in AXIS_KEY than in the history.")
    return url(key(command))


@click.group("remote")
def remote() -> None:
    """Have the work done by a service that `axis serve` or a company runs."""


def _done(axis: Any, job: RemoteJob, output: Path, fmt: str) -> None:
    path = axis.download(job.export_id, output, format=fmt)
    quality = job.result.get("quality") or {}
    click.echo(f"{path} (grade {quality.get('grade', '?')}, job {job.job_id})")


def _told(percent: int, message: str) -> None:
    click.echo(f"{percent:3d} % {message}", err=True)


@remote.command("process")
@click.argument("mesh", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--platform", default="")
@click.option("--format", "fmt", type=click.Choice(["glb", "gltf", "obj", "stl"]), default="glb", show_default=True)
@_shared
def process(mesh: Path, output: Path, platform: str, fmt: str, url: str, key: str) -> None:
    """Send MESH through the whole pipeline of a service and write the avatar."""
    with _client(url, key) as axis:
        _done(axis, axis.process(mesh, platform=platform, progress=_told), output, fmt)


@remote.command("rig")
@click.argument("mesh", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--platform", default="")
@click.option("--format", "fmt", type=click.Choice(["glb", "gltf", "obj", "stl"]), default="glb", show_default=True)
@_shared
def rig(mesh: Path, output: Path, platform: str, fmt: str, url: str, key: str) -> None:
    """Have MESH rigged by a service and write it."""
    with _client(url, key) as axis:
        _done(axis, axis.rig(mesh, platform=platform, progress=_told), output, fmt)


@remote.command("jobs")
@_shared
def jobs(url: str, key: str) -> None:
    """List one's jobs, newest first."""
    with _client(url, key) as axis:
        for job in axis.request("GET", "/api/jobs")["jobs"]:
            click.echo(
                f"{job['job_id']}  {job['kind']:10} {job['status']:10} {job['progress']:3d} %  {job['created_at']}"
            )


@remote.command("cancel")
@click.argument("job_id")
@_shared
def cancel(job_id: str, url: str, key: str) -> None:
    """Cancel a job."""
    with _client(url, key) as axis:
        click.echo(axis.cancel(job_id).status)
