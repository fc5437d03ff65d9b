"""Unions and structures inside another structure that lost their name -> rules for the members that stand in that one by now.

`dentry->d_u.d_alias` is `dentry->d_alias` since the union has no name, and a macro that takes a member takes it without the union
(`hlist_entry(node, struct dentry, d_alias)`): the headers alone tell that.  Where the same header brought a macro for a loop over
such a member (`for_each_alias(dentry, inode)`), it is used if nearly all functions of the tree that had the loop use it by now.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, MemberGone, plain_type
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.rules import Declarations as FromDeclarations
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.members.accessors import Declarations
from cocci_gen.port.members.unfolded import under_condition
from cocci_gen.port.texts.plain_text import blank_comments, plain
from cocci_gen.port.texts.trees import Sources

_MEMBER = re.compile(r"\s*(.*?[\s*])(\w+)\s*", re.DOTALL)
_MACRO = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)\(([\w, \t]+)\)[ \t]*((?:[^\n\\]|\\\n)*)", re.MULTILINE)
_CALL = re.compile(r"(\w+)\(([^{};]*)\)")


@dataclass(frozen=True, slots=True)
class _Loop:
    """A macro of a header that loops: its name, what it stands for (`{0}` for its first parameter), and how many it has."""

    name: str
    calls: str
    body: str
    parameters: int


def freed_rules(
    evolutions: Iterable[Evolution], old: Sources, before: Declarations, now: Declarations
) -> Iterator[PortRule]:
    """What changed, the old kernel, and what headers of both declare -> a rule for each member that has lost what it stood in."""
    for gone in evolutions:
        if isinstance(gone, MemberGone):
            for member in _freed(gone, old, before, now):
                part, struct = gone.old.name, gone.old.struct
                symbols = f"symbol {part}, {member};\n@@\n"
                text = f"@access@\nstruct {struct} *E0;\n{symbols}- E0->{part}.{member}\n+ E0->{member}\n"
                if gone.alone:  # else a variable of another structure may have that name
                    text += f"\n@named@\n{symbols}- {part}.{member}\n+ {member}\n"
                title = f"{part}.{member} of a struct {struct} is {member}"
                words = (frozenset({part}), frozenset({member}))
                yield PortRule(f"{gone.id}.{member}", gone.id, title, text, FromDeclarations(), words)


def loop_rules(
    evolutions: Iterable[Evolution],
    trees: tuple[Sources, Sources],
    declared: tuple[Declarations, Declarations],
    pairs: Collection[Pair],
    excluded: Collection[str] = (),
) -> Iterator[PortRule]:
    """What changed, both kernels, what their headers declare, and their functions without some groups -> a rule for each loop
    over such a member for which the new header has a macro of its own."""
    for gone in evolutions:
        if isinstance(gone, MemberGone) and gone.old.path in trees[1].oids:
            known = declared[0](gone.old.path).macros
            for member in _freed(gone, trees[0], *declared):
                for loop in _loops(blank_comments(trees[1].read(gone.old.path)).decode("utf-8", "replace"), member):
                    if loop.name not in known:
                        yield from _rule(gone, member, loop, [one for one in pairs if one.group not in excluded])


def _freed(gone: MemberGone, old: Sources, before: Declarations, now: Declarations) -> Iterator[str]:
    """The members of a part without a type of its own that the structure did not have and has now, with the same type."""
    struct, path = gone.old.struct, gone.old.path
    if gone.old.type != "{}" or path not in old.oids:
        return
    text = blank_comments(old.read(path)).decode("utf-8", "replace")
    parts = re.findall(rf"\{{([^{{}}]*)\}}\s*{gone.old.name}\s*;", text)
    for one in parts[0].split(";") if len(parts) == 1 else ():
        found = _MEMBER.fullmatch(one)
        if found and (struct, found[2]) not in before(path).members:
            ours = now(path).members.get((struct, found[2]), ())
            if len(ours) == 1 and plain_type(ours[0].type) == plain_type(found[1].strip()):
                yield found[2]


def _loops(text: str, member: str) -> Iterator[_Loop]:
    """The macros of a header, without its comments, that are one call which names a member."""
    for found in _MACRO.finditer(text):
        call = _CALL.fullmatch(" ".join(found[3].replace("\\\n", " ").split()))
        names = [one.strip() for one in found[2].split(",")]
        if call is None or under_condition(text, found.start()) or "struct" in call[2]:
            continue
        body = call[0]
        for number, name in enumerate(names):
            body = re.sub(rf"\(\s*{name}\s*\)|\b{name}\b", f"E{number}", body)
        used = [number for number in range(len(names)) if re.search(rf"\bE{number}\b", body)]
        if re.search(rf"\b{member}\b", body) and len(used) == len(names):
            yield _Loop(found[1], call[1], body, len(names))


def _rule(gone: MemberGone, member: str, loop: _Loop, pairs: Iterable[Pair]) -> Iterator[PortRule]:
    """The rule for a loop, if the functions that had it show it: what follows a call is its body."""
    had = re.compile(rf"\b{loop.calls}\s*\([^;{{}}]*\b{gone.old.name}\s*\.\s*{member}\s*\)\s*[{{\w]".encode())
    has = re.compile(rf"\b{loop.name}\s*\(".encode())
    there = loop.calls.encode(), gone.old.name.encode()
    likely = (one for one in pairs if all(word in one.old.text for word in there))
    ones = [one for one in likely if had.search(plain(one.old.text).code)]
    shown = [one for one in ones if has.search(plain(one.new.text).code)]
    groups = {one.group for one in shown}
    if not enough(len(shown), len(ones), groups):
        return
    places = [f"{one.old.path}: {one.old.name}()" for one in shown]
    others = [f"{one.old.path}: {one.old.name}()" for one in ones if one not in shown]
    ground = learned(places, others, groups)
    values = ", ".join(f"E{number}" for number in range(loop.parameters))
    text = (
        f"@loop@\niterator name {loop.calls}, {loop.name};\nexpression {values};\nsymbol {member};\nstatement S;\n@@\n"
        f"- {loop.body}\n+ {loop.name}({values})\n  S\n"
    )
    words = (frozenset({loop.calls}), frozenset({member}))
    title = f"{loop.body} is {loop.name}({values})"
    yield PortRule(f"{gone.id}.{loop.name}", gone.id, title, text, ground, words)
