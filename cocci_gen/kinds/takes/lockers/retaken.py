"""A call and a lock that is held -> why nobody makes the call under it: the callee, or what it calls beside it, takes the lock
itself, or it sleeps, and the lock is one to spin for.

A release behind such a call would never be come to, or come too late.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.facts.sleeps.sleep_chains import Forbidden, Setting
from cocci_gen.facts.sleeps.sleeps import DEPTH, CallChains
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.facts.walks.sleep_flow import Flow
from cocci_gen.facts.walks.sleep_words import sleep_words
from cocci_gen.kinds.takes.lockers.closers import key_of
from cocci_gen.kinds.takes.words.sorts import State
from cocci_gen.kinds.takes.words.texts import called_names

_MEMBER = re.compile(r"(?:->|\.)\w+$")
#: Functions deep that a helper is looked for which surely sleeps.
_HELPERS = 2
_MADE_OF = re.compile(r"\w+ ?\((\w+)\)")


def _chains(index: KernelIndex) -> CallChains:
    """What the functions of a tree lead to, one for all who ask: each callee is looked into once."""
    return CallChains(index, sleep_words(), Setting(Forbidden.SLEEP))


@dataclass(frozen=True, slots=True)
class _Sleeping:
    """The calls of functions of a tree that surely sleep; every answer is remembered."""

    index: KernelIndex
    _flows: dict[tuple[str, str, int], Flow] = field(default_factory=dict, compare=False, repr=False)
    _known: dict[tuple[str, str, int, int, int], frozenset[Call]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def calls(self, graph: Graph, path: str, number: int, deepest: int = DEPTH) -> frozenset[Call]:
        """Those of a node."""
        key = path, graph.name, graph.nodes[0].line, number, deepest
        if key not in self._known:
            chains = shared(self.index, _chains)
            if key[:3] not in self._flows:
                self._flows[key[:3]] = chains.flow(graph, frozenset())
            reached = chains.reached_from(self._flows[key[:3]], path, (number,), deepest)
            self._known[key] = frozenset(
                one.call for one in reached if not any(link.doubt or link.tests for link in one.chain.links[1:])
            )
        return self._known[key]


def sleeping_calls(graph: Graph, path: str, number: int, index: KernelIndex) -> frozenset[Call]:
    """The calls in a node of a function that surely sleep, themselves or a helper deep, whatever is called."""
    return shared(index, _Sleeping).calls(graph, path, number, _HELPERS)


def barred_under(name: str, graph: Graph, path: str, state: State, index: KernelIndex, call: Call) -> str:
    """Why nobody makes a call of a function while it holds the state of an expression; "" where nothing speaks against it."""
    if retakes(name, path, state, index, call):
        return "takes the lock as well"
    numbers = (number for number, node in enumerate(graph.nodes) if call in node.calls) if state.own else ()
    if any(call in shared(index, _Sleeping).calls(graph, path, number) for number in numbers):
        return "may sleep, which nobody does under such a lock"
    return ""


def retakes(name: str, path: str, state: State, index: KernelIndex, call: Call) -> bool:
    """Whether a call in a file takes the state of an expression once more, as its member tells, and that it is given what has the
    member; a lock of all is known by its name."""
    key = key_of(f"&{name}")
    if state.nests or not key or not call.direct or (key != name and not _is_given_owner(call, name)):
        return False
    every = index.resolve(call.callee, path)
    return len(every) == 1 and (_takes_first(every[0], key, state, index) or _below(every[0], key, state, index))


def _is_given_owner(call: Call, name: str) -> bool:
    """Whether a call is given what an expression is a member of, or what that is made of: `inode` of `BOX(inode)->lock`."""
    owner = _MEMBER.sub("", name)
    inner = _MADE_OF.fullmatch(owner)
    return any(text in (owner, f"&{name}", f"&{owner}", inner and inner[1]) for text in call.arguments)


def _below(one: Definition, key: str, state: State, index: KernelIndex) -> bool:
    """Whether a function that another one calls beside it takes the state, where that does nothing to it itself."""
    shown = index.text_of(one)
    if key in {key_of(found) for found in state.given.findall(shown.decode("utf-8", "replace"))}:
        return False
    near = (each for name in sorted(called_names(shown)) for each in index.resolve(name, one.path))
    return any(each.path == one.path != "" and each != one and _takes_first(each, key, state, index) for each in near)


def _takes_first(one: Definition, key: str, state: State, index: KernelIndex) -> bool:
    """Whether the text of a function takes the state of what ends in a word ahead of the first release of such."""
    shown = index.text_of(one).decode("utf-8", "replace")
    taken = [found.start() for found in state.took.finditer(shown) if key_of(found[1]) == key]
    given = [found.start() for found in state.given.finditer(shown) if key_of(found[1]) == key]
    return bool(taken) and taken[0] < min(given, default=len(shown))
