"""Installing a pack: the only function of the product that fetches data by itself, and only when asked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from axis_core.assets.cache import PackStatus, lock_of, pack_status, write_pack
from axis_core.assets.fetch import check_wheel, fetch_wheel
from axis_core.assets.lock import file_lock
from axis_core.assets.pack import DataPack
from axis_core.assets.wheel import WheelReader


__all__ = ["install"]


def _silent(fraction: float, message: str) -> None:
    """Report nothing."""


def install(
    pack: DataPack, from_file: Path | None = None, progress: Callable[[float, str], None] | None = None
) -> PackStatus:
    """Put ``pack`` into the cache and return its status; a pack that is there and whole is left alone.

    Any number of processes may install at once: one does the work, the others wait and find it done.

    Parameters
    ----------
    pack : DataPack
    from_file : Path, optional
        The pinned wheel, fetched elsewhere; then the network is not touched.
    progress : callable, optional
        ``progress(fraction, message)``, fraction 0 to 1.

    Returns
    -------
    PackStatus
        ``status.pack.notice`` is the licence text to show.

    Raises
    ------
    BackendUnavailable
        No pip, no network, no such file on the index, or other bytes than pinned (``digest_mismatch``).
    InputError
        ``from_file`` is not the pinned wheel (``digest_mismatch``) or cannot be read.
    StoreError
        The cache cannot be written.
    """
    report = progress or _silent
    with file_lock(lock_of(pack)):
        status = pack_status(pack, deep=True)
        if status.state != "installed":
            with tempfile.TemporaryDirectory(prefix="axis-pack-") as folder:
                _install_locked(pack, from_file, Path(folder), report)
            status = pack_status(pack, deep=True)
        elif from_file is not None:
            check_wheel(pack, from_file)
    report(1.0, f"{pack.name} is installed")
    return status


def _install_locked(
    pack: DataPack, from_file: Path | None, folder: Path, report: Callable[[float, str], None]
) -> None:
    if from_file is None:
        report(0.0, f"fetching {pack.distribution} {pack.version}")
    wheel = from_file if from_file is not None else fetch_wheel(pack, folder)
    report(0.5, f"checking {pack.filename}")
    check_wheel(pack, wheel)
    report(0.55, f"converting {pack.filename}")
    with WheelReader(wheel) as reader:
        files = pack.converter(reader)
    report(0.95, "writing the cache")
    write_pack(pack, files)
