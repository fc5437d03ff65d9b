"""Files of the code at hand -> in words, those that nobody can read to their end: what stands in them is not ported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cocci_gen.coccinelle.job_runs import why_unreadable
from cocci_gen.code.texts.directives import groups_of, is_guard, without_directives
from cocci_gen.port.texts.plain_text import plain

_CHARACTER = re.compile(rb"'(?:[^'\\\n]|\\.)+'")
_CONFLICT = re.compile(rb"^(?:<{7} |>{7} |={7}$)", re.MULTILINE)
_BRACE = re.compile(rb"[{}]")


def unreadable(texts: Mapping[str, bytes]) -> Iterator[str]:
    """Path -> text, and a sentence for each file that does not parse as a whole."""
    for path, text in sorted(texts.items()):
        if reason := why_not_read(text):
            yield f"{path} does not parse: {reason}; little or nothing of it is ported"


def why_not_read(text: bytes) -> str:
    """Why a file ends too early, "" where it does not."""
    if why := why_unreadable(text):
        return why
    code = plain(text).code
    if mark := _CONFLICT.search(code):
        return f"line {_line(code, mark.start())} is a mark of a merge that nobody finished"
    comment = code.find(b"/*")
    if comment >= 0:
        return f"the comment of line {_line(code, comment)} is never closed"
    for group in groups_of(code.split(b"\n"))[0]:
        if not group.orphan and group.end_first == group.end_last:
            return f"the #{group.branches[0].word} of line {group.branches[0].first + 1} has no #endif"
    # The conditionals of a file need not be taken the same way: one way through that closes all is enough.
    reasons = [_unclosed(_CHARACTER.sub(b"0", text)) for text in (without_directives(code), _by_last_branches(code))]
    return reasons[0] if all(reasons) else ""


def _by_last_branches(code: bytes) -> bytes:
    """A file with the last branch of each conditional; of one without `#else`, nothing where what it holds is no whole."""
    lines = code.split(b"\n")
    for group in groups_of(lines)[0]:
        inside = b"\n".join(lines[group.branches[0].last : group.end_first])
        if is_guard(group, lines) or (len(group.branches) == 1 and inside.count(b"{") == inside.count(b"}")):
            continue
        dropped = [(one.first, one.last if one.word == "else" else one.end) for one in group.branches]
        for first, last in (*dropped, (group.end_first, group.end_last)):
            lines[first:last] = [b""] * (last - first)
    return without_directives(b"\n".join(lines))


def _unclosed(code: bytes) -> str:
    """The first brace of a file (comments, strings and directives aside) that none closes, in words; a brace too many closes
    what a macro opened."""
    opened: list[int] = []
    for brace in _BRACE.finditer(code):
        if brace.group() == b"{":
            opened.append(brace.start())
        elif opened:
            opened.pop()
    return f"the brace of line {_line(code, opened[0])} is never closed" if opened else ""


def _line(text: bytes, place: int) -> int:
    return text.count(b"\n", 0, place) + 1
