"""The wheel: one import package with everything inside, and it works away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.source_code import ROOT

FOLDERS = ("verify", "models", "properties", "scenarios")
SUFFIXES = (".py", ".json", ".css", ".js")
FILES = ("pyproject.toml", "README.md", "LICENSE")
SCENARIO = "bad/r14-different-local-asns.json"


def pip(*arguments: str | Path) -> None:
    """Run pip offline, with the build tools of this environment."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that the checkout stays as it is."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    skipped = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, source / folder, symlinks=True, ignore=skipped)
    for file in FILES:
        shutil.copy(ROOT / file, source)
    pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", built, source)
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def contents(wheel: Path) -> dict[str, bytes]:
    """What is in the wheel, by its path there."""
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing in it but the installed wheel."""
    target = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-index", "--target", target, wheel)
    return target


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the folder of an installation, which comes before this environment's own packages."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def files_of_the_checkout() -> set[str]:
    """Everything that the package needs, as it is reached from the checkout."""
    found = set()
    for folder in FOLDERS:
        inside = "verify" if folder == "verify" else f"verify/{folder}"
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in SUFFIXES or path.name == "py.typed":
                found.add(f"{inside}/{path.relative_to(ROOT / folder).as_posix()}")
    return found


def test_the_wheel_installs_one_import_package(contents: dict[str, bytes]) -> None:
    tops = {name.partition("/")[0] for name in contents}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"verify"}


def test_the_wheel_has_everything_that_the_checkout_has(contents: dict[str, bytes]) -> None:
    needed = files_of_the_checkout()
    examples = {"verify/py.typed", "verify/models/tables/site.py", "verify/render/html/report.js"}
    assert examples | {f"verify/scenarios/{SCENARIO}"} <= needed
    assert needed - set(contents) == set()
    shipped = {name for name in contents if name.endswith((*SUFFIXES, "py.typed"))}
    assert shipped - needed == set()


def test_the_wheel_announces_its_command_and_its_pytest_plugin(contents: dict[str, bytes]) -> None:
    (declared,) = (text.decode() for name, text in contents.items() if name.endswith("entry_points.txt"))
    assert "verify = verify.cli:main" in declared
    assert "routeproof = verify.pytest_plugin" in declared


def test_the_installed_package_is_used_and_not_the_checkout(installed: Path) -> None:
    probe = "import verify, verify.models.tables; print(verify.__file__, verify.models.__file__)"
    places = run(installed, "-c", probe).stdout.split()
    assert places == [str(installed / "verify/__init__.py"), str(installed / "verify/models/__init__.py")]


def test_the_installed_command_shows_its_help(installed: Path) -> None:
    shown = run(installed, "-m", "verify", "--help")
    assert shown.returncode == 0, shown.stderr
    assert "Exit status" in shown.stdout


def test_the_installed_package_answers_as_the_checkout_does(installed: Path) -> None:
    there = run(installed, "-m", "verify", f"verify/scenarios/{SCENARIO}", "-f", "json")
    here = run(ROOT, "-m", "verify", f"verify/scenarios/{SCENARIO}", "-f", "json")
    assert there.returncode == 0, there.stderr
    assert there.stdout == here.stdout


def test_the_installed_package_writes_a_report(installed: Path) -> None:
    shown = run(installed, "-m", "verify", "report", f"verify/scenarios/{SCENARIO}")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == run(ROOT, "-m", "verify", "report", f"verify/scenarios/{SCENARIO}").stdout
    assert shown.stdout.endswith("</html>\n")


def test_nothing_of_the_project_is_importable_bare(installed: Path) -> None:
    for name in ("models", "properties", "scenarios"):
        assert "ModuleNotFoundError" in run(installed, "-c", f"import {name}").stderr
