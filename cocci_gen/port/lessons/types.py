"""Headers and code -> TypeIndex, which structure a term is or points to; and the same told to spatch, in front of a file.

spatch runs without headers, so it knows the types of locals only.  A rule about `struct inode *E` gets, on the first
line of the file that it is to change, the members and functions that this file uses to come to an inode; the line is
taken off again afterwards.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from cocci_gen.coccinelle.smpl import rule_parts
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, MemberRetyped
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.texts.plain_text import words_of
from cocci_gen.port.texts.terms import Term, subterms

_RETURNS = re.compile(
    rb"^(?:(?:static|extern|inline|__always_inline|__must_check|const)[ \t]+)*struct[ \t]+(\w+)[ \t]*\*[ \t\n]*(\w+)[ \t]*\(",
    re.MULTILINE,
)
_BODY = re.compile(rb"^(?:typedef )?struct[ \t]+(\w+)[ \t]*\n?\{(.*?)^\}", re.MULTILINE | re.DOTALL)
_MEMBER = re.compile(
    rb"^[ \t]+(?:const )?struct[ \t]+(\w+)[ \t]*((?:\*[ \t]*(?:const )?|__rcu[ \t]*)*)(\w+)(?:\[[^\]\n]*\])?;",
    re.MULTILINE,
)
#: A metavariable that is or points to a structure, among the others of a rule.
_TYPED = re.compile(r"(?:^|;)\s*(?:const\s+)?struct\s+(\w+)")
#: From how many members away a structure is reached: `file->f_path.dentry->d_inode` takes three.
_STEPS = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """A member: its owner, the tag of its structure, and whether it points to it."""

    owner: str
    name: str
    tag: str
    pointer: bool


@dataclass(frozen=True, slots=True)
class TypeIndex:
    """Functions by the structure that they return a pointer to, and members by name."""

    returns: Mapping[str, str]
    members: Mapping[str, tuple[Reach, ...]]

    def joined(self, other: TypeIndex) -> TypeIndex:
        """Both; where they differ about a function, the other one is right."""
        members = dict(self.members)
        for name, ones in other.members.items():
            members[name] = tuple(dict.fromkeys((*members.get(name, ()), *ones)))
        return TypeIndex({**self.returns, **other.returns}, members)

    def held(self) -> dict[str, frozenset[str]]:
        """By the name of a part: the structures that others hold one of under that name."""
        found = {name: frozenset(one.tag for one in ones if not one.pointer) for name, ones in self.members.items()}
        return {name: tags for name, tags in found.items() if tags}

    def of_names(self, types: Mapping[str, str], term: Term) -> str | None:
        """The types of a function's names, and a term of it -> the tag of the structure that the term is or points to: "" for
        none, None for not known."""
        if not isinstance(term, tuple):
            return None
        match term[0]:
            case "identifier":
                return types.get(term[1])
            case "field_expression":
                return self._of_member(types, term)
            case "call_expression":
                callee = term[1]
                return self.returns.get(callee[1]) if isinstance(callee, tuple) and callee[0] == "identifier" else None
            case "parenthesized_expression" | "pointer_expression":
                return self.of_names(types, term[2])
            case "cast_expression":
                return _tag_of_cast(term)
            case "subscript_expression":
                return self.of_names(types, term[1])
        return None

    def of_member(self, owner: str | None, name: str) -> str | None:
        """The tag of the structure that a member is or points to, of a structure that is known or not (None)."""
        fitting = {one.tag for one in self.members.get(name, ()) if owner is None or one.owner == owner}
        return next(iter(fitting)) if len(fitting) == 1 else None

    def _of_member(self, types: Mapping[str, str], term: Term) -> str | None:
        return self.of_member(self.of_names(types, term[1]), str(term[3][1])) if isinstance(term[3], tuple) else None

    def without_changed(self, evolutions: Iterable[Evolution]) -> TypeIndex:
        """What is known without the members and functions that another structure is behind by now: whoever follows a rule about
        the old one would hand the new one to it."""
        members = {
            (one.old.struct, one.old.name) for one in evolutions
            if isinstance(one, MemberRetyped) and _tags(one.old.type) != _tags(one.new.type)
        }  # fmt: skip
        functions = {
            one.old.name for one in evolutions
            if isinstance(one, FunctionChanged) and _tags(one.old.returns) != _tags(one.new.returns)
        }  # fmt: skip
        kept = {
            name: tuple(one for one in ones if (one.owner, name) not in members) for name, ones in self.members.items()
        }
        return TypeIndex({name: tag for name, tag in self.returns.items() if name not in functions}, kept)

    def prelude(self, path: str, text: bytes, rule: PortRule) -> bytes:
        """What spatch has to be told so that the typed metavariables of a rule match in a file: one line, or nothing."""
        del path
        wanted = _typed(rule.text)
        if not wanted:
            return b""
        words = {word.decode() for word in words_of(text)}
        own = {tag.decode() for tag, _ in _BODY.findall(text)}
        owners: dict[str, set[Reach]] = defaultdict(set)
        tags = set(wanted)
        for _ in range(_STEPS):
            found = {
                one for name in words for one in self.members.get(name, ()) if one.tag in tags and one.owner not in own
            }  # fmt: skip
            for one in found:
                owners[one.owner].add(one)
            tags |= {one.owner for one in found}
        known = [
            f"struct {owner} {{ {' '.join(_member(one) for one in sorted(ones, key=lambda one: one.name))} }};"
            for owner, ones in sorted(owners.items())
        ]
        known += [
            f"struct {self.returns[name]} *{name}();" for name in sorted(words)
            if self.returns.get(name) in tags and not _defines(text, name)
        ]  # fmt: skip
        return (" ".join(known) + " ").encode() if known else b""


def _tags(kind: str) -> list[str]:
    """The tags of the structures in a type."""
    return re.findall(r"\bstruct (\w+)", kind)


@cache
def _typed(smpl: str) -> frozenset[str]:
    """The tags of the structures that metavariables of a semantic patch stand for."""
    return frozenset(tag for declarations, _ in rule_parts(smpl) for tag in _TYPED.findall(declarations))


def _tag_of_cast(term: Term) -> str | None:
    """The tag of the structure that a cast makes a pointer to; None where its type is a name."""
    for part in subterms(term[2]):
        if part[0] == "struct_specifier":
            return next(
                (str(one[1]) for one in part[1:] if isinstance(one, tuple) and one[0] == "type_identifier"), None
            )
    return None


def _member(one: Reach) -> str:
    return f"struct {one.tag} {'*' if one.pointer else ''}{one.name};"


def _defines(text: bytes, name: str) -> bool:
    """Whether a file declares a function itself."""
    return (
        re.search(rb"^[^\n#]*\*[ \t\n]*" + name.encode() + rb"[ \t]*\([^;{]*\)[ \t\n]*[;{]", text, re.MULTILINE)
        is not None
    )


def read_types(texts: Iterable[bytes]) -> TypeIndex:
    """Headers and code -> the index; a function that two of them declare with different types is not known."""
    returns: dict[str, str] = {}
    members: dict[str, dict[Reach, None]] = defaultdict(dict)
    for text in texts:
        for tag, name in _RETURNS.findall(text):
            key = name.decode()
            returns[key] = tag.decode() if returns.get(key, tag.decode()) == tag.decode() else ""
        for owner, body in _BODY.findall(text):
            for tag, stars, name in _MEMBER.findall(body):
                reach = Reach(owner.decode(), name.decode(), tag.decode(), b"*" in stars)
                members[reach.name][reach] = None
    return TypeIndex(returns, {name: tuple(ones) for name, ones in members.items()})
