"""A duty -> what its nodes do, as steps of the machine of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.code.searches.machines import Event, Exit, Outcome
from cocci_gen.code.states.known import Facts, may_be_nonzero, thawed, told_of
from cocci_gen.code.states.liveness import alive_names
from cocci_gen.facts.calls.holders import holders
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import Given, aliases
from cocci_gen.facts.pages.summaries import Summaries, summaries
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.exits.delegates import delegates
from cocci_gen.kinds.exits.machines import BEGIN, FREE, PROMISED
from cocci_gen.kinds.exits.owing import Owing
from cocci_gen.kinds.page_duty import PageDuty

_ELEMENT = re.compile(r"([A-Za-z_]\w*)\[.*\]")
#: Members by which a structure holds a page.
_PAGES = ("->page", "->folio")


def events_of(owing: Owing, duty: PageDuty, facts: TreeFacts) -> dict[int, tuple[Event, ...]]:
    """What the nodes do, as steps of the machine: also where the duty begins, and where another function takes it over (it is
    judged there)."""
    path, graph = duty.definition.path, duty.graph
    known = summaries(facts.effects, owing.machine)
    every = known.events(graph, path, duty.aliases, duty.resource_name)
    taken_over = {
        (touch.node, touch.callee) for touch in duty.touches if touch.callee and delegates(owing, duty, touch)
    }
    found: dict[int, list[Event]] = {}
    kept = _kept_by_others(duty) if duty.starts else frozenset[int]()
    for number, events in every.items():
        for event in events:
            if number in duty.starts and (event.call.callee in duty.takers if event.call else event.marks == ("lost",)):
                continue  # it takes the next page, and is given the last one only to find its place
            over = event.call is not None and (number, event.call.callee) in taken_over
            found.setdefault(number, []).append(_taken_over(event, known) if over else event)
    for number, call in _owners_released(duty, facts) if "release" in owing.owed else ():
        found.setdefault(number, []).append(
            known.step(number, call, ("unknown",), f"{call.callee}() may unlock what it keeps")
        )
    for number, node in enumerate(graph.nodes):
        if any(value in a.right and value != a.right for value in owing.exempt for a in node.assignments):
            found.setdefault(number, []).append(
                known.step(number, None, ("hand_on",), "the page may stay locked by contract")
            )
    for number in _promising(owing, duty):
        found.setdefault(number, []).append(_promised(owing, duty, number))
    for number, every_one in found.items():
        found[number] = [_put_aside(duty, known, one) for one in every_one]
    for number in duty.starts:
        found.setdefault(number, []).append(_begun(owing, duty, number, known, forgets=number not in kept))
    return {number: tuple(events) for number, events in found.items()}


def _promising(owing: Owing, duty: PageDuty) -> Iterator[int]:
    """The returns of a method that may hand back a code by which its caller takes the page for locked, and unlocks it."""
    for number, node in enumerate(duty.graph.nodes) if not duty.chain and not duty.starts else ():
        if node.kind == "return" and (node.returned in owing.exempt or node.returned.isidentifier()):
            yield number


def _promised(owing: Owing, duty: PageDuty, number: int) -> Event:
    """Such a return: wrong where the page is unlocked by then, and what is returned is known to be the code."""
    node = duty.graph.nodes[number]

    def outcome(state: str, facts: Facts) -> Outcome:
        code = node.returned if node.returned in owing.exempt else told_of(thawed(facts), node.returned)[1]
        wrong = state == FREE and code in owing.exempt
        return Outcome((Exit(state),), ((PROMISED, code),) if wrong else ())

    return Event(number, node.line, None, f"`{node.text}`", outcome, ())


def _put_aside(duty: PageDuty, known: Summaries, event: Event) -> Event:
    """A step that puts the page into an array of the function's own: nobody else gets it by that, and what becomes of one of
    several pages is not followed."""
    if event.call is not None or "escape" not in event.marks:
        return event
    given = {parameter.name for parameter in duty.graph.parameters}
    elements = (_ELEMENT.fullmatch(a.left) for a in duty.graph.nodes[event.node].assignments)
    own = next((one[0] for one in elements if one is not None and one[1] not in given), "")
    if not own or not event.note.startswith(own):
        return event
    return replace(known.step(event.node, None, ("unknown",), event.note), line=event.line)


def _kept_by_others(duty: PageDuty) -> frozenset[int]:
    """The nodes that take the next page while another variable, which is still read, may hold the one before: it is in a list."""
    held, alive = holders(duty.graph, duty.aliases, duty.resource_name), alive_names(duty.graph)
    others = duty.aliases - {duty.resource_name}
    return frozenset(n for n in duty.starts if (held.sure[n] | held.perhaps[n]) & others & alive[n])


def _begun(owing: Owing, duty: PageDuty, number: int, known: Summaries, *, forgets: bool) -> Event:
    """The step that takes a page, with `forgets` also its name from the one before; where there is none, nothing is forgotten."""
    taking = (call for call in duty.graph.nodes[number].calls if not owing.opens and call.callee in duty.takers)
    plain = known.step(number, next(taking, None), (BEGIN,), "it is taken")

    def outcome(state: str, facts: Facts) -> Outcome:
        found = plain.outcome(state, facts)
        return found if forgets and may_be_nonzero(facts, duty.resource_name) else replace(found, wrongs=())

    return replace(plain, outcome=outcome)


def _taken_over(event: Event, known: Summaries) -> Event:
    """A call of who looks after the page from here on; what is wrong in it is that it gets the page unlocked."""
    plain = known.fixed(event, ("hand_on",))

    def outcome(state: str, facts: Facts) -> Outcome:
        found = plain.outcome(state, facts)
        return replace(found, wrongs=event.outcome(state, facts).wrongs) if state == FREE else found

    return replace(plain, outcome=outcome, marks=())


def _owners_released(duty: PageDuty, facts: TreeFacts) -> list[tuple[int, Call]]:
    """Calls that are given what the method before left in a `void *`, and that unlock a page in it (or cannot be seen)."""
    handed = {p.name for p in duty.graph.parameters if p.type == "void *" and p.name}
    names = frozenset().union(*(aliases(duty.graph, name) for name in handed)) - duty.aliases
    found = []
    for number, node in enumerate(duty.graph.nodes) if names else ():
        for call in node.calls:
            at = [position for position, text in enumerate(call.arguments) if text in names]
            if not at or call_vocabulary().is_neutral(call.callee):
                continue
            definitions = facts.index.resolve(call.callee, duty.definition.path) if call.direct else ()
            places = [(d, Given(position, reach)) for d in definitions for position in at for reach in _PAGES]
            if not definitions or any("release" in facts.effects.of(d, place).marks for d, place in places):
                found.append((number, call))
    return found
