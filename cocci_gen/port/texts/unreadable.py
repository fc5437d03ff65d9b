"""Files of the code at hand -> in words, those that nobody can read to their end: what stands in them is not ported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cocci_gen.coccinelle.job_runs import why_unreadable
from cocci_gen.code.texts.directives import groups_of, without_directives
from cocci_gen.port.texts.plain_text import plain

_CHARACTER = re.compile(rb"'(?:[^'\\\n]|\\.)+'")
_BRACE = re.compile(rb"[{}]")


def unreadable(texts: Mapping[str, bytes]) -> Iterator[str]:
    """Path -> text, and a sentence for each file that does not parse as a whole."""
    for path, text in sorted(texts.items()):
        if reason := _reason(text):
            yield f"{path} does not parse: {reason}; little or nothing of it is ported"


def _reason(text: bytes) -> str:
    """Why a file ends too early, "" where it does not."""
    if why := why_unreadable(text):
        return why
    code = plain(text).code
    comment = code.find(b"/*")
    if comment >= 0:
        return f"the comment of line {_line(code, comment)} is never closed"
    for group in groups_of(code.split(b"\n"))[0]:
        if not group.orphan and group.end_first == group.end_last:
            return f"the #{group.branches[0].word} of line {group.branches[0].first + 1} has no #endif"
    return _unclosed(_CHARACTER.sub(b"0", without_directives(code)))


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
