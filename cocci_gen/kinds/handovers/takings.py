"""A function and the contract of its method -> Taking, each call that takes for the caller.

What the function then does to the Thing taken stands here too: where it may give the lock or the reference back, by whatever
name it knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.machines import Event, Machine
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases, given_places, is_alias
from cocci_gen.facts.pages.summaries import summaries
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.handovers.contracts import Contract
from cocci_gen.kinds.handovers.grabs import Grabs
from cocci_gen.kinds.page_words import page_words

_WORD = re.compile(r"[A-Za-z_]\w*")
_MEMBER = re.compile(r"[A-Za-z_]\w*->\w+")
_CLEANS = re.compile(r"release|unlock|cleanup|abort|fail|end|put|drop|kill(?!able)|destroy")


@dataclass(frozen=True, slots=True)
class Taking:
    """One call that takes the thing, into (or out of) `name`; `label` is the branch on which it did, "" for any; with `zero` only
    where it returns zero."""

    node: int
    label: str
    line: int
    callee: str
    name: str
    folio: bool = False
    zero: bool = False


@dataclass(frozen=True, slots=True)
class Loan:
    """What a function takes for who calls it: a folio or a page, which it returns, or leaves where its argument at `place` points
    (-1 for the former) when it returns zero."""

    folio: bool
    place: int


class Lending(Protocol):
    """Who tells of a call what it takes for its caller."""

    def of(self, call: Call, path: str) -> Loan | None:
        """What a call in a file hands to who calls it."""
        ...


class _Lent(NamedTuple):
    """What holds the thing, and how it came there."""

    name: str
    loan: Loan


def cleans(call: Call) -> bool:
    """Whether a call promises by its name to give something back."""
    return _CLEANS.search(call.callee) is not None


@dataclass(frozen=True, slots=True)
class Taker:
    """A function of a file that takes something for its caller; `out` is the parameter that hands it over, "" for none."""

    graph: Graph
    path: str
    contract: Contract
    out: str
    facts: TreeFacts
    lending: Lending

    def takings(self) -> list[Taking]:
        """Every such call, in the order of the nodes."""
        found = []
        for number, node in enumerate(self.graph.nodes):
            for call in node.calls:
                name, success = self.taken(node, call)
                if name:
                    asked = node.kind == "condition"
                    label, zero = success if asked else "", success == "false" and not asked
                    found.append(Taking(number, label, call.line, call.callee, name, "folio" in call.callee, zero))
                elif lent := self._lent(node, call):
                    name, loan = lent
                    found.append(Taking(number, "", call.line, call.callee, name, loan.folio, zero=loan.place >= 0))
        return found

    def _lent(self, node: Node, call: Call) -> _Lent | None:
        """What holds the thing that a function has taken for this one."""
        loan = self.lending.of(call, self.path)
        if loan is None:
            return None
        if loan.place < 0:
            held = (a.left for a in node.assignments if a.operator == "=" and a.right.startswith(f"{call.callee}("))
            name = next(held, "")
        else:
            given = call.arguments[loan.place] if loan.place < len(call.arguments) else ""
            name = f"*{given}" if given and given == self.out else given[1:] if given.startswith("&") else ""
        return _Lent(name, loan) if name.removeprefix("*").isidentifier() else None

    def taken(self, node: Node, call: Call) -> tuple[str, str]:
        """What holds the thing that a call takes, and the label of a branch on the call that means success."""
        contract = self.contract
        if Grabs(contract, self.facts.index).takes(self.graph, self.path, call):
            for assignment in node.assignments:
                if (
                    re.match(rf"(?:\([^()]*\) ?)?{re.escape(call.callee)} ?\(", assignment.right)
                    and assignment.operator == "="
                ):
                    return assignment.left, ""
        if call.arguments and not contract.put:
            if call.callee in contract.locking:
                return call.arguments[0], ""
            if call.callee in contract.killable:
                return call.arguments[0], "false"
            if call.callee in contract.attempting:
                return call.arguments[0], "true"
        return "", ""


class Thing:
    """What one taking has taken, and what becomes of it."""

    def __init__(self, taker: Taker, taking: Taking) -> None:
        self.taker = taker
        self.taking = taking
        self.graph = taker.graph
        self.contract = taker.contract
        self.facts = taker.facts
        self.names = self._names(taking.name)

    @property
    def handed_out(self) -> bool:
        """Whether it is what the caller gets through the out parameter."""
        return self.taker.out != "" and f"*{self.taker.out}" in self.names

    def unseen(self) -> frozenset[int]:
        """Nodes of which only a call that cannot be seen through says that the thing may be gone."""
        found = set()
        for number, node in enumerate(self.graph.nodes):
            marks = [self._marks(call) for call in node.calls]
            certain = any(one & {"lock", "reference", "both"} for one in marks)
            certain = certain or any(cleans(call) for call in node.calls)  # what its name promises
            kept = any(self._kept(a.left, a.right) or a.left == self.taking.name for a in node.assignments)
            if any("unknown" in one for one in marks) and not certain and not kept and node.kind != "return":
                found.add(number)
        return frozenset(found)

    def sometimes(self, machine: Machine) -> tuple[Event, ...]:
        """The calls of functions that give the lock back on some of their ways only, as steps of a machine."""
        if self.contract.everywhere:
            return ()
        named = self.contract.release | self.contract.both | self.contract.put
        every = summaries(self.facts.effects, machine).events(self.graph, self.taker.path, self.names)
        return tuple(
            event
            for number, events in every.items()
            for event in events
            if event.call is not None
            and not event.marks
            and event.call.callee not in named
            and number != self.taking.node
            and "lock" in self._marks(event.call)
            and any(one.state == "owed" for one in event.outcome("owed", ()).exits)
        )

    def _names(self, name: str) -> frozenset[str]:
        names = set(aliases(self.graph, name))
        if self.taker.out:
            handed = {a.left for a in self.graph.assignments() if a.left == f"*{self.taker.out}" and a.right in names}
            names |= handed
        # `page = vmf->page`: who is given vmf has the page too
        names |= {a.right for a in self.graph.assignments() if a.left in names and _MEMBER.fullmatch(a.right)}
        return frozenset(names)

    def nodes(self) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
        """Nodes behind which the lock is (perhaps) gone, the reference is, the lock is taken again (or may be)."""
        gone, put, retaken = set(), set(), set()
        for number, node in enumerate(self.graph.nodes):
            for call in node.calls:
                marks = self._marks(call)
                if call.callee == self.taking.callee and number == self.taking.node:
                    retaken.add(number)
                    continue
                gone |= {number} if marks & {"lock", "both", "unknown"} else set()
                put |= {number} if marks & {"reference", "both", "unknown"} else set()
                retaken |= (
                    {number} if marks & {"take", "unknown"} or self.taker.taken(node, call)[0] in self.names else set()
                )
            for assignment in node.assignments:
                if self._kept(assignment.left, assignment.right):
                    gone.add(number)
                    put.add(number)
                if (
                    assignment.left == self.taking.name
                    and number != self.taking.node
                    and assignment.operator == "="
                    and not is_alias(assignment.right, self.names, call_vocabulary())
                ):
                    gone.add(number)  # the name holds something else from here on
                    put.add(number)
        return frozenset(gone), frozenset(put), frozenset(retaken)

    def _kept(self, left: str, right: str) -> bool:
        if _WORD.fullmatch(left) or (self.taker.out and left == f"*{self.taker.out}"):
            return False
        if left.startswith(("vmf->page", "*fsdata")):
            return False
        return is_alias(right, self.names, call_vocabulary()) or (
            right.startswith("{") and bool(set(_WORD.findall(right)) & self.names)
        )

    def releases(self) -> set[int]:
        """Nodes that give it back by name."""
        return {
            number
            for number, node in enumerate(self.graph.nodes)
            for call in node.calls
            if call.callee in self.contract.release | self.contract.both
            and call.arguments
            and self._is_thing(call.arguments[0])
        }

    def _is_thing(self, text: str) -> bool:
        return is_alias(text, self.names, call_vocabulary()) or re.sub(r"^&|->s_umount$", "", text) in self.names

    def _marks(self, call: Call) -> frozenset[str]:
        """lock, reference, both, take, unknown: what a call does to the thing."""
        given = bool(given_places(call.arguments, self.names, call_vocabulary()))
        if not given and not any(self._is_thing(text) or text == self.taker.out != "" for text in call.arguments):
            return frozenset()
        for words, mark in (
            (self.contract.both, "both"),
            (self.contract.release, "lock"),
            (self.contract.put, "reference"),
        ):
            if call.callee in words:
                return frozenset({mark})
        if not call.direct or self.taker.out in call.arguments != ():
            return frozenset({"unknown"})
        if any(entry.method in page_words().keeps_locked for entry in self.facts.index.entries_naming(call.callee)):
            return frozenset()
        if self.contract.everywhere:
            return frozenset()  # a super block goes everywhere; only the calls named above give it back
        effect = self.facts.effects.call_effect(call, self.taker.path, set(self.names), 3)
        marks = {"lock"} if "release" in effect.marks else set()
        marks |= {"take"} if "take" in effect.marks else set()
        marks |= {"unknown"} if effect.marks & {"unknown", "escape", "hand_on"} else set()
        if self.contract.put and self._puts(call, self.names, self.taker.path, 3):
            marks.add("reference")
        return frozenset(marks)

    def _puts(self, call: Call, names: Iterable[str], path: str, depth: int) -> bool:
        """Whether a callee drops the reference."""
        known = frozenset(names)
        positions = [place for place, text in enumerate(call.arguments) if is_alias(text, known, call_vocabulary())]
        if call.callee in self.contract.put or not positions or depth == 0 or call_vocabulary().is_neutral(call.callee):
            return bool(positions) and call.callee in self.contract.put
        for definition in self.facts.index.resolve(call.callee, path):
            graph = self.facts.index.graph(definition)
            if graph is None:
                return True
            inner = {graph.parameters[p].name for p in positions if p < len(graph.parameters)} - {""}
            known_inside = {alias for name in inner for alias in aliases(graph, name)}
            if any(self._puts(other, known_inside, definition.path, depth - 1) for other in graph.calls()):
                return True
        return False
