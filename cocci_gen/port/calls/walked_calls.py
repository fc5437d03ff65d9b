"""A function that went and called what it was given once for each thing -> Walk, and rules that put its loop there.

`write_cache_pages(mapping, wbc, fn, data)` was `while ((folio = writeback_iter(mapping, wbc, folio, &error))) error =
fn(folio, wbc, data);`, says the old kernel, and the new one has writeback_iter() as it was.  Where the loop looked for a
constant among what `fn` returned, that part is left out if nothing in the code names the constant, and if enough of the
tree left it out as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cocci_gen.document.declarations import split_parameters
from cocci_gen.port.changes.evolutions import Evolution, FunctionGone
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.losses import Definition
from cocci_gen.port.lessons.rules import Declarations, Learned, PortRule
from cocci_gen.port.lessons.support import FEWEST_FUNCTIONS, FEWEST_GROUPS, learned
from cocci_gen.port.members.accessors import Declarations as Declared
from cocci_gen.port.members.unfolded import changed_names
from cocci_gen.port.texts.instances import Code, Written
from cocci_gen.port.texts.parameters import name_of
from cocci_gen.port.texts.plain_text import blank_comments

#: The body that is read: two locals, and a loop that keeps what the function of the caller returned.
_BODY = re.compile(
    r"\{ struct (?P<tag>\w+) \* ?(?P<thing>\w+) = NULL ; int (?P<kept>\w+) ; "
    r"while \( \( (?P=thing) = (?P<next>\w+) \( (?P<given>[^()]*) \) \) \) (?P<open>\{ )?"
    r"(?P=kept) = (?P<called>\w+) \( (?P<handed>[^()]*) \) ; (?P<looks>(?:if \( (?P=kept) == \w+ \) \{ [^{}]*\} )*)(?(open)\} )"
    r"return (?P=kept) ; \}"
)
_LOOK = re.compile(r"if \( \w+ == (\w+) \)")
_TOKEN = re.compile(r"\w+|&&|\|\||==|->|\S")
#: An argument that gives the same at each turn of a loop: a name, the address of one, a number.
_STEADY = r"&?\s*\w+"


@dataclass(frozen=True, slots=True)
class Walk:
    """A function that went and was a loop: its parameters by name, which of them it called, the structure of the things and the
    name of one, what takes the next one, what that is given, and what is handed on with it (`&` alone is where what was returned
    is kept); the name that the loop keeps that by; the constants that it looked for; what the tree did."""

    gone: FunctionGone
    parameters: tuple[str, ...]
    called: str
    tag: str
    thing: str
    kept: str
    next: str
    given: tuple[str, ...]
    handed: tuple[str, ...]
    looks: tuple[str, ...]
    ground: Learned | Declarations


def walks(
    evolutions: Sequence[Evolution],
    definition: Definition,
    declared: Declared,
    pairs: Iterable[Pair],
    excluded: Collection[str] = (),
) -> tuple[Walk, ...]:
    """What changed, the definitions of the old kernel, what headers of the new one declare, and the functions of both trees
    without some groups -> the functions that went and were loops over what is still there."""
    changed = changed_names(evolutions)
    kept = [one for one in pairs if one.group not in excluded]
    found = []
    for gone in (one for one in evolutions if isinstance(one, FunctionGone) and not one.macros):
        read = _read(gone, definition(gone.old.name))
        if read is None or {read.next, read.tag} & changed or read.next not in declared(gone.old.path).functions:
            continue
        shown, others = _steps(read, kept)
        groups = {one.group for one in shown}
        places, rest = ([f"{one.old.path}: {one.old.name}()" for one in some] for some in (shown, others))
        if len(shown) >= FEWEST_FUNCTIONS and len(groups) >= FEWEST_GROUPS:
            found.append(replace(read, ground=learned(places, rest, groups)))
        elif not read.looks:
            found.append(read)
    return tuple(found)


def _read(gone: FunctionGone, text: str) -> Walk | None:
    """The loop that a function was; None where it was anything else."""
    head, brace, body = text.partition("{")
    plain = blank_comments((brace + body).encode()).decode("utf-8", "replace")
    found = _BODY.fullmatch(" ".join(_TOKEN.findall(plain)))
    if found is None or re.search(r"\bstatic\b", head):
        return None
    names = tuple(name_of(one) for one in split_parameters(head.partition("(")[2].rpartition(")")[0]))
    given, handed = (tuple(one.replace(" ", "") for one in found[part].split(" , ")) for part in ("given", "handed"))
    thing, kept, called = found["thing"], found["kept"], found["called"]
    own = set(names) - {called}
    if len(names) != len(gone.old.parameters) or not all(names) or called not in names:
        return None
    if (given.count(f"&{kept}"), given.count(thing)) != (1, 1):
        return None
    if not set(given) <= own | {thing, f"&{kept}"} or not set(handed) <= own | {thing} or thing not in handed:
        return None
    looks = tuple(dict.fromkeys(_LOOK.findall(found["looks"])))
    return Walk(
        gone, names, called, found["tag"], thing, kept, found["next"], given, handed, looks, Declarations()
    )  # fmt: skip


def _steps(walk: Walk, pairs: Iterable[Pair]) -> tuple[list[Pair], list[Pair]]:
    """The functions that gave up the one that went: those that loop by now and look for none of the constants, and the others."""
    shown: list[Pair] = []
    others: list[Pair] = []
    for one in pairs:
        if walk.gone.old.name.encode() in one.old.text:
            old, new = (_words(side) for side in (one.old, one.new))
            if walk.gone.old.name in old and walk.gone.old.name not in new:
                (shown if walk.next in new and new.isdisjoint(walk.looks) else others).append(one)
    return shown, others


def _words(function: Written) -> frozenset[str]:
    """The words of a function without comments."""
    return frozenset(re.findall(r"\w+", blank_comments(function.text).decode("utf-8", "replace")))


@dataclass(frozen=True, slots=True)
class _Use:
    """How a function calls what went: the local that takes the value (`""`: it is returned)."""

    taker: str


def walk_rules(ways: Iterable[Walk], code: Code) -> Iterator[PortRule]:
    """The loops, and the code -> a rule for the functions of each file that call what went and return what it returned, or
    keep it in a local; one that uses the names of the loop is left for a person."""
    for walk in ways:
        if any(re.search(rf"\b{look}\b".encode(), text) for look in walk.looks for text in code.texts.values()):
            continue
        names: dict[tuple[str, _Use], list[str]] = defaultdict(list)
        for function in (each for every in code.functions.values() for each in every):
            use = _use(walk, function, code)
            if use is not None:
                names[function.path, use].append(function.name)
        for number, ((path, use), some) in enumerate(names.items()):
            yield _rule(walk, path, use, sorted(set(some)), number)


def _use(walk: Walk, function: Written, code: Code) -> _Use | None:
    name = walk.gone.old.name
    if name.encode() not in function.text:
        return None
    text = blank_comments(function.text).decode("utf-8", "replace")
    arguments = r"\s*,\s*".join(_STEADY for _ in walk.parameters)
    call = rf"\b(?:return|(?P<taker>\w+)\s*=)\s*\b{name}\s*\((?P<arguments>\s*{arguments}\s*)\)\s*;"
    found = list(re.finditer(call, text))
    words = re.findall(r"\w+", text)
    takers = {one["taker"] or "" for one in found}
    if len(found) != words.count(name) or len(takers) != 1 or walk.thing in words or re.search(r"(?m)^[ \t]*#", text):
        return None
    (taker,) = takers
    callees = {_given_for(walk, one["arguments"]) for one in found}
    head = re.findall(r"\w+", text.partition("{")[0])
    if not all(callee in code.functions and callee not in head for callee in callees):
        return None  # a variable could be another one at each turn
    if not taker:
        return _Use("") if walk.kept not in words else None
    used = {word for one in found for word in re.findall(r"\w+", one["arguments"])}
    local = re.search(rf"[;{{]\s*int\s(?:[^;{{}}()*]*,)?\s*{taker}\b\s*(?![\[\w])", text)
    return _Use(taker) if local and taker not in used else None


def _given_for(walk: Walk, arguments: str) -> str:
    """What a call gives for the parameter that went's loop calls."""
    return arguments.split(",")[walk.parameters.index(walk.called)].strip()


def _rule(walk: Walk, path: str, use: _Use, functions: Sequence[str], number: int) -> PortRule:
    name = walk.gone.old.name
    holes = {one: "cb" if one == walk.called else f"A{place}" for place, one in enumerate(walk.parameters)}
    kept = use.taker or walk.kept
    named = {**holes, walk.thing: walk.thing, f"&{walk.kept}": f"&{kept}"}
    given, handed = (", ".join(named[one] for one in some) for some in (walk.given, walk.handed))
    call = f"{name}({', '.join(holes.values())})"
    loop = f"+ while (({walk.thing} = {walk.next}({given})))\n+ {kept} = cb({handed});\n"
    expressions = ", ".join(one for one in holes.values() if one != "cb")
    keeps = "" if use.taker else f"+ int {kept};\n"
    symbol = f"symbol {use.taker};\n" if use.taker else ""
    gone = f"- {kept} = {call};\n{loop}" if use.taker else f"- return {call};\n{loop}+ return {kept};\n"
    text = (
        f"@walked@\nidentifier fn = {{{', '.join(functions)}}};\nexpression {expressions};\nidentifier cb;\n{symbol}@@\n"
        f" fn(...)\n {{\n+ struct {walk.tag} *{walk.thing} = NULL;\n{keeps} <+...\n{gone} ...+>\n }}\n"
    )
    shown = f"{name}({', '.join('F' if one == walk.called else one for one in walk.parameters)})"
    title = f"{shown} becomes the loop over {walk.next}() that it was, with a call of F in it"
    words = (frozenset({name}), frozenset(functions))
    ident = f"{walk.gone.id}.walked{number or ''}"
    return PortRule(ident, walk.gone.id, title, text, walk.ground, words, frozenset({path}))
