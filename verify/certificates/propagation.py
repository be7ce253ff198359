"""Unit propagation over clauses with two watched literals, where clauses in use go first."""

from __future__ import annotations

from collections.abc import Sequence


class Propagation:
    """Clauses, by positions from 1, and the literals that they force, in order on a trail.

    Lists with an entry for each literal hold it at the literal itself: negative ones
    count from the end.  A clause watches its first two literals.  `core` are the clauses
    in use, `removed` those that are taken away; clauses that no longer belong into a list
    are left there until they are met.
    """

    def __init__(self, variables: int) -> None:
        size = 2 * variables + 1
        self.clauses: list[list[int]] = [[]]
        self.true = [False] * size
        self.reason = [0] * (variables + 1)
        self.place = [0] * (variables + 1)  # on the trail, of what is on it
        self.trail: list[int] = []
        self.core: set[int] = set()
        self.removed: set[int] = set()
        self._core_watch: list[list[int]] = [[] for _ in range(size)]
        self._other_watch: list[list[int]] = [[] for _ in range(size)]
        self._core_seen = self._other_seen = 0

    def add(self, literals: Sequence[int]) -> int:
        """Add a clause under what is forced already; its position if all its literals are false, else 0."""
        position = len(self.clauses)
        clause = list(dict.fromkeys(literals))
        self.clauses.append(clause)
        if len(clause) > 1:
            self._watch(position)
        if not clause or self.true[-clause[0]]:
            return position
        if not self.true[clause[0]] and (len(clause) == 1 or self.true[-clause[1]]):
            self.assign(clause[0], position)
        return 0

    def remove(self, position: int) -> bool:
        """Take a clause away for a time, unless something holds because of it; whether that was done."""
        clause = self.clauses[position]
        if position in self.removed or any(self.true[x] and self.reason[abs(x)] == position for x in clause):
            return False
        self.removed.add(position)
        return True

    def restore(self, position: int) -> None:
        """Bring back a clause that was taken away."""
        self.removed.discard(position)
        if len(self.clauses[position]) > 1:
            self._watch(position)

    def _watch(self, position: int) -> None:
        """Watch the two literals that stay true, or not false, for longest while the trail gets shorter."""
        clause = self.clauses[position]
        if any(self.true[-literal] for literal in clause):
            clause.sort(key=self._steadiness)
        watch = self._core_watch if position in self.core else self._other_watch
        watch[clause[0]].append(position)
        watch[clause[1]].append(position)

    def _steadiness(self, literal: int) -> tuple[int, int]:
        place = self.place[abs(literal)]
        return (0, place) if self.true[literal] else (2, -place) if self.true[-literal] else (1, 0)

    def make_core(self, position: int) -> None:
        """Put a clause to use."""
        if position not in self.core:
            self.core.add(position)
            clause = self.clauses[position]
            for literal in clause[:2] if len(clause) > 1 else ():
                self._core_watch[literal].append(position)

    def assign(self, literal: int, reason: int) -> None:
        """Let a literal be true, for a reason: the position of a clause, or 0 for an assumption."""
        self.true[literal] = True
        self.reason[abs(literal)] = reason
        self.place[abs(literal)] = len(self.trail)
        self.trail.append(literal)

    def undo(self, length: int) -> None:
        """Take back all but the first literals of the trail."""
        for literal in self.trail[length:]:
            self.true[literal] = False
        del self.trail[length:]
        self._core_seen = min(self._core_seen, length)
        self._other_seen = min(self._other_seen, length)

    def propagate(self) -> int:
        """Force what can be forced; the position of a clause that became false, or 0."""
        trail = self.trail
        while True:
            while self._core_seen < len(trail):
                conflict = self._visit(self._core_watch, -trail[self._core_seen], False)
                if conflict:
                    return conflict
                self._core_seen += 1
            if self._other_seen == len(trail):
                return 0
            conflict = self._visit(self._other_watch, -trail[self._other_seen], True)
            if conflict:
                return conflict
            self._other_seen += 1

    def _visit(self, watch: list[list[int]], false: int, others: bool) -> int:
        """The clauses that watch a literal that has become false."""
        clauses, true, core, removed = self.clauses, self.true, self.core, self.removed
        count = len(clauses)
        watching = watch[false]
        kept: list[int] = []
        conflict = 0
        for place, position in enumerate(watching):
            if position >= count or (others and position in core) or position in removed:
                continue
            clause = clauses[position]
            if clause[0] == false:
                clause[0], clause[1] = clause[1], false
            elif clause[1] != false:  # it was brought back with other literals watched
                continue
            first = clause[0]
            if true[first]:
                kept.append(position)
                continue
            for index in range(2, len(clause)):
                other = clause[index]
                if not true[-other]:
                    clause[1], clause[index] = other, false
                    watch[other].append(position)
                    break
            else:
                kept.append(position)
                if true[-first]:
                    conflict = position
                    kept += watching[place + 1 :]
                    break
                self.assign(first, position)
        watch[false] = kept
        return conflict
