"""The unified diff of two texts, as the command patch reads it."""

from __future__ import annotations

from difflib import unified_diff

NO_LINE_END = "\\ No newline at end of file\n"


def text_diff(old: str, new: str, file: str) -> str:
    """The diff of a file's text before and after; "" where nothing differs."""
    lines = unified_diff(_lines(old), _lines(new), file, file)
    return "".join(line if line.endswith("\n") else f"{line}\n{NO_LINE_END}" for line in lines)


def _lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines if lines[-1] else lines[:-1]
