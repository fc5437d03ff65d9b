"""A release that a failing return needs -> Breaks that lead a way past it, or to it once more; the release stays as it is.

A function returns where it jumped to the label that releases; it jumps to a label that releases what is released already; the
release slips into the `if` in front of it; or the test around it is turned round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.corpus.mutants.mutations import Break, Statement, reached
from cocci_gen.corpus.mutants.slip_mutations import Kept, becomes, held_at, never_gives

#: A test that asks for one variable or member, of which nothing else on its line is set.
_PLAIN = re.compile(r"\((!?)((?:[a-z_]\w*(?:->|\.))*[a-z_]\w*)\)")
_CODE = re.compile(r"-?[A-Z0-9_]+|(?:ERR_PTR|PTR_ERR) ?\([\w-]+\)")
_LEAVES = re.compile(r"\b(?:return|goto|break|continue)\b")


def early_returns(kept: Kept) -> Iterator[Break]:
    """`goto out_release;` becomes the `return` that this label leads to."""
    graph, labels = kept.graph, dict(kept.graph.labels)
    held = held_at(kept)
    for statement, name in kept.body.jumps():
        here = {n for n in held if graph.nodes[n].line == statement.line and graph.nodes[n].text == statement.text}
        if not here or name not in labels or never_gives(kept, labels[name]):
            continue
        for end in _only_end(kept, labels[name]):
            text = _leaving(kept, name, end, here)
            if text and all(kept.fails(end, jump) for jump in here):
                yield becomes(kept, statement, f"{text};")


def _only_end(kept: Kept, start: int) -> list[int]:
    """The return that a label leads to, none where there are several."""
    behind = {start} | kept.graph.behind((start,))
    ends = [number for number in behind if kept.graph.nodes[number].kind == "return"]
    return ends if len(ends) == 1 else []


def _leaving(kept: Kept, label: str, end: int, jumps: set[int]) -> str:
    """A return that tells what the one behind a label does, where some jumps to it stand; "" where nobody would write one."""
    graph, node = kept.graph, kept.graph.nodes[end]
    name, start = node.returned, dict(graph.labels)[label]
    if not name:
        return "return" if node.text.startswith("return") and graph.returns == "void" else ""
    behind = {start} | graph.behind((start,))
    told = {one.right for number in behind for one in graph.nodes[number].assignments if one.left == name}
    if told:  # `fail: err = -EIO; ... return err;`
        straight = list(graph.straight(start))
        sure = [one.right for n in straight for one in graph.nodes[n].assignments if one.left == name]
        return f"return {sure[-1]}" if end in straight and re.fullmatch(r"-E[A-Z0-9]+", sure[-1]) else ""
    given = {
        n for n, other in enumerate(graph.nodes) if any(one.left == name and one.right for one in other.assignments)
    }
    known = name.isidentifier() and jumps.isdisjoint(reached(graph, (0,), frozenset(given)))
    return node.text.removesuffix(";") if known or _CODE.fullmatch(name) else ""


def once_more(kept: Kept) -> Iterator[Break]:
    """`goto out;` behind a release becomes `goto out_release;`, a label right behind which the same stands again."""
    graph, labels = kept.graph, dict(kept.graph.labels)
    held = reached(graph, tuple(kept.takes), kept.gives) | reached(graph, (0,), kept.takes | kept.gives)
    given = reached(graph, tuple(kept.gives), kept.takes) - held
    again = [name for name, start in labels.items() if kept.gives & {start, *graph.straight(start)}]
    for statement, name in kept.body.jumps():
        here = {n for n in given if graph.nodes[n].line == statement.line and graph.nodes[n].text == statement.text}
        if not here or name not in labels or not never_gives(kept, labels[name]):
            continue
        for other in again:
            if graph.nodes[labels[other]].line > statement.line:
                yield becomes(kept, statement, f"goto {other};")


def guarded(kept: Kept, release: Statement, numbers: frozenset[int]) -> Iterator[Break]:
    """`if (full) mark(box); release(bh);` becomes `if (full) { mark(box); release(bh); }`; `numbers` are its nodes."""
    found = kept.body.leader(release)
    if found is None or release.needed or not all(kept.fails(number, number) for number in numbers):
        return
    test, does = found
    if _LEAVES.search(does.text) or not _open(kept, numbers, test):
        return
    gap = kept.body.between(test.end, release.start)
    inside = kept.body.between(does.start, does.end)
    inside = inside.rstrip().removesuffix(b"}") if inside.startswith(b"{") else b"{ " + inside
    code = kept.body.between(test.start, does.start) + inside + gap + release.text.encode() + b" }"
    lines = kept.body.between(release.start, release.end).count(b"\n")
    words = f"`{release.text}` at line {release.line} slips into `{test.text}`"
    yield Break(kept.target, test.start, release.end, code + b"\n" * lines, words, kept.deep)


def _open(kept: Kept, numbers: frozenset[int], test: Statement) -> bool:
    """Whether what is kept may be so on both ways of the test in front: one of the thing itself tells whether there is one."""
    graph = kept.graph
    held = reached(graph, tuple(kept.takes), kept.gives - numbers)
    here = [n for n in held if graph.nodes[n].kind == "condition" and graph.nodes[n].line == test.line]
    taken = {one.left for number in kept.takes for one in graph.nodes[number].assignments}
    return len(here) == 1 and not any(set(re.findall(r"\w+", graph.nodes[n].text)) & taken for n in here)


def released_otherwise(kept: Kept, release: Statement, numbers: frozenset[int]) -> Iterator[Break]:
    """`if (locked) release(bh);` becomes `if (!locked) release(bh);`."""
    found = kept.body.guard(release)
    if found is None or not all(kept.fails(number, number) for number in numbers):
        return
    test, condition = found
    plain = _PLAIN.fullmatch(condition)
    if plain is not None:
        turned = f"({'' if plain[1] else '!'}{plain[2]})"
        old = kept.body.between(test.start, test.end)
        code = re.sub(re.escape(condition).encode(), turned.encode(), old, count=1)
        words = f"`if {condition} {release.text}` at line {test.line} asks for `{turned}`"
        if code != old:
            yield Break(kept.target, test.start, test.end, code, words, kept.deep)


def too_early(kept: Kept, release: Statement, begun: Statement) -> Iterator[Break]:
    """`set_page_writeback(page); unlock_page(page);` the other way round."""
    if release.needed or begun.needed or release.start < begun.end:
        return
    between = kept.body.between(begun.start, release.start)
    words = f"`{release.text}` at line {release.line} is moved in front of `{begun.text}`"
    lines = kept.body.between(release.start, release.end).count(b"\n")
    code = release.text.encode() + b" " + between + b"\n" * lines
    yield Break(kept.target, begun.start, release.end, code, words, kept.deep)
