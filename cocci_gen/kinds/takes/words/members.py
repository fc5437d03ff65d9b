"""A thing -> the members of structures by which the functions of a folder give it back: `brelse(sinfo.bh)` says that a slot info
owns what its `bh` leads to, whoever puts it there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.searches.machines import Event, Exit, Machine, Move, Outcome, Result
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import NEGATIVE, Facts
from cocci_gen.code.states.statuses import statuses
from cocci_gen.facts.calls.neighbours import neighbours_calling
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.words.texts import called_names
from cocci_gen.kinds.takes.words.things import Thing

#: Calls up that those are looked for who give back what a function leaves, and calls down from them.
_UP, _DOWN = 2, 2
#: The declaration of a structure, or of pointers to one: its name, and what follows.
_STRUCT = re.compile(r"\bstruct\s+")
_DECLARED = re.compile(r"(\w+)\s+([*\w][^;{}()]*)")
_WORD = re.compile(r"\w+")
#: What may stand in front of `struct`.
_QUALIFIERS = frozenset({"const", "volatile", "static", "register"})

#: What becomes in a caller of what a function has left behind that failed.
_FAILED = Machine("failed", "before", (Move("before", "fail", "failed"), Move("failed", "release", "back")), ())


def _fails(_state: str, _facts: Facts) -> Outcome:
    return Outcome((Exit("failed", Result(NEGATIVE)),))


#: Structure -> those of its members that are given back.
Owning = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Members:
    """What is remembered of a tree."""

    index: KernelIndex
    _owning: dict[tuple[str, str], Owning] = field(default_factory=dict)
    _setters: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    _setting: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    _gives: dict[tuple[Definition, str, str], bool] = field(default_factory=dict)

    def owning(self, folder: str, thing: Thing) -> Owning:
        """The members that the functions of a folder give back."""
        key = folder, thing.name
        if key not in self._owning:
            found: dict[str, set[str]] = {}
            for text in self._giving(folder, thing):
                declared = structures(text)
                for base, member in _given_back(thing).findall(text):
                    if base in declared:
                        found.setdefault(declared[base], set()).add(member)
            self._owning[key] = {name: frozenset(members) for name, members in found.items()}
        return self._owning[key]

    def setters(self, folder: str, thing: Thing) -> frozenset[str]:
        """The functions of a folder that set such a member of what they are given, or of what that leads to."""
        key = folder, thing.name
        if key not in self._setters:
            owning = self.owning(folder, thing)
            files = self.index.files_in(folder) if owning else ()
            near = _near_setting(owning)
            every = (one for path in files for one in self.index.functions_with(near, path))
            self._setters[key] = frozenset(one.name for one in every if self._sets(one, owning))
        return self._setters[key]

    def is_setter(self, definition: Definition, thing: Thing) -> bool:
        """Whether `setters` of its folder have a function, without a look at the others."""
        folder, name = definition.folder, definition.name
        key = folder, name, thing.name
        if key not in self._setting:
            owning = self.owning(folder, thing)
            every = self.index.definitions_in(name, folder) if owning else ()
            self._setting[key] = any(self._sets(one, owning) for one in every)
        return self._setting[key]

    def _sets(self, one: Definition, owning: Owning) -> bool:
        text = self.index.text_of(one)
        setting = _setting(owning).findall(text)
        declared = structures(text.decode("utf-8", "replace")) if setting else {}
        owned = {name: owning[one] for name, one in declared.items() if one in owning}
        return any(
            member.decode() in owned.get(base.decode(), ()) or copied.decode() in owned
            for base, member, copied in setting
        )

    def _giving(self, folder: str, thing: Thing) -> Iterator[str]:
        """The texts of the functions of a folder that give something back by a member."""
        pattern = re.compile(_given_back(thing).pattern.encode())
        names = tuple(sorted(name.encode() for name in thing.releases))
        for path in sorted({path for name in thing.releases for path in self.index.calling_in(name, folder)}):
            for one in self.index.functions_with(pattern, path, names):
                yield self.index.text_of(one).decode("utf-8", "replace")

    def note(self, definition: Definition, thing: Thing) -> None:
        """Remember that one which comes to give such things back in the folder of a function, or does so no longer, decides."""
        for word in sorted(thing.releases):
            self.index.reads_callers_in_folder(definition, word)

    def left_to_nobody(self, definition: Definition, member: str, thing: Thing) -> bool:
        """Whether no function that calls one gives back a member of anything once that has failed, itself or by what it calls."""
        self.note(definition, thing)
        seen, todo = {definition}, [(definition, 0)]
        while todo:
            one, depth = todo.pop()
            for caller in neighbours_calling(one, self.index) if depth < _UP else ():
                if self._gives_back(caller, member, thing, _DOWN) and self._behind_failure(caller, one, member, thing):
                    return False
                if caller not in seen:
                    seen.add(caller)
                    todo.append((caller, depth + 1))
        return True

    def _behind_failure(self, caller: Definition, below: Definition, member: str, thing: Thing) -> bool:
        """Whether a way on which a call of a function has failed leads to what gives the member back; taken for granted where the
        graphs do not show it."""
        graph, called = self.index.graph(caller), self.index.graph(below)
        if graph is None or not graph.whole or called is None or not statuses().tells(called.returns):
            return True
        events = {n: tuple(self._steps(n, node, caller, below, (member, thing))) for n, node in enumerate(graph.nodes)}
        seen = explore(Question(graph, _FAILED, {n: every for n, every in events.items() if every}, _FAILED.start))
        return any("back" in seen.at(n) for n in range(len(graph.nodes))) or seen.merged

    def _steps(
        self, number: int, node: Node, caller: Definition, below: Definition, wanted: tuple[str, Thing]
    ) -> Iterator[Event]:
        member, thing = wanted
        for call in node.calls:
            if call.callee == below.name:
                yield replace(_FAILED.step(number, call, "fail"), outcome=_fails)
            elif call.callee in thing.releases:
                if re.search(rf"(?:->|\.){member}\W*$", "".join(call.arguments[:1])):
                    yield _FAILED.step(number, call, "release")
            elif not call.direct or any(
                self._gives_back(near, member, thing, _DOWN - 1)
                for near in self.index.definitions_in(call.callee, caller.folder)
            ):
                yield _FAILED.step(number, call, "release")

    def _gives_back(self, one: Definition, member: str, thing: Thing, depth: int) -> bool:
        key = one, member, thing.name
        if key not in self._gives:
            self._gives[key] = False  # what leads back to itself does what the rest of it does
            text = self.index.text_of(one)
            own = member in _ends_given(thing).findall(text.decode("utf-8", "replace"))
            names = sorted(called_names(text)) if depth and not own else ()
            below = (near for name in names for near in self.index.definitions_in(name, one.folder) if near != one)
            self._gives[key] = own or any(self._gives_back(near, member, thing, depth - 1) for near in below)
        return self._gives[key]


def members_of(index: KernelIndex) -> Members:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Members)


def structures(text: str) -> dict[str, str]:
    """Variable -> the structure that it is, or points to, by the declarations in a text; none of what is declared as two."""
    found: dict[str, str] = {}
    twice = set()
    for part in filter(None, map(_DECLARED.match, _STRUCT.split(text)[1:])):
        name = part[1]
        for item in part[2].split(","):
            words = _WORD.findall(item.partition("=")[0])
            if len(words) == 1 and words[0] not in _QUALIFIERS and found.setdefault(words[0], name) != name:
                twice.add(words[0])
            if len(words) != 1 or "=" in item:
                break
    return {word: name for word, name in found.items() if word not in twice}


def structures_in(graph: Graph) -> dict[str, str]:
    """The same of the parameters and variables of a function."""
    texts = [f"{one.type} {one.name};" for one in graph.parameters]
    texts += [node.text for node in graph.nodes if node.kind == "statement" and "struct " in node.text]
    return structures("\n".join(texts))


def _members(owning: Owning) -> str:
    return "|".join(sorted({re.escape(one) for every in owning.values() for one in every}))


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[bytes]:
    return re.compile(text.encode())


def _setting(owning: Owning) -> re.Pattern[bytes]:
    """Where one of these members is set, by which variable, or a pointer's target as a whole."""
    return _pattern(rf"(?:\b(\w+)->({_members(owning)})|[;{{}})]\s*\*(\w+))\s*=[^=]")


def _near_setting(owning: Owning) -> re.Pattern[bytes]:
    """The same without the variable, which Python looks for at each word of a text."""
    return _pattern(rf"(?:->(?:{_members(owning)})|[;{{}})]\s*\*\w+)\s*=[^=]")


def _given_back(thing: Thing) -> re.Pattern[str]:
    """A call that gives back what a member leads to: the variable, and the member."""
    return re.compile(rf"\b(?:{'|'.join(sorted(thing.releases))}) ?\( ?(\w+)(?:->|\.)(\w+) ?\)")


def _ends_given(thing: Thing) -> re.Pattern[str]:
    """A call that gives back what any expression leads to: the member that this ends in."""
    return re.compile(rf"\b(?:{'|'.join(sorted(thing.releases))}) ?\([^;{{}}]*?(?:->|\.)(\w+) ?\)")
