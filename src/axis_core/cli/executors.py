"""``--executor``: who else may do the work. The engine is loaded only when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from axis_core.errors import BackendUnavailable, InputError


__all__ = ["connected"]

CONNECT_S = 10


@contextmanager
def connected(address: str) -> Iterator[Executor | None]:
    """Give the executor behind ``dask://HOST:PORT``, or None for an empty address, as long as it is wanted.

    Raises
    ------
    InputError
        An address of another kind.
    BackendUnavailable
        ``not_installed``: Dask is missing; ``unreachable``: no scheduler answers there.
    """
    if not address:
        yield None
        return
    scheme, _, place = address.partition("://")
    if scheme != "dask" or not place:
        raise InputError(f"{address!r} is no executor", pointer="/executor", hint="Write dask://HOST:PORT.")
    try:
        from distributed import Client
    except ImportError as exc:
        raise BackendUnavailable(
            "the Dask engine is not installed", code="not_installed", hint="pip install 'axis-avatars[dask]'"
        ) from exc
    try:
        client = Client(f"tcp://{place}", timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as exc:
        raise BackendUnavailable(
            f"no Dask scheduler answers at {place}", code="unreachable", hint="Start one: dask scheduler."
        ) from exc
    with client:
        executor: Executor = client.get_executor(pure=False, retries=2)  # type: ignore[no-untyped-call]
        yield executor
