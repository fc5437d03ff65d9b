"""A slice before and after a semantic patch -> the Edits next to one line."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from cocci_gen.findings.findings import Edit, split_lines

#: How far from the line that is mended an edit may begin: a brace before an `if` of three lines, a call before a `goto`.
REACH = 4
#: Lines of a remark that an edit may go ahead of, and stay within reach.
_REMARK = 3


def edits_between(before: bytes, after: bytes) -> tuple[Edit, ...]:
    """The smallest line edits that make one text from the other, in line order."""
    old, new = split_lines(before), split_lines(after)
    every = old
    same = 0  # difflib is quadratic on the many empty lines of a slice, so what is equal at both ends is left out
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    tail = 0
    while tail < min(len(old), len(new)) - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old, new = old[same : len(old) - tail], new[same : len(new) - tail]
    new = list(_as_they_stood(old, new))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    found: list[Edit] = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag != "equal":
            beside = every[min(same + a1, len(every) - 1)] if every else b""
            added = tuple(_ended_like(beside, line) for line in new[b1:b2] if not _is_left_over(line))
            found += _parted(Edit(same + a1 + 1, tuple(old[a1:a2]), added))
    return tuple(_above_remark(every, edit) for edit in _closed_as_opened(found))


def _as_they_stood(old: Sequence[bytes], new: Iterable[bytes]) -> Iterator[bytes]:
    """New lines, where spatch has taken the blanks from a statement behind a label those of before."""
    stood = {line.strip(): line for line in old if line[:1] in (b" ", b"\t")}
    every = set(old)
    for line in new:
        bare = line.rstrip().endswith(b";") and line[:1] not in (b" ", b"\t")
        yield stood.get(line.strip(), line) if bare and line not in every else line


def _closed_as_opened(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits with each new brace behind the blanks of the one that it closes: spatch takes them from a line beside it, where
    eight blanks may stand for a tab."""
    opened: list[bytes] = []
    for edit in edits:
        lines = []
        for line in edit.new:
            blanks = line[: len(line) - len(line.lstrip(b" \t"))]
            if line.strip() == b"}" and opened:
                start = opened.pop()
                line = start + line.lstrip(b" \t") if start.expandtabs() == blanks.expandtabs() else line  # noqa: PLW2901
            if line.rstrip().endswith(b"{"):
                opened.append(blanks)
            lines.append(line)
        yield replace(edit, new=tuple(lines))


def _above_remark(lines: Sequence[bytes], edit: Edit) -> Edit:
    """Calls that are put between a remark and the statement that it speaks of stand ahead of both; a remark that opens a block
    speaks of that."""
    calls = bool(edit.new) and all(line.rstrip().endswith(b");") for line in edit.new)
    first = edit.line - 1
    if edit.old or not calls or first >= len(lines) or not lines[first - 1].rstrip().endswith(b"*/"):
        return edit
    blanks = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    while first > 0 and edit.line - first <= _REMARK and lines[first].strip()[:2] != b"/*":
        first -= 1
    whole = lines[first].startswith(blanks + b"/*") and first > 0
    return replace(edit, line=first + 1) if whole and lines[first - 1].rstrip().endswith((b";", b"}")) else edit


def _is_left_over(line: bytes) -> bool:
    """Whether spatch has taken all from a line but its blanks; nobody writes such a line."""
    return not line.strip() and line.rstrip(b"\r\n") != b""


def _ended_like(beside: bytes, line: bytes) -> bytes:
    """A line that ends as the one beside it: what spatch inserts ends with LF alone."""
    if not beside.endswith(b"\r\n") or line.endswith(b"\r\n") or not line.endswith(b"\n"):
        return line
    return line[:-1] + b"\r\n"


def _parted(edit: Edit) -> list[Edit]:
    """The closing braces that a replacement begins with belong to what stands before it, and are an edit of their own."""
    braces = 0
    while braces < len(edit.new) and edit.new[braces].strip() == b"}":
        braces += 1
    if not edit.old or not braces or braces == len(edit.new) or edit.old[0].strip() == b"}":
        return [edit]
    return [Edit(edit.line, (), edit.new[:braces]), Edit(edit.line, edit.old, edit.new[braces:])]


def edits_near(edits: Iterable[Edit], anchors: Collection[int], others: Iterable[int] = ()) -> tuple[Edit, ...]:
    """Those edits that belong to one of the lines `anchors`: within reach of it and nearer to it than to any of `others`."""
    rivals = [line for line in others if line not in anchors]

    def distance(edit: Edit, line: int) -> tuple[int, bool]:
        """0 when the edit replaces the line or is inserted right before or right behind it; what is replaced between two
        lines belongs to the second, which its brace opens for."""
        first, last = (edit.line, edit.line + len(edit.old) - 1) if edit.old else (edit.line - 1, edit.line)
        return max(0, first - line, line - last), bool(edit.old) and line < first

    near = []
    for edit in edits:
        here = min(distance(edit, line) for line in anchors)
        if here[0] <= REACH and all(distance(edit, line) >= here for line in rivals):
            near.append(edit)
    return tuple(near)


def stand_in(text: bytes, edits: Iterable[Edit]) -> bool:
    """Whether a file has every line that the edits replace: a slice shows some lines as a macro makes them."""
    lines = split_lines(text)
    return all(tuple(lines[edit.line - 1 : edit.line - 1 + len(edit.old)]) == edit.old for edit in edits)


def moved(line: int, edits: Iterable[Edit]) -> int:
    """Where a line of the unedited text stands after the edits (the first new line, where the line itself is replaced)."""
    shift = 0
    for edit in edits:
        if edit.line + len(edit.old) <= line or (not edit.old and edit.line <= line):
            shift += len(edit.new) - len(edit.old)
    return line + shift
