"""The streams of a run: what goes to stdout and stderr, how wide, and whether in colour."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TextIO

from verify.render.layout import Page

FILE_PAGE = Page(width=80)


def page_for(stream: TextIO, colour: str, environment: Mapping[str, str]) -> Page:
    """The page that a stream offers: 80 columns and no colour unless it is a terminal."""
    terminal = stream.isatty()
    width = max(shutil.get_terminal_size().columns, 40) if terminal else FILE_PAGE.width
    plain = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
    return Page(width, colour == "always" or (colour == "auto" and terminal and not plain))


@dataclass
class Screen:
    """Writes to stdout and stderr.

    A reader that goes away ends the output and not the run, so that the exit status stays
    true.  Characters that the terminal cannot show are written as escapes.
    """

    closed: set[str] = field(default_factory=set)

    def out(self, text: str) -> None:
        """Results."""
        self._write("stdout", sys.stdout, text)

    def err(self, text: str) -> None:
        """Progress, hints, warnings and faults."""
        self._write("stderr", sys.stderr, text)

    def _write(self, name: str, stream: TextIO, text: str) -> None:
        if not text or name in self.closed:
            return
        try:
            stream.write(_encodable(text, stream.encoding or "utf-8"))
            stream.flush()
        except BrokenPipeError:
            self.closed.add(name)
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _encodable(text: str, encoding: str) -> str:
    return text.encode(encoding, "backslashreplace").decode(encoding)
