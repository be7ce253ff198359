"""`verify evidence`: a folder with all that a design review needs, which others can check."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from verify import options as given
from verify.arguments import UsageError
from verify.commands.accepted import read_accept_files
from verify.commands.settings import progressing, settings_of, tell_faults
from verify.commands.solvers import installed_solvers
from verify.render.layout import printable
from verify.render.screen import Screen, page_for
from verify.status import ExitStatus

if TYPE_CHECKING:
    from verify.check import CheckOptions
    from verify.evidence.making import Made

Scenario: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="[S]", help="The scenario, or - for stdin.")
]
Folder: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "-o", "--output", metavar="DIR", help="A new or empty folder, or one with older evidence to replace."
    ),
]
Checked: TypeAlias = Annotated[
    str | None,
    typer.Option("--check", metavar="DIR", help="Check the evidence in a folder, without any solver."),
]
Reproduced: TypeAlias = Annotated[
    str | None,
    typer.Option("--reproduce", metavar="DIR", help="Make the evidence in a folder again, and compare."),
]


def evidence_command(
    scenario: Scenario = None,
    output: Folder = None,
    check: Checked = None,
    reproduce: Reproduced = None,
    properties: given.Properties = None,
    assume: given.Assume = None,
    max_failures: given.MaxFailures = None,
    max_counterexamples: given.MaxCounterexamples = 1,
    accept: given.Accept = None,
    today: given.Today = None,
    solver: given.Solver = None,
    rlimit: given.ResourceLimit = None,
    timeout: given.Timeout = None,
) -> int:
    """Check a scenario and write the evidence for a design review into a folder.

    SUMMARY.md tells what was found; beside it are the report, assumptions, coverage, certificates of all that
    is proved, counterexamples, the result for tools, and a manifest. The same input gives the same bytes;
    where something is accepted, so does the same day.

    The exit status is that of verify check; with --check and --reproduce 0 or, if there is a finding, 1.
    """
    screen = Screen()
    if check is not None or reproduce is not None:
        rest = (scenario, output, properties, assume, max_failures, accept, today, solver, rlimit, timeout)
        return _existing_one(check, reproduce, any(each is not None for each in rest), screen)
    if scenario is None or output is None:
        raise UsageError(f"no {'folder' if scenario else 'scenario'} given", "write verify evidence S -o DIR")
    return _make((scenario, *(accept or ())), output, settings_of(locals()), screen)


# --- making ----------------------------------------------------------------------


def _make(inputs: Sequence[str], output: str, settings: dict[str, Any], screen: Screen) -> int:
    from verify.check import CheckOptions
    from verify.evidence.folder import beside, put, usable
    from verify.evidence.given import put_inputs
    from verify.faults import InvalidScenario

    scenario, *accept = inputs
    target = usable(output, inputs)
    if read_accept_files(accept, screen) is None:
        return ExitStatus.BAD_INPUT
    with beside(target) as folder:
        try:
            put_inputs(folder, scenario, accept)
            made = _made(folder, scenario, CheckOptions(**settings))
        except InvalidScenario as invalid:
            tell_faults(invalid, screen)
            return ExitStatus.BAD_INPUT
        try:
            put(folder, usable(output, inputs))
        except OSError as error:
            raise UsageError(f"-o {output}: cannot be replaced: {error.strerror or error}") from None
    return _told(made, output, screen)


def _made(folder: Path, scenario: str, options: CheckOptions) -> Made:
    """The evidence, complete in a folder that holds the scenario; its faults name the file that was given."""
    from verify.evidence.given import as_json, given
    from verify.evidence.making import make
    from verify.faults import InvalidScenario

    try:
        with progressing() as report:
            found = given(folder, as_json(options))
            return make(folder, replace(found, options=replace(found.options, progress=report)))
    except InvalidScenario as invalid:
        name = "<stdin>" if scenario == "-" else scenario
        raise InvalidScenario(tuple(replace(fault, file=name) for fault in invalid.faults)) from None


def _told(made: Made, output: str, screen: Screen) -> int:
    from verify.render.text import Detail, render_result
    from verify.status import exit_status

    screen.out(render_result(made.result, page_for(sys.stdout, "never", os.environ), Detail.QUIET))
    unchecked = f", {made.unchecked} of them not checkable" if made.unchecked else ""
    screen.out(f"\n{made.files} files, {made.certificates} certificates{unchecked}: {printable(output)}\n")
    screen.out(f"SHA-256 of the manifest: {made.digest}\n")
    return exit_status(made.result)


# --- checking --------------------------------------------------------------------


def _existing_one(check: str | None, reproduce: str | None, more: bool, screen: Screen) -> int:
    if more or (check is not None and reproduce is not None):
        hint = "its manifest has the rest"
        raise UsageError("--check and --reproduce take a folder and nothing else", hint)
    return _check(check, screen) if check is not None else _reproduce(str(reproduce), screen)


def _existing(name: str, option: str) -> Path:
    if not os.path.isdir(name):
        raise UsageError(f"{option} {name}: no such folder")
    return Path(name)


def _check(name: str, screen: Screen) -> int:
    from verify.evidence.checking import findings, notes
    from verify.evidence.manifest import MANIFEST

    folder = _existing(name, "--check")
    for note in notes(folder):
        screen.err(f"note: {printable(note)}\n")
    found = findings(folder)
    screen.out("".join(f"{printable(each)}\n" for each in found))
    if found:
        return ExitStatus.VIOLATED
    from verify.evidence.folder import digest_of

    digest, _ = digest_of(folder / MANIFEST)
    screen.out(f"all in order: {printable(name)}\nSHA-256 of the manifest: {digest}\n")
    return ExitStatus.FINE


def _reproduce(name: str, screen: Screen) -> int:
    from verify.evidence.checking import MALFORMED, notes
    from verify.evidence.manifest import read_manifest
    from verify.evidence.reproducing import made_again

    folder = _existing(name, "--reproduce")
    changed = notes(folder)
    screen.out("".join(f"another version: {printable(each)}\n" for each in changed))
    with tempfile.TemporaryDirectory(prefix="routeproof-") as room:
        try:
            installed_solvers([str(each) for each in read_manifest(folder)["options"]["solvers"]])
            found = made_again(folder, Path(room))
        except MALFORMED as error:
            screen.out(f"cannot be made again: {printable(f'{type(error).__name__}: {error}')}\n")
            return ExitStatus.VIOLATED
    screen.out("".join(f"{printable(each)}\n" for each in found))
    if found:
        if changed:
            screen.out("Files can differ because of the other versions; that says nothing of tampering.\n")
        return ExitStatus.VIOLATED
    but = ", but for the versions" if changed else ""
    screen.out(f"the same, byte for byte{but}: {printable(name)}\n")
    return ExitStatus.FINE
