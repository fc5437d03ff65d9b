"""Temporary folders: what they are called, and those of processes of ours that were killed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from cocci_gen.programs import process_namespace

#: The folders of `prefix`: namespace and number of the process, and when it began, for numbers are given out again.
FOLDER = re.compile(r"cocci-gen-[a-z-]+-(\d+)-(\d+)-(\d+)-\w+")


def prefix(purpose: str) -> str:
    """What a folder for a purpose is called in the temporary folder; it tells whose it is, so that others can sweep it."""
    return f"cocci-gen-{purpose}-{process_namespace()}-{os.getpid()}-{_began(os.getpid())}-"


def sweep() -> int:
    """Remove the temporary folders of processes of ours that were killed; how many there were.

    A process that lives keeps its own, and so does one that another container may have: the number of a process means
    something within its namespace only.
    """
    swept = 0
    for path in Path(tempfile.gettempdir()).glob("cocci-gen-*"):
        found = FOLDER.fullmatch(path.name)
        if found is None or int(found[1]) != process_namespace() or _began(int(found[2])) == int(found[3]):
            continue
        try:
            mine = path.lstat().st_uid == os.geteuid() and not path.is_symlink()
        except OSError:
            continue
        if mine:
            shutil.rmtree(path, ignore_errors=True)
            swept += 1
    return swept


def _began(process: int) -> int:
    """When a process began, in ticks since the machine did; -1 for one that is not there."""
    try:
        # Its name stands in brackets before and may hold anything, a bracket too.
        return int(Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[19])
    except (OSError, IndexError, ValueError):
        return -1
