"""A function and a parameter -> Effect, what the function may do to the page or folio it is given.

Effects are per parameter, computed from the callees on demand: a name-based closure is useless (39,222 of 79,214 functions
"reach" unlock_page in 6.1).  What cannot be seen is `unknown`, and an unknown callee is never trusted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph, Node
from cocci_gen.code.texts.source import FunctionSpan
from cocci_gen.facts.calls.page_calls import CallVocabulary, call_vocabulary
from cocci_gen.facts.calls.page_places import Given, aliases, escapes, given_places, is_alias, is_element, lent
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.macros import macros_of

#: Calls deep that an effect is followed; what lies deeper is unknown.
DEPTH = 8
#: What a macro that prints is told to print.
_FORMAT = re.compile(r'"(?:[^"\\]|\\.)*%')
#: A member of a table by name, which is called.
_TABLED = re.compile(r"([A-Za-z_]\w*)\.(\w+)")


@dataclass(frozen=True, slots=True)
class Effect:
    """`marks` out of release, take, start, end, redirty, escape, hand_on, unknown; `why` maps each to the call or line
    that shows it, as (mark, words)."""

    marks: frozenset[str]
    why: tuple[tuple[str, str], ...]

    def reason(self, mark: str) -> str:
        """The words that show a mark."""
        return dict(self.why).get(mark, "")


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that a node does to the resource: the callee (or "" for a store), the mark, and the words for people."""

    node: int
    line: int
    callee: str
    marks: frozenset[str]
    note: str


#: The method that a call through a table names.
#: The address of a variable: of a list that a function has for itself.
_OWN_LIST = re.compile(r"&\w+")
#: What a function that counts a reference of its own does to that one.
OWN_COUNT = frozenset({"escape", "hand_on"})


def counted(graph: Graph, names: Collection[str], vocabulary: CallVocabulary) -> bool:
    """Whether a function counts a reference of its own: what it then stores, or hands to I/O, is not the caller's."""
    given = (call.arguments for call in graph.calls() if call.callee in vocabulary.counts)
    return any(is_alias(text, names, vocabulary) for arguments in given for text in arguments[:1])


@dataclass(frozen=True, slots=True)
class _Body:
    """What a function does itself, as (mark, words), and the callees that it gives the page to, with the parameter."""

    why: tuple[tuple[str, str], ...]
    callees: tuple[tuple[Definition, Given], ...]


class Effects:
    """Effects of the functions of one index; every answer is remembered.  What is looked for, and what is left alone, the
    vocabulary says: that of pages, or that of another thing that functions take and give back."""

    def __init__(self, index: KernelIndex, vocabulary: CallVocabulary | None = None) -> None:
        self.index = index
        self.vocabulary = vocabulary or call_vocabulary()
        #: What others know of the effects (facts/tree/shared).
        self.shared: dict[Callable[..., object], object] = {}
        self._known: dict[tuple[Definition, Given, int], Effect] = {}
        self._bodies: dict[tuple[Definition, Given], _Body] = {}
        self._macros: dict[Definition, Graph] = {}

    def resolve(self, name: str, path: str) -> tuple[Definition, ...]:
        """The functions that a name may mean in a file; where there is none, the macro that stands for one."""
        found = self.index.resolve(name, path)
        macro = macros_of(self.index).of(name, path) if not found else None
        if macro is None:
            return found
        line = macro.graph.nodes[0].line
        standing = Definition(macro.path, f"macro {name}", FunctionSpan(name, 0, 0, line, line, True, True, True))
        self._macros[standing] = macro.graph
        return (standing,)

    def graph(self, definition: Definition) -> Graph | None:
        """The control flow of what `resolve` found."""
        return self._macros[definition] if definition in self._macros else self.index.graph(definition)

    def of(self, definition: Definition, place: Given, depth: int = DEPTH) -> Effect:
        """What `definition` may do to the page that it gets at `place`, callees to `depth` calls included."""
        key = (definition, place, depth)
        if key not in self._known:
            self._known[key] = self._reached(definition, place, depth)
        return self._known[key]

    def _reached(self, definition: Definition, position: Given, depth: int) -> Effect:
        """Level by level, every callee once and by the shortest way: neither recursion nor the order of questions matters."""
        why: dict[str, str] = {}
        seen = {(definition, position)}
        level = [(definition, position, "")]
        for _ in range(depth):
            following = []
            for function, place, way in level:
                body = self._body(function, place)
                for mark, words in body.why:
                    why.setdefault(mark, way + words)
                for callee, at in body.callees:
                    if (callee, at) not in seen:
                        seen.add((callee, at))
                        following.append((callee, at, f"{way}{callee.name}() -> "))
            level = following
        for function, _, way in level:
            why.setdefault("unknown", f"{way.removesuffix(f'{function.name}() -> ')}{function.name}() lies too deep")
        return Effect(frozenset(why), tuple(sorted(why.items())))

    def _body(self, definition: Definition, position: Given) -> _Body:
        key = (definition, position)
        if key not in self._bodies:
            self._bodies[key] = self._read(definition, position)
        return self._bodies[key]

    def _read(self, definition: Definition, place: Given) -> _Body:
        graph = self.graph(definition)
        if graph is None or not place.name(graph):
            return _Body((("unknown", f"{definition.name}() could not be parsed"),), ())
        names = set(aliases(graph, place.name(graph)))
        why: dict[str, str] = {}
        callees: dict[tuple[Definition, Given], None] = {}
        for call in graph.calls():
            effect = self.own_effect(call, definition.path, names)
            if isinstance(effect, Effect):
                for mark, words in effect.why:
                    why.setdefault(mark, words)
            else:
                callees.update(dict.fromkeys(effect))
        for assignment in graph.assignments():
            if escapes(assignment, names, self.vocabulary):
                why.setdefault("escape", f"{assignment.left} keeps it")
        if counted(graph, names, self.vocabulary):
            why = {mark: words for mark, words in why.items() if mark not in OWN_COUNT}
        if not graph.whole:
            why.setdefault("unknown", f"a part of {definition.name}() did not parse")
        return _Body(tuple(why.items()), tuple(callees))

    def touches(self, graph: Graph, path: str, names: Iterable[str], depth: int = DEPTH) -> tuple[Touch, ...]:
        """Everything that the nodes of a graph do to the page known by `names`, neutral calls left out."""
        known = set(names)
        found = []
        for number, node in enumerate(graph.nodes):
            found += self._node_touches(number, node, path, known, depth)
        return tuple(found)

    def _node_touches(self, number: int, node: Node, path: str, names: set[str], depth: int) -> list[Touch]:
        found = []
        for call in node.calls:
            effect = self.call_effect(call, path, names, depth)
            if effect.marks:
                words = "; ".join(sorted({text for _, text in effect.why}))
                found.append(Touch(number, call.line, call.callee, effect.marks, words))
        for assignment in node.assignments:
            if escapes(assignment, names, self.vocabulary):
                note = f"{assignment.left} keeps it"
                found.append(Touch(number, assignment.line, "", frozenset({"escape"}), note))
        return found

    def call_effect(self, call: Call, path: str, names: set[str], depth: int) -> Effect:
        """What one call does to the page known by `names`; no marks when the page is not among its arguments."""
        effect = self.own_effect(call, path, names)
        if isinstance(effect, Effect):
            return effect
        why: dict[str, str] = {}
        for definition, position in effect:
            for mark, words in self.of(definition, position, depth).why:
                why.setdefault(mark, f"{call.callee}() -> {words}" if not words.startswith(call.callee) else words)
        return Effect(frozenset(why), tuple(sorted(why.items())))

    def _leaves_alone(self, callee: str, path: str) -> bool:
        """Whether a callee is known to leave the page alone; what only its name says does not count for a file's own function."""
        if callee in self.vocabulary.neutral or not self.vocabulary.is_neutral(callee):
            return callee in self.vocabulary.neutral
        return not any(one.span.static and one.path == path for one in self.index.resolve(callee, path))

    def _tabled(self, callee: str, path: str) -> tuple[Definition, ...]:
        """The function that `table.member()` calls, where one table of that name in the folder has one for the member."""
        named = _TABLED.fullmatch(callee)
        if not named or named[2] in self.vocabulary.methods:
            return ()
        entries = [e for e in self.index.tabled_in(named[2], folder_of(path)) if e.variable == named[1]]
        found = {definition for entry in entries for definition in self.index.resolve(entry.function, entry.path)}
        return tuple(found) if len(found) == 1 else ()

    def _stored(self, call: Call, names: set[str]) -> Effect:
        """What a macro does that sets its first argument to the second."""
        left = call.arguments[0].removeprefix("&")
        right = call.arguments[1]
        shared = left.isidentifier() and is_alias(right, names, self.vocabulary)  # a variable that others read, too
        if not shared and not escapes(Assignment(left, right, "=", False, call.line), names, self.vocabulary):
            return Effect(frozenset(), ())
        return Effect(frozenset({"escape"}), (("escape", f"{left} keeps it"),))

    def _linked(self, call: Call, names: set[str]) -> Effect | None:
        """What a call does that links the thing into a list; None where it links another. What becomes of all in a list of the
        function's own is not seen."""
        link, *into = call.arguments
        if not link.startswith("&") or link[1:].partition("->")[0] not in names:
            return None
        mark = "unknown" if any(_OWN_LIST.fullmatch(text) for text in into) else "hand_on"
        return Effect(frozenset({mark}), ((mark, f"{call.callee}() links it"),))

    def own_effect(self, call: Call, path: str, names: set[str]) -> Effect | tuple[tuple[Definition, Given], ...]:
        """What is known of a call by its name alone, else the functions that it may mean and where they get the page."""
        if call.direct and call.callee in self.vocabulary.borrows and lent(call.arguments, names):
            return Effect(frozenset(), ())
        if call.direct and call.callee in self.vocabulary.hands_on:
            return Effect(frozenset({"hand_on"}), (("hand_on", f"{call.callee}() starts I/O"),))
        if call.callee in self.vocabulary.stores and len(call.arguments) > 1:
            return self._stored(call, names)
        if call.callee in self.vocabulary.links and (linked := self._linked(call, names)) is not None:
            return linked
        if call.callee in self.vocabulary.tag and self.vocabulary.tag_argument in call.arguments:
            return Effect(frozenset({"start"}), (("start", f"{call.callee}() clears the dirty tag by hand"),))
        positions = given_places(call.arguments, names, self.vocabulary)
        if (whose := self.vocabulary.counts_down(call)) and is_alias(whose, names, self.vocabulary):
            return Effect(frozenset({"unknown"}), (("unknown", f"{call.callee}() may give it back"),))
        if not positions:
            several = any(is_element(text, names) for text in call.arguments)
            if not several or self.vocabulary.is_neutral(call.callee):
                return Effect(frozenset(), ())
            return Effect(frozenset({"hand_on"}), (("hand_on", f"{call.callee}() does so to each of several"),))
        if not call.direct and (tabled := self._tabled(call.callee, path)):
            return tuple((definition, position) for definition in tabled for position in positions)
        if not call.direct:
            known = self.vocabulary.of_method(call.callee)
            marks = known if known is not None else frozenset({"unknown"})
            return Effect(marks, tuple((mark, f"a call through the pointer {call.callee}") for mark in marks))
        if call.callee in self.vocabulary.marks:
            marks = self.vocabulary.marks[call.callee]
            return Effect(marks, tuple((mark, f"{call.callee}()") for mark in sorted(marks)))
        known = self.vocabulary.alias | self.vocabulary.counts
        if call.callee in known or self._leaves_alone(call.callee, path):
            return Effect(frozenset(), ())
        definitions = self.resolve(call.callee, path)
        if not definitions and any(_FORMAT.match(text) for text in call.arguments):
            return Effect(frozenset(), ())  # it prints
        if not definitions:
            words = f"{call.callee}() has no definition that the index shows"
            return Effect(frozenset({"unknown"}), (("unknown", words),))
        return tuple((definition, position) for definition in definitions for position in positions)
