"""An expression in a function -> ObjectPath, which object it is, reckoned from the super block, the inode or the dentry.

`EXAMPLE_SB(dentry->d_sb)->table` and `info->table` with `info = inode->i_sb->s_fs_info` are one object: two functions that never
call each other speak of it.  A local counts where everything that is assigned to it is the same object.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.graphs.operands import Address, Called, Element, Member, Name, Operand, Several, operand_of
from cocci_gen.errors import RuleDocumentError
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.macros import macros_of
from cocci_gen.facts.tree.shared import shared
from cocci_gen.resources import data_tables

#: A letter for the root, and the members that lead from it; `*` is an element, `^m` the structure around a member m.
ObjectPath = tuple[str, ...]

SUPER, INODE, DENTRY = "super block", "inode", "dentry"
UNKNOWN: ObjectPath = ()
#: Types of parameters -> what they are.
_ROOTS = {"struct super_block *": SUPER, "struct inode *": INODE, "struct dentry *": DENTRY}
#: Members that lead from one of the objects to another.
_LINKS = {
    (DENTRY, "d_sb"): SUPER,
    (DENTRY, "d_inode"): INODE,
    (DENTRY, "d_parent"): DENTRY,
    (INODE, "i_sb"): SUPER,
    (SUPER, "s_root"): DENTRY,
}
#: Accessors call accessors: this deep.
_DEPTH = 4
_ZERO = frozenset({"NULL", "0"})


@dataclass(frozen=True, slots=True)
class Free:
    """What a call frees, by position, and why it may stay all the same."""

    argument: int
    doubt: str


@dataclass(frozen=True, slots=True)
class WalkWords:
    """walk_words.toml, read."""

    ends: tuple[tuple[str, str], ...]
    frees: Mapping[str, Free]
    waits: frozenset[str]
    ends_device: frozenset[str]
    same: frozenset[str]
    containers: frozenset[str]
    left_in: frozenset[str]


@cache
def walk_words() -> WalkWords:
    """The words that ship with the package."""
    name = "facts/walks/walk_words.toml"
    data = data_tables(name)
    try:
        frees = {
            str(word): Free(int(entry["argument"]), str(entry.get("doubt", "")))
            for entry in data["free"]
            for word in entry["names"]
        }
        methods = tuple((str(entry["struct"]), str(entry["method"])) for entry in data["end"])
        values, grace = data["values"], data["grace"]
        waits, ends = (frozenset(map(str, grace[name])) for name in ("waits", "ends_device"))
        same, containers, left_in = (frozenset(map(str, values[name])) for name in ("same", "containers", "left_in"))
        return WalkWords(methods, frees, waits, ends, same, containers, left_in)
    except (KeyError, TypeError, ValueError) as error:
        raise RuleDocumentError(name, 0, f"an entry lacks or misspells {error}; mend it there") from error


def roots(graph: Graph) -> dict[str, ObjectPath]:
    """The parameters of a method that are a super block, an inode or a dentry."""
    kinds = ((one.name, _ROOTS.get(one.type.removeprefix("const "))) for one in graph.parameters)
    return {name: (kind,) for name, kind in kinds if name and kind}


def shown(path: ObjectPath) -> str:
    """A path as people read it: `s_fs_info->table of the super block`."""
    members = [one for one in path[1:] if one != "*"]
    around = [one[1:] for one in members if one.startswith("^")]
    named = "->".join(one for one in members if not one.startswith("^"))
    whole = f"the structure around the {path[0]}" if around else f"the {path[0]}"
    return f"{named} of {whole}" if named else whole


def extends(longer: ObjectPath, shorter: ObjectPath) -> bool:
    """Whether who looks at the first follows the second."""
    return len(longer) > len(shorter) and longer[: len(shorter)] == shorter


def step(path: ObjectPath, member: str) -> ObjectPath:
    """The member of an object."""
    if not path:
        return UNKNOWN
    if len(path) == 1 and (path[0], member) in _LINKS:
        return (_LINKS[path[0], member],)
    if path[-1] == f"^{member}":
        return path[:-1]
    return (*path, member)


class ObjectPaths:
    """The paths of expressions, over one index."""

    def __init__(self, index: KernelIndex) -> None:
        self.index = index
        self.words = walk_words()
        self._known: dict[tuple[str, tuple[ObjectPath, ...], str, int], ObjectPath] = {}

    def graphs(self, name: str, path: str) -> tuple[tuple[str, Graph], ...]:
        """What a name that is called in a file may be, with the files: functions, or a macro."""
        found = [(one.path, self.index.graph(one)) for one in self.index.resolve(name, path)]
        if not found and (macro := macros_of(self.index).of(name, path)) is not None:
            found = [(macro.path, macro.graph)]
        return tuple((where, graph) for where, graph in found if graph is not None)

    def locals(
        self, graph: Graph, path: str, given: Mapping[str, ObjectPath], reached: Collection[int], depth: int = _DEPTH
    ) -> dict[str, ObjectPath]:
        """The names of a function that are an object: what it is given, and locals that hold one and the same wherever they are
        set on the nodes that are `reached`."""
        set_to: dict[str, list[Operand]] = {}
        for number in reached:
            for one in graph.nodes[number].assignments:
                if one.operator != "=":
                    set_to.setdefault(one.left, []).append(Several(()))
                elif one.right.strip() not in _ZERO:
                    set_to.setdefault(one.left, []).append(operand_of(one.right))
        known = {name: where for name, where in given.items() if name not in set_to}
        while True:
            more = {}
            for name, values in set_to.items():
                if name.isidentifier() and name not in known:
                    found = {self.path(value, known, path, depth) for value in values}
                    if len(found) == 1 and (only := found.pop()):
                        more[name] = only
            if not more:
                return known
            known |= more

    def path(self, operand: Operand, known: Mapping[str, ObjectPath], path: str, depth: int = _DEPTH) -> ObjectPath:
        """The object that an operand of a function is, in the file `path`; UNKNOWN where it is none or cannot be told."""
        if isinstance(operand, Name):
            return known.get(operand.name, UNKNOWN)
        if isinstance(operand, Member):
            return step(self.path(operand.base, known, path, depth), operand.name)
        if isinstance(operand, Address):
            return self.path(operand.base, known, path, depth)
        if isinstance(operand, Element):
            base = self.path(operand.base, known, path, depth)
            return (*base, "*") if base else UNKNOWN
        if isinstance(operand, Called) and isinstance(operand.callee, Name) and operand.arguments:
            return self._called(operand.callee.name, operand.arguments, known, path, depth)
        return UNKNOWN

    def _called(
        self, name: str, arguments: tuple[Operand, ...], known: Mapping[str, ObjectPath], path: str, depth: int
    ) -> ObjectPath:
        first = self.path(arguments[0], known, path, depth)
        if name in self.words.same:
            return first
        if name in self.words.containers:
            member = _written(arguments[-1])
            return (*first, f"^{member}") if first and member else UNKNOWN
        given = tuple(self.path(one, known, path, depth) for one in arguments)
        if not depth or not any(given):
            return UNKNOWN
        key = (name, given, path, depth)
        if key not in self._known:
            self._known[key] = self._accessed(*key)
        return self._known[key]

    def _accessed(self, name: str, given: tuple[ObjectPath, ...], path: str, depth: int) -> ObjectPath:
        """What an accessor hands back: every definition of it, at every return, the same."""
        found = set()
        for where, graph in self.graphs(name, path):
            passed = {p.name: g for p, g in zip(graph.parameters, given, strict=False) if p.name and g}
            known = self.locals(graph, where, passed, range(len(graph.nodes)), depth - 1)
            texts = [node.returned for node in graph.nodes if node.kind == "return" and node.returned] or [
                node.text for node in graph.nodes if node.kind == "statement" and "void *" in _types(graph)
            ]
            found |= {self.path(operand_of(text), known, where, depth - 1) for text in texts if text not in _ZERO}
        return found.pop() if len(found) == 1 else UNKNOWN


def _types(graph: Graph) -> tuple[str, ...]:
    return tuple(one.type for one in graph.parameters)


def _written(operand: Operand) -> str:
    """The member that a container is told by."""
    if isinstance(operand, Member):
        base = _written(operand.base)
        return f"{base}.{operand.name}" if base else ""
    return operand.name if isinstance(operand, Name) else ""


def object_paths(index: KernelIndex) -> ObjectPaths:
    """The one look-up of an index."""
    return shared(index, ObjectPaths)
