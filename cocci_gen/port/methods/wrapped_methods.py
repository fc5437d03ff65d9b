"""Methods that went, and tables that name a function made by a macro for another method instead -> rules that do the same.

`.iterate = coda_readdir` became `.iterate_shared = shared_coda_readdir`, and `WRAP_DIR_ITER(coda_readdir)` makes that function.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, MethodGone
from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.lessons.support import enough, learned

_MACRO = r"^[ \t]*#[ \t]*define[ \t]+(\w+)\([ \t]*(\w+)[ \t]*\)((?:[^\n\\]|\\\n|\\)*)"
#: A header of the new kernel by path -> its text.
Header = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Way:
    """The method that tables name by now, and what stands before the name of the old function."""

    method: str
    prefix: str


def wrapped_rules(
    evolutions: Iterable[Evolution], tables: Iterable[Table], header: Header, excluded: Collection[str] = ()
) -> Iterator[PortRule]:
    """What changed, the tables of both trees and the headers of the new kernel -> for each method that went and for which nearly
    all tables name such a function now: a rule that makes it behind the old one, and one that names it."""
    users: dict[tuple[str, str], list[Table]] = defaultdict(list)
    for table in tables:
        if group_of(table.path) not in excluded:
            for member in table.old:
                users[table.struct, member].append(table)
    for one in evolutions:
        if isinstance(one, MethodGone):
            struct, method = one.old.struct, one.old.name
            votes = {table.place: _way(table, method) for table in users[struct, method] if method not in table.new}
            yield from _rules(one, votes, header)


def _way(table: Table, method: str) -> _Way | None:
    """What a table has instead of a method; None where it is not made of the old function."""
    old = table.old[method]
    come = {name: value for name, value in table.new.items() if name not in table.old}
    ways = [_Way(name, value.removesuffix(old)) for name, value in come.items() if value.endswith(f"_{old}")]
    return ways[0] if len(ways) == 1 else None


def _rules(gone: MethodGone, votes: dict[str, _Way | None], header: Header) -> Iterator[PortRule]:
    for way, count in Counter(votes.values()).most_common(1):
        shown = [place for place, one in votes.items() if one == way]
        groups = {group_of(place.partition(":")[0]) for place in shown}
        macro, whole = _maker(header(gone.old.path), way.prefix) if way is not None else ("", False)
        if way is not None and macro and enough(count, len(votes), groups):
            others = [place for place in votes if place not in shown]
            ground = learned(shown, others, groups)
            title = f".{gone.old.name} = F becomes .{way.method} = {way.prefix}F, which {macro}(F) makes"
            text = _made(gone, macro) + "\n" + _named(gone, way, macro)
            words = (frozenset({gone.old.name}),)
            bare = frozenset({macro} if whole else ())
            yield PortRule(f"{gone.id}.made", gone.id, title, text, ground, words, bare=bare)


def _maker(text: str, prefix: str) -> tuple[str, bool]:
    """The macro of a header that makes a function whose name begins so, and whether it makes all of it, so that no `;` stands
    behind; "" where it is not exactly one."""
    makers = [
        (name, body.rstrip().endswith("}")) for name, parameter, body in re.findall(_MACRO, text, re.MULTILINE)
        if re.search(rf"\b{prefix}\s*##\s*{parameter}\b", body)
    ]  # fmt: skip
    return makers[0] if len(makers) == 1 else ("", False)


def _made(gone: MethodGone, macro: str) -> str:
    """The SmPL that makes the function, once, behind a function of the same file."""
    return (
        f"@found@\nidentifier table, F;\n@@\n struct {gone.old.struct} table = {{ .{gone.old.name} = F, }};\n\n"
        f"@has@\ndeclarer name {macro};\nidentifier found.F;\n@@\n {macro}(F);\n\n"
        f"@made depends on !has@\ndeclarer name {macro};\ntype T;\nidentifier found.F;\n@@\n T F(...) {{ ... }}\n+ {macro}(F);\n"
    )


def _named(gone: MethodGone, way: _Way, macro: str) -> str:
    """The SmPL for the entries whose function was made."""
    return (
        f"@makes@\ndeclarer name {macro};\nidentifier F;\n@@\n {macro}(F);\n\n"
        f'@named@\nidentifier table, makes.F;\nfresh identifier G = "{way.prefix}" ## F;\n@@\n'
        f" struct {gone.old.struct} table = {{\n- .{gone.old.name}\n+ .{way.method}\n =\n- F\n+ G\n ,\n }};\n"
    )
