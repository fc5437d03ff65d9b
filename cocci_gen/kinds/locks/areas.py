"""The third rule of the kind `no_relock`, "works on an area as if it had another hold of mmap_lock than its caller has".

A fault handler is called with mmap_lock held for reading: it must not write what only a writer may (vm_flags, vm_page_prot), and
once it has dropped the lock, as who returns VM_FAULT_RETRY does, the area may be gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.paths import Path, find_path
from cocci_gen.code.searches.ways import way_to
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.vocabulary import vocabulary
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.locks.held_over import held_over
from cocci_gen.facts.locks.lock_objects import lock_objects
from cocci_gen.facts.tree.definitions import Definition, Implementation
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, bound_graph, implementations_of, parted, registrations
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of

_LOCK = "mmap_lock"


class Wrong(StrEnum):
    """What is wrong with a use of the area."""

    WRITES = "is written, and its caller holds mmap_lock for reading only"
    LATE = "is looked at behind the release of mmap_lock, when the area may be gone"


@dataclass(frozen=True, slots=True)
class AreaUse:
    """A use of the area: its node, the member as written, what is wrong with it, a way there, whether each fault writes the
    same, what follows from the area alone, and the lock of its own that the function holds over it."""

    node: int
    member: str
    wrong: Wrong
    path: Path
    same: bool = False
    under: str = ""


@dataclass(frozen=True, slots=True)
class AreaDuty(Duty):
    """A method that is called with mmap_lock held for reading, and its wrong uses of the area."""

    uses: tuple[AreaUse, ...]


@dataclass(frozen=True, slots=True)
class AreaRule(StarringRule[AreaDuty, AreaUse]):
    """The kind `no_relock` for the areas that a fault is about."""

    kind: str = "no_relock"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[AreaDuty, ...], tuple[Unexamined, ...]]:
        """The methods with a wrong use; what cannot be examined is told by the first rule."""
        if not self.binds(obligation):
            return (), ()
        implementations, _ = implementations_of(obligation, facts.index)
        duties, _ = parted(_duty(obligation, one, facts) for one in implementations)
        return tuple(duty for duty in duties if duty.uses), ()

    def binds(self, obligation: Obligation) -> bool:
        """Whether an obligation is about an area whose lock the caller has for reading."""
        return obligation.resource == _LOCK and obligation.method in lock_objects().area.methods

    def semantic_patch(self, duty: AreaDuty) -> SemanticPatch:
        """SmPL that stars the members."""
        members = tuple(dict.fromkeys(use.member for use in duty.uses))
        symbols = sorted({member.split("->")[0] for member in members})
        context = {"mode": "area", "obligation": duty.obligation, "function": duty.graph.name, "members": members}
        return render(self.kind, duty.obligation.id, context | {"symbols": symbols, "calls": []})

    def places(self, duty: AreaDuty) -> Iterator[Place[AreaUse]]:
        """The wrong uses."""
        for use in duty.uses:
            yield Place(use.node, (duty.graph.nodes[use.node].line,), use)

    def suspect(self, duty: AreaDuty, place: Place[AreaUse], text: str) -> Suspect:
        """What is wrong with one of them."""
        return _suspect(duty, place.what, text)

    def again(self, duty: AreaDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> AreaDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return replace(duty, definition=definition, graph=graph, uses=tuple(_uses(graph, definition.path, facts.index)))


def _duty(obligation: Obligation, implementation: Implementation, facts: TreeFacts) -> AreaDuty | Unexamined:
    definition = implementation.definition
    graph = bound_graph(obligation, definition, facts.index)
    if isinstance(graph, Unexamined):
        return graph
    uses = tuple(_uses(graph, definition.path, facts.index))
    return AreaDuty(obligation, definition, graph, registrations(implementation.entries), (), uses)


def _uses(graph: Graph, path: str, index: KernelIndex) -> Iterator[AreaUse]:
    """The wrong uses of a function, in the order of its nodes."""
    areas = "|".join((r"\w+->vma", *map(re.escape, _area_names(graph))))
    member = re.compile(rf"(?<![\w>.])(?:{areas})->\w+")
    written = lock_objects().area.written
    own = _calling(graph, "take") | _calling(graph, "attempt")
    for number, node in enumerate(graph.nodes):
        lefts = [a.left for a in node.assignments if not a.declares and member.fullmatch(a.left)]
        for left in lefts:
            way = find_path(graph, number, own)
            if left.rpartition("->")[2] in written and isinstance(way, Path):
                same, under = _is_same_for_all(graph, left), held_over(graph, number, path, index)
                yield AreaUse(number, left, Wrong.WRITES, way, same, under)
    yield from _late_uses(graph, member)


def _is_same_for_all(graph: Graph, member: str) -> bool:
    """Whether a function sets a member to one value only, made of members of the same area and constants."""
    area, name = re.escape(member.rpartition("->")[0]), member.rpartition("->")[2]
    stored = {(a.operator, a.right) for a in graph.assignments() if a.left.endswith(f"->{name}")}
    known = re.compile(rf"{area}->\w+|\w+ ?(?=\()|\b(?:[A-Z_][A-Z0-9_]*|\d\w*)\b")
    rest = {known.sub("", right) for _, right in stored}
    return len(stored) == 1 and all(one == "=" for one, _ in stored) and not any(re.search(r"\w", one) for one in rest)


def _late_uses(graph: Graph, member: re.Pattern[str]) -> Iterator[AreaUse]:
    drops = _calling(graph, "release_shared")
    takes = frozenset().union(
        *(_calling(graph, f"{word}{how}") for word in ("take", "attempt") for how in ("", "_shared"))
    )
    for number, node in enumerate(graph.nodes):
        look = member.search(node.text)
        if look is None or number in drops:
            continue
        ways = (way_to(graph, number, takes - {number}, over=drop) for drop in sorted(drops))
        path = next((way for way in ways if isinstance(way, Path)), None)
        if path is not None:
            yield AreaUse(number, look.group(), Wrong.LATE, path)


def _area_names(graph: Graph) -> frozenset[str]:
    """The parameters that are areas, and the locals that were taken from a vm_fault."""
    own = {p.name for p in graph.parameters if p.type == "struct vm_area_struct *" and p.name}
    return frozenset(own | {a.left for a in graph.assignments() if re.fullmatch(r"\w+->vma", a.right)})


def _calling(graph: Graph, what: str) -> frozenset[int]:
    """The nodes that do something to mmap_lock by a function of its own, or to its member."""
    lock = vocabulary().resources[_LOCK]
    own, family = getattr(lock.calls, what), getattr(lock.family.calls, what)
    return frozenset(
        number
        for number, node in enumerate(graph.nodes)
        for call in node.calls
        if call.callee in own
        or (call.callee in family and any(call.arguments[0].endswith(f"->{one}") for one in lock.members))
    )


def _suspect(duty: AreaDuty, use: AreaUse, text: str) -> Suspect:
    graph, file = duty.graph, duty.definition.path
    node, branch = graph.nodes[use.node], last_branch(graph, use.path)
    told = Told(
        line=node.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|{use.wrong.name}",
        message=f"{graph.name}(): `{use.member}` {use.wrong}",
        breach=branch.breach(node.text, (), _LOCK, use.member),
        evidence=(*branch_steps(graph, use.path, file), Step(file, node.line, f"`{use.member}` {use.wrong}")),
        doubts=tuple(_why_lower(duty, use)),
    )
    plan = NoFix("where the area shall be changed, or what shall be kept of it, is for a person to decide")
    return Suspect(finding_of(duty, told, text), use.path, plan)


def _why_lower(duty: AreaDuty, use: AreaUse) -> Iterator[Doubt]:
    yield Confidence.MODERATE, "nobody else may use the area at that moment"
    if use.same:
        yield Confidence.LOW, "two faults at once write the same"
    elif use.under:
        yield Confidence.LOW, f"two faults are not there at once: the lock of {use.under.lstrip('& ')} is held over it"
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
