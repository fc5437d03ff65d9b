"""A function and a State -> Holding, what it takes of something that is not its own: a lock, protection against freezing.

Nobody else can have what is taken, and it goes by no other name: what counts are the calls that take and release it of the same
expression, and functions of the folder that may release it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph, Node
from cocci_gen.code.graphs.operands import operand_of
from cocci_gen.code.searches.by_given import by_given
from cocci_gen.code.searches.machines import ERROR, POINTER, Event, Exit, Outcome, Result
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, Facts
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases, own_holders, stored
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.walks.object_paths import UNKNOWN, object_paths
from cocci_gen.kinds.ends import drops, gives_by_name
from cocci_gen.kinds.takes.holdings.answers import answers_of
from cocci_gen.kinds.takes.holdings.followed import call_assigned, is_unasked
from cocci_gen.kinds.takes.holdings.guarded import of_what_is_not_sure, perhaps_released
from cocci_gen.kinds.takes.holdings.handed import handers_of
from cocci_gen.kinds.takes.holdings.holding import AGAIN, SLEEPS, Sure
from cocci_gen.kinds.takes.holdings.locked import STATES, StateHolding
from cocci_gen.kinds.takes.lockers.again import again_of
from cocci_gen.kinds.takes.lockers.lockers import HELD, lockers_of, spelled_out
from cocci_gen.kinds.takes.lockers.passing import FREE, UNSEEN, Exits, passing_of, releases
from cocci_gen.kinds.takes.lockers.retaken import sleeping_calls
from cocci_gen.kinds.takes.lockers.started import starters_of
from cocci_gen.kinds.takes.words.nothing import gone_with_owner, nothing_got
from cocci_gen.kinds.takes.words.sorts import State, agreeing, taken_by, what_of
from cocci_gen.kinds.takes.words.spans import sorts_of
from cocci_gen.kinds.takes.words.texts import called_names

_BASE = re.compile(r"[A-Za-z_]\w*")
#: What a structure begins with: a macro.
_INITIAL = re.compile(r"[A-Z][A-Z0-9_]* ?\(.*\)")
_NOTHING = frozenset({"NULL", "0"})
#: What a test tells by which a function finds that it has something: who has not, has not kept it.
_FOUND = {"true": "take", "false": "lost"}


#: Whether nobody but a function itself gives back what it takes of an expression.
Unclosed = Callable[[str], bool]


def closed(_name: str) -> bool:
    """What is to be taken for true of a function of which nothing is known."""
    return False


def states_in(text: bytes, path: str, index: KernelIndex) -> list[State]:
    """The sorts that the text of a function of a file may take and keep, itself or by a helper."""
    ways = (lockers_of(index), handers_of(index), again_of(index))
    every = sorts_of(index).at(path)
    return [one for one in every if one.in_text(text) or any(way.in_text(text, path, one) for way in ways)]


#: What a structure is set to that refers to nothing.
_EMPTY = frozenset({"{}", "{ }", "{0}", "{ 0 }", "(struct path) {}", "(struct path){}"})


def state_holdings(
    graph: Graph, path: str, state: State, index: KernelIndex, *, alone: bool = False, unclosed: Unclosed = closed
) -> tuple[StateHolding, ...]:
    """One for each expression that a function takes the state of and may keep it on some way; `alone` as the holding has it, and
    `unclosed` asks it of an expression."""
    takers = _takers(graph, path, state, index)
    found = _found(graph, state)
    for name, got, _ in found:
        takers.setdefault(name, []).extend(got)
    by_helper = {name for name, calls in takers.items() if any(not state.takes(call) for _, call in calls)}
    by_helper -= {name for name, _, _ in found}
    readers = (
        _Reader(
            graph,
            path,
            state,
            index,
            name,
            tuple(calls),
            frozenset(takers) - {name},
            alone,
            unclosed,
            name in by_helper,
            frozenset(test for one, _, test in found if one == name),
        )
        for name, calls in takers.items()
    )
    return tuple(one.holding() for one in readers if one.may_be_kept())


def given_holding(graph: Graph, path: str, state: State, index: KernelIndex, name: str) -> StateHolding:
    """What becomes in a function of one expression that others have taken the state of."""
    takers = _takers(graph, path, state, index)
    calls, others = tuple(takers.get(name, ())), frozenset(takers) - {name}
    by_helper = any(not state.takes(call) for _, call in calls)
    return _Reader(graph, path, state, index, name, calls, others, False, closed, by_helper).holding()


def _takers(graph: Graph, path: str, state: State, index: KernelIndex) -> dict[str, list[tuple[int, Call]]]:
    """The expressions that a function takes the state of, each with the calls by which it does."""
    takers: dict[str, list[tuple[int, Call]]] = {}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            for name in _taken(node, call, path, state, index):
                if state.ended is not None and not name.isidentifier():
                    continue  # one of several, which are ended by counting
                takers.setdefault(name, []).append((number, call))
    return takers


def _found(graph: Graph, state: State) -> list[tuple[str, list[tuple[int, Call]], int]]:
    """The variables of which a test finds that what calls have put there is taken, with these calls and the test."""
    parameters = {one.name for one in graph.parameters}
    tests = {n: state.found_of(node.text) for n, node in enumerate(graph.nodes) if node.kind == "condition"}
    every = []
    for test, name in tests.items():
        if not name or name in parameters:
            continue  # by far the most
        sets = [(n, one) for n, node in enumerate(graph.nodes) for one in node.assignments if one.left == name]
        calls = ((n, c) for n, node in enumerate(graph.nodes) for c in node.calls if call_assigned(node, c) == name)
        got = [(n, call) for n, call in calls if test in graph.behind((n,))]
        plain = all(n in {at for at, _ in got} or one.right in _NOTHING for n, one in sets)
        if got and plain:
            every.append((name, got, test))
    return every


def _taken(node: Node, call: Call, path: str, state: State, index: KernelIndex) -> tuple[str, ...]:
    """What a call takes the state of, itself or for its caller, be it of what it hands back."""
    if state.takes(call):
        # What a helper takes for its caller is told by what it takes, where that can be named; of two values nobody knows which.
        told = state.thing.owned and ("?" in node.text or lockers_of(index).names_it(call, path))
        return () if told else (what_of(call),)
    handed = handers_of(index).taken(node, call, path, state)
    return handed or lockers_of(index).taken_at(node, call, path, state)


@dataclass(frozen=True)
class _Reader:
    """Reads what a function does to the state of one expression that some `calls` take; `others` are those that it takes beside
    it."""

    graph: Graph
    path: str
    state: State
    index: KernelIndex
    name: str
    calls: tuple[tuple[int, Call], ...]
    others: frozenset[str]
    alone: bool
    unclosed: Unclosed
    by_helper: bool
    found: frozenset[int] = frozenset()

    @cached_property
    def _named(self) -> frozenset[str]:
        """The same member of what else holds the pointer that the expression begins with."""
        base = _BASE.match(self.name)
        rest = self.name[base.end() :] if base else ""
        return frozenset(f"{one}{rest}" for one in aliases(self.graph, base[0])) if base and rest else frozenset()

    def _gives_up(self, call: Call) -> bool:
        """Whether a call that sleeps is given the lock, or what it is a part of: it may give it up for that long; of what is
        one for all its own text says so."""
        if self.state.of_all:
            texts = (self.index.text_of(one) for one in self.index.resolve(call.callee, self.path))
            return any(not self.state.release.isdisjoint(called_names(text)) for text in texts)
        owners = {self.name, *(self.name[: found.start()] for found in re.finditer(r"\.", self.name))}
        return any(text.removeprefix("&") in owners for text in call.arguments)

    @cached_property
    def _found_by(self) -> frozenset[str]:
        """The name, and the variables from which the function has read it where its I/O may end it: `page = fio->page`."""
        graph = self.graph
        reads = [a.right for a in graph.assignments() if a.left == self.name] if self.state.ended is not None else []
        return frozenset({self.name, *(word for text in reads if "->" in text for word in _BASE.findall(text)[:1])})

    @cached_property
    def _in_vain(self) -> bool:
        """Whether both outcomes of the test behind what may fail to take it lead to a release: one of them has nothing to
        release."""
        graph, takes = self.graph, {number for number, _ in self.calls}
        handed = any(a.left == self.name for number in takes for a in graph.nodes[number].assignments)
        if handed or not self.state.thing.is_lock:  # which lock it is the call says
            return False
        tried = [number for number, call in self.calls if self._tries(call)]
        tests = [list(graph.straight(number))[-1] for number in tried]
        ways = [[after for after, _ in graph.nodes[test].successors] for test in tests]
        return any(
            len(way) > 1 and all(self._gone & {one, *graph.behind((one,), takes)} for one in way) for way in ways
        )

    def _tries(self, call: Call) -> bool:
        """Whether a call may come back without it, itself or by a helper."""
        state = self.state
        if state.takes(call):
            return call.callee in state.zero | state.nonzero
        return bool(lockers_of(self.index).exits(call, self.path, state, self.name))

    @cached_property
    def _gone(self) -> frozenset[int]:
        """The nodes that may release it."""
        return frozenset(n for n, node in enumerate(self.graph.nodes) if any(map(self._may_release, node.calls)))

    @cached_property
    def _held(self) -> frozenset[int]:
        """The nodes that some way comes to from a taking, past every release."""
        return frozenset(self.graph.behind({number for number, _ in self.calls}, self._gone) - self._gone)

    @cached_property
    def _perhaps_held(self) -> frozenset[int]:
        """Those, and the nodes behind who releases it on some way."""
        sure = {n for n, node in enumerate(self.graph.nodes) if any(map(self._releases, node.calls))}
        return frozenset(self.graph.behind({number for number, _ in self.calls}, sure))

    def _sleeping(self, number: int) -> frozenset[Call]:
        """The calls of a node that sleep where it may be held by who may not."""
        if not self.state.own or number not in self._perhaps_held:
            return frozenset()
        return sleeping_calls(self.graph, self.path, number, self.index)

    def may_be_kept(self) -> bool:
        """Whether some way, feasible or not, leads from the taking to a return, or to a taking, past every release, or from one
        release to another."""
        nodes, gone, behind = self.graph.nodes, self._gone, self._held
        takes = {number for number, _ in self.calls}
        if self._in_vain:
            return True
        if behind & takes or any(map(self._sleeping, sorted(behind))):
            return True
        ends = {n for n, node in enumerate(nodes) if any(call.callee in self.state.release for call in node.calls)}
        if any(self._waits(number) and self.graph.behind((number,), takes) & ends for number in behind):
            return True
        if any(nodes[number].kind == "return" for number in behind):
            return True
        after = self.graph.behind(takes)
        gone = gone | {n for n in after if any(call.direct and self._surely(call) for call in nodes[n].calls)}
        return bool(self.graph.behind(after & gone, takes) & gone)

    def holding(self) -> StateHolding:
        """What is taken, and what becomes of it."""
        answers = answers_of(self.index)
        events = {n: tuple(self._events(n, node)) for n, node in enumerate(self.graph.nodes)}
        told = {n: answers.step(n, node, self.path) for n, node in enumerate(self.graph.nodes) if not events[n]}
        events |= {number: (one,) for number, one in told.items() if one is not None}
        events = {number: every for number, every in events.items() if every}
        plain = StateHolding(
            graph=self.graph,
            thing=self.state.thing,
            name=self.name,
            names=frozenset(),
            takers=self.calls,
            sure=Sure.CERTAIN,
            turns={
                **_missing(self.graph, self.name),
                **gone_with_owner(self.graph, self.name),
                **{(number, label): mark for number in self.found for label, mark in _FOUND.items()},
            },
            events=events,
            may=lambda _call, _facts: True,
            plain=lambda _call: True,
            agreeing=agreeing(self.graph),
            alone=self.alone,
            unclosed=partial(self.unclosed, self.name),
            steady=self._is_steady(),
            released_by=self.state.release,
            reading=self.state.lets_readers_in,
            surely=self._surely,
            found=self.found,
            undone=self.state.undone,
            in_vain=self._in_vain,
        )
        asking = perhaps_released(self.graph, self.state, self._may_be_meant)
        unsure = of_what_is_not_sure(plain, asking) if asking else {}
        unsure = {branch: mark for branch, mark in unsure.items() if branch[0] not in self.found}
        return replace(plain, turns={**plain.turns, **unsure}) if unsure else plain

    def _waits(self, number: int) -> bool:
        """Whether a node calls a helper that takes it."""
        return any(map(self._takes_again, self.graph.nodes[number].calls))

    def _is_steady(self) -> bool:
        """Whether the expression means the same wherever its variables do: what it calls only hands out what is part of them."""
        if "(" not in self.name or "[" in self.name:
            return "[" not in self.name
        known = {name: (name,) for name in _BASE.findall(self.name)}
        return object_paths(self.index).path(operand_of(self.name), known, self.path) != UNKNOWN

    def _takes_again(self, call: Call) -> bool:
        """Whether a helper takes it, whoever has it: it may give it back as well."""
        return not self._spelled.isdisjoint(again_of(self.index).taken(call, self.path, self.state))

    @cached_property
    def _spelled(self) -> frozenset[str]:
        """The expression, and the same with what its variables stand for: `inode->i_sb` in the place of `sb`."""
        return frozenset(spelled_out(self.graph, self.name))

    def _surely(self, call: Call) -> bool:
        """Whether a call releases it by its name, itself or by a helper that has no other way."""
        if call.callee in self.state.release:
            return what_of(call) == self.name
        return self.name in lockers_of(self.index).given_back(call, self.path, self.state)

    def _may_release(self, call: Call) -> bool:
        """Whether a call releases it, or one that says so in its place."""
        return self._releases(call) or (self.by_helper and releases(self._left_by(call)))

    def _may_be_meant(self, call: Call) -> bool:
        """The same, and of a release of what may be the same by another name: not of what else the function takes."""
        other = what_of(call) in self.others - self._named
        return self._may_release(call) or (call.callee in self.state.release and not other)

    def _releases(self, call: Call) -> bool:
        """Whether a call releases it: it says so, or the function takes nothing else of the sort that it could mean."""
        if call.callee not in self.state.release:
            return False
        of = what_of(call)
        return of == self.name or not (self.others or self._is_other_structure(of))

    def _is_other_structure(self, expression: str) -> bool:
        """Whether an expression begins with another structure of the function's own than this one does."""
        bases = {*_BASE.findall(expression)[:1], self._base}
        return len(bases) > 1 and bases <= own_holders(self.graph)

    def _events(self, number: int, node: Node) -> Iterator[Event]:
        for call in node.calls:
            taken = _taken(node, call, self.path, self.state, self.index)
            if not taken and self._takes_again(call):
                yield _again(number, call, self.name)
            if taken:
                if self.name in taken:
                    yield self._taking(number, node, call)
            elif self._releases(call):
                yield _always(number, call, "release")
            elif call.callee in self.state.release:
                of = what_of(call)
                other = self._is_other_structure(of) or of in self.others - self._named
                if not other:  # it may go by another name here
                    yield _always(number, call, "unknown", self.name)
            elif releases(self._left_by(call)):
                yield self._passed(number, call, self._left_by)
            elif releases(self._left_by_holder(call)):
                yield self._passed(number, call, self._left_by_holder)
            elif call in self._sleeping(number) and not self._gives_up(call):
                yield _asleep(number, call)
            elif starters_of(self.index).may_end(call, self.path, self.state, self._found_by):
                yield _always(number, call, "unknown", self.name)
            elif not self.state.thing.is_lock and self._is_copied_by(call):
                yield _always(
                    number, call, "unknown", self.name, f"{call.callee}() copies parts of it, and who has these"
                )
        if not self.state.thing.is_lock:  # a structure: what it refers to goes with its copy
            yield from (_moved(number, one, self.name) for one in node.assignments if self._is_moved_by(one))
        if self.name.isidentifier() and number not in dict(self.calls):
            yield from (_named_anew(number, one, self.name) for one in node.assignments if one.left == self.name)
        base = _BASE.match(self.name) if not self.state.own else None
        for one in node.assignments:  # who finds it there may release it
            if base and one.right == base[0] and not one.left.isidentifier() and one.left not in self._holders:
                yield _always(number, Call("", True, (), one.line), "unknown", self.name, f"who finds it in {one.left}")

    def _is_copied_by(self, call: Call) -> bool:
        """Whether a helper that is given the structure copies parts of it to where another structure leads."""
        places = [at for at, text in enumerate(call.arguments) if text in (self.name, f"&{self.name}")]
        if not places or not call.direct:
            return False
        graphs = map(self.index.graph, self.index.resolve(call.callee, self.path))
        return any(
            one.right.startswith(f"{graph.parameters[at].name}->") and not one.left.isidentifier()
            for graph in graphs
            if graph is not None
            for at in places
            if at < len(graph.parameters)
            for one in graph.assignments()
        )

    def _is_moved_by(self, one: Assignment) -> bool:
        """Whether a step copies the structure, or one is copied to it: whole, or by a part that goes elsewhere than to a name."""
        left, right = one.left.lstrip("*"), one.right.lstrip("*")
        if right in _EMPTY or (one.declares and _INITIAL.fullmatch(right)):
            return False
        parts = (f"{self.name}.", f"{self.name}->")
        return (
            self.name in (left, right)
            or (left.startswith(parts) and self.state.thing.kept == "referenced")  # of a name its length may be set
            or (right.startswith(parts) and not left.isidentifier())
        )

    def _taking(self, number: int, node: Node, call: Call) -> Event:
        """The step of a call that takes it; of one that hands back what is locked its value tells."""
        handed = self.name in handers_of(self.index).taken(node, call, self.path, self.state)
        exits = () if handed else lockers_of(self.index).exits(call, self.path, self.state, self.name)
        if exits:
            return _tried(number, call, exits)
        if not handed and call.callee not in self.state.pointers:
            ignored = self.state.thing.owned and is_unasked(node, call)
            return taken_by(number, call, self.state, STATES, ignored=ignored)
        failed = nothing_got(self.graph, number, (call_assigned(node, call),))
        got = Result(NEGATIVE | POSITIVE, "", POINTER)
        if not handed and not self.state.thing.owned:  # what it hands back is another thing, of which there may be none
            got, failed = Result(pointer=POINTER), (Result(NEGATIVE | POSITIVE, "", ERROR),)

        def outcome(before: str, _facts: Facts) -> Outcome:
            taken = Exit(STATES.after(before, ("take",)), got)
            return Outcome((taken, *(Exit(before, one) for one in failed)))

        return Event(number, call.line, call, f"{call.callee}()", outcome)

    def _speaks_of_it(self, call: Call) -> bool:
        """Whether a call is given what the expression begins from."""
        base = _BASE.findall(self.name)[:1]
        return any(set(_BASE.findall(text)) & set(base) for text in call.arguments)

    def _passed(self, number: int, call: Call, left_by: Callable[[Call, Facts], Exits]) -> Event:
        """The step of a callee that comes back without the lock, on some of its ways or as far as can be seen."""
        note = f"{call.callee}() may release {self.name}"

        def left(facts: Facts) -> Outcome:
            exits = left_by(call, facts)
            if any(one.state == UNSEEN for one in exits):
                return Outcome((Exit("unseen"),), (), note)
            every = tuple(sorted(Exit("back" if one.state == FREE else "owed", one.result) for one in exits))
            return Outcome(every or (Exit("owed"),))

        twice = STATES.says("back", "release") if self._surely(call) else ""

        def outcome(before: str, facts: Facts) -> Outcome:
            if before == "back" and twice:
                return Outcome((Exit(before),), ((twice, f"{call.callee}()"),))
            after = by_given(call, facts, left) if before == "owed" else Outcome((Exit(before),))
            if after.ambiguous and self._knows_why(call):
                return Outcome((Exit("unseen"),), (), note)
            return after

        return Event(number, call.line, call, note, outcome)

    def _may_end(self, call: Call) -> bool:
        """Whether the name of a call that is given the expression says that it ends something for good; of what is given
        something around it, that it ends just this."""
        if not gives_by_name(call) or drops(call):
            return False
        given = {one.removeprefix("&") for one in call.arguments}
        if self.name in given:
            return True
        around = {self._base, *(word for one in self._sources for word in _BASE.findall(one))}
        return not self._ending.isdisjoint(call.callee.split("_")) and not around.isdisjoint(given)

    @cached_property
    def _ending(self) -> frozenset[str]:
        """The words in the names of what ends it that stand in none of what begins it: `unlock`."""
        begun = {word for name in self.state.takers for word in name.split("_")}
        return frozenset(word for name in self.state.release for word in name.split("_")) - begun

    @cached_property
    def _sources(self) -> frozenset[str]:
        """What the variable that the expression begins with is made of: `&bed->tree` for `tree`."""
        return frozenset(a.right for a in self.graph.assignments() if a.left == self._base)

    @property
    def _base(self) -> str:
        found = _BASE.match(self.name)
        return found[0] if found else ""

    @cached_property
    def _is_own(self) -> bool:
        """Whether it is a structure of the function's own, or in one: who is not given that cannot know it."""
        return self._base in own_holders(self.graph) and not self._holders

    @cached_property
    def _holders(self) -> frozenset[str]:
        """The members of structures of the function's own that lead to it, `held.at` where `held.at = &box->lock`."""
        base, own = _BASE.match(self.name), own_holders(self.graph)
        led = {f"&{self.name}", base[0] if base else self.name}
        places = (one for a in self.graph.assignments() if a.operator == "=" for one in stored(a, own))
        return frozenset(place for place, value in places if value in led and place.partition(".")[0] in own - {place})

    def _left_by_holder(self, call: Call, facts: Facts = ()) -> Exits:
        """How a call comes back that is given a structure which leads to it; what is not of the folder may do anything."""
        places = (one for one in self._holders if f"&{one.partition('.')[0]}" in call.arguments)
        member = next((f"->{one.rpartition('.')[2]}" for one in sorted(places)), "")
        if not member or call_vocabulary().is_neutral(call.callee):
            return frozenset()
        passing = passing_of(self.index)
        if not call.direct or not passing.sees(call, self.path):
            return frozenset({Exit(UNSEEN)})
        return passing.exits(call, self.path, self.state, member, facts)

    def _knows_why(self, call: Call) -> bool:
        """Whether a callee that may release it tests what the function itself tests, sets or hands out: it may know which."""
        asked = passing_of(self.index).asked(call, self.path, self.state, self.name)
        return bool(asked & (self._own_words | set(_BASE.findall(self.name))))

    @cached_property
    def _own_words(self) -> frozenset[str]:
        nodes = self.graph.nodes
        texts = [node.text for node in nodes if node.kind == "condition"]
        texts += [a.left for a in self.graph.assignments() if not a.declares]
        texts += [text for call in self.graph.calls() for text in call.arguments if text.startswith("&")]
        return frozenset(word for text in texts for word in _BASE.findall(text))

    def _left_by(self, call: Call, facts: Facts = ()) -> Exits:
        """How a call comes back that may release it: of a function of the folder, or of what is given the lock itself."""
        passing = passing_of(self.index)
        if self._is_own and not self._speaks_of_it(call):
            return frozenset()
        given = f"&{self.name}" in call.arguments  # an object, `sb`, is given to much
        if self._speaks_of_it(call) and passing.unlocks_unseen(call, self.path):
            return frozenset({Exit(UNSEEN)})
        if passing.by_macro(call, self.path, self.state, self.name):
            return frozenset({Exit(UNSEEN)})
        if given and not call_vocabulary().is_neutral(call.callee):
            exits = passing.given(call, self.path, self.state, facts)
        else:
            exits = passing.exits(call, self.path, self.state, self.name, facts) if call.direct else frozenset()
        # What ends it beside its partner nobody has told, where nothing is seen to.
        hidden = self.state.thing.owned and not releases(exits) and self._may_end(call)
        return frozenset({Exit(UNSEEN)}) if hidden else exits


def _tried(number: int, call: Call, exits: tuple[Exit, ...]) -> Event:
    """The step of a helper whose result tells whether it has taken it."""

    def outcome(before: str, _facts: Facts) -> Outcome:
        taken = STATES.after(before, ("take",))
        return Outcome(tuple(Exit(taken if one.state == HELD else before, one.result) for one in exits))

    return Event(number, call.line, call, f"{call.callee}()", outcome)


def _again(number: int, call: Call, name: str) -> Event:
    """The step of a helper that takes what its caller may hold, and leaves it as it was."""
    note = f"{call.callee}() takes {name}"

    def outcome(before: str, _facts: Facts) -> Outcome:
        says = STATES.says(before, "take")
        return Outcome((Exit(before),), ((says, note),) if says else ())

    return Event(number, call.line, call, note, outcome, (AGAIN,))


def _named_anew(number: int, named: Assignment, name: str) -> Event:
    """The step by which a variable comes to mean another one than what is held: the former may have another name."""
    note = f"{name} comes to mean another one, and who finds the former may release {name}"

    def outcome(before: str, _facts: Facts) -> Outcome:
        if before == "owed":
            return Outcome((Exit("unseen"),), (), note)
        return Outcome((Exit("idle" if before == "back" else before),))

    return Event(number, named.line, None, note, outcome)


def _moved(number: int, copied: Assignment, name: str) -> Event:
    """The step that copies a structure to another one, `*parent = *path;`: either may be the one to give back."""
    note = f"{copied.left} = {copied.right} may leave {name} to another"

    def outcome(before: str, _facts: Facts) -> Outcome:
        if before == "idle" and not copied.left.lstrip("*").startswith(name):
            return Outcome((Exit(before),))
        return Outcome((Exit("unseen"),), (), note)

    return Event(number, copied.line, None, note, outcome)


def _asleep(number: int, call: Call) -> Event:
    """The step of a call that sleeps, which nobody may who holds what others spin for."""
    note = f"{call.callee}() may sleep"

    def outcome(before: str, _facts: Facts) -> Outcome:
        return Outcome((Exit(before),), ((SLEEPS, note),) if before == "owed" else ())

    return Event(number, call.line, call, note, outcome, (SLEEPS,))


def _always(number: int, call: Call, mark: str, name: str = "", who: str = "") -> Event:
    note = f"{who or f'{call.callee}()'} may release {name}" if mark == "unknown" else f"{call.callee}()"

    def outcome(before: str, _facts: Facts) -> Outcome:
        # Who may release what is released already is no matter: the lock was taken and given back by the function itself.
        after = before if mark == "unknown" and before == "back" else STATES.after(before, (mark,))
        says = STATES.says(before, mark)
        return Outcome((Exit(after),), ((says, note),) if says else (), note if after == "unseen" != before else "")

    return Event(number, call.line, call, note, outcome, (mark,))


def _missing(graph: Graph, name: str) -> dict[tuple[int, str], str]:
    """The branches that say that there is nothing of which it could be taken."""
    ways = {name[: found.start()].strip("()") for found in re.finditer(r"->|\.", name)}
    tests = ((number, node) for number, node in enumerate(graph.nodes) if node.kind == "condition")
    return {(number, "false"): "lost" for number, node in tests if node.text.strip("()") in ways}
