"""A call that is given what is made from a thing -> whether it gives the thing back by what leads from there to it again.

`bed_put(BED_I(inode))` drops the inode where it ends in `iput(VFS_I(bed))`, and the one is the `container_of()` of the other.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.takes.words.things import Thing

#: Functions deep that are read.
_DEPTH = 3
#: `BED_I(inode)`.
_MADE = re.compile(r"([A-Za-z_]\w*) ?\((\w+)\)")
#: `&bed->vfs_inode`.
_PART = re.compile(r"&\(?(\w+)->(\w+)\)?")
_AROUND = re.compile(r"\breturn\s+container_of\s*\(\s*\w+\s*,\s*struct\s+\w+\s*,\s*(\w+)\s*\)\s*;")
_WITHIN = re.compile(r"\breturn\s+&\s*\w+->(\w+)\s*;")


@dataclass(frozen=True, slots=True)
class Made:
    """What may be given back by what was made from it."""

    index: KernelIndex
    thing: Thing

    def ends(self, call: Call, path: str, names: Collection[str]) -> bool:
        """Whether a call in a file, given what is made from the thing of some names, gives that back on each of its ways."""
        for position, text in enumerate(call.arguments if call.direct else ()):
            made = _MADE.fullmatch(text)
            part = self._part(made[1], path, _AROUND) if made and made[2] in names else ""
            if part and self._leads_on(call, position, path, part, _DEPTH):
                return True
        return False

    def _leads_on(self, call: Call, position: int, path: str, part: str, depth: int) -> bool:
        every = self.index.resolve(call.callee, path) if depth else ()
        return len(every) == 1 and self._always_ends(every[0], position, part, depth - 1)

    def _always_ends(self, definition: Definition, position: int, part: str, depth: int) -> bool:
        """Whether no way through a function passes by what gives back the part of what a parameter points to."""
        graph = self.index.graph(definition)
        if graph is None or not graph.whole or position >= len(graph.parameters):
            return False
        name = graph.parameters[position].name
        if any(one.left == name for one in graph.assignments()):
            return False
        nodes = enumerate(graph.nodes)
        ending = {n for n, node in nodes if any(self._ends(c, name, definition.path, part, depth) for c in node.calls)}
        left = {0, *graph.behind((0,), ending)} - ending
        return bool(ending) and all(graph.nodes[n].successors for n in left)

    def _ends(self, call: Call, name: str, path: str, part: str, depth: int) -> bool:
        """Whether a call gives back the part of what a name points to, itself or in what it hands that on to."""
        if call.callee in self.thing.releases:
            text = call.arguments[0] if call.arguments else ""
            made, within = _MADE.fullmatch(text), _PART.fullmatch(text)
            if made and made[2] == name:
                return self._part(made[1], path, _WITHIN) == part
            return within is not None and within.groups() == (name, part)
        return (
            call.direct
            and name in call.arguments
            and self._leads_on(call, call.arguments.index(name), path, part, depth)
        )

    def _part(self, name: str, path: str, how: re.Pattern[str]) -> str:
        """The member by which a function leads from a structure to a part of it, or back; "" for any other."""
        every = self.index.resolve(name, path)
        texts = (self.index.text_of(one).decode("utf-8", "replace") for one in every)
        found = {match[1] if (match := how.search(text)) else "" for text in texts}
        return found.pop() if len(found) == 1 else ""
