"""The second rule of the kind `rcu_walk`, "leaves rcu-walk by an error that ends the system call"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition, Implementation
from cocci_gen.facts.walks.sleep_flow import Bindings
from cocci_gen.facts.walks.sleep_words import Mode, sleep_words
from cocci_gen.findings.findings import Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, bound_graph, implementations_of, parted, registrations
from cocci_gen.kinds.sleeps.walks import WrongWayOut, mode_parameter, wrong_ways_out
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of


@dataclass(frozen=True, slots=True)
class WayOutDuty(Duty):
    """A method that rcu-walk calls, what tells it so, and where it leaves by a wrong error."""

    mode: Mode
    bindings: Bindings
    ways: tuple[WrongWayOut, ...]


@dataclass(frozen=True, slots=True)
class WayOutRule(StarringRule[WayOutDuty, WrongWayOut]):
    """The kind `rcu_walk` for returns."""

    kind: str = "rcu_walk"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[WayOutDuty, ...], tuple[Unexamined, ...]]:
        """The methods with such a return; what cannot be examined is told by the first rule."""
        mode = sleep_words().mode(obligation.struct, obligation.method)
        if mode is None or mode.always:
            return (), ()
        implementations, _ = implementations_of(obligation, facts.index)
        duties, _ = parted(_duty(obligation, one, mode, facts) for one in implementations)
        return tuple(duty for duty in duties if duty.ways), ()

    def semantic_patch(self, duty: WayOutDuty) -> SemanticPatch:
        """SmPL that stars the returns."""
        texts = tuple(dict.fromkeys(duty.graph.nodes[way.node].text for way in duty.ways))
        context = {"mode": "way_out", "obligation": duty.obligation, "symbols": [], "returns": texts}
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: WayOutDuty) -> Iterator[Place[WrongWayOut]]:
        """The returns that a walk comes to."""
        for way in duty.ways:
            yield Place(way.node, (duty.graph.nodes[way.node].line,), way)

    def suspect(self, duty: WayOutDuty, place: Place[WrongWayOut], text: str) -> Suspect:
        """What is wrong at one of them."""
        return _suspect(duty, place.what, text)

    def again(self, duty: WayOutDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> WayOutDuty:  # noqa: ARG002 - the protocol
        """The duty as it stands in an edited file, whose function is `graph`."""
        ways = wrong_ways_out(graph, duty.bindings, sleep_words(), duty.mode.errors)
        return replace(duty, definition=definition, graph=graph, ways=tuple(ways))


def _duty(
    obligation: Obligation, implementation: Implementation, mode: Mode, facts: TreeFacts
) -> WayOutDuty | Unexamined:
    definition = implementation.definition
    graph = bound_graph(obligation, definition, facts.index)
    if isinstance(graph, Unexamined):
        return graph
    parameter = mode_parameter(graph, mode)
    bindings: Bindings = frozenset({(parameter, mode.value)} if parameter else ())
    ways = tuple(wrong_ways_out(graph, bindings, sleep_words(), mode.errors))
    return WayOutDuty(obligation, definition, graph, registrations(implementation.entries), (), mode, bindings, ways)


def _suspect(duty: WayOutDuty, way: WrongWayOut, text: str) -> Suspect:
    graph, file = duty.graph, duty.definition.path
    node, branch = graph.nodes[way.node], last_branch(graph, way.path)
    reached = Step(file, node.line, f"`{node.text}` is reached in rcu-walk")
    told = Told(
        line=node.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|way out",
        message=f"{graph.name}() leaves rcu-walk by {way.error}, which ends the system call where -ECHILD repeats it",
        breach=branch.breach(node.text, ("-ECHILD",), duty.obligation.resource, ""),
        evidence=(*branch_steps(graph, way.path, file), reached),
        doubts=tuple(_why_lower(duty, way)),
    )
    plan = NoFix("whether the walk or the caller is meant by the error is for a person to decide")
    return Suspect(finding_of(duty, told, text), way.path, plan)


def _why_lower(duty: WayOutDuty, way: WrongWayOut) -> Iterator[Doubt]:
    if not way.plain and not duty.mode.found:
        yield (
            Confidence.MODERATE,
            "another test beside that of the walk decides on the error, which may be meant for good",
        )
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
