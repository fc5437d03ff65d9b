"""The text of one C function -> Graph."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import tree_sitter

from cocci_gen.code.control_flow import Assignment, Call, Graph, Node
from cocci_gen.code.dialect import repaired
from cocci_gen.code.directives import without_directives
from cocci_gen.code.source import blank_attributes, function_name, node_text, parse
from cocci_gen.code.syntax import effects_below, parameters_of, returned_type, squeezed
from cocci_gen.code.wrappers import wrappers


@dataclass(slots=True)
class _Draft:
    """A node that is still being joined to its successors."""

    kind: str
    line: int
    text: str
    calls: tuple[Call, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    successors: list[tuple[int, str]] = field(default_factory=list)


_Loose = list[tuple[int, str]]


class _Builder:
    """Walks the syntax tree once; `loose` are the (node, label) ends that the next node is joined to."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.drafts = [_Draft("entry", first_line, ""), _Draft("exit", first_line, "")]
        self.labels: dict[str, int] = {}
        self.gotos: list[tuple[int, str, str]] = []
        self.breaks: list[_Loose] = []
        self.continues: list[_Loose] = []
        self.switches: list[tuple[int, list[str]]] = []

    def line(self, node: tree_sitter.Node) -> int:
        return node.start_point[0] + self.first_line

    def add(self, kind: str, node: tree_sitter.Node, loose: _Loose, *, inspect: tree_sitter.Node | None = None) -> int:
        number = len(self.drafts)
        seen = node if inspect is None else inspect
        draft = _Draft(kind, self.line(node), squeezed(node))
        draft.calls, draft.assignments = effects_below(seen, self.first_line)
        self.drafts.append(draft)
        self.join(loose, number)
        return number

    def join(self, loose: _Loose, number: int) -> None:
        for source, label in loose:
            self.drafts[source].successors.append((number, label))

    # Statements: each takes the loose ends before it and gives those behind it.

    def statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        handler = getattr(self, "_" + node.type, None)
        if handler is not None:
            result: _Loose = handler(node, loose)
            return result
        if node.type in (
            "comment",
            "preproc_call",
            "preproc_def",
            "type_definition",
            "struct_specifier",
            ";",
            "attributed_statement",
        ):
            return loose
        number = self.add("statement", node, loose)
        if self._leaves(self.drafts[number]):
            self.drafts[number].successors.append((1, ""))
            return []
        return [] if self._never_returns(self.drafts[number]) else [(number, "")]

    @staticmethod
    def _leaves(draft: _Draft) -> bool:
        """Whether a statement is a macro that returns, which then reads as the return that it is."""
        called = re.fullmatch(r"(\w+) ?\((.*)\) ?;?", draft.text)
        if called is None or called[1] not in wrappers().returns:
            return False
        draft.kind, draft.text = "return", f"return {called[2]};" if called[2].strip() else "return;"
        return True

    @staticmethod
    def _never_returns(draft: _Draft) -> bool:
        ends = wrappers().never_return
        return any(
            call.callee in ends or (call.callee == "BUG_ON" and call.arguments == ("1",))
            for call in draft.calls
            if call.direct
        ) and draft.text.split("(")[0].strip() in ends | {"BUG_ON"}

    def _compound_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        for child in node.named_children:
            loose = self.statement(child, loose)
        return loose

    _else_clause = _compound_statement
    _ERROR = _compound_statement

    def _labeled_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        label = node.child_by_field_name("label")
        number = len(self.drafts)
        self.drafts.append(_Draft("statement", self.line(node), f"{node_text(label) if label else ''}:"))
        self.join(loose, number)
        if label is not None:
            self.labels[node_text(label)] = number
        loose = [(number, "")]
        for child in node.named_children:
            if label is None or child.id != label.id:
                loose = self.statement(child, loose)
        return loose

    def _goto_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        label = node.child_by_field_name("label")
        number = self.add("statement", node, loose)
        self.gotos.append((number, "", node_text(label) if label else ""))
        return []

    def _return_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        number = self.add("return", node, loose)
        self.drafts[number].successors.append((1, ""))
        return []

    def _break_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        if self.breaks:
            self.breaks[-1].append((self.add("statement", node, loose), ""))
        return []

    def _continue_statement(self, _node: tree_sitter.Node, loose: _Loose) -> _Loose:
        if self.continues:
            self.continues[-1] += loose
        return []

    def _if_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        yes, no = self._condition(node.child_by_field_name("condition"), loose)
        consequence, alternative = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        behind = self.statement(consequence, yes) if consequence is not None else yes
        return behind + (self.statement(alternative, no) if alternative is not None else no)

    def _condition(self, node: tree_sitter.Node | None, loose: _Loose) -> tuple[_Loose, _Loose]:
        if node is None:
            return loose, []
        named = [child for child in node.named_children if child.type != "comment"]
        if node.type == "parenthesized_expression" and len(named) == 1:
            return self._condition(named[0], loose)
        if node.type == "binary_expression":
            operator = node.child_by_field_name("operator")
            word = node_text(operator) if operator is not None else ""
            if word in ("&&", "||"):
                return self._short_circuit(node, word, loose)
        if node.type == "unary_expression" and node_text(node).startswith("!"):
            no, yes = self._condition(node.child_by_field_name("argument"), loose)
            return yes, no
        if node.type == "call_expression":
            function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
            inner = arguments.named_children if arguments is not None else []
            if function is not None and node_text(function) in wrappers().in_conditions and len(inner) == 1:
                return self._condition(inner[0], loose)
        return self._test(node, loose)

    def _short_circuit(self, node: tree_sitter.Node, word: str, loose: _Loose) -> tuple[_Loose, _Loose]:
        yes, no = self._condition(node.child_by_field_name("left"), loose)
        if word == "&&":
            then, otherwise = self._condition(node.child_by_field_name("right"), yes)
            return then, no + otherwise
        then, otherwise = self._condition(node.child_by_field_name("right"), no)
        return yes + then, otherwise

    def _test(self, node: tree_sitter.Node, loose: _Loose) -> tuple[_Loose, _Loose]:
        constant = squeezed(node)
        number = self.add("condition", node, loose)
        if constant in ("1", "true"):
            return [(number, "true")], []
        if constant in ("0", "false"):
            return [], [(number, "false")]
        return [(number, "true")], [(number, "false")]

    def _while_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        before = len(self.drafts)
        yes, no = self._condition(node.child_by_field_name("condition"), loose)
        self.breaks.append([])
        self.continues.append([])
        body = node.child_by_field_name("body")
        behind = self.statement(body, yes) if body is not None else yes
        self.join(behind + self.continues.pop(), before)
        return no + self.breaks.pop()

    def _do_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        start = len(self.drafts)
        self.drafts.append(_Draft("statement", self.line(node), "do"))
        self.join(loose, start)
        self.breaks.append([])
        self.continues.append([])
        body = node.child_by_field_name("body")
        behind = self.statement(body, [(start, "")]) if body is not None else [(start, "")]
        yes, no = self._condition(node.child_by_field_name("condition"), behind + self.continues.pop())
        self.join(yes, start)
        return no + self.breaks.pop()

    def _for_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        initializer = node.child_by_field_name("initializer")
        if initializer is not None:
            loose = [(self.add("statement", initializer, loose), "")]
        before = len(self.drafts)
        condition = node.child_by_field_name("condition")
        if condition is None:
            self.drafts.append(_Draft("statement", self.line(node), "for (;;)"))
            self.join(loose, before)
            yes, no = [(before, "")], list[tuple[int, str]]()
        else:
            yes, no = self._condition(condition, loose)
        self.breaks.append([])
        self.continues.append([])
        body = node.child_by_field_name("body")
        behind = (self.statement(body, yes) if body is not None else yes) + self.continues.pop()
        update = node.child_by_field_name("update")
        if update is not None and behind:
            behind = [(self.add("statement", update, behind), "")]
        self.join(behind, before)
        return no + self.breaks.pop()

    def _switch_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        condition, body = node.child_by_field_name("condition"), node.child_by_field_name("body")
        number = self.add("switch", condition if condition is not None else node, loose)
        self.switches.append((number, []))
        self.breaks.append([])
        behind = self.statement(body, []) if body is not None else []
        _, seen = self.switches.pop()
        if "default" not in seen:
            behind = [*behind, (number, "default")]
        return behind + self.breaks.pop()

    def _case_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        value = node.child_by_field_name("value")
        label = squeezed(value) if value is not None else "default"
        if self.switches:
            switch, seen = self.switches[-1]
            seen.append(label)
            loose = [*loose, (switch, label)]
        for child in node.named_children:
            if value is None or child.id != value.id:
                loose = self.statement(child, loose)
        return loose

    def finish(self, loose: _Loose, last_line: int) -> tuple[Node, ...]:
        for number, label, target in self.gotos:
            if target in self.labels:
                self.drafts[number].successors.append((self.labels[target], label))
        if loose:
            end = len(self.drafts)
            self.drafts.append(_Draft("return", last_line, ""))
            self.join(loose, end)
            self.drafts[end].successors.append((1, ""))
        return tuple(
            Node(
                draft.kind,
                draft.line,
                draft.text,
                draft.calls,
                draft.assignments,
                tuple(dict.fromkeys(draft.successors)),
            )
            for draft in self.drafts
        )


def graph_of(text: bytes, first_line: int) -> Graph | None:
    """The control flow of the one function in `text`, whose first line is `first_line` of its file; None where there
    is no function to be seen, or one that nests so deeply that the walk gives up."""
    try:
        return _graph(text, first_line)
    except RecursionError:
        return None


def _read(text: bytes) -> tree_sitter.Node:
    """The syntax tree of a function; where it does not parse, that of the repaired text if that is whole."""
    root = parse(text).root_node
    if not root.has_error:
        return root
    again = parse(repaired(text)).root_node
    return root if again.has_error else again


def _graph(text: bytes, first_line: int) -> Graph | None:
    root = _read(without_directives(blank_attributes(text)))
    node = next((child for child in root.named_children if child.type == "function_definition"), None)
    if node is None or (name := function_name(node)) == "":
        return None
    body = node.child_by_field_name("body")
    if body is None:
        return None
    builder = _Builder(first_line)
    loose = builder.statement(body, [(0, "")])
    nodes = builder.finish(loose, body.end_point[0] + first_line)
    return Graph(
        name, returned_type(node), parameters_of(node), nodes, tuple(builder.labels.items()), not node.has_error
    )
