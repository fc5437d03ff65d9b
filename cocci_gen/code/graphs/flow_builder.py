"""The text of one C function -> Graph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import tree_sitter

from cocci_gen.code.graphs.conditions import condition
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.graphs.drafts import ENTRY, Draft, Drafts, Loose
from cocci_gen.code.graphs.scopes import OPENING, Opening, with_scopes
from cocci_gen.code.graphs.syntax import parameters_of, returned_type, squeezed
from cocci_gen.code.texts.dialect import repaired
from cocci_gen.code.texts.directives import branched
from cocci_gen.code.texts.reading import PLAIN, Reading
from cocci_gen.code.texts.source import blank_attributes, function_name, node_text, parse
from cocci_gen.code.texts.wrappers import wrappers


@dataclass(slots=True)
class _Scope:
    """A block that is open: the id of its node (-1 for what a scoped_guard() takes) and what it releases at its end."""

    block: int
    releases: list[Opening]


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
        self.drafts = Drafts(first_line, gives_away=bool(openings))
        self.breaks: list[Loose] = []
        self.continues: list[Loose] = []
        self.switches: list[tuple[int, list[str]]] = []

    # Statements: each takes the loose ends before it and gives those behind it.

    def statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        handler = getattr(self, "_" + node.type, None)
        if handler is not None:
            result: Loose = handler(node, loose)
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
        number = self.drafts.add("statement", node, loose)
        if self._leaves(self.drafts[number]):
            self.drafts.leave(number)
            return []
        return [] if self._never_returns(self.drafts[number]) else [(number, "")]

    @staticmethod
    def _leaves(draft: Draft) -> bool:
        """Whether a statement is a macro that returns, which then reads as the return that it is."""
        called = re.fullmatch(r"(\w+) ?\((.*)\) ?;?", draft.text)
        if called is None or called[1] not in wrappers().returns:
            return False
        draft.kind, draft.text = "return", f"return {called[2]};" if called[2].strip() else "return;"
        return True

    @staticmethod
    def _never_returns(draft: Draft) -> bool:
        ends = wrappers().never_return
        return any(
            call.callee in ends or (call.callee == "BUG_ON" and call.arguments == ("1",))
            for call in draft.calls
            if call.direct
        ) and draft.text.split("(")[0].strip() in ends | {"BUG_ON"}

    def _in_order(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        for child in node.named_children:
            loose = self.statement(child, loose)
        return loose

    _else_clause = _in_order
    _ERROR = _in_order

    def _compound_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        if not self.openings:
            return self._in_order(node, loose)
        self.scopes.append(_Scope(node.id, []))
        loose = self._in_order(node, loose)
        if loose:
            loose = self._released(len(self.scopes) - 1, node.end_point[0] + self.drafts.first_line, loose)
        self.scopes.pop()
        return loose

    # Scopes that end with a release.

    def _opening(self, node: tree_sitter.Node) -> Opening | None:
        """What a statement or a condition opens, if it is one of our marks."""
        found = re.fullmatch(rf"\(?{OPENING}\((\d+)\)\)?;?", squeezed(node))
        return self.openings[int(found[1])] if found and int(found[1]) < len(self.openings) else None

    def _opened(self, opening: Opening, node: tree_sitter.Node, loose: Loose) -> Loose:
        """A scope that lasts to the end of the block."""
        loose = self._snippet(opening.take, self.drafts.line(node), loose)
        if self.scopes:
            self.scopes[-1].releases.append(opening)
        return loose

    def _snippet(self, text: str, line: int, loose: Loose) -> Loose:
        """Statements that stand nowhere in the file, on a line of it."""
        if not text:
            return loose
        root = parse(blank_attributes(f"void f(void) {{ {text}; }}".encode("utf-8", "surrogateescape"))).root_node
        body = root.named_children[0].child_by_field_name("body") if root.named_children else None
        if body is None:
            return loose
        own, self.drafts.first_line = self.drafts.first_line, line
        openings, self.openings = self.openings, ()
        loose = self._in_order(body, loose)
        self.drafts.first_line, self.openings = own, openings
        return loose

    def _released(self, depth: int, line: int, loose: Loose) -> Loose:
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

    def _snippet_condition(self, text: str, line: int, loose: Loose) -> tuple[Loose, Loose]:
        root = parse(f"void f(void) {{ if ({text}) ; }}".encode("utf-8", "surrogateescape")).root_node
        todo = [root]
        while todo:
            node = todo.pop()
            if node.type == "if_statement":
                own, self.drafts.first_line = self.drafts.first_line, line
                found = condition(self.drafts, node.child_by_field_name("condition"), loose)
                self.drafts.first_line = own
                return found
            todo += node.children
        return loose, loose

    def _scoped_block(self, opening: Opening, node: tree_sitter.Node, loose: Loose) -> Loose:
        """`scoped_guard()` and its brothers: the block runs once, and what was taken is released on each way out of it."""
        line = self.drafts.line(node)
        loose = self._snippet(opening.take, line, loose)
        missed: Loose = []
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
        end = (body.end_point[0] if body is not None else node.end_point[0]) + self.drafts.first_line
        behind = self._released(len(self.scopes) - 1, end, behind)
        self.scopes.pop()
        return behind + self._broken() + self._continued() + missed

    def _enter_loop(self) -> None:
        self.breaks.append([])
        self.continues.append([])
        self.depths.append(len(self.scopes))
        self.continue_depths.append(len(self.scopes))

    def _continued(self) -> Loose:
        """The ends that go on with the next round of the loop just left."""
        self.continue_depths.pop()
        return self.continues.pop()

    def _broken(self) -> Loose:
        """The ends that leave the loop or switch just left."""
        self.depths.pop()
        return self.breaks.pop()

    def _labeled_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        label = node.child_by_field_name("label")
        name = node_text(label) if label else ""
        number = self.drafts.put(Draft("statement", self.drafts.line(node), f"{name}:"), loose)
        if label is not None:
            self.drafts.labels[name] = number
        loose = [(number, "")]
        for child in node.named_children:
            if label is None or child.id != label.id:
                loose = self.statement(child, loose)
        return loose

    def _goto_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        label = node.child_by_field_name("label")
        name = node_text(label) if label else ""
        if self.scopes:
            around = self.blocks.get(name, frozenset())
            left = (n for n, scope in enumerate(self.scopes) if scope.block >= 0 and scope.block not in around)
            kept = next(left, len(self.scopes))
            while kept and self.scopes[kept - 1].block < 0:  # the block of a scoped_guard() that the label is not in
                kept -= 1
            loose = self._released(kept, self.drafts.line(node), loose)
        number = self.drafts.add("statement", node, loose)
        self.drafts.jump(number, name)
        return []

    def _return_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        if any(scope.releases for scope in self.scopes):
            return self._return_from_scopes(node, loose)
        self.drafts.leave(self.drafts.add("return", node, loose))
        return []

    def _return_from_scopes(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        """The value is made before anything is released, so its calls are a step of their own."""
        line = self.drafts.line(node)
        loose = self._released(0, line, self.drafts.add_value(node, loose))
        self.drafts.leave(self.drafts.put(Draft("return", line, squeezed(node)), loose))
        return []

    def _break_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        if self.breaks:
            if self.depths:
                loose = self._released(self.depths[-1], self.drafts.line(node), loose)
            self.breaks[-1].append((self.drafts.add("statement", node, loose), ""))
        return []

    def _continue_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        if self.continues:
            if self.continue_depths:
                loose = self._released(self.continue_depths[-1], self.drafts.line(node), loose)
            self.continues[-1] += loose
        return []

    def _if_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        yes, no = condition(self.drafts, node.child_by_field_name("condition"), loose)
        consequence, alternative = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        behind = self.statement(consequence, yes) if consequence is not None else yes
        return behind + (self.statement(alternative, no) if alternative is not None else no)

    def _while_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        head = node.child_by_field_name("condition")
        if self.openings and head is not None and (opened := self._opening(head)) is not None:
            return self._scoped_block(opened, node, loose)
        before = len(self.drafts)
        yes, no = condition(self.drafts, head, loose)
        self._enter_loop()
        body = node.child_by_field_name("body")
        behind = self.statement(body, yes) if body is not None else yes
        self.drafts.join(behind + self._continued(), before)
        return no + self._broken()

    def _do_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        start = self.drafts.put(Draft("statement", self.drafts.line(node), "do"), loose)
        self._enter_loop()
        body = node.child_by_field_name("body")
        behind = self.statement(body, [(start, "")]) if body is not None else [(start, "")]
        yes, no = condition(self.drafts, node.child_by_field_name("condition"), behind + self._continued())
        self.drafts.join(yes, start)
        return no + self._broken()

    def _for_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        initializer = node.child_by_field_name("initializer")
        if initializer is not None:
            loose = [(self.drafts.add("statement", initializer, loose), "")]
        before = len(self.drafts)
        head = node.child_by_field_name("condition")
        if head is None:
            self.drafts.put(Draft("statement", self.drafts.line(node), "for (;;)"), loose)
            yes, no = [(before, "")], list[tuple[int, str]]()
        else:
            yes, no = condition(self.drafts, head, loose)
        self._enter_loop()
        body = node.child_by_field_name("body")
        behind = (self.statement(body, yes) if body is not None else yes) + self._continued()
        update = node.child_by_field_name("update")
        if update is not None and behind:
            behind = [(self.drafts.add("statement", update, behind), "")]
        self.drafts.join(behind, before)
        return no + self._broken()

    def _switch_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        head, body = node.child_by_field_name("condition"), node.child_by_field_name("body")
        number = self.drafts.add("switch", head if head is not None else node, loose)
        self.switches.append((number, []))
        self.breaks.append([])
        self.depths.append(len(self.scopes))
        behind = self.statement(body, []) if body is not None else []
        _, seen = self.switches.pop()
        if "default" not in seen:
            behind = [*behind, (number, "default")]
        return behind + self._broken()

    def _case_statement(self, node: tree_sitter.Node, loose: Loose) -> Loose:
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
    loose = builder.statement(body, [(ENTRY, "")])
    nodes = builder.drafts.finish(loose, body.end_point[0] + first_line)
    labels = tuple(builder.drafts.labels.items())
    return Graph(name, returned_type(node), parameters_of(node), nodes, labels, not node.has_error)
