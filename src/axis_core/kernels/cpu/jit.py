"""The one door to numba: lazy compilation, a cache of our own, writes under a lock.

numba's on-disk cache has three traps (measured in ``docs/design.md``, "Numba at ease"):

* two processes that compile different signatures of one function may pick the same data file, and the index of one then
  points at the code of the other (numba #4807, #10128): every load and save here happens under a file lock;
* the key does not see a changed callee in another file: the folder's name holds a digest of all kernel sources;
* processes that start together on an empty cache would all compile the same: one compiles, the others wait and load;
* a read-only and a writable array are different types: ``as_kernel_array`` hands kernels one type for both.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from axis_core.kernels.cpu.cache import cache_folder, file_lock


__all__ = ["as_kernel_array", "njit"]

_F = TypeVar("_F", bound=Callable[..., Any])


# numba reads this once, when it is imported: so it is set before the import below.
os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder()))

import numba  # noqa: E402
from numba.core.caching import FunctionCache  # noqa: E402
from numba.core.compiler_lock import global_compiler_lock  # noqa: E402


class LockedFunctionCache(FunctionCache):  # type: ignore[misc]
    """numba's function cache with every read and write of its index under one file lock."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled overload of ``sig``, or None."""
        with file_lock(cache_folder() / "lock"):
            return super().load_overload(sig, target_context)

    def save_overload(self, sig: Any, data: Any) -> None:
        """Store the compiled overload of ``sig``."""
        with file_lock(cache_folder() / "lock"):
            super().save_overload(sig, data)


def njit(
    function: _F | None = None,
    *,
    parallel: bool = False,
    inline: bool = False,
    fastmath: bool = False,
    allocates: bool = True,
) -> Any:
    """Compile ``function`` at its first call, without the interpreter and its lock, and cache the result on disk.

    Parameters
    ----------
    function : callable
        Plain loops over arrays and scalars.
    parallel : bool
        Use numba's threads (``prange``). Never make a serial and a parallel version of one function object: the cache
        does not tell them apart.
    inline : bool
        Inline into callers at the level of numba's IR.
    fastmath : bool
        Only with a test that shows it harmless.
    allocates : bool
        False for a function that makes no array: it is compiled without reference counts, which numba otherwise keeps,
        atomically, for every array that goes from one function into another. Hot inner functions run 1.2 to 2 times
        as fast.
    """
    if function is None:
        return lambda f: njit(f, parallel=parallel, inline=inline, fastmath=fastmath, allocates=allocates)
    dispatcher = numba.njit(
        nogil=True,
        error_model="numpy",
        parallel=parallel,
        fastmath=fastmath,
        _nrt=allocates,
        inline="always" if inline else "never",
    )(function)
    dispatcher._cache = LockedFunctionCache(dispatcher.py_func)  # noqa: SLF001 - numba has no public way to set it
    _compile_in_one_process(dispatcher)
    return dispatcher


def _compile_in_one_process(dispatcher: Any) -> None:
    """Let one process at a time compile or load this function, so that what waits finds it in the cache.

    numba's own lock among threads comes first, always: a thread that held a file and waited for the compiler would
    block the one that compiles a caller. Among processes nothing can turn in a circle, for kernels do not recurse.
    """
    compile_or_load = dispatcher.compile
    function = dispatcher.py_func
    name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}.{function.__code__.co_firstlineno}"

    def compile_once(signature: Any) -> Any:
        with global_compiler_lock, file_lock(cache_folder() / "compiling" / name):
            return compile_or_load(signature)

    dispatcher.compile = compile_once


class _Writable:
    """Presents the memory of a read-only array as writable, so that numba sees one type; kernels never write to it."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array
        interface = dict(array.__array_interface__)
        interface["data"] = (interface["data"][0], False)
        self.__array_interface__ = interface


def as_kernel_array(array: Any, dtype: DTypeLike) -> NDArray[Any]:
    """Return ``array`` C-contiguous, of ``dtype`` and of numba's writable type, without a copy where possible."""
    out = np.ascontiguousarray(array, dtype=dtype)
    if out.flags.writeable or out.size == 0:
        return out if out.flags.writeable else out.copy()
    return np.asarray(_Writable(out))
