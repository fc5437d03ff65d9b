"""Functions whose control flow, or text, some run has read -> who of them mentions a name.

What a run says of a function depends on the functions that it has read on the way there, and on nothing that nobody read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.texts.remarks import code_of
from cocci_gen.facts.tree.outlines import Names

_WORD = re.compile(r"(?:(?:->|\.) ?)?[A-Za-z_]\w*")
_CALLED = re.compile(rb"\b([A-Za-z_]\w*+) ?\(")
#: Stands in front of what is mentioned as a member: `ops->open`, `.open`.
_MEMBER = ">"
#: Stands in front of a function that is read without being called.
_BESIDE = "<"

#: A function (or macro): path and name.
Place = tuple[str, str]


def words_of(graph: Graph | None) -> frozenset[bytes]:
    """The identifiers of a function's code, macros written out, and of members as such; none where there was no graph."""
    found: set[str] = set()
    for node in graph.nodes if graph is not None else ():
        found.update(_WORD.findall(node.text))
        for call in node.calls:
            found.update(_WORD.findall(call.callee))
            for argument in call.arguments:
                found.update(_WORD.findall(argument))
        for assignment in node.assignments:
            found.update(_WORD.findall(assignment.right))
    words = (_MEMBER + word.lstrip("->. ") if word[0] in "-." else word for word in found)
    return frozenset(word.encode("utf-8", "surrogateescape") for word in words)


def called_in(text: bytes) -> frozenset[bytes]:
    """The names in front of a bracket in a function's text; in what comments and messages say nothing is called."""
    return frozenset(_CALLED.findall(code_of(text)))


def in_words(function: str) -> bytes:
    """A function that is read without being called, as a word that is mentioned."""
    return f"{_BESIDE}{function}".encode("utf-8", "surrogateescape")


def judging(function: str) -> str:
    """A function by which others are judged that do not lead to it, as what is told of these alone hangs on."""
    return f"={function}"


def called_in_folder(folder: str, function: str) -> str:
    """Whoever calls a function in a folder, as what a function hangs on beside what it leads to."""
    return f"{folder}/{function}()"


def named_anywhere(name: str) -> str:
    """Wherever in the tree a name stands, as what a function hangs on beside what it leads to."""
    return f"/{name}"


@dataclass(frozen=True, slots=True)
class KeptMentions:
    """What functions of any tree mention, as the index keeps it: of the number of each function its blob and its name, and the
    words, of most as `outlines.in_order` keeps them and of the `rest` as `outlines.numbered` does."""

    blobs: Sequence[str]
    names: Sequence[str]
    ordered: bytes
    rest: Mapping[int, bytes]


class Mentions:
    """Who mentions what, over one tree."""

    def __init__(self, kept: KeptMentions, paths: Mapping[str, Sequence[str]]) -> None:
        """`paths` are where the blobs of the tree lie; what other blobs mention does not count."""
        self._kept = kept
        self._paths = paths
        here = {number for number, blob in enumerate(kept.blobs) if blob in paths}
        self._names = Names(kept.ordered, kept.rest, here)

    def of(self, name: str) -> set[Place]:
        """The functions that mention a name, but for those that know a member by it."""
        kept = self._kept
        return {
            (path, kept.names[number]) for number in self._names.blobs(name) for path in self._paths[kept.blobs[number]]
        }

    def of_member(self, name: str) -> set[Place]:
        """The functions that mention a member: `ops->name`."""
        return self.of(_MEMBER + name)

    def of_beside(self, name: str) -> set[Place]:
        """The functions of which something is said that hangs on a function, though they do not lead to it."""
        return self.of(_BESIDE + name)

    def of_judged_by(self, name: str) -> set[Place]:
        """The functions of which something is told that hangs on a function, of which nobody reads anything who leads to them."""
        return self.of_beside(judging(name))
