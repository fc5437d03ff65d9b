"""Members that nobody may set any more, and the new headers -> rules that set them by the helpers that the headers have for it.

`vma->vm_flags` is constant by now, and vm_flags_clear(vma, flags) does `ACCESS_PRIVATE(vma, __vm_flags) &= ~flags`: it says that
it does what the old code did, whatever the tree shows.  What is stored whole is not told so: several helpers do that, each with
something else beside.  One that does both at once (`vm_flags_mod(vma, set, clear)`, by way of others) stands for flags that come
and others that go right behind, if it does nothing beside that the helpers for each do not do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from cocci_gen.port.changes.evolutions import Evolution, MemberRetyped
from cocci_gen.port.lessons.learned import inline_definitions
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.texts.trees import Sources

_HEAD = re.compile(r"\b(\w+)\s*\(\s*struct (\w+) \*(\w+),[^,()]*?\b(\w+)\s*\)\s*\{")
#: How a helper stores: to the member or to its private twin, flags that come or go.
_STORE = r"(?:{base}->|ACCESS_PRIVATE\({base}, )_*{member}\)? (\|= |&= ~){value};"
_ANY_STORE = re.compile(r"(?<![=!<>])=(?!=)|\+\+|--|\b(?:if|for|while|return)\b")
_BLANKS = re.compile(r"\s+")
#: Flags that come and flags that go, in one store.
_BOTH = r"(?:{base}->|ACCESS_PRIVATE\({base}, )_*{member}\)? = \({base}->_*{member} \| {come}\) & ~{go};"
_PARAMETER = re.compile(r"(\w+)\s*(?:,|\)$)")
_STATEMENT = re.compile(r"(?<=[{;]) (\w+)\(([^();]*(?:\([^()]*\)[^();]*)*)\);")
_CALLED = re.compile(r"\b(\w+)\s*\(")
#: Flags come or go; the object, those that come, those that go.
_SIGNS, _VALUES = 2, 3
#: So deep one helper may lead to another.
_DEPTH = 3


def closed_rules(evolutions: Iterable[Evolution], new: Sources) -> Iterator[PortRule]:
    """What changed, and the new kernel -> a rule for each way to change a closed member for which one helper stands in a header,
    that of the structure or another one."""
    closed = [one for one in evolutions if isinstance(one, MemberRetyped) and one.is_closed]
    words = [one.new.name.encode() for one in closed]
    paths = new.below(["include/linux"], (".h",)) if closed else ()
    texts = [text for _, text in new.texts(paths) if b"static inline" in text and any(word in text for word in words)]
    helpers = list(inline_definitions(texts).values())
    for one in closed:
        found: dict[str, list[str]] = defaultdict(list)
        for text in helpers:
            if one.new.name in text:
                sign, name = _helper(one, text)
                found[sign].append(name)
        single = {sign: names[0] for sign, names in sorted(found.items()) if sign and len(names) == 1}
        yield from _both_rules(one, single.values(), helpers)
        yield from (_rule(one, sign, name) for sign, name in single.items())


def _helper(one: MemberRetyped, text: str) -> tuple[str, str]:
    """The operator by which an inline function changes a member and nothing else, and its name; "" where it does not."""
    head = _HEAD.search(text)
    if head is None or head.group(2) != one.new.struct:
        return "", ""
    body = _BLANKS.sub(" ", text[head.end() :])
    stores = re.findall(_STORE.format(base=head.group(3), member=one.new.name, value=head.group(4)), body)
    return (stores[0].strip(), head.group(1)) if len(stores) == 1 == len(_ANY_STORE.findall(body)) else ("", "")


def _both_rules(one: MemberRetyped, single: Collection[str], helpers: Iterable[str]) -> Iterator[PortRule]:
    """The rule for flags that come and others that go right behind, where a helper for each is known and one does both."""
    by_name = {match.group(1): text for text in helpers if (match := _CALLED.search(text))}
    struct, member = one.new.struct, one.new.name
    beside = [_beside(_unfolded(name, member, by_name)) for name in single]
    found = []
    for name, text in by_name.items() if len(beside) == _SIGNS and beside[0] == beside[1] else ():
        kind, names = _parameters(text)
        if kind == struct and len(names) == _VALUES:
            body = _unfolded(name, member, by_name)
            store = _BOTH.format(base=names[0], member=member, come=names[1], go=names[2])
            alone = len(re.findall(store, body)) == 1 == len(_ANY_STORE.findall(body))
            found += [name] if alone and _beside(body) == beside[0] else []
    if len(found) == 1:
        yield _both_rule(one, found[0])


def _parameters(text: str) -> tuple[str, tuple[str, ...]]:
    """The tag of the structure to which the first parameter of an inline function points, and the names of all."""
    head = text[text.find("(") : text.find("{")].strip()
    tag = re.match(r"\(\s*struct (\w+) \*", head)
    return (tag.group(1) if tag else "", tuple(_PARAMETER.findall(head)))


def _unfolded(name: str, member: str, by_name: Mapping[str, str], depth: int = _DEPTH) -> str:
    """The body of an inline function; what it calls by itself and sets the member is there with its body."""
    body = _BLANKS.sub(" ", by_name[name].partition("{")[2])

    def inside(match: re.Match[str]) -> str:
        called, given = match.group(1), [one.strip() for one in match.group(2).split(",")]
        names = _parameters(by_name[called])[1] if called in by_name and depth else ()
        if not names or len(names) != len(given) or called == name:
            return match.group()
        words = dict(zip(names, given, strict=True))
        text = _unfolded(called, member, by_name, depth - 1)[1:].rpartition("}")[0].rstrip()
        if not re.search(rf"\b_*{member}\b\)? [|&]?=(?!=)", text):
            return match.group()
        return re.sub(r"(?<![.>\w])\w+", lambda word: words.get(word.group(), word.group()), text)

    return _STATEMENT.sub(inside, f"{{{body}")


def _beside(body: str) -> frozenset[str]:
    """What a body calls by itself."""
    return frozenset(name for name, _ in _STATEMENT.findall(body))


def _both_rule(one: MemberRetyped, helper: str) -> PortRule:
    member = f"E->{one.old.name}"
    text = "\n".join(
        f"@{helper}_{number}@\nstruct {one.old.struct} *E;\nexpression V, W;\n@@\n"
        f"- {member} |= V;\n- {member} &= {way};\n+ {helper}(E, V, W);\n"
        for number, way in enumerate(("~(W)", "~W"))
    )
    title = f"{member} |= V; {member} &= ~W; becomes {helper}(E, V, W), which does that"
    return PortRule(f"{one.id}.{helper}", one.id, title, text, Declarations(), (frozenset({one.old.name}),))


def _rule(one: MemberRetyped, sign: str, helper: str) -> PortRule:
    struct, member = one.old.struct, one.old.name
    head = f"struct {struct} *E;\nexpression V;\n@@\n"
    ways = [f"{sign}(V)", f"{sign}V"] if sign.endswith("~") else [f"{sign} V"]
    text = "\n".join(
        f"@{helper}_{number}@\n{head}- E->{member} {way};\n+ {helper}(E, V);\n" for number, way in enumerate(ways)
    )
    title = f"E->{member} {ways[-1]} becomes {helper}(E, V), which does that"
    return PortRule(f"{one.id}.{helper}", one.id, title, text, Declarations(), (frozenset({member}),))
