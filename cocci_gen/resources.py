"""What ships with the package beside its code: the folders `templates/` and `semantic_patches/`, and its TOML files.

Nothing else in the package may compute where they lie.  In a wheel both folders are inside the package, in a checkout (and so
in an editable install) beside it; the TOML files lie among the modules.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from cocci_gen.errors import CocciGenError, RuleDocumentError


def data_folder(name: str) -> Path:
    """Name of a data folder -> its path: inside the package first, then beside it, else CocciGenError."""
    package = Path(__file__).resolve().parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise CocciGenError(f"the data folder {name!r} is neither in nor beside {package}; please reinstall cocci-gen")


def data_text(name: str) -> str:
    """The text of a TOML file of the package."""
    return (files("cocci_gen") / name).read_text(encoding="utf-8")


@cache
def data_tables(name: str) -> Mapping[str, Any]:
    """The tables of a TOML file of the package, which is read once: whoever asks has the same ones."""
    return tables_of(data_text(name), name)


def tables_of(text: str, path: str) -> dict[str, Any]:
    """The tables of a TOML text; RuleDocumentError names `path` where it is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        raise RuleDocumentError(path, int(found[1]) if found else 0, f"no TOML: {error}; mend it there") from error


def package_code() -> Iterator[tuple[str, bytes]]:
    """(name, text) of every file of the package that decides what comes out: Python and TOML, in one order everywhere."""
    package = Path(__file__).resolve().parent
    found = {
        path.relative_to(package).as_posix(): path for path in package.rglob("*") if path.suffix in (".py", ".toml")
    }
    return ((name, path.read_bytes()) for name, path in sorted(found.items()))
