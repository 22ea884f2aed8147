"""Progress bars on stderr. rich is loaded only when a bar is really shown."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self


if TYPE_CHECKING:
    import rich.progress


__all__ = ["Progress"]


class Progress:
    """A bar that is called with (fraction 0..1, message), as stages report; gone when the work ends.

    Parameters
    ----------
    title : str
        What is worked on.
    shown : bool
        Without it the bar takes the calls and shows nothing.
    """

    def __init__(self, title: str, *, shown: bool) -> None:
        self._title = title
        self._shown = shown
        self._bar: rich.progress.Progress | None = None

    def __enter__(self) -> Self:
        if self._shown:
            self._bar = _new_bar()
            self._task = self._bar.add_task("", total=1.0, title=self._title, message="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __call__(self, fraction: float, message: str = "") -> None:
        """Move the bar to ``fraction`` and show ``message`` beside it."""
        if self._bar is not None:
            self._bar.update(self._task, completed=min(max(fraction, 0.0), 1.0), message=message)


def _new_bar() -> rich.progress.Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.fields[title]}", markup=False),
        BarColumn(bar_width=28),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[message]}", markup=False),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # results keep going to stdout while a bar is shown
    )
