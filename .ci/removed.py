#!/usr/bin/env python3
"""Remove one call that gives something back from an error way of each of some functions of a kernel, and count what is found.

Usage: .ci/removed.py KERNEL [--seed N] [--count N] [--each N] [--below DIR] [--cache DIR]

`corpus mutate` breaks what the rules know.  Here no word of theirs says what is removed: a call gives back by the look of its
name (put, release, unlock, ...), alone in its line, behind which nothing comes but other such calls and a `return` or a
`goto` of a function that fails.  Some of these are owed by nobody (`d_drop()`, `btrfs_abort_transaction()`), so not all can be
found.  Found is what a scan tells of the function and did not before.  The kernel is only read; the broken copy lies in a
temporary folder.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

COMMAND = Path(__file__).resolve().parent.parent / ".venv" / "bin" / "cocci-gen"
GIVES_BACK = re.compile(
    r"\t+(\w*(?:put|release|unlock|relse|drop|unmap|detach|abort|end|exit|free_path|cleanup|destroy|fini|close)\w*)\((.+)\);"
)
#: Names that only look so, and what is memory alone.
OTHERWISE = re.compile(
    r"kfree|kvfree|free_page|print|warn|trace|preempt|rcu_|list_|_endio|append|_send|extend|pending|input|output|compute"
    r"|dispute|set_|account|_error|suspend|depend|finish_plug"
)
HEAD = re.compile(r"[A-Za-z_][^;#]*?\b(\w+)\(")
LABEL = re.compile(r"\w+:$")
SETS_ERROR = re.compile(r"(?:err|error|ret|rc|retval|status|result|res|r) = -E")
LEAVES = re.compile(
    r"return (?:-E\w+|ERR_PTR\(.*\)|ERR_CAST\(.*\)|err|error|rc|retval|ret|status|NULL|false);"
    r"|goto (?!retry|again|restart|repeat|next|more|redo)\w+;"
)
FAILED = re.compile(r"\bif \((?:!|.*\b(?:err|error|ret|rc|retval|status|IS_ERR\w*|unlikely)\b|.*== NULL|.*< 0)")


@dataclass(frozen=True, slots=True)
class Removed:
    """A call that is removed: its file and line, the function that it stands in, and what it calls."""

    path: str
    line: int
    function: str
    callee: str


def functions_of(lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Name, first and last line (from 0, the braces) of the functions of a file in the kernel's style."""
    start, name = -1, ""
    for at, line in enumerate(lines):
        if line == "{":
            heads = (HEAD.match(lines[n]) for n in range(at - 1, max(-1, at - 6), -1) if lines[n])
            name = next((one[1] for one in heads if one), "")
            start = at
        elif line == "}" and start >= 0 and name:
            yield name, start, at
            start = -1


def candidates(path: str, lines: Sequence[str]) -> Iterator[Removed]:
    """The calls of a file that may be removed."""
    for name, start, end in functions_of(lines):
        for at in range(start, end):
            found = GIVES_BACK.fullmatch(lines[at])
            if (
                found
                and not OTHERWISE.search(found[1])
                and leaves(lines[at + 1 : end])
                and fails(lines[start : at + 1])
            ):
                yield Removed(path, at, name, found[1])


def leaves(behind: Sequence[str]) -> bool:
    """Whether the way behind a call only gives back, and leaves the function or jumps."""
    for line in behind:
        text = line.strip()
        if LEAVES.fullmatch(text):
            return True
        aside = GIVES_BACK.fullmatch(line) or text.startswith(("kfree(", "kvfree(")) or SETS_ERROR.match(text)
        if text and not aside and not LABEL.match(text):
            return False
    return False


def fails(ahead: Sequence[str]) -> bool:
    """Whether the way to the last of some lines is that of a failure: behind such a test, or a label that says so."""
    line, above = ahead[-1], list(reversed(ahead[:-1]))
    depth = len(line) - len(line.lstrip("\t"))
    if depth == 1:
        label = next((one for one in above if LABEL.match(one)), "")
        return re.search(r"err|fail|bad|abort", label) is not None
    outer = (one for one in above if one.startswith("\t" * (depth - 1)) and not one.startswith("\t" * depth))
    return FAILED.search(next((one for one in outer if one.strip() != "}"), "")) is not None


def chosen(every: Sequence[Removed], seed: int, count: int, each: int) -> list[Removed]:
    """So many of them, one of a function and so many of each callee at most; the same seed gives the same."""
    drawn = random.Random(seed)
    by_function: dict[tuple[str, str], list[Removed]] = {}
    for one in every:
        by_function.setdefault((one.path, one.function), []).append(one)
    names = sorted(by_function)
    drawn.shuffle(names)
    taken, found = Counter[str](), list[Removed]()
    for name in names:
        one = drawn.choice(by_function[name])
        if taken[one.callee] < each and len(found) < count:
            taken[one.callee] += 1
            found.append(one)
    return found


def git(*words: str) -> str:
    """What a command of git prints."""
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


def broken(kernel: Path, copy: Path, below: str, seed: int, count: int, each: int) -> list[Removed]:
    """Make a copy of a kernel in which the chosen calls are gone, and commit it."""
    git("clone", "-q", "--shared", str(kernel), str(copy))
    paths = [path for path in git("-C", str(copy), "ls-files", below).split("\n") if path.endswith(".c")]
    texts = {path: (copy / path).read_text("utf-8", "surrogateescape").split("\n") for path in paths}
    found = chosen([one for path, lines in texts.items() for one in candidates(path, lines)], seed, count, each)
    for one in found:
        bare = re.search(r"(?:\)|else)$", texts[one.path][one.line - 1]) is not None
        texts[one.path][one.line] = "\t;" if bare else ""
    for path in {one.path for one in found}:
        (copy / path).write_text("\n".join(texts[path]), "utf-8", "surrogateescape")
    git("-C", str(copy), "-c", "user.name=removed", "-c", "user.email=removed@localhost", "commit", "-qam", "removed")
    return found


def told(kernel: Path, out: Path, below: str, cache: str) -> dict[tuple[str, str], dict[str, str]]:
    """File and function -> fingerprint and confidence of what a scan tells of it."""
    words = [str(COMMAND), "scan", "--kernel", str(kernel), "--path", below, "-o", str(out)]
    for kind in ("gives_back", "unlocks", "returns_locked"):
        words += ["--rule", f"*.{kind}"]
    subprocess.run([*words, *(["--cache", cache] if cache else [])], check=False, stdout=subprocess.DEVNULL)
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in (out / "findings.jsonl").read_text("utf-8").splitlines():
        one = json.loads(line)
        found.setdefault((one["file"], one["function"]), {})[one["fingerprint"]] = one["confidence"]
    return found


def main() -> int:
    """Print how many are found, and which are not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernel", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--each", type=int, default=8, help="removed calls of one function at most")
    parser.add_argument("--below", default="fs")
    parser.add_argument("--cache", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        removed = broken(asked.kernel, work / "linux", asked.below, asked.seed, asked.count, asked.each)
        before = told(asked.kernel, work / "before", asked.below, asked.cache)
        after = told(work / "linux", work / "after", asked.below, asked.cache)
    sure, missed = Counter[str](), list[Removed]()
    for one in removed:
        place = (one.path, one.function)
        new = [level for mark, level in after.get(place, {}).items() if mark not in before.get(place, {})]
        sure.update(new[:1])
        missed += [] if new else [one]
    for one in missed:
        print(f"missed  {one.path}:{one.line + 1}: {one.callee}() in {one.function}()")
    levels = ", ".join(f"{number} {level}" for level, number in sorted(sure.items()))
    print(f"{len(removed) - len(missed)} of {len(removed)} found ({levels})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
