"""Holding, what a function takes under one name, with what becomes of it as steps of a machine, and what is wrong with that."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import takewhile

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph, Node
from cocci_gen.code.searches.explorations import Arrival, Exploration, Stop, Wronged
from cocci_gen.code.searches.machines import ERROR, RETURN, Event, Machine, Move, Wrong
from cocci_gen.code.searches.paths import Path
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import ERRNOS, NEGATIVE, POSITIVE, ZERO, Facts
from cocci_gen.code.states.statuses import statuses
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.kinds.ends import GOES_ON, gives_by_name
from cocci_gen.kinds.takes.holdings.in_vain import IN_VAIN, asks_for
from cocci_gen.kinds.takes.holdings.stranded import STRANDED, STRANDS
from cocci_gen.kinds.takes.holdings.uses import USE, USED, pointing_into
from cocci_gen.kinds.takes.words.things import Thing

#: The mark of a step that puts the thing where others find it once the function has ended well.
OWN = "own"
KEPT, TWICE, RETAKEN, LOST = "kept", "given back twice", "taken again", "another one in its place"
#: The same where what is put there was not taken by that step.
LEFT_BEHIND = "left for another one"
#: The same where nothing is put there.
CLEARED = "cleared"
SLEEPS = "slept with it"
#: Ends the note of a call that is not seen through, and is taken to have left the thing alone.
LENT = ", which is taken to leave it alone"
#: Marks the call of a helper that takes it, and gives it back where it does.
AGAIN = "again"
_NAME = re.compile(r"[A-Za-z_]\w*")
#: The same, no member of something.
_WORD = re.compile(r"(?<![\w.>])[A-Za-z_]\w*")
#: What a pointer tells as an error: it hands nothing out.
ERROR_OF = re.compile(r"\bPTR_ERR(?:_OR_ZERO)? ?\([^()]*\)")
#: What makes one value that tells of an error of another.
_OF_ERRORS = frozenset({"ERR_PTR", "ERR_CAST", "PTR_ERR", "PTR_ERR_OR_ZERO", "vmf_error", "vmf_fs_error"})
#: A member that is put into others, and these.
_MEMBER_OF = re.compile(r"(?P<others>(?:[\w>.-]+ = )+)\w+->(?P<last>\w+)")
#: A number in the byte order of the disk that is read out of what a thing holds: `le32_to_cpu(raw->size)`.
_NUMBER = re.compile(r"\b(?:le|be)(?:16|32|64)_to_cpup? ?\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)")
#: Stops of one search before values are merged; the longest function of 6.1 that ends without has 14,912.
STOPS = 16_000
_GONE = frozenset({"escape", "hand_on"})

#: Says of a call that what it gives was not there before.
_MAKES = re.compile(r"(?<![a-z])(?<!or_)(?:alloc|new|create|make|clone|dup)(?![a-z])")
#: What is handed back may be made of something in so many steps.
_STEPS = 3
#: States in which nothing was taken.
NOT_TAKEN = frozenset({"idle", "lent"})
#: `gone`: it is somebody else's to give back, or counted more than once; `unseen`: what became of it cannot be seen; `lent`:
#: somebody was told of it before it was counted for him, `d_instantiate(dentry, inode); ihold(inode);`.
TAKES = Machine(
    "takes",
    "idle",
    (
        *(Move(state, "take", "owed") for state in ("idle", "lent", "owed", "back", "gone", "unseen")),
        Move("idle", "again", "owed"),
        *(Move("idle", mark, "lent") for mark in ("escape", "hand_on")),
        Move("lent", "again", "gone"),
        Move("owed", "again", "gone"),
        Move("back", "again", "gone"),
        *(Move(state, "release", "back") for state in ("owed", "unseen")),
        Move("back", "lost", "idle"),
        Move("owed", "lost", "gone"),
        *(Move(state, mark, "gone") for state in ("owed", "back") for mark in ("escape", "hand_on")),
        *(Move(state, "unknown", "unseen") for state in ("owed", "back")),
    ),
    (Wrong("owed", RETURN, KEPT), Wrong("back", "release", TWICE), Wrong("owed", "take", RETAKEN)),
)


class Sure(IntEnum):
    """Whether the value of a call is the thing, taken; `PERHAPS` where some callee may have kept it."""

    NO = 0
    PERHAPS = 1
    CERTAIN = 2


@dataclass(frozen=True, slots=True)
class Holding:
    """What a function takes under one name, and what its nodes do to it; `takers` are (node, call), `plain` tells of a call
    whether what it takes has only to be given back."""

    graph: Graph
    thing: Thing
    name: str
    names: frozenset[str]
    takers: tuple[tuple[int, Call], ...]
    sure: Sure
    turns: Mapping[tuple[int, str], str] = field(compare=False, repr=False)
    events: Mapping[int, tuple[Event, ...]] = field(compare=False, repr=False)
    may: Callable[[Call, Facts], bool] = field(compare=False, repr=False)
    plain: Callable[[Call], bool] = field(compare=False, repr=False)
    #: The place that others find it by as well, `sbi->bh`; "" for none.
    lasts: str = field(default="", kw_only=True)
    #: Whether no caller gives back what the function leaves there.
    left: bool = field(default=False, kw_only=True)
    #: Whether others who call what it is got from give it back.
    agreed: Callable[[], bool] = field(default=lambda: False, compare=False, repr=False, kw_only=True)
    #: The same of what it is got from by its name.
    lent_by_all: Callable[[], bool] = field(default=lambda: False, compare=False, repr=False, kw_only=True)
    #: Whether what a call leads to takes one more itself: what it gives back may be that.
    counting: Callable[[Call], bool] = field(default=lambda _call: True, compare=False, repr=False, kw_only=True)

    @property
    def array(self) -> str:
        """The array that the thing is an element of, "" where it is none."""
        return self.name.removesuffix("[]") if self.name.endswith("[]") else ""

    @property
    def unsure(self) -> str:
        """What a branch leaves open that hides what became of the thing."""
        return f"which of {self.name} are there" if self.array else f"whether there is anything in {self.name}"

    def others(self, seen: Exploration) -> tuple[str, str]:
        """What is said of a return that keeps the thing and tells of no failure: in the message, and of how sure that is."""
        if all(states == {"kept"} for states in self._ends(seen).values()):
            return "which nobody gives back", f"no way through {self.graph.name}() gives it back, nor to anybody else"
        if self._is_lost_by_no(seen):
            return "which other ways give back", "others that return false have given it back"
        takes = " and ".join(sorted({f"{call.callee}()" for _, call in self.takers}))
        away = any(one.state in ("gone", "unseen") for one in seen.arrivals)
        return "on this way alone", f"all its other ways behind {takes} give it back{', or away' if away else ''}"

    def lets_readers_in(self, call: Call) -> bool:  # noqa: ARG002 - of a lock its sort tells
        """Whether others may have the thing as well who only read."""
        return False

    def wanted_by(self, call: Call) -> tuple[str, ...]:  # noqa: ARG002 - nobody waits for another thing than a lock
        """Notes of how others take what a call has taken."""
        return ()

    def question(self) -> Question:
        """What is searched: every way through the function."""
        told = frozenset(w for n in self.graph.nodes if n.kind == "return" for w in _NAME.findall(n.returned))
        question = Question(self.graph, TAKES, self.events, TAKES.start, kept=told, limit=STOPS)
        return replace(question, turns=self.turns)

    def explored(self, known: Facts = (), limit: int = STOPS) -> Exploration:
        """Every way through the function, with what is known of its parameters; told apart while there are few enough stops."""
        return explore(replace(self.question(), known=known, limit=limit))

    def onward(self, stops: Iterable[Stop]) -> Iterator[Exploration]:
        """Every way on from each of some stops."""
        whole = self.question()
        return (explore(replace(whole, state=one.state, start=one.node, known=one.facts)) for one in stops)

    def settled(self) -> bool:
        """Whether, whatever the tests say, no way leads from the taking past what gives it back or away to a return, nor to where
        another one is taken or its name comes to mean another one, and none from one release to another, nor to one from where
        there is nothing; False where only a search can tell."""
        starts = frozenset(number for number, _ in self.takers)
        behind = self.graph.behind(starts)
        moves = {n: [e for e in self.events.get(n, ()) if (n, e.call) not in self.takers] for n in behind}
        if "unknown" in self.turns.values() or any(
            not e.marks or "unknown" in e.marks for es in moves.values() for e in es
        ):
            return False
        releases = {n for n, every in moves.items() if any("release" in e.marks for e in every)}
        closing = releases | {n for n, every in moves.items() if any(not _GONE.isdisjoint(e.marks) for e in every)}
        lost = {(n, label) for (n, label), mark in self.turns.items() if mark == "lost"}
        without = {after for n, label in lost for after, taken in self.graph.nodes[n].successors if taken == label}
        if (without | self.graph.behind(without, starts)) & releases:  # of what is not there
            return False
        gone = self.graph.behind(releases, starts) - starts
        if gone & releases or any(USE in one.marks for n in gone for one in moves.get(n, ())):
            return False
        todo, seen = list(starts), set(starts)
        while todo:
            number = todo.pop()
            for after, label in self.graph.nodes[number].successors:
                if (number, label) in self.turns or after in closing or (after in seen and after not in starts):
                    continue
                if (
                    after in starts
                    or self.graph.nodes[after].kind == "return"
                    or any(one.marks in (("lost",), (STRANDS,)) for one in moves.get(after, ()))
                ):
                    return False
                seen.add(after)
                todo.append(after)
        return True

    @property
    def is_whole(self) -> bool:
        """Whether it is a structure all whose parts go with it: a path."""
        return False

    def twice(self, seen: Exploration) -> tuple[Wronged, ...]:
        """The steps that give the thing back once more, or wait for what is locked here, by calls of the function itself.  Where
        it is an element of an array, or given back by one of several names and then by another, each may be about another thing,
        and what stands in a place that others find may have been counted once more for it."""
        if self.array or self.lasts or sum(f"&{self.name}" in call.arguments for _, call in self.takers) > 1:
            return ()
        if self._has_others():
            return ()
        if self.consumes(seen):
            return ()
        again = tuple(one for one in seen.wrongs if one.says == RETAKEN and self._is_locked_still(seen, one))
        return again or tuple(one for one in seen.wrongs if one.says == TWICE and self._given_back_here(seen, one))

    def _is_locked_still(self, seen: Exploration, wrong: Wronged) -> bool:
        """Whether a step locks what is locked under the same name since the last one that did, and nothing in between may have
        unlocked it, or put another one into that name.  Where all ways come to it so, the code would never have run: somebody
        unlocks it by other means."""
        stops = seen.stops(wrong.stop)
        last = max((n for n, one in enumerate(stops[:-1]) if one.node in dict(self.takers)), default=0)
        between = stops[last + 1 : -1]
        events = (event for one in between for event in self.events.get(one.node, ()))
        set_anew = (a.left for one in between for a in self.graph.nodes[one.node].assignments)
        return (
            self.thing.kept == "locked"
            and not seen.merged
            and seen.at(wrong.stop.node) != {"owed"}
            and self.names == {self.name}
            and {one.state for one in between} <= {"owed"}
            and all(end.state == "owed" for event in events for end in event.outcome("owed", ()).exits)
            and self.name not in set_anew
        )

    def _has_others(self) -> bool:
        """Whether what a file system counts may be counted more than once when the function comes to it: it is not made here."""
        return self.thing.owned and not all(call.callee in self.thing.fresh for _, call in self.takers)

    def consumes(self, seen: Exploration) -> bool:
        """Whether a function counts what a caller has given it once more, and every way gives that back twice: the one is its own
        reference, and the other may be the caller's, which it is to give up."""
        given = self.name in {one.name for one in self.graph.parameters}
        counted = all(
            "again" in one.marks for n, call in self.takers for one in self.events.get(n, ()) if one.call == call
        )
        twice = {one.stop.node for one in seen.wrongs if one.says == TWICE}
        if not given or not counted or not twice:
            return False
        takers = {number for number, _ in self.takers}
        return not any(self.graph.nodes[n].kind == "return" for n in self.graph.behind(takers, twice) - twice)

    def also(self, seen: Exploration, wrong: Wronged) -> tuple[int, ...]:  # noqa: ARG002 - of a lock there may be more
        """The lines of other steps that are wrong for the same reason, and of which nothing else is told."""
        return ()

    def _given_back_here(self, seen: Exploration, wrong: Wronged) -> bool:
        """Whether on the way to a wrong step the function itself gave it back, or first a helper that failed: what consumes is
        given an error pointer as well."""
        if wrong.event.call is None or wrong.event.call.callee in self.thing.consumes:
            return False
        if self.thing.owned and wrong.stop.state == "owed":
            return False  # what a helper gives back at two places may be counted for both
        stops = seen.stops(wrong.stop)
        moving = [e for stop in stops for e in self.events.get(stop.node, ()) if may_give_back(e)]
        known = self.thing.releases | self.thing.consumes
        helped = [one for one in moving if one.call is None or one.call.callee not in known]
        if helped and not (_gives_back_failing(moving[0]) and all(map(gives_back_always, helped[1:]))):
            return False
        if any(one.call is None or self.counting(one.call) for one in helped):
            return False
        return self.names == {self.name} or self._by_its_name(seen, wrong)

    def _by_its_name(self, seen: Exploration, wrong: Wronged) -> bool:
        """Whether a wrong step, and what gave back before it, say the name that the function took it under, and nothing is put
        into that in between."""
        stops = seen.stops(wrong.stop)
        gave = [n for n, stop in enumerate(stops) if any(map(may_give_back, self.events.get(stop.node, ())))]
        events = [one for n in gave for one in self.events.get(stops[n].node, ()) if may_give_back(one)]
        between = (self.graph.nodes[stop.node] for stop in stops[min(gave, default=0) :])
        calls = (one.call for one in (*events, wrong.event) if one.call is not None)
        given = {next((text for text in call.arguments if text in self.names), "") for call in calls}
        return given == {self.name} and all(a.left != self.name for node in between for a in node.assignments)

    def overwritten(self, seen: Exploration) -> tuple[Wronged, ...]:
        """The steps that put another thing in the place of one which is still owed, and of which nobody else knows: it
        can never be given back.  Of a lock, where another thing is not taken but only meant, all other ways have to give it back,
        or away: a reference may be put aside in many ways."""
        if seen.merged or self.array or self.names != {self.name} or self._has_others():
            return ()
        every = (one for one in seen.wrongs if one.says == LOST)
        lost = tuple(one for one in every if self._stays(seen) or self._is_retried(seen, one))
        if any(one.says == TWICE for one in seen.wrongs):
            lost = ()  # what is given back more often than it was taken may be one that was left before, found again
        left = (one for one in seen.wrongs if one.says == LEFT_BEHIND and self._is_left_locked(seen, one))
        return (*lost, *left, *(one for one in seen.wrongs if one.says == CLEARED and self._is_buried(seen, one)))

    def _is_buried(self, seen: Exploration, wrong: Wronged) -> bool:
        """Whether the one name of what only this function knows of is cleared."""
        if self.sure is not Sure.CERTAIN or self.lasts or self.thing.kept != "referenced":
            return False
        stops = seen.stops(wrong.stop)
        lent = any(LENT in one.note for stop in stops[:-1] for one in self.events.get(stop.node, ()))
        return not lent and self._is_alone_on(stops) and not self._tells_by_another([stop.node for stop in stops])

    def _tells_by_another(self, nodes: Iterable[int]) -> bool:
        """Whether a step puts what is made of the thing where others find it: `bi = bed_info(inode); box->bi = bi;`."""
        words = self._words()
        made = {
            a.left for a in self.graph.assignments() if a.left.isidentifier() and words.search(a.right)
        } | self.names
        steps = (a for number in nodes for a in self.graph.nodes[number].assignments if not a.left.isidentifier())
        others = (a for a in steps if self.names.isdisjoint(_WORD.findall(a.left)[:1]))
        return any(not made.isdisjoint(_WORD.findall(a.right)) for a in others)

    def _is_retried(self, seen: Exploration, wrong: Wronged) -> bool:
        """Whether a way leads round to the call that gave the thing, for another look at the same place, and nobody knows of the
        first one: it will not be returned any more.  Who makes one more makes as many as he needs."""
        stops, call = seen.stops(wrong.stop), wrong.event.call
        nodes = [stop.node for stop in stops]
        if call is None or nodes.count(wrong.event.node) < 2 or _MAKES.search(call.callee):
            return False
        between = [self.graph.nodes[number] for number in nodes[nodes.index(wrong.event.node) + 1 : -1]]
        asked = {word for text in call.arguments for word in _NAME.findall(text)}
        same = asked.isdisjoint(_set_in(between) - {self.name})
        return same and self.sure is Sure.CERTAIN and not self.lasts and self._is_alone_on(stops)

    def _is_left_locked(self, seen: Exploration, wrong: Wronged) -> bool:
        """Whether the name comes to mean another one than what is locked on this way alone."""
        others = seen.at(wrong.stop.node) - NOT_TAKEN - {"owed"}
        if self.thing.kept != "locked" or not others or not others <= {"back", "gone"}:
            return False
        return self._is_alone_on(seen.stops(wrong.stop)) and not self._given_back_elsewhere()

    def _is_alone_on(self, stops: Sequence[Stop]) -> bool:
        """Whether on a way nobody else comes to know of the thing since it was taken."""
        if self.name in {parameter.name for parameter in self.graph.parameters}:
            return False
        nodes, takers = [stop.node for stop in stops[:-1]], dict(self.takers)
        begun = max((at for at, number in enumerate(nodes) if number in takers), default=0)
        events = [(stop, one) for stop in stops[begun + 1 : -1] for one in self.events.get(stop.node, ())]
        exits = (end.state for stop, one in events for end in one.outcome("owed", stop.facts).exits)
        return all(state in ("owed", "back") for state in exits) and not self.told_others(nodes)

    def stranded(self, seen: Exploration) -> tuple[Wronged, ...]:
        """The steps that give back the one reference of the function to what it has locked, where no way leads to an unlock: who
        has it by other means then finds it locked for ever."""
        every = () if seen.merged or self.lasts else (one for one in seen.wrongs if one.says == STRANDED)
        return tuple(one for one in every if self._is_locked_for_ever(one) and self._is_alone_on(seen.stops(one.stop)))

    def _is_locked_for_ever(self, wrong: Wronged) -> bool:
        """Whether behind a step nothing unlocks it, nor does a return fail: that tells of it."""
        behind = self.graph.behind((wrong.event.node,), {number for number, _ in self.takers})
        if any(may_give_back(one) for number in behind for one in self.events.get(number, ())):
            return False
        ends = (one for seen in self.onward((wrong.stop,)) for one in seen.arrivals)
        return not any(one.state in TAKES.open and fails(self.graph, one) for one in ends)

    def _given_back_elsewhere(self) -> bool:
        """Whether the function unlocks something by another name: it may be one of those that it has left locked."""
        marks = self.thing.vocabulary.marks
        ends = (call for call in self.graph.calls() if "release" in marks.get(call.callee, ()))
        return any(not self.is_given(call) for call in ends)

    def used(self, seen: Exploration) -> tuple[Wronged, ...]:
        """The steps that look into the thing once the function has given it back, which nobody else was given meanwhile: others
        may have it as well, and then it stays."""
        if (
            seen.merged
            or self.array
            or self.lasts
            or self._has_others()
            or self.names & {parameter.name for parameter in self.graph.parameters}
        ):
            return ()
        return tuple(one for one in seen.wrongs if one.says == USED and self._is_gone(seen, one))

    def _is_gone(self, seen: Exploration, wrong: Wronged) -> bool:
        """Whether on the way to a step what gave the thing back is a call of the function that says the same name, nothing is put
        into that in between, and nobody was given the thing."""
        stops = seen.stops(wrong.stop)
        gave = [n for n, stop in enumerate(stops) if any(map(may_give_back, self.events.get(stop.node, ())))]
        moving = [one for n in gave for one in self.events.get(stops[n].node, ()) if may_give_back(one)]
        between = (self.graph.nodes[stop.node] for stop in stops[min(gave, default=0) : -1])
        name = wrong.words if wrong.words in self.names else self._pointed_into(wrong.words, stops[:-1])
        return (
            bool(moving)
            and {stop.state for stop in stops} <= {*NOT_TAKEN, "owed", "back", "unseen"}
            and not self.stored(stop.node for stop in stops)
            and all(one.call is not None and one.call.callee in self.thing.releases for one in moving)
            and {one.call.arguments[:1] for one in moving if one.call} == {(name,)}
            and all(a.left not in self.names for node in between for a in node.assignments)
        )

    def _pointed_into(self, variable: str, stops: Sequence[Stop]) -> str:
        """The name of the thing into which a variable points behind some steps, by what was put into it last; "" for none."""
        into = set(pointing_into(self.graph, self.names, self.thing))
        last = [a for stop in stops for a in self.graph.nodes[stop.node].assignments if a.left == variable][-1:]
        return next((one for a in last if a in into for one in _NAME.findall(a.right) if one in self.names), "")

    def given_in_vain(self, seen: Exploration) -> tuple[Wronged, ...]:
        """The steps that give back what the function has found to be an error pointer, or NULL, since it was to take one: what a
        name begins with, or what is never asked, may be told by other means."""
        if seen.merged or self.array:
            return ()
        return tuple(one for one in seen.wrongs if one.says == IN_VAIN and self._is_asked_on(seen.stops(one.stop)))

    def _is_asked_on(self, stops: Sequence[Stop]) -> bool:
        """Whether a way asks behind the last taking whether there is one."""
        nodes, takers = [stop.node for stop in stops], dict(self.takers)
        last = max((at for at, number in enumerate(nodes) if number in takers), default=len(nodes))
        behind = (self.graph.nodes[number] for number in nodes[last:])
        return any(node.kind == "condition" and asks_for(node.text, self.name) for node in behind)

    def asleep(self, seen: Exploration) -> tuple[Wronged, ...]:  # noqa: ARG002 - of a lock to spin for there are some
        """The calls that sleep while it is held, which who spins for it must not."""
        return ()

    def takes_for_callers(self, seen: Exploration, kept: Arrival) -> bool:  # noqa: ARG002 - who takes a thing may give it away
        """Whether a way keeps it that nobody expects to, in a helper that takes it for whom it does not fail."""
        return False

    def breaches(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first failing way that keeps the thing.  Where a function gives it back nowhere, and has told others
        where to find it, they do; where tests were forgotten, such a way may contradict itself, but for a return that nobody
        comes to without the thing.  What a file system has for itself, and a way that does not fail keeps as well, is somebody
        else's to give back, who may do so here."""
        if self.thing.owned and (seen.merged or (self._is_kept_by_success(seen) and not self._is_its_own(seen))):
            return ()
        own = any(may_give_back(event) for events in self.events.values() for event in events)
        unlike = any(one.state == "back" and fails(self.graph, one) for one in seen.arrivals)
        sibling = not self.lasts or unlike
        around = self._around_releases()

        def kept(one: Arrival) -> bool:
            nodes = seen.path(one.stop).nodes if self.keeps(one) else ()
            return (
                bool(nodes)
                and (self.array or not seen.merged or seen.at(one.node) == {"owed"})
                and (sibling or not self.is_lodged(nodes))
                and around.isdisjoint(nodes)
                and self._took(one, nodes)
                and (unlike or not self._is_taken_back_on(nodes))
                and (own or not self.told_others(nodes))
            )

        return seen.firsts(kept)

    def _is_kept_by_success(self, seen: Exploration) -> bool:
        """Whether ways that do not fail, and do not return the thing, end with it in hand."""
        returned = [set(_NAME.findall(node.returned)) for node in self.graph.nodes]
        kept = [one for one in seen.arrivals if one.state in TAKES.open and self.names.isdisjoint(returned[one.node])]
        failing = {one.node for one in kept if fails(self.graph, one)} if counts_nothing(self.graph) else set[int]()
        # `if (ret < 0) break; ... if (ret) goto out;`: who counts nothing returns nothing that is more than zero there.
        return any(
            not fails(self.graph, one) and not (one.result.signs == POSITIVE and one.node in failing) for one in kept
        )

    def _is_its_own(self, seen: Exploration) -> bool:
        """Whether all others who get one there are seen to give it back, and nobody but the function, which does so nowhere, by
        whatever name, comes to know of this one."""
        gives = any(may_give_back(event) for events in self.events.values() for event in events)
        ended = any(gives_by_name(call) and not self.names.isdisjoint(call.arguments) for call in self.graph.calls())
        certain = self.thing.lent or self.sure is Sure.CERTAIN
        return certain and not (gives or ended) and self._is_known_here_alone(seen) and self.lent_by_all()

    def _is_taken_back_on(self, nodes: Sequence[int]) -> bool:
        """Whether a way locks what a caller has given behind a call that may have unlocked it, which the function had not locked
        by then: that one has it locked, before and behind."""
        if self.thing.kept != "locked" or self.name not in {one.name for one in self.graph.parameters}:
            return False
        first = next((at for at, number in enumerate(nodes) if number in dict(self.takers)), 0)
        return any(may_give_back(one) or _unlocks(one) for n in nodes[:first] for one in self.events.get(n, ()))

    def is_lodged(self, nodes: Iterable[int]) -> bool:
        """Whether the thing stands on a way where others find it: it is taken there, or has been put there by then."""
        put = (a.left for number in nodes for a in self.graph.nodes[number].assignments)
        return bool(self.lasts) and (self.name == self.lasts or self.lasts in put)

    def _around_releases(self) -> frozenset[int]:
        """Of what stands in a structure, the tests of which one outcome leads right to a release, and the other past it to where
        that goes on: they may ask whose the thing is, or whether there is one."""
        graph, found = self.graph, set[int]()
        for number, events in self.events.items() if self.lasts or "." in self.name else ():
            if any("release" in one.marks or may_give_back(one) for one in events):
                after = {number, *graph.behind((number,))}
                for test in (one for one in graph.ahead_of(number) if graph.nodes[one].kind == "condition"):
                    if all(one in after for one, _ in graph.nodes[test].successors):
                        found.add(test)
        return frozenset(found)

    def told_others(self, nodes: Sequence[int]) -> tuple[Assignment, ...]:
        """The steps on a way, behind the last taking, that tell others where to find the thing: `box->data =
        page_address(page)`; a number that is read out of it tells nobody, and no member that another one has as well."""
        taken = {number for number, _ in self.takers}
        nodes = nodes[max((at for at, number in enumerate(nodes) if number in taken), default=0) :]
        words = self._words()
        steps = (a for step in nodes for a in self.graph.nodes[step].assignments if "->" in a.left)
        boxes = {one.note.partition("->")[0] for one in self.stored(self.events)}
        steps = (a for a in steps if a.left.partition("->")[0] not in boxes and a.left != self.lasts)
        told = (a for a in steps if words.search(_NUMBER.sub("", a.right)) and not words.search(a.left))
        told = (a for a in told if not _copies_member(a))
        return tuple(a for a in told if a.right.partition("(")[0].strip() not in self.thing.consumes)

    def _words(self) -> re.Pattern[str]:
        """What a text has in it that names the thing."""
        return re.compile("|".join(rf"\b{re.escape(name)}\b" for name in self.names if name.isidentifier()) or "(?!)")

    def stored(self, nodes: Iterable[int]) -> tuple[Event, ...]:
        """The steps among the nodes that put the thing where it is found once the function has ended well; their note is the
        place."""
        return tuple(one for number in nodes for one in self.events.get(number, ()) if OWN in one.marks)

    def keeps(self, arrival: Arrival) -> bool:
        """Whether a return is come to with the thing in hand, and must not be."""
        return arrival.state in TAKES.open and (
            fails(self.graph, arrival) or self.withholds(arrival) or self.hands_back_another(arrival)
        )

    def withholds(self, arrival: Arrival) -> bool:
        """Whether a return hands back NULL where others of the function hand back the thing itself, what is made from it, or what
        it was put into: nobody gets it any more."""
        if not self._gives_nothing(arrival.node):
            return False
        others = [n for n, node in enumerate(self.graph.nodes) if node.kind == "return" and n != arrival.node]
        if any(self.graph.nodes[n].returned in self.names for n in others):
            return True
        if self._is_counted_again():
            return False  # others may find it by where it stood
        return any(not self.names.isdisjoint(self._made_of(n)) or self._is_put_into(n) for n in others)

    def _is_put_into(self, node: int) -> bool:
        """Whether the thing is put into what a return hands back."""
        box = f"{self.graph.nodes[node].returned}->"
        return any(a.right in self.names and a.left.startswith(box) for a in self.graph.assignments())

    def hands_back_another(self, arrival: Arrival) -> bool:
        """Whether a return hands back a pointer that is made of something else, where others of the function hand back the thing
        itself, which has a name of its own here."""
        returned = {node.returned for node in self.graph.nodes if node.kind == "return"}
        given = {one.name for one in self.graph.parameters}
        own = self.names == {self.name} and self.name.isidentifier() and self.name not in given
        plain = own and self.sure is Sure.CERTAIN and not self.lasts and self.graph.returns.endswith("*")
        other = plain and self.name in returned and self.name not in self._made_of(arrival.node)
        return other and not self.withholds(arrival) and not fails(self.graph, arrival)

    def _made_of(self, node: int) -> set[str]:
        """The words of what a return hands back, and of all that these were made of, by a call or not."""
        words = set(_NAME.findall(self.graph.nodes[node].returned))
        for _ in range(_STEPS):
            made = (a.right for a in self.graph.assignments() if words & set(_NAME.findall(a.left)))
            words |= {word for text in made for word in _NAME.findall(text)}
        return words

    def is_given(self, call: Call) -> bool:
        """Whether a call is given the thing by a name of its own, so that it may stand elsewhere as it is written."""
        return not self.names.isdisjoint(call.arguments)

    def by_value(self, call: Call) -> bool:
        """Whether a call hands the thing out by its value, and is not given the address of the name."""
        return not any(text.startswith("&") and self.name.startswith(text[1:]) for text in call.arguments)

    def told(self, nodes: Sequence[int]) -> tuple[Call, ...]:
        """The calls on a way that take and are told of the failure that it ends with; what a last call is given, which makes its
        own result, is none."""
        last = self.graph.nodes[nodes[-1]]
        made = [call for call in last.calls if call.callee not in _OF_ERRORS]
        handed = {name for call in made for text in call.arguments for name in _NAME.findall(text)}
        words = _NAME.findall(last.returned) if last.kind == "return" else ()
        returned = {word for word in words if not word.isupper()} - handed  # a NULL tells nobody of this failure
        return tuple(call for number, call in self.takers if number in nodes and returned & set(call.arguments))

    def _took(self, arrival: Arrival, nodes: tuple[int, ...]) -> bool:
        """Whether the calls that are told of the failure take for one as it is known in the end."""
        told = self.told(nodes)
        if not told:
            return True
        behind = nodes[
            max(nodes.index(number) for number, call in self.takers if call in told and number in nodes) + 1 :
        ]
        later = {a.left for number in behind for a in self.graph.nodes[number].assignments}
        if any(later & set(call.arguments) for call in told):
            return True
        return any(self.may(call, arrival.facts) for call in told)

    def forgotten(self, seen: Exploration) -> tuple[Arrival, ...]:
        """The one return that keeps the thing and tells of no failure, where all others behind the taking have given it back, or
        each such return where none has what was got here; () where the thing may live on behind the function's back."""
        if self.graph.returns.endswith("*"):
            return self._forgotten_with_nothing(seen)
        if self.array or not self._stays(seen) or self.overwritten(seen):
            return self._forgotten_beside(seen)
        ends = self._ends(seen)
        keeping = {node for node, states in ends.items() if "kept" in states}
        others = [states for node, states in ends.items() if node not in keeping]
        alone = len(keeping) == 1 and bool(others) and all(one == {"back"} for one in others)
        mixed = any(ends[node] != {"kept"} for node in keeping) or (bool(others) and not alone)
        like = self._indistinct(seen) if mixed else frozenset[Arrival]()
        if mixed and not like:
            return ()
        if not others and not like and self._may_be_meant_to_stay():
            return ()
        if self._has_others():
            return ()  # it may be counted for what the function leaves behind
        around = self._around_releases()
        return seen.firsts(
            lambda one: (
                (one in like if like else one.node in keeping)
                and one.state in TAKES.open
                and not fails(self.graph, one)
                and not self._is_lent_on(seen.path(one.stop).nodes)
                and (not around or around.isdisjoint(seen.path(one.stop).nodes))
            )
        )

    def _forgotten_beside(self, seen: Exploration) -> tuple[Arrival, ...]:
        """The same where other ways hand the thing on: the one return that keeps it on ways of which nobody comes to know, where
        all others that do not fail give it back, or away."""
        if self._is_lost_by_no(seen):
            return seen.firsts(lambda one: one.state == "owed")
        if seen.merged or self.array or self.lasts or self.thing.kept != "referenced" or self.sure is not Sure.CERTAIN:
            return ()
        if self._has_others() or self.overwritten(seen) or self._is_there_before():
            return ()
        taken = [one for one in seen.arrivals if one.state not in NOT_TAKEN]
        kept = [one for one in taken if one.state in TAKES.open and not fails(self.graph, one)]
        back = any(one.state == "back" and not fails(self.graph, one) for one in taken if one not in kept)
        if (
            not back
            or len({one.node for one in kept}) != 1
            or any(one.state in TAKES.open for one in taken if one not in kept)
        ):
            return ()
        around = self._around_releases()
        paths = {one: seen.path(one.stop) for one in kept}
        alone = [one for one in kept if self._is_told_nobody(seen, one) and not any(self.left_out(paths[one]))]
        return tuple(one for one in alone if around.isdisjoint(paths[one].nodes))[:1] if len(alone) == len(kept) else ()

    def _is_told_nobody(self, seen: Exploration, arrival: Arrival) -> bool:
        """Whether on the way to a return nobody comes to know of the thing, nor is given it with what is a part of something."""
        stops = seen.stops(arrival.stop)
        calls = (call for stop in stops for call in self.graph.nodes[stop.node].calls)
        return self._is_alone_on(stops) and not any(
            self.is_given(c) and any(map(_leads_elsewhere, c.arguments)) for c in calls
        )

    def _is_lost_by_no(self, seen: Exploration) -> bool:
        """Whether a function that answers yes or no hands the thing on wherever it says yes, and ways that say no keep it where
        others have given it back: no caller can tell those apart."""
        if self.graph.returns not in ("bool", "_Bool") or seen.merged or self.lasts or self.array:
            return False
        taken = [one for one in seen.arrivals if one.state not in NOT_TAKEN]
        yes = {one.state for one in taken if not one.result.signs & ZERO}
        no = {one.state for one in taken if one.result.signs == ZERO}
        told = all(one.result.signs == ZERO or not one.result.signs & ZERO or one.state == "back" for one in taken)
        return told and yes == {"gone"} and no == {"back", "owed"}

    def _indistinct(self, seen: Exploration) -> frozenset[Arrival]:
        """The ways that keep what all who get one are seen to give back, and come to a return by which others that have done so
        return the same: no caller can tell them apart."""
        if not self.thing.lent or seen.merged:
            return frozenset()
        back = {(one.node, one.result) for one in seen.arrivals if one.state == "back"}
        kept = (one for one in seen.arrivals if one.state in TAKES.open and (one.node, one.result) in back)
        return frozenset(one for one in kept if not any(self.left_out(seen.path(one.stop))))

    def left_out(self, path: Path) -> Iterator[str]:
        """The tests of something else behind the taking that leave out a release, and nothing but that: they may ask whether
        there is one to be made."""
        graph, taken = self.graph, {number for number, _ in self.takers}
        since = max((at for at, number in enumerate(path.nodes) if number in taken), default=0)
        behind = set(path.nodes[since:])
        for one in path.decisions:
            node = graph.nodes[one.node]
            others = [after for after, label in node.successors if label != one.label and one.node in behind]
            about_it = not self.names.isdisjoint(_WORD.findall(node.text))
            if others and not about_it and self._only_gives_back(others[0], behind):
                yield node.text

    def _only_gives_back(self, start: int, behind: Collection[int]) -> bool:
        """Whether the steps from one on give the thing back, and lead on to others."""
        aside = list(takewhile(lambda number: number not in behind, self.graph.straight(start)))
        calls = (call for number in aside for call in self.graph.nodes[number].calls)
        joins = any(after in behind for number in aside[-1:] for after, _ in self.graph.nodes[number].successors)
        return joins and any(call.callee in self.thing.releases and self.is_given(call) for call in calls)

    def _is_lent_on(self, nodes: Iterable[int]) -> bool:
        """Whether a way passes a call which is taken to leave to the function what it is given: here it may not."""
        return any(one.note.endswith(LENT) for number in nodes for one in self.events.get(number, ()))

    def _forgotten_with_nothing(self, seen: Exploration) -> tuple[Arrival, ...]:
        """The one `return NULL` of a function that keeps the thing, where all others behind the taking have given it back, or
        where those that hand out something else have: who gets nothing finds nothing by it."""
        if self.array or seen.merged or not self._is_known_here_alone(seen):
            return ()
        every = self._ends(seen)
        ends = {node: states for node, states in every.items() if self._gives_nothing(node) or self._is_of_others(node)}
        if ends != every:
            ends = {node: states for node, states in every.items() if self._gives_nothing(node)}
        keeping = {node for node, states in ends.items() if "kept" in states}
        if len(keeping) != 1 or len(ends) == 1 or any(len(states) > 1 for states in ends.values()):
            return ()
        if not all(map(self._gives_nothing, keeping)):
            return ()
        if any(states != {"back"} for node, states in ends.items() if node not in keeping):
            return ()
        return seen.firsts(lambda one: one.node in keeping and one.state in TAKES.open and not self.keeps(one))

    def _gives_nothing(self, node: int) -> bool:
        return self.graph.nodes[node].returned == "NULL"

    def _may_be_meant_to_stay(self) -> bool:
        """Whether who keeps the thing on every way may know why: it was there before and is counted once more, others find it by
        its name, where it is not one that others who get it give back, or are told of it, `list_add_page(&box->list, page)`, or
        of what was made from it, `box->data = page_address(page)`."""
        names = self._words()
        told = (a for a in self.graph.assignments() if not a.left.isidentifier() and not names.search(a.left))
        return (
            self._is_there_before()
            or any(names.search(_NUMBER.sub("", a.right)) for a in told)
            or any(self.is_given(call) and any(map(_leads_elsewhere, call.arguments)) for call in self.graph.calls())
        )

    def _is_there_before(self) -> bool:
        """Whether the thing was there before, and is counted once more, or others find it by its name, where it is not one that
        others who get it give back."""
        return (self.thing.pinned and not self.agreed()) or self._is_counted_again()

    def _is_counted_again(self) -> bool:
        """Whether a call counts once more what was there before."""
        counted = self.thing.taking | self.thing.same
        return any(call.callee in counted for _, call in self.takers)

    @staticmethod
    def _ends(seen: Exploration) -> dict[int, set[str]]:
        """What becomes of the thing to each return, "kept" for all that is owed."""
        ends: dict[int, set[str]] = {}
        for one in seen.arrivals:
            if one.state not in NOT_TAKEN:
                ends.setdefault(one.node, set()).add("kept" if one.state in TAKES.open else one.state)
        return ends

    def matters(self, seen: Exploration) -> Callable[[Arrival], bool]:
        """The returns at which it matters what became of the thing: those that fail, or may, where other ways to the same have
        given it back, and all where no way is seen to do anything to it; none where the function leaves it in a place by which it
        never gives it back itself."""
        if self.lasts and not any("release" in one.marks for events in self.events.values() for one in events):
            return lambda _: False
        back = {one.node for one in seen.arrivals if one.state == "back"}
        ends = {one.state for one in seen.arrivals} - NOT_TAKEN
        hidden = ends == {"unseen"} and not self.lasts and not self.array and self._is_unnamed()
        return lambda one: fails(self.graph, one) or hidden or (one.node in back and self._may_fail(one))

    def _is_unnamed(self) -> bool:
        """Whether no return names the thing, no step puts it where others find it, and it is no parameter: nobody but the
        function can be seen to have it, and that gives nothing of the sort back, be it by another name."""
        if any(not _GONE.isdisjoint(one.marks) for events in self.events.values() for one in events):
            return False
        if any(call.callee in self.thing.releases | self.thing.consumes for call in self.graph.calls()):
            return False
        returned = {word for node in self.graph.nodes if node.kind == "return" for word in _NAME.findall(node.returned)}
        given = {parameter.name for parameter in self.graph.parameters}
        return not self.graph.returns.endswith("*") and self.names.isdisjoint(returned | given)

    def _may_fail(self, arrival: Arrival) -> bool:
        """Whether a return may tell of a failure, and hands nothing of the thing to its caller."""
        returned = _NAME.findall(self.graph.nodes[arrival.node].returned)
        return (
            arrival.result.signs & NEGATIVE != 0
            and not self.graph.returns.endswith("*")
            and self.graph.returns != "void"
            and self.names.isdisjoint(returned)
        )

    def undecided(self, seen: Exploration, told: Collection[int]) -> tuple[Arrival, ...]:
        """To each return that tells of no failure, and of which nothing is `told`, the first way that keeps the thing, of which
        nobody else comes to know: it may be meant to stay, or some test that is not understood has it."""
        nothing = self.graph.returns.endswith("*")
        if self.lasts:
            return self._left_to_others(seen, told)
        if self.array or seen.merged:
            return ()
        if not (self._is_known_here_alone(seen) if nothing else self._stays(seen)):
            return () if nothing else self._kept_at_times(seen, told)
        return seen.firsts(
            lambda one: (
                one.state in TAKES.open
                and one.node not in told
                and (not nothing or self._gives_nothing(one.node) or self._gives_another(one.node))
                and not fails(self.graph, one)
            )
        )

    def _kept_at_times(self, seen: Exploration, told: Collection[int]) -> tuple[Arrival, ...]:
        """To each return that may fail or not, and to which other ways come that have given the thing back, the first way that
        keeps it."""
        back = {one.node for one in seen.arrivals if one.state == "back"} - set(told)
        return seen.firsts(
            lambda one: one.state == "owed" and one.node in back and self._may_fail(one) and not fails(self.graph, one)
        )

    def _gives_another(self, node: int) -> bool:
        """Whether a return hands back a pointer that is not made from the thing, in a function that gives that back nowhere."""
        gives = any(may_give_back(event) for events in self.events.values() for event in events)
        return not gives and self._is_of_others(node)

    def _is_of_others(self, node: int) -> bool:
        """Whether what a return hands back is not made from the thing."""
        words = set(_NAME.findall(self.graph.nodes[node].returned))
        made = {a.right for a in self.graph.assignments() if a.left in words}
        direct = (set(_NAME.findall(text)) for text in made if "(" not in text)
        return words.isdisjoint(self.names) and all(self.names.isdisjoint(one) for one in direct)

    def _left_to_others(self, seen: Exploration, told: Collection[int]) -> tuple[Arrival, ...]:
        """To each return that fails, and of which nothing is `told`, the first way that leaves the thing in the place where
        others find it."""
        if seen.merged or not self.left:
            return ()
        return seen.firsts(lambda one: one.state == "owed" and one.node not in told and fails(self.graph, one))

    def whether(self) -> str:
        """What cannot be seen of such a return."""
        return f"whether who finds it in {self.lasts} gives it back" if self.lasts else "whether it may"

    def unsure_of(self, seen: Exploration) -> tuple[str, ...]:  # noqa: ARG002 - of a lock the other ways tell
        """What speaks against a return that keeps the thing, in words."""
        return ()

    def _stays(self, seen: Exploration) -> bool:
        """Whether nobody else comes to know of the thing while it is owed: it is no parameter, nor stored, returned or given to
        what keeps it, and a lock is the function's own."""
        returns = (ERROR_OF.sub("", node.returned) for node in self.graph.nodes if node.kind == "return")
        returned = {word for text in returns for word in _NAME.findall(text)}
        return not self.names & returned and not self.graph.returns.endswith("*") and self._is_known_here_alone(seen)

    def _is_known_here_alone(self, seen: Exploration) -> bool:
        """The same, but for what the function returns."""
        if self.names & {parameter.name for parameter in self.graph.parameters} or self.stored(self.events):
            return False
        if self.lasts:
            return False
        if self.thing.kept == "locked" and any(call.callee in self.thing.taking for _, call in self.takers):
            return False
        behind = self.graph.behind([number for number, _ in self.takers])
        owing = (n for n in behind if "owed" in seen.at(n))
        moves = (e for n in owing for e in self.events.get(n, ()) if (n, e.call) not in self.takers)
        return all(one.state in ("owed", "back") for e in moves for one in e.outcome("owed", ()).exits)


def _set_in(nodes: Iterable[Node]) -> set[str]:
    """What some steps set, or hand the address of to somebody who may."""
    every = list(nodes)
    texts = [one.left for node in every for one in node.assignments]
    texts += [text for node in every for call in node.calls for text in call.arguments if text.startswith("&")]
    return {word for text in texts for word in _NAME.findall(text)}


def _leads_elsewhere(argument: str) -> bool:
    """Whether an argument is the address of a place in something else."""
    return argument.startswith("&") and ("->" in argument or "[" in argument)


def fails(graph: Graph, arrival: Arrival) -> bool:
    """Whether a return tells its caller of a failure: an error pointer, or what is not zero of a function that returns zero."""
    signs, text = arrival.result.signs, arrival.result.constant
    if graph.returns.endswith("*"):
        return arrival.result.pointer == ERROR or signs == NEGATIVE
    if "fault" in graph.returns or text.startswith("VM_FAULT_"):
        return text in ("VM_FAULT_SIGBUS", "VM_FAULT_OOM")
    if graph.returns.split()[-1:] not in (["int"], ["long"], ["ssize_t"], ["loff_t"]):
        return not signs & ZERO and statuses().is_returned(graph.returns) and _tells_by_status(graph)
    if text in ERRNOS:
        return True
    if signs & ZERO or not signs & NEGATIVE or text in GOES_ON:
        return False
    return signs == NEGATIVE or (_is_int(graph, graph.nodes[arrival.node].returned) and counts_nothing(graph))


def _tells_by_status(graph: Graph) -> bool:
    """Whether a function names a status: a number of the same type may be an address."""
    rights = {a.right for a in graph.assignments()} | {node.returned for node in graph.nodes if node.kind == "return"}
    tests = (word for node in graph.nodes if node.kind == "condition" for word in _NAME.findall(node.text))
    known = statuses()
    return any(known.is_named(text) or known.made.fullmatch(text) for text in rights) or any(map(known.is_named, tests))


def _is_int(graph: Graph, returned: str) -> bool:
    """Whether an expression that is returned is an int: a system call returns a long, and has it in an int."""
    if graph.returns.endswith("int"):
        return True
    declared = re.compile(rf"\bint\b[^;()]*\b{returned}\b") if returned.isidentifier() else None
    return (
        graph.returns.endswith("long")
        and declared is not None
        and any(declared.match(node.text) for node in graph.nodes if node.kind == "statement")
    )


def may_fail(graph: Graph, arrival: Arrival) -> bool:
    """Whether a return hands on a number that tells of a failure or of none, as a call has told."""
    signs = arrival.result.signs
    number = graph.returns.endswith("int") or statuses().is_returned(graph.returns)
    return number and bool(signs & ZERO and signs & NEGATIVE)


def gives_no_pointer(arrival: Arrival) -> bool:
    """Whether a return hands out an error pointer or NULL."""
    return arrival.result.pointer == ERROR or arrival.result.signs == ZERO


def counts_nothing(graph: Graph) -> bool:
    """Whether the function returns no other constants than zero and error numbers: it returns zero, or what it asks for being
    zero, `if (err)`, and never for being more."""
    values = {node.returned for node in graph.nodes if node.kind == "return"}
    rights = {a.right for a in graph.assignments() if a.left in values} | values
    tests = {node.text for node in graph.nodes if node.kind == "condition"}
    asked = tests & values and not any(one.startswith(f"{value} >") for one in tests for value in values)
    return ("0" in rights or bool(asked)) and not any(
        re.fullmatch(r"[1-9]\w*|true|[A-Z][A-Z_0-9]+", one) for one in rights - ERRNOS
    )


def _copies_member(one: Assignment) -> bool:
    """Whether a step copies a member of one structure to the same of another, `dir->i_ctime = inode->i_ctime`, be it in a row."""
    found = _MEMBER_OF.fullmatch(f"{one.left} = {one.right}")
    return found is not None and re.search(rf"->{found['last']}(?= = )", found["others"]) is not None


def _unlocks(event: Event) -> bool:
    """Whether a step is the call of a method that unlocks the page which it is given, itself or once it is written."""
    return event.call is not None and not event.call.direct and bool(call_vocabulary().of_method(event.call.callee))


def _gives_back_failing(event: Event) -> bool:
    """Whether a helper gives back what it is given where it fails, and leaves it where it does not: what one always gives back
    may be counted once more for that."""
    found = event.outcome("owed", ())
    back = [one for one in found.exits if one.state == "back"]
    plain = event.call is not None and event.call.direct and not found.unclear
    left = len(back) < len(found.exits) and all(one.state in ("owed", "back") for one in found.exits)
    return plain and left and all(not one.result.signs & ZERO for one in back)


def gives_back_always(event: Event) -> bool:
    """Whether a step gives the thing back on each of its ways."""
    found = event.outcome("owed", ())
    return not found.unclear and bool(found.exits) and all(one.state == "back" for one in found.exits)


def may_give_back(event: Event) -> bool:
    """Whether a step gives the thing back on one of its ways."""
    return event.call is not None and any(one.state == "back" for one in event.outcome("owed", ()).exits)
