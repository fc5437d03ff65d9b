#!/usr/bin/env python3
"""Put the guards that decide confidence, rejection and fixes out of action one by one, and list those that no test holds.

Usage: .ci/guards.py [--corpus] [--seed N] [--count N] [PATH ...]     PATH: modules below cocci_gen/ (else filters and kinds)

A guard is an `if` whose branch ends the function, the loop round or the suspicion (return, yield, continue, raise).  Its
condition becomes false in a copy of the package, and the tests of its room run against that copy; with --corpus, what they let
pass is shown to the corpus too (half a minute of CPU each).  The copy lies in a temporary folder.  Ends with 1 when any survived.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ("filters", "kinds")
LONGEST = 900.0


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition: bytes `start` to `end` of a file below the package."""

    path: str
    line: int
    start: int
    end: int
    text: str


def guards_of(path: Path, package: Path) -> list[Guard]:
    """The guards of one module, in order."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.If) and _ends(node.body[-1]):
            start = starts[node.test.lineno - 1] + node.test.col_offset
            end = starts[(node.test.end_lineno or 0) - 1] + (node.test.end_col_offset or 0)
            name = path.relative_to(package).as_posix()
            found.append(Guard(name, node.lineno, start, end, " ".join(source[start:end].decode().split())))
    return sorted(found, key=lambda guard: guard.start)


def _ends(statement: ast.stmt) -> bool:
    """Whether a branch that ends so keeps something from happening."""
    yields = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield | ast.YieldFrom)
    return yields or isinstance(statement, ast.Return | ast.Continue | ast.Raise)


def tests_of(guard: Guard) -> list[str]:
    """The tests beside a module: those of its family, else of its room."""
    folder = Path("tests") / Path(guard.path).parent
    while not (ROOT / folder).is_dir():
        folder = folder.parent
    return [str(folder)]


def survives(guard: Guard, copy: Path, *, corpus: bool) -> bool:
    """Whether nothing fails with the guard out of action."""
    target = copy / "cocci_gen" / guard.path
    whole = target.read_bytes()
    target.write_bytes(
        whole[: guard.start] + b"(False and (" + whole[guard.start : guard.end] + b"))" + whole[guard.end :]
    )
    python = sys.executable
    commands = [[python, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not kernel", *tests_of(guard)]]
    if corpus:
        commands.append([python, "-m", "cocci_gen.cli", "corpus", "check"])
    try:
        return all(_passes(command, copy) for command in commands)
    finally:
        target.write_bytes(whole)


def _passes(command: list[str], copy: Path) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0


def main() -> int:
    """Run the experiment."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", action="store_true")
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("paths", nargs="*", default=DEFAULT)
    asked = parser.parse_args()
    package = ROOT / "cocci_gen"
    files = [file for path in asked.paths for file in sorted((package / path).rglob("*.py")) or [package / path]]
    guards = [guard for file in files for guard in guards_of(file, package)]
    if asked.count:
        guards = sorted(
            random.Random(asked.seed).sample(guards, min(asked.count, len(guards))), key=lambda g: (g.path, g.line)
        )
    survivors = []
    with tempfile.TemporaryDirectory(prefix="cocci-gen-guards-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "out", "*cache*"))
        for guard in guards:
            if survives(guard, copy, corpus=asked.corpus):
                survivors.append(guard)
                print(f"{guard.path}:{guard.line}: no test holds `{guard.text}`", flush=True)
    print(f"{len(guards)} guards, {len(survivors)} that no test holds")
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main())
