"""Folders of evidence on disk: looked at beforehand, written beside their place, put there as a whole."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from verify.arguments import STDIN, UsageError
from verify.evidence.manifest import DIGEST, MANIFEST, read_manifest

FOLDER_MODE = 0o777  # of a new folder, less what the user masks
HINT = "name a new or empty folder, or one that holds evidence only"


def usable(name: str, inputs: Iterable[str]) -> Path:
    """The folder that evidence may take the place of: new, empty, or an older bundle and nothing else.

    Raises UsageError.
    """
    target = Path(os.path.realpath(name))
    if os.path.lexists(name) and not target.is_dir():
        raise UsageError(f"-o {name}: not a folder", HINT)
    if not target.parent.is_dir():
        raise UsageError(f"-o {name}: there is no folder {target.parent.name} to put it in", HINT)
    if target in (Path.cwd(), *Path.cwd().parents):
        raise UsageError(f"-o {name}: the present folder cannot be replaced", HINT)
    for each in inputs:
        if each != STDIN and target in Path(os.path.realpath(each)).parents:
            raise UsageError(f"-o {name}: it holds {each}, which is an input of this run", HINT)
    if target.is_dir():
        foreign = sorted(_foreign(target))
        if foreign:
            raise UsageError(f"-o {name}: it holds {foreign[0]}, which is no evidence", HINT)
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise UsageError(f"-o {name}: the folder around it cannot be written", HINT)
    return target


def _foreign(folder: Path) -> Iterator[str]:
    """What a folder has beside a bundle; all of it where it holds none."""
    found = contents(folder)
    if not found:
        return
    try:
        listed = {str(each["path"]) for each in read_manifest(folder)["files"]}
    except (OSError, ValueError, LookupError, TypeError):
        listed = set()
    own = {*listed, MANIFEST, DIGEST} if listed else set()
    yield from (name for name in found if name not in own and not _holds_some(name, own))


def _holds_some(name: str, listed: set[str]) -> bool:
    return name.endswith("/") and any(each.startswith(name) for each in listed)


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A new empty folder beside another; it is gone afterwards unless it was put in the place of that one.

    Raises UsageError where none can be made.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=".routeproof-", suffix=".part", dir=target.parent))
    except OSError as error:
        raise UsageError(f"cannot write beside {target.name}: {error.strerror or error}", HINT) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put(folder: Path, target: Path) -> None:
    """Put a folder in the place of another; the old one is there until the moment in which the new one is.

    Raises OSError, after which the old one is where it was.
    """
    folder.chmod(FOLDER_MODE & ~_mask())
    if not target.exists():
        folder.rename(target)
        return
    with beside(target) as room:
        old = room / "old"
        target.rename(old)
        try:
            folder.rename(target)
        except OSError:
            old.rename(target)
            raise


def contents(folder: Path) -> dict[str, Path]:
    """Everything below a folder, by its path there; the path of a folder ends in a slash."""
    found: dict[str, Path] = {}
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        folders[:] = [name for name in folders if name not in links]
        for name in (*files, *links):
            path = Path(place, name)
            found[path.relative_to(folder).as_posix()] = path
        for name in folders:
            path = Path(place, name)
            found[f"{path.relative_to(folder).as_posix()}/"] = path
    return dict(sorted(found.items()))


def is_plain(path: Path) -> bool:
    """Whether a path is a file, and no link, device or pipe."""
    return stat.S_ISREG(path.lstat().st_mode)


def digest_of(path: Path) -> tuple[str, int]:
    """The SHA-256 digest of a file, and its size."""
    content = path.read_bytes()
    return sha256(content).hexdigest(), len(content)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts as files below a folder, by their paths there."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "backslashreplace"))


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
