"""A place where a call is missing -> the commit that took it away, where the history shows that beyond doubt.

The line before which a call is missing is older than the slip where somebody removed the call: to blame the line would accuse
whoever had it right.  So the commits are looked at that took such a statement out of the file, the newest first.  One is named
only where the lines around the place, which stand nowhere else in the function, held the statement between them before it, and
follow each other since.  Blank lines, braces on their own and indentation do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cocci_gen import programs
from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.tree import KernelTree

_TIMEOUT = 60.0
#: Commits that are looked at for one place; a statement that came and went more often says nothing.
_MOST = 40
#: Lines above and below that may be needed to tell a place from others of its function, and that may have gone at once.
_AROUND = 4
_GONE = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """The 1-based line of a function before which a call is missing, and the statements that would make it."""

    path: str
    function: str
    line: int
    statements: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that counts, and its 1-based number in the file."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A commit, and the object names of the file before and after it; "" where it has no such file."""

    commit: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Place:
    """The lines around a gap."""

    above: tuple[str, ...]
    below: tuple[str, ...]


def find_removal(tree: KernelTree, gap: Gap, since: Sequence[str] = ()) -> str:
    """The commit that removed the call, none of those in the history of the commits `since`; "" where none surely did."""
    try:
        place = _place_of(gap, tree.read(gap.path).decode("utf-8", "replace"))
        if place is None:
            return ""
        for one in _candidates(tree, gap, since):
            before, after = (_lines_in(tree, oid, gap.function) for oid in (one.before, one.after))
            if _held(place, before, gap.statements) and _closed(place, after) > _closed(place, before):
                return one.commit
    except KernelTreeError:
        pass  # the file is new, or the clone a partial one
    return ""


def _candidates(tree: KernelTree, gap: Gap, since: Sequence[str]) -> Iterator[_Candidate]:
    """The commits that changed how often one of the statements stands in the file, the newest first."""
    found: dict[_Candidate, None] = {}
    for statement in sorted(gap.statements):
        ended = tree.run_git(
            "log",
            "--no-textconv",
            "--no-ext-diff",
            "--no-renames",
            "--topo-order",
            f"--max-count={_MOST}",
            "--raw",
            "--no-abbrev",
            "--format=%H",
            f"-S{statement}",
            tree.commit,
            *(f"^{one}" for one in since),
            "--",
            f":(top,literal){gap.path}",
            timeout=_TIMEOUT,
        )
        if isinstance(ended, programs.Completed) and not ended.returncode:
            found |= dict.fromkeys(_read(ended.stdout.decode("utf-8", "replace")))
    yield from found


def _read(text: str) -> Iterator[_Candidate]:
    """The commits of a log, each with one line `:MODE MODE OID OID STATUS<tab>PATH` below it."""
    commit = ""
    for line in text.splitlines():
        if line.startswith(":"):
            before, after = line.split()[2:4]
            yield _Candidate(commit, before.strip("0") and before, after.strip("0") and after)
        elif line:
            commit = line


def _lines_in(tree: KernelTree, oid: str, function: str) -> list[list[str]]:
    """The bodies of the function in a text; none where there is no text."""
    texts = (data.decode("utf-8", "replace") for _, data in tree.read_blobs((oid,) if oid else ()))
    return [[line.text for line in body] for text in texts for body in _bodies(text, function)]


def _place_of(gap: Gap, text: str) -> _Place | None:
    """The fewest lines around a gap that stand nowhere else in the function; None where it has copies of all of them."""
    bodies = _bodies(text, gap.function)
    for body in bodies:
        at = next((place for place, line in enumerate(body) if line.number >= gap.line), 0)
        if not at or gap.line < body[0].number:
            continue
        words = [line.text for line in body]
        for wide in range(1, _AROUND + 1):
            place = _Place(tuple(words[max(0, at - wide) : at]), tuple(words[at : at + (wide + 1) // 2]))
            every = [*place.above, *place.below]
            if sum(_count([line.text for line in one], every) for one in bodies) == 1:
                return place
    return None


def _bodies(text: str, function: str) -> list[list[_Line]]:
    """The lines of each function of a name, from its head, which begins in the first column, to the brace there that ends it."""
    head = re.compile(rf"[A-Za-z_].*\b{re.escape(function)}\s*\(")
    found, body = list[list[_Line]](), list[_Line]()
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if body and line.startswith("}"):
            found.append(body)
            body = []
        elif body and line.rstrip().endswith(";") and line[:1].isalpha():  # a declaration, and no head
            body = []
        elif not body and head.match(line) and not line.rstrip().endswith(";"):
            body = [_Line(number, _plain(line))]
        elif body and (plain := _plain(line)):
            body.append(_Line(number, plain))
    return found


def _plain(line: str) -> str:
    """A line without indentation, and without the braces that come and go with a second statement; "" for one that is nothing
    else."""
    words = " ".join(line.split())
    return words.removesuffix("{").removeprefix("}").strip()


def _count(lines: Sequence[str], wanted: Sequence[str]) -> int:
    """How often some lines follow each other."""
    size = len(wanted)
    return sum(list(lines[at : at + size]) == list(wanted) for at in range(len(lines) - size + 1))


def _closed(place: _Place, bodies: Sequence[Sequence[str]]) -> int:
    """How often the lines around the gap follow each other."""
    return sum(_count(body, [*place.above, *place.below]) for body in bodies)


def _held(place: _Place, bodies: Sequence[Sequence[str]], statements: frozenset[str]) -> bool:
    """Whether a few lines stood between those around the gap, one of the statements among them."""
    above, below = list(place.above), list(place.below)
    return any(
        list(body[at : at + len(above)]) == above
        and any(
            list(body[at + len(above) + gone :][: len(below)]) == below
            and not statements.isdisjoint(body[at + len(above) : at + len(above) + gone])
            for gone in range(1, _GONE + 1)
        )
        for body in bodies
        for at in range(len(body))
    )
