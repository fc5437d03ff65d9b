"""The text of one C function -> Graph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import tree_sitter

from cocci_gen.code.control_flow import Assignment, Call, Graph, Node
from cocci_gen.code.dialect import repaired
from cocci_gen.code.directives import branched
from cocci_gen.code.reading import PLAIN, Reading
from cocci_gen.code.scopes import OPENING, Opening, with_scopes
from cocci_gen.code.source import blank_attributes, function_name, node_text, parse
from cocci_gen.code.syntax import effects_below, parameters_of, returned_type, squeezed
from cocci_gen.code.wrappers import held, wrappers


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


@dataclass(slots=True)
class _Scope:
    """A block that is open: the id of its node (-1 for what a scoped_guard() takes) and what it releases at its end."""

    block: int
    releases: list[Opening]


#: Calls that give away what a variable with `__free()` holds, and leave NULL in it.
_GIVES_AWAY = frozenset({"no_free_ptr", "return_ptr", "retain_and_null_ptr", "take_fd"})


def _given_away(calls: tuple[Call, ...]) -> tuple[Assignment, ...]:
    """The assignments that calls make which give a variable away."""
    return tuple(
        Assignment(call.arguments[0], "NULL", "=", False, call.line)
        for call in calls
        if call.callee in _GIVES_AWAY and len(call.arguments) == 1
    )


def _label_blocks(body: tree_sitter.Node) -> dict[str, frozenset[int]]:
    """Label -> the blocks that it stands in."""
    found: dict[str, frozenset[int]] = {}
    todo: list[tuple[tree_sitter.Node, frozenset[int]]] = [(body, frozenset())]
    while todo:
        node, around = todo.pop()
        if node.type == "compound_statement":
            around |= {node.id}
        elif node.type == "labeled_statement" and (label := node.child_by_field_name("label")) is not None:
            found[node_text(label)] = around
        todo += [(child, around) for child in node.named_children]
    return found


class _Builder:
    """Walks the syntax tree once; `loose` are the (node, label) ends that the next node is joined to."""

    def __init__(
        self, first_line: int, openings: tuple[Opening, ...] = (), blocks: Mapping[str, frozenset[int]] | None = None
    ) -> None:
        self.openings = openings
        #: Label -> the blocks (ids of nodes) that it stands in.
        self.blocks = blocks or {}
        self.scopes: list[_Scope] = []
        self.depths: list[int] = []
        self.continue_depths: list[int] = []
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
        if self.openings:
            draft.assignments += _given_away(draft.calls)
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
        if self.openings and (opened := self._opening(node)) is not None:
            return self._opened(opened, node, loose)
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

    def _in_order(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        for child in node.named_children:
            loose = self.statement(child, loose)
        return loose

    _else_clause = _in_order
    _ERROR = _in_order

    def _compound_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        if not self.openings:
            return self._in_order(node, loose)
        self.scopes.append(_Scope(node.id, []))
        loose = self._in_order(node, loose)
        if loose:
            loose = self._released(len(self.scopes) - 1, node.end_point[0] + self.first_line, loose)
        self.scopes.pop()
        return loose

    # Scopes that end with a release.

    def _opening(self, node: tree_sitter.Node) -> Opening | None:
        """What a statement or a condition opens, if it is one of our marks."""
        found = re.fullmatch(rf"\(?{OPENING}\((\d+)\)\)?;?", squeezed(node))
        return self.openings[int(found[1])] if found and int(found[1]) < len(self.openings) else None

    def _opened(self, opening: Opening, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        """A scope that lasts to the end of the block."""
        loose = self._snippet(opening.take, self.line(node), loose)
        if self.scopes:
            self.scopes[-1].releases.append(opening)
        return loose

    def _snippet(self, text: str, line: int, loose: _Loose) -> _Loose:
        """Statements that stand nowhere in the file, on a line of it."""
        if not text:
            return loose
        root = parse(blank_attributes(f"void f(void) {{ {text}; }}".encode("utf-8", "surrogateescape"))).root_node
        body = root.named_children[0].child_by_field_name("body") if root.named_children else None
        if body is None:
            return loose
        own, self.first_line = self.first_line, line
        openings, self.openings = self.openings, ()
        loose = self._in_order(body, loose)
        self.first_line, self.openings = own, openings
        return loose

    def _released(self, depth: int, line: int, loose: _Loose) -> _Loose:
        """What all scopes from the innermost down to `depth` release; the last that was taken comes first."""
        for scope in reversed(self.scopes[depth:]):
            for opening in reversed(scope.releases):
                if not loose:
                    return loose
                if not opening.release:
                    continue
                if opening.condition:
                    yes, no = self._snippet_condition(opening.condition, line, loose)
                    loose = self._snippet(opening.release, line, yes) + no
                else:
                    loose = self._snippet(opening.release, line, loose)
        return loose

    def _snippet_condition(self, text: str, line: int, loose: _Loose) -> tuple[_Loose, _Loose]:
        root = parse(f"void f(void) {{ if ({text}) ; }}".encode("utf-8", "surrogateescape")).root_node
        todo = [root]
        while todo:
            node = todo.pop()
            if node.type == "if_statement":
                own, self.first_line = self.first_line, line
                found = self._condition(node.child_by_field_name("condition"), loose)
                self.first_line = own
                return found
            todo += node.children
        return loose, loose

    def _scoped_block(self, opening: Opening, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        """`scoped_guard()` and its brothers: the block runs once, and what was taken is released on each way out of it."""
        line = self.line(node)
        loose = self._snippet(opening.take, line, loose)
        missed: _Loose = []
        if opening.condition:
            loose, missed = self._snippet_condition(opening.condition, line, loose)
            missed = self._snippet(opening.fail, line, missed)
        body = node.child_by_field_name("body")
        self.scopes.append(_Scope(-1, []))  # what `break` and `continue` leave
        self.scopes[-1].releases.append(Opening("", "", "", opening.release))
        self.breaks.append([])
        self.continues.append([])
        self.depths.append(len(self.scopes) - 1)
        self.continue_depths.append(len(self.scopes) - 1)
        behind = self.statement(body, loose) if body is not None else loose
        end = (body.end_point[0] if body is not None else node.end_point[0]) + self.first_line
        behind = self._released(len(self.scopes) - 1, end, behind)
        self.scopes.pop()
        return behind + self._broken() + self._continued() + missed

    def _enter_loop(self) -> None:
        self.breaks.append([])
        self.continues.append([])
        self.depths.append(len(self.scopes))
        self.continue_depths.append(len(self.scopes))

    def _continued(self) -> _Loose:
        """The ends that go on with the next round of the loop just left."""
        self.continue_depths.pop()
        return self.continues.pop()

    def _broken(self) -> _Loose:
        """The ends that leave the loop or switch just left."""
        self.depths.pop()
        return self.breaks.pop()

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
        name = node_text(label) if label else ""
        if self.scopes:
            around = self.blocks.get(name, frozenset())
            left = (n for n, scope in enumerate(self.scopes) if scope.block >= 0 and scope.block not in around)
            kept = next(left, len(self.scopes))
            while kept and self.scopes[kept - 1].block < 0:  # the block of a scoped_guard() that the label is not in
                kept -= 1
            loose = self._released(kept, self.line(node), loose)
        number = self.add("statement", node, loose)
        self.gotos.append((number, "", name))
        return []

    def _return_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        if any(scope.releases for scope in self.scopes):
            return self._return_from_scopes(node, loose)
        number = self.add("return", node, loose)
        self.drafts[number].successors.append((1, ""))
        return []

    def _return_from_scopes(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        """The value is made before anything is released, so its calls are a step of their own."""
        calls, assignments = effects_below(node, self.first_line)
        if calls or assignments:
            number = len(self.drafts)
            text = squeezed(node).removeprefix("return").strip(" ;")
            self.drafts.append(_Draft("statement", self.line(node), text, calls, (*assignments, *_given_away(calls))))
            self.join(loose, number)
            loose = [(number, "")]
        loose = self._released(0, self.line(node), loose)
        number = len(self.drafts)
        self.drafts.append(_Draft("return", self.line(node), squeezed(node)))
        self.join(loose, number)
        self.drafts[number].successors.append((1, ""))
        return []

    def _break_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        if self.breaks:
            if self.depths:
                loose = self._released(self.depths[-1], self.line(node), loose)
            self.breaks[-1].append((self.add("statement", node, loose), ""))
        return []

    def _continue_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        if self.continues:
            if self.continue_depths:
                loose = self._released(self.continue_depths[-1], self.line(node), loose)
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
            name = node_text(function) if function is not None else ""
            if name in wrappers().in_conditions and len(inner) == 1:
                return self._condition(inner[0], loose)
            if name in wrappers().warns and inner:
                yes, no = self._condition(inner[0], loose)
                self._warn(name, yes)
                return yes, no
        return self._test(node, loose)

    def _warn(self, name: str, branches: _Loose) -> None:
        """A call at each test whose branch is complained of, given what holds there."""
        for number, label in branches:
            draft = self.drafts[number]
            draft.calls = (*draft.calls, Call(name, True, (held(draft.text, label),), draft.line))

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
        head = node.child_by_field_name("condition")
        if self.openings and head is not None and (opened := self._opening(head)) is not None:
            return self._scoped_block(opened, node, loose)
        before = len(self.drafts)
        yes, no = self._condition(node.child_by_field_name("condition"), loose)
        self._enter_loop()
        body = node.child_by_field_name("body")
        behind = self.statement(body, yes) if body is not None else yes
        self.join(behind + self._continued(), before)
        return no + self._broken()

    def _do_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        start = len(self.drafts)
        self.drafts.append(_Draft("statement", self.line(node), "do"))
        self.join(loose, start)
        self._enter_loop()
        body = node.child_by_field_name("body")
        behind = self.statement(body, [(start, "")]) if body is not None else [(start, "")]
        yes, no = self._condition(node.child_by_field_name("condition"), behind + self._continued())
        self.join(yes, start)
        return no + self._broken()

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
        self._enter_loop()
        body = node.child_by_field_name("body")
        behind = (self.statement(body, yes) if body is not None else yes) + self._continued()
        update = node.child_by_field_name("update")
        if update is not None and behind:
            behind = [(self.add("statement", update, behind), "")]
        self.join(behind, before)
        return no + self._broken()

    def _switch_statement(self, node: tree_sitter.Node, loose: _Loose) -> _Loose:
        condition, body = node.child_by_field_name("condition"), node.child_by_field_name("body")
        number = self.add("switch", condition if condition is not None else node, loose)
        self.switches.append((number, []))
        self.breaks.append([])
        self.depths.append(len(self.scopes))
        behind = self.statement(body, []) if body is not None else []
        _, seen = self.switches.pop()
        if "default" not in seen:
            behind = [*behind, (number, "default")]
        return behind + self._broken()

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


def graph_of(text: bytes, first_line: int, reading: Reading = PLAIN) -> Graph | None:
    """The control flow of the one function in `text`, whose first line is `first_line` of its file; None where there
    is no function to be seen, or one that nests so deeply that the walk gives up."""
    try:
        return _graph(text, first_line, reading)
    except RecursionError:
        return None


def _read(text: bytes) -> tree_sitter.Node:
    """The syntax tree of a function; where it does not parse, that of the repaired text if that is whole."""
    root = parse(text).root_node
    if not root.has_error:
        return root
    again = parse(repaired(text)).root_node
    return root if again.has_error else again


def _graph(text: bytes, first_line: int, reading: Reading) -> Graph | None:
    scoped, openings = with_scopes(branched(text, reading.version), reading)
    root = _read(blank_attributes(scoped))
    node = next((child for child in root.named_children if child.type == "function_definition"), None)
    if node is None or (name := function_name(node)) == "":
        return None
    body = node.child_by_field_name("body")
    if body is None:
        return None
    builder = _Builder(first_line, openings, _label_blocks(body) if openings else None)
    loose = builder.statement(body, [(0, "")])
    nodes = builder.finish(loose, body.end_point[0] + first_line)
    return Graph(
        name, returned_type(node), parameters_of(node), nodes, tuple(builder.labels.items()), not node.has_error
    )
