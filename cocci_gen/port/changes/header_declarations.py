"""The header files of a kernel -> Declared.

Only headers that differ between two kernels are read: what did not change there did not change at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import tree_sitter

from cocci_gen.code.graphs.syntax import returned_type, squeezed
from cocci_gen.code.texts.source import blank_attributes, function_name, node_text, parse
from cocci_gen.document.declarations import Prototype, split_parameters
from cocci_gen.facts.tree.headers import read_structs
from cocci_gen.port.changes.declared import Constant, Declared, Function, Macro, Member, Method
from cocci_gen.port.changes.made_functions import Made, made_functions

_TAGS = re.compile(rb"^(?:typedef )?struct[ \t]+(\w+)[ \t]*\n?\{", re.MULTILINE)

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)

#: The name in a declarator: `* const *s_xattr`, `slots[4]`.
_NAME = re.compile(r"\w+(?=\s*(?:[\[:].*)?$)", re.DOTALL)

#: `typedef int handler(struct table *t);` and `typedef int (*handler)(struct table *t);`
_FUNCTION_TYPE = re.compile(
    rb"^typedef[ \t]+([^;{}()=]+?)(\([ \t]*\*)?[ \t]*\b(\w+)\)?[ \t]*\(([^;{}]*)\);", re.MULTILINE
)

_EXTERN = re.compile(rb"^extern[ \t]+", re.MULTILINE)

#: What a compiler is told of a function behind its parameters: `void down(struct sem *s) __acquires(s);`
_BEHIND = re.compile(rb"(?<=\))[ \t\n]*(?:__\w+(?:[ \t]*\((?:[^()\n]|\([^()\n]*\))*\))?[ \t\n]*)+(?=[;{])")

#: A macro that declares something by itself, without a semicolon: what follows would be read as its body.
_ALONE = re.compile(rb"^[A-Z][A-Z0-9_]*\((?:[^()\n]|\((?:[^()]|\([^()]*\))*\)|\n[ \t])*\)[ \t]*$", re.MULTILINE)

#: What a macro that is named as a member stands for: `__fl_common.flowic_tos`.
_OF_A_PART = re.compile(r"\s*\w*[a-z]\w*(?:\.\w+)+\s*")

#: A union without a name that holds nothing but members of its own.
_UNION = re.compile(rb"\bunion\s*\{[^{}]*\}\s*;")

#: Nodes of the syntax tree through which declarations are looked for.
_THROUGH = ("preproc_", "linkage_specification", "declaration_list", "translation_unit", "ERROR")


def read_headers(headers: Iterable[tuple[str, bytes]]) -> Declared:
    """(path, text) of header files -> what they declare."""
    declared = Declared()
    named: dict[str, Prototype] = {}
    listed = list(headers)
    for path, text in listed:
        _read(path, text, declared)
        types = dict(_function_types(text))
        named.update(types)
        declared.pointers.update({name: _pointer(one) for name, one in types.items() if not name.endswith("*")})
    for made in made_functions(listed):
        _take_made(made, declared)
    for words in declared.said.values():
        words.update(*(declared.bodies[word] for word in words & declared.bodies.keys()))
    for (struct, member), ones in declared.members.items():
        found = named.get(ones[0].type)
        if found is not None:
            method = Method(struct, replace(found, method=member), ones[0].path)
            declared.methods.setdefault((struct, member), []).append(method)
    return declared


def _pointer(prototype: Prototype) -> str:
    """`int (*{})(struct row *row)`, with the name of a parameter to come."""
    given = ", ".join(prototype.parameters).replace("{", "").replace("}", "")
    space = "" if prototype.returns.endswith("*") else " "
    return f"{prototype.returns}{space}(*{{}})({given})"


def _take_made(made: Made, declared: Declared) -> None:
    """The functions of one line, as if they were written there."""
    text = made.text.encode()
    header = _Header(made.path, text)
    for node in _declarations(parse(blank_attributes(text)).root_node):
        name = function_name(node) if node.type == "function_definition" else ""
        if name:
            one = Function(name, _returned(node), _parameters(node, header), made.path, made.line)
            declared.functions.setdefault(name, []).append(one)


def _function_types(text: bytes) -> Iterator[tuple[str, Prototype]]:
    """The types of functions that a header names, as members are declared with them (`handler *`, `handler_t`)."""
    for found in _FUNCTION_TYPE.finditer(text):
        returns, star, name, inside = (part.decode("utf-8", "replace") if part else "" for part in found.groups())
        line = text.count(b"\n", 0, found.start()) + 1
        parameters = split_parameters(_COMMENT.sub(" ", inside))
        words = " ".join(found.group().decode("utf-8", "replace").split())
        one = Prototype(name, returns.strip(), parameters, words, line, line, "", ())
        yield (name if star else f"{name} *"), one


def _read(path: str, text: bytes, declared: Declared) -> None:
    tags = {match.decode() for match in _TAGS.findall(text)}
    if b"(*" in text or b"( *" in text:
        for struct in read_structs(text, path, tags):
            for prototype in (*struct.methods, *struct.inner):
                key = (struct.name, prototype.method)
                declared.methods.setdefault(key, []).append(Method(struct.name, prototype, path))
            declared.twins.update({(struct.name, name): others for name, others in _twins(struct.inner, text)})
    plain = _ALONE.sub(_blanked, _BEHIND.sub(_blanked, _EXTERN.sub(_blanked, text)))
    for node in _declarations(parse(blank_attributes(plain)).root_node):
        _take(node, _Header(path, text), declared)


def _twins(inner: Sequence[Prototype], text: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The methods of unions without a name that share their place with others of the same prototype, with these."""
    unions = [
        range(text.count(b"\n", 0, one.start()), text.count(b"\n", 0, one.end())) for one in _UNION.finditer(text)
    ]
    for one in inner:
        around = [lines for lines in unions if one.line - 1 in lines]
        there = [other for other in inner if any(other.line - 1 in lines for lines in around)]
        alike = (other.method for other in there if other.signature == one.signature and other.method != one.method)
        if names := tuple(dict.fromkeys(alike)):
            yield one.method, names


def _blanked(match: re.Match[bytes]) -> bytes:
    return re.sub(rb"[^\n]", b" ", match.group())


@dataclass(frozen=True, slots=True)
class _Header:
    """A header: blanking attributes keeps offsets, so the text as it is written can be looked up."""

    path: str
    text: bytes


def _declarations(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The outermost declarations, through conditions and `extern "C"`."""
    for child in root.children:
        if child.type in ("preproc_def", "preproc_function_def"):
            yield child
        elif child.type.startswith(_THROUGH):
            yield from _declarations(child)
        else:
            yield child


def _take(node: tree_sitter.Node, header: _Header, declared: Declared) -> None:
    line = node.start_point[0] + 1
    if node.type in ("preproc_def", "preproc_function_def"):
        name = node.child_by_field_name("name")
        parameters = node.child_by_field_name("parameters")
        if name is not None:
            arity = len(parameters.named_children) if parameters is not None else -1
            arity = -2 if parameters is not None and "..." in node_text(parameters) else arity
            value = node.child_by_field_name("value")
            member = arity == -1 and value is not None and _OF_A_PART.fullmatch(node_text(value)) is not None
            one = Macro(node_text(name), arity, header.path, line, member)
            declared.macros.setdefault(one.name, []).append(one)
            if value is not None and ";" in node_text(value):
                declared.bodies.setdefault(node_text(name), set()).update(re.findall(r"\w+", node_text(value)))
    elif node.type == "function_definition":
        _take_function(node, header, declared)
    elif node.type in ("declaration", "type_definition"):
        if node.type == "declaration":
            _take_function(node, header, declared)
            _take_variable(node, header, declared)
        else:
            declared.types |= {node_text(one) for one in node.children_by_field_name("declarator")}
            declared.meant.update(_meant(node))
        for child in node.named_children:
            _take(child, header, declared)
    elif node.type in ("struct_specifier", "union_specifier"):
        _take_struct(node, header.path, declared)
        body = node.child_by_field_name("body")
        for child in body.children if body is not None else ():
            if child.type == "preproc_def":  # `#define flowi4_tos __fl_common.flowic_tos`, beside what it stands for
                _take(child, header, declared)
    elif node.type == "enum_specifier":
        _take_enum(node, header.path, declared)


def _meant(node: tree_sitter.Node) -> Iterator[tuple[str, str]]:
    """`typedef struct row {...} row_t;` -> row_t, `struct row`."""
    kind = node.child_by_field_name("type")
    tag = kind.child_by_field_name("name") if kind is not None and kind.type == "struct_specifier" else None
    if tag is not None and node.child(1) == kind:
        for one in node.children_by_field_name("declarator"):
            if one.type == "type_identifier":
                yield node_text(one), f"struct {node_text(tag)}"


def _take_function(node: tree_sitter.Node, header: _Header, declared: Declared) -> None:
    name = function_name(node)
    if name:
        one = Function(name, _returned(node), _parameters(node, header), header.path, node.start_point[0] + 1)
        declared.functions.setdefault(name, []).append(one)


def _take_variable(node: tree_sitter.Node, header: _Header, declared: Declared) -> None:
    """`extern struct user_namespace init_user_ns;` is a name that expressions use, as an enumerator is."""
    line_start = header.text.rfind(b"\n", 0, node.start_byte) + 1
    if node.has_error or header.text[line_start : node.start_byte].strip() != b"extern":
        return
    for declarator in node.children_by_field_name("declarator"):
        named = declarator
        while named.type in ("pointer_declarator", "array_declarator"):
            inner = named.child_by_field_name("declarator")
            if inner is None:
                break
            named = inner
        if named.type == "identifier":
            line = node.start_point[0] + 1
            declared.constants.setdefault(node_text(named), []).append(
                Constant(node_text(named), header.path, line, variable=True)
            )


def _parameters(node: tree_sitter.Node, header: _Header) -> tuple[str, ...]:
    declarator = node.child_by_field_name("declarator")
    while declarator is not None and declarator.type != "function_declarator":
        declarator = declarator.child_by_field_name("declarator")
    found = declarator.child_by_field_name("parameters") if declarator is not None else None
    if found is None:
        return ()
    text = header.text[found.start_byte + 1 : found.end_byte - 1].decode("utf-8", "replace")
    return split_parameters(_COMMENT.sub(" ", text))


def _returned(node: tree_sitter.Node) -> str:
    """The returned type without words that are no part of it."""
    return re.sub(
        r"\b(?:extern|static|inline|__inline__?|__must_check|__always_inline)\b ?", "", returned_type(node)
    ).strip()


def _take_struct(node: tree_sitter.Node, path: str, declared: Declared) -> None:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    tag = node_text(name)
    declared.structs.setdefault(tag, []).append(path)
    declared.said.setdefault(tag, set()).update(re.findall(r"\w+", _COMMENT.sub(" ", node_text(body))))
    for member in _fields(body):
        kind = member.child_by_field_name("type")
        for declarator in member.children_by_field_name("declarator"):
            if "(" in node_text(declarator):
                continue
            word = _NAME.search(node_text(declarator))
            if word is not None and kind is not None:
                stars = node_text(declarator)[: word.start()].strip()
                text = f"{squeezed(kind)} {stars}".strip() if kind.child_by_field_name("body") is None else "{}"
                const = not stars and any(
                    child.type == "type_qualifier" and node_text(child) == "const" for child in member.children
                )
                found = Member(tag, word.group(), text, path, member.start_point[0] + 1, const)
                declared.members.setdefault((tag, word.group()), []).append(found)


def _fields(body: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The members of a structure; those of unions and structures without a name inside count as its own."""
    for child in body.children:
        if child.type == "field_declaration":
            yield child
            kind = child.child_by_field_name("type")
            inner = kind.child_by_field_name("body") if kind is not None else None
            if inner is not None and not child.children_by_field_name("declarator"):
                yield from _fields(inner)
        elif child.type.startswith(_THROUGH):
            yield from _fields(child)


def _take_enum(node: tree_sitter.Node, path: str, declared: Declared) -> None:
    body = node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        name = child.child_by_field_name("name") if child.type == "enumerator" else None
        if name is not None:
            one = Constant(node_text(name), path, child.start_point[0] + 1)
            declared.constants.setdefault(one.name, []).append(one)


def _joined(kind: str, name: str) -> str:
    """`struct inode *` and `inode` -> `struct inode *inode`."""
    return f"{kind}{'' if kind.endswith('*') or not name else ' '}{name}"
