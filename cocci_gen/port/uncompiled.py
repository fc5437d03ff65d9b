"""A port and the NewView of its module -> the same port, with what the new kernel does not compile told as left, not as done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cocci_gen.port.leftovers import Leftover
from cocci_gen.port.lines import opcodes
from cocci_gen.port.new_view import Doubt, NewView
from cocci_gen.port.report import Port

#: So many more places of one condition are named.
_MOST = 6


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
    """What stands in doubt of each line that a rule took or gave."""
    for text, lines in zip((before, after), _changed(before, after), strict=True):
        for line in lines:
            yield view.doubt(path, text, line)


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
    more = [f"{other}:{number}" if other != path else str(number) for other, number in others]
    shown = ", ".join(more[:_MOST]) + (f" and {len(more) - _MOST} more" if len(more) > _MOST else "")
    also = f"; so it is with {shown}" if more else ""
    return Leftover(path, line, "condition", f"{doubt.reason}{also}", ())
