"""Solvers that disagree are an error of the program, and the query is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import verify.solve
from tests.readers import SOLVERS, answers
from tests.shipped import LIBRARY
from verify import cli
from verify.disagreement import told
from verify.solve import SolversDisagree

SCENARIO = str(LIBRARY / "good" / "r14-equal-local-asns.json")
CROSS_CHECKED = ["--solver", "z3,cvc5", "--property", "no-routing-loops", "-q", SCENARIO]


class Liar:
    """A solver that finds everything possible."""

    def add_assertion(self, _: object) -> None:
        """Forget it."""

    def solve(self, _: object) -> bool:
        return True


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def one_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second solver gives wrong answers."""
    honest = verify.solve._fresh_solver

    def fresh(environment: Any, name: str, options: dict[str, Any]) -> Any:
        return Liar() if name == "cvc5" else honest(environment, name, options)

    monkeypatch.setattr(verify.solve, "_fresh_solver", fresh)


@pytest.mark.usefixtures("one_lies")
def test_a_query_on_which_solvers_disagree_is_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(CROSS_CHECKED) == 4
    (kept,) = folder.iterdir()
    said = capsys.readouterr()
    assert f"the query is in {kept.name}" in " ".join((said.out + said.err).split())
    assert answers(kept) == dict.fromkeys(SOLVERS, "unsat")
    content = kept.read_text()
    assert cli.run(CROSS_CHECKED) == 4
    assert [path.read_text() for path in folder.iterdir()] == [content]


def test_nothing_is_kept_where_they_agree(folder: Path) -> None:
    assert cli.run(CROSS_CHECKED) == 0
    assert list(folder.iterdir()) == []


def test_other_failures_keep_nothing(folder: Path) -> None:
    assert told(KeyError("x")) == "KeyError: 'x'"
    assert list(folder.iterdir()) == []


def test_a_query_that_cannot_be_written_is_said_to_be_lost(folder: Path) -> None:
    name = told(SolversDisagree("they differ", "(check-sat)\n")).rpartition(" ")[2]
    (folder / name).unlink()
    (folder / name).mkdir()
    assert "the query could not be written" in told(SolversDisagree("they differ", "(check-sat)\n"))
