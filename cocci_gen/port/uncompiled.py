"""A port and the NewView of its module -> the same port, with what the new kernel does not compile told as left, not as done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from cocci_gen.port.leftovers import Leftover, other_places
from cocci_gen.port.lines import opcodes
from cocci_gen.port.new_view import Doubt, NewView, conditionals_of
from cocci_gen.port.report import Port


def without_uncompiled(port: Port, view: NewView, before: Mapping[str, bytes]) -> Port:
    """`before` are the texts ahead of the port.  One leftover for each condition, and the changes of a rule to a file that all
    stand under such conditions are no longer done."""
    found: dict[str, tuple[Doubt, list[tuple[str, int]]]] = {}
    for path, text in sorted(port.ported.texts.items()):
        for line in _changed(before[path], text)[1]:
            doubt = view.doubt(path, text, line)
            if doubt is not None:
                found.setdefault(doubt.condition, (doubt, []))[1].append((path, line + 1))
    dead = frozenset(
        (one.rule.id, one.path)
        for one in port.ported.applied
        if (doubts := list(_doubts(view, one.path, one.before, one.after))) and None not in doubts
    )
    left = sorted((*port.leftovers, *(_told(*one) for one in found.values())), key=lambda one: (one.path, one.line))
    return replace(port, leftovers=tuple(left), uncompiled=dead)


def _doubts(view: NewView, path: str, before: bytes, after: bytes) -> Iterator[Doubt | None]:
    """What stands in doubt of each line that a rule took or gave; a body follows the heads under conditions above it that the
    same rule changed."""
    for text, lines in zip((before, after), _changed(before, after), strict=True):
        found = {line: view.doubt(path, text, line) for line in lines}
        heads = {end: doubt for line, doubt in found.items() if doubt for end in _ends_around(text, line)}
        code = text.split(b"\n")
        for line, doubt in found.items():
            yield doubt or heads.get(_above_body(code, line))


def _ends_around(text: bytes, line: int) -> Iterator[int]:
    """The lines of the `#endif`s of the conditionals around a line."""
    read = conditionals_of(text)
    place = read.owner(line)
    while place is not None:
        yield place[0].end_first
        place = read.around(place[0])


def _above_body(code: Sequence[bytes], line: int) -> int:
    """The line above the brace that opens the body of the function around a line; -1 outside of functions."""
    for number in range(line - 1, 0, -1):
        if code[number].startswith(b"}"):
            break
        if code[number].rstrip() == b"{":
            return number - 1
    return -1


def _changed(before: bytes, after: bytes) -> tuple[list[int], list[int]]:
    """The lines (from 0) that differ, of either text; blank ones say nothing."""
    old, new = before.split(b"\n"), after.split(b"\n")
    taken, given = list[int](), list[int]()
    for tag, start, end, first, last in opcodes(old, new):
        if tag != "equal":
            taken += (number for number in range(start, end) if old[number].strip())
            given += (number for number in range(first, last) if new[number].strip())
    return taken, given


def _told(doubt: Doubt, places: list[tuple[str, int]]) -> Leftover:
    (path, line), *others = places
    also = f"; so it is with {other_places(path, others)}" if others else ""
    return Leftover(path, line, "condition", f"{doubt.reason}{also}", ())
