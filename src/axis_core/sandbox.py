"""Child processes with limits: what reads hostile bytes runs in one, and a crash there is an answer, not the end.

A ``Sandbox`` keeps one child and gives it tasks, one at a time, by lines of JSON over pipes (never pickle: the child
may have been taken over by what it read). Where the system has resource limits they are set; the wall clock is watched
by the parent everywhere.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from axis_core.errors import AxisError, InputError, LimitExceeded


__all__ = ["Sandbox", "TaskProgress"]

TaskProgress = Callable[[float, str], None]

MAX_LINE = 64 * 1024 * 1024


class Sandbox:
    """One child process that runs ``target(arguments, progress, cancelled)`` and returns what it returns.

    Parameters
    ----------
    target : str
        ``package.module:function``. It takes a mapping of plain values, a progress function and a function that says
        whether the task was cancelled; it returns a mapping of plain values or raises an AxisError.
    memory_mb : int
        Largest data segment of the child, where the system has such a limit.
    seconds : float
        Wall clock of one task.
    """

    def __init__(self, target: str, *, memory_mb: int = 4096, seconds: float = 600.0) -> None:
        self._target, self._memory_mb, self._seconds = target, memory_mb, seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._busy = threading.Lock()

    def run(
        self,
        arguments: Mapping[str, Any],
        *,
        progress: Callable[[float, str], bool] | None = None,
    ) -> dict[str, Any]:
        """Run one task and return its result.

        Parameters
        ----------
        progress : callable (fraction, message) -> bool, optional
            Called as the child reports; answering True cancels the task at its next step.

        Raises
        ------
        LimitExceeded
            The task took longer than ``seconds``; the child was killed.
        InputError
            ``parse_failed``: the child died (a crash of a parser, or memory ran out).
        AxisError
            What the task raised.
        """
        with self._busy:
            child = self._ready()
            watchdog = threading.Timer(self._seconds, child.kill)
            watchdog.start()
            try:
                return self._exchange(child, arguments, progress)
            finally:
                expired = not watchdog.is_alive()
                watchdog.cancel()
                if expired or child.poll() is not None:
                    self._drop()

    def _exchange(
        self,
        child: subprocess.Popen[bytes],
        arguments: Mapping[str, Any],
        progress: Callable[[float, str], bool] | None,
    ) -> dict[str, Any]:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            _send(child.stdin, {"run": dict(arguments)})
            for message in _messages(child.stdout):
                if "progress" in message:
                    stop = progress is not None and progress(
                        float(message["progress"]), str(message.get("message", ""))
                    )
                    _send(child.stdin, {"stop": bool(stop)})
                elif "error" in message:
                    raise _revived(message["error"])
                else:
                    return dict(message["result"])
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise self._death(child) from exc
        raise self._death(child)

    def _death(self, child: subprocess.Popen[bytes]) -> AxisError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(1.0)
        code = child.poll()
        if code == -9:
            return LimitExceeded(
                f"the work was stopped: it took longer than {self._seconds:g} s or more than {self._memory_mb} MB",
                hint="Make the file smaller: decimate, split or shrink it in the tool it comes from.",
            )
        return InputError(
            f"the process that read the file died (exit status {code})",
            code="parse_failed",
            hint="The file is damaged, or larger than the memory allowed.",
        )

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._drop()
            command = [sys.executable, "-m", "axis_core.sandbox", self._target, str(self._memory_mb)]
            self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
        return self._child

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def close(self) -> None:
        """End the child."""
        self._drop()


def _send(pipe: IO[bytes], message: Mapping[str, Any]) -> None:
    pipe.write(json.dumps(message, allow_nan=False, default=str).encode() + b"\n")
    pipe.flush()


def _messages(pipe: IO[bytes]) -> Iterator[dict[str, Any]]:
    while line := pipe.readline(MAX_LINE):
        yield json.loads(line)


def _revived(plain: Mapping[str, Any]) -> AxisError:
    import axis_core.errors as tree

    kind = getattr(tree, str(plain.get("kind")), AxisError)
    if not (isinstance(kind, type) and issubclass(kind, AxisError)):
        kind = AxisError
    fields = {k: plain.get(k) for k in ("code", "pointer", "hint")}
    return kind(str(plain.get("message")), **fields)


def _limited(memory_mb: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's watchdog is all there is
        return
    size = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(target: str, memory_mb: int) -> None:
    """Serve tasks until the parent closes the pipe: what runs in the child."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up among the messages
    module, _, name = target.partition(":")
    task = getattr(importlib.import_module(module), name)
    _limited(memory_mb)
    for message in _messages(source):
        _serve(task, message["run"], source, sink, memory_mb)


def _serve(task: Any, arguments: Mapping[str, Any], source: IO[bytes], sink: IO[bytes], memory_mb: int) -> None:
    stop = False

    def progress(fraction: float, text: str) -> None:
        nonlocal stop
        _send(sink, {"progress": round(fraction, 4), "message": text})
        stop = bool(json.loads(source.readline(MAX_LINE) or b'{"stop": true}')["stop"])

    try:
        _send(sink, {"result": task(arguments, progress, lambda: stop)})
    except AxisError as exc:
        plain = {"kind": type(exc).__name__, "message": exc.message, "code": exc.code}
        _send(sink, {"error": plain | {"pointer": exc.pointer, "hint": exc.hint}})
    except MemoryError:
        text = f"the work needs more than {memory_mb} MB"
        _send(sink, {"error": {"kind": "LimitExceeded", "message": text, "code": "limit_exceeded"}})


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
