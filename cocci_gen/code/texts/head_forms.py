"""A C text and a function in it -> the words that only some forms of its head have.

    static int
    #ifdef FERN_TAKES_CONTROL
    fern_write(struct page *page, struct writeback_control *wbc)
    #else
    fern_write(struct page *page)
    #endif
    {

One form is read (`code/texts/directives.py`); code that uses `wbc` does not compile where the other one holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cocci_gen.code.texts.directives import Group, groups_of
from cocci_gen.code.texts.remarks import blanked

_WORD = re.compile(rb"[A-Za-z_]\w*")
#: Where another form of the head begins behind the brace that ends one.
_OTHER = re.compile(rb"[ \t]*#[ \t]*el")
_END = re.compile(rb"[ \t]*#[ \t]*endif")
#: How many lines all forms of a head may have together.
_LONGEST = 80


def words_of_some_heads(text: bytes, line: int) -> frozenset[str]:
    """A text and the line in which a function begins (from 1) -> the words in some, and not in all, forms of its head."""
    lines = _window(text, line)
    groups = [group for group in groups_of(lines)[0] if not group.orphan and group.end_last <= len(lines) - 1]
    inside = {number for group in groups for number in range(group.branches[0].first, group.end_last)}
    always = _words(row for number, row in enumerate(lines) if number not in inside)
    found = {word for group in groups for word in _parting(group, lines)}
    return frozenset(word.decode() for word in found - always)


def _parting(group: Group, lines: list[bytes]) -> set[bytes]:
    """The words of some branches of a conditional that others lack."""
    branches = [_words(lines[one.last : one.end]) for one in group.branches]
    if group.branches[-1].word != "else":
        branches.append(set())
    return set[bytes]().union(*branches) - set[bytes].intersection(*branches)


def _words(lines: Iterable[bytes]) -> set[bytes]:
    """The words of some lines, but for those of directives."""
    return {word for line in lines if not line.lstrip().startswith(b"#") for word in _WORD.findall(line)}


def _window(text: bytes, line: int) -> list[bytes]:
    """The lines of a head in all its forms, and one more: up to the brace that ends the last of them."""
    lines = blanked(text).split(b"\n")
    first = line - 1
    while first > 0 and _is_of_head(lines[first - 1]):
        first -= 1
    last = line - 1
    most = min(len(lines), last + _LONGEST)
    while last < most and (lines[last].lstrip().startswith(b"#") or b"{" not in lines[last]):
        last += 1
    if last + 1 < most and _OTHER.match(lines[last + 1]):
        last = next((number for number in range(last, most) if _END.match(lines[number])), last)
    return [*lines[first : last + 1], b""]


def _is_of_head(line: bytes) -> bool:
    """Whether a line above one of a head may belong to it."""
    return bool(line.strip()) and not re.search(rb"[;}][ \t\r]*$", line)
