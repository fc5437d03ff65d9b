"""Bound -> Breaks of returned values: a constant that a method may return becomes one that it may not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.corpus.mutants.mutations import Body, Bound, Break, reached
from cocci_gen.corpus.mutants.places import near_callees
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.returns.codes import Code, codes
from cocci_gen.kinds.returns.rule import ReturnRule
from cocci_gen.kinds.sleeps.ways_out import WayOutRule

#: Values that are wrong for some method.
_WRONG = ("NULL", "0", "1", "-EIO", "VM_FAULT_RETRY", "AOP_TRUNCATED_PAGE")
#: A wrong value -> the right one that means the same; what another one meant, no fix could know.
_SORT = {"VM_FAULT_RETRY": "VM_FAULT_NOPAGE"}
_CONSTANT = re.compile(r"return (-?[A-Z0-9_]+|(?:ERR_PTR|VM_FAULT_\w+) ?\([^()]*\)|vmf_error\([^()]*\));")


def value_breaks(_: ReturnRule, bound: Bound) -> Iterator[Break]:
    """A wrong value returned, by the method or by a function whose result it returns."""
    for code in codes():
        if (
            bound.obligation.struct != code.struct
            or bound.obligation.method not in code.methods
            or code.tested
            or code.beside
        ):
            continue
        yield from _wrong(bound, code, bound.definition, bound.graph, deep=False)
        if not code.follows:
            continue
        for node in bound.graph.nodes:
            if node.kind != "return" or "?" in node.text:
                continue
            for call in node.calls[-1:]:
                if re.fullmatch(rf"return {re.escape(call.callee)} ?\(.*\);", node.text):
                    for callee, graph in near_callees(bound, call):
                        yield from _wrong(bound, code, callee, graph, deep=True)


def way_out_breaks(_: WayOutRule, bound: Bound) -> Iterator[Break]:
    """The way out of rcu-walk becomes an error that ends the system call."""
    for statement in Body(bound.definition, bound.facts.index.text(bound.definition.path)).returns():
        if re.search(r"(?<!\w)-ECHILD\b", statement.text):
            text = re.sub(r"(?<!\w)-ECHILD\b", "-EIO", statement.text)
            words = f"`{statement.text}` at line {statement.line} becomes `{text}`"
            yield Break(bound.definition, statement.start, statement.end, text.encode(), words, deep=False)


def _wrong(bound: Bound, code: Code, target: Definition, graph: Graph, *, deep: bool) -> Iterator[Break]:
    blocked = {
        n
        for n, node in enumerate(graph.nodes)
        if code.unless
        and (
            any(re.search(rf"\b{code.unless}\b", argument) for call in node.calls for argument in call.arguments)
            or any(re.search(rf"\b{code.unless}\b", a.left) for a in node.assignments)
            or (node.kind == "condition" and code.never.search(node.text))
        )
    }
    lines = {graph.nodes[n].line for n in reached(graph, (0,), frozenset(blocked)) if graph.nodes[n].kind == "return"}
    pointer = graph.returns.endswith("*")
    for statement in Body(target, bound.facts.index.text(target.path)).returns():
        found = _CONSTANT.fullmatch(statement.text)
        if found is None or statement.line not in lines or code.is_wrong(found.group(1)):
            continue
        for value in _WRONG:
            if code.is_wrong(value) and pointer == (value == "NULL") and _SORT.get(value, found[1]) == found[1]:
                words = f"`{statement.text}` at line {statement.line} becomes `return {value};`"
                yield Break(target, statement.start, statement.end, f"return {value};".encode(), words, deep)
