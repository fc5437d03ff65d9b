"""Marks that went with all that asks for them -> rules that take the calls out which set and clear them.

`PAGEFLAG(Error, error, PF_NO_TAIL)` made SetPageError(), PageError() and six more; the line went, nobody can ask for that mark
any more, and to set it does nothing.  That it did not only get another name, the functions of the tree show: many lost the call,
and most of them have nothing in common in its place.  Code that asks for the mark itself keeps all: what it told there has to be
told otherwise.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cocci_gen.port.changes.declared import Declared
from cocci_gen.port.changes.evolutions import Evolution, FunctionGone
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.texts.plain_text import plain, words_of

#: What so many of those call by now that lost a mark may be the same mark under another name.
_COMMON = 0.5
_CALLED = re.compile(rb"\b([A-Za-z_]\w*)[ \t]*\(")
_SUFFIX = ".mark"
#: What an argument may be: nothing that does anything by itself.
_PLAIN = r"\(I\|I->m\|I.m\|I[J]\|I->m[J]\)"
#: A condition that does nothing by itself.
_PURE = r"\(V\|!V\|V < K\|V == K\|V != K\|V[W]\|V->n\)"
#: By name: what it is made of, and how a statement stands alone below something, so that it cannot just go.
_ALONE = {
    "only": ("expression C, E;\n", "if (C) {call}"),
    "then": ("expression C, E;\nstatement S;\n", "if (C) {call} else S"),
    "otherwise": ("expression C, E;\nstatement S;\n", "if (C) S else {call}"),
    "during": ("expression C, E;\n", "while (C) {call}"),
    "counted": ("expression E;\n", "for (...;...;...) {call}"),
    "walked": ("expression E;\niterator WALK;\n", "WALK(...) {call}"),
}


@dataclass(frozen=True, slots=True)
class _Mark:
    """What sets or clears a mark and gives nothing back, and what asks for it: names of functions that all went."""

    setters: tuple[FunctionGone, ...]
    askers: tuple[str, ...]


def mark_rules(
    evolutions: Iterable[Evolution],
    declared: Callable[[str], Declared],
    pairs: Collection[Pair],
    excluded: Collection[str] = (),
) -> Iterator[PortRule]:
    """What changed, what headers of the old kernel declare, and the functions of the tree without some groups -> a rule for each
    function that sets or clears a mark which went."""
    for mark in _marks(evolutions, declared):
        words = {one.old.name.encode() for one in mark.setters}
        shown = [
            one for one in pairs
            if any(word in one.old.text for word in words) and one.group not in excluded
            and words & words_of(one.old.text) and not words & words_of(one.new.text)
        ]  # fmt: skip
        groups = {one.group for one in shown}
        came = Counter(name for one in shown for name in _called(one.new.text) - words_of(one.old.text))
        most = max(came.values(), default=0)
        if enough(len(shown), len(shown), groups) and most < _COMMON * len(shown):
            places = [f"{one.old.path}: {one.old.name}()" for one in shown]
            ground = learned(places, (), groups)
            for one in mark.setters:
                title = (
                    f"{one.old.name}() goes, as nothing can ask for that mark any more ({', '.join(mark.askers[:2])})"
                )
                words_of_rule = (frozenset({one.old.name}),)
                yield PortRule(f"{one.id}{_SUFFIX}", one.id, title, _text(one.old.name), ground, words_of_rule)


def _called(text: bytes) -> frozenset[bytes]:
    return frozenset(_CALLED.findall(plain(text).code))


def unasked(
    rules: Iterable[PortRule],
    evolutions: Iterable[Evolution],
    declared: Callable[[str], Declared],
    texts: Mapping[str, bytes],
) -> Iterator[PortRule]:
    """Rules, what changed, what headers of the old kernel declare, and the code -> the rules without those for marks that the
    code asks for; those for other marks only for files in which no label would be left with nothing behind it."""
    listed = list(rules)
    if not any(one.id.endswith(_SUFFIX) for one in listed):
        yield from listed
        return
    there = frozenset(word.decode() for text in texts.values() for word in plain(text).words)
    asked = {one.id for mark in _marks(evolutions, declared) if there.intersection(mark.askers) for one in mark.setters}
    for one in listed:
        if not one.id.endswith(_SUFFIX):
            yield one
        elif one.evolution not in asked:
            last = re.compile(rf":\s*{one.evolution[:-2]}\s*\([^;]*\)\s*;\s*\}}".encode())
            paths = frozenset(path for path, text in texts.items() if not last.search(plain(text).code))
            if paths:
                yield replace(one, paths=paths)


def _marks(evolutions: Iterable[Evolution], declared: Callable[[str], Declared]) -> Iterator[_Mark]:
    """The functions that one line of a header made and that all went, if some of them ask for something and some do not."""
    gone = {one.old.name: one for one in evolutions if isinstance(one, FunctionGone) and not one.macros}
    made: dict[tuple[str, int], list[FunctionGone]] = defaultdict(list)
    for one in gone.values():
        made[one.old.path, one.old.line].append(one)
    for (path, line), ones in sorted(made.items()):
        if len(ones) < 2:
            continue
        every = {
            one.name
            for some in declared(path).functions.values()
            for one in some
            if (one.path, one.line) == (path, line)
        }
        setters = tuple(one for one in ones if one.old.returns == "void")
        askers = tuple(one.old.name for one in ones if one.old.returns != "void")
        if setters and askers and every <= gone.keys():
            yield _Mark(setters, askers)


def _text(name: str) -> str:
    """The SmPL: a branch that did nothing else goes with it, where the condition does nothing by itself."""
    alone = []
    for rule, (kinds, form) in _ALONE.items():
        for braces, call in (("", f"{name}@p(E);"), ("_braced", f"{{ {name}@p(E); }}")):
            alone.append(f"@{rule}{braces}@\n{kinds}position p;\n@@\n {form.replace('{call}', call)}\n")
    held = ", ".join(f"{rule}{braces}.p" for rule in _ALONE for braces in ("", "_braced"))
    parts = "identifier m;\nidexpression I, J;\n"
    plain_one = f"@plain@\nposition q != {{{held}}};\n{parts}@@\n- {name}@q({_PLAIN});\n"
    pure = f"idexpression V, W;\nidentifier n;\nconstant K;\n{parts}"
    less = []
    for braces, call in (("", f"{name}({_PLAIN});"), ("_braced", f"{{ {name}({_PLAIN}); }}")):
        less += [
            f"@no_else{braces}@\nexpression C;\nstatement S;\n{parts}@@\n if (C) S\n- else {call}\n",
            f"@no_else_if{braces}@\nexpression C;\nstatement S;\n{pure}@@\n if (C) S\n- else if ({_PURE}) {call}\n",
            f"@no_if{braces}@\n{pure}@@\n- if ({_PURE}) {call}\n",
        ]
    return "\n".join([*alone, plain_one, *less])
