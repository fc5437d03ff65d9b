"""A function that keeps an obligation -> Break, one edit that makes it (or its callee) break it.

Whether an edit breaks the contract is decided by plain reachability and by what stands in the text, not by the rule that is to
be measured.  Every edit keeps the number of lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.texts.directives import without_directives
from cocci_gen.code.texts.source import blank_attributes, node_text, parse
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.duties import TreeFacts


@dataclass(frozen=True, slots=True)
class Bound:
    """A function that an obligation binds, seen through an index in which it is the only implementation."""

    obligation: Obligation
    definition: Definition
    graph: Graph
    facts: TreeFacts


@dataclass(frozen=True, slots=True)
class Break:
    """Bytes `start` to `end` of the file of `target` become `text`; `deep` tells that the target is a callee of the method,
    `plain` that a release was deleted, which can be put back mechanically."""

    target: Definition
    start: int
    end: int
    text: bytes
    words: str
    deep: bool
    plain: bool = False

    def applied(self, text: bytes) -> bytes:
        """The file with the edit, as many lines as before."""
        return text[: self.start] + self.text + text[self.end :]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a function: bytes in its file, line, and whether an empty statement must take its place."""

    start: int
    end: int
    line: int
    text: str
    needed: bool


class Body:
    """The statements of one function, by tree-sitter."""

    def __init__(self, definition: Definition, text: bytes) -> None:
        self.definition = definition
        own = text[definition.span.start : definition.span.end]
        self.text = text
        root = parse(without_directives(blank_attributes(own))).root_node
        self.function = next((n for n in root.named_children if n.type == "function_definition"), None)

    def _walk(self) -> Iterator[tree_sitter.Node]:
        todo = [self.function] if self.function is not None else []
        while todo:
            node = todo.pop()
            yield node
            todo += reversed(node.named_children)

    def _statement(self, node: tree_sitter.Node) -> Statement:
        base, first = self.definition.span.start, self.definition.span.line
        parent = node.parent
        return Statement(
            base + node.start_byte,
            base + node.end_byte,
            first + node.start_point[0],
            " ".join(node_text(node).split()),
            parent is None or parent.type not in ("compound_statement", "case_statement"),
        )

    def calls(self, callee: str, line: int) -> Iterator[Statement]:
        """Statements on a line that are nothing but a call of `callee`."""
        for node in self._walk():
            if node.type == "expression_statement" and node.named_children:
                call = node.named_children[0]
                name = call.child_by_field_name("function") if call.type == "call_expression" else None
                statement = self._statement(node)
                if name is not None and node_text(name) == callee and statement.line == line:
                    yield statement

    def values(self, callee: str, line: int) -> Iterator[tuple[int, int]]:
        """Bytes of calls of `callee` on a line whose value is returned or assigned."""
        for node in self._walk():
            name = node.child_by_field_name("function") if node.type == "call_expression" else None
            user = node.parent.type if node.parent is not None else ""
            used = user in ("return_statement", "assignment_expression", "init_declarator")
            if name is not None and used and node_text(name) == callee and self._statement(node).line == line:
                yield self.definition.span.start + node.start_byte, self.definition.span.start + node.end_byte

    def outermost(self) -> Iterator[Statement]:
        """The statements of the outermost block that are no declarations and no labels, in order."""
        body = self.function.child_by_field_name("body") if self.function is not None else None
        for node in body.named_children if body is not None else ():
            if node.type.endswith("_statement") and node.type != "labeled_statement":
                yield self._statement(node)

    def nested(self) -> Iterator[Statement]:
        """The statements of all other blocks, in order."""
        for node in self._walk():
            block = node.parent
            inside = block is not None and block.type == "compound_statement" and block.parent is not None
            if (
                inside
                and node.type.endswith("_statement")
                and node.type not in ("labeled_statement", "compound_statement")
            ):
                assert block is not None
                assert block.parent is not None
                if block.parent.type != "function_definition":
                    yield self._statement(node)

    def ifs(self) -> Iterator[tuple[str, Statement]]:
        """(condition, statement) of every `if` without an else."""
        for node in self._walk():
            condition = node.child_by_field_name("condition") if node.type == "if_statement" else None
            if condition is not None and node.child_by_field_name("alternative") is None:
                yield " ".join(node_text(condition).split()), self._statement(node)

    def jumps(self) -> Iterator[tuple[Statement, str]]:
        """Every `goto`, and its label."""
        for node in self._walk():
            label = node.child_by_field_name("label") if node.type == "goto_statement" else None
            if label is not None:
                yield self._statement(node), node_text(label)

    def follower(self, statement: Statement) -> Statement | None:
        """The `if` without an else that comes right behind a statement; None for anything else."""
        for node in self._walk():
            if self.definition.span.start + node.end_byte == statement.end and node.type == "expression_statement":
                after = node.next_named_sibling
                if after is not None and after.type == "if_statement" and not after.child_by_field_name("alternative"):
                    return self._statement(after)
        return None

    def leader(self, statement: Statement) -> tuple[Statement, Statement] | None:
        """The `if` without an else that stands right in front of a statement, and what it does; None for anything else."""
        for node in self._walk():
            before = node.prev_named_sibling if self._starts(node, statement) else None
            while before is not None and before.type == "labeled_statement":
                before = before.named_children[-1]
            if before is not None and before.type == "if_statement" and not before.child_by_field_name("alternative"):
                does = before.child_by_field_name("consequence")
                return (self._statement(before), self._statement(does)) if does is not None else None
        return None

    def guard(self, statement: Statement) -> tuple[Statement, str] | None:
        """The `if` without an else that a statement stands in alone, and its condition; None for anything else."""
        for node in self._walk():
            above = node.parent if self._starts(node, statement) else None
            if above is not None and above.type == "compound_statement" and above.named_child_count == 1:
                above = above.parent
            if above is None or above.type != "if_statement" or above.child_by_field_name("alternative"):
                continue
            condition = above.child_by_field_name("condition")
            return (self._statement(above), " ".join(node_text(condition).split())) if condition is not None else None
        return None

    def _starts(self, node: tree_sitter.Node, statement: Statement) -> bool:
        """Whether a node is this statement."""
        begin, end = (self.definition.span.start + at for at in (node.start_byte, node.end_byte))
        return node.type == "expression_statement" and (begin, end) == (statement.start, statement.end)

    def between(self, start: int, end: int) -> bytes:
        """The text of some bytes of the file."""
        return self.text[start:end]

    def returns(self) -> Iterator[Statement]:
        """Every return."""
        yield from (self._statement(node) for node in self._walk() if node.type == "return_statement")


def deleted(target: Definition, text: bytes, statement: Statement, *, deep: bool, plain: bool = False) -> Break:
    """The break that deletes a statement."""
    gone = bytearray(re.sub(rb"[^\n]", b" ", text[statement.start : statement.end]))
    if statement.needed:
        gone[:1] = b";"
    words = f"`{statement.text}` at line {statement.line} is deleted"
    return Break(target, statement.start, statement.end, bytes(gone), words, deep, plain)


def inserted(target: Definition, statement: Statement, code: str, *, deep: bool) -> Break:
    """The break that puts code in front of a statement, on its line."""
    words = f"`{code}` is put in front of line {statement.line}"
    return Break(target, statement.start, statement.start, f"{code} ".encode(), words, deep)


def reached(graph: Graph, starts: tuple[int, ...], blocked: frozenset[int]) -> frozenset[int]:
    """The nodes behind `starts` that a way reaches which passes none of `blocked`; those are not reached themselves."""
    return graph.behind(starts, blocked) - blocked
