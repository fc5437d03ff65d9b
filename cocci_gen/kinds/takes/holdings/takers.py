"""A call -> whether its value is a thing that the callee took: things.toml says so, or the callee is a function of the tree that
owes, at each of its returns that is no failure, what it hands back.

Most buffer heads, pages and inodes of a file system are taken by a function of its own around `sb_bread()` and its like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.graphs.recent import Recent
from cocci_gen.code.searches.explorations import Arrival
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import ZERO, Facts, thawed
from cocci_gen.code.states.zeroed import given_to
from cocci_gen.facts.calls.page_places import is_alias
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.holdings.agreed import Others, others_of
from cocci_gen.kinds.takes.holdings.filled import by_name, fills_of
from cocci_gen.kinds.takes.holdings.followed import holdings_of
from cocci_gen.kinds.takes.holdings.holding import TAKES, Holding, Sure, gives_no_pointer
from cocci_gen.kinds.takes.holdings.leaving import is_left
from cocci_gen.kinds.takes.holdings.sources import Filled, Place, Source
from cocci_gen.kinds.takes.words.arrays import out_of_own_array
from cocci_gen.kinds.takes.words.behind import call_meant, name_meant
from cocci_gen.kinds.takes.words.by_hand import counts_by_hand
from cocci_gen.kinds.takes.words.members import members_of
from cocci_gen.kinds.takes.words.sorts import states
from cocci_gen.kinds.takes.words.stores import stores_of
from cocci_gen.kinds.takes.words.texts import called_names, given_addresses, only_calls, put_into, put_into_members
from cocci_gen.kinds.takes.words.things import Thing, effects_on

#: Functions deep that one wraps another.
DEPTH = 4
#: In a callee so large that these stops do not tell its ways apart, what is known of the arguments decides little, and each call
#: asks anew.
_STOPS = 4_000
_NAME = re.compile(r"[A-Za-z_]\w*")
_A_CALL = re.compile(r"[A-Za-z_]\w* ?\(.*\)")
_PLACE = re.compile(rb"\bstruct\s+(\w+)\s*\*\s*(?:\*|\w+\s*\[)")
#: What a pointer leads to is set as a whole: `*out = *found`.
_COPIES = re.compile(rb"[;{})]\s*\*\w+\s*=[^=]")
_NOTHING = re.compile(r"(?:[^?:()]+\? ?(?:NULL|ERR_PTR ?\([^()]*\)) ?: ?)?(?:NULL|0|(?:ERR_PTR|ERR_CAST) ?\(.*\))")
#: `bh ? bh : ERR_PTR(-EIO)`, `bh ?: ERR_PTR(-EIO)`.
_OR_NOTHING = re.compile(rf"(\w+) ?\? ?(?:\1 ?)?: ?(?:{_NOTHING.pattern})")


#: `err ? ERR_PTR(err) : bh`, `ok ? bh : NULL`.
_BY_TEST = re.compile(rf"[^?:]+\? ?(?:(?:{_NOTHING.pattern}) ?: ?(\w+)|(\w+) ?: ?(?:{_NOTHING.pattern}))")


def _handed_out(returned: str) -> str:
    """What a return hands out where that is not nothing."""
    either = _OR_NOTHING.fullmatch(returned) or _BY_TEST.fullmatch(returned)
    return next((one for one in either.groups() if one), returned) if either else returned


class Takers:
    """What the functions of one tree take of a thing; every answer is remembered."""

    def __init__(self, thing: Thing, effects: Effects) -> None:
        self.thing = thing
        self.effects = effects
        self.source = lru_cache(maxsize=None)(self._source)
        self._others = lru_cache(maxsize=None)(partial(others_of, sources=self.source))
        self._leaves = lru_cache(maxsize=None)(self._leaves_one)
        self._fills = lru_cache(maxsize=None)(self._fills_one)
        self._wraps = lru_cache(maxsize=None)(self._wraps_one)
        self._hands = lru_cache(maxsize=None)(self._hands_one)
        #: Functions that are nothing but a call of another, and are being looked through: one that leads back to itself once.
        self._through: set[Definition] = set()
        self._stores = stores_of(effects.index)
        self._words = thing.returning | thing.flagged | thing.taking

    def _source(self, path: str, depth: int = DEPTH) -> Source:
        """What the functions of a file may take, by functions that wrap one another so deep."""

        def returned(call: Call) -> Sure:
            return self.returned(call, path, depth)

        def may(call: Call, facts: Facts) -> bool:
            return self.thing.returned(call) or self._may_take(call, path, facts, depth)

        def agreed(graph: Graph, call: Call, place: Place) -> bool:
            return self._agreed(graph, call, place, path)

        def filled(call: Call) -> tuple[Filled, ...]:
            callee = self._stores.callee(call.callee, path) if call.direct and depth else None
            if callee is None and call.direct and depth:
                return self._filled_behind(call, path, depth)
            return self._fills(callee, depth) if callee is not None else ()

        def plain(call: Call) -> bool:
            return self._is_plain(call.callee, path, depth)

        def left(graph: Graph, call: Call, place: Place) -> bool:
            return self._is_left(graph, call, place, path)

        return Source(path, self.thing, self.effects, returned, may, agreed, filled, plain, left)

    def _is_plain(self, name: str, path: str, depth: int) -> bool:
        """Whether what a function takes has only to be given back: no new one that is still to be begun, nor one that others
        find by now."""
        if name in self._words or not self.thing.unfinished:
            return name not in self.thing.unfinished
        every = self.effects.index.resolve(name, path) if depth else ()
        return bool(every) and all(self._makes_plain(one, depth) for one in every)

    def _makes_plain(self, definition: Definition, depth: int) -> bool:
        names = called_names(self.effects.index.text_of(definition))
        if not names.isdisjoint(self.thing.unfinished | self.thing.begun):
            return False
        if any(self._locks(name, definition.folder) for name in sorted(names)):
            return False
        makers = (name for name in sorted(names) if self._by_name(name, definition.path, depth - 1) is not Sure.NO)
        return all(self._is_plain(name, definition.path, depth - 1) for name in makers)

    def _locks(self, name: str, folder: str) -> bool:
        """Whether a helper of the folder begins the thing by locking it, which who gives it back has to undo."""
        begun = {word for state in states() for word in self.thing.begun & (state.zero | state.nonzero)}
        near = self.effects.index.definitions_in(name, folder) if begun else ()
        return any(not begun.isdisjoint(called_names(self.effects.index.text_of(one))) for one in near)

    def _filled(self, name: str, path: str) -> tuple[Filled, ...]:
        """What a call of a name in a file puts into members of what it is given; nothing where the name may mean several."""
        callee = self._stores.callee(name_meant(name, path, self.effects.index), path)
        return self._fills(callee, DEPTH) if callee is not None else ()

    def _filled_behind(self, call: Call, path: str, depth: int) -> tuple[Filled, ...]:
        """What a macro puts into members of what it is given, by the one call that it is."""
        meant = call_meant(call, path, self.effects.index)
        callee = self._stores.callee(meant.callee, path) if meant is not call else None
        every = self._fills(callee, depth) if callee is not None else ()
        places = ((one, meant.arguments[one.position]) for one in every if one.position < len(meant.arguments))
        return tuple(
            replace(one, position=call.arguments.index(given)) for one, given in places if given in call.arguments
        )

    def _fills_one(self, definition: Definition, depth: int) -> tuple[Filled, ...]:
        if definition.name in self.thing.filling:
            return tuple(self._fills_by_name(definition))
        index, path, text = self.effects.index, definition.path, self._stores.of(definition)
        takes = (text.sets or text.points) and not self._words.isdisjoint(text.names)
        got = {name for structure in self.thing.types for name in text.pointed.get(structure, ())}
        asked = (*text.stored, *sorted(got))
        takes = takes or any(self._by_name(name, path, depth - 1) is Sure.CERTAIN for name in asked)
        sets = text.sets or _COPIES.search(index.text_of(definition)) is not None
        if sets and self.thing.kept != "locked" and members_of(index).is_setter(definition, self.thing):
            members_of(index).note(definition, self.thing)
            takes = True
        if not takes and not self._is_given_places(definition) and not self._leads_to_one(definition, depth - 1):
            return ()
        graph = index.graph(definition)
        return fills_of(graph, self.source(path, depth - 1)) if graph is not None and graph.whole else ()

    def _fills_by_name(self, definition: Definition) -> Iterator[Filled]:
        """What a function puts where an argument leads to of which all who call it are known to give it back."""
        graph = self.effects.index.graph(definition)
        habit = by_name(graph) if graph is not None else ()
        if habit:
            yield Filled(self.thing.filling[definition.name], "", habit, clear=True)

    def _leads_to_one(self, definition: Definition, depth: int) -> bool:
        """Whether a function calls one that puts what it takes into members of what it is given."""
        return depth > 0 and any(self._fills(one, depth) for one in self._stores.helpers(definition))

    def _is_given_places(self, definition: Definition) -> bool:
        """Whether the head of a function has a place for a pointer to such a thing, `struct buffer_head **out`."""
        head = self.effects.index.text_of(definition).partition(b"{")[0] if self.thing.kept != "locked" else b""
        return any(found.decode() in self.thing.types for found in _PLACE.findall(head))

    def _setters(self, folder: str) -> frozenset[str]:
        """The functions of a folder that may put what they take into a member which is given back there."""
        known = members_of(self.effects.index)
        return known.setters(folder, self.thing) if self.thing.kept != "locked" else frozenset()

    def _agreed(self, graph: Graph, call: Call, place: Place, path: str) -> bool:
        """Whether others than a function of a file give back what a call hands out."""
        every = list(self._asked_about(graph, call, place, path))
        return any(others.agree(graph.name) for _, others in every)

    def _is_left(self, graph: Graph, call: Call, place: Place, path: str) -> bool:
        """Whether nobody who calls what a function of a file calls gives back what that puts into a place."""
        every = list(self._asked_about(graph, call, place, path))
        return bool(every) and all(self._leaves(one, place, DEPTH) for one, _ in every)

    def _leaves_one(self, definition: Definition, place: Place, depth: int) -> bool:
        def beyond(one: Definition, at: Place) -> bool:
            return depth > 0 and self._leaves(one, at, depth - 1)

        return is_left(definition, place, self.source, beyond)

    def _asked_about(self, graph: Graph, call: Call, place: Place, path: str) -> Iterator[tuple[Definition, Others]]:
        """The functions that a call of a function of a file may mean, with those who call them, on whom it hangs what is said of
        that function."""
        index = self.effects.index
        for one in index.resolve(name_meant(call.callee, path, index), path) if call.direct else ():
            others = self._others(one, place)
            for asker in (asker for asker in index.functions_in(path) if asker.name == graph.name):
                for name, _ in others.uses:
                    index.reads_beside(asker, name)
            yield one, others

    def holdings(
        self, graph: Graph, path: str, depth: int = DEPTH, *, all_perhaps: bool = False
    ) -> tuple[Holding, ...]:
        """What a function of a file takes, under each of its names; with `all_perhaps` also what it may take, and nobody gives
        back."""
        return holdings_of(graph, self.source(path, depth), all_perhaps=all_perhaps)

    def in_text(self, text: bytes, path: str) -> bool:
        """Whether the text of a function of a file shows that it may take such a thing."""
        if not self._words.isdisjoint(called_names(text)):
            return True
        if counts_by_hand(text, self.thing) or any(self._filled(name, path) for name in given_addresses(text)):
            return True
        names = {name for structure in self.thing.types for name in put_into(text).get(structure, ())}
        names |= {name for name in put_into_members(text) if self._may_return(name, path)}
        if any(self._by_name(name, path, DEPTH) is not Sure.NO for name in sorted(names)):
            return True
        return not self._setters(folder_of(path)).isdisjoint(called_names(text))

    def _may_return(self, name: str, path: str) -> bool:
        """Whether the head of a function says that it returns a pointer to such a thing: of which type a member is, the text of
        who sets it does not say."""
        every = self.effects.index.resolve(name, path)
        heads = (self.effects.index.text_of(one).partition(name.encode())[0] for one in every)
        return any(self._fits(head.decode("utf-8", "replace")) for head in heads)

    def returned(self, call: Call, path: str, depth: int = DEPTH) -> Sure:
        """Whether the value of a call in a file is the thing, taken."""
        if self.thing.returned(call):
            return Sure.CERTAIN
        return self._by_name(call.callee, path, depth) if call.direct else Sure.NO

    def _by_name(self, name: str, path: str, depth: int) -> Sure:
        if name in self.thing.returning or name in self.thing.flagged:
            return Sure.CERTAIN if name in self.thing.returning else Sure.NO
        if "hand_on" in self.thing.vocabulary.marks.get(name, ()):
            return Sure.NO  # what it counts once more is for others
        name = name_meant(name, path, self.effects.index)
        return min((self._wraps(one, depth) for one in self.effects.index.resolve(name, path)), default=Sure.NO)

    def _wraps_one(self, definition: Definition, depth: int) -> Sure:
        """Whether a function owes what it returns, wherever that is no failure; perhaps, where it does so on some way, and has
        what it returns on others from where nobody knows: what wraps it in turn is seen by what it does itself."""
        graph = self.effects.index.graph(definition) if depth else None
        if graph is None or not graph.whole or not self._fits(graph.returns):
            return Sure.NO
        through = definition not in self._through and only_calls(self.effects.index.text_of(definition))
        self._through |= {definition} if through else set()
        found = set(self._handed(graph, definition.path, depth if through else depth - 1))
        self._through -= {definition} if through else set()
        if Sure.NO in found and len(found) > 1 and depth == DEPTH and _is_got_by_calls(graph):
            return Sure.PERHAPS
        return min(found, default=Sure.NO)

    def _may_take(self, call: Call, path: str, facts: Facts, depth: int) -> bool:
        """Whether a call of a function that hands back what it took does so with what is known of the arguments."""
        known = thawed(facts)
        call = call_meant(call, path, self.effects.index)
        for one in self.effects.index.resolve(call.callee, path):
            graph = self.effects.index.graph(one)
            if graph is None or self._hands(one, given_to(graph, call.arguments, known), depth):
                return True
        return False

    def _hands_one(self, definition: Definition, told: Facts, depth: int) -> bool:
        graph = self.effects.index.graph(definition)
        if graph is None or not told or depth == 0:
            return True
        return any(one is not Sure.NO for one in self._handed(graph, definition.path, depth - 1, told))

    def _fits(self, returns: str) -> bool:
        """Whether a function returns a pointer to such a thing."""
        return returns.count("*") == 1 and not self.thing.types.isdisjoint(_NAME.findall(returns))

    def _handed(self, graph: Graph, path: str, depth: int, known: Facts = ()) -> Iterator[Sure]:
        """What each way that is no failure hands back: whether that is taken."""
        named = []
        reached = _ways(graph, known).nodes if known else range(len(graph.nodes))
        for number, node in enumerate(graph.nodes):
            if node.kind == "return" and number in reached and not _NOTHING.fullmatch(node.returned):
                called = (c for c in node.calls if re.fullmatch(rf"{re.escape(c.callee)} ?\(.*\)", node.returned))
                sure = max((self.returned(call, path, depth) for call in called), default=Sure.NO)
                if sure is Sure.NO:
                    named.append((number, _handed_out(node.returned)))
                else:
                    yield sure
        holdings = self.holdings(graph, path, depth, all_perhaps=True) if named else ()
        under = [(number, name, self._under(name, holdings)) for number, name in named]
        lost = {name for number, name, found in under if not found and not _only_fails(graph, number, name, known)}
        if lost:
            yield Sure.PERHAPS if all(out_of_own_array(graph, self.thing, name) for name in lost) else Sure.NO
            return
        named_so = (one for one in holdings if any(one in found for _, _, found in under))
        seen = {one.name: one.explored(known, _STOPS) for one in named_so}
        for number, name, found in under:
            for one in found:
                for arrival in seen[one.name].arrivals:
                    if arrival.node == number and not _is_failure(arrival, name):
                        yield min(one.sure, _OWES.get(arrival.state, Sure.NO))

    def _under(self, name: str, holdings: Iterable[Holding]) -> list[Holding]:
        """What a variable that is returned may hold."""
        return [one for one in holdings if "?" not in name and is_alias(name, one.names, self.thing.vocabulary)]


#: What a state at a return says of what is returned there: a callee that keeps it may have counted it for itself.
_OWES = {"owed": Sure.CERTAIN, "gone": Sure.PERHAPS, "unseen": Sure.PERHAPS}


def _is_got_by_calls(graph: Graph) -> bool:
    """Whether what a function returns is what calls have handed it, and nothing that it was given or has found in a place."""
    named = {node.returned for node in graph.nodes if node.kind == "return" and _NAME.fullmatch(node.returned)}
    rights = [a.right for a in graph.assignments() if a.left in named and not _NOTHING.fullmatch(a.right)]
    return named.isdisjoint(p.name for p in graph.parameters) and all(map(_A_CALL.fullmatch, rights))


def _only_fails(graph: Graph, number: int, name: str, known: Facts) -> bool:
    """Whether a return is come to with an error pointer or NULL alone, `if (IS_ERR(base)) return base;`."""
    ends = [one for one in _ways(graph, known).arrivals if one.node == number]
    return bool(ends) and all(_is_failure(one, name) for one in ends)


@dataclass(frozen=True, slots=True)
class _Ways:
    """Which nodes a function comes to, and how it is left."""

    nodes: frozenset[int]
    arrivals: tuple[Arrival, ...]


def _ways(graph: Graph, known: Facts = ()) -> _Ways:
    """How a function goes whatever is taken in it, with what is known of its parameters; asked anew for each sort of things."""
    found = _WAYS.of(graph)
    if known not in found:
        seen = explore(Question(graph, TAKES, {}, TAKES.start, known=known, limit=_STOPS))
        found[known] = _Ways(frozenset(seen.states), tuple(seen.arrivals))
    return found[known]


#: What is known of the parameters -> how a function goes then.
_WAYS = Recent[dict[Facts, _Ways]](lambda graph: {})


def _is_failure(arrival: Arrival, name: str) -> bool:
    """Whether a way ends with an error pointer or NULL: what it returns, or the variable that it returns if that is none."""
    none = any(place == name and signs == ZERO for place, signs, _ in arrival.facts)
    return none or gives_no_pointer(arrival)


#: So many things that file systems have for themselves are remembered: twice as many as any of them has.
_OWN = 48


class _Own:
    """The takers of what file systems have for themselves: nobody asks about those of one once the next is looked at."""

    def __init__(self, index: KernelIndex) -> None:
        self._index = index
        self._known: dict[str, Takers] = {}

    def of(self, thing: Thing) -> Takers:
        """Those of one thing, be it made anew."""
        takers = self._known.pop(thing.name, None) or Takers(thing, Effects(self._index, thing.vocabulary))
        while len(self._known) >= _OWN:
            del self._known[next(iter(self._known))]
        self._known[thing.name] = takers
        return takers


def _no_takers(_index: KernelIndex) -> dict[str, Takers]:
    return {}


def takers_of(thing: Thing, index: KernelIndex, pages: Effects) -> Takers:
    """The takers of a tree; shared by all who ask for the same."""
    if thing.owned:
        return shared(index, _Own).of(thing)
    known = shared(index, _no_takers)
    if thing.name not in known:
        known[thing.name] = Takers(thing, effects_on(thing, index, pages))
    return known[thing.name]
