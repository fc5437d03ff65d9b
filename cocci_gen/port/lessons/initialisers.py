"""Tables of both trees -> what became of a function of the kernel that tables named for a method.

`.splice_read = generic_file_splice_read` became `filemap_splice_read` here and `copy_splice_read` there: where the
votes split, the sibling entry that separates them best decides, if it is one by which the kernel tells them apart (a
generic function of the same structure).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.code.texts.source import FileFacts, SourceEntry
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, FunctionGone, MethodRenamed, word_of
from cocci_gen.port.lessons.examples import Examples, group_of
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.lessons.support import FEWEST_FUNCTIONS, SHARE, learned

#: How much of the doubt a condition may leave.
_LEFT = 0.5


@dataclass(frozen=True, slots=True)
class Table:
    """One table before and after, by member."""

    path: str
    variable: str
    struct: str
    old: Mapping[str, str]
    new: Mapping[str, str]

    @property
    def place(self) -> str:
        """`fs/minix/file.c: minix_file_operations`."""
        return f"{self.path}: {self.variable}"


#: Two functions -> what the first one does beside the second.
GivesUp = Callable[[str, str], Collection[str]]


def nothing(old: str, new: str) -> Collection[str]:
    """Of none it is known."""
    del old, new
    return ()


def tables_of(examples: Examples) -> tuple[Table, ...]:
    """The tables that stand under the same name in the same file of both trees."""
    return tuple(
        Table(path, variable, struct, entries, after[struct, variable])
        for path, facts in examples.old.facts.items()
        if path in examples.new.facts
        for after in [_tables(examples.new.facts[path])]
        for (struct, variable), entries in _tables(facts).items()
        if (struct, variable) in after
    )


def _tables(facts: FileFacts) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for entry in facts.entries:
        if entry.tag:
            found[entry.tag, entry.variable][entry.method] = entry.function
    return found


def initialiser_rules(
    evolutions: Iterable[Evolution],
    tables: Iterable[Table],
    excluded: Collection[str] = (),
    gives_up: GivesUp = nothing,
) -> list[PortRule]:
    """Functions of the kernel that went or changed, and the tables of both trees -> rules for the tables that name them, under
    the names that methods have now; none that gives up what the function did beside the one that is named now."""
    by_function: dict[str, list[tuple[str, Table]]] = defaultdict(list)
    listed = list(evolutions)
    now = {(one.old.struct, one.old.name): one.new.name for one in listed if isinstance(one, MethodRenamed)}
    for table in tables:
        if group_of(table.path) not in excluded:
            for member, value in table.old.items():
                by_function[value].append((now.get((table.struct, member), member), table))
    rules = []
    for one in listed:
        if isinstance(one, FunctionGone | FunctionChanged):
            rules += list(_rules(one, word_of(one), by_function.get(word_of(one), ()), gives_up))
    return rules


def _rules(
    evolution: Evolution, function: str, named: Iterable[tuple[str, Table]], gives_up: GivesUp
) -> Iterator[PortRule]:
    uses: dict[tuple[str, str], list[Table]] = defaultdict(list)
    for name, table in named:
        if name in table.new:
            uses[table.struct, name].append(table)
    for (struct, member), ones in sorted(uses.items()):
        votes = Counter(table.new[member] for table in ones)
        for new, count in votes.most_common():
            if new == function or count < FEWEST_FUNCTIONS or gives_up(function, new):
                continue
            if count >= SHARE * len(ones):
                yield _rule(evolution, struct, member, function, new, ones, None)
                break
            condition = _condition(ones, member, new)
            if condition is not None:
                some = [table for table in ones if table.old.get(condition[0]) == condition[1]]
                yield _rule(evolution, struct, member, function, new, some, condition)


def _condition(tables: Sequence[Table], member: str, new: str) -> tuple[str, str] | None:
    """The sibling entry with whose value the votes are for `new`: the one that leaves least doubt, and far less than there is
    without it; one that half of all tables have tells them apart from nothing."""
    votes: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for table in tables:
        for sibling in table.old.items():
            if sibling[0] != member:
                votes[sibling][table.new[member] == new] += 1
    kin = {key: count for key, count in votes.items() if akin(key[0], member)}
    doubt = 1 - sum(table.new[member] == new for table in tables) / len(tables)
    best: tuple[float, int, tuple[str, str]] | None = None
    for key, count in sorted(kin.items()):
        share = count[True] / count.total()
        tells = count[True] >= FEWEST_FUNCTIONS and share >= SHARE and 1 - share <= doubt * _LEFT
        if tells and (best is None or (share, count[True]) > best[:2]):
            best = (share, count[True], key)
    return best[2] if best else None


def akin(one: str, other: str) -> bool:
    """Whether two members are about the same thing: they share a word of their names (`mmap`, `mmap_prepare`)."""
    return bool(set(one.split("_")) & set(other.split("_")))


def _rule(
    evolution: Evolution,
    struct: str,
    member: str,
    old: str,
    new: str,
    tables: Sequence[Table],
    condition: tuple[str, str] | None,
) -> PortRule:
    shown = [table for table in tables if table.new[member] == new]
    others = [table.place for table in tables if table.new[member] != new]
    groups = {group_of(table.path) for table in shown}
    ground = learned([table.place for table in shown], others, groups)
    beside = f" .{condition[0]} = {condition[1]},\n" if condition else ""
    symbols = sorted({old, new, *([condition[1]] if condition else [])})
    declared = "".join(f"symbol {name};\n" for name in symbols)
    text = (
        f"@table_entry@\nidentifier table;\n{declared}@@\n struct {struct} table = {{\n{beside}"
        f" .{member} =\n- {old}\n+ {new}\n ,\n }};\n"
    )
    if condition is None:
        text += stored_text(struct, member, declared, old, new)
    where = f" beside .{condition[0]} = {condition[1]}" if condition else ""
    words = (frozenset({old}), frozenset({member}))
    title = f".{member} = {old} becomes {new}{where}"
    return PortRule(f"{evolution.id}.{struct}.{member}.{new}", evolution.id, title, text, ground, words)


def stored_text(struct: str, member: str, declared: str, old: str, new: str) -> str:
    """The SmPL for tables that are filled in code (`own_prot.recvmsg = f;`): the structure, its member, the declarations of the
    names, and the value before and after."""
    return "".join(
        f"\n@{name}@\nstruct {struct} {expression};\n{declared}@@\n {member_of}{member} =\n- {old}\n+ {new}\n"
        for name, expression, member_of in (("stored", "E", "E."), ("stored_through", "*E", "E->"))
    )


def entries_of(facts: Iterable[FileFacts]) -> Iterator[SourceEntry]:
    """All entries of some files."""
    for one in facts:
        yield from one.entries
