"""The common ground of all parts of a document: immutable, and closed to unknown keys."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Any part of a document."""

    model_config = ConfigDict(frozen=True, extra="forbid")
