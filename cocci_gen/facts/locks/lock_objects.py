"""An expression of a function and what its names stand for -> the object that it denotes.

Objects are few (lock_objects.toml): "inode" is the one whose lock is held, "dentry" a dentry of that inode, "child" a dentry
in that directory.  What leads to none of them is "", which no rule ever takes for a held object.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from cocci_gen.code.graphs.control_flow import Graph, Parameter
from cocci_gen.code.texts.reading import first_argument
from cocci_gen.resources import data_tables

_NAME = re.compile(r"[A-Za-z_]\w*")
#: A variable, or a member of one that is a structure itself: `old.inode`.
_PLACE = re.compile(r"[A-Za-z_]\w*(?:\.\w+)?")
#: `.inode = d_inode(dentry)` in an initialiser.
_INITIALISED = re.compile(r"\.(\w+) ?= ?((?:[^(){},]|\((?:[^()]|\([^()]*\))*\))+)")
_CAST = re.compile(r"^\((?:const )?(?:struct )?\w+ ?\*+ ?\) ?")
_CALL = re.compile(r"([A-Za-z_]\w*) ?\((.*)\)$", re.S)
_STRUCT = re.compile(r"^(?:const )?struct (\w+) (?:const )?\*$")

#: Name in a function -> object.
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Victim:
    """A second inode that the VFS locks for a method: that of its dentry number `dentry`, its argument number `argument`, where
    there is one (`always`)."""

    dentry: int
    argument: int
    always: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """The inode that a method moves, of its dentry number `dentry`: locked where `condition` is found in that of the obligation,
    and `only` then."""

    dentry: int
    condition: re.Pattern[str]
    only: str


@dataclass(frozen=True, slots=True)
class Area:
    """Methods that are called with mmap_lock held for reading, and the members of a vm_area_struct that only a writer changes."""

    methods: frozenset[str]
    written: frozenset[str]


@dataclass(frozen=True, slots=True)
class LockObjects:
    """lock_objects.toml, read."""

    parameter: Mapping[str, str]
    field: Mapping[str, str]
    function: Mapping[str, Mapping[str, str]]
    same: frozenset[str]
    member: Mapping[str, tuple[str, ...]]
    held: Mapping[str, str]
    victim: Mapping[str, Victim]
    moved: Mapping[str, Moved]
    area: Area
    inode_private: re.Pattern[str]
    disk_private: re.Pattern[str]

    def of_type(self, parameter: Parameter) -> str:
        """The object that a parameter of this type is, "" for any other type."""
        match = _STRUCT.match(parameter.type)
        return self.parameter.get(match.group(1), "") if match else ""

    def denoted(self, expression: str, names: Names) -> str:
        """The object that an expression denotes, "" when none is known: `d_inode(dentry)`, `&file->f_path`, `(struct x *)y`."""
        text = _bare(expression)
        if _NAME.fullmatch(text) or text in names:
            return names.get(text, "")
        if text == "current->mm":
            return "mm" if "mm" in names.values() else ""
        call = _CALL.match(text)
        if call and _balanced(call.group(2)):
            return self._returned(call.group(1), call.group(2), names)
        step = _last_step(text)
        if step is None:
            return ""
        before, field = self.denoted(step[0], names), step[1]
        if before == "disk_private" and self.disk_private.search(field):
            return "disk"
        return self.field.get(f"{before}.{field}", "") if before else ""

    def _returned(self, function: str, arguments: str, names: Names) -> str:
        first = self.denoted(first_argument(arguments), names)
        if not first:
            return ""
        if function in self.same:
            return first
        if function in self.function:
            return self.function[function].get(first, "")
        return "inode_private" if first == "inode" and self.inode_private.match(function) else ""

    def member_of(self, expression: str, names: Names) -> tuple[str, str]:
        """`&inode->i_rwsem` -> ("inode", "i_rwsem"); ("", "") when it is no member of a known object."""
        step = _last_step(_bare(expression))
        if step is None:
            return "", ""
        before = self.denoted(step[0], names)
        return (before, step[1]) if before else ("", "")

    def local_names(self, graph: Graph, given: Names) -> dict[str, str]:
        """`given` (parameters) and the locals that always hold a known object; a name that is assigned two different
        things holds neither."""
        assigned: dict[str, list[str]] = {}
        for assignment in graph.assignments():
            if _PLACE.fullmatch(assignment.left):
                assigned.setdefault(assignment.left, []).append(assignment.right if assignment.operator == "=" else "")
            for member, value in _INITIALISED.findall(assignment.right) if assignment.right.startswith("{") else ():
                assigned.setdefault(f"{assignment.left}.{member}", []).append(value.strip())
        names = {name: found for name, found in given.items() if name not in assigned}
        taken = {name for name, found in given.items() if found and name in assigned}
        for name in taken:
            if all(self.denoted(right, {**names, name: given[name]}) == given[name] for right in assigned[name]):
                names[name] = given[name]
        while True:
            more = dict(names)
            for name, rights in assigned.items():
                if name in names or name in given:
                    continue
                found = {self.denoted(right, names) for right in rights if right != "NULL"}
                if len(found) == 1 and (one := found.pop()):
                    more[name] = one
            if more == names:
                return names
            names = more


@cache
def lock_objects() -> LockObjects:
    """The objects that ship with the package."""
    data = data_tables("facts/locks/lock_objects.toml")
    return LockObjects(
        data["parameter"],
        data["field"],
        data["function"],
        frozenset(data["same"]["names"]),
        {name: tuple(members) for name, members in data["member"].items()},
        data["held"],
        {method: Victim(one["dentry"], one["argument"], one["always"]) for method, one in data["victim"].items()},
        {
            method: Moved(one["dentry"], re.compile(one["condition"]), one["only"])
            for method, one in data["moved"].items()
        },
        Area(frozenset(data["area"]["methods"]), frozenset(data["area"]["written"])),
        re.compile(data["parts"]["inode_private"]),
        re.compile(data["parts"]["disk_private"]),
    )


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


@lru_cache(maxsize=1 << 14)
def _bare(expression: str) -> str:
    """Without `&`, casts and brackets around the whole."""
    text = expression.strip()
    while True:
        before = text
        text = text.removeprefix("&").strip()
        if text.startswith("(") and text.endswith(")") and _balanced(text[1:-1]):
            text = text[1:-1].strip()
        elif match := _CAST.match(text):
            text = text[match.end() :]
        if text == before:
            return text


@lru_cache(maxsize=1 << 14)
def _last_step(text: str) -> tuple[str, str] | None:
    """`a->b.c` -> (`a->b`, `c`)."""
    match = re.search(r"(?:->|\.)([A-Za-z_]\w*)$", text)
    return (text[: match.start()], match.group(1)) if match and match.start() else None
