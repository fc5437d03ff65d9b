"""The code and headers of two kernels -> Trees, what is asked of both by whoever learns how methods went to contexts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from cocci_gen.port.changes.declared import Declared
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.texts.instances import Code, Instance
from cocci_gen.port.texts.trees import Sources

_STRUCT = re.compile(rb"^struct[ \t]+(\w+)[ \t]*\n?\{", re.MULTILINE)


class Homes:
    """The headers of a kernel that declare the members of structures, read when first asked for."""

    def __init__(self, kernel: Sources) -> None:
        self._kernel = kernel
        self._known: dict[str, set[str]] = defaultdict(set)

    def of(self, tag: str) -> str:
        """The only header that declares what is in a structure, "" for none."""
        if not self._known:
            for path, text in self._kernel.texts(self._kernel.below(["include/linux"], (".h",))):
                for name in _STRUCT.findall(text):
                    self._known[name.decode()].add(path)
        found = self._known.get(tag, set())
        return next(iter(found)) if len(found) == 1 else ""


class Tables:
    """The functions that the tables of a tree name for methods, found once, however often some groups are left out."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._known: dict[frozenset[tuple[str, str]], tuple[Instance, ...]] = {}

    def of(self, methods: Iterable[tuple[str, str]]) -> tuple[Instance, ...]:
        """(structure, method) pairs -> their instances."""
        key = frozenset(methods)
        if key not in self._known:
            self._known[key] = self._code.instances(key)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class Trees:
    """What the ways are learned from: the code of both trees with what their tables name, the functions that stand in both, the
    headers, the habits."""

    old: Code
    new: Code
    pairs: Mapping[tuple[str, str], Pair]
    before: Callable[[str], Declared]
    after: Callable[[str], Declared]
    home: Callable[[str], str]
    habits: Habits
    named_before: Tables = field(init=False, compare=False)
    named: Tables = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "named_before", Tables(self.old))
        object.__setattr__(self, "named", Tables(self.new))
