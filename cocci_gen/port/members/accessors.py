"""Members that went behind functions, and what the tree shows of them -> rules for all of them, whatever is stored or read.

`inode->i_mtime` became inode_get_mtime(), inode_set_mtime(), inode_set_mtime_to_ts() and two more.  The tree shows some of these
for some of the members; the others are declared beside them, with the same types and the same words in their names.  What a
function of these does is told by its declaration: one that takes the structure and gives the member's type reads it, one that
takes both sets it, one that takes the structure and the parts of the member sets it by parts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cocci_gen.document.declarations import type_of
from cocci_gen.port.changes.declared import Declared, Function
from cocci_gen.port.changes.evolutions import Evolution, MemberGone, name_of_change, plain_type
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.support import LearnedRule
from cocci_gen.port.members.addresses import Held
from cocci_gen.port.texts.parameters import name_of, without_name
from cocci_gen.port.texts.terms import Term, names_in, subterms
from cocci_gen.port.texts.trees import Sources

#: A header by path -> what it declares in the new kernel.
Declarations = Callable[[str], Declared]


@dataclass(frozen=True, slots=True)
class Accessors:
    """The functions for one member: to read it, to set it, to set it by its parts, and to read one part ("" for none); the parts
    in the order in which they are set, and whether those that set it give it back."""

    gone: MemberGone
    get: str = ""
    set: str = ""
    set_parts: str = ""
    parts: tuple[str, ...] = ()
    get_part: Mapping[str, str] = field(default_factory=dict)
    gives_back: bool = False

    @property
    def stem(self) -> str:
        """The beginning of the names of its rules."""
        return f"{self.gone.old.struct}_{self.gone.old.name}"

    @property
    def base(self) -> str:
        """The metavariable whose member it is."""
        return f"struct {self.gone.old.struct} *E;\n"


def declarations_of(new: Sources) -> Declarations:
    """The new kernel -> what a header of it declares, read when first asked for."""
    known: dict[str, Declared] = {}

    def declared(path: str) -> Declared:
        if path not in known:
            known[path] = read_headers(new.texts([path] if path in new.oids else []))
        return known[path]

    return declared


def held_members(
    evolutions: Iterable[Evolution],
    learned: Sequence[LearnedRule],
    declarations: Declarations,
    local_of: Callable[[str], str],
) -> tuple[Held, ...]:
    """The same, and what the tree calls a local of a type -> the members of which it shows how they are read and set."""
    held = []
    for found, shown in families(evolutions, learned, declarations):
        grounds = grounds_of(found, shown)
        for one in found:
            if one.get and one.set and "set" in grounds:
                old = one.gone.old
                names = (one.gone.id, old.struct, old.name, old.type, one.get, one.set)
                held.append(Held(*names, grounds["set"], one.parts, local_of(old.type)))
    return tuple(held)


#: Members by name, with the functions that stand for them, and how sure that is.
Shown = Mapping[str, Sequence[tuple[frozenset[str], Learned]]]


def families(
    evolutions: Iterable[Evolution], learned: Sequence[LearnedRule], declarations: Declarations
) -> Iterator[tuple[list[Accessors], Shown]]:
    """The members of one structure and type of which some rule shows that they went behind functions."""
    families: dict[tuple[str, str], list[MemberGone]] = defaultdict(list)
    for one in evolutions:
        if isinstance(one, MemberGone):
            families[one.old.struct, one.old.type].append(one)
    shown = _shown(learned)
    for members in families.values():
        if any(name_of_change(one) in shown for one in members):
            parts = _parts(members, learned)
            yield _family(members, declarations, parts), shown


def _shown(learned: Sequence[LearnedRule]) -> dict[str, list[tuple[frozenset[str], Learned]]]:
    """The members that rules name -> the functions that stand for them, and how sure that is."""
    found: dict[str, list[tuple[frozenset[str], Learned]]] = defaultdict(list)
    for rule in learned:
        calls = frozenset(_called(rule.template.right))
        for name in dict.fromkeys(names_in(rule.template.left)):
            if "." in name:
                found[name].append((calls, rule.ground))
    return found


def _called(term: Term) -> Iterator[str]:
    for part in subterms(term):
        if part[0] == "call_expression" and isinstance(part[1], tuple) and part[1][0] == "identifier":
            yield part[1][1]


def _parts(members: Iterable[MemberGone], learned: Iterable[LearnedRule]) -> frozenset[str]:
    """The members of the members that rules name: `tv_sec` of `E0->i_mtime.tv_sec`."""
    words = {one.old.name for one in members}
    return frozenset(
        part[3][1]
        for rule in learned
        for part in subterms(rule.template.left)
        if part[0] == "field_expression"
        and isinstance(part[1], tuple)
        and part[1][0] == "field_expression"
        and part[1][3][1] in words
    )


#: By role (`get`, `set`, `set_parts`, or the part that is read) the names of the functions that may have it.
_Candidates = Mapping[str, Sequence[str]]


def _family(members: Sequence[MemberGone], declarations: Declarations, parts: frozenset[str]) -> list[Accessors]:
    """The functions for each member.  Where several may have a role (`inode_set_ctime_to_ts`, `inode_set_ctime_deleg`), it is the
    one that is named as that of another member is (`inode_set_mtime_to_ts`)."""
    told = [_candidates(one, declarations(one.old.path), parts) for one in members]
    named: dict[str, set[str]] = defaultdict(set)
    for one, (roles, _) in zip(members, told, strict=True):
        for role, names in roles.items():
            if len(names) == 1:
                named[role].add(_pattern(names[0], one))
    found = []
    for one, (roles, order) in zip(members, told, strict=True):
        only = {
            role: left[0] for role, names in roles.items()
            if len(left := [name for name in names if len(names) == 1 or _pattern(name, one) in named[role]]) == 1
        }  # fmt: skip
        found.append(_accessors(one, declarations(one.old.path), parts, only, order))
    return found


def _word(gone: MemberGone) -> str:
    """The word of a member that is in the names of its functions: `mtime`."""
    return gone.old.name.rpartition("_")[2]


def _pattern(name: str, gone: MemberGone) -> str:
    """The name of a function with a gap for the word of the member."""
    return "_".join("" if part == _word(gone) else part for part in name.split("_"))


def _candidates(gone: MemberGone, declared: Declared, parts: frozenset[str]) -> tuple[_Candidates, tuple[str, ...]]:
    """The functions beside a structure that may be for this member, as its word is in their names and its type in their types;
    and the order in which parts are set."""
    kind = plain_type(gone.old.type)
    roles: dict[str, list[str]] = defaultdict(list)
    order: tuple[str, ...] = ()
    for ones in declared.functions.values():
        one = ones[0]
        if _word(gone) not in one.name.split("_") or not one.parameters or not _takes(one, gone.old.struct):
            continue
        rest = one.parameters[1:]
        named = tuple(next((part for part in parts if part.endswith(f"_{name_of(given)}")), "") for given in rest)
        if not rest and plain_type(one.returns) == kind:
            roles["get"].append(one.name)
        elif not rest:
            for part in parts:
                if one.name.endswith(part[part.find("_") :]):
                    roles[part].append(one.name)
        elif len(rest) == 1 and type_of(rest[0]) == kind:
            roles["set"].append(one.name)
        elif len(rest) == 2 and all(named) and set(named) == parts:
            roles["set_parts"].append(one.name)
            order = named
    if len(roles["get"]) > 1:  # one that also changes something does not take a constant
        roles["get"] = [name for name in roles["get"] if "const " in declared.functions[name][0].parameters[0]]
    return roles, order


def _accessors(
    gone: MemberGone, declared: Declared, parts: frozenset[str], only: Mapping[str, str], order: tuple[str, ...]
) -> Accessors:
    """The functions by their roles."""
    kind = plain_type(gone.old.type)
    get_part = {part: only[part] for part in sorted(parts) if part in only}
    setters = [declared.functions[only[role]][0] for role in ("set", "set_parts") if role in only]
    back = len(setters) > 1 and all(plain_type(one.returns) == kind for one in setters)
    get, set_, set_parts = (only.get(role, "") for role in ("get", "set", "set_parts"))
    return Accessors(gone, get, set_, set_parts, order, get_part, back)


def _takes(one: Function, struct: str) -> bool:
    return re.fullmatch(rf"(?:const )?struct {struct} \*", without_name(one.parameters[0])) is not None


def grounds_of(found: Sequence[Accessors], shown: Shown) -> dict[str, Learned]:
    """What shows each way to use the members of a family."""
    grounds: dict[str, Learned] = {}
    for one in found:
        for calls, ground in shown.get(name_of_change(one.gone), ()):
            for role, functions in _roles(one).items():
                if calls & functions and (role not in grounds or grounds[role].shown < ground.shown):
                    grounds[role] = ground
    return grounds


def _roles(one: Accessors) -> dict[str, frozenset[str]]:
    return {
        "get": frozenset({one.get} - {""}),
        "set": frozenset({one.set} - {""}),
        "parts": frozenset({one.set_parts} - {""}),
        "part": frozenset(one.get_part.values()),
    }
