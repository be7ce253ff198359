"""Everything that is proved of the shipped scenarios has certificates, and what is altered is not accepted.

The long form is `python -m tests.certified`.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.certified import certified, library, loaded, proved, random_failures
from tests.mutated_certificates import WAYS, mutations
from tests.readers import SOLVERS, answers
from tests.shipped import LIBRARY, SCENARIOS
from tests.source_code import modules
from verify import certify
from verify.certificates import checker
from verify.certificates.certificate import check_certificate
from verify.certificates.clauses import Cnf
from verify.certificates.folder import write
from verify.check import CheckOptions
from verify.solve import SolversDisagree

MUTATIONS = 1500
SOLVER_FREE = ("order", "boxes")
GOOD = LIBRARY / "good" / "r14-equal-local-asns.json"
LOOPING = LIBRARY / "bad" / "r14-different-local-asns-loop.json"
FEW = LIBRARY / "good" / "as-path-loss-4-with-reject-policy.json"
CHECKER = [sys.executable, "-m", "verify.certificates.checker"]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_proved_property_has_certificates_and_all_are_accepted(path: Path) -> None:
    found = certified(path)
    assert {each.property for each in found} == set(proved(path))
    assert [reason for reason in map(check_certificate, found) if reason] == []
    assert all(bool(each.smt2) != (each.kind in SOLVER_FREE) for each in found)


def test_the_library_needs_every_kind_of_certificate() -> None:
    assert {each.kind for each in library()} == set(WAYS)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_proved_of_a_random_network_is_certified(seed: int) -> None:
    count, failures = random_failures(seed)
    assert failures == []
    assert count > 0


def test_no_altered_certificate_is_accepted() -> None:
    altered = list(mutations(library(), random.Random(1), MUTATIONS))
    assert len(altered) == MUTATIONS
    assert [each.how for each in altered if not each.reason()] == []
    ways = {each.how for each in altered}
    assert {kind for kind in WAYS for way in WAYS[kind] if f"{kind}: {way.__name__[1:]}" not in ways} == set()


@pytest.mark.parametrize("path", [GOOD, FEW], ids=lambda path: path.stem)
def test_every_solver_refutes_the_queries_as_they_are_written(path: Path, tmp_path: Path) -> None:
    queries = [each.smt2 for each in certified(path) if each.smt2]
    assert queries
    for number, query in enumerate(queries):
        file = tmp_path / f"{number}.smt2"
        file.write_text(query)
        assert answers(file) == dict.fromkeys(SOLVERS, "unsat")


VIOLATED = sorted((LIBRARY / "bad").glob("r1[4-8]*.json"))


@pytest.mark.parametrize("path", VIOLATED, ids=lambda path: path.stem)
def test_a_query_that_has_an_answer_gets_no_certificate(path: Path, tmp_path: Path) -> None:
    """And every solver finds the answer in what is written."""
    expected = loaded(path).document.expect
    failing = [name for name, verdict in expected.items() if verdict in ("violated", "conditional")]
    file = tmp_path / "query.smt2"
    for name in failing:
        if name == "no-route-flapping":
            continue  # boxes that are to close can stay open, which the next test is about
        with pytest.raises(SolversDisagree, match=f"{name}.* its clauses have a model") as raised:
            list(certify.certificates(loaded(path), None, [name]))
        file.write_text(raised.value.query)
        assert answers(file) == dict.fromkeys(SOLVERS, "sat")


def test_boxes_that_stay_open_are_not_accepted() -> None:
    gadget = LIBRARY / "gadgets" / "disagree.json"
    found = list(certify.certificates(loaded(gadget), None, ["no-route-flapping"]))
    assert [check_certificate(each) for each in found] == ["rejected: some box does not close"]


def test_assumptions_of_the_command_count_for_certificates_too() -> None:
    options = CheckOptions(assume={"gateway_preserves_as_path": True})
    found = list(certify.certificates(loaded(LOOPING), options, ["no-routing-loops"]))
    assert [check_certificate(each) for each in found] == [""] * len(found) != []


def test_the_properties_that_are_proved_need_not_be_said() -> None:
    assert tuple(certify.certificates(loaded(GOOD))) == certified(GOOD)


def test_a_proof_that_cannot_be_trimmed_is_called_unchecked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where unit propagation alone does not refute a query, whatever the solver says."""
    monkeypatch.setattr("verify.solve.refutation", lambda _: ["0"])
    found = certify.certificates(loaded(GOOD), None, ["no-ineffective-routes"])
    doubtful = [each for each in found if each.kind == "unchecked"]
    assert doubtful
    assert all(check_certificate(each).startswith("unchecked: second solver only") for each in doubtful)
    write(tmp_path, loaded(GOOD), doubtful)
    assert all(reason.startswith("unchecked: ") for _, reason in checker.check_folder(tmp_path))
    assert checker.main([str(tmp_path)]) == 1


# --- folders ------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with certificates of every kind."""
    found = [*certified(FEW), *(each for each in certified(GOOD) if each.property != "documented-rules")]
    write(tmp_path / "certificates", loaded(FEW), found)
    return tmp_path / "certificates"


def test_a_folder_is_checked_by_a_command_of_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {each.kind for each in certified(FEW)} == set(WAYS)
    done = subprocess.run([*CHECKER, str(folder)], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    count = len(json.loads((folder / "index.json").read_text())["certificates"])
    assert lines[-1] == f"{count} of {count} certificates accepted"
    assert all(line.endswith(": accepted") for line in lines[:-1])
    assert checker.main([]) == checker.main([str(folder / "absent")]) == 2
    assert "no index of certificates" in capsys.readouterr().err


def test_a_changed_byte_in_any_file_of_a_folder_is_noticed(folder: Path) -> None:
    rng = random.Random(2)
    files = [path for path in sorted(folder.iterdir()) if path.name != "index.json"]
    for path in files:
        content = path.read_bytes()
        place = rng.randrange(len(content))
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        wrong = [reason for _, reason in checker.check_folder(folder) if reason]
        assert wrong == [f"rejected: {path.name} is not as it was written"]
        path.write_bytes(content)
    assert not any(reason for _, reason in checker.check_folder(folder))


def test_a_file_or_a_certificate_that_is_missing_is_noticed(folder: Path) -> None:
    index = folder / "index.json"
    written = index.read_text()
    content = json.loads(written)
    name = content["certificates"][0]["files"]["proof"]["file"]
    (folder / name).rename(folder / "elsewhere")
    assert [reason for _, reason in checker.check_folder(folder) if reason] == [
        f"rejected: {name} cannot be read"
    ]
    (folder / "elsewhere").rename(folder / name)
    del content["certificates"][0]
    index.write_text(json.dumps(content))
    assert checker.main([str(folder)]) == 1
    index.write_text(written.replace('"order"', '"lrat"'))
    assert checker.main([str(folder)]) == 1
    index.write_text(written)
    assert checker.main([str(folder)]) == 0


@pytest.mark.parametrize("path", SCENARIOS[::9], ids=lambda path: path.stem)
def test_the_queries_of_a_folder_are_those_of_its_scenario(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, loaded(path), certified(path))
    monkeypatch.setattr("verify.solve.refutation", None)  # no solver is asked
    monkeypatch.setattr("verify.solve._fresh_solver", None)
    assert certify.foreign_queries(tmp_path, loaded(path)) == []


def test_queries_of_another_scenario_are_noticed(tmp_path: Path) -> None:
    write(tmp_path, loaded(GOOD), certified(GOOD))
    assert certify.foreign_queries(tmp_path, loaded(GOOD)) == []
    pinned = CheckOptions(assume={"gateway_preserves_as_path": True})
    assert "is another" in " ".join(certify.foreign_queries(tmp_path, loaded(GOOD), pinned))
    assert certify.foreign_queries(tmp_path, loaded(FEW)) != []
    (tmp_path / "index.json").write_text("[]")
    with pytest.raises(ValueError, match="no index"):
        certify.foreign_queries(tmp_path, loaded(GOOD))


def test_a_folder_without_certificates_shows_nothing(tmp_path: Path) -> None:
    write(tmp_path, loaded(GOOD), [])
    assert checker.main([str(tmp_path)]) == 1


WRITES = """
import sys
from pathlib import Path
from verify.certify import certificates, write
from verify.load import load
for number, path in enumerate(sys.argv[2:]):
    scenario = load(path)
    proved = [name for name, verdict in scenario.document.expect.items() if verdict == "proved"]
    write(Path(sys.argv[1]) / str(number), scenario, list(certificates(scenario, None, proved)))
"""


def test_a_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        command = [sys.executable, "-c", WRITES, str(folder), *map(str, SCENARIOS[::6])]
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        contents.append({path.relative_to(folder): path.read_bytes() for path in files})
    assert contents[0] == contents[1]
    assert len(contents[0]) > 150


# --- independence -------------------------------------------------------------


def test_the_checker_imports_the_standard_library_alone() -> None:
    named = {module.name: module for module in modules("verify")}
    pending, reached = ["verify.certificates.checker"], set[str]()
    while pending:
        name = pending.pop()
        if name in reached:
            continue
        reached.add(name)
        module = named[name]
        for used in module.imports():
            if used in named:
                pending.append(used)
            elif used.rpartition(".")[0] not in named:
                assert used.partition(".")[0] in sys.stdlib_module_names, f"{name} imports {used}"
    assert reached == {f"verify.certificates.{each}" for each in ("checker", "closing_boxes", "rejection")}


def test_the_checker_runs_without_anything_installed(folder: Path) -> None:
    program = f"import sys; sys.argv = ['x', {str(folder)!r}]; import runpy; " + (
        "runpy.run_module('verify.certificates.checker', run_name='__main__')"
    )
    root = Path(checker.__file__).resolve().parents[2]
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {program}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_certificate_is_for_one_query() -> None:
    one = next(each for each in certified(GOOD) if each.kind == "lrat" and "c 1 " in each.query)
    weaker = replace(one, query=one.query.replace("c 1 ", "c 1  "))
    assert check_certificate(weaker) == ""
    assert check_certificate(weaker, one.digest()) == "rejected: the query is not that of the certificate"
    assert check_certificate(replace(one, query=Cnf(1, (), ((1,),)).dimacs())).startswith("rejected: ")
