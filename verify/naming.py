"""The name of a finding: one word that a user copies from a result into `accept`.

A name says what was found (`SUBJECT/VERDICT/KIND@OBJECTS`) and not how it was come upon:
`R14/violated@vgw-1,vgw-2`, `no-ineffective-routes/violated/looped@vpc-a`.  The order of
the file does not change it.  A violation of another kind or at another place, or under
another verdict, has another name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from verify.models.ordered import natural
from verify.verdict import Counterexample, PropertyResult, RouteRow, Verdict

SPECIAL = re.compile(r"""[%,#@"'`\\\s]""")
ADVICE = "advice"
VERDICTS = tuple(str(verdict) for verdict in Verdict if verdict is not Verdict.PROVED)


def finding_name(subject: str, verdict: str, kind: str, objects: Iterable[str]) -> str:
    """The name; letters that would end it, or the JSON text that it is copied into, are escaped."""
    head = "/".join(part for part in (subject, verdict, kind) if part)
    place = ",".join(escaped(each) for each in sorted({each for each in objects if each}, key=natural))
    return f"{head}@{place}" if place else head


def escaped(name: str) -> str:
    """An id as it stands in a finding's name."""
    return SPECIAL.sub(lambda match: f"%{ord(match.group()):02X}", name)


def name_of(entry: PropertyResult) -> str:
    """The name of what was found of a property; "" where it is proved or where each broken rule has one."""
    if entry.verdict is Verdict.PROVED or entry.id == "documented-rules":
        return ""
    example = entry.counterexample
    if example is None:
        return finding_name(entry.id, entry.verdict, entry.kind, ())
    kind = str(example.undelivered.get("reason") or entry.kind)
    return finding_name(entry.id, entry.verdict, kind, place_of(example))


def place_of(example: Counterexample) -> tuple[str, ...]:
    """The tables that a counterexample is about; of a flow that must not pass its two ends."""
    if example.undelivered:
        return (str(example.undelivered.get("at") or example.undelivered.get("from", "")),)
    if example.delivered:
        return tuple(str(example.delivered.get(end, "")) for end in ("from", "to"))
    if example.loop:
        return example.loop
    changing = tuple(change.table for step in example.cycle for change in step.changes)
    return changing or tuple(_differing(example.routes, example.other_routes))


def _differing(first: Iterable[RouteRow], second: Iterable[RouteRow]) -> Iterator[str]:
    """The tables that select otherwise in two states; those of a single state where there is one."""
    one, other = ({(row.table, row.prefix): row for row in rows if row.state == "selected"}
                  for rows in (first, second))  # fmt: skip
    yield from (key[0] for key in (*one, *other) if one.get(key) != other.get(key))
