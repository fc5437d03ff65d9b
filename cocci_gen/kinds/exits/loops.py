"""The kind `writeback` for each folio that ->writepages is handed: a loop over writeback_iter(), or a callback.

->writepage was called with a folio whose dirty bit had been cleared, and had to redirty it or to start writeback before it let
go of it.  Where it went, the same is owed in the body of such a loop, and by functions that the loop or a generic one calls for
each folio.  What breaks it is the unlock: from then on nobody writes the folio, and its dirty tag stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import NoPath, Path, find_path
from cocci_gen.code.states.known import sound
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.successors import PER_FOLIO
from cocci_gen.facts.calls.looks import looks
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases, is_alias
from cocci_gen.facts.calls.reach import call_reach
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.pages.pages import Touch
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.findings import Breach, Confidence, Doubt, NoFix, Registration
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import TreeFacts, Unexamined, outlived, parted, registrations, unexamined
from cocci_gen.kinds.exits.around import RECORDING, Written, span_of, waiting
from cocci_gen.kinds.exits.doubts import doubts
from cocci_gen.kinds.exits.siblings import handing_over
from cocci_gen.kinds.page_duty import PageDuty, resource_parameter
from cocci_gen.kinds.page_words import page_words
from cocci_gen.kinds.suspects import FixPlan, Place, StarringRule, Suspect, Told, finding_of
from cocci_gen.resources import data_tables

#: Calls deep that a folio is followed from the loop.
_DEPTH = 3
_UNREAD = "tree-sitter sees no function there"
_BY_OTHER_MEANS = "loops that take dirty folios by other means than writeback_iter() are not examined"
_OWED = frozenset({"start", "redirty"})
_BEYOND = frozenset({"escape", "hand_on", "unknown"})
#: The number of the node at which a function is left.
_EXIT = 1
#: Copies the contents of a folio, though it does nothing to the folio itself.
_COPIES = re.compile(r"^(?:mem(?:cpy|move)|copy_)\w*$")
_MAPS = re.compile(r"^k?k?(?:un)?map\w*$")
_DIES = frozenset({"BUG", "panic"})
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Handouts:
    """loops.toml, read: functions that return the next folio, and those that call one of their arguments for each, of which
    `taking` take the folio back where that returns more than zero."""

    iterators: frozenset[str]
    callbacks: Mapping[str, int]
    taking: frozenset[str]


@cache
def handouts() -> Handouts:
    """Who hands out folios, as it ships with the package."""
    data = data_tables("kinds/exits/loops.toml")
    return Handouts(frozenset(data["iterators"]), dict(data["callbacks"]), frozenset(data["taking"]))


@dataclass(frozen=True, slots=True)
class LoopRule(StarringRule[PageDuty, tuple[Touch, Path]]):
    """The kind `writeback` for obligations of mode PER_FOLIO."""

    kind: str = "writeback"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[PageDuty, ...], tuple[Unexamined, ...]]:
        """The loops and callbacks of the tree that unlock a folio, and the functions that they hand it to."""
        if obligation.mode != PER_FOLIO:
            return (), ()
        known = _bound_elsewhere(obligation, facts)
        begun, missing = handed_folios(obligation, facts)
        lost, todo = list(missing), list(begun)
        duties: dict[tuple[Definition, str], PageDuty] = {}
        while todo:
            duty = todo.pop(0)
            key = (duty.definition, duty.resource_name)
            if key in duties:
                continue
            duties[key] = duty
            if len(duty.chain) < _DEPTH:
                more, missing = parted(_handed_on(duty, facts))
                lost += missing
                todo += [one for one in more if one.definition not in known]
        bound = tuple(duty for duty in duties.values() if _unlocks(duty))
        unseen = (one for duty in bound for one in _unseen(duty))
        return bound, (*outlived(obligation, _BY_OTHER_MEANS), *dict.fromkeys(lost), *unseen)

    def semantic_patch(self, duty: PageDuty) -> SemanticPatch:
        """SmPL that stars every unlock before which the folio is neither redirtied nor under writeback."""
        release = "\\(folio_unlock(...);\\|unlock_page(...);\\)"
        return render(self.kind, duty.obligation.id, _context(duty, "loop", release=release))

    def places(self, duty: PageDuty) -> Iterator[Place[tuple[Touch, Path]]]:
        """The unlocks to which a way leads."""
        for touch in _unlocks(duty):
            path = _way(duty, touch)
            if isinstance(path, Path):
                yield Place(touch.node, (touch.line,), (touch, path))

    def suspect(self, duty: PageDuty, place: Place[tuple[Touch, Path]], text: str) -> Suspect:
        """What is missing before one of them."""
        touch, path = place.what
        return _suspect(duty, touch, path, text)

    def again(self, duty: PageDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> PageDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        names = aliases(graph, duty.resource_name)
        touches = facts.effects.touches(graph, definition.path, names)
        starts = tuple(_heads(graph)) if duty.starts else ()
        return replace(
            duty,
            definition=definition,
            graph=graph,
            aliases=names,
            touches=touches,
            starts=starts,
            waits=waiting(graph, definition.path, names, call_reach(facts.index)),
            looks=looks(facts.index).among(graph, definition.path),
        )


# Who is bound.


def handed_folios(obligation: Obligation, facts: TreeFacts) -> tuple[tuple[PageDuty, ...], tuple[Unexamined, ...]]:
    """The loops and callbacks of the tree that are handed folios to write, but those that a row of the document binds."""
    known = _bound_elsewhere(obligation, facts)
    begun, missing = parted(_begun(obligation, facts))
    return tuple(duty for duty in begun if duty.definition not in known), missing


def _unseen(duty: PageDuty) -> Iterator[Unexamined]:
    """The unlocks to which every way passes what cannot be seen through, and nothing that keeps the rule."""
    unknown = [touch for touch in _stops(duty) if "unknown" in touch.marks and not touch.marks & _OWED]
    for unlock in _unlocks(duty) if unknown else ():
        seen = _way(duty, unlock)
        passed = _way(duty, unlock, through=frozenset(touch.node for touch in unknown))
        if isinstance(seen, NoPath) and isinstance(passed, Path):
            note = next(touch.note for touch in unknown if touch.node in passed.nodes)
            why = f"what every way to this unlock passes cannot be seen through: {note}"
            yield replace(unexamined(duty.obligation, duty.definition, why), line=unlock.line)


def _bound_elsewhere(obligation: Obligation, facts: TreeFacts) -> frozenset[Definition]:
    """Functions that a row of the document binds already: a callback that is treated as a ->writepage, where there is one."""
    if obligation.condition:
        return frozenset()
    found, _ = facts.index.implementations(obligation.struct, "writepage")
    return frozenset(one.definition for one in found)


def _begun(obligation: Obligation, facts: TreeFacts) -> Iterator[PageDuty | Unexamined]:
    """A duty for each loop, and for each function that is given to be called for each folio."""
    for name in sorted(handouts().iterators):
        for definition, graph in _users(name, facts):
            if graph is None:
                yield unexamined(obligation, definition, _UNREAD)
                continue
            heads = _heads(graph)
            if heads:
                step = _hands_out(name, facts)
                yield _duty(obligation, definition, graph, heads[min(heads)], tuple(heads), step, facts)
    for name, position in sorted(handouts().callbacks.items()):
        for definition, graph in _users(name, facts):
            if graph is None:
                yield unexamined(obligation, definition, _UNREAD)
                continue
            for call in graph.calls():
                if call.callee == name and len(call.arguments) > position:
                    note = f"{graph.name}() gives {name}() {call.arguments[position]}() to be called for each folio"
                    step = (Step(definition.path, call.line, note),)
                    called = call.arguments[position].lstrip("&")
                    for one in _called(obligation, called, definition.path, step, facts):
                        yield replace(one, lent=name in handouts().taking) if isinstance(one, PageDuty) else one


def _users(name: str, facts: TreeFacts) -> Iterator[tuple[Definition, Graph | None]]:
    """The functions of the tree that call another, each once; None for a graph that cannot be had."""
    seen = set()
    every = "|".join(sorted({*handouts().iterators, *handouts().callbacks}))
    for line in facts.index.search_here(rf"\b({every})\b"):
        if not re.search(rf"\b{name} ?\(", line.text):
            continue
        for definition in facts.index.functions_in(line.path):
            if definition in seen or not definition.span.line <= line.line <= definition.span.last_line:
                continue
            seen.add(definition)
            graph = facts.index.graph(definition)
            if graph is None or any(call.callee == name for call in graph.calls()):
                yield definition, graph


def _heads(graph: Graph) -> dict[int, str]:
    """The nodes that are given the next folio -> the name that it gets."""
    found = {}
    for number, node in enumerate(graph.nodes):
        for assignment in node.assignments:
            called = assignment.right.split("(")[0].strip()
            if called in handouts().iterators and _WORD.fullmatch(assignment.left):
                found[number] = assignment.left
    return found


def _hands_out(name: str, facts: TreeFacts) -> tuple[Step, ...]:
    """Where the iterator of this tree stands."""
    definitions = facts.index.definitions(name)[:1]
    note = f"{name}() hands out each folio locked, with its dirty bit cleared"
    return tuple(Step(one.path, one.span.line, note) for one in definitions)


def _duty(
    obligation: Obligation,
    definition: Definition,
    graph: Graph,
    name: str,
    starts: tuple[int, ...],
    chain: tuple[Step, ...],
    facts: TreeFacts,
) -> PageDuty:
    names = aliases(graph, name)
    kinds = [parameter.type for parameter in graph.parameters if parameter.name == name]
    touches = facts.effects.touches(graph, definition.path, names)
    return PageDuty(
        obligation,
        definition,
        graph,
        _registered(definition, facts),
        chain,
        name,
        kinds[0] if kinds else "struct folio *",
        names,
        touches,
        starts,
        waits=waiting(graph, definition.path, names, call_reach(facts.index)),
        looks=looks(facts.index).among(graph, definition.path),
    )


def _registered(definition: Definition, facts: TreeFacts) -> tuple[Registration, ...]:
    entries = facts.index.entries_naming(definition.name)
    return registrations(entry for entry in entries if entry.path == definition.path)


def _called(
    obligation: Obligation, name: str, caller: str, chain: tuple[Step, ...], facts: TreeFacts
) -> Iterator[PageDuty | Unexamined]:
    """The duties of a function that is called for each folio."""
    for definition in facts.index.resolve(name, caller) if _WORD.fullmatch(name) else ():
        graph = facts.index.graph(definition)
        if graph is None:
            yield unexamined(obligation, definition, _UNREAD)
        position = resource_parameter(graph, ("folio", "page")) if graph is not None else None
        if graph is not None and position is not None:
            yield _duty(obligation, definition, graph, graph.parameters[position].name, (), chain, facts)


def _handed_on(duty: PageDuty, facts: TreeFacts) -> Iterator[PageDuty | Unexamined]:
    """The functions that may unlock the folio in place of this one."""
    for touch in duty.touches:
        if touch.callee in call_vocabulary().marks or "release" not in touch.marks or not _WORD.fullmatch(touch.callee):
            continue
        if duty.starts and touch.node not in duty.graph.behind(duty.starts):
            continue
        call = next(call for call in duty.graph.nodes[touch.node].calls if call.callee == touch.callee)
        given = [n for n, text in enumerate(call.arguments) if is_alias(text, duty.aliases, call_vocabulary())]
        note = f"{duty.graph.name}() hands the folio to {touch.callee}()"
        for definition in facts.index.resolve(touch.callee, duty.definition.path) if given else ():
            graph = facts.index.graph(definition)
            if graph is None:
                yield unexamined(duty.obligation, definition, _UNREAD)
            elif given[0] < len(graph.parameters) and graph.parameters[given[0]].name:
                chain = (*duty.chain, Step(duty.definition.path, touch.line, note))
                yield _duty(duty.obligation, definition, graph, graph.parameters[given[0]].name, (), chain, facts)


# What breaks it.


def _unlocks(duty: PageDuty) -> tuple[Touch, ...]:
    """The plain unlocks of the folio in the function."""
    return tuple(one for one in duty.touches if one.marks == {"release"} and one.callee in call_vocabulary().marks)


def _stops(duty: PageDuty) -> tuple[Touch, ...]:
    """What ends a way; an iterator is given the last folio only to find its place."""
    given = (touch for touch in duty.touches if touch.callee not in handouts().iterators)
    return tuple(touch for touch in given if touch.marks & (_OWED | _BEYOND))


def _way(
    duty: PageDuty, unlock: Touch, more: Iterable[int] = (), through: frozenset[int] = frozenset()
) -> Path | NoPath:
    """A way from where the folio comes from to an unlock, past nothing that redirties it, starts writeback or hands it on, but
    for the nodes `through`."""
    graph, heads = duty.graph, frozenset(duty.starts)
    blocked = ({touch.node for touch in _stops(duty)} - through) | heads | set(more)
    found: Path | NoPath = NoPath(exhausted=True)
    for start in duty.starts or (0,):
        path = find_path(
            graph,
            unlock.node,
            blocked - {unlock.node},
            start=start,
            known=() if duty.starts else (*duty.given, *sound(duty.resource_name)),
            refused=lambda node, label: label == "false" and any(graph.nodes[head] is node for head in heads),
        )
        if isinstance(path, Path) and (not isinstance(found, Path) or len(path.nodes) < len(found.nodes)):
            found = path
    return found


def _context(duty: PageDuty, mode: str, **more: object) -> dict[str, object]:
    stops = sorted({touch.callee for touch in _stops(duty) if re.fullmatch(r"\w+", touch.callee)})
    openers = sorted(
        {c.callee for n in duty.starts for c in duty.graph.nodes[n].calls if c.callee in handouts().iterators}
    )
    calls = (f"{name}(...)" for name in sorted(page_words().owed))
    owed = "\\(" + "\\|".join(calls) + "\\)"
    text = " ".join(str(value) for value in more.values()).replace(RECORDING, "")
    words = set(re.findall(r"(?<=[(, ])[a-z_]\w*(?=[,)])|(?<![\w.>])[a-z_]\w*(?= = )", text))
    return {
        "mode": mode,
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "opened": f"{openers[0]}(...)" if openers else "",
        "owed": owed,
        "stops": stops,
        "symbols": sorted(words) if mode == "mended" else [],
        **more,
    }


def _suspect(duty: PageDuty, unlock: Touch, path: Path, text: str) -> Suspect:
    graph, file = duty.graph, duty.definition.path
    branch = last_branch(graph, path).told()
    node = graph.nodes[unlock.node]
    folio = "folio" if "folio" in unlock.callee else "page"
    missing = (
        ("folio_redirty_for_writepage", "folio_start_writeback")
        if folio == "folio"
        else ("redirty_page_for_writepage", "set_page_writeback")
    )
    breach: Breach = branch.breach(node.text, missing, folio, duty.resource_name)
    unlocked = Step(file, unlock.line, f"`{node.text}`: the {folio} is neither redirtied nor under writeback")
    told = Told(
        line=unlock.line,
        code=f"{breach.condition}|{breach.taken}|{node.text}",
        message=f"{graph.name}() unlocks a {folio} that it was handed to write, and neither redirties it nor starts writeback",
        breach=breach,
        evidence=(*duty.chain, *branch_steps(graph, path, file), unlocked),
        doubts=tuple(dict.fromkeys(_why_lower(duty, unlock, path))),
    )
    finding = finding_of(duty, told, text)
    if finding.confidence is Confidence.LOW:
        return Suspect(finding, path, NoFix("nobody takes a patch for a finding of low confidence"))
    return Suspect(finding, path, _plan(duty, unlock))


def _why_lower(duty: PageDuty, unlock: Touch, path: Path) -> Iterator[Doubt]:
    """The doubts of the family, and two of loops: an unlock shared with ways on which the folio was handed on, and a test of
    the folio that decides whether it is to be written."""
    graph, heads = duty.graph, frozenset(duty.starts)
    others = tuple(touch for touch in _stops(duty) if touch.marks & _BEYOND and not touch.marks & _OWED)
    # What the branches before a write decide is how much is written, and the caller knows nothing more: the unlock is here.
    yield from doubts("writeback", replace(duty, chain=()), unlock.node, _behind_writes(duty, path), others)
    if any(unlock.node in graph.behind((touch.node,), heads) for touch in others):
        yield Confidence.LOW, f"other ways to this unlock hand the folio on (line {others[0].line}: {others[0].note})"
    ends = {number for number, node in enumerate(graph.nodes) if any(call.callee in _DIES for call in node.calls)}
    if ends and not {_EXIT, *heads} & graph.behind((unlock.node,), ends):
        yield Confidence.LOW, "behind this unlock the machine stops"
    kept = {touch.node for touch in _stops(duty) if touch.marks & _OWED}
    for decision in path.decisions:
        test = graph.nodes[decision.node]
        asked = [c for c in test.calls if any(is_alias(a, duty.aliases, call_vocabulary()) for a in c.arguments)]
        elsewhere = {after for after, label in test.successors if label != decision.label}
        if asked and kept & (elsewhere | graph.behind(elsewhere, heads)) and decision.node not in heads:
            yield Confidence.LOW, f"`{test.text}` asks the folio whether it is still to be written"
        if kept & elsewhere and _asks_caller(duty, test.text):
            yield Confidence.LOW, f"`{test.text}` tells callers apart, and the loop may always be the other one"


def _asks_caller(duty: PageDuty, test: str) -> bool:
    """Whether a test compares a member of what a function is given beside the folio with a constant, `rq->origin == FLUSH`."""
    asked = re.fullmatch(r"(\w+)->\w+ [!=]= [A-Z][A-Z0-9_]*", test)
    given = {parameter.name for parameter in duty.graph.parameters} - duty.aliases
    return bool(duty.chain) and not duty.starts and asked is not None and asked[1] in given


def _behind_writes(duty: PageDuty, path: Path) -> Path:
    """The path with only those branches behind which nothing of the folio is written."""
    writers = _writers(duty)
    last = max((place for place, number in enumerate(path.nodes) if number in writers), default=-1)
    behind = set(path.nodes[last + 1 :])
    return replace(path, decisions=tuple(one for one in path.decisions if one.node in behind))


def _plan(duty: PageDuty, unlock: Touch) -> FixPlan | NoFix:
    """Writeback around the unlock, where the folio has been written by then on every way."""
    graph, heads = duty.graph, frozenset(duty.starts)
    kept = [touch.node for touch in _stops(duty)]
    if unlock.node in graph.behind(kept, heads) - heads:
        return NoFix("the unlock is shared with ways that keep the rule")
    written = handing_over(duty) - heads
    if isinstance(_way(duty, unlock, written), Path):
        return NoFix("a way comes to the unlock on which nothing of the folio was written")
    if _writers(duty) & graph.behind((unlock.node,), heads) - heads:
        return NoFix("the folio is given on behind the unlock, and who is to end its writeback is decided there")
    call = next(call for call in graph.nodes[unlock.node].calls if call.callee == unlock.callee)
    names = ("folio_start_writeback", "folio_end_writeback")
    if unlock.callee == "unlock_page":
        names = ("set_page_writeback", "end_page_writeback")
    release = f"{call.text};"
    start, end = (f"{name}({call.arguments[0]});" for name in names)
    span = span_of(Written(graph, unlock.node, written, duty.waits, duty.aliases, duty.starts))
    more = {"first": span.first, "release": release, "behind": span.behind, "start": start, "end": end}
    return FixPlan(render("writeback", duty.obligation.id, _context(duty, "mended", **more)), unlock.line, span.lines)


def _writers(duty: PageDuty) -> frozenset[int]:
    """The nodes with a call that gets the folio, or what was made from it, and may write it somewhere."""
    derived = set(duty.aliases)
    for assignment in duty.graph.assignments() * 2:
        if _WORD.fullmatch(assignment.left) and set(_WORD.findall(assignment.right)) & derived:
            derived.add(assignment.left)
    return frozenset(
        number for number, node in enumerate(duty.graph.nodes) if any(_may_write(call, derived) for call in node.calls)
    )


def _may_write(call: Call, derived: set[str]) -> bool:
    given = {word for argument in call.arguments for word in _WORD.findall(argument)}
    if not given & derived or _MAPS.match(call.callee) or call.callee in call_vocabulary().marks:
        return False
    if call.callee in handouts().iterators or call.callee == "mapping_set_error":
        return False
    return bool(_COPIES.match(call.callee)) or not call_vocabulary().is_neutral(call.callee)
