"""Trims a DRUP proof to an LRAT certificate: from the contradiction backwards, only what is needed.

Forwards, the lemmas are added one by one, with all that unit propagation makes of them,
until a clause has only false literals.  Backwards, each lemma that was used so far is
taken away and derived from what is left; clauses that are used already are tried first,
so that few more are.  Literals that hold at the top become lemmas of one literal, named
by all later steps in place of their reasons.

Nothing here has to be trusted: the result is checked by `verify.certificates.checker`.
After Heule, Hunt and Wetzler, "Trimming while checking clausal proofs" (2013), and
Cruz-Filipe and others, "Efficient certified RAT verification" (2017).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from verify.certificates.propagation import Propagation

Step = tuple[int, list[int], list[int]]  # number, literals, numbers of the clauses it follows from


class NotTrimmed(Exception):
    """A proof with a step that is not by unit propagation, or without a contradiction at its end."""


def lrat(variables: int, clauses: Sequence[Sequence[int]], drup: Iterable[str]) -> str:
    """The LRAT certificate of clauses with a DRUP proof.

    Raises NotTrimmed.
    """
    steps = _Trimming(variables, clauses, drup).steps()
    lines = (" ".join(map(str, (number, *literals, 0, *hints, 0))) for number, literals, hints in steps)
    return "".join(f"{line}\n" for line in lines)


class _Trimming:
    """Clauses are known by their positions, from 1; the lemma of a literal at the top by the literal itself.

    `derived` are the lemmas that are needed, the last one first.
    """

    def __init__(self, variables: int, clauses: Sequence[Sequence[int]], drup: Iterable[str]) -> None:
        self.given = len(clauses)
        self.state = Propagation(variables)
        self.history: list[tuple[bool, int]] = []  # lemmas, by the trail's length before; deleted clauses
        self.needed: set[int] = set()  # literals at the top that have become lemmas
        self.derived: list[tuple[int | str, list[int], list[int | str]]] = []
        conflict = self._forwards(clauses, drup)
        self.derived.append((0, [], self._hints(conflict, len(self.state.trail), ())))
        self._backwards()

    def steps(self) -> Iterator[Step]:
        """The derived lemmas in order, numbered after the clauses."""
        numbers: dict[int | str, int] = {number: number for number in range(1, self.given + 1)}
        for number, (key, literals, hints) in enumerate(reversed(self.derived), start=self.given + 1):
            numbers[key] = number
            yield number, literals, [numbers[hint] for hint in hints]

    def _forwards(self, clauses: Sequence[Sequence[int]], drup: Iterable[str]) -> int:
        """Add clauses, then lemmas, until one is false; the position of that one."""
        state = self.state
        for clause in clauses:
            conflict = state.add(clause)
            if conflict:
                return conflict
        conflict = state.propagate()
        known: dict[tuple[int, ...], list[int]] = {}
        for position in range(1, len(state.clauses)):
            known.setdefault(tuple(sorted(state.clauses[position])), []).append(position)
        for line in drup:
            if conflict:
                break
            words = line.split()
            deleted = words[0] == "d"
            literals = list(map(int, words[deleted:-1]))
            positions = known.setdefault(tuple(sorted(literals)), [])
            if not deleted:
                positions.append(len(state.clauses))
                self.history.append((True, len(state.trail)))
                conflict = state.add(literals) or state.propagate()
            elif positions and state.remove(positions[-1]):
                self.history.append((False, positions.pop()))
        if not conflict:
            raise NotTrimmed("the proof does not end in a contradiction")
        return conflict

    def _backwards(self) -> None:
        state = self.state
        for added, number in reversed(self.history):
            if not added:
                state.restore(number)
                continue
            self._retract(number)
            lemma = len(state.clauses) - 1
            literals = state.clauses.pop()
            if lemma in state.core:
                self.derived.append((lemma, sorted(literals, key=abs), self._derivation(literals)))
        self._retract(0)

    def _retract(self, length: int) -> None:
        """Take back what holds at the top since the trail had a length; derive what of it was needed."""
        state = self.state
        for literal in reversed(state.trail[length:]):
            if literal in self.needed:
                reason = state.reason[abs(literal)]
                state.make_core(reason)
                above = [self._at_top(-other) for other in state.clauses[reason] if other != literal]
                self.derived.append((f"unit {literal}", [literal], [*above, reason]))
        state.undo(length)

    def _derivation(self, literals: list[int]) -> list[int | str]:
        """The clauses from which a lemma follows by unit propagation, in order."""
        state = self.state
        base = len(state.trail)
        for literal in literals:
            if state.true[literal]:
                state.undo(base)
                return [self._at_top(literal)]
            if not state.true[-literal]:
                state.assign(-literal, 0)
        conflict = state.propagate()
        if not conflict:
            raise NotTrimmed("a step is not by unit propagation alone (RAT)")
        hints = self._hints(conflict, base, literals)
        state.undo(base)
        return hints

    def _hints(self, conflict: int, base: int, lemma: Iterable[int]) -> list[int | str]:
        """The clauses that lead to a conflict when a lemma is false, which the trail says above its base."""
        state = self.state
        state.make_core(conflict)
        seen = set(map(abs, state.clauses[conflict]))
        used: list[int] = [conflict]
        for literal in reversed(state.trail[base:]):
            reason = state.reason[abs(literal)]
            if reason and abs(literal) in seen:
                seen.update(map(abs, state.clauses[reason]))
                state.make_core(reason)
                used.append(reason)
        seen.difference_update(map(abs, lemma))
        top = sorted(place for place in map(state.place.__getitem__, seen) if place < base)
        return [*(self._at_top(state.trail[place]) for place in top), *reversed(used)]

    def _at_top(self, literal: int) -> int | str:
        """What to name for a literal that holds at the top: a clause of it alone, or a lemma of its own."""
        reason = self.state.reason[abs(literal)]
        if len(self.state.clauses[reason]) == 1:
            self.state.make_core(reason)
            return reason
        self.needed.add(literal)
        return f"unit {literal}"
