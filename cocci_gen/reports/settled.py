"""A run folder and the name of a function -> how it was looked at as a helper of methods, and why nothing was found in it."""

from __future__ import annotations

from pathlib import Path

from cocci_gen.runs.folder import read_helpers


def helper_lines(folder: Path, path: str, name: str) -> list[str]:
    """The lines of the answer, of every function of that name, or of the one in the file at `path`; [] for one that was no
    helper, or of which something else is told.  RunFolderError where the run's list cannot be read."""
    lines: list[str] = []
    for one in read_helpers(folder):
        if one.function == name and path in ("", one.path):
            lines += [f"{one.path}:{one.line}: {one.function}()", f"  keeps, as a helper, {one.obligation}"]
            lines += [f"      why: {one.reason}", *(f"      {step}" for step in one.through)]
    return lines
