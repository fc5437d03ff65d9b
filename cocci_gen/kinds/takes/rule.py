"""The kind `gives_back`, "who fails has given back what it took itself".

The row of a method names every lock that is held around the call, and its caller knows of nothing else: a page that the method
(or a helper of it) locked, a reference that it took, are its own to give back when it fails.  What others spin for it gives back
before it sleeps, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from types import MappingProxyType

from cocci_gen.coccinelle.smpl import SemanticPatch, any_call, render
from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.explorations import Arrival, Exploration, Wronged
from cocci_gen.code.searches.paths import Decision, Path
from cocci_gen.code.states.known import Facts
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.neighbours import neighbours_calling
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import (
    ALSO_HERE,
    BY_HERE,
    FAR,
    FOR_READING,
    WHICH_IT_ALLOCATES,
    Confidence,
    Doubt,
    NoFix,
)
from cocci_gen.kinds.branches import first_of_two, last_branch, way_steps
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, bound_graph, parted, unexamined, unread
from cocci_gen.kinds.settled import note_settled
from cocci_gen.kinds.suspects import FixPlan, Place, StarringRule, Suspect, Told, finding_of
from cocci_gen.kinds.takes.fixes.fixes import give_back_plan
from cocci_gen.kinds.takes.holdings.borrowed import BorrowedHolding, borrowed_holdings, may_give_back_given
from cocci_gen.kinds.takes.holdings.entrusted import EntrustedHolding, entrusted_holdings
from cocci_gen.kinds.takes.holdings.holding import (
    CLEARED,
    LEFT_BEHIND,
    LOST,
    RETAKEN,
    SLEEPS,
    TAKES,
    Holding,
    fails,
    may_fail,
)
from cocci_gen.kinds.takes.holdings.in_vain import IN_VAIN
from cocci_gen.kinds.takes.holdings.kept import Kept, kept_by_success_too, kept_here_alone, leads_on
from cocci_gen.kinds.takes.holdings.locked import UNTAKEN, StateHolding
from cocci_gen.kinds.takes.holdings.states import Unclosed, state_holdings, states_in
from cocci_gen.kinds.takes.holdings.stranded import STRANDED
from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.holdings.uses import USED
from cocci_gen.kinds.takes.judged.begun import beginners_of
from cocci_gen.kinds.takes.judged.bound import Bound, bound_functions, is_asked
from cocci_gen.kinds.takes.judged.doubts import doubts
from cocci_gen.kinds.takes.judged.echoes import lost_below
from cocci_gen.kinds.takes.judged.ever_filled import doubted_tests, ever_filled
from cocci_gen.kinds.takes.judged.fates import NOTHING, becomes
from cocci_gen.kinds.takes.judged.routes import route_to
from cocci_gen.kinds.takes.judged.said import said_of
from cocci_gen.kinds.takes.judged.shown import shown_way
from cocci_gen.kinds.takes.judged.unfollowed import unfollowed_takes, unfollowed_ways
from cocci_gen.kinds.takes.lockers.afterwards import made_afterwards
from cocci_gen.kinds.takes.lockers.closers import nobody_closes, who_keeps
from cocci_gen.kinds.takes.lockers.failing import left_by_all
from cocci_gen.kinds.takes.lockers.retaken import barred_under
from cocci_gen.kinds.takes.lockers.wanted import wanted_by_others
from cocci_gen.kinds.takes.looks import Look, looks_of
from cocci_gen.kinds.takes.words.owned import owned_of
from cocci_gen.kinds.takes.words.sorts import State, member_of
from cocci_gen.kinds.takes.words.spans import sorts_of
from cocci_gen.kinds.takes.words.things import things
from cocci_gen.kinds.unseen import told_of
from cocci_gen.kinds.ways import ways_to

#: The note of a step at another place that takes what is held, as the same release is missing ahead of it.
AGAIN_HERE = "it is taken again here too, and by the same lack of a release"


#: The head of a function that is thrown away once it has run (include/linux/init.h).
_ONCE = re.compile(rb"[^{;]*\b__init\b")


@dataclass(frozen=True, slots=True)
class TakeDuty(Duty):
    """A function and one thing that it takes; `beside` is what else it takes of the same: a lock, a reference; `asked` tells
    whether somebody calls it so that it may keep the thing, and `given` what the calls that lead to it tell of its parameters;
    `along` are the duties about the other things that it takes and may keep, `others` all those things, and `untold` what it may
    take besides; `far` tells that no method is near, `filled` which methods are never missing, and `once` that it runs when the
    kernel starts or the module is loaded: what it keeps without a failure is there for good; `elsewhere` that another rule looks
    at its returns."""

    holding: Holding = field(compare=False)
    name: str
    beside: tuple[Holding, ...] = field(default=(), compare=False)
    asked: bool = True
    given: Facts = field(default=(), compare=False)
    along: tuple[TakeDuty, ...] = field(default=(), compare=False, repr=False)
    others: tuple[Holding, ...] = field(default=(), compare=False, repr=False)
    untold: tuple[Unexamined, ...] = field(default=(), compare=False, repr=False)
    far: bool = field(default=False, compare=False)
    filled: Mapping[str, str] = field(default_factory=dict, compare=False)
    once: bool = field(default=False, compare=False)
    elsewhere: bool = field(default=False, compare=False)

    @property
    def about(self) -> str:
        """The name of the thing: one function may take several, `old = sb_bread(sb, 1); new = sb_bread(sb, 2);`.  A page that is
        locked and referenced by one call is told of once."""
        return self.holding.name


@dataclass(frozen=True, slots=True)
class GivesBackRule(StarringRule[TakeDuty, Arrival | Wronged]):
    """The kind `gives_back`."""

    kind: str = "gives_back"

    def asks(self, obligation: Obligation, path: str, index: KernelIndex) -> bool:
        """A driver takes things of which no row speaks: it is not asked, and is not to pass for one that was."""
        return is_asked(obligation, path, index)

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[TakeDuty, ...], tuple[Unexamined, ...]]:
        """The functions that may fail with what they took; `names` of the obligation are things that another rule looks after."""
        bound, lost = bound_functions(obligation, facts)
        known = looks_of(facts.index)
        looks = [known.at(obligation, one.definition) or _look(obligation, one, facts) for one in bound]
        duties = [duty for look in looks for duty in look.duties]
        missing = [told for look in looks for told in look.missing]
        unseen = [told for look in looks for told in look.unseen]
        settled = {one.definition: look.becomes for one, look in zip(bound, looks, strict=True)}
        found = {duty.definition for duty in duties}
        helpers = tuple(one for one in bound if one.chain and one.definition not in found)
        unread_ones = ((one.definition, unread(one.definition, facts.index)) for one in helpers)
        unseen += [unexamined(obligation, one, why) for one, why in unread_ones if why]
        note_settled(obligation, _settled(helpers, settled, (*missing, *unseen)), facts.index)
        said = said_of(facts.index)
        new = said.new(bound, duties, lambda one: (one.definition.path, one.definition.name, one.name))
        untold = said.new(bound, (*missing, *unseen), lambda one: (one.path, one.function, (one.line, one.reason)))
        return _together(new, missing), tuple(dict.fromkeys((*lost, *untold)))

    def semantic_patch(self, duty: TakeDuty) -> SemanticPatch:
        """SmPL that stars the returns behind a taking call, and releases behind a release."""
        holding = duty.holding
        seen, takers = holding.explored(), {call.callee for _, call in holding.takers}
        twice = holding.twice(seen)
        first = (takers if _is_written(duty) else set()) if _retaken(twice) else _releasing(holding)
        if isinstance(holding, BorrowedHolding):
            takers, first = set[str](), set[str]()
        context = {
            "mode": "report",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "entrusted": isinstance(holding, EntrustedHolding),
            "takers": [] if isinstance(holding, EntrustedHolding) else sorted(takers),
            "falls_off": any(_falls_off(duty, kept) for kept in _keeping(duty, seen)),
            "lost": sorted({holding.name for one in holding.overwritten(seen) if one.event.call is None}),
            "used": sorted({one.words for one in holding.used(seen) if one.event.call is None}),
            "ends": sorted(_releasing(holding)),
            "again": [
                *_pairs(first, twice),
                *_pairs(_releasing(holding), holding.used(seen)),
                *_pairs(
                    takers if _is_written(duty) else (),
                    (*holding.overwritten(seen), *holding.stranded(seen), *holding.asleep(seen)),
                ),
                *_pairs(takers if _is_written(duty) else (), holding.given_in_vain(seen)),
            ],
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: TakeDuty) -> Iterator[Place[Arrival | Wronged]]:
        """The returns that keep the thing, and the calls that give it back twice."""
        seen = duty.holding.explored()
        for wronged in _again(duty, seen):
            yield Place(wronged.event.node, _lines_of(duty.graph, wronged.event.line), wronged, "twice")
        for kept in _keeping(duty, seen):
            taking = (call.line for _, call in duty.holding.takers) if _falls_off(duty, kept) else ()
            yield Place(kept.node, (duty.graph.nodes[kept.node].line, *taking), kept)

    def suspect(self, duty: TakeDuty, place: Place[Arrival | Wronged], text: str) -> Suspect:
        """What is wrong at one of them."""
        if isinstance(place.what, Wronged):
            return _twice(duty, duty.holding.explored(), place.what, text)
        return _kept(duty, duty.holding.explored(), place.what, text)

    def again(self, duty: TakeDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> TakeDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        for one in _holdings_again(duty.holding, graph, definition.path, facts):
            if one.name == duty.holding.name:
                return replace(duty, definition=definition, graph=graph, holding=one, others=())
        # The calls that took go on to name what is asked of spatch; no node takes.
        took = tuple((-1, call) for _, call in duty.holding.takers)
        nothing = replace(duty.holding, graph=graph, takers=took, events={}, turns={})
        return replace(duty, definition=definition, graph=graph, holding=nothing, others=())


def functions_to_look_at(obligations: Iterable[Obligation], facts: TreeFacts) -> Iterator[tuple[Obligation, Bound]]:
    """What `duties` will look at for some obligations, in their order."""
    for obligation in obligations:
        for one in bound_functions(obligation, facts)[0]:
            yield obligation, one


def look_ahead(asked: Iterable[tuple[Obligation, Bound]], facts: TreeFacts) -> tuple[Look[TakeDuty] | None, ...]:
    """What is seen of functions that `duties` will look at; None for what cannot be handed to another process: the duties, of
    which there are few."""
    looks = (_look(obligation, one, facts) for obligation, one in asked)
    return tuple(None if look.duties else look for look in looks)


def _look(obligation: Obligation, one: Bound, facts: TreeFacts) -> Look[TakeDuty]:
    """What is seen of one function under one obligation."""
    found = (_duties, _entrusted_duties, _borrowed_duties)
    every, missing = parted([duty for duties in found for duty in duties(obligation, one, facts)])
    taking = _without_parts(every)
    unseen: list[Unexamined] = []
    duties: list[TakeDuty] = []
    words: list[str] = []
    for duty in taking:
        seen = None if duty.holding.settled() else duty.holding.explored()
        if not isinstance(duty.holding, BorrowedHolding) and not duty.elsewhere:
            words.append(becomes(duty.name, duty.holding, seen))
        if seen is None:
            continue
        if _again(duty, seen) or _keeping(duty, seen):
            others = tuple(one.holding for one in taking if one.holding.name != duty.holding.name)
            duties.append(replace(_as_called(duty, facts.index), others=others))
        if (
            not isinstance(duty.holding, _OF_CALLERS) and not duty.elsewhere
        ):  # callers are asked about theirs themselves
            unseen += told_of(obligation, duty.definition, unfollowed_ways(duty.holding, seen))
    return Look(tuple(duties), missing, tuple(unseen), tuple(words))


def _without_parts(duties: Sequence[TakeDuty]) -> list[TakeDuty]:
    """The duties but those about a part of what the same calls take as a whole: the dentry of a path."""
    whole = {(one.holding.name, number) for one in duties if one.holding.is_whole for number, _ in one.holding.takers}
    parts = ((one, re.split(r"\.|->", one.holding.name)[0], one.holding.takers) for one in duties)
    return [
        one for one, name, takers in parts if one.holding.is_whole or any((name, n) not in whole for n, _ in takers)
    ]


def _settled(
    helpers: Iterable[Bound], settled: Mapping[Definition, Sequence[str]], told: Iterable[Unexamined]
) -> Iterator[tuple[Definition, tuple[Step, ...], str]]:
    """The helpers of which nothing is told, each with how it is come to and what becomes of what it takes."""
    lost = {(one.path, one.function) for one in told}
    for one in helpers:
        if (one.definition.path, one.definition.name) not in lost:
            yield one.definition, one.chain, "; ".join(settled.get(one.definition, ())) or NOTHING


def _holdings_again(holding: Holding, graph: Graph, path: str, facts: TreeFacts) -> tuple[Holding, ...]:
    """What the same function takes of the same sort in an edited file."""
    for state in sorts_of(facts.index).at(path):
        if state.thing == holding.thing:
            if not isinstance(holding, StateHolding):
                return state_holdings(graph, path, state, facts.index)
            return _state_holdings_again(holding, graph, path, state, facts.index)
    return takers_of(holding.thing, facts.index, facts.effects).holdings(graph, path)


def _state_holdings_again(
    holding: StateHolding, graph: Graph, path: str, state: State, index: KernelIndex
) -> tuple[Holding, ...]:
    """The same of a state, with what is known of the function from before."""
    every = state_holdings(graph, path, state, index, alone=holding.alone, unclosed=lambda _name: holding.unclosed())
    told_apart, keeper, echoes, left = holding.told_apart, holding.keeper, holding.echoes, holding.left_by_all
    return tuple(replace(one, told_apart=told_apart, keeper=keeper, echoes=echoes, left_by_all=left) for one in every)


def _duties(obligation: Obligation, one: Bound, facts: TreeFacts) -> Iterator[TakeDuty | Unexamined]:
    text, path = facts.index.text_of(one.definition), one.definition.path
    every_thing = (*things().values(), *owned_of(facts.index).asked(one.definition))
    known = (takers_of(t, facts.index, facts.effects) for t in every_thing)
    wanted = [takers for takers in known if takers.in_text(text, path)]
    sorts = states_in(text, path, facts.index)
    sorts_of(facts.index).note(one.definition, sorts)
    begun = beginners_of(facts.index).asked(text, path)
    graph = bound_graph(obligation, one.definition, facts.index) if wanted or sorts or begun else None
    if isinstance(graph, Unexamined):
        yield graph
    if graph is None or isinstance(graph, Unexamined):
        return
    held = [cache(partial(takers.holdings, graph, path)) for takers in wanted]
    for takers, holdings in zip(wanted, held, strict=True):
        if takers.thing.word not in obligation.names:
            yield from told_of(obligation, one.definition, unfollowed_takes(graph, takers.source(path), holdings))
    yield from told_of(obligation, one.definition, beginners_of(facts.index).unfollowed(graph, path, begun))
    every = [holding for holdings in held for holding in holdings()]
    for holding in every:
        name = f"{holding.thing.name} {holding.name}"
        beside = tuple(other for other in every if other is not holding and other.name == holding.name)
        yield TakeDuty(
            obligation,
            one.definition,
            graph,
            one.registrations,
            one.chain,
            holding,
            name,
            beside,
            far=one.far,
            once=_ONCE.match(text) is not None,
            elsewhere=holding.thing.word in obligation.names,
        )
    for state in sorts:
        alone, unclosed = _is_alone(one, facts.index), _unclosed(obligation, one, state, facts.index)
        for plain in state_holdings(graph, path, state, facts.index, alone=alone, unclosed=unclosed):
            keeper = partial(who_keeps, plain.name, graph, one.definition, state, facts.index)
            barred = partial(barred_under, plain.name, graph, path, state, facts.index)
            afterwards = partial(made_afterwards, plain.name, one.definition, state, facts.index)
            echoes = partial(lost_below, [call for _, call in plain.takers], path, state, facts.index)
            handed = _is_handed_over(obligation, plain.name)
            left = left_by_all(one.definition, state, plain.name, facts.index)
            others = partial(wanted_by_others, one.definition, plain.name, state, facts.index)
            holding = replace(
                plain,
                told_apart=handed,
                keeper=keeper,
                barred=barred,
                afterwards=afterwards,
                echoes=echoes,
                wanted=others,
                left_by_all=left,
            )
            name = f"{state.thing.name} {holding.name}"
            yield TakeDuty(obligation, one.definition, graph, one.registrations, one.chain, holding, name, far=one.far)


def _entrusted_duties(obligation: Obligation, one: Bound, facts: TreeFacts) -> Iterator[TakeDuty]:
    """The same of what a helper gives back for its callers."""
    text, path, sorts = facts.index.text_of(one.definition), one.definition.path, sorts_of(facts.index)
    ended = [state for state in sorts.at(path) if state.ends_first(text)] if one.definition.span.static else []
    sorts.note(one.definition, ended)
    graph = facts.index.graph(one.definition) if ended else None
    if graph is None or not graph.whole:
        return
    for state in ended:
        for holding in entrusted_holdings(one.definition, graph, state, facts.index):
            name = f"{state.thing.name} of its callers {holding.name}"
            yield TakeDuty(obligation, one.definition, graph, one.registrations, one.chain, holding, name, far=one.far)


def _borrowed_duties(obligation: Obligation, one: Bound, facts: TreeFacts) -> Iterator[TakeDuty]:
    """The same of what a method is given, and is not to give back."""
    asked = not one.chain and any(may_give_back_given(facts.index.text_of(one.definition)))
    graph = facts.index.graph(one.definition) if asked else None
    if graph is None or not graph.whole:
        return
    for holding in borrowed_holdings(obligation, one.definition, graph, facts.index, facts.effects):
        name = f"{holding.thing.name} of its caller {holding.name}"
        yield TakeDuty(obligation, one.definition, graph, one.registrations, (), holding, name)


def _together(duties: Iterable[TakeDuty], unseen: Iterable[Unexamined]) -> tuple[TakeDuty, ...]:
    """The duties, each with those about other things of the same function, and with what that may take besides."""
    untold: dict[tuple[str, str], list[Unexamined]] = {}
    for one in unseen:
        untold.setdefault((one.path, one.function), []).append(one)
    found: dict[Definition, list[TakeDuty]] = {}
    for duty in duties:
        found.setdefault(duty.definition, []).append(duty)
    return tuple(
        replace(
            duty,
            along=tuple(other for other in every if other.holding.name != duty.holding.name),
            untold=tuple(untold.get((definition.path, definition.name), ())),
        )
        for definition, every in found.items()
        for duty in every
    )


def _is_alone(one: Bound, index: KernelIndex) -> bool:
    """Whether only tables lead to a function: who calls a method knows of no lock of its own."""
    return not one.chain and not any(neighbours_calling(one.definition, index))


def _unclosed(obligation: Obligation, one: Bound, state: State, index: KernelIndex) -> Unclosed:
    """Asks whether nobody else gives back what a function takes; what the row has a method hand over may be for its caller, and
    what is one for all anybody gives back."""
    nobody = nobody_closes(one.definition, state, index, bound=not one.chain)
    return lambda name: not state.of_all and not _is_handed_over(obligation, name) and nobody(name)


def _is_handed_over(obligation: Obligation, name: str) -> bool:
    """Whether an expression ends in what the row has a method hand over: `sb->s_umount`."""
    return member_of(name) in obligation.names or name in obligation.names


def _as_called(duty: TakeDuty, index: KernelIndex) -> TakeDuty:
    """The duty with calls that lead to it and hand it what its breach takes."""

    def keeps(given: Facts) -> bool:
        seen = duty.holding.explored(given)
        return bool(_again(duty, seen) or _keeping(duty, seen))

    route = route_to(duty.definition, duty.holding, duty.chain, keeps, index)
    # Which table leads to another caller, nobody has looked.
    registrations = duty.registrations if route.chain == duty.chain else ()
    filled = ever_filled(duty.graph, duty.definition, index)
    return replace(
        duty,
        chain=route.chain,
        asked=route.asked,
        given=route.given,
        filled=filled,
        registrations=registrations,
    )


def _keeping(duty: TakeDuty, seen: Exploration) -> tuple[Arrival, ...]:
    """The returns that keep the thing."""
    if duty.elsewhere:
        return ()
    return (*duty.holding.breaches(seen), *(() if duty.once else duty.holding.forgotten(seen)))


def _again(duty: TakeDuty, seen: Exploration) -> tuple[Wronged, ...]:
    """The calls that give the thing back, or take it, when they must not, sleep with it, or look into it when it is gone, or was
    never there."""
    one = duty.holding
    stranded = one.stranded(seen)
    lost = stranded if stranded and not _keeping(duty, seen) else one.overwritten(seen)
    if duty.elsewhere:
        return lost
    ways = (one.asleep, one.used, one.given_in_vain)
    return (*one.twice(seen), *lost, *(wronged for way in ways for wronged in way(seen)))


def _lines_of(graph: Graph, line: int) -> tuple[int, ...]:
    """The lines of a step from one on, up to the next step: where in it something stands is not known."""
    following = min((node.line for node in graph.nodes if node.line > line), default=line + 1)
    return tuple(range(line, following))


def _pairs(first: Iterable[str], wrongs: Iterable[Wronged]) -> list[tuple[str, str]]:
    """SmPL for the calls that come first, "" where they are not seen, and each function of which the second call is one."""
    calls = sorted({one.event.call.callee for one in wrongs if one.event.call is not None})
    before = any_call(sorted(first)) if first else ""
    return [(before, call) for call in calls]


def _is_written(duty: TakeDuty) -> bool:
    """Whether the calls that take the thing stand in the text: what a scope takes is called where that is defined."""
    return all(call.callee in duty.graph.nodes[number].text for number, call in duty.holding.takers if number >= 0)


def _falls_off(duty: TakeDuty, kept: Arrival) -> bool:
    """Whether a function ends without a return, which spatch could star."""
    return not duty.graph.nodes[kept.node].text


def _retaken(wrongs: Iterable[Wronged]) -> bool:
    """Whether what is wrong is that something is taken again; of one thing it is always the same that is wrong."""
    return any(one.says == RETAKEN for one in wrongs)


def _releasing(holding: Holding) -> set[str]:
    """The functions that give the thing back, itself or somewhere in them."""
    return {
        one.call.callee
        for events in holding.events.values()
        for one in events
        if one.call is not None and one.call.direct
        if any(each.state == "back" for each in one.outcome("owed", ()).exits)
    }


# What to say.


def _kept(duty: TakeDuty, seen: Exploration, arrival: Arrival, text: str) -> Suspect:
    found = _found(duty, seen, arrival, text)
    if found.finding.confidence is Confidence.LOW:
        return replace(found, plan=NoFix("nobody takes a patch for a finding of low confidence"))
    if isinstance(duty.holding, StateHolding) and duty.holding.found:  # its owner is gone by then
        return replace(found, plan=NoFix("what ends it has to stand in the place of what gave up its owner"))
    if isinstance(duty.holding, EntrustedHolding):
        return replace(found, plan=NoFix("whether it or its callers are to give it back is for a person to decide"))
    if duty.holding.hands_back_another(arrival) and duty.graph.nodes[arrival.node].returned.isidentifier():
        return replace(found, plan=NoFix("which of the two was to be handed back is for a person to decide"))
    if _may_fail_with(duty, seen, arrival):
        return replace(found, plan=NoFix("where it does not fail it is kept for the caller"))
    if duty.holding.thing.unsaid:
        return replace(found, plan=NoFix("what comes of it that it is kept no mail can say yet"))
    sure = found.finding.confidence is Confidence.HIGH
    kept = _in_hand(duty, seen, arrival)
    plan = give_back_plan(duty.obligation, kept, _also_kept(duty, arrival.node, text) if sure else ())
    passed = (
        {duty.graph.nodes[number].line for number in found.path.nodes} if isinstance(found.path, Path) else set[int]()
    )
    places = plan.anchors if isinstance(plan, FixPlan) else ()
    come = dict.fromkeys(_come_by(kept, places)) if places else {}
    labels = {node.line for node in duty.graph.nodes if node.text.endswith(":")}
    lines = (line for line in dict.fromkeys((*places, *come)) if line not in passed | labels)
    also = tuple(Step(duty.definition.path, line, ALSO_HERE if line in places else BY_HERE) for line in lines)
    _, call = _taking(duty, found.path.nodes) if isinstance(found.path, Path) else duty.holding.takers[0]
    others = tuple(Step(duty.definition.path, call.line, note) for note in duty.holding.wanted_by(call))
    return Suspect(replace(found.finding, evidence=found.finding.evidence + also + others), found.path, plan)


def _come_by(kept: Kept, places: Sequence[int]) -> Iterator[int]:
    """The lines by which ways with the thing in hand come to calls in some lines, and on to the return."""
    nodes = kept.graph.nodes
    held = [number for number in range(len(nodes)) if not kept.seen.at(number).isdisjoint(TAKES.open)]
    for line in ways_to(kept.graph, held, places):
        if any(leads_on(kept, number) for number in held if nodes[number].line == line):
            yield line


def _may_fail_with(duty: TakeDuty, seen: Exploration, arrival: Arrival) -> bool:
    """Whether a return hands on what tells of a failure at times, and only then nobody gives back what is kept."""
    return may_fail(duty.graph, arrival) and duty.holding.takes_for_callers(seen, arrival)


def _found(duty: TakeDuty, seen: Exploration, arrival: Arrival, text: str) -> Suspect:
    """What is told of a return with the thing in hand."""
    holding, node = duty.holding, duty.graph.nodes[arrival.node]
    path = shown_way(holding, duty.given, seen, arrival)
    what, how = f"{_named(holding)} still {holding.thing.kept}", holding.thing.kept
    if arrival in holding.forgotten(seen):
        words, why = holding.others(seen)
        message = f"{duty.graph.name}() returns with {what}, {words}"
        return _suspect(duty, path, (node, node.line, message, how), text, ((Confidence.MODERATE, why),))
    verb = "fails" if fails(duty.graph, arrival) else "returns NULL" if holding.withholds(arrival) else "returns"
    against = tuple((Confidence.MODERATE, words) for words in holding.unsure_of(seen))
    if verb == "returns" and _may_fail_with(duty, seen, arrival):
        verb = "may fail"
    if verb == "fails" and kept_by_success_too(holding, seen, arrival):
        verb = "returns"  # to say that it fails would be to say that it is right where it does not
    message = f"{duty.graph.name}() {verb} with {what}"
    if isinstance(holding, EntrustedHolding) and holding.is_gone(arrival):
        message = f"{duty.graph.name}() {verb} without {_named(holding)}, which its callers give back"
    return _suspect(duty, path, (node, node.line, message, how), text, against)


def _in_hand(duty: TakeDuty, seen: Exploration, arrival: Arrival) -> Kept:
    forgotten = {one.node for one in duty.holding.forgotten(seen)}
    alone = arrival.node in forgotten or kept_here_alone(duty.holding, seen, arrival)
    line = duty.graph.nodes[arrival.node].line
    perhaps = next((one.reason for one in duty.untold if one.line == line), "")
    return Kept(duty.holding, seen, arrival, duty.beside, alone, perhaps, frozenset(forgotten), duty.others)


def _also_kept(duty: TakeDuty, number: int, text: str) -> Iterator[Kept]:
    """The other things that the function surely keeps to the same return."""
    for other in duty.along:
        seen = other.holding.explored()
        for arrival in _keeping(other, seen):
            if arrival.node == number and _found(other, seen, arrival, text).finding.confidence is Confidence.HIGH:
                yield _in_hand(other, seen, arrival)


def _twice(duty: TakeDuty, seen: Exploration, one: Wronged, text: str) -> Suspect:
    holding, node, path = duty.holding, duty.graph.nodes[one.event.node], seen.path(one.stop)
    if one.says == RETAKEN:
        message = f"{duty.graph.name}() takes {_named(holding)}, which it holds already"
        more = ((Confidence.MODERATE, "whether a call in between leads to another one cannot be seen"),)
        found = _suspect(duty, path, (node, one.event.line, message, "again"), text, more)
        also = tuple(Step(duty.definition.path, line, AGAIN_HERE) for line in holding.also(seen, one))
        return replace(found, finding=replace(found.finding, evidence=found.finding.evidence + also))
    if one.says == SLEEPS:
        message = f"{duty.graph.name}() calls {_callee_of(one)}(), which may sleep, with {_named(holding)} held"
        more = ((Confidence.MODERATE, "no row of the document says of this lock that it is one to spin for"),)
        return _suspect(duty, path, (node, one.event.line, message, "asleep"), text, more)
    if one.says == CLEARED:
        does = "clears" if one.words.endswith("is cleared") else "puts an error into"
        message = (
            f"{duty.graph.name}() {does} {holding.name}, where one {holding.thing.word} is still {holding.thing.kept}"
        )
        return _suspect(duty, path, (node, one.event.line, message, "another"), text, ())
    if one.says in (LOST, LEFT_BEHIND):
        kept = f"where one is still {holding.thing.kept}"
        message = f"{duty.graph.name}() puts another {holding.thing.word} into {holding.name}, {kept}"
        more = (
            (Confidence.MODERATE, "whether the way from the one to the other can be gone is not known for certain"),
        )
        return _suspect(duty, path, (node, one.event.line, message, "another"), text, more)
    if one.says == STRANDED:
        message = f"{duty.graph.name}() drops its reference to {holding.name}, which is still {holding.thing.kept}"
        more = ((Confidence.MODERATE, "whether somebody else has it, to unlock it, cannot be seen"),)
        return _suspect(duty, path, (node, one.event.line, message, "stranded"), text, more)
    if one.says == USED:
        message = f"{duty.graph.name}() looks into {_named(holding)}, which it has given back"
        hidden = any(stop.state == "unseen" for stop in seen.stops(one.stop))
        doubt = (Confidence.LOW, "what a call that it was given to does with it cannot be seen")
        more = (
            (Confidence.MODERATE, "whether somebody else holds it as well cannot be seen"),
            *((doubt,) if hidden else ()),
        )
        first = first_of_two(seen.stops(one.stop), holding.events, duty.definition.path)
        return _suspect(duty, path, (node, one.event.line, message, "used"), text, more, first)
    if one.says == IN_VAIN:
        message = f"{duty.graph.name}() calls {_callee_of(one)}() for {_named(holding)}, which is {one.words} there"
        return _suspect(duty, path, (node, one.event.line, message, "vain"), text, ())
    verb = {"locked": "unlocks", "held": "releases"}.get(holding.thing.kept, "drops its reference to")
    if one.says == UNTAKEN:
        message = f"{duty.graph.name}() {verb} {_named(holding)}, which it has failed to take"
        more = ((Confidence.MODERATE, "whether it is taken by other means cannot be seen"),)
        return _suspect(duty, path, (node, one.event.line, message, "untaken"), text, more)
    if isinstance(holding, BorrowedHolding):
        message = f"{duty.graph.name}() drops a reference to {_named(holding)} that is its caller's"
        more = ((Confidence.MODERATE, "that it is not to is read out of what others do who implement the method"),)
        return _suspect(duty, path, (node, one.event.line, message, "borrowed"), text, more)
    message = f"{duty.graph.name}() {verb} {_named(holding)}, which it has done already"
    what = "another reference" if verb.startswith("drops") else "it"
    more = ((Confidence.MODERATE, f"whether {what} was taken by other means cannot be seen"),)
    first = first_of_two(seen.stops(one.stop), holding.events, duty.definition.path)
    return _suspect(duty, path, (node, one.event.line, message, "twice"), text, more, first)


#: What is held by those who call the function.
_OF_CALLERS = (EntrustedHolding, BorrowedHolding)
#: The word for what is wrong at a call -> what only a person can say of it.
_OPEN = {
    "again": "which of the two is too many",
    "twice": "which of the two is too many",
    "borrowed": "what was meant to be given back here",
    "asleep": "whether the call or the lock must go elsewhere",
    "another": "where the first one is to be given back",
    "stranded": "what is to become of it there",
    "used": "which of the two goes elsewhere",
    "untaken": "past which release the way is to lead",
    "vain": "past which release the way is to lead",
}
_PLACE = "where it is to be given back"


def _callee_of(one: Wronged) -> str:
    """What is called at a step that is wrong."""
    return one.event.call.callee if one.event.call is not None else one.event.note


def _named(holding: Holding) -> str:
    if holding.array:
        return f"{holding.thing.word}s of {holding.array}"
    return holding.name if holding.name == holding.thing.word else f"{holding.thing.word} {holding.name}"


def _suspect(
    duty: TakeDuty,
    path: Path,
    what: tuple[Node, int, str, str],
    text: str,
    more: tuple[Doubt, ...] = (),
    first: Mapping[int, Sequence[Step]] = MappingProxyType({}),
) -> Suspect:
    """What is wrong at the end of a path (its node, the line, the message, a word for it); `first`: where it was done before."""
    node, line, message, how = what
    file, holding = duty.definition.path, duty.holding
    branch = last_branch(duty.graph, path).told()
    missing = doubted_tests(duty.graph, path, duty.filled)
    against = (*more, *doubts(duty.holding, path, asked=duty.asked), *missing)
    told = Told(
        line=line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|{holding.thing.name}|{holding.name}|{how}",
        message=message,
        breach=branch.breach(node.text or "the end of the function", (), holding.thing.word, holding.name),
        evidence=(
            *duty.chain,
            *_steps(duty, path, first),
            Step(file, line, f"`{node.text}`" if node.text else f"the end of {duty.graph.name}() is reached"),
        ),
        doubts=(*against, *([(Confidence.LOW if against else Confidence.MODERATE, FAR)] if duty.far else ())),
    )
    return Suspect(finding_of(duty, told, text), path, NoFix(f"{_OPEN.get(how, _PLACE)} is for a person to decide"))


def _steps(duty: TakeDuty, path: Path, first: Mapping[int, Sequence[Step]]) -> tuple[Step, ...]:
    """The branches of a path, where ahead of its end the thing is taken, and what is told besides."""
    file = duty.definition.path
    at, call = _taking(duty, path.nodes)
    reads = f" {FOR_READING}" if duty.holding.lets_readers_in(call) else ""
    own = duty.holding.thing.word.startswith(f"{call.callee}(")  # what a file system begins has no name but that
    made = WHICH_IT_ALLOCATES if call.callee in duty.holding.thing.allocating else ""
    what = duty.holding.name if own else _named(duty.holding)
    taken = Step(file, call.line, f"{call.callee}() takes {what}{made}{reads}")
    if isinstance(duty.holding, EntrustedHolding) and at == 0:
        taken = Step(file, duty.definition.span.line, f"who calls {duty.graph.name}() holds {_named(duty.holding)}")
    return way_steps(duty.graph, _deciding(duty.graph, path, at), file, {**first, at: (taken, *first.get(at, ()))})


def _taking(duty: TakeDuty, nodes: Sequence[int]) -> tuple[int, Call]:
    """The last step of a way by which the thing is taken, and the call that takes it."""
    takers = dict(duty.holding.takers)
    at = next((node for node in reversed(nodes[:-1]) if node in takers), nodes[0])
    return at, takers.get(at, duty.holding.takers[0][1])


def _deciding(graph: Graph, path: Path, at: int) -> Path:
    """The path without the branches ahead of a node to which the other branch would have led as well; one that is asked for again
    behind it says which way the path goes there."""
    ahead = path.nodes[: path.nodes.index(at)]
    behind = {graph.nodes[number].text for number in path.nodes[len(ahead) :]}

    def decides(one: Decision) -> bool:
        node = graph.nodes[one.node]
        others = [after for after, label in node.successors if label != one.label]
        return node.text in behind or not others or at not in {*others, *graph.behind(others, {one.node})}

    kept = (one for one in path.decisions if one.node not in ahead or decides(one))
    return replace(path, decisions=tuple(kept))
