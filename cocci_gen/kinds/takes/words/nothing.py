"""A name under which a function takes something -> what its calls give when there is nothing, and the branches that tell so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.searches.machines import ERROR, POINTER, Result
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO
from cocci_gen.resources import data_tables

_ERROR, _NONE = Result(NEGATIVE | POSITIVE, "", ERROR), Result(ZERO)
_EITHER = (_ERROR, _NONE)
#: `res = ERR_CAST(inode); if (IS_ERR(res))` asks for the inode.
_CAST = re.compile(r"ERR_CAST ?\((\w+)\)")
#: `err = PTR_ERR_OR_ZERO(inode); if (err)` does so too.
_OR_ZERO = re.compile(r"PTR_ERR_OR_ZERO ?\((.+)\)")

_WORD = re.compile(r"[A-Za-z_]\w*")
_SIGN = re.compile(r"(?:<|>=) ?0\b")
_OTHER = {"true": "false", "false": "true"}
#: A test for one error; what has it is no pointer.
_CODED = re.compile(r"PTR_ERR ?\((\w+)\) ?== ?-E[A-Z0-9]+")


@cache
def _tests(what: str) -> frozenset[str]:
    """The functions that tell this by being true (things.toml)."""
    return frozenset(data_tables("kinds/takes/words/things.toml")["tests"][what])


def given_by(
    graph: Graph, number: int, names: Iterable[str], *, number_of_its_own: bool
) -> tuple[Result, tuple[Result, ...]]:
    """What the call of a node gives when it takes, and when there is nothing; of a number that is no pointer some test has to
    say that."""
    if not number_of_its_own:
        return Result(NEGATIVE | POSITIVE, "", POINTER), nothing_got(graph, number, names)
    tests = (node.text for node in graph.nodes if node.kind == "condition")
    every = frozenset(names)
    asked = [text for text in tests if not every.isdisjoint(_WORD.findall(text))]
    if any(_SIGN.search(text) for text in asked):
        return Result(ZERO | POSITIVE), (Result(NEGATIVE),)
    return (Result(NEGATIVE | POSITIVE), (Result(ZERO),)) if asked else (Result(), ())


def nothing_got(graph: Graph, number: int, names: Iterable[str]) -> tuple[Result, ...]:
    """What the call of a node gives when there is nothing: what the tests right behind it ask for; where none does, an error
    pointer if the function asks for one anywhere, else NULL."""
    every = frozenset(names)
    if asked := dict.fromkeys(one for test in _right_behind(graph, number, every) for one in test):
        return tuple(asked)
    texts = [node.text for node in graph.nodes]
    if any(f"ERR_OR_NULL({name})" in text for name in every for text in texts):
        return _EITHER
    error = any(f"ERR({name})" in text or f"ERR_OR_ZERO({name})" in text for name in every for text in texts)
    return (_ERROR,) if error else (_NONE,)


def _right_behind(graph: Graph, number: int, names: frozenset[str]) -> Iterator[tuple[Result, ...]]:
    """What the tests of the name ask for that come one behind the other, with no other test in between."""
    seen = set[int]()
    while number not in seen:
        seen.add(number)
        *_, last = graph.straight(number)
        node = graph.nodes[last]
        label = _none_label(node, names) if node.kind == "condition" else ""
        if not label or _of_another(node):
            return
        yield _EITHER if "ERR_OR_NULL" in node.text else (_ERROR,) if "IS_ERR" in node.text else (_NONE,)
        number = next((after for after, taken in node.successors if taken != label), last)


def _of_another(node: Node) -> bool:
    """Whether a test compares the name with something else than NULL."""
    return re.search(r"[!=]=", node.text) is not None and not re.search(r"[!=]= ?(?:NULL|0)\b", node.text)


def nothing_there(graph: Graph, names: Iterable[str]) -> dict[tuple[int, str], str]:
    """The branches that tell that there is no thing under the name."""
    found: dict[tuple[int, str], str] = {}
    every = frozenset(names)
    for number, node in enumerate(graph.nodes):
        label = _none_label(node, every) if node.kind == "condition" else ""
        if label:
            found[number, label] = "lost"
    for number, node in enumerate(graph.nodes):
        for one in node.assignments:
            cast = _CAST.fullmatch(one.right)
            if cast is not None and cast[1] in every:
                found |= dict.fromkeys(
                    _asked_of(graph, number, rf"IS_ERR(?:_OR_NULL)? ?\({re.escape(one.left)}\)"), "lost"
                )
            told = _OR_ZERO.fullmatch(one.right)
            if told is not None and told[1] in every:
                found |= dict.fromkeys(_asked_of(graph, number, re.escape(one.left)), "lost")
            if none := _remembered(node, one.right, every):
                found |= {(at, none): "lost" for at, _ in _asked_of(graph, number, re.escape(one.left))}
    return found


def untold_by_map(graph: Graph, names: Iterable[str]) -> dict[tuple[int, str], str]:
    """The branches where a variable that holds the map of a page holds none: that may tell that there is no page either,
    `if (data) { kunmap_local(data); folio_put(folio); }`."""
    every = frozenset(names)
    maps = [
        a.left
        for a in graph.assignments()
        if a.right.partition("(")[0].strip() in _mapping() and every & set(_WORD.findall(a.right))
    ]
    return dict.fromkeys(nothing_there(graph, maps), "unknown") if maps else {}


@cache
def _mapping() -> frozenset[str]:
    """The calls that map a page (things.toml)."""
    return frozenset(data_tables("kinds/takes/words/things.toml")["thing"]["page_map"]["returning"])


def _remembered(node: Node, right: str, names: frozenset[str]) -> str:
    """The branch of a variable that tells that there is nothing, where it holds what a test said: `there = !IS_ERR(file)`."""
    if node.kind != "statement" or right in names or not any(name in right for name in names):
        return ""
    text = right.removeprefix("!")
    none = _none_label(replace(node, text=text, assignments=()), names)
    return _OTHER.get(none, "") if text != right else none


def _asked_of(graph: Graph, number: int, test: str) -> Iterator[tuple[int, str]]:
    """The branch right behind a node that says yes to a test, a pattern."""
    *_, last = graph.straight(number)
    if re.fullmatch(test, graph.nodes[last].text):
        yield last, "true"


def gone_with_owner(graph: Graph, name: str) -> dict[tuple[int, str], str]:
    """The branches that tell that the last reference went of what a lock is a part of."""
    tests = ((number, node) for number, node in enumerate(graph.nodes) if node.kind == "condition")
    return {(number, "true"): "unknown" for number, node in tests if _drops_owner(node, name)}


def _drops_owner(node: Node, name: str) -> bool:
    given = [call.arguments[0] for call in node.calls if call.callee in _tests("last") and call.arguments]
    owners = tuple(f"{text[1:].partition('->')[0]}->" for text in given if text.startswith("&") and "->" in text)
    return bool(owners) and name.startswith(owners)


def _none_label(node: Node, names: frozenset[str]) -> str:
    text = node.tested()
    coded = _CODED.fullmatch(text)
    if coded and coded[1] in names:
        return "true"
    place = re.sub(r" ?(?:!=|==) ?(?:NULL|0)$|^IS_ERR(?:_OR_NULL)? ?\((.*)\)$", r"\1", text)
    asked = re.fullmatch(r"(\w+) ?\((.*)\)", text)
    if asked and asked[1] in _tests("tagged") and asked[2] in names:
        return "true"
    pair = re.fullmatch(r"(.+?) ?([!=]=) ?(.+)", text)
    if pair and len({pair[1], pair[3]} & names) == 1 and not {pair[1], pair[3]} & {"NULL", "0"}:
        return "true" if pair[2] == "==" else "false"  # it is another's, which the function did not take
    if place not in names:
        return ""
    return "true" if text.startswith("IS_ERR") or re.search(r"==", text) else "false"
