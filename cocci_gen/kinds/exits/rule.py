"""The family of kinds "a return is reached without ..." (`unlocks`, `writeback`).

A duty becomes a semantic patch that stars the returns which no stopping call precedes; each starred return is then explained:
the shortest feasible path, what was trusted on it, how sure the finding is, and which semantic patch would mend it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.control_flow import Call, Graph, Node
from cocci_gen.code.machines import Event, Machine, Outcome
from cocci_gen.code.paths import Decision, Facts, NoPath, Path, may_be_nonzero
from cocci_gen.code.search import Arrival, Wronged, alive_names
from cocci_gen.code.wrappers import warns_of
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.successors import PER_FOLIO
from cocci_gen.facts.backing_devices import backing_devices
from cocci_gen.facts.holders import holders
from cocci_gen.facts.index import Definition, KernelIndex
from cocci_gen.facts.looks import looks
from cocci_gen.facts.pages import Given, Touch, aliases, call_vocabulary
from cocci_gen.facts.reach import call_reach
from cocci_gen.facts.steps import Step
from cocci_gen.facts.summaries import BEYOND, Summaries, summaries
from cocci_gen.findings.findings import ALSO_HERE, DROPPED_HERE, EVERY_WAY, LEFT_HERE, Breach, Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import last_branch, way_steps, when
from cocci_gen.kinds.duties import TreeFacts, Unexamined, unexamined
from cocci_gen.kinds.exits.around import RECORDING, waiting
from cocci_gen.kinds.exits.doubts import doubts, excuses
from cocci_gen.kinds.exits.fixes import Breaking, plan_end, plan_release, plan_writeback, written
from cocci_gen.kinds.exits.givers import kept_by_givers
from cocci_gen.kinds.exits.impossible import impossible_failures
from cocci_gen.kinds.exits.loops import handed_folios, handouts
from cocci_gen.kinds.exits.machines import BEGIN, FREE, LATE
from cocci_gen.kinds.exits.refusals import refuses_caller, refuses_cleansing
from cocci_gen.kinds.exits.siblings import left_taken
from cocci_gen.kinds.exits.steps import wrong_step
from cocci_gen.kinds.exits.study import Study, may_be_success
from cocci_gen.kinds.exits.unread import refused_reads
from cocci_gen.kinds.page_duty import PageDuty, bound_duties, resource_word, stranger_to, taken, unlocking_caller
from cocci_gen.kinds.suspects import FixPlan, Place, StarringRule, Suspect, Told, finding_of

#: Members by which a structure holds a page.
_PAGES = ("->page", "->folio")


@dataclass(frozen=True, slots=True)
class ExitRule(StarringRule[PageDuty, int | Wronged]):
    """One kind of the family: its machine, `owed` the marks that a breaking path lacks, `exempt` the returned values that the
    contract excuses.

    The obligation begins with the function, or (`opens`) behind the calls that have this mark.
    """

    kind: str
    machine: Machine
    owed: frozenset[str]
    exempt: tuple[str, ...] = ()
    opens: str = ""

    @property
    def stops(self) -> frozenset[str]:
        """The marks that end a path."""
        return self.owed | BEYOND

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[PageDuty, ...], tuple[Unexamined, ...]]:
        """The functions that owe it, delegates included."""
        found, missing = self._found(obligation, facts)
        seen = (self._seen(duty, facts) for duty in found)
        every = tuple(self._also_called(duty, facts.index) for duty in seen if duty.starts or not self.opens)
        bound = kept_by_givers(self.machine, self.exempt, every)
        unseen = (
            replace(unexamined(obligation, duty.definition, why), line=line)
            for duty in bound
            for line, why in Study(duty, self.machine, self.exempt).undecided()
        )
        return bound, (*missing, *unseen)

    def _found(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[PageDuty, ...], tuple[Unexamined, ...]]:
        if obligation.mode != PER_FOLIO:
            return bound_duties(
                obligation, facts.index, facts.effects, lambda duty, touch: delegates(self, duty, touch)
            )
        if self.kind != "unlocks":
            return (), ()
        found, missing = handed_folios(obligation, facts)
        takers = dict.fromkeys(handouts().iterators, "struct folio *")
        return tuple(replace(duty, takers=takers) if duty.starts else duty for duty in found), missing

    def _seen(self, duty: PageDuty, facts: TreeFacts) -> PageDuty:
        """The duty with what its nodes do as steps of the machine."""
        opened = self._opened(duty) if self.opens else duty
        known = replace(opened, events=_events(self, opened, facts))
        return _circumstances(known, facts.index) if self.kind == "writeback" and not self.opens else known

    def _also_called(self, duty: PageDuty, index: KernelIndex) -> PageDuty:
        """The duty with who else calls the function, where that decides on a fix."""
        study = Study(duty, self.machine, self.exempt)
        if self.kind != "unlocks" or not any(map(study.breaks, study.explored().arrivals)):
            return duty
        stranger = stranger_to(duty, index) if duty.chain else unlocking_caller(duty, index)
        return replace(duty, stranger=stranger) if stranger else duty  # a new one would be searched again

    def _opened(self, duty: PageDuty) -> PageDuty:
        """The duty beginning at the calls that open it; those that also discharge it open nothing."""
        starts = tuple(
            touch.node
            for touch in duty.touches
            if self.opens in touch.marks and touch.callee in call_vocabulary().marks
        )
        return replace(duty, starts=starts)

    def semantic_patch(self, duty: PageDuty) -> SemanticPatch:
        """SmPL that stars every return of the function that no stopping call precedes."""
        return render(self.kind, duty.obligation.id, _context(self, duty, "report"))

    def places(self, duty: PageDuty) -> Iterator[Place[int | Wronged]]:
        """Every return, and every step that is wrong itself."""
        study = Study(duty, self.machine, self.exempt)
        for number, node in enumerate(duty.graph.nodes):
            if node.kind == "return":
                yield Place(number, (node.line,), number)
        for one in study.wrongs():
            yield Place(one.event.node, (one.event.line,), one, one.words)

    def known(self, duty: PageDuty, places: list[Place[int | Wronged]]) -> list[Place[int | Wronged]]:
        """The wrong steps, and the returns to which a way leads that leaves the duty undone."""
        study = Study(duty, self.machine, self.exempt)
        return [
            place
            for place in places
            if isinstance(place.what, Wronged)
            or (not _is_exempt(self, duty.graph.nodes[place.node]) and study.arrival(place.node) is not None)
        ]

    def suspect(self, duty: PageDuty, place: Place[int | Wronged], text: str) -> Suspect:
        """What is wrong at one of them."""
        study = Study(duty, self.machine, self.exempt)
        if isinstance(place.what, Wronged):
            return wrong_step(study, place.what, text)
        return _suspect(self, study, place.what, text)

    def again(self, duty: PageDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> PageDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        names = aliases(graph, duty.resource_name)
        touches = facts.effects.touches(graph, definition.path, names)
        edited = replace(
            duty, definition=definition, graph=graph, aliases=names, touches=touches, starts=taken(graph, duty.takers)
        )
        return self._seen(edited, facts)


def _circumstances(duty: PageDuty, index: KernelIndex) -> PageDuty:
    """The duty to see to the writeback of a page, with what the tree says of the function and of its file system."""
    graph, file = duty.graph, duty.definition.path
    return replace(
        duty,
        waits=waiting(graph, file, duty.aliases, call_reach(index)),
        looks=looks(index).among(graph, file),
        surely=impossible_failures(graph, file, index),
        unread=refused_reads(duty.definition, duty.registrations, index),
        unflushed=backing_devices(index).none(file.rpartition("/")[0]),
    )


def stopping(rule: ExitRule, duty: PageDuty) -> tuple[Touch, ...]:
    """The touches that end a path for this kind."""
    return tuple(touch for touch in duty.touches if touch.marks & rule.stops)


def delegates(rule: ExitRule, duty: PageDuty, touch: Touch) -> bool:
    """Whether the callee of a touch takes the obligation over: the call is returned, or nothing behind it stops a path."""
    node = duty.graph.nodes[touch.node]
    if duty.obligation.mode == PER_FOLIO:
        return False  # whoever is handed the folios answers for them, whomever he asks
    opens = bool(rule.opens) and rule.opens in touch.marks  # who starts writeback ends it, or leaves it to its caller
    if touch.callee in call_vocabulary().marks or not (opens or touch.marks & (rule.owed | {"release"})):
        return False
    if node.kind == "return":
        return touch.callee in re.findall(r"\w+", node.text)
    if not opens and not (touch.marks & rule.owed and _result_is_returned(duty, node, touch.callee)):
        return False
    others = {other.node for other in stopping(rule, duty)} - {touch.node}
    return not others & duty.graph.behind((touch.node,))


def _result_is_returned(duty: PageDuty, node: Node, callee: str) -> bool:
    """`rc = callee(page); ... return rc;`: a helper whose result nobody returns releases for reasons of its own."""
    returned = {other.returned for other in duty.graph.nodes if other.kind == "return"}
    return any(a.left in returned and a.right.startswith(f"{callee}(") for a in node.assignments)


def _is_exempt(rule: ExitRule, node: Node) -> bool:
    return any(value in node.text for value in rule.exempt)


def _events(rule: ExitRule, duty: PageDuty, facts: TreeFacts) -> dict[int, tuple[Event, ...]]:
    """What the nodes do, as steps of the machine: also where the duty begins, and where another function takes it over (it is
    judged there)."""
    path, graph = duty.definition.path, duty.graph
    known = summaries(facts.effects, rule.machine)
    every = known.events(graph, path, duty.aliases, duty.resource_name)
    taken_over = {(touch.node, touch.callee) for touch in duty.touches if touch.callee and delegates(rule, duty, touch)}
    found: dict[int, list[Event]] = {}
    kept = _kept_by_others(duty) if duty.starts else frozenset[int]()
    for number, events in every.items():
        for event in events:
            if number in duty.starts and (event.call.callee in duty.takers if event.call else event.marks == ("lost",)):
                continue  # it takes the next page, and is given the last one only to find its place
            over = event.call is not None and (number, event.call.callee) in taken_over
            found.setdefault(number, []).append(_taken_over(event, known) if over else event)
    for number, call in _owners_released(duty, facts) if "release" in rule.owed else ():
        found.setdefault(number, []).append(
            known.step(number, call, ("unknown",), f"{call.callee}() may unlock what it keeps")
        )
    for number, node in enumerate(graph.nodes):
        if any(value in a.right and value != a.right for value in rule.exempt for a in node.assignments):
            found.setdefault(number, []).append(
                known.step(number, None, ("hand_on",), "the page may stay locked by contract")
            )
    for number in duty.starts:
        found.setdefault(number, []).append(_begun(rule, duty, number, known, forgets=number not in kept))
    return {number: tuple(events) for number, events in found.items()}


def _kept_by_others(duty: PageDuty) -> frozenset[int]:
    """The nodes that take the next page while another variable, which is still read, may hold the one before: it is in a list."""
    held, alive = holders(duty.graph, duty.aliases, duty.resource_name), alive_names(duty.graph)
    others = duty.aliases - {duty.resource_name}
    return frozenset(n for n in duty.starts if (held.sure[n] | held.perhaps[n]) & others & alive[n])


def _begun(rule: ExitRule, duty: PageDuty, number: int, known: Summaries, *, forgets: bool) -> Event:
    """The step that takes a page, with `forgets` also its name from the one before; where there is none, nothing is forgotten."""
    taking = (call for call in duty.graph.nodes[number].calls if not rule.opens and call.callee in duty.takers)
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


def _context(rule: ExitRule, duty: PageDuty, mode: str, **more: object) -> dict[str, object]:
    study = Study(duty, rule.machine, rule.exempt)
    # A callee that is told by a constant whether to stop the path stops it at some of its calls, and spatch sees its name alone.
    sometimes = {touch.callee for touch in stopping(rule, duty) if touch.callee and not study.always(touch)}
    found = tuple(t for t in stopping(rule, duty) if t.callee not in sometimes and (t.callee or study.always(t)))
    stops = sorted({touch.callee for touch in found if re.fullmatch(r"\w+", touch.callee)} - set(_primary(rule)))
    written = " ".join(str(part) for value in more.values() for part in (value if isinstance(value, list) else [value]))
    written = written.replace(RECORDING, "")
    symbols = set(
        re.findall(
            r"(?<![\w.>])[a-z_]\w*(?![\w(])", re.sub(r"\b(?:return|goto|break|sizeof|struct)\b|goto \w+", "", written)
        )
    )
    keeps = sorted(n for n in duty.aliases if n.isidentifier()) if any(not touch.callee for touch in found) else []
    indirect = any(not re.fullmatch(r"\w*", touch.callee) for touch in found)
    pointers = sorted(n for n in duty.aliases if n.isidentifier()) if indirect else []
    openers = sorted(
        {
            call.callee
            for number in duty.starts
            for call in duty.graph.nodes[number].calls
            if _opens(rule, duty, call.callee)
        }
    )
    wrongs = [one for one in study.wrongs() if one.event.call is not None] if mode == "report" else []
    late = mode == "report" and any(study.says(one) == LATE for one in study.explored().arrivals)
    return {
        "mode": mode,
        "symbols": sorted(symbols | set(keeps) | set(pointers)),
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "primary": _either(_primary(rule)),
        "ended": _either((*_primary(rule), *stops)),
        "opened": _either(openers) if openers else "",
        "stops": stops,
        "keeps": keeps,
        "pointers": pointers,
        "exempt": list(rule.exempt),
        "steps": sorted(
            {one.event.call.callee for one in wrongs if one.event.call is not None and one.event.call.direct}
        ),
        "late": late,
        **more,
    }


def _opens(rule: ExitRule, duty: PageDuty, callee: str) -> bool:
    return callee in duty.takers or rule.opens in call_vocabulary().marks.get(callee, ())


def _either(names: Iterable[str]) -> str:
    """SmPL for a call of any of the names."""
    calls = [f"{name}(...)" for name in names]
    return calls[0] if len(calls) == 1 else "\\(" + "\\|".join(calls) + "\\)"


def _primary(rule: ExitRule) -> tuple[str, ...]:
    """The primitives that discharge the obligation, which every semantic patch of the kind names."""
    if rule.opens:
        return ("end_page_writeback", "folio_end_writeback")
    if rule.kind == "unlocks":
        return ("unlock_page", "folio_unlock")
    return ("redirty_page_for_writepage", "folio_redirty_for_writepage", "set_page_writeback", "folio_start_writeback")


def _suspect(rule: ExitRule, study: Study, number: int, text: str) -> Suspect:
    duty = study.duty
    node = duty.graph.nodes[number]
    arrival, reasons = _worst(rule, study, number)
    excused = frozenset(reasons)
    path = NoPath(exhausted=True) if arrival is None else study.explored(excused).path(arrival.stop)
    others = tuple(
        touch
        for touch in stopping(rule, duty)
        if touch.marks & {"escape", "hand_on", "unknown"}
        and not touch.marks & rule.owed
        and touch.callee not in duty.takers
    )
    lowered: tuple[Doubt, ...] = ((Confidence.LOW, "no feasible path"),)
    if arrival is not None and isinstance(path, Path):
        lowered = doubts(rule.kind, duty, number, path, others) + _sometimes(rule, study, arrival, excused)
    breach = _breach(rule, duty, number, path)
    told = Told(
        line=node.line,
        code=f"{breach.condition}|{breach.taken}|{node.text}",
        message=_message(rule, duty, breach, "" if arrival is None else study.says(arrival)),
        breach=breach,
        evidence=_evidence(rule, duty, number, path),
        doubts=lowered,
    )
    finding = finding_of(duty, told, text)
    if finding.confidence is Confidence.LOW:
        return Suspect(finding, path, NoFix("nobody takes a patch for a finding of low confidence"))
    if arrival is None or not isinstance(path, Path):
        return Suspect(finding, path, NoFix("no feasible path"))
    plan = _plan(rule, study, number, path, arrival, excused)
    if isinstance(plan, FixPlan):
        # The second place of one fix lies on the path that is shown: no other way comes by it.
        passed = {duty.graph.nodes[one].line for one in path.nodes}
        more = tuple(Step(duty.definition.path, line, ALSO_HERE) for line in plan.more if line not in passed)
        for left in left_taken(study, number, path) if rule.kind == "writeback" else ():
            undone = f"+{written(left.back)}" in plan.semantic_patch.text
            then = f"{left.back.callee}() gives it back there too" if undone else "that is left for another patch"
            more += (Step(duty.definition.path, node.line, f"{left.says}; {then}"),)
        more += tuple(_left(duty, branch, why) for branch, why in reasons.items())
        if not any(not study.breaks(one) for one in study.explored().arrivals):
            more += (Step(duty.definition.path, node.line, EVERY_WAY),)
        # Whoever reads a page has no data in it to keep.
        writes = rule.kind == "unlocks" and duty.obligation.method == "writepage"
        if writes and "redirty" not in plan.semantic_patch.text:
            more += tuple(Step(duty.definition.path, node.line, f"{DROPPED_HERE}: {why}") for why in _lost(duty, path))
        finding = replace(finding, evidence=(*finding.evidence, *more))
    return Suspect(finding, path, plan)


def _left(duty: PageDuty, branch: Decision, why: str) -> Step:
    """What a fix leaves as it is: the statement behind a branch that kernel practice excuses."""
    nodes = duty.graph.nodes
    behind = [nodes[after].line for after, label in nodes[branch.node].successors if label == branch.label]
    return Step(duty.definition.path, behind[0], f"{LEFT_HERE}: {why}")


def _lost(duty: PageDuty, path: Path) -> Iterator[str]:
    """Why a way that only lacks the unlock is not to keep the data either."""
    if any(warns_of(duty.graph.nodes[one.node], one.label) for one in path.decisions[-1:]):
        yield "the function warns of it, and would at every later try"
    yield from excuses("writeback", duty, path).values()


def _sometimes(rule: ExitRule, study: Study, arrival: Arrival, excused: frozenset[Decision]) -> tuple[Doubt, ...]:
    """A callee on the way that does what is owed under a condition of its own; what there is to write, it may know better."""
    level = Confidence.LOW if rule.kind == "writeback" else Confidence.MODERATE
    return tuple(
        (level, f"{event.note} at line {event.line} does so on some of its ways, and does not say on which")
        for event in study.unsure(arrival, excused)[:1]
    )


def _worst(rule: ExitRule, study: Study, number: int) -> tuple[Arrival | None, dict[Decision, str]]:
    """The arrival that breaks more than the letter, where there is one beside those that kernel practice excuses, and the
    branches by which those come, with the reasons; else the first."""
    first = arrival = study.arrival(number)
    excused: dict[Decision, str] = {}
    while arrival is not None:
        path = study.explored(excused).path(arrival.stop)
        found = excuses(rule.kind, study.duty, path)
        if not found.keys() - excused.keys():
            return arrival, excused
        excused |= found
        arrival = study.arrival(number, excused=excused)
    return first, {}


def _plan(
    rule: ExitRule, study: Study, number: int, path: Path, arrival: Arrival, excused: frozenset[Decision]
) -> FixPlan | NoFix:
    duty = study.duty

    def patch(mode: str, **more: object) -> SemanticPatch:
        return render(rule.kind, duty.obligation.id, _context(rule, duty, mode, **more))

    if study.says(arrival) == LATE:
        return NoFix("writeback is started too late, and where the page may be unlocked is for a person to decide")
    if study.unsure(arrival, excused):
        return NoFix("a call on the way does so sometimes, and would be done twice then")
    excused = _also_excused(rule, study, number, excused)
    fails = _fails(study, number, path, excused)
    breaking = Breaking(study, number, path, excused, fails=fails, result=arrival.result)
    if rule.opens:
        return plan_end(breaking, patch)
    if rule.kind == "unlocks":
        return plan_release(breaking, patch)
    return plan_writeback(breaking, patch)


def _also_excused(rule: ExitRule, study: Study, number: int, excused: frozenset[Decision]) -> frozenset[Decision]:
    """The branches that practice excuses on other ways to a return, those that succeed: a fix of the failing one leaves them."""
    while True:
        arrival = study.arrival(number, may_be_success, excused)
        path = study.explored(excused).path(arrival.stop) if arrival is not None else None
        found = excuses(rule.kind, study.duty, path) if path is not None else {}
        if not found.keys() - excused:
            return excused
        excused |= found.keys()


def _fails(study: Study, number: int, path: Path, excused: frozenset[Decision]) -> bool:
    """Whether the return certainly hands back an error or AOP_WRITEPAGE_ACTIVATE, or refuses its caller and not the page, on
    every path that breaks the rule and is not excused."""
    duty = study.duty
    value = duty.graph.nodes[number].returned
    if re.fullmatch(r"-E[A-Z0-9]+|AOP_WRITEPAGE_ACTIVATE|-\d+", value):
        return True
    if refuses_cleansing(duty, path) or refuses_caller(duty, path):
        return True
    if not re.fullmatch(r"[a-z_]\w*", value):
        return False
    return study.arrival(number, may_be_success, excused) is None


# What to say.


def _breach(rule: ExitRule, duty: PageDuty, number: int, path: Path | NoPath) -> Breach:
    branch = last_branch(duty.graph, path).told()
    statement = duty.graph.nodes[number].text or "the end of the function"
    return branch.breach(statement, missing_calls(rule, duty), resource_word(duty), duty.resource_name)


def missing_calls(rule: ExitRule, duty: PageDuty) -> tuple[str, ...]:
    """The calls that the path owes, in the vocabulary of the function."""
    folio = resource_word(duty) == "folio"
    if rule.opens:
        return ("folio_end_writeback",) if folio else ("end_page_writeback",)
    if rule.kind == "unlocks":
        return ("folio_unlock",) if folio else ("unlock_page",)
    return (
        ("folio_redirty_for_writepage", "folio_start_writeback")
        if folio
        else ("redirty_page_for_writepage", "set_page_writeback")
    )


def _message(rule: ExitRule, duty: PageDuty, breach: Breach, says: str) -> str:
    so = when(breach.condition, taken=breach.taken)
    if rule.kind == "unlocks":
        return f"{duty.graph.name}() returns with the {breach.resource} locked{so}"
    if says == LATE:
        return f"{duty.graph.name}() unlocks the {breach.resource} before it starts its writeback{so}"
    if rule.opens:
        return f"{duty.graph.name}() starts writeback of the {breach.resource} and does not end it{so}"
    return f"{duty.graph.name}() neither redirties the {breach.resource} nor starts writeback{so}"


def _evidence(rule: ExitRule, duty: PageDuty, number: int, path: Path | NoPath) -> tuple[Step, ...]:
    """The way with what it does to the page, and behind it what else the function does, where no way goes or another one."""
    node, file = duty.graph.nodes[number], duty.definition.path
    reached = Step(file, node.line, f"`{node.text or '}'}` is reached")
    if isinstance(path, NoPath):
        why = "every path to this return contradicts itself" if path.exhausted else "too many paths to search"
        others = (_touched(duty, touch, "no path to this return is known to pass it") for touch in duty.touches)
        return (*duty.chain, Step(file, node.line, why), reached, *others)
    passed = defaultdict[int, list[Step]](list)
    elsewhere = list[Step]()
    for touch in duty.touches:
        if touch.node in path.nodes:
            always = " on every way" if touch.marks & rule.stops else ""
            passed[touch.node].append(_touched(duty, touch, f"passed, does not discharge the obligation{always}"))
        else:
            elsewhere.append(_touched(duty, touch, "not passed on this path"))
    return (*duty.chain, *way_steps(duty.graph, path, file, passed), reached, *elsewhere)


def _touched(duty: PageDuty, touch: Touch, how: str) -> Step:
    """What a node does to the page, and how the path stands to it."""
    return Step(duty.definition.path, touch.line, f"{touch.note} [{', '.join(sorted(touch.marks))}]: {how}")
