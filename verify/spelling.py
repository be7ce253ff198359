"""What somebody probably meant by a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, ignoring case; None if nothing comes close."""
    from difflib import get_close_matches  # slow to import, and needed for mistakes only

    spellings = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), spellings, n=1, cutoff=0.6)
    return spellings[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for an unknown word: the nearest known one, or all of them."""
    names = tuple(known)
    close = nearest(word, names)
    return f"did you mean {close}?" if close else f"known: {', '.join(names)}"
