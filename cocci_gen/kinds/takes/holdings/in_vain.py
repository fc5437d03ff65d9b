"""The steps of a function that give a thing back -> the same, which tell where the name holds an error pointer, or NULL: who
gives back looks into what he is given.

Which releases ask first is read out of their texts, and things.toml says it of those that do nothing for NULL.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.machines import Event, Outcome
from cocci_gen.code.states.known import IS_PLACE, POSITIVE, ZERO, Facts, thawed, told_of
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.kinds.takes.words.counted import asks_first
from cocci_gen.kinds.takes.words.things import Thing

#: Says of a step that it gives back what is not there; the words are what stands in its place.
IN_VAIN = "given back where there is none"
ERROR, NULL = "an error pointer", "NULL"
_ASKS_ERROR = re.compile(r"\bIS_ERR(?:_OR_NULL)?\b")


def in_vain(event: Event, graph: Graph, path: str, thing: Thing, effects: Effects) -> Event:
    """A step of a function in a file; what is wrong with it where it gives back what is known to be nothing."""
    call = event.call
    if call is None or call.callee not in thing.releases or thing.number or not call.arguments[:1]:
        return event
    name = call.arguments[0]
    tests = (node.text for node in graph.nodes if node.kind == "condition")
    if not IS_PLACE.fullmatch(name) or not any(asks_for(test, name) for test in tests):
        return event
    texts = [effects.index.text_of(one).decode("utf-8", "replace") for one in effects.resolve(call.callee, path)]
    errors = not any(map(_ASKS_ERROR.search, texts))
    nulls = call.callee not in thing.null and bool(texts) and not any(map(asks_first, texts))

    def outcome(state: str, facts: Facts) -> Outcome:
        found = event.outcome(state, facts)
        if state not in ("idle", "lent"):
            return found
        known = thawed(facts)
        if errors and told_of(known, f"IS_ERR({name})")[0] == POSITIVE:
            return replace(found, wrongs=(*found.wrongs, (IN_VAIN, ERROR)))
        if nulls and told_of(known, name)[0] == ZERO:
            return replace(found, wrongs=(*found.wrongs, (IN_VAIN, NULL)))
        return found

    return replace(event, outcome=outcome)


def asks_for(test: str, name: str) -> bool:
    """Whether a test asks whether a name holds something."""
    place = re.escape(name)
    return re.fullmatch(rf"IS_ERR ?\({place}\)|{place}(?: [!=]= NULL)?", test) is not None
