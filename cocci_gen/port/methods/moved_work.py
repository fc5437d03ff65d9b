"""Helpers that went, and the tables of both trees -> MovedWork, another method that does by another helper what one did by that.

`.writepage = minix_writepage`, which did nothing but `return block_write_full_page(page, minix_get_block, wbc)`, became
`.writepages = minix_writepages`, which does nothing but `return mpage_writepages(mapping, wbc, minix_get_block)`, and all tables
got the same `.migrate_folio` beside.  The functions have other names: nothing pairs them but the tables and their callbacks.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, FunctionGone
from cocci_gen.port.headers.includes import includes_of
from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.support import FEWEST_FUNCTIONS, SHARE, enough, learned
from cocci_gen.port.members.accessors import Declarations
from cocci_gen.port.texts.instances import Code, Written, head_of
from cocci_gen.port.texts.parameters import name_of

_RETURNS = re.compile(rb"\)\s*\{\s*return (\w+)\s*\(([^(){};]*)\);\s*\}\s*\Z")
_NAME = re.compile(r"[A-Za-z_]\w*")
#: What stands for the one name among the arguments that is no parameter.
CALLBACK = -1


@dataclass(frozen=True, slots=True)
class Work:
    """`return helper(...)`: of each argument, which parameter it is; one is CALLBACK."""

    helper: str
    given: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MovedWork:
    """A method whose functions did nothing but `before`, and that became functions of another method that do nothing but `after`
    with the same callback: the head of these, the entries that their tables got `beside`, the header that declares the helper."""

    evolution: str
    struct: str
    method: str
    successor: str
    before: Work
    after: Work
    returns: str
    parameters: tuple[str, ...]
    beside: tuple[tuple[str, str], ...]
    header: str
    ground: Learned


@dataclass(frozen=True, slots=True)
class _Step:
    """One table that had such a function, and what it has for it by now (`after`: nothing where it is not such a function)."""

    table: Table
    before: Work
    successor: str = ""
    after: Work | None = None
    function: Written | None = None


def work_of(function: Written) -> tuple[Work, str] | None:
    """What a static function does that does nothing but call a helper with all of its parameters and one other name, and that
    name."""
    found = _RETURNS.search(function.text) if function.span.static else None
    head = head_of(function) if found is not None else None
    if found is None or head is None:
        return None
    own = [name_of(one) for one in head.parameters]
    given = [one.strip() for one in found.group(2).decode("utf-8", "replace").split(",")]
    others = [one for one in given if one not in own]
    if len(others) != 1 or sorted(set(given) - {*others}) != sorted(own) or len(set(given)) != len(given):
        return None
    places = tuple(own.index(one) if one in own else CALLBACK for one in given)
    return (Work(found.group(1).decode(), places), others[0]) if _NAME.fullmatch(others[0]) else None


def moved_work(
    evolutions: Iterable[Evolution],
    tables: Iterable[Table],
    codes: tuple[Code, Code],
    declared: Declarations,
    excluded: Collection[str] = (),
) -> tuple[MovedWork, ...]:
    """What changed, the tables and the code of both trees without the groups that are left out, and what headers of the new
    kernel declare -> the methods whose work most tables give to another method by now."""
    gone = {one.old.name: one.id for one in evolutions if isinstance(one, FunctionGone | FunctionChanged)}
    steps: dict[tuple[str, str, Work], list[_Step]] = defaultdict(list)
    for table in tables:
        if group_of(table.path) not in excluded:
            for member, name in table.old.items():
                for step in _steps(table, member, name, gone, codes):
                    steps[table.struct, member, step.before].append(step)
    made = {key: ones for key, ones in steps.items() if any(one.after for one in ones)}
    found = (_found(key, ones, gone, codes[1], declared) for key, ones in made.items())
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.struct, one.method)))


def _steps(table: Table, member: str, name: str, gone: Collection[str], codes: tuple[Code, Code]) -> Iterator[_Step]:
    """What became of the entry of a table whose function does such work."""
    old = _work(codes[0], name, table.path)
    if old is None or old[0].helper not in gone:
        return
    for other, value in table.new.items() if member not in table.new else ():
        work = _work(codes[1], value, table.path)
        if work is not None and work[1] == old[1] and other not in table.old:
            yield _Step(table, old[0], other, work[0], codes[1].resolve(value, table.path))
            return
    yield _Step(table, old[0])


def _work(code: Code, name: str, path: str) -> tuple[Work, str] | None:
    function = code.resolve(name, path)
    return work_of(function) if function is not None and function.path == path else None


def _found(
    key: tuple[str, str, Work],
    steps: Sequence[_Step],
    gone: dict[str, str],
    code: Code,
    declared: Declarations,
) -> MovedWork | None:
    struct, method, before = key
    (successor, after), _ = Counter((one.successor, one.after) for one in steps if one.after).most_common(1)[0]
    asked = [one for one in steps if successor not in one.table.old]
    shown = [one for one in asked if (one.successor, one.after) == (successor, after)]
    groups = {group_of(one.table.path) for one in shown}
    if after is None or not enough(len(shown), len(asked), groups):
        return None
    heads = [head for one in shown if one.function is not None and (head := head_of(one.function)) is not None]
    spelled = Counter((head.returns, tuple(" ".join(part.split()) for part in head.parameters)) for head in heads)
    header = _header(after.helper, shown, code, declared)
    if not spelled or not header:
        return None
    returns, parameters = spelled.most_common(1)[0][0]
    others = [one.table.place for one in asked if one not in shown]
    ground = learned([one.table.place for one in shown], others, groups)
    beside = _beside(successor, shown)
    name = gone[before.helper]
    return MovedWork(
        name, struct, method, successor, before, after, returns, parameters, beside, header, ground
    )  # fmt: skip


def _beside(successor: str, shown: Sequence[_Step]) -> tuple[tuple[str, str], ...]:
    """The other entries that the tables got which had none for that member."""
    come: Counter[tuple[str, str]] = Counter()
    for one in shown:
        come.update((name, value) for name, value in one.table.new.items() if name not in one.table.old)
    without = {name: sum(name not in one.table.old for one in shown) for name, _ in come}
    return tuple(
        sorted((name, value) for (name, value), count in come.items()
               if name != successor and count >= SHARE * without[name] and count >= FEWEST_FUNCTIONS)
    )  # fmt: skip


def _header(helper: str, shown: Sequence[_Step], code: Code, declared: Declarations) -> str:
    """The header that declares a helper and that nearly all include who call it by now, "" for none."""
    votes: Counter[str] = Counter()
    for one in shown:
        votes.update(includes_of(code.texts[one.table.path]))
    for name, count in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if count >= SHARE * len(shown) and helper in declared(f"include/{name}").functions:
            return name
    return ""
