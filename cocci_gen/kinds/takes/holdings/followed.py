"""A function and a Source -> Holdings, each name under which it takes a thing, and what its nodes do to that."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.machines import Event, Exit, Outcome, Result
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO, Facts, thawed, told_of
from cocci_gen.code.states.statuses import statuses
from cocci_gen.facts.calls.page_places import aliases, escapes, is_alias, own_holders, stored
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.pages.summaries import PERHAPS_ANOTHER, Summaries, summaries
from cocci_gen.kinds.takes.holdings.answers import answers_of
from cocci_gen.kinds.takes.holdings.buried import (
    buried_in,
    buries_it,
    cleared_in,
    gives_back_behind,
    left_behind,
    told_of_it,
)
from cocci_gen.kinds.takes.holdings.endings import asked_first, ends_but_for_warnings, owned_by
from cocci_gen.kinds.takes.holdings.holding import (
    LENT,
    LOST,
    NOT_TAKEN,
    TAKES,
    TWICE,
    Holding,
    Sure,
    gives_back_always,
    may_give_back,
)
from cocci_gen.kinds.takes.holdings.in_vain import in_vain
from cocci_gen.kinds.takes.holdings.itself import asked_of, copied
from cocci_gen.kinds.takes.holdings.lasting import Lasting, by_its_place
from cocci_gen.kinds.takes.holdings.lodged import is_local, lodged
from cocci_gen.kinds.takes.holdings.meant import of_this
from cocci_gen.kinds.takes.holdings.out_of_sight import out_of_sight
from cocci_gen.kinds.takes.holdings.sources import Filled, Place, Source, filled_by, left_by
from cocci_gen.kinds.takes.holdings.stored import hiding, own_until_success
from cocci_gen.kinds.takes.holdings.stranded import stranding
from cocci_gen.kinds.takes.holdings.uses import uses
from cocci_gen.kinds.takes.lockers.lockers import in_words_of_caller
from cocci_gen.kinds.takes.words.arrays import GIVES_AWAY, array_given, elements, loops_left
from cocci_gen.kinds.takes.words.by_hand import counted_by_hand, may_find_none
from cocci_gen.kinds.takes.words.emptied import Shelf, gives_each, shelves_of
from cocci_gen.kinds.takes.words.exchanged import still_owes
from cocci_gen.kinds.takes.words.members import structures_in
from cocci_gen.kinds.takes.words.nothing import given_by, nothing_there, untold_by_map
from cocci_gen.kinds.takes.words.texts import called_names
from cocci_gen.kinds.takes.words.things import Thing

_ELEMENT = re.compile(r"([A-Za-z_]\w*)\[.*\]")
_COUNTED = re.compile(r"\[[^\]]*(?:\+\+|--)[^\]]*\]$")
_NAME = re.compile(r"[A-Za-z_]\w*")
_OWN_MEMBER = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")
#: The call of an assignment: with a cast, or as one side of a choice.
_CALL = r"(?:.*[?:] ?)?(?:\([^()]*\) ?)?{} ?\(.*\)"
#: States in which nothing stands under a name that is to be given back.
_NOTHING_THERE = NOT_TAKEN | {"back"}
#: The place of what a call hands out by its value; others are where its arguments lead.
RETURNED: Place = (-1, "")
#: Ends the note of a call that is taken to have left the thing alone when it failed.
LEFT = ", which is taken to leave it alone when it fails"


def holdings_of(graph: Graph, source: Source, *, all_perhaps: bool = False) -> tuple[Holding, ...]:
    """One for each name under which the function takes such a thing and owns it; with `all_perhaps` also what it may take, and
    nobody gives back."""
    takers: dict[str, list[tuple[int, Call]]] = {}
    structures = own_holders(graph) | own_pointers(graph)
    lasting = Lasting(graph, source) if not all_perhaps else None
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            names = [taken_name(graph, node, call, source)]
            names += [name for name, one in filled_by(call, source, structures, ".") if _is_filled(one, source.thing)]
            names += lasting.put_into(call, call_assigned(node, call)) if lasting else ()
            for name in filter(None, names):
                if _is_followed(source.thing, name, node):
                    takers.setdefault(name, []).append((number, call))
    found = []
    for name, calls in takers.items():
        if is_several(graph, source.thing, name) or _taken_for(graph, source, name, calls):
            continue
        one = _followed(graph, source, name, tuple(calls), lasting)
        own = [(n, call) for n, call in calls if all_perhaps or _is_own(one, source, n, call)]
        if len(own) == len(calls):
            found.append(one)
        elif own:
            found.append(_followed(graph, source, name, tuple(own), lasting))
    return tuple(found)


def _is_followed(thing: Thing, name: str, node: Node) -> bool:
    """Whether what a node takes under a name can be followed: an address in a variable alone, a structure where one call begins
    it."""
    if thing.by_address:
        return name.isidentifier()
    return not (thing.by_value and "?" in node.text)


def _is_filled(one: Filled, thing: Thing) -> bool:
    """Whether a caller has what a call puts somewhere: of what a file system counts itself a text does not show for whom."""
    return one.clear or (one.likely and not thing.owned)


def _followed(
    graph: Graph, source: Source, name: str, takers: tuple[tuple[int, Call], ...], lasting: Lasting | None
) -> Holding:
    """What a function takes under one name; be it one that others find it by, or that it puts into such a place."""
    place = lasting.place_of(name, takers) if lasting else ""
    plain = holding_under(graph, source, name, takers) if not place or name != place else None
    by_name = plain is not None and any(may_give_back(one) for every in plain.events.values() for one in every)
    if not lasting or (plain and (not place or plain.stored(plain.events) or (by_name and not lasting.is_own(place)))):
        return plain or holding_under(graph, source, name, takers)
    one = holding_under(graph, source, name, takers, frozenset({place}))
    known = summaries(source.effects, TAKES)
    events = by_its_place(graph, source.path, known, source.thing, place, one.events)
    return replace(one, lasts=place, left=lasting.left(place), events=events)


def _is_own(one: Holding, source: Source, number: int, call: Call) -> bool:
    """Whether what a call takes is the function's to give back: surely, or it gives it back itself, or other callers do."""
    place = likely_place(call, source, one.name)
    if (source.returned(call) is not Sure.PERHAPS and place == RETURNED) or given_back_behind(one, number):
        return True
    return not one.settled() and source.agreed(one.graph, call, place)


def likely_place(call: Call, source: Source, name: str) -> Place:
    """Where a call likely puts the thing that a name stands for; RETURNED where it does not, or surely does."""
    if source.returned(call):
        return RETURNED
    every = filled_by(call, source, _bases((name,)), ".")
    return next(((one.position, one.member) for place, one in every if place == name and one.likely), RETURNED)


def given_back_behind(holding: Holding, taking: int) -> bool:
    """Whether a function gives back somewhere what it takes at a node: it takes it for its own."""
    behind = holding.graph.behind((taking,), {number for number, _ in holding.takers})
    return any(may_give_back(event) for number in behind for event in holding.events.get(number, ()))


def is_several(graph: Graph, thing: Thing, name: str) -> bool:
    """Whether the name is the first of several things, which are reached by counting: `free(pages + n)`."""
    counted = re.compile(rf"\(?{re.escape(name)} ?[+\[]")
    released = (call.arguments for call in graph.calls() if call.callee in thing.releases)
    return any(counted.match(text) for arguments in released for text in arguments)


def _taken_for(graph: Graph, source: Source, name: str, calls: Iterable[tuple[int, Call]]) -> bool:
    """Whether the thing is only counted once more for where it was put before: `op->inode = inode; ihold(inode);`."""
    if any(source.returned(call) or not _counts_once_more(call, source.thing) for _, call in calls):
        return False  # it is another one each time, be it in a loop that has put the last one somewhere
    names = aliases(graph, name)
    put = [
        number
        for number, node in enumerate(graph.nodes)
        for one in node.assignments
        if escapes(one, names, source.thing.vocabulary) and not _own_element(graph, one.left)
    ]
    return bool(put) and bool(graph.behind(put) & {number for number, _ in calls})


def _counts_once_more(call: Call, thing: Thing) -> bool:
    """Whether a call takes one more of what it is given, and puts nothing anywhere."""
    return call.callee in thing.taking or call.callee in thing.same or bool(counted_by_hand(call, thing))


def _own_element(graph: Graph, place: str) -> bool:
    """Whether a place is an element of an array that no caller has given."""
    element = _ELEMENT.fullmatch(place)
    return element is not None and element[1] not in {parameter.name for parameter in graph.parameters}


def call_assigned(node: Node, call: Call) -> str:
    """What the value of a call is assigned to, "" for nothing."""
    set_here = [a for a in node.assignments if a.operator == "=" and call.callee in a.right]
    pattern = _CALL.format(re.escape(call.callee)) if set_here else ""
    return next((a.left for a in set_here if re.fullmatch(pattern, a.right)), "")


def is_unasked(node: Node, call: Call) -> bool:
    """Whether nobody looks at what a call in a node returns."""
    return node.kind == "statement" and not node.assignments and node.text.startswith(call.text)


def _initialised(graph: Graph, node: Node, call: Call) -> str:
    """The member of a structure of the function's own that begins with the value of a call, `struct loc loc = {.bh = f()};`."""
    sets = [a for a in node.assignments if a.right.startswith("{")]
    own, pattern = own_holders(graph) if sets else frozenset[str](), _CALL.format(re.escape(call.callee))
    every = (one for a in sets for one in stored(a, own))
    return next((place for place, value in every if re.fullmatch(pattern, value)), "")


def _taken_here(graph: Graph, call: Call, thing: Thing) -> bool:
    """Whether a call takes one more of what it is given, and the function itself gives that back somewhere, be it by another
    name, or returns it."""
    if call.callee not in thing.same:
        return False
    return _is_released(graph, call.arguments[0], thing) or any(
        node.kind == "return" and (node.returned,) == call.arguments for node in graph.nodes
    )


def _is_released(graph: Graph, name: str, thing: Thing) -> bool:
    """Whether a function gives back what stands under a name, be it by another one that it is copied to."""
    copies = {name, *(one.left for one in graph.assignments() if one.right == name)}
    return any(one.callee in thing.releases and not copies.isdisjoint(one.arguments) for one in graph.calls())


def _counted_here(graph: Graph, call: Call, thing: Thing) -> str:
    """What a call counts once more by hand, where the function gives that back itself; "" for none."""
    name = counted_by_hand(call, thing)
    known = bool(name) and structures_in(graph).get(name) in thing.types
    return name if known and _is_released(graph, name, thing) else ""


def taken_name(graph: Graph, node: Node, call: Call, source: Source) -> str:
    """The name under which a call leaves the thing, "" where it takes none or leaves it somewhere else."""
    thing = source.thing
    place = (call_assigned(node, call) or _initialised(graph, node, call)) if source.returned(call) else ""
    if not place and call.arguments and (call.callee in thing.taking or _taken_here(graph, call, thing)):
        place = call.arguments[0].replace(".", " ")  # of a member it is counted for where that is handed to
    place = place or _counted_here(graph, call, thing)
    element = _ELEMENT.fullmatch(place)
    if element:
        return f"{element[1]}[]" if element[1] not in {p.name for p in graph.parameters} else ""
    base = place.partition(".")[0]
    if place.isidentifier() and not (thing.is_lock or thing.number or is_local(graph, place)):
        return ""  # others find it there
    return place if _NAME.fullmatch(place) or (_OWN_MEMBER.fullmatch(place) and base in own_holders(graph)) else ""


def holding_under(
    graph: Graph, source: Source, name: str, takers: tuple[tuple[int, Call], ...], also: frozenset[str] = frozenset()
) -> Holding:
    """What a function takes by some of its calls under one name; `also` are places that hold it, too, and take it from nobody."""
    path, thing, known = source.path, source.thing, summaries(source.effects, TAKES)
    array = name.removesuffix("[]") if name.endswith("[]") else ""
    names = elements(graph, array) if array else _without_elements(_all_names(graph, name, source, takers)) | also
    names = frozenset({name[1:] if name.startswith("*") else f"&{name}"}) if thing.by_value else names
    taking_it = {number for number, _ in takers}
    ending = _own_behind(graph, thing, names, taking_it) if thing.owned else frozenset[int]()
    asked = frozenset(form.format(name) for name in names for form in thing.tested)
    told = frozenset(one.left for one in graph.assignments() if one.right in asked)  # `file = fd_file(f); if (!file)`
    mapped = {text for _, call in takers for text in call.arguments[:1]} if thing.by_address else set[str]()
    without = nothing_there(graph, names | asked | told | mapped)  # no folio, no map of it
    buried = buried_in(graph, names, thing)
    found = {
        number: [
            _either(
                known,
                source,
                name,
                names,
                _left_by_failure(known, path, _perhaps_given(known, event, _lent(thing, event, ending))),
            )
            for event in of_this(graph, known, thing, names, takers, without, events)
            if not (array and event.call is not None and array in event.call.arguments)  # `array_given` looks at these
            if not (event.marks == ("lost",) and number in buried)
            if not still_owes(graph, number, event.call, names, thing)
        ]
        for number, events in known.events(graph, path, names, certain=bool(array)).items()
    }
    aside = sorted(
        a.left for a in graph.assignments() if _own_element(graph, a.left) and names & set(_NAME.findall(a.right))
    )
    for number, call in takers:
        kept = [one for one in found.get(number, []) if one.marks != ("lost",) and one.call != call]
        stored = [one for one in kept if one.call is None]  # `sb->s_root = root = f()`
        taking = _taking(graph, number, call, source, {name} if thing.by_value else names, array=bool(array))
        found[number] = [*(one for one in kept if one.call is not None), taking, *stored]
        if aside and not source.returned(call):  # what is found again in an array is given back by that
            found[number].append(known.step(number, None, ("unknown",), f"{aside[0]} keeps it"))
    answers, hidden = answers_of(source.effects.index), out_of_sight(graph, source, known, names)
    shelves = [] if array else [shelf for one in sorted(names) for shelf in shelves_of(graph, one)]
    for number, node in enumerate(graph.nodes):
        found.setdefault(number, []).extend(cleared_in(known, number, node, names))
        found[number].extend(_told_all(graph, known, number, names))
        unseen = (call for call in node.calls if (number, call) not in takers)
        found[number].extend(hidden.events(number, unseen))
        found[number] = [_put_aside(graph, known, node, event, names) for event in found[number]]
        if array:
            found[number].extend(array_given(graph, source.path, thing, known, number, array, names))
        found[number] = [owned_by(event, thing) for event in found[number]]
        seen = {one.call for one in found[number]}
        found[number].extend(one for one in _emptied(graph, source, known, number, shelves) if one.call not in seen)
        if not found[number] and (answer := answers.step(number, node, path)):
            found[number].append(answer)
    for number, node in enumerate(graph.nodes if thing.by_value else ()):
        found.setdefault(number, []).extend(copied(known, number, node, name))
    for number in sorted(buried if not array else ()):
        if gives_back_behind(graph, number, taking_it, names, thing):
            found[number] = [*found.get(number, []), buries_it(known, number, graph.nodes[number].line, name)]
    asking = partial(asked_first, name=name, source=source, takers=takers)
    events = {n: tuple(_given_back_again(asking(one)) for one in every) for n, every in found.items() if every}
    if not array:
        own = own_until_success(graph, path, known, thing, names, events)
        placed = lodged(graph, path, known, thing, names, own)
        events = {n: tuple(left_behind(one) for one in every) for n, every in placed.items()}
        counted = thing.kept == "referenced" and not any(call.callee in thing.same for _, call in takers)
        got = [source.returned(call) for _, call in takers if call.callee not in thing.taking]  # one more is `gone`
        if counted and got and all(one is Sure.CERTAIN for one in got):
            for use in uses(graph, path, source.effects, thing, names, events):
                events[use.node] = (use, *events.get(use.node, ()))
        if counted and len(got) == len(takers) and thing.undo:
            vain = partial(in_vain, graph=graph, path=path, thing=thing, effects=source.effects)
            events = {n: tuple(map(vain, every)) for n, every in events.items()}
        for strands in stranding(graph, thing, names, takers, events):
            events[strands.node] = (*events.get(strands.node, ()), strands)
    turns = {
        **untold_by_map(graph, names),
        **_perhaps_without(graph, source, names, takers),
        **told_of_it(graph, buried, taking_it, without),
    }
    if thing.by_value:
        turns |= asked_of(graph, name, thing)
    if array:  # what a test says of one element it does not say of the others
        turns = dict.fromkeys(turns, "unknown") | loops_left(graph, events, thing, taking_it)
    label = f"{array}[]" if array else name
    likely = any(likely_place(call, source, name) != RETURNED for _, call in takers)
    sure = (
        Sure.PERHAPS
        if likely
        else min((source.returned(call) or Sure.CERTAIN for _, call in takers), default=Sure.CERTAIN)
    )
    return Holding(
        graph, thing, label, names, takers, sure, turns, events, source.may, source.plain,
        agreed=lambda: all(call.callee not in thing.returning and source.agreed(graph, call, RETURNED) for _, call in takers),
        lent_by_all=lambda: all(source.agreed(graph, call, _place_of(call, source)) for _, call in takers),
        counting=lambda call: _counts(call, path, thing, source.effects),
    )  # fmt: skip


def _place_of(call: Call, source: Source) -> Place:
    """Where a call leaves what it always takes by its name; what may fail may leave it to who is told of that."""
    position = source.thing.filling.get(call.callee)
    always = position is not None and all(one.always for one in source.filled(call))
    return (position, "") if position is not None and always else RETURNED


def _counts(call: Call, path: str, thing: Thing, effects: Effects) -> bool:
    """Whether a function that a call leads to takes things of the sort itself, or nobody knows what it does."""
    texts = [effects.index.text_of(one) for one in effects.resolve(call.callee, path)]
    takes = thing.taking | thing.same | thing.returning
    return not texts or any(not takes.isdisjoint(called_names(text)) for text in texts)


def _given_back_again(event: Event) -> Event:
    """The step of a helper that gives back what it is given on every way: so it does what is given back already."""
    call = event.call
    if call is None or not call.direct or event.marks or not gives_back_always(event):
        return event

    def outcome(state: str, facts: Facts) -> Outcome:
        found = event.outcome(state, facts)
        return replace(found, wrongs=((TWICE, call.text),)) if state == "back" else found

    return replace(event, outcome=outcome)


def _told_all(graph: Graph, known: Summaries, number: int, names: Collection[str]) -> Iterator[Event]:
    """The steps that put the thing into a variable which outlives the function: whoever looks there gives it back."""
    for one in graph.nodes[number].assignments:
        into = one.operator == "=" and one.left in names and one.left.isidentifier() and one.right in names
        if into and not is_local(graph, one.left):
            yield known.step(number, None, ("escape",), f"{one.left} keeps it")


def _all_names(graph: Graph, name: str, source: Source, takers: Iterable[tuple[int, Call]]) -> frozenset[str]:
    """The names of the thing; where it is taken by its name, also those that it had before, `folio = page_folio(page)`."""
    names = aliases(graph, name)
    rights = [one.right for one in graph.assignments() if one.left == name and one.operator == "="]
    if len(rights) == 1 and all(call.callee in source.thing.same for _, call in takers):
        # `put(its(file))` gives back what `get(its(file))` took.
        names |= {text for _, call in takers for text in call.arguments[:1] if "(" in text}
    if len(rights) != 1 or any(source.returned(call) for _, call in takers):
        return names
    words = (word for word in _NAME.findall(rights[0]) if word != "NULL")  # whatever was NULL once is no other name
    before = {word for word in words if is_alias(rights[0], {word}, source.thing.vocabulary)}
    return names.union(*(aliases(graph, one) for one in before))


def _either(known: Summaries, source: Source, name: str, names: Collection[str], event: Event) -> Event:
    """The step of a call that gives a value back on some ways only: by what of it, its own tests say, which are not read.  Who is
    given the structure around a thing, and asks another member of that first, may know by it what there is."""
    asked = bool(source.thing.tested) or (event.outcome("owed", ()).ambiguous and _asks_around(event, name, source))
    if not may_give_back(event) or gives_back_always(event):
        return event
    if ends_but_for_warnings(event, source, names):
        return known.step(event.node, event.call, ("release",), f"{event.call.callee if event.call else ''}()")
    if not asked:
        return event
    callee = event.call.callee if event.call else ""
    return known.step(event.node, event.call, ("unknown",), f"{callee}() may give it back")


def _asks_around(event: Event, name: str, source: Source) -> bool:
    """Whether a call is given the structure that a thing is a member of, and the callee asks another member of it."""
    base, _, member = name.partition(".")
    if event.call is None or f"&{base}" not in event.call.arguments or not member:
        return False
    at = event.call.arguments.index(f"&{base}")
    graphs = map(source.effects.graph, source.effects.resolve(event.call.callee, source.path))
    return any(
        graph is not None
        and at < len(graph.parameters)
        and any(
            node.kind == "condition" and re.fullmatch(rf"{graph.parameters[at].name}->(?!{member}\b)\w+", node.text)
            for node in graph.nodes
        )
        for graph in graphs
    )


def _perhaps_given(known: Summaries, event: Event, lent: Event) -> Event:
    """The step of a call that is given a name which holds something else on some ways: what it does to the thing is not seen,
    unless that is nothing where it is `lent` to it."""
    if not event.note.endswith(PERHAPS_ANOTHER) or (lent is not event and _leaves(lent)):
        return lent
    hidden = known.step(
        event.node, event.call, ("unknown",), f"{event.call.callee if event.call else ''}() may be given another"
    )

    def outcome(state: str, facts: Facts) -> Outcome:
        return (event if state in NOT_TAKEN else hidden).outcome(state, facts)

    return replace(hidden, outcome=outcome)


def _leaves(event: Event) -> bool:
    """Whether a step leaves what is owed to be given back, however it comes out."""
    return all(one.state == "owed" for one in event.outcome("owed", ()).exits)


def _own_behind(graph: Graph, thing: Thing, names: frozenset[str], takes: Collection[int]) -> frozenset[int]:
    """The nodes behind which a function gives a thing back by one of its names, with none taken anew in between."""
    calls = ((number, call) for number, node in enumerate(graph.nodes) for call in node.calls)
    ends = {n for n, call in calls if call.callee in thing.releases and not names.isdisjoint(call.arguments)}
    return graph.before(ends, takes)


def _lent(thing: Thing, event: Event, own: Collection[int]) -> Event:
    """The step of a call that cannot be seen through, and is not seen to give the thing back, nor away, on any of its ways: of a
    thing that who gets it gives back, it leaves that to him; so does one that keeps it where he does so behind the call, and of
    what a file system counts one that always gives one back, which then is another one.  Who links it into a list keeps it
    there."""
    if not thing.owned or event.call is None or not event.call.direct or event.call.callee in thing.vocabulary.links:
        return event
    behind = event.node in own and not event.marks
    left = ({"owed", "unseen", "gone"} if behind else {"owed", "unseen"}) if thing.lent else set[str]()

    def outcome(state: str, facts: Facts) -> Outcome:
        found = event.outcome(state, facts)
        after = {one.state for one in found.exits}
        if state != "owed" or not (after <= left or (behind and after == {"back"})):
            return found
        return replace(found, exits=tuple(replace(one, state=state) for one in found.exits))

    before = [one.state for one in event.outcome("owed", ()).exits]
    hidden = before != [one.state for one in outcome("owed", ()).exits]
    return replace(event, outcome=outcome, note=f"{event.note}{LENT}" if hidden else event.note)


def _left_by_failure(known: Summaries, path: str, event: Event) -> Event:
    """The step of a call that keeps the thing, or cannot be seen through: when it fails, it has left the thing to its owner."""
    call = event.call
    if call is None or not call.direct or GIVES_AWAY.search(call.callee):
        return event
    graphs = _answering(known.effects, call.callee, path)
    if not graphs or not all(statuses().tells(graph.returns) for graph in graphs):
        return event
    if any(
        GIVES_AWAY.search(c.callee) and set(c.arguments) & {p.name for p in g.parameters}
        for g in graphs
        for c in g.calls()
    ):
        return event

    def outcome(state: str, facts: Facts) -> Outcome:
        found = event.outcome(state, facts)
        fails_at_all = any(one.result.signs & NEGATIVE for one in found.exits)
        if state != "owed" or not fails_at_all or not {one.state for one in found.exits} <= {"gone", "unseen"}:
            return found
        return replace(found, exits=(*found.exits, Exit(state, Result(NEGATIVE))))

    return replace(event, outcome=outcome, note=f"{event.note}{LEFT}")


def _answering(effects: Effects, callee: str, path: str, depth: int = 2) -> list[Graph]:
    """The functions whose value a call gives, those behind a macro that is nothing but another call."""
    found = []
    for definition in effects.resolve(callee, path):
        graph = effects.graph(definition)
        if graph is None:
            continue
        calls = graph.calls()
        if graph.returns == "void" and definition not in effects.index.definitions(callee) and depth and calls:
            found += _answering(effects, calls[0].callee, definition.path, depth - 1)
        else:
            found.append(graph)
    return found


def _without_elements(names: Iterable[str]) -> frozenset[str]:
    """Names without those of elements that count on: by `waiting[n++]` nobody finds the thing again."""
    return frozenset(one for one in names if not _COUNTED.search(one))


def _taking(graph: Graph, number: int, call: Call, source: Source, names: Iterable[str], *, array: bool) -> Event:
    """A step that takes: for certain where it is given the thing, else its result tells."""
    thing = source.thing
    bases = _bases(names)
    filled = (*filled_by(call, source, bases, "."), *filled_by(call, source, bases, "->"))
    into = {place: one for place, one in filled if place in names}
    filling = list(into.values())
    if not filling and not source.returned(call) and any("->" in one for one in names):
        filling = [one for place, one in left_by(call, source, structures_in(graph)) if place in names]
    if filling and not source.returned(call):
        full = next((one for one in into if _may_be_full(graph, number, one)), "")
        return _filling(number, call, filling[0], full, by_value=thing.by_value)
    if counted_by_hand(call, thing) in names and may_find_none(call):
        return _taking_again(graph.nodes[number], number, call)
    if not source.returned(call):
        mark = "take" if thing.kept == "locked" else "again"

        def taken(state: str, _facts: Facts) -> Outcome:
            says = TAKES.says(state, mark)
            return Outcome((Exit(TAKES.after(state, (mark,))),), ((says, mark),) if says else ())

        return Event(number, call.line, call, f"{call.callee}()", taken, (mark,))
    if call.callee in thing.same and call.arguments and call.arguments[0] in names:
        return _taking_again(graph.nodes[number], number, call)
    got, failed = given_by(graph, number, names, number_of_its_own=thing.number)
    passes_on = any(set(_NAME.findall(text)) & set(names) for text in call.arguments)  # `page = next_page(page)`

    def returned(state: str, facts: Facts) -> Outcome:
        without = state if array and state == "owed" else "idle"
        nothing = tuple(Exit(without, one) for one in failed)
        if not source.may(call, facts):
            return Outcome(nothing)
        lost = ((LOST, call.text),) if state == "owed" and not passes_on else ()
        return Outcome((Exit(TAKES.after(state, ("take",)), got), *nothing), lost)

    return Event(number, call.line, call, f"{call.callee}()", returned)


def _bases(names: Iterable[str]) -> frozenset[str]:
    """The variables that names begin with."""
    return frozenset(re.split(r"->|\.", name)[0].removeprefix("*") for name in names)


def _perhaps_without(
    graph: Graph, source: Source, names: Iterable[str], takers: Iterable[tuple[int, Call]]
) -> dict[tuple[int, str], str]:
    """The branches behind a call that may put a thing into a place which it took as well, `if (nd->flags & LOOKUP_RCU)`, where it
    came back well without one."""
    found: dict[tuple[int, str], str] = {}
    for number, call in takers:
        without = {
            branch
            for place, one in filled_by(call, source, _bases(names), ".")
            if place in names
            for branch in one.without
        }
        definitions = source.effects.index.resolve(call.callee, source.path) if without else ()
        known = source.effects.index.graph(definitions[0]) if len(definitions) == 1 else None
        given = {p.name: text for p, text in zip(known.parameters, call.arguments, strict=False)} if known else {}
        here = {(in_words_of_caller(text, given), label) for text, label in without if given}
        for n in graph.behind((number,)) if here else ():
            node = graph.nodes[n]
            found |= {(n, label): "unknown" for _, label in node.successors if (node.text, label) in here}
    return found


def _may_be_full(graph: Graph, number: int, name: str) -> bool:
    """Whether a variable may hold something when its address is given to a call: `tmp = *bh; err = read_it(box, &tmp);`."""
    sets = {n: one for n, node in enumerate(graph.nodes) for one in node.assignments if one.left == name}
    full = (n for n, one in sets.items() if one.right not in ("NULL", "0") and "(" not in one.right)
    return name.isidentifier() and any(number in graph.behind((n,), sets) for n in full)


def _filling(number: int, call: Call, filled: Filled, full: str = "", *, by_value: bool = False) -> Event:
    """A step that puts a thing into a member of what it is given, as its result says.  What it does to one that likely stands
    there already is not seen, and neither is whether it puts one into a `full` variable."""
    hidden = f"{call.callee}() may be given another"

    def outcome(state: str, facts: Facts) -> Outcome:
        holds = bool(full) and told_of(thawed(facts), full)[0] != ZERO
        if filled.likely and state in _NOTHING_THERE and not (holds and state in NOT_TAKEN):
            return Outcome(filled.exits)  # where it fails it may have cleared the place
        if filled.likely:
            return Outcome(tuple(Exit("unseen", one.result) for one in filled.exits), unclear=hidden)
        after = [(_filled_from(state, one, filled), one) for one in filled.exits]
        if by_value and state == "owed":  # where it fails to get another it may have ended the one before
            after = [(found if one.state == "owed" else "unseen", one) for found, one in after]
        return Outcome(tuple(Exit(found, one.result) for found, one in after))

    return Event(number, call.line, call, f"{call.callee}()", outcome)


def _filled_from(state: str, one: Exit, filled: Filled) -> str:
    """The state behind an exit of what surely fills a place: it has cleared the place where it says no more than where it takes
    something."""
    if one.state == "owed":
        return TAKES.after(state, ("take",))
    cleared = any(other.state == "owed" and other.result.meets(one.result) for other in filled.exits)
    return TAKES.after(state, ("lost",)) if cleared and state == "back" else state


def _taking_again(node: Node, number: int, call: Call) -> Event:
    """A step that takes one more of what it is given, or returns NULL; not where nobody looks at what it returns."""
    unasked = is_unasked(node, call)

    def tried(state: str, _facts: Facts) -> Outcome:
        if unasked:
            return Outcome((Exit(TAKES.after(state, ("again",))),))
        return Outcome((Exit(TAKES.after(state, ("again",)), Result(NEGATIVE | POSITIVE)), Exit(state, Result(ZERO))))

    return Event(number, call.line, call, f"{call.callee}()", tried, ("again",))


def _put_aside(graph: Graph, known: Summaries, node: Node, event: Event, names: Collection[str]) -> Event:
    """The step that puts the thing into an array of the function's own: it is not given away, and not followed any further."""
    arrays = [a.left for a in node.assignments if a.right in names and _own_element(graph, a.left)]
    if event.call is not None or "escape" not in event.marks or not arrays:
        return event
    return replace(known.step(event.node, None, ("unknown",), f"{arrays[0]} keeps it"), line=event.line)


def _emptied(
    graph: Graph, source: Source, known: Summaries, number: int, shelves: Collection[Shelf]
) -> Iterator[Event]:
    """The calls of a node that give back all that stands in an array of a structure, into which the thing was put before."""
    for call in graph.nodes[number].calls if shelves else ():
        for one in shelves:
            if gives_each(call, source.path, known.effects, source.thing, one) and one.holds(graph, number, call):
                yield hiding(known, number, call, one.place)
                break


def own_pointers(graph: Graph) -> frozenset[str]:
    """The local pointers of which a function hands out the address, `read_it(inode, &bh)`."""
    given = {
        text[1:] for call in graph.calls() for text in call.arguments if text[:1] == "&" and text[1:].isidentifier()
    }
    named = {parameter.name for parameter in graph.parameters}
    return frozenset(name for name in given - named if is_local(graph, name))
