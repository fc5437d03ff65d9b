"""A port and the NewView of its module -> the same port without what the new kernel does not compile, which is told as left.

The port is made once more without the branches in which it changed what is not, or perhaps not, compiled: what followed from a
change there (a body from its head) goes with it, and each patch still stands on the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from cocci_gen.port.checks.new_view import Doubt, NewView, Numbers, without_branches
from cocci_gen.port.output.report import Port
from cocci_gen.port.remains.leftovers import Leftover, other_places
from cocci_gen.port.texts.lines import opcodes

#: Texts with the conditions that are known, by path -> the port of the code with these.
Again = Callable[[Mapping[str, bytes]], Port]


def compiled_only(
    port: Port, view: NewView, before: Mapping[str, bytes], decided: Mapping[str, bytes], again: Again
) -> Port:
    """A port, what the new kernel sees of it, the texts ahead of it, the same with the conditions that are known, and the way to
    make it anew -> the port of what is compiled.  One leftover tells of each condition in doubt; what a rule would change there
    is kept beside (`Port.apart`)."""
    texts = {**before, **decided}
    blank = {path: without_branches(texts[path], ones) for path, ones in _doubted(port, view).items()}
    if not blank:
        return port
    told = _told(port, view, before)
    kept = again({**decided, **blank})
    done = {(one.rule.id, one.path) for one in kept.ported.applied}
    lost = tuple(one for one in port.ported.applied if (one.rule.id, one.path) not in done)
    apart = {path: text for path, text in port.ported.texts.items() if text != kept.ported.texts[path]}
    left = sorted((*kept.leftovers, *told), key=lambda one: (one.path, one.line))
    return replace(kept, leftovers=tuple(left), uncompiled=lost, apart=apart)


def _doubted(port: Port, view: NewView) -> dict[str, set[Numbers]]:
    """By file: the branches in doubt in which something was changed."""
    found: dict[str, set[Numbers]] = {}
    for one in port.ported.applied:
        for text, lines in zip((one.before, one.after), _changed(one.before, one.after), strict=True):
            for line in lines:
                for numbers in view.doubted(one.path, text, line):
                    found.setdefault(one.path, set()).add(numbers)
    return found


def _told(port: Port, view: NewView, before: Mapping[str, bytes]) -> list[Leftover]:
    """One leftover for each condition in doubt."""
    found: dict[str, tuple[Doubt, list[tuple[str, int]]]] = {}
    for path, text in sorted(port.ported.texts.items()):
        for line in _changed(before[path], text)[1]:
            doubt = view.doubt(path, text, line)
            if doubt is not None:
                found.setdefault(doubt.condition, (doubt, []))[1].append((path, line + 1))
    return [_leftover(*one) for one in found.values()]


def _changed(before: bytes, after: bytes) -> tuple[list[int], list[int]]:
    """The lines (from 0) that differ, of either text; blank ones say nothing."""
    old, new = before.split(b"\n"), after.split(b"\n")
    taken, given = list[int](), list[int]()
    for tag, start, end, first, last in opcodes(old, new):
        if tag != "equal":
            taken += (number for number in range(start, end) if old[number].strip())
            given += (number for number in range(first, last) if new[number].strip())
    return taken, given


def _leftover(doubt: Doubt, places: list[tuple[str, int]]) -> Leftover:
    (path, line), *others = places
    also = f"; so it is with {other_places(path, others)}" if others else ""
    return Leftover(path, line, "condition", f"{doubt.reason}{also}", ())
