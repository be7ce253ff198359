"""Result files: looked at before anything is solved, and written as a whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from verify.arguments import STDIN, UsageError, known_format

DEVICES = Path("/dev")
PERMISSIONS = 0o666  # of a new file, less those that the user masks


def output_files(settings: Sequence[str], inputs: Iterable[str] = ()) -> tuple[tuple[str, Path], ...]:
    """FORMAT=FILE settings; each file can be written, none is named twice, and none is an input."""
    outputs: dict[str, tuple[str, Path]] = {}
    read = {os.path.realpath(name) for name in inputs if name != STDIN}
    for setting in settings:
        name, separator, text = setting.partition("=")
        if not separator or not text:
            raise UsageError(f"-o {setting}: no file", "write FORMAT=FILE, for example json=result.json")
        path, real = Path(text), os.path.realpath(text)
        if real in outputs:
            raise UsageError(f"-o names {path} twice")
        if real in read:
            raise UsageError(f"-o {setting}: {path} is an input of this run")
        outputs[real] = (known_format(name), path)
    for setting, (_, path) in zip(settings, outputs.values(), strict=True):
        require_writable(setting, path)
    return tuple(outputs.values())


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader finds the old text or the new one, and nothing in between.

    Links are followed; devices and pipes are written to directly.  Raises `OSError`.
    """
    content = text.encode("utf-8", "backslashreplace")
    if _is_stream(path):
        path.write_bytes(content)
        return
    target = Path(os.path.realpath(path))
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else PERMISSIONS & ~_mask()
    handle, temporary = _beside(target)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def require_writable(setting: str, path: Path) -> None:
    """Find out that a file cannot be written before hours were spent on what belongs into it."""
    try:
        if path.is_dir() or (path.exists() and not os.access(path, os.W_OK)):
            raise UsageError(f"-o {setting}: cannot write {path}", "name a file that can be written")
        if not _is_stream(path):
            handle, temporary = _beside(Path(os.path.realpath(path)))
            os.close(handle)
            os.unlink(temporary)
    except OSError as error:
        hint = "name a file in a folder that exists and can be written"
        raise UsageError(f"-o {setting}: cannot write {path}: {error.strerror or error}", hint) from None


def _is_stream(path: Path) -> bool:
    """Whether a path is a device, a pipe or the like, which another file must not take the place of."""
    return (path.exists() and not path.is_file()) or DEVICES in path.absolute().parents


def _beside(target: Path) -> tuple[int, str]:
    """A new empty file in the folder of another."""
    return tempfile.mkstemp(prefix=".routeproof-", suffix=".part", dir=target.parent)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
