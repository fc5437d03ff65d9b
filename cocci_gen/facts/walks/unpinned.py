"""A Flow in rcu-walk -> what a node of it asks of a dentry that nobody holds there.

In rcu-walk the dentry of the method, its parent and its name may go away at any moment; only the memory stays.  The inode may be
read once and must be tested before it is used; a dentry that the caller gives as NULL (->get_link) must not be looked into.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.paths import Path, find_path
from cocci_gen.code.texts.values import Number
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.walks.sleep_flow import Flow, Unpinned
from cocci_gen.facts.walks.sleep_words import SleepWords

#: Calls deep that a pointer is followed before somebody looks into it.
DEPTH = 3

#: `dentry->d_parent->d_inode`, with READ_ONCE() around it or without.
_READ = re.compile(r"(?<![\w>.])(?P<dentry>[A-Za-z_]\w*(?:(?:->|\.)\w+)*)->d_inode\b")
_NAME = re.compile(r"[A-Za-z_]\w*")
#: A member of a local structure: `realpath.dentry`.
_MEMBER = re.compile(r"([A-Za-z_]\w*)\.\w+")
_LOCAL_PARENT = re.compile(r"->d_parent\)?$")


class Breach(StrEnum):
    """Why a look at a dentry is wrong in rcu-walk."""

    NO = ""
    PARENT = "gives NULL for a parent that was removed meanwhile"
    UNTESTED = "may be NULL by now, and is looked into without a test"
    ABSENT = "looks into the dentry, which is NULL in rcu-walk"
    PINS = "takes a reference to a dentry that may be dying"


@dataclass(frozen=True, slots=True)
class _Use:
    """A variable at a node: the pointer is there from `node` on; `given_away` counts handing it over as following it."""

    node: int
    name: str
    given_away: bool = False


def looks(node: Node) -> Iterator[Call]:
    """What a node reads of dentries without a call, as calls through a pointer: `dentry->d_parent->d_inode`."""
    for match in _READ.finditer(node.text):
        callee = f"{match['dentry']}->d_inode"
        if not any(assignment.left == callee for assignment in node.assignments):
            yield Call(callee, False, (match["dentry"],), node.line)


def absent_looks(flow: Flow, number: int) -> Iterator[Call]:
    """What a node reads of a dentry that is known to be NULL there."""
    known, node = flow.known(number), flow.graph.nodes[number]
    for parameter in flow.graph.parameters:
        absent = "struct dentry *" in parameter.type and known.get(parameter.name) == Number(0)
        if absent and (look := re.search(rf"(?<![\w>.]){parameter.name}->\w+", node.text)):
            yield Call(look.group(), False, (parameter.name,), node.line)


def unpinned_names(flow: Flow) -> frozenset[str]:
    """The names of a function that hold a dentry which nobody holds: parameters so bound, and locals that come from them."""
    names = {name for name, value in flow.bindings if isinstance(value, Unpinned)}
    while True:
        more = {
            a.left
            for a in flow.graph.assignments()
            if a.operator == "=" and _NAME.fullmatch(a.left) and _of_dentry(a.right, names)
        }
        if more <= names:
            return frozenset(names)
        names |= more


def _of_dentry(text: str, names: set[str]) -> bool:
    """Whether an expression is one of the dentries, or the parent of one."""
    bare = re.sub(r"^(?:\([^()]*\) ?)?(?:READ_ONCE|rcu_dereference) ?\((.*)\)$", r"\1", text).strip("() ")
    return bare.removesuffix("->d_parent") in names


class Looks:
    """The judge of looks at dentries, over one index."""

    def __init__(self, index: KernelIndex, words: SleepWords) -> None:
        self.index = index
        self.words = words
        self._looked: dict[tuple[str, str, int], bool] = {}

    def breach(self, flow: Flow, path: str, number: int, call: Call, *, plain: bool) -> Breach:
        """What is wrong with `d_inode(x)`, or with a look at `x->d_inode`, at a node; `plain` is a call that gives no warning
        to whoever reads it, as d_inode_rcu() does."""
        dentry = call.arguments[0] if call.arguments else ""
        if flow.known(number).get(dentry) == Number(0):
            return Breach.ABSENT
        if _only_compared(flow.graph.nodes[number], call):
            return Breach.NO
        of_parent = dentry.endswith("->d_parent") or dentry in _parents(flow.graph)
        if not of_parent and dentry not in unpinned_names(flow) and not self.finder(flow.graph, path, call):
            return Breach.NO
        if of_parent and plain and call.direct and not self._is_kept(flow.graph, number, call):
            return Breach.PARENT
        if not self.is_looked_into(flow, path, number, call, given_away=of_parent and plain):
            return Breach.NO
        return Breach.PARENT if of_parent else Breach.UNTESTED

    def finder(self, graph: Graph, path: str, call: Call) -> str:
        """The function that looks up, in what hangs on an inode or dentry of the method, the dentry that a call is given; ""
        where none does, or where it takes a reference to it."""
        dentry = call.arguments[0] if call.arguments else ""
        base = _MEMBER.fullmatch(dentry)
        for found in graph.calls():
            fills = base is not None and f"&{base[1]}" in found.arguments
            if found.direct and _owned(graph, found.arguments) and (fills or _gives(graph, found, dentry)):
                return found.callee if self._only_looks(found.callee, path) else ""
        return ""

    def _only_looks(self, name: str, path: str) -> bool:
        """Whether every definition of a function is there to be read, and pins nothing."""
        graphs = [self.index.graph(one) for one in self.index.resolve(name, path)[:3]]
        return bool(graphs) and all(
            graph is not None and not any(self.words.pins.why(call.callee) for call in graph.calls())
            for graph in graphs
        )

    @staticmethod
    def pins(flow: Flow, call: Call) -> Breach:
        """Whether a call takes a reference to such a dentry."""
        dentry = call.arguments[0] if call.arguments else ""
        nobodys = dentry in unpinned_names(flow) or dentry.removesuffix("->d_parent") in unpinned_names(flow)
        return Breach.PINS if nobodys else Breach.NO

    @staticmethod
    def _is_kept(graph: Graph, number: int, call: Call) -> bool:
        """Whether the value goes into a variable, whose test can be looked for."""
        return any(
            _whole(a.right, _written_call(call)) and _NAME.fullmatch(a.left) for a in graph.nodes[number].assignments
        )

    def is_looked_into(self, flow: Flow, path: str, number: int, call: Call, *, given_away: bool) -> bool:
        """Whether the pointer is followed on some way before it was tested, or (`given_away`) handed to whomever."""
        node, text = flow.graph.nodes[number], _written_call(call)
        if _follows(node.text, text) or self._handed(node, path, text, DEPTH):
            return True
        kept = [a.left for a in node.assignments if _holds(a.right, text) and _NAME.fullmatch(a.left)]
        return any(self._followed(flow, path, _Use(number, name, given_away), DEPTH) for name in kept)

    def _followed(self, flow: Flow | Graph, path: str, use: _Use, depth: int) -> bool:
        graph = flow.graph if isinstance(flow, Flow) else flow
        refused = flow.refused if isinstance(flow, Flow) else lambda node, label: False
        others = [(at, node) for at, node in enumerate(graph.nodes) if at != use.node]
        followed = {at for at, node in others if self._follows(node, path, use, depth)}
        stops = {at for at, node in others if at not in followed and _tests(node, use.name)}
        ways = (find_path(graph, at, stops, start=use.node, refused=refused) for at in sorted(followed))
        return any(isinstance(way, Path) for way in ways)

    def _follows(self, node: Node, path: str, use: _Use, depth: int) -> bool:
        given = use.given_away and any(_whole(one, use.name) for call in node.calls for one in call.arguments)
        return given or _follows(node.text, use.name) or self._handed(node, path, use.name, depth)

    def _handed(self, node: Node, path: str, text: str, depth: int) -> bool:
        """Whether a callee, or a macro, that gets the pointer looks into it before it tests it."""
        if depth == 0 or _asked_before(node.text, text):
            return False
        return any(
            _whole(argument, text) and self._looks_into(call.callee, place, path, depth - 1)
            for call in node.calls
            if call.direct
            for place, argument in enumerate(call.arguments)
        )

    def _looks_into(self, name: str, place: int, path: str, depth: int) -> bool:
        if self.words.follows.why(name):
            return True
        key = (name, path, place)
        if key not in self._looked:
            self._looked[key] = False
            definitions = self.index.resolve(name, path)
            graphs = [(one.path, self.index.graph(one)) for one in definitions[:3]]
            self._looked[key] = bool(graphs) and all(
                graph is not None
                and place < len(graph.parameters)
                and bool(graph.parameters[place].name)
                and self._followed(graph, where, _Use(0, graph.parameters[place].name), depth)
                for where, graph in graphs
            )
        return self._looked[key]


def _owned(graph: Graph, arguments: tuple[str, ...]) -> bool:
    """Whether an argument is an inode or a dentry that the function is given."""
    return any(
        re.search(r"struct (?:inode|dentry) \*$", one.type.strip()) and one.name in arguments
        for one in graph.parameters
    )


def _gives(graph: Graph, call: Call, dentry: str) -> bool:
    """Whether a dentry is what a call returns, by its only name."""
    rights = [a.right for a in graph.assignments() if a.left == dentry]
    return dentry == call.text or rights == [call.text]


def _written_call(call: Call) -> str:
    """The source of `d_inode(x)`, or of a look at `x->d_inode`."""
    return call.text if call.direct else call.callee


def _whole(text: str, wanted: str) -> bool:
    return text.strip("() ") in (wanted, wanted.strip("() ")) or text == wanted


def _holds(right: str, wanted: str) -> bool:
    """Whether what is assigned is the pointer, or what contains its object: `EXT_I(d_inode(dentry))`."""
    return _whole(right, wanted) or re.fullmatch(rf"\w+ ?\( ?{re.escape(wanted)} ?\)", right) is not None


def _follows(text: str, wanted: str) -> bool:
    """Whether a pointer is followed in a text, `p->x`, `*p`, `OF(p)->x`, that does not ask for it first: `!p || p->x`."""
    escaped = re.escape(wanted)
    if re.search(rf"(?<![\w>.]){escaped}(?: ?\))* ?(?:[!=]= ?NULL)?(?: ?\))* ?(?:&&|\|\||\?)", text):
        return False
    return re.search(rf"(?<![\w>.]){escaped}(?: ?\))*->(?!d_inode\b)", text) is not None or (
        re.search(rf"(?:^|[=(,!&|?:] ?)\*{escaped}(?!\w|->|\.|\()", text) is not None
    )


def _asked_before(text: str, wanted: str) -> bool:
    """Whether a text asks for a pointer itself before it goes on: `p && walk(p)`, not `walk(p) && more`."""
    return re.search(rf"(?<![\w>.])(?<!\w\(){re.escape(wanted)} ?(?:[!=]= ?NULL ?)?(?:&&|\|\||\?)", text) is not None


def _tests(node: Node, name: str) -> bool:
    """Whether a node asks for the pointer, or puts another one in its place."""
    if any(a.left == name for a in node.assignments):
        return True
    asked = re.search(rf"(?<![\w>.]){name}\b(?!->|\.)", node.text) is not None
    return node.kind == "condition" and asked and not _follows(node.text, name)


def _only_compared(node: Node, call: Call) -> bool:
    """What is only compared may be gone."""
    text = re.escape(_written_call(call)) if not call.direct else rf"{re.escape(call.callee)} ?\([^()]*\)"
    return re.search(rf"[=!]= ?{text}(?!->)|(?<![\w>]){text} ?[=!]=", node.text) is not None


def _parents(graph: Graph) -> frozenset[str]:
    """The locals that were taken from `->d_parent` without a reference."""
    return frozenset(a.left for a in graph.assignments() if _LOCAL_PARENT.search(a.right))
