"""C text <-> Term, a syntax tree as nested tuples, which can be compared, hashed, searched and written again.

A leaf is a token; anything else is (kind, part, part, ...) with tree-sitter's kinds.  A metavariable is (HOLE, number).  A
member of which it is known whose it is, is ("field_identifier", name, tag), and goes by the name `tag.name`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import tree_sitter

from cocci_gen.code.texts.source import blank_attributes, node_text, parse

Term = str | tuple  # type: ignore[type-arg] # nested without end, which mypy cannot say

HOLE = "$"
#: A run of statements that stand side by side.
RUN = "run"
EXPRESSIONS = frozenset(
    {"identifier", "field_expression", "call_expression", "number_literal", "string_literal", "char_literal",
     "binary_expression", "unary_expression", "pointer_expression", "subscript_expression",
     "parenthesized_expression", "conditional_expression", "cast_expression", "sizeof_expression",
     "assignment_expression", "update_expression", "null", "true", "false", "concatenated_string"}
)  # fmt: skip
_TIGHT_BEFORE = frozenset({",", ";", ")", "]", "->", ".", "++", "--"})
_TIGHT_AFTER = frozenset({"(", "[", "->", ".", "!", "~"})
_WORDS = frozenset(
    {"if", "while", "for", "switch", "return", "else", "do", "case", "sizeof"}
)  # fmt: skip


def term_of(node: tree_sitter.Node) -> Term:
    """A node -> its term; comments are not part of it."""
    children = [child for child in node.children if child.type != "comment"]
    if not children:
        return _leaf(node)
    return (node.type, *(term_of(child) for child in children))


def _leaf(node: tree_sitter.Node) -> Term:
    text = node_text(node)
    if node.type in ("identifier", "field_identifier", "type_identifier", "number_literal", "null", "true", "false"):
        return (node.type, text)
    return text


def function_term(text: bytes) -> Term | None:
    """The text of a function -> the term of its body; None where it does not parse."""
    root = parse(blank_attributes(text)).root_node
    for child in root.named_children:
        if child.type == "function_definition":
            body = child.child_by_field_name("body")
            return term_of(body) if body is not None and not body.has_error else None
    return None


def subterms(term: Term) -> Iterator[Term]:
    """A term and all below it, outer ones first; tokens are left out."""
    if isinstance(term, tuple):
        yield term
        for part in term[1:]:
            if isinstance(part, tuple):
                yield from subterms(part)


def names_in(term: Term) -> Iterator[str]:
    """The identifiers in order; a member is `tag.member`, or `.member` where it is not known whose it is."""
    if isinstance(term, tuple):
        if term[0] == "field_identifier":
            yield f"{term[2] if len(term) > 2 else ''}.{term[1]}"
        elif term[0] in ("identifier", "type_identifier"):
            yield term[1]
        elif term[0] != HOLE:
            for part in term[1:]:
                yield from names_in(part)


#: The parts of members that a body names, by member (`inode.i_mtime` -> {`tv_sec`}).
Parts = Mapping[str, frozenset[str]]


def parts_in(body: Term) -> Parts:
    """The parts that a body names of members of which it is known whose they are."""
    found: dict[str, frozenset[str]] = {}
    for part in subterms(body):
        inner = part[1] if part[0] == "field_expression" else ""
        if isinstance(inner, tuple) and inner[0] == "field_expression" and len(inner[3]) == 3:
            name = f"{inner[3][2]}.{inner[3][1]}"
            found[name] = found.get(name, frozenset()) | {part[3][1]}
    return found


def spelled(name: str) -> str:
    """A name of `names_in` -> the word that stands in the code."""
    return name.rpartition(".")[2]


def is_constant(term: Term) -> bool:
    """Whether a term is a number, a string, NULL, or a name of capitals."""
    if not isinstance(term, tuple):
        return not term
    if term[0] == "identifier":
        return str(term[1]).isupper()
    return term[0] in ("number_literal", "string_literal", "char_literal", "null", "true", "false")


def holes_in(term: Term) -> Iterator[int]:
    """The numbers of the metavariables, in order, each as often as it stands there."""
    if isinstance(term, tuple):
        if term[0] == HOLE:
            yield term[1]
        else:
            for part in term[1:]:
                yield from holes_in(part)


def size_of(term: Term) -> int:
    """How many tokens are fixed."""
    if not isinstance(term, tuple):
        return 1
    return 0 if term[0] == HOLE else sum(size_of(part) for part in term[1:])


def replaced(term: Term, wanted: Mapping[Term, Term]) -> Term:
    """The term with every outermost occurrence of a key replaced."""
    if term in wanted:
        return wanted[term]
    if not isinstance(term, tuple) or term[0] == HOLE:
        return term
    return (term[0], *(replaced(part, wanted) for part in term[1:]))


def matched(pattern: Term, term: Term, bound: dict[int, Term]) -> bool:
    """Whether a term fits a pattern; `bound` gets what its metavariables stand for (and junk where it does not fit)."""
    if isinstance(pattern, tuple) and pattern[0] == HOLE:
        before = bound.get(pattern[1])
        if before is None:
            if not isinstance(term, tuple) or (term[0] not in EXPRESSIONS and term[0] != HOLE):
                return False
            bound[pattern[1]] = term
            return True
        return before == term
    if not isinstance(pattern, tuple) or not isinstance(term, tuple):
        return pattern == term
    if len(pattern) != len(term) or pattern[0] != term[0]:
        return False
    return all(matched(one, other, bound) for one, other in zip(pattern[1:], term[1:], strict=True))


def filled(pattern: Term, bound: Mapping[int, Term]) -> Term:
    """A pattern with its metavariables replaced by what they stand for; one that is not bound stays."""
    if not isinstance(pattern, tuple):
        return pattern
    if pattern[0] == HOLE:
        return bound.get(pattern[1], pattern)
    return (pattern[0], *(filled(part, bound) for part in pattern[1:]))


def written(term: Term) -> str:
    """A term as C, in the kernel's spacing; metavariable 3 is `E3`."""
    text = ""
    before = ""
    for token, unary in _tokens(term, ""):
        if text and not _joined(before, token):
            text += " "
        text += token
        before = f"{token}\0" if unary else token
    return text


def _tokens(term: Term, kind: str) -> Iterator[tuple[str, bool]]:
    """The tokens, each with whether it is a unary operator, which stands close to its operand."""
    if not isinstance(term, tuple):
        yield term, kind in ("pointer_expression", "unary_expression") and term in ("&", "*", "-", "+", "!", "~")
    elif term[0] == HOLE:
        yield f"E{term[1]}", False
    elif term[0] in ("identifier", "field_identifier", "type_identifier", "number_literal", "null", "true", "false"):
        yield term[1], False
    elif term[0] in ("string_literal", "char_literal"):
        yield "".join(token for part in term[1:] for token, _ in _tokens(part, term[0])), False
    else:
        for part in term[1:]:
            yield from _tokens(part, term[0])


def _joined(before: str, token: str) -> bool:
    """Whether no blank stands between two tokens."""
    if before.endswith("\0"):
        return True
    if token == "(":
        return before not in _WORDS and (before[-1:].isalnum() or before.endswith(("_", "(", ")")))
    return token in _TIGHT_BEFORE or before in _TIGHT_AFTER
