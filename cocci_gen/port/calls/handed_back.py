"""A function that returns something by now, and one that takes it back -> HandedBack, and rules that keep it in between.

`blk_mq_freeze_queue(q)` returned nothing; by now `blk_mq_unfreeze_queue(q, memflags)` takes what it returns.  The headers pair
them by types alone, which many share: that the one's value is what the other gets, the functions of the tree show that call both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, plain_type
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.methods.parameter_lists import declaration_of
from cocci_gen.port.texts.instances import Code, Written
from cocci_gen.port.texts.parameters import Added, Kept, without_name
from cocci_gen.port.texts.plain_text import blank_comments

_GIVEN = r"((?:[^(),;]|\([^()]*\))+)"


@dataclass(frozen=True, slots=True)
class HandedBack:
    """What `giver` returns by now is the last argument of `taker`; the type and the name of what keeps it in the tree."""

    giver: FunctionChanged
    taker: FunctionChanged
    type: str
    name: str
    ground: Learned


def handed_back(
    evolutions: Iterable[Evolution], pairs: Collection[Pair], excluded: Collection[str] = ()
) -> tuple[HandedBack, ...]:
    """What changed, and the functions of both trees without some groups -> the pairs of functions that enough of them show."""
    changed = [one for one in evolutions if isinstance(one, FunctionChanged)]
    givers = [one for one in changed if one.old.returns == "void" and len(one.old.parameters) == 1 and _same(one)]
    found = []
    for giver in givers:
        for taker in changed:
            if giver.new.path == taker.new.path and _takes(taker, giver):
                some = [
                    one for one in pairs
                    if one.group not in excluded
                    and all(_calls_both(each.text, giver.old.name, taker.old.name) for each in (one.old, one.new))
                ]  # fmt: skip
                found += list(_shown(giver, taker, some))
    return tuple(found)


def _same(one: FunctionChanged) -> bool:
    """Whether a function takes what it took and returns something by now."""
    kept = all(isinstance(step, Kept) for step in one.steps)
    return kept and plain_type(_returned(one)) not in ("void", "") and "void" not in one.new.returns


def _returned(one: FunctionChanged) -> str:
    """The type without marks of compilers."""
    words = [word for word in one.new.returns.split() if not word.startswith("__") and word not in ("static", "inline")]
    return " ".join(words)


def _takes(taker: FunctionChanged, giver: FunctionChanged) -> bool:
    """Whether a function takes one thing more by now, at the end, of the type that the other one returns."""
    *kept, last = taker.steps or (None,)
    return (
        taker.old.types == giver.old.types
        and all(isinstance(step, Kept) for step in kept)
        and isinstance(last, Added)
        and plain_type(without_name(taker.new.parameters[last.new])) == plain_type(_returned(giver))
    )


def _calls_both(text: bytes, *names: str) -> bool:
    return all(re.search(rf"\b{name}\s*\(".encode(), text) for name in names)


def _shown(giver: FunctionChanged, taker: FunctionChanged, pairs: Sequence[Pair]) -> Iterator[HandedBack]:
    names: Counter[str] = Counter()
    shown: list[Pair] = []
    others: list[Pair] = []
    for pair in pairs:
        text = blank_comments(pair.new.text).decode("utf-8", "replace")
        kept = set(re.findall(rf"\b(\w+)\s*=\s*{giver.old.name}\s*\(", text))
        given = set(re.findall(rf"\b{taker.old.name}\s*\({_GIVEN},\s*(\w+)\s*\)", text))
        back = sorted(kept & {name for _, name in given})
        names.update(back)
        (shown if back else others).append(pair)
    groups = {one.group for one in shown}
    if enough(len(shown), len(pairs), groups):
        places, rest = ([f"{one.old.path}: {one.old.name}()" for one in some] for some in (shown, others))
        ground = learned(places, rest, groups)
        yield HandedBack(giver, taker, _returned(giver), names.most_common(1)[0][0], ground)


def handed_back_rules(ways: Iterable[HandedBack], code: Code) -> Iterator[PortRule]:
    """What the tree shows, and the code -> a rule for the functions that call the one once, and behind it the other with the
    same argument only."""
    for one in ways:
        names: dict[str, list[str]] = {}
        for function in (each for every in code.functions.values() for each in every):
            if _keeps(one, function):
                names.setdefault(function.path, []).append(function.name)
        for path, some in names.items():
            yield _rule(one, path, sorted(set(some)))


def _keeps(one: HandedBack, function: Written) -> bool:
    if one.giver.old.name.encode() not in function.text:
        return False
    text = blank_comments(function.text).decode("utf-8", "replace")
    first = list(re.finditer(rf"[;{{}}]\s*{one.giver.old.name}\s*\({_GIVEN}\)\s*;", text))
    then = list(re.finditer(rf"\b{one.taker.old.name}\s*\({_GIVEN}\)\s*;", text))
    named = [len(re.findall(rf"(?<![>.\w]){name}\b", text)) for name in (one.giver.old.name, one.taker.old.name)]
    return (
        named == [len(first), len(then)]
        and len(first) == 1
        and bool(then)
        and first[0].end() < then[0].start()
        and {first[0][1].strip()} == {found[1].strip() for found in then}
        and re.search(rf"\b{one.name}\b", text) is None
        and not re.search(r"(?m)^[ \t]*#", text)
    )


def _rule(one: HandedBack, path: str, functions: Sequence[str]) -> PortRule:
    giver, taker = one.giver.old.name, one.taker.old.name
    text = (
        f"@handed_back@\nidentifier fn = {{{', '.join(functions)}}};\nexpression E;\n@@\n fn(...)\n {{\n"
        f"+ {declaration_of(one.type, one.name)};\n ...\n- {giver}(E);\n+ {one.name} = {giver}(E);\n <...\n"
        f"- {taker}(E);\n+ {taker}(E, {one.name});\n ...>\n }}\n"
    )
    words = (frozenset({giver}), frozenset({taker}), frozenset(functions))
    title = f"{taker}(E) takes back what {giver}(E) returns by now"
    return PortRule(f"{one.taker.id}.back", one.taker.id, title, text, one.ground, words, frozenset({path}))
