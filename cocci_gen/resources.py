"""Leaf: where `templates/` and `semantic_patches/` lie; nothing else in the package may compute such a path.

In a wheel both are inside the package, in a checkout (and so in an editable install) beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cocci_gen.errors import CocciGenError


def data_folder(name: str) -> Path:
    """Name of a data folder -> its path: inside the package first, then beside it, else CocciGenError."""
    package = Path(__file__).resolve().parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise CocciGenError(f"the data folder {name!r} is neither in nor beside {package}; please reinstall cocci-gen")


def package_code() -> Iterator[tuple[str, bytes]]:
    """(name, text) of every file of the package that decides what comes out: Python and TOML, in one order everywhere."""
    package = Path(__file__).resolve().parent
    files = {
        path.relative_to(package).as_posix(): path for path in package.rglob("*") if path.suffix in (".py", ".toml")
    }
    return ((name, path.read_bytes()) for name, path in sorted(files.items()))
