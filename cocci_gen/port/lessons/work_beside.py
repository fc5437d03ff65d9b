"""A function that went, and the one that takes its place -> what the first one did beside: `kill_litter_super(sb)` was
`d_genocide(sb->s_root); kill_anon_super(sb);`, and who gives kill_anon_super() in its place gives up the rest.

The tree may have done so, file by file, with changes that nothing names (its dentries are persistent by now); code that
only takes the other function would compile, and leave what nobody takes down any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from cocci_gen.port.changes.evolutions import Evolution, FunctionGone, word_of
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.losses import Definition, done_by
from cocci_gen.port.lessons.support import Rejected
from cocci_gen.port.texts.terms import names_in

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
#: A call whose value nobody takes: it is there for what it does.
_STATEMENT = re.compile(r"(?:[;{})]|\belse)\s*([A-Za-z_]\w*)\s*\(")
_CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(")


def given_up(old: str, new: str, before: Definition, now: Definition) -> tuple[str, ...]:
    """Two functions, and the definitions of both kernels -> what the first one called beside the second, and the second does not
    call by now; nothing where it did not call it, or where what it called is known by name alone (an assertion, a trace)."""
    body = _COMMENT.sub(" ", before(old)).partition("{")[2]
    if new == old or new not in _CALL.findall(body):
        return ()
    done = done_by([new], now).calls
    called = dict.fromkeys(_STATEMENT.findall(body))
    return tuple(name for name in called if name not in (old, new) and name not in done and before(name))


def lost_beside(template: Template, before: Definition, now: Definition) -> Iterator[str]:
    """What a rule would give up by taking one function in place of another one, in words."""
    left, right = (set(names_in(side)) for side in (template.left, template.right))
    for old in sorted(left - right):
        for new in sorted(right - left):
            yield from _words(name for name in given_up(old, new, before, now) if name not in right)


def with_work_beside(
    successors: Mapping[str, str], evolutions: Iterable[Evolution], gives_up: Callable[[str, str], Collection[str]]
) -> dict[str, str]:
    """By evolution what is used instead of what went, in words -> the same, with what a function did beside that."""
    told = dict(successors)
    for one in evolutions:
        if isinstance(one, FunctionGone) and one.id in told:
            for new in _CALL.findall(told[one.id]):
                beside = [f"{name}()" for name in gives_up(one.old.name, new)]
                told[one.id] += f"; it called {new}() and {' and '.join(beside)}" if beside else ""
    return told


def with_refusals(
    successors: Mapping[str, str], evolutions: Iterable[Evolution], refused: Iterable[Rejected]
) -> dict[str, str]:
    """By evolution what is used instead of what went, in words, and the templates that are no rules -> the same, with why."""
    told = dict(successors)
    by_name = {word_of(one): one.id for one in evolutions if isinstance(one, FunctionGone)}
    for one in (each for each in refused if each.told):
        for name in dict.fromkeys(names_in(one.template.left)):
            if name in by_name and by_name[name] in told and one.reason not in told[by_name[name]]:
                told[by_name[name]] += f"; {one.reason}"
    return told


def _words(names: Iterable[str]) -> Iterator[str]:
    return (f"the call of {name}()" for name in names)
