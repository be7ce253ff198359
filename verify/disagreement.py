"""What is said of a failure of the program, and the query that is kept where solvers disagree."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path


def told(error: Exception) -> str:
    """A failure in one line.

    A query on which solvers disagree is written, as SMT-LIB, to a file in the current
    folder that is named after its content; the line says so.
    """
    summary = " ".join(f"{type(error).__name__}: {error}".split())
    query = getattr(error, "query", "")
    if not query:
        return summary
    file = Path(f"disagreement-{sha256(query.encode()).hexdigest()[:16]}.smt2")
    try:
        file.write_text(query, "utf-8")
    except OSError as reason:
        return f"{summary}; the query could not be written to {file} ({reason.strerror})"
    return f"{summary}; the query is in {file}"
