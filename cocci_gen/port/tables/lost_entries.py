"""Functions and macros that went, tables of both trees, the old headers -> rules that take entries out of tables.

`.llseek = no_llseek` says what no entry says where the old header has `#define no_llseek NULL`: no example is needed, and what
else names it means NULL.  Where a function went (`.setlease = simple_nosetlease`) and each table of the tree that named it lost
the entry, with nothing in its place, the entry goes as well: the kernel does the same without one by now.  One table that did
otherwise, or that got an entry for a method it had none for, shows that something may have to take its place: no rule then.  A
value that came beside (`.fop_flags = FOP_ASYNC_LOCK`) is no method; such a table shows nothing, as long as enough others do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from cocci_gen.port.changes.evolutions import Evolution, FunctionGone, MacroGone, MethodGone, MethodRenamed
from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.initialisers import Table, akin, stored_text
from cocci_gen.port.lessons.rules import Declarations as FromDeclarations
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.members.accessors import Declarations
from cocci_gen.port.members.unfolded import under_condition
from cocci_gen.port.texts.plain_text import blank_comments
from cocci_gen.port.texts.trees import Sources

_NULL = r"^[ \t]*#[ \t]*define[ \t]+{name}[ \t]+\(?NULL\)?[ \t]*$"


def null_rules(evolutions: Iterable[Evolution], old: Sources, declared: Declarations) -> Iterator[PortRule]:
    """What changed, the old kernel and what headers of it declare -> a rule for each macro that was NULL and nothing else."""
    for one in evolutions:
        if not isinstance(one, MacroGone) or one.old.arity != -1 or one.old.path not in old.oids:
            continue
        name, known = one.old.name, declared(one.old.path)
        if len(known.macros.get(name, ())) != 1 or name in known.functions:
            continue
        text = blank_comments(old.read(one.old.path)).decode("utf-8", "replace")
        found = list(re.finditer(_NULL.format(name=re.escape(name)), text, re.MULTILINE))
        if len(found) == 1 and not under_condition(text, found[0].start()):
            yield _null_rule(one, name)


def _null_rule(gone: MacroGone, name: str) -> PortRule:
    symbols = f"symbol {name};\n@@\n"
    entry = f"@entry@\nidentifier S, table, member;\n{symbols} struct S table = {{\n- .member = {name},\n }};\n"
    text = f"{entry}\n@value@\n{symbols}- {name}\n+ NULL\n"
    title = f"{name} was NULL: an entry of a table that names it goes, and what else does becomes NULL"
    return PortRule(f"{gone.id}.null", gone.id, title, text, FromDeclarations(), (frozenset({name}),))


def lost_entry_rules(
    evolutions: Iterable[Evolution], tables: Iterable[Table], declared: Declarations, excluded: Collection[str] = ()
) -> Iterator[PortRule]:
    """What changed, the tables of both trees, and what headers of the new kernel declare -> a rule for each method of which all
    tables lost a function that went."""
    listed = list(evolutions)
    now = _renamed(listed)
    went = {(one.old.struct, one.old.name) for one in listed if isinstance(one, MethodGone)} | now.keys()
    functions = {one.old.name: one for one in listed if isinstance(one, FunctionGone) and not one.macros}
    uses: dict[tuple[str, str, str], list[Table]] = defaultdict(list)
    for table in tables:
        if group_of(table.path) not in excluded:
            for member, value in table.old.items():
                if value in functions and (table.struct, member) not in went:
                    uses[value, table.struct, member].append(table)
    for (function, struct, member), ones in sorted(uses.items()):
        values = declared(functions[function].old.path).members
        come = {one.place: came(one, member, now) for one in ones}
        alone = [one for one in ones if not come[one.place]]
        groups = {group_of(table.path) for table in alone}
        if not enough(len(alone), len(alone), groups) or any(member in table.new for table in ones):
            continue
        if all((struct, name) in values for names in come.values() for name in names):
            yield _lost_rule(functions[function], struct, member, ones)


def _renamed(evolutions: Iterable[Evolution]) -> dict[tuple[str, str], str]:
    """What changed -> the names that methods have now, by structure and old name."""
    return {(one.old.struct, one.old.name): one.new.name for one in evolutions if isinstance(one, MethodRenamed)}


def came(table: Table, member: str, now: Mapping[tuple[str, str], str]) -> set[str]:
    """The members of which a table got an entry: what it had none for, and what did not become of another one than `member`;
    `now` are new names of methods."""
    had = {now.get((table.struct, one), one) for one in table.old}
    gone = had - table.new.keys() - {member}
    return {one for one in table.new.keys() - had if not any(akin(one, other) for other in gone)}


def _lost_rule(gone: FunctionGone, struct: str, member: str, tables: Sequence[Table]) -> PortRule:
    function = gone.old.name
    ground = learned([table.place for table in tables], (), {group_of(table.path) for table in tables})
    text = (
        f"@table_entry@\nidentifier table;\nsymbol {function};\n@@\n"
        f" struct {struct} table = {{\n- .{member} = {function},\n }};\n"
    )
    # What a table that is filled in code had before stands there again if the store goes.
    text += stored_text(struct, member, f"symbol {function};\n", function, "NULL")
    words = (frozenset({function}), frozenset({member}))
    title = f".{member} = {function} goes, and nothing takes its place"
    return PortRule(f"{gone.id}.{struct}.{member}.lost", gone.id, title, text, ground, words)
