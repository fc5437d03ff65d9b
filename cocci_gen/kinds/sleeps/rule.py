"""The family of kinds "a call is reached that must not be" (`never_sleeps`, `rcu_walk`, `irq_safe`).

A duty exists only for a method that reaches such a call; its semantic patch stars the statement of the method itself, the first
call of each chain.  Each starred call is then explained: the chain with file and line, how sure it is, and what would mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.paths import Path
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.pages.unmapped import unmapped
from cocci_gen.facts.sleeps.sleep_chains import Chain, Forbidden, Reach, Setting
from cocci_gen.facts.sleeps.sleeps import CallChains
from cocci_gen.facts.tree.definitions import Definition, Implementation
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.walks.sleep_flow import Bindings, Unpinned
from cocci_gen.facts.walks.sleep_words import Mode as WalkMode
from cocci_gen.facts.walks.sleep_words import sleep_words
from cocci_gen.facts.walks.unpinned import Breach
from cocci_gen.findings.findings import Confidence, NoFix
from cocci_gen.kinds.branches import last_branch
from cocci_gen.kinds.duties import (
    Duty,
    TreeFacts,
    Unexamined,
    bound_graph,
    implementations_of,
    parted,
    registrations,
    unexamined,
)
from cocci_gen.kinds.sleeps.doubts import doubts
from cocci_gen.kinds.sleeps.fixes import atomic_plan, bail_out_plan, symbols_of
from cocci_gen.kinds.sleeps.walks import mode_parameter, sent_back
from cocci_gen.kinds.suspects import FixPlan, Place, StarringRule, Suspect, Told, finding_of

#: Words of an obligation's condition that mean interrupt context.
_INTERRUPT = re.compile(r"interrupt|RCU callback")


#: Whose methods may not sleep because they are called under the lock of a page table.
_OF_MAPPINGS = "address_space_operations"


@dataclass(frozen=True, slots=True)
class SleepDuty(Duty):
    """A method that reaches what it must not: the bindings that hold there, and the reaches; `bail_out` is the C code by which
    the method would leave rcu-walk ("" where there is none), `peers` the other implementations, `calls` the SmPL to star,
    `spared` why those whom the rule protects do not come there ("" where they do)."""

    setting: Setting
    bindings: Bindings
    reaches: tuple[Reach, ...]
    bail_out: str
    peers: frozenset[str]
    calls: tuple[str, ...]
    spared: str = ""


@lru_cache(maxsize=4)
def _chains(index: KernelIndex, setting: Setting) -> CallChains:
    return CallChains(index, sleep_words(), setting)


@dataclass(frozen=True, slots=True)
class CallRule(StarringRule[SleepDuty, Reach]):
    """One kind of the family."""

    kind: str
    forbidden: Forbidden

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[SleepDuty, ...], tuple[Unexamined, ...]]:
        """The implementations that reach a forbidden call; none for those of which the facts prove that they do not."""
        if obligation.mode is Mode.ENDED:
            return (), ()  # no walk calls what ends the object
        mode = sleep_words().mode(obligation.struct, obligation.method) if self.kind == "rcu_walk" else None
        if mode is not None and mode.always and self.forbidden is Forbidden.SLEEP:
            return (), ()  # its cell "may block" forbids that already
        implementations, lost = implementations_of(obligation, facts.index)
        peers = frozenset(one.definition.name for one in implementations)
        duties, missing = parted(self._duty(obligation, facts.index, one, peers) for one in implementations)
        return tuple(duty for duty in duties if duty.reaches), lost + missing

    def _duty(
        self, obligation: Obligation, index: KernelIndex, one: Implementation, peers: frozenset[str]
    ) -> SleepDuty | Unexamined:
        definition = one.definition
        graph = bound_graph(obligation, definition, index)
        if isinstance(graph, Unexamined):
            return graph
        mode = sleep_words().mode(obligation.struct, obligation.method) if self.kind == "rcu_walk" else None
        parameter = mode_parameter(graph, mode) if mode is not None else ""
        if self.kind == "rcu_walk" and not parameter and not (mode is not None and mode.always):
            return unexamined(obligation, definition, "no parameter tells of rcu-walk")
        setting = Setting(
            self.forbidden,
            _INTERRUPT.search(obligation.condition or obligation.text) is not None,
            bool(mode and mode.directory),
        )
        bindings: Bindings = frozenset({(parameter, mode.value)}) if mode is not None and parameter else frozenset()
        if self.forbidden is Forbidden.UNPINNED:
            bindings |= _dentries(graph, parameter)
        reaches = _own(_chains(index, setting).reaches(graph, definition.path, bindings), definition, peers)
        if not reaches and not graph.whole:
            return unexamined(obligation, definition, "a part of the function did not parse")
        return SleepDuty(
            obligation=obligation,
            definition=definition,
            graph=graph,
            registrations=registrations(one.entries),
            chain=(),
            setting=setting,
            bindings=bindings,
            reaches=self._reported(reaches),
            bail_out=mode.bail_out.replace("{name}", parameter) if mode is not None else "",
            peers=peers,
            calls=_patterns(self._reported(reaches)),
            spared=_spared(obligation, index, one, mode) if reaches else "",
        )

    def _reported(self, reaches: tuple[Reach, ...]) -> tuple[Reach, ...]:
        """In rcu-walk the first call alone: one bail-out before it mends the others too."""
        if self.kind != "rcu_walk" or not reaches:
            return reaches
        return (min(reaches, key=lambda reach: len(reach.path.nodes) if isinstance(reach.path, Path) else 1 << 20),)

    def semantic_patch(self, duty: SleepDuty) -> SemanticPatch:
        """SmPL that stars the calls of the method through which it reaches what is forbidden."""
        drops = _drops(duty)
        context = {
            "mode": "report",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "symbols": symbols_of(*duty.calls, *drops),
            "calls": duty.calls,
            "drops": drops,
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: SleepDuty) -> Iterator[Place[Reach]]:
        """The calls through which something forbidden is reached."""
        for reach in duty.reaches:
            yield Place(reach.node, (reach.call.line,), reach, reach.call.callee)

    def suspect(self, duty: SleepDuty, place: Place[Reach], text: str) -> Suspect:
        """What is wrong with one of them."""
        return self._suspect(duty, place.what, text)

    def again(self, duty: SleepDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> SleepDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        reaches = _own(
            _chains(facts.index, duty.setting).reaches(graph, definition.path, duty.bindings),
            duty.definition,
            duty.peers,
        )
        calls = tuple(dict.fromkeys(duty.calls + _patterns(self._reported(reaches))))
        return replace(duty, definition=definition, graph=graph, reaches=self._reported(reaches), calls=calls)

    def _suspect(self, duty: SleepDuty, reach: Reach, text: str) -> Suspect:
        call = reach.call.callee if _is_look(reach) else reach.call.text
        branch = last_branch(duty.graph, reach.path).told()
        told = Told(
            line=reach.call.line,
            code=call,
            message=_message(self, duty, reach.chain),
            breach=branch.breach(call, (), duty.obligation.resource, ""),
            evidence=_evidence(reach),
            doubts=doubts(duty.obligation, reach, duty.spared),
        )
        finding = finding_of(duty, told, text)
        return Suspect(finding, reach.path, self._plan(duty, reach, finding.confidence))

    def _plan(self, duty: SleepDuty, reach: Reach, confidence: Confidence) -> FixPlan | NoFix:
        if confidence is not Confidence.HIGH:
            return NoFix("the finding is not sure enough to change code for it")
        if self.forbidden is Forbidden.UNPINNED:
            return NoFix("where d_inode_rcu() and its test belong is for a person to see")
        if self.kind == "rcu_walk":
            return bail_out_plan(duty.obligation, duty.graph, reach, duty.bail_out)
        if self.kind == "never_sleeps":
            return atomic_plan(duty.obligation, duty.graph, reach)
        return NoFix("whether the saved flags can be handed on is for a person to see")


def _spared(obligation: Obligation, index: KernelIndex, one: Implementation, mode: WalkMode | None) -> str:
    """Why no walk in rcu mode, or nobody who holds the lock of a page table, comes to a method; "" where they may."""
    if mode is not None:
        back = sent_back(index, one.definition, sleep_words()) if mode.found else ""
        return f"{back}() sends every walk in rcu mode back before it comes here" if back else ""
    tables = sorted({(entry.variable, entry.path) for entry in one.entries})
    if obligation.struct == _OF_MAPPINGS and all(unmapped(index, *table, one.definition) for table in tables):
        names = ", ".join(variable for variable, _ in tables)
        return f"{names} is for inodes without file operations: nobody maps them, and no page table leads here"
    return ""


def _own(reaches: tuple[Reach, ...], definition: Definition, peers: frozenset[str]) -> tuple[Reach, ...]:
    """Without what happens in another implementation of the same method, where it is reported."""
    return tuple(reach for reach in reaches if reach.call.callee not in peers - {definition.name})


def _patterns(reaches: Iterable[Reach]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_pattern(reach) for reach in reaches))


def _pattern(reach: Reach) -> str:
    """The call as SmPL: with its mask where it is an allocation with a literal one; or the look at a member."""
    if _is_look(reach):
        return reach.call.callee
    masks = [argument for argument in reach.call.arguments if re.fullmatch(r"_*GFP_\w+", argument)]
    inside = f"..., {masks[0]}, ..." if masks and len(reach.call.arguments) > 1 else masks[0] if masks else "..."
    return f"{reach.call.callee}({inside})"


def _is_look(reach: Reach) -> bool:
    """Whether no call but a look at a member is wrong: a call through a pointer always leads further."""
    return not reach.call.direct and len(reach.chain.links) == 1


def _dentries(graph: Graph, parameter: str) -> Bindings:
    """The dentries that a method gets, but for the one that tells of rcu-walk."""
    types = {"struct dentry *", "const struct dentry *"}
    return frozenset(
        (p.name, Unpinned()) for p in graph.parameters if p.type in types and p.name not in ("", parameter)
    )


def _drops(duty: SleepDuty) -> list[str]:
    """The releases of the caller's lock, which a path to a forbidden call must not have passed; those that are on a way of a
    reach are taken again before it."""
    words = sleep_words()
    passed = {step for reach in duty.reaches if isinstance(reach.path, Path) for step in reach.path.nodes}
    found: dict[str, None] = {}
    taken = {call.arguments[0] for call in duty.graph.calls() if call.callee in words.spins and call.arguments}
    for number, node in enumerate(duty.graph.nodes):
        for call in node.calls:
            if (
                call.callee in words.releases
                and call.arguments
                and call.arguments[0] not in taken
                and number not in passed
            ):
                found[call.text] = None
    return list(found)


def _message(rule: CallRule, duty: SleepDuty, chain: Chain) -> str:
    calls = " -> ".join(_shown(link.callee) for link in chain.links)
    if rule.kind == "irq_safe":
        return f"{duty.graph.name}() is called from interrupts and reaches {calls}: {chain.why}"
    if rule.forbidden is Forbidden.UNPINNED:
        trusted = "the parent" if chain.why == Breach.PARENT else "the dentry"
        return f"{duty.graph.name}() trusts {trusted} in rcu-walk: it reaches {calls}, which {chain.why}"
    where = " in rcu-walk" if rule.kind == "rcu_walk" else ""
    return f"{duty.graph.name}() may sleep{where}: it reaches {calls}, which {chain.why}"


def _evidence(reach: Reach) -> tuple[Step, ...]:
    """The chain, step by step, with the tests on the way that nothing decides."""
    steps = []
    for link in reach.chain.links:
        steps += [Step(link.file, test.line, f"{link.caller}(): `{test.text}` is {test.label}") for test in link.tests]
        verb = "reads" if "->" in link.callee else "calls"
        steps.append(Step(link.file, link.line, f"{link.caller}() {verb} {_shown(link.callee)}"))
    last = reach.chain.links[-1]
    return (*steps, Step(last.file, last.line, f"{_shown(last.callee)} {reach.chain.why}"))


def _shown(callee: str) -> str:
    """A callee as people write it; a member that is read is none."""
    return callee if "->" in callee else f"{callee}()"
