"""Methods that went, and tables that had their successor all along -> rules that take the old entry out, and what that leaves.

Of 6.12 to 7.3 a table with `.writepage` alone got `.writepages`, and one with both lost the former with nothing in its place: the
kernel asked the other one before as well, and calls nobody for the first.  One table with both that got another method too shows
that something may have to take its place: no rule then.  What stood for the method is told where nothing names it any more.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from cocci_gen.port.accessors import Declarations
from cocci_gen.port.evolutions import Evolution, MethodGone
from cocci_gen.port.examples import group_of
from cocci_gen.port.initialisers import Table
from cocci_gen.port.instances import Code
from cocci_gen.port.leftovers import Leftover
from cocci_gen.port.lost_entries import renamed_methods, what_came
from cocci_gen.port.plain_text import plain
from cocci_gen.port.rules import Learned, PortRule

_FEWEST, _GROUPS, _TOLD = 3, 2, 12
#: So many tables without the successor got it: then it does the work of the one that went.
_GOT = 2


def outlived_rules(
    evolutions: Iterable[Evolution], tables: Iterable[Table], declared: Declarations, excluded: Collection[str] = ()
) -> Iterator[PortRule]:
    """What changed, the tables of both trees, and what headers of the new kernel declare -> a rule for each method that went and
    that all tables lost which had the method that others got for it."""
    listed = list(evolutions)
    now = renamed_methods(listed)
    users: dict[tuple[str, str], list[Table]] = defaultdict(list)
    for table in tables:
        if group_of(table.path) not in excluded:
            for member in table.old:
                users[table.struct, member].append(table)
    for one in listed:
        if isinstance(one, MethodGone):
            struct, member = one.old.struct, one.old.name
            values = {name for tag, name in declared(one.old.path).members if tag == struct}
            yield from _rules(
                one, users[struct, member], {t.place: what_came(t, member, now) - values for t in users[struct, member]}
            )


def _rules(gone: MethodGone, tables: Sequence[Table], come: Mapping[str, set[str]]) -> Iterator[PortRule]:
    got = Counter(name for names in come.values() for name in names)
    for successor, count in sorted(got.items()):
        both = [table for table in tables if successor in table.old]
        groups = {group_of(table.path) for table in both}
        if count < _GOT or len(both) < _FEWEST or len(groups) < _GROUPS:
            continue
        if not any(come[table.place] or gone.old.name in table.new or successor not in table.new for table in both):
            yield _rule(gone, successor, both, len(groups))


def _rule(gone: MethodGone, successor: str, tables: Sequence[Table], groups: int) -> PortRule:
    ground = Learned(len(tables), len(tables), groups, tuple(table.place for table in tables[:_TOLD]), ())
    text = (
        f"@table_entry@\nidentifier table;\nexpression E, F;\n@@\n struct {gone.old.struct} table = {{\n"
        f" .{successor} = E,\n- .{gone.old.name} = F,\n }};\n"
    )
    words = (frozenset({successor}), frozenset({gone.old.name}))
    title = f".{gone.old.name} goes beside .{successor}, which is called in its place"
    return PortRule(f"{gone.id}.outlived", gone.id, title, text, ground, words)


def unnamed(
    evolutions: Iterable[Evolution], before: Code, after: Code, did: Mapping[str, tuple[str, ...]]
) -> Iterator[Leftover]:
    """What went, the code before and after the port, and by evolution who made the step -> the functions that stood for a method
    and that nothing names any more: what they alone did is done by nobody."""
    gone = {(one.old.struct, one.old.name): one for one in evolutions if isinstance(one, MethodGone)}
    for one in dict.fromkeys((one.struct, one.method, one.function.name) for one in before.instances(gone)):
        evolution, name = gone[one[:2]], one[2]
        places = after.functions.get(name, ())
        named = sum(
            len(re.findall(rb"\b" + name.encode() + rb"\b", plain(text).code))
            for text in after.texts.values() if name.encode() in text
        )  # fmt: skip
        if len(places) == 1 and places[0].span.static and named == 1:
            reason = "nothing names it any more: drop it, with what only it did moved to where the kernel calls now"
            yield Leftover(places[0].path, places[0].span.line, evolution.id, reason, did.get(evolution.id, ()), name)
