"""The folder that answers are written to: those of an earlier check are known by a list of ours, and make room for the new ones.

An answer that a person has changed since is that person's work, and so is every file that the list does not name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from cocci_gen.errors import UsageProblem
from cocci_gen.findings.stored import read_json, read_plain

#: Name -> digest of what was written.
LIST = ".cocci-gen-answers.json"


def digest(data: bytes) -> str:
    """What an answer is recognised by."""
    return hashlib.sha256(data).hexdigest()


def stale_answers(folder: Path) -> tuple[str, ...]:
    """The answers of an earlier check that nobody has changed; UsageProblem where somebody has changed one."""
    found = []
    for name, known in sorted(_listed(folder).items()):
        try:
            data = read_plain(folder, name)
        except OSError:  # sent and gone
            continue
        if digest(data) != known:
            raise UsageProblem(
                f"{folder / name} was changed since an earlier check wrote it; move it elsewhere, or name another folder"
            )
        found.append(name)
    return tuple(found)


def refuse_foreign(folder: Path, names: tuple[str, ...]) -> None:
    """UsageProblem where one of the names is that of a file which no check has written."""
    listed = _listed(folder)
    for name in names:
        if name not in listed and (folder / name).exists():
            raise UsageProblem(f"{folder / name} is there already and none of ours; name another folder")


def listing(written: Mapping[str, bytes]) -> bytes:
    """What is kept in the folder about the answers that were written."""
    return json.dumps({name: digest(data) for name, data in written.items()}, indent=2, sort_keys=True).encode() + b"\n"


def _listed(folder: Path) -> dict[str, str]:
    """What the list says; a list that cannot be read names nothing."""
    try:
        listed = read_json(read_plain(folder, LIST))
    except (OSError, ValueError):
        return {}
    if not isinstance(listed, dict):
        return {}
    plain = {str(name): str(value) for name, value in listed.items()}
    return {name: value for name, value in plain.items() if name.endswith(".eml") and "/" not in name}
