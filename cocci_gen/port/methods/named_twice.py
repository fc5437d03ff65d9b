"""A renamed method whose new name was there before, and code -> the tables that name both: of two entries with one name the
compiler takes the last, in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cocci_gen.port.changes.evolutions import MethodRenamed
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.instances import Code


def with_both(evolution: MethodRenamed, code: Code) -> dict[str, tuple[str, int]]:
    """By table the file and the line of the entry with the old name."""
    found = {}
    for path, facts in code.facts.items():
        entries = [one for one in facts.entries if one.tag == evolution.old.struct]
        others = {one.variable for one in entries if one.method == evolution.new.name}
        for one in entries:
            if one.method == evolution.old.name and one.variable in others:
                found[one.variable] = (path, one.line)
    return found


def named_twice(renamed: Iterable[MethodRenamed], code: Code) -> Iterator[Leftover]:
    """These tables, for a person."""
    for one in renamed:
        reason = f"now ->{one.new.name}, for which its table has an entry already; one of both has to go"
        yield from (Leftover(path, line, one.id, reason, ()) for path, line in with_both(one, code).values())
