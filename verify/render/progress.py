"""Progress on a terminal: one line that rewrites itself, and is gone before anything else is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from verify.render.layout import printable

CLEAR = "\r\x1b[K"


class Progress:
    """Shows what is being worked on; silent where `stream` is not a terminal."""

    def __init__(self, stream: TextIO, width: int, *, wanted: bool = True) -> None:
        self.shows = wanted and stream.isatty()
        self._stream = stream
        self._width = width

    def reporter(self) -> Callable[[str], None] | None:
        """What the engine calls with each stage; None where nothing would be shown."""
        return self.show if self.shows else None

    def show(self, text: str) -> None:
        """Replace the line by `text`."""
        if self.shows:
            line = printable(" ".join(text.split()))[: max(self._width - 1, 1)]
            self._stream.write(CLEAR + line)
            self._stream.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self.shows:
            self._stream.write(CLEAR)
            self._stream.flush()
