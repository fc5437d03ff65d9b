"""A release that a failing return needs -> Breaks as people make them by a slip: nothing is deleted, one word or line is wrong.

A `goto` leads to another label, the release stands behind the next way out instead of before it, it is given another variable or
another lock of the same sort, or the test behind the taking is turned round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.corpus.mutants.mutations import Body, Break, Statement, reached
from cocci_gen.facts.tree.definitions import Definition

_ONE_ARGUMENT = re.compile(r"(\w+ ?\()(&?)([^(),]+)(\);)")
#: A test of a thing that tells whether there is one.
_THERE = re.compile(r"(?P<error>IS_ERR(?:_OR_NULL)? ?\()?(?P<name>\w+)(?(error)\))(?P<null> == (?:NULL|0))?")
_FAILURE = re.compile(r"return (?:-E[A-Z0-9]+|ERR_PTR ?\(-E[A-Z0-9]+\)|VM_FAULT_(?:SIGBUS|OOM));")


@dataclass(frozen=True, slots=True)
class Kept:
    """A function that takes something at some nodes and gives it back at others; `fails` tells of a node whether every return
    that comes behind it, past no giving back, is one that must not keep it, when a way comes there from another node."""

    target: Definition
    graph: Graph
    body: Body
    takes: frozenset[int]
    gives: frozenset[int]
    fails: Callable[[int, int], bool]
    deep: bool


def wrong_labels(kept: Kept) -> Iterator[Break]:
    """`goto out_release;` becomes `goto out;`: a label behind which nothing gives back."""
    graph, labels = kept.graph, dict(kept.graph.labels)
    held = held_at(kept)
    bare = [name for name, start in labels.items() if never_gives(kept, start)]
    for statement, name in kept.body.jumps():
        here = {n for n in held if graph.nodes[n].line == statement.line and graph.nodes[n].text == statement.text}
        if not here or name not in labels or never_gives(kept, labels[name]):
            continue
        for other in bare:
            start = labels[other]
            if graph.nodes[start].line > statement.line and all(kept.fails(start, jump) for jump in here):
                yield becomes(kept, statement, f"goto {other};")


def moved(kept: Kept, release: Statement) -> Iterator[Break]:
    """The release moved behind the way out that follows it."""
    way_out = kept.body.follower(release)
    if way_out is None or release.needed or "{" in way_out.text:
        return
    last = way_out.line + kept.body.between(way_out.start, way_out.end).count(b"\n")
    lines = range(way_out.line, last + 1)
    ends = [
        n for n, node in enumerate(kept.graph.nodes) if node.line in lines and node.text.startswith(("return", "goto "))
    ]
    if len(ends) == 1 and ends[0] not in kept.gives and kept.fails(ends[0], ends[0]):
        text = kept.body.between(release.start, way_out.end)
        first, rest = text[: release.end - release.start], text[release.end - release.start :]
        words = f"`{release.text}` at line {release.line} is moved behind `{way_out.text}`"
        yield Break(kept.target, release.start, way_out.end, rest.strip(b" \t") + b" " + first, words, kept.deep)


def misgiven(kept: Kept, release: Statement, others: Collection[str]) -> Iterator[Break]:
    """The release given another variable, or another lock, that the function takes as well."""
    found = _ONE_ARGUMENT.fullmatch(release.text)
    if found is None:
        return
    for other in sorted(others):
        if found[3] != other:
            yield becomes(kept, release, f"{found[1]}{found[2]}{other}{found[4]}")


def turned_round(kept: Kept, name: str) -> Iterator[Break]:
    """`if (!bh) return -EIO;` becomes `if (bh) return -EIO;`; what the end of a scope gives back is given back there too."""
    behind = reached(kept.graph, tuple(kept.takes), kept.gives)
    for condition, statement in kept.body.ifs():
        tests = {n for n in behind if kept.graph.nodes[n].line == statement.line}
        plain = condition == f"(!{name})" and _FAILURE.fullmatch(statement.text.removeprefix(f"if {condition} "))
        ends = [after for number, after in _nothing(kept) if number in tests]
        if plain and tests and all(never_gives(kept, end) for end in ends):
            yield becomes(kept, statement, statement.text.replace(f"(!{name})", f"({name})", 1))


def held_at(kept: Kept) -> frozenset[int]:
    """The nodes that a way from the taking comes to with something in hand: past nothing that gives it back, and past no test
    which says that there was nothing to take, `if (!bh) goto out;`.

    What the function took before may be kept there: a jump to another label keeps that, a mutant of that taking where its sort
    is known.
    """
    none, seen, todo = set(_nothing(kept)), set[int](), list(kept.takes)
    while todo:
        number = todo.pop()
        for after, _ in kept.graph.nodes[number].successors:
            if after not in seen | kept.gives and (number, after) not in none:
                seen.add(after)
                todo.append(after)
    return frozenset(seen)


def _nothing(kept: Kept) -> Iterator[tuple[int, int]]:
    """The tests that tell whether the taking gave something, each with the node behind it where it did not."""
    taken = {one.left for number in kept.takes for one in kept.graph.nodes[number].assignments}
    for number, node in enumerate(kept.graph.nodes):
        place = _THERE.fullmatch(node.text) if node.kind == "condition" else None
        if place is not None and place["name"] in taken:
            none = "true" if place["error"] or place["null"] else "false"
            yield from ((number, after) for after, label in node.successors if label == none)


def never_gives(kept: Kept, number: int) -> bool:
    """Whether nothing is given back at a node or behind it."""
    return not ({number} | kept.graph.behind((number,))) & kept.gives


def becomes(kept: Kept, statement: Statement, text: str) -> Break:
    """The break that puts other words where a statement stands, on as many lines."""
    lines = kept.body.between(statement.start, statement.end).count(b"\n")
    words = f"`{statement.text}` at line {statement.line} becomes `{text}`"
    return Break(kept.target, statement.start, statement.end, text.encode() + b"\n" * lines, words, kept.deep)
