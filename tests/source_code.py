"""The source code as the layout tests see it: modules, their layer, what they import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("models", "properties", "verify", "benchmarks", "tests")
TEXT = (".py", ".md", ".toml", ".json", ".sh", ".yml", ".cfg")


@dataclass(frozen=True)
class Module:
    """One source file; `name` is the module under which it is imported, `layer` its top-level folder."""

    path: Path

    @property
    def label(self) -> str:
        """The path inside the project."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def layer(self) -> str:
        return self.label.partition("/")[0]

    @property
    def name(self) -> str:
        parts = list(self.path.relative_to(ROOT).with_suffix("").parts)
        inside = parts if self.layer not in ("models", "properties") else ["verify", *parts]
        return ".".join(inside[:-1] if inside[-1] == "__init__" else inside)

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.label)

    def imports(self) -> Iterator[str]:
        """The full name of everything imported; `from a import b` gives both a and a.b."""
        package = self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                upwards = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
                origin = ".".join([*upwards, *([node.module] if node.module else [])])
                yield origin
                yield from (f"{origin}.{alias.name}" for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def layer_of(name: str) -> str:
    """The layer of an imported module, "" for what is not of this project."""
    head, _, rest = name.partition(".")
    inner = rest.partition(".")[0]
    if head == "verify":
        return inner if inner in ("models", "properties") else "verify"
    return head if head in LAYERS[3:] else ""


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name == "__pycache__" or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            if path.name == ".ci" or not path.name.startswith("."):
                yield from _files(path)
        elif path.suffix in TEXT or path.parent.name in (".ci", "scripts") or path.name == "LICENSE":
            yield path


def text_files() -> list[Path]:
    """Every text that belongs to the project, each once, generated folders left out."""
    return [path for path in _files(ROOT) if path.relative_to(ROOT).parts[0] not in ("build", "dist")]


def modules(*layers: str) -> list[Module]:
    """The modules of some layers; of all where none is named."""
    found = [Module(path) for path in text_files() if path.suffix == ".py"]
    return [module for module in found if module.layer in (layers or LAYERS)]
