"""Headers and code -> TypeIndex, which structure a term is or points to; and the same told to spatch, in front of a file.

spatch runs without headers, so it knows the types of locals only.  A rule about `struct inode *E` gets, on the first
line of the file that it is to change, the members and functions that this file uses to come to an inode; the line is
taken off again afterwards.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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
_BODY = re.compile(
    rb"^(?:typedef[ \t]+)?struct(?:[ \t]+(\w+))?[ \t]*\n?\{([^{}\n]*(?=\})|.*?^(?=\}))\}([^;{}()]*;)?",
    re.MULTILINE | re.DOTALL,
)
_MEMBER = re.compile(
    rb"^[ \t]+(?:const[ \t]+)?(struct[ \t]+)?(\w+)[ \t]*((?:\*[ \t]*(?:const )?|__rcu[ \t]*)*)"
    rb"(?<!\w)(\w+)((?:\[[^\]\n]*\])*);",
    re.MULTILINE,
)
_ALIAS = re.compile(rb"^typedef[ \t]+struct[ \t]+(\w+)[ \t]*(\**)[ \t]*(\w+)[ \t]*;", re.MULTILINE)
_BEHIND = re.compile(rb"(\**)[ \t]*(\w+)[ \t]*(?=[,;])")
#: A metavariable that is or points to a structure, among the others of a rule.
_TYPED = re.compile(r"(?:^|;)\s*(?:const\s+)?struct\s+(\w+)")
#: From how many members away a structure is reached: `file->f_path.dentry->d_inode` takes three.
_STEPS = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """A member: its owner, the tag of its structure, whether it points to it, and through how many stars."""

    owner: str
    name: str
    tag: str
    pointer: bool
    steps: int


@dataclass(frozen=True, slots=True)
class Alias:
    """What `typedef struct TAG *NAME` says: the tag, and whether the name is a pointer to it."""

    tag: str
    pointer: bool


@dataclass(frozen=True, slots=True)
class TypeIndex:
    """Functions by the structure that they return a pointer to, members by name, and other names of structures."""

    returns: Mapping[str, str]
    members: Mapping[str, tuple[Reach, ...]]
    aliases: Mapping[str, Alias] = field(default_factory=dict)

    def joined(self, other: TypeIndex) -> TypeIndex:
        """Both; where they differ about a function, the other one is right."""
        members = dict(self.members)
        for name, ones in other.members.items():
            members[name] = tuple(dict.fromkeys((*members.get(name, ()), *ones)))
        return TypeIndex({**self.returns, **other.returns}, members, {**self.aliases, **other.aliases})

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
        returns = {name: tag for name, tag in self.returns.items() if name not in functions}
        return TypeIndex(returns, kept, self.aliases)

    def prelude(self, path: str, text: bytes, rule: PortRule) -> bytes:
        """What spatch has to be told so that the typed metavariables of a rule match in a file: one line, or nothing."""
        del path
        wanted = _typed(rule.text)
        if not wanted:
            return b""
        words = {word.decode() for word in words_of(text)}
        own = {body[1].decode() for body in _BODY.finditer(text) if body[1]}
        renamed = {name.decode() for _, _, name in _ALIAS.findall(text)}
        renamed |= {name for body in _BODY.finditer(text) for name, _ in _names_behind(body)}
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
        known += [
            f"typedef struct {alias.tag} {'*' * alias.pointer}{name};" for name in sorted(words - renamed)
            if (alias := self.aliases.get(name)) and alias.tag in tags and _is_type(name, text)
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
    return f"struct {one.tag} {'*' * one.steps}{one.name};"


def _is_type(name: str, text: bytes) -> bool:
    """Whether a name stands for a type in a file, and for nothing else: spatch reads no function in which it is a variable."""
    word = rb"\b" + name.encode() + rb"\b"
    value = rb"(?:->|\.)[ \t]*" + word + rb"|" + word + rb"[ \t]*(?:[=;.\[+/%&|<>?:-]|\((?![ \t]*\*))"
    return re.search(word + rb"[ \t]*[ \t*]\**\w", text) is not None and re.search(value, text) is None


def _defines(text: bytes, name: str) -> bool:
    """Whether a file declares a function itself."""
    return (
        re.search(rb"^[^\n#]*\*[ \t\n]*" + name.encode() + rb"[ \t]*\([^;{]*\)[ \t\n]*[;{]", text, re.MULTILINE)
        is not None
    )


def read_types(texts: Iterable[bytes]) -> TypeIndex:
    """Headers and code -> the index; a function that two of them declare with different types is not known."""
    returns: dict[str, str] = {}
    aliases: dict[str, Alias] = {}
    members: list[tuple[str, bytes]] = []
    for text in texts:
        for tag, name in _RETURNS.findall(text):
            key = name.decode()
            returns[key] = tag.decode() if returns.get(key, tag.decode()) == tag.decode() else ""
        for tag, stars, name in _ALIAS.findall(text):
            aliases[name.decode()] = Alias(tag.decode(), bool(stars))
        for body in _BODY.finditer(text):
            names = _names_behind(body)
            owner = body[1].decode() if body[1] else next((name for name, stars in names if not stars), "")
            if owner:
                aliases.update({name: Alias(owner, bool(stars)) for name, stars in names})
                members.append((owner, body[2]))
    found: dict[str, dict[Reach, None]] = defaultdict(dict)
    for owner, inside in members:
        for reach in _members(owner, inside, aliases):
            found[reach.name][reach] = None
    return TypeIndex(returns, {name: tuple(ones) for name, ones in found.items()}, aliases)


def _names_behind(body: re.Match[bytes]) -> list[tuple[str, str]]:
    """The names that a definition with `typedef` gives a structure, each with its stars; one without a tag goes by the first that
    is no pointer."""
    if not body[0].startswith(b"typedef"):
        return []
    return [(name.decode(), stars.decode()) for stars, name in _BEHIND.findall(body[3] or b"")]


def _members(owner: str, inside: bytes, aliases: Mapping[str, Alias]) -> Iterator[Reach]:
    """The members of a structure that are or point to structures, those by another name among them."""
    for keyword, kind, stars, name, arrays in _MEMBER.findall(inside):
        word, steps = kind.decode(), stars.count(b"*") + arrays.count(b"[")
        alias = Alias(word, pointer=False) if keyword else aliases.get(word)
        if alias is not None:
            pointer = alias.pointer or b"*" in stars
            yield Reach(owner, name.decode(), alias.tag, pointer, steps + alias.pointer)
