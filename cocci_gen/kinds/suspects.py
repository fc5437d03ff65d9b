"""What a family of kinds must offer (`Rule`), and what it makes of a starred line (`Suspect`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from cocci_gen.coccinelle.smpl import SemanticPatch
from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.graphs.warned import warns_of
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.code.texts.wrappers import held
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Breach, Confidence, Doubt, Finding, NoFix, fingerprint
from cocci_gen.kinds.duties import D, Duty, TreeFacts, Unexamined

#: What a rule knows of a place.
W = TypeVar("W")

#: A function, its graph and text as they were, the same as they are mended -> what is wrong in the mended one alone, in words.
WholeLook = Callable[[Definition, tuple[Graph, bytes], tuple[Graph, bytes], TreeFacts], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FixPlan:
    """A semantic patch that mends one breach, and the line next to which its edits must be; `more` are further lines that the
    same breach comes by, `others` lines that look the same and are to stay as they are."""

    semantic_patch: SemanticPatch
    anchor: int
    more: tuple[int, ...] = ()
    others: tuple[int, ...] = ()

    @property
    def anchors(self) -> tuple[int, ...]:
        """All the lines next to which there may be an edit."""
        return (self.anchor, *self.more)


@dataclass(frozen=True, slots=True)
class Suspect:
    """One starred line: the finding without its fix, the path to it (or its refutation), and how it would be mended."""

    finding: Finding
    path: Path | NoPath
    plan: FixPlan | NoFix


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule says of one starred line: `code` tells the finding from others of the function, `doubts` lower it."""

    line: int
    code: str
    message: str
    breach: Breach
    evidence: tuple[Step, ...]
    doubts: tuple[Doubt, ...]


def finding_of(duty: Duty, told: Told, semantic_patch: str) -> Finding:
    """The finding, not yet mended, as sure as its doubts allow; they end the evidence."""
    file, name = duty.definition.path, duty.graph.name
    doubts = (*told.doubts, *_warned_of(duty.graph, told.breach))
    doubts = (*doubts, *_only_tested(duty, doubts))
    return Finding(
        fingerprint=fingerprint(duty.obligation.id, file, name, told.code),
        obligation=duty.obligation,
        file=file,
        function=name,
        line=told.line,
        message=told.message,
        confidence=min((level for level, _ in doubts), key=lambda level: level.rank, default=Confidence.HIGH),
        breach=told.breach,
        registrations=duty.registrations,
        evidence=told.evidence + tuple(Step(file, told.line, f"{level}: {why}") for level, why in doubts),
        semantic_patch=semantic_patch,
        fix=NoFix("not tried"),
    )


def _warned_of(graph: Graph, breach: Breach) -> Iterator[Doubt]:
    """A doubt where the function complains of the last branch: its author holds that for impossible."""
    label = "true" if breach.taken else "false"
    tests = (node for node in graph.nodes if (node.text, node.line) == (breach.condition, breach.condition_line))
    if any(warns_of(node, label) for node in tests):
        holds = held(breach.condition, label)
        yield Confidence.MODERATE, f"the function warns of `{holds}`, which its author holds for impossible"


def _only_tested(duty: Duty, others: tuple[Doubt, ...]) -> Iterator[Doubt]:
    """A doubt where the function is in no kernel but one that tests itself: what it runs on it has made, and in the order it
    chose, so that more of its ways cannot be; it is a step less sure than it would be elsewhere."""
    if duty.tests:
        level = Confidence.LOW if others else Confidence.MODERATE
        yield level, f"no kernel has it without {duty.tests}"


@dataclass(frozen=True, slots=True)
class Place(Generic[W]):
    """Where a duty may be broken: the node; the lines of which spatch stars one; and what the rule knows of it.

    Places of one line with the same `name` are one finding: the first whose way does not contradict itself.
    """

    node: int
    lines: tuple[int, ...]
    what: W
    name: str = ""


class StarringRule(ABC, Generic[D, W]):
    """What all rules share: the places that spatch stars are explained, those that it should have starred are told."""

    __slots__ = ()

    def asks(self, obligation: Obligation, path: str, index: KernelIndex) -> bool:  # noqa: ARG002 - most rules ask everywhere
        """Whether the rule asks the functions of a file that implement the method at all."""
        return True

    @abstractmethod
    def places(self, duty: D) -> Iterable[Place[W]]:
        """Where the duty may be broken."""

    @abstractmethod
    def suspect(self, duty: D, place: Place[W], text: str) -> Suspect:
        """What is wrong at one of the places; `text` is the semantic patch."""

    def known(self, duty: D, places: list[Place[W]]) -> list[Place[W]]:  # noqa: ARG002 - most rules name no others
        """Those to which the facts show a way, so that they were not examined where spatch stars none of their lines."""
        return places

    def judge(self, duty: D, lines: Iterable[int], text: str) -> tuple[Suspect, ...]:
        """A suspect for every starred place, in line order."""
        found: dict[tuple[int, str], Suspect] = {}
        for place in starred(self.places(duty), lines):
            key = (place.lines[0], place.name)
            if key not in found or isinstance(found[key].path, NoPath):
                found[key] = self.suspect(duty, place, text)
        return tuple(sorted(found.values(), key=lambda suspect: suspect.finding.line))

    def unstarred(self, duty: D, lines: Iterable[int]) -> tuple[Node, ...]:
        """The nodes of places that spatch should have starred."""
        seen = set(lines)
        missed = [place for place in self.places(duty) if seen.isdisjoint(place.lines)]
        numbers = {place.node for place in self.known(duty, missed)}
        return tuple(duty.graph.nodes[number] for number in sorted(numbers))


def starred(places: Iterable[Place[W]], lines: Iterable[int]) -> list[Place[W]]:
    """The places of which spatch starred a line."""
    seen = set(lines)
    return [place for place in places if not seen.isdisjoint(place.lines)]


class Rule(Protocol[D]):
    """One kind of obligation at work: from the obligation to suspects, by way of one semantic patch per function."""

    @property
    def kind(self) -> str:
        """The kind, which also names the template."""
        ...

    def asks(self, obligation: Obligation, path: str, index: KernelIndex) -> bool:
        """Whether the rule asks the functions of a file that implement the method at all."""
        ...

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[D, ...], tuple[Unexamined, ...]]:
        """Every function that the obligation binds and that may break it, and what could not be examined.

        A function for which the facts prove that the rule cannot match needs no duty.
        """
        ...

    def semantic_patch(self, duty: D) -> SemanticPatch:
        """The report: script-free SmPL that stars (`*`) the lines that break the obligation."""
        ...

    def judge(self, duty: D, lines: Iterable[int], text: str) -> tuple[Suspect, ...]:
        """A suspect for every starred line that the rule can explain; `text` is the semantic patch."""
        ...

    def unstarred(self, duty: D, lines: Iterable[int]) -> tuple[Node, ...]:
        """Nodes that the facts say spatch should have starred: what spatch did not examine."""
        ...

    def again(self, duty: D, definition: Definition, graph: Graph, facts: TreeFacts) -> D:
        """The duty as it stands in an edited file, whose function is `graph`."""
        ...
