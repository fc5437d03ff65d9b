"""A port and the NewView of its module -> the same port without the places that the module's own build asks about.

`.writepage = ...` under `#ifdef HAVE_VFS_WRITEPAGE` needs nobody: the module's `configure` looks for this very method and leaves
the line out where it finds none.  Such places are told in one line about the code.  A note about what a thing means by now is no
such place, nor is one with an `#else`, which may be for a kernel that is older still.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from cocci_gen.port.changes.evolutions import (
    ConstantGone,
    Evolution,
    FunctionGone,
    MacroGone,
    MemberGone,
    MethodGone,
    word_of,
)
from cocci_gen.port.checks.new_view import NewView
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.output.report import Port
from cocci_gen.port.remains.leftovers import Leftover, other_places

_CALLED = re.compile(r"\b([A-Za-z_]\w*)\(")


def without_asked(port: Port, view: NewView) -> Port:
    """The port without the leftovers under a name of the build that asks for what they are about, which a remark tells."""
    changed = {one.evolution.id: one.evolution for one in port.used}
    come = _successors(port.rules)
    asked: dict[str, list[Leftover]] = defaultdict(list)
    for one in port.leftovers:
        text = port.ported.texts.get(one.path)
        names = view.set_around(one.path, text, one.line - 1) if text is not None and one.line else frozenset()
        evolution = changed.get(one.evolution)
        words = {word_of(evolution)} if evolution is not None else set()
        words |= come.get(one.evolution, frozenset())
        name = next((each for each in sorted(names) if evolution is not None and _asks(each, words, evolution)), "")
        if name:
            asked[name].append(one)
    if not asked:
        return port
    answered = {id(one) for ones in asked.values() for one in ones}
    left = tuple(one for one in port.leftovers if id(one) not in answered)
    told = "; ".join(f"{name} ({_places(ones)})" for name, ones in sorted(asked.items()))
    return replace(
        port, leftovers=left, remarks=(*port.remarks, f"left to the module's own build, which asks for it: {told}")
    )


def _places(leftovers: Iterable[Leftover]) -> str:
    places = list(dict.fromkeys((one.path, one.line) for one in leftovers))
    (path, line), *others = places
    return f"{path}:{line}{', ' if others else ''}{other_places(path, others)}"


def _successors(rules: Iterable[PortRule]) -> dict[str, frozenset[str]]:
    """By evolution: the functions that its rules call by now."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for rule in rules:
        lines = [line[1:] for line in rule.text.splitlines() if line.startswith("+")]
        found[rule.evolution] |= {name for line in lines for name in _CALLED.findall(line)}
    return found


def _asks(name: str, words: Iterable[str], evolution: Evolution) -> bool:
    """Whether a name of the build has the name of a thing in it: it asks whether that is there, which says all of what went, or
    (with more words behind) what it takes."""
    gone = isinstance(evolution, FunctionGone | MacroGone | MemberGone | MethodGone | ConstantGone)
    parts = f"_{name.upper()}_"
    found = [word for word in words if "_" in word.strip("_") or gone]
    return any(
        (place := parts.find(f"_{word.upper()}_")) >= 0 and (gone or place + len(word) + 2 < len(parts))
        for word in found
    )
