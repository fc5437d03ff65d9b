"""Code and the types of a kernel -> Receivers, whose a member is on a line: `x->flags` of a `struct fd`, or of anything else.

Names of members are everybody's: a line counts for a structure where the type of what stands before the member is that structure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import tree_sitter

from cocci_gen.code.texts.source import blank_attributes, node_text, parse
from cocci_gen.port.changes.evolutions import (
    Evolution,
    MemberGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
)
from cocci_gen.port.changes.mentions import places_of
from cocci_gen.port.lessons.generalise import named_types, names_with_types
from cocci_gen.port.lessons.types import TypeIndex
from cocci_gen.port.texts.instances import Code
from cocci_gen.port.texts.plain_text import plain
from cocci_gen.port.texts.terms import term_of

OfStructure = MemberGone | MemberRetyped | MethodChanged | MethodRenamed | MethodGone
#: A variable of a file that is a structure, or points to one.
_VARIABLE = re.compile(
    rb"^(?:(?:static|extern|const)[ \t]+)*struct[ \t]+(\w+)[ \t]*[\* \t](\w+)[ \t]*(?:\[[^\]\n]*\])?[ \t]*[=;]",
    re.MULTILINE,
)
_TAGGED = re.compile(rb"\bstruct[ \t\n]+(\w+)")
_ENTRY = re.compile(rb"\.[ \t]*(\w+)[ \t]*=(?!=)")
_MACRO = re.compile(rb"^[ \t]*#[ \t]*define\b(?:[^\n\\]|\\[\s\S])*", re.MULTILINE)
_BODY = re.compile(rb"^[ \t]*(?:typedef )?(?:struct|union)\b[^;{}()]*\{(.*?)^[ \t]*\}", re.MULTILINE | re.DOTALL)
_MEMBER = re.compile(
    rb"\b(\w+)[ \t]*(?:\[[^\]\n]*\][ \t]*)*(?::[ \t]*\w+[ \t]*)?[;,]|\([ \t]*\*[ \t]*(\w+)[ \t]*\)[ \t]*\("
)


@dataclass(frozen=True, slots=True)
class _Use:
    """A member on a line of its file, and the tag of its structure: "" for none, None for not known; `entry` in a table."""

    line: int
    tag: str | None
    entry: bool


class Receivers:
    """The uses of members in some code; a function is parsed when a member that it names is first asked for."""

    def __init__(self, code: Code, types: TypeIndex) -> None:
        self._code, self._types = code, types
        self._uses: dict[tuple[str, int], Mapping[str, tuple[_Use, ...]]] = {}
        self._files: dict[str, dict[str, str]] = {}
        self._words: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def others(self, path: str, evolution: Evolution) -> frozenset[int]:
        """The lines of a file on which the member that changed belongs to another structure, or to one that is not known and the
        name is not that of this member alone."""
        if not isinstance(evolution, OfStructure) or path not in self._code.facts:
            return frozenset()
        struct, member = evolution.old.struct, evolution.old.name
        alone = isinstance(evolution, MemberGone) and evolution.alone
        mine: set[int] = set()
        other: set[int] = set()
        for one in self._of(path, member):
            open_ = one.tag is None and (alone or one.entry)
            (mine if open_ or one.tag == struct else other).add(one.line)
        return frozenset((other | self._of_own_macros(path, member)) - mine)

    def ours(self, path: str, evolution: OfStructure) -> frozenset[int]:
        """The lines of a file on which the member that changed is known to belong to its structure."""
        if path not in self._code.facts:
            return frozenset()
        return frozenset(one.line for one in self._of(path, evolution.old.name) if one.tag == evolution.old.struct)

    def reached(self, path: str, evolution: Evolution) -> frozenset[int]:
        """The lines of a file that does not name the structure on which its member is used all the same, by way of others
        (`port->state->xmit`)."""
        if not isinstance(evolution, OfStructure) or path not in self._code.facts:
            return frozenset()
        text, tag = self._code.texts[path], evolution.old.struct
        if path not in self._words:
            named = frozenset(tag.decode() for tag in _TAGGED.findall(text))
            self._words[path] = frozenset(word.decode() for word in plain(text).words), named
        words, named = self._words[path]
        if evolution.old.name not in words or tag in named or self._links.get(tag, frozenset()).isdisjoint(words):
            return frozenset()
        ours = self.ours(path, evolution)
        return ours & frozenset(places_of(evolution, plain(text).code, reached=True)) if ours else ours

    @cached_property
    def _links(self) -> Mapping[str, frozenset[str]]:
        """By structure: the members, functions and names that lead to it."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, reaches in self._types.members.items():
            for one in reaches:
                found[one.tag].add(name)
        for name, tag in self._types.returns.items():
            found[tag].add(name)
        for name, alias in self._types.aliases.items():
            found[alias.tag].add(name)
        return {tag: frozenset(names) for tag, names in found.items()}

    def _of_own_macros(self, path: str, member: str) -> frozenset[int]:
        """The lines of macros that name a member which structures of the code have as well: nobody can tell whose it is."""
        if member not in self._own_members:
            return frozenset()
        text, found = self._code.texts[path], set[int]()
        for macro in _MACRO.finditer(text):
            for use in re.finditer(rb"(?:->|\.)[ \t]*" + member.encode() + rb"\b", macro[0]):
                found.add(text.count(b"\n", 0, macro.start() + use.start()) + 1)
        return frozenset(found)

    @cached_property
    def _own_members(self) -> frozenset[str]:
        """What the structures of the code name: members, and pointers to functions."""
        bodies = (body for text in self._code.texts.values() for body in _BODY.findall(text))
        return frozenset(name.decode() for body in bodies for names in _MEMBER.findall(body) for name in names if name)

    def _of(self, path: str, member: str) -> Iterator[_Use]:
        text, word = self._code.texts[path], member.encode()
        if word not in text:
            return
        spans = sorted(self._code.facts[path].functions, key=lambda one: one.start)
        for span in spans:
            part = text[span.start : span.end]
            if word in part:
                key = (path, span.start)
                if key not in self._uses:
                    self._uses[key] = self._read(part, span.line, self._variables(path) | self._names_in(part))
                yield from self._uses[key].get(member, ())
        if (path, -1) not in self._uses:
            outside = _without(text, [(span.start, span.end) for span in spans])
            self._uses[path, -1] = self._read(outside, 1, {}) if _ENTRY.search(outside) else {}
        yield from self._uses[path, -1].get(member, ())

    def _names_in(self, function: bytes) -> dict[str, str]:
        """The parameters and locals of a function, with the tags of their structures, by whatever name these go."""
        aliases = self._types.aliases
        named = {name: aliases[kind].tag for name, kind in named_types(function) if kind in aliases}
        return names_with_types(function) | named

    def _variables(self, path: str) -> dict[str, str]:
        """The variables of a file with the tag of the structure that each is or points to, those of one tag alone."""
        if path not in self._files:
            tags: dict[str, set[str]] = defaultdict(set)
            for tag, name in _VARIABLE.findall(self._code.texts[path]):
                tags[name.decode()].add(tag.decode())
            self._files[path] = {name: next(iter(ones)) for name, ones in tags.items() if len(ones) == 1}
        return self._files[path]

    def _read(self, text: bytes, first: int, types: Mapping[str, str]) -> Mapping[str, tuple[_Use, ...]]:
        """The uses in a function whose names have these types, or in what is left of a file without its functions; it begins on
        line `first`."""
        found: dict[str, list[_Use]] = defaultdict(list)
        todo = [parse(blank_attributes(text)).root_node]
        while todo:
            node = todo.pop()
            todo.extend(node.named_children)
            if node.type == "field_expression":
                field = node.child_by_field_name("field")
                if field is not None:
                    tag = self._types.of_names(types, term_of(node.named_children[0]))
                    found[node_text(field)].append(_Use(first + field.start_point[0], tag, entry=False))
            elif node.type == "initializer_pair":
                name = _field_of(node)
                if name:
                    found[name].append(_Use(first + node.start_point[0], self._tag_of_list(node.parent), entry=True))
        return {name: tuple(ones) for name, ones in found.items()}

    def _tag_of_list(self, node: tree_sitter.Node | None) -> str | None:
        """The structure that a list in braces fills."""
        above = node.parent if node is not None else None
        if above is None:
            return None
        match above.type:
            case "init_declarator" | "compound_literal_expression":
                kind = (above.parent if above.type == "init_declarator" else above) or above
                specifier = kind.child_by_field_name("type")
                return _tag(specifier) if specifier is not None else None
            case "initializer_pair":
                name = _field_of(above)
                if not name:
                    return self._tag_of_list(above.parent)  # an element of an array: `[3] = { .owner = ... }`
                return self._types.of_member(self._tag_of_list(above.parent), name)
            case "initializer_list":
                declarator = above.parent.child_by_field_name("declarator") if above.parent is not None else None
                is_array = declarator is not None and declarator.type == "array_declarator"
                return self._tag_of_list(above) if is_array else None
        return None


def _field_of(pair: tree_sitter.Node) -> str:
    """The member that an entry of a table names, "" for an element of an array."""
    for child in pair.named_children:
        if child.type in ("field_designator", "field_identifier"):  # `.open = f`, and gcc's older `open: f`
            return node_text(child).lstrip(". \t")
    return ""


def _tag(kind: tree_sitter.Node) -> str | None:
    """The tag of a type as it is written: "" for no structure, None for the name of a type."""
    if kind.type == "type_descriptor":
        inner = kind.child_by_field_name("type")
        return _tag(inner) if inner is not None else None
    if kind.type == "struct_specifier":
        name = kind.child_by_field_name("name")
        return node_text(name) if name is not None else None
    return "" if kind.type == "primitive_type" else None


def _without(text: bytes, spans: list[tuple[int, int]]) -> bytes:
    """A text with some parts blanked, lines kept."""
    parts: list[bytes] = []
    done = 0
    for start, end in spans:
        if start >= done:
            parts += [text[done:start], b"\n" * text.count(b"\n", start, end)]
            done = end
    return b"".join([*parts, text[done:]])
