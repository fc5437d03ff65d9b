"""A call and a lock that is held -> whether the callee, or what it calls beside it, takes the lock itself.

A release behind such a call would never be come to: who holds the lock waits there for himself.
"""

from __future__ import annotations

import re

from cocci_gen.code.control_flow import Call
from cocci_gen.facts.definitions import Definition
from cocci_gen.facts.index import KernelIndex
from cocci_gen.kinds.takes.closers import key_of
from cocci_gen.kinds.takes.sorts import State
from cocci_gen.kinds.takes.texts import called_names

_WORD = re.compile(r"[A-Za-z_]\w*")


def retakes(name: str, path: str, state: State, index: KernelIndex, call: Call) -> bool:
    """Whether a call in a file takes the state of an expression once more, as far as its member tells; a lock of all is known by
    its name."""
    key, words = key_of(f"&{name}"), {word for text in call.arguments for word in _WORD.findall(text)}
    if state.nests or not key or not call.direct or (key != name and words.isdisjoint(_WORD.findall(name)[:1])):
        return False
    every = index.resolve(call.callee, path)
    return len(every) == 1 and (_takes_first(every[0], key, state, index) or _below(every[0], key, state, index))


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
