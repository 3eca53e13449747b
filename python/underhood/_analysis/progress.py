"""One line on the standard error stream that says what long work is at, and erases itself.

Nothing is written in the first second, nor when nobody would see it: by default only a terminal and a notebook get it.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType

__all__ = ["Progress"]

_PATIENCE = 1.0
_PERIOD = 0.1


class Progress:
    """Show the steps of an analysis while it runs; a context manager, so that the line goes whatever happens.

    Parameters
    ----------
    wanted : bool, optional
        ``True`` writes always, ``False`` never; by default only to a terminal or a notebook.
    """

    def __init__(self, wanted: bool | None) -> None:
        self._shows = _somebody_sees() if wanted is None else wanted
        self._start = self._last = time.monotonic()
        self._width = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()

    def step(self, doing: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done, and how far it is."""
        if not self._shows:
            return
        now = time.monotonic()
        if now - self._start < _PATIENCE or now - self._last < _PERIOD:
            return
        self._last = now
        text = f"analyze: {doing}" + (f" {done + 1} of {total}" if total else "") + " …"
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)


def _somebody_sees() -> bool:
    stream = sys.stderr
    if stream is None:
        return False
    try:
        terminal = stream.isatty()
    except (AttributeError, ValueError):
        terminal = False
    return terminal or "ipykernel" in type(stream).__module__
