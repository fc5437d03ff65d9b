"""Obligation x KernelIndex -> PageDuty, one function that owes something about a page or folio, delegates included.

A duty begins at the functions that operations tables name and moves on to delegates: functions that an implementation hands
its page to for good.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.explorations import Exploration
from cocci_gen.code.searches.machines import Event
from cocci_gen.code.searches.paths import Decision
from cocci_gen.code.states.known import Facts
from cocci_gen.code.states.zeroed import given_to
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.successors import PER_FOLIO
from cocci_gen.facts.calls.neighbours import neighbours_calling
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases, is_alias
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.pages.pages import Effects, Touch
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Registration
from cocci_gen.kinds.duties import Duty, Unexamined, bound_graph, implementations_of, registrations, unexamined
from cocci_gen.kinds.page_words import page_words

#: Hand-overs that are followed; the deepest chain of ->writepage in 6.1 is three (mpage, iomap, nfs).
DELEGATIONS = 4


@dataclass(frozen=True, slots=True)
class PageDuty(Duty):
    """A duty about a page or folio: the parameter (or local name) that holds it, and what the nodes do to it.

    `starts` are the nodes at which the obligation begins; none means the entry of the function.  `given` tells what every
    caller that hands the page on passes in parameters that the function never assigns; with `optional`, others of the file
    call the function without a page.  `events` are the touches as steps of the kind's machine, `waits` the nodes that wait for
    writeback of the page, `surely` the places whose giver warns, should it fail, `unread` the tests by which ->read_folio refuses
    a page, `unflushed` tells of file systems to which no flusher thread comes, `untagged` of mappings that keep no tags of dirty
    pages; `takers` are the calls by which ->readahead gets
    its pages, `stranger` is who calls the function too, and has another rule, "" for none, `looks` are the callees that
    only look at what they are given; `givers` are the functions that hand the page on to it, `keeper` is one of them that may
    be who forgets the release, "" for none, `torn` is who it hands the page on to, and who keeps it as well; `lent` tells that
    the caller takes the page back where more than zero is returned; `explored` keeps what was searched.
    """

    resource_name: str
    resource_type: str
    aliases: frozenset[str]
    touches: tuple[Touch, ...]
    starts: tuple[int, ...] = ()
    given: Facts = ()
    optional: bool = False
    events: Mapping[int, tuple[Event, ...]] = field(default_factory=dict, compare=False, repr=False)
    waits: frozenset[int] = frozenset()
    surely: frozenset[str] = frozenset()
    unread: frozenset[tuple[str, str]] = frozenset()
    unflushed: bool = False
    untagged: bool = False
    takers: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    stranger: str = ""
    looks: frozenset[str] = frozenset()
    givers: frozenset[Definition] = frozenset()
    keeper: str = ""
    torn: str = ""
    lent: bool = False
    #: By machine, excused branches and node that is to be passed.
    explored: dict[tuple[str, frozenset[Decision], int], Exploration] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def tested_by(self, option: str) -> Self:
        """The same duty, with what was searched: nothing of that hangs on tests."""
        found = replace(self, tests=option)
        found.explored.update(self.explored)
        return found

    @property
    def writes(self) -> bool:
        """Whether the page comes with data to be written, which is lost where it is unlocked clean: that of ->writepage, and
        each folio of a loop over `writeback_iter()`."""
        return self.obligation.method == "writepage" or self.obligation.mode == PER_FOLIO


def resource_word(duty: PageDuty) -> str:
    """ "page" or "folio", by the type of the parameter."""
    return "folio" if "folio" in duty.resource_type else "page"


def stranger_to(duty: PageDuty, index: KernelIndex) -> str:
    """A method of another structure, in the folder of a function that an obligation was handed on to, that calls it as well: what
    its own callers do with the page nobody has written down.  "" where there is none."""
    definition, struct = duty.definition, duty.obligation.struct
    folder = definition.folder
    for one in neighbours_calling(definition, index):
        near = (entry for entry in index.entries_naming(one.name) if entry.folder == folder)
        structs = {entry.struct for entry in near if entry.struct}
        if structs and struct not in structs and _calls(one, definition.name, index):
            index.reads_beside(definition, one.name)
            return one.name
    return ""


def unlocking_caller(duty: PageDuty, index: KernelIndex) -> str:
    """A function that calls one which others call through a pointer, and unlocks the page that it gave: two rules meet in it.
    "" where there is none."""
    place = next((n for n, one in enumerate(duty.graph.parameters) if one.name == duty.resource_name), None)
    for one in neighbours_calling(duty.definition, index) if place is not None else ():
        graph = index.graph(one)
        if graph is not None and any(_unlocks_behind(graph, at, text) for at, text in _given(graph, duty, place)):
            index.reads_beside(duty.definition, one.name)
            return one.name
    return ""


def _given(graph: Graph, duty: PageDuty, place: int | None) -> list[tuple[int, str]]:
    """The nodes of a function that call the one of a duty, each with the page that it gives."""
    calls = ((at, call) for at, node in enumerate(graph.nodes) for call in node.calls)
    return [
        (at, call.arguments[place])
        for at, call in calls
        if call.callee == duty.definition.name and place is not None and place < len(call.arguments)
    ]


def _unlocks_behind(graph: Graph, at: int, text: str) -> bool:
    """Whether a page is unlocked behind a node, and not locked anew there."""
    marks = call_vocabulary().marks
    calls = (call for number in graph.behind((at,)) for call in graph.nodes[number].calls)
    done = {mark for call in calls if call.arguments[:1] == (text,) for mark in marks.get(call.callee, ())}
    return "release" in done and "take" not in done


def _calls(one: Definition, name: str, index: KernelIndex) -> bool:
    """Whether a function calls another one, and not only speaks of it."""
    graph = index.graph(one)
    return graph is None or any(call.callee == name for call in graph.calls())


#: Tells of a touch that is a call whether the callee takes the obligation over.
Delegation = Callable[[PageDuty, Touch], bool]


def resource_parameter(graph: Graph, words: Iterable[str]) -> int | None:
    """The position of the first parameter of type `struct WORD *`, for instance page or folio; None where there is none."""
    types = {f"struct {word} *" for word in words}
    for position, parameter in enumerate(graph.parameters):
        if parameter.type.removeprefix("const ") in types and parameter.name:
            return position
    return None


@dataclass(frozen=True, slots=True)
class _Handed:
    """A function that gets the page (in the parameter at `position`, None when that is to be found), and how it comes there:
    `arguments` are those of the call that hands it on."""

    definition: Definition
    position: int | None
    registrations: tuple[Registration, ...]
    chain: tuple[Step, ...]
    arguments: tuple[str, ...]
    givers: frozenset[Definition] = frozenset()


def bound_duties(
    obligation: Obligation, index: KernelIndex, effects: Effects, delegates: Delegation
) -> tuple[tuple[PageDuty, ...], tuple[Unexamined, ...]]:
    """Every function that the obligation binds through a page or folio parameter, delegates included."""
    implementations, lost = implementations_of(obligation, index)
    missing = list(lost)
    duties: dict[tuple[Definition, int], PageDuty] = {}  # those that only pass pages on included
    todo = [_Handed(found.definition, None, registrations(found.entries), (), ()) for found in implementations]
    while todo:
        handed = todo.pop(0)
        definition, registered = handed.definition, handed.registrations
        duty = _duty(obligation, index, effects, handed)
        if isinstance(duty, Unexamined):
            missing.append(duty)
            continue
        at = next((p for p, parameter in enumerate(duty.graph.parameters) if parameter.name == duty.resource_name), -1)
        key = (definition, at)
        if key in duties:
            known = duties[key]
            both = tuple(fact for fact in known.given if fact in duty.given)
            everybody = tuple(dict.fromkeys(known.registrations + registered))
            duties[key] = replace(known, registrations=everybody, given=both, givers=known.givers | handed.givers)
            continue
        duties[key] = duty
        if len(handed.chain) < DELEGATIONS:
            todo += _handed_on(duty, index, delegates)
    found_here = (duty for duty in duties.values() if "readahead_control" not in duty.resource_type)
    return tuple(found_here), tuple(missing)


def _duty(obligation: Obligation, index: KernelIndex, effects: Effects, handed: _Handed) -> PageDuty | Unexamined:
    definition, position = handed.definition, handed.position
    graph = bound_graph(obligation, definition, index)
    if isinstance(graph, Unexamined):
        return graph
    if position is None:
        position = resource_parameter(graph, ("page", "folio"))
    control = resource_parameter(graph, ("readahead_control",))
    if control is not None and position in (None, control):
        name = graph.parameters[control].name
        takers = {**page_words().readahead, **_hands_out(graph, name, definition.path, index)}
        return _taking(obligation, effects, handed, graph, name, takers)
    if position is None or position >= len(graph.parameters) or not graph.parameters[position].name:
        return unexamined(obligation, definition, "has no page or folio parameter")
    parameter = graph.parameters[position]
    names = aliases(graph, parameter.name)
    touches = effects.touches(graph, definition.path, names)
    return PageDuty(
        obligation, definition, graph, handed.registrations, handed.chain, parameter.name, parameter.type, names,
        touches, given=_constants(graph, handed.arguments),
        optional=bool(handed.chain) and _comes_without(index.text(definition.path), graph.name, position),
        givers=handed.givers,
    )  # fmt: skip


def _comes_without(text: bytes, name: str, position: int) -> bool:
    """Whether a call in the text passes NULL at a position."""
    calls = re.findall(rf"\b{name}\s*\(((?:[^()]|\([^()]*\))*)\)".encode(), text)
    arguments = ([one.strip() for one in re.sub(rb"\([^()]*\)", b"", call).split(b",")] for call in calls)
    return any(len(one) > position and one[position] == b"NULL" for one in arguments)


def _constants(graph: Graph, arguments: Iterable[str]) -> Facts:
    """What the constants among the arguments of a call tell of parameters that the function never assigns."""
    assigned = {assignment.left for assignment in graph.assignments()}
    return tuple(fact for fact in given_to(graph, arguments) if fact[0] not in assigned and fact[2])


def taken(graph: Graph, takers: Collection[str]) -> tuple[int, ...]:
    """The nodes at which a function takes its pages itself, from a readahead_control."""
    return tuple(number for number, node in enumerate(graph.nodes) if any(call.callee in takers for call in node.calls))


def _hands_out(graph: Graph, control: str, path: str, index: KernelIndex) -> dict[str, str]:
    """The callees that are given the readahead_control and return a page, which they take for their caller -> its type."""
    found = {}
    for call in graph.calls():
        if call.direct and control in call.arguments and call.callee not in page_words().readahead:
            graphs = [index.graph(definition) for definition in index.resolve(call.callee, path)]
            types = {one.returns for one in graphs if one is not None}
            if types in ({"struct page *"}, {"struct folio *"}):
                found[call.callee] = types.pop()
    return found


def _taking(
    obligation: Obligation, effects: Effects, handed: _Handed, graph: Graph, control: str, takers: Mapping[str, str]
) -> PageDuty:
    """The duty of ->readahead: it owes an unlock for the pages that it takes, and nothing for those that it leaves."""
    starts = taken(graph, takers)
    got = ((a.left, a.right.split("(")[0].strip()) for number in starts for a in graph.nodes[number].assignments)
    found = [(name, takers[taker]) for name, taker in got if taker in takers]
    name, kind = found[0] if found else (control, "struct readahead_control *")
    known = aliases(graph, name) if found else frozenset({control})
    touches = effects.touches(graph, handed.definition.path, known) if found else ()
    return PageDuty(
        obligation, handed.definition, graph, handed.registrations, handed.chain, name, kind, known, touches,
        starts if found else (), takers=takers,
    )  # fmt: skip


def _handed_on(duty: PageDuty, index: KernelIndex, delegates: Delegation) -> list[_Handed]:
    found: list[_Handed] = []
    if "readahead_control" in duty.resource_type:
        return _control_handed_on(duty, index)
    for touch in duty.touches:
        if not touch.callee or not delegates(duty, touch):
            continue
        call = next(call for call in duty.graph.nodes[touch.node].calls if call.callee == touch.callee)
        positions = [
            place for place, text in enumerate(call.arguments) if is_alias(text, duty.aliases, call_vocabulary())
        ]
        step = Step(
            duty.definition.path, touch.line, f"{duty.graph.name}() hands the obligation on to {touch.callee}()"
        )
        for definition in index.resolve(touch.callee, duty.definition.path):
            position = positions[0] if positions else None
            chain, giver = (*duty.chain, step), frozenset({duty.definition})
            found.append(_Handed(definition, position, duty.registrations, chain, call.arguments, giver))
    return found


def _control_handed_on(duty: PageDuty, index: KernelIndex) -> list[_Handed]:
    """The callees that get the readahead_control: they take the pages in its place."""
    found: list[_Handed] = []
    for call in duty.graph.calls():
        if call.direct and call.callee not in duty.takers and duty.resource_name in call.arguments:
            step = Step(duty.definition.path, call.line, f"{duty.graph.name}() hands the pages on to {call.callee}()")
            at = call.arguments.index(duty.resource_name)
            found += [
                _Handed(definition, at, duty.registrations, (*duty.chain, step), call.arguments)
                for definition in index.resolve(call.callee, duty.definition.path)
            ]
    return found
