"""A module after its port, and both kernels -> NewView: which of its lines the new kernel compiles, and why not.

An edit under a condition that is false on the new kernel is an edit of nothing.  Two sorts of condition are in doubt: one that
the new kernel answers with no (`defined(NAME)` of a macro that went, or of one that the module defines under such a condition),
and one that only the module's own build answers: its test may ask for what the new kernel has no more, and none is run here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cocci_gen.code.texts.conditionals import Conditionals, Names, names_in
from cocci_gen.code.texts.directives import Branch, Group, joined, version_code
from cocci_gen.facts.branches.configuration import configured
from cocci_gen.facts.branches.evidence import slots_of
from cocci_gen.facts.tree.heads import plain
from cocci_gen.facts.tree.index import version_of
from cocci_gen.facts.tree.kernel_words import KernelWords, kernel_words
from cocci_gen.kernel.module_makefiles import BuiltFiles, built_files
from cocci_gen.kernel.modules import Module
from cocci_gen.kernel.tree import KernelTree

#: A macro that is defined where another one is, and so on: more is one that names itself.
_DEPTH = 4
#: A conditional of a text and one of its branches, by number.
Numbers = tuple[int, int]
#: Names that a kernel's configuration decides, or a user of any module: no test of a `configure` stands behind them.
_NOT_BUILT = ("CONFIG_", "KBUILD_", "_")
_USERS = frozenset({"DEBUG", "NDEBUG", "MODULE", "KERNEL"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a branch is not, or perhaps not, compiled by the new kernel: its directive, the names that went and are asked for (with
    where), and the names that only the module's build sets."""

    condition: str
    gone: tuple[str, ...]
    set_by_build: tuple[str, ...]

    @property
    def reason(self) -> str:
        """For people, behind `FILE:LINE:`."""
        if self.set_by_build:
            names = ", ".join(self.set_by_build)
            tests = "test" if len(self.set_by_build) == 1 else "tests"
            return (
                f"the new kernel may not compile this line, as `{self.condition}` says: the module's build sets {names}, whose "
                f"{tests} may ask for what changed"
            )
        why = f" ({'; '.join(self.gone)})" if self.gone else ""
        return f"the new kernel does not compile this line: `{self.condition}` is false there{why}"


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is written, with the branches as the new kernel decides them, in the same order."""

    written: Conditionals
    decided: Conditionals

    def states(self) -> Iterator[tuple[int, int, Group, Branch, bool | None]]:
        """Every branch with its numbers, and whether it is compiled."""
        for number, (group, known) in enumerate(zip(self.written.groups, self.decided.groups, strict=True)):
            for place, (branch, same) in enumerate(zip(group.branches, known.branches, strict=True)):
                yield number, place, group, branch, same.taken


class NewView:
    """The texts of a module as the new kernel's preprocessor sees them."""

    def __init__(self, module: Module, trees: tuple[KernelTree, KernelTree], texts: Mapping[str, bytes]) -> None:
        """`texts` are those of the module after its port, with the conditionals as they are written."""
        old, new = trees
        headers = old.blobs().keys() | new.blobs().keys()
        self.built: BuiltFiles = built_files(module.within(module.files), lambda name: f"include/{name}" in headers)
        self.texts = dict(texts)
        self.files_of_module = module.files
        self.named_by_build = module.settable | self.built.open_macros
        written = {path: Conditionals(text) for path, text in texts.items()}
        asked = frozenset(name for one in written.values() for name in one.names())
        self._defined = _definitions(written)
        # Asked as the module was read, so that no header is read again.
        tags = frozenset(slot.struct for text in texts.values() for slot in slots_of(plain(text)))
        before, after = (kernel_words(tree, asked, tags, version_of(new)) for tree in trees)
        self.gone = {name for name in asked if _is_macro(name, before) and not _is_macro(name, after)}
        self.gone -= self._defined.keys()
        others = [text for path, text in module.files.items() if path not in texts and path.endswith((".c", ".h"))]
        given = dict.fromkeys(self.gone, False)
        found = configured(new, texts, self.built, module.settable, others, given)
        self._settable = {
            name
            for name in self.named_by_build & asked
            if name.isupper() and not name.startswith(_NOT_BUILT) and name not in _USERS | self.built.macros.keys()
            and name not in self._defined and not _is_macro(name, after)
        }  # fmt: skip
        self.decided = found.texts
        self.version = _version(new)
        self._files = {path: _read(one, found.texts[path]) for path, one in written.items()}
        self._doubts = {path: dict(self._doubts_of(path)) for path in self._files}

    def doubt(self, path: str, text: bytes, line: int) -> Doubt | None:
        """Why a line (from 0) of a file is perhaps not compiled; None where nothing is in doubt.  The text may be another
        state of the file with the same conditionals."""
        found = [doubt for _, doubt in self._around(path, text, line)]
        found.sort(key=lambda one: bool(one.set_by_build))  # what is surely false says more
        return found[0] if found else None

    def doubted(self, path: str, text: bytes, line: int) -> Iterator[Numbers]:
        """The branches around a line that are in doubt, by number."""
        return (numbers for numbers, _ in self._around(path, text, line))

    def set_around(self, path: str, text: bytes, line: int) -> frozenset[str]:
        """The names that only the module's build sets and that conditions around a line (from 0) ask for, those with another way
        (`#else`) aside: what stands there may be for a kernel that is older still."""
        groups = conditionals_of(text).groups
        around = self._around(path, text, line)
        alone = (doubt for (number, _), doubt in around if len(groups[number].branches) == 1)
        return frozenset(name for doubt in alone for name in doubt.set_by_build)

    def _around(self, path: str, text: bytes, line: int) -> Iterator[tuple[Numbers, Doubt]]:
        """What is in doubt around a line, the innermost first."""
        known = self._doubts.get(path, {})
        read = conditionals_of(text)
        if not known or len(read.groups) != len(self._files[path].written.groups):
            return
        numbers = {id(group): number for number, group in enumerate(read.groups)}
        place = read.owner(line)
        while place is not None:
            group, branch = place
            key = (numbers[id(group)], group.branches.index(branch))
            if key in known:
                yield key, known[key]
            place = read.around(group)

    def surely_compiled(self, path: str, line: int) -> bool:
        """Whether the new kernel compiles a line (from 0), or leaves that to nothing but its own configuration."""
        one = self._files[path]
        place = one.decided.owner(line)
        while place is not None:
            group, branch = place
            asked = {name for other in group.branches for name in names_in(other.condition)}
            if branch.taken is False or (branch.taken is None and not all(_is_configured(name) for name in asked)):
                return False
            place = one.decided.around(group)
        return self.doubt(path, self.texts[path], line) is None

    def _doubts_of(self, path: str) -> Iterator[tuple[Numbers, Doubt]]:
        one = self._files[path]
        by_version = Conditionals(
            self.texts[path]
        )  # `#if VERSION || defined(VENDOR)` asks nobody where the version will do
        by_version.decide(Names(version_code(*self.version)))
        for number, place, group, branch, taken in one.states():
            known = by_version.groups[number].branches[place].taken
            if one.written.is_default(group) or known is not None:
                continue
            asked = [name for other in group.branches[: place + 1] for name in names_in(other.condition)]
            names = self._behind(asked)
            built = tuple(name for name in names if name in self._settable)
            if taken is False or (taken is None and built) or (taken and set(asked) & self._settable):
                yield (number, place), Doubt(_shown(one.written, group, branch), self._why(asked), built)

    def _behind(self, asked: list[str]) -> tuple[str, ...]:
        """Some names, and those that stand around their definitions in the module."""
        found, todo = dict[str, None](), [(name, 0) for name in asked]
        while todo:
            name, depth = todo.pop(0)
            if name in found or depth > _DEPTH:
                continue
            found[name] = None
            for _, conditions, _ in self._defined.get(name, ()):
                todo += ((other, depth + 1) for other in conditions)
        return tuple(found)

    def _why(self, asked: list[str]) -> tuple[str, ...]:
        """What went of that which some names ask for, and where."""
        found = [f"{name} is gone" for name in asked if name in self.gone]
        for name in dict.fromkeys(asked):
            for path, conditions, line in self._defined.get(name, ()):
                went = [other for other in self._behind(list(conditions)) if other in self.gone]
                if went:
                    found.append(f"{path}:{line} defines {name} only where {', '.join(went)} is a macro, which is gone")
        return tuple(dict.fromkeys(found))


def without_branches(text: bytes, branches: Iterable[Numbers]) -> bytes:
    """A text with some branches of its conditionals empty; lines stay."""
    read = Conditionals(text)
    lines = list(read.lines)
    for group, branch in branches:
        one = read.groups[group].branches[branch]
        lines[one.last : one.end] = [b""] * (one.end - one.last)
    return b"\n".join(lines)


@lru_cache(maxsize=8)
def conditionals_of(text: bytes) -> Conditionals:
    """The conditionals of a text, for reading: one is asked line by line."""
    return Conditionals(text)


def _definitions(files: Mapping[str, Conditionals]) -> dict[str, list[tuple[str, tuple[str, ...], int]]]:
    """By macro: the file, the names that the conditions around its definition ask for, and the line of the innermost of these."""
    found: dict[str, list[tuple[str, tuple[str, ...], int]]] = {}
    for path, one in files.items():
        for definition in one.definitions:
            if definition.gone:
                continue
            names: list[str] = []
            place = inner = one.owner(definition.line)
            while place is not None:
                group, _ = place
                if not one.is_default(group):
                    names += (name for branch in group.branches for name in names_in(branch.condition))
                place = one.around(group)
            line = (inner[1].first if inner is not None else definition.line) + 1
            found.setdefault(definition.name, []).append((path, tuple(names), line))
    return found


def _read(written: Conditionals, decided: bytes) -> _File:
    """A file with what `decided` says of its branches; what that text does not decide stays open."""
    known = Conditionals(decided)
    known.decide(Names(version_code(0, 0, 0)))
    if [len(one.branches) for one in known.groups] != [len(one.branches) for one in written.groups]:
        known = written  # nothing is known of it
    return _File(written, known)


def _version(tree: KernelTree) -> tuple[int, int, int]:
    """The version of a kernel, for conditions that ask for it."""
    code = version_of(tree)
    return code >> 16, (code >> 8) & 255, code & 255


def _is_macro(name: str, kernel: KernelWords) -> bool:
    return name in kernel.defined or name in kernel.perhaps


def _is_configured(name: str) -> bool:
    return name.startswith("CONFIG_") or name in ("IS_ENABLED", "IS_MODULE", "IS_BUILTIN", "IS_REACHABLE")


def _shown(text: Conditionals, group: Group, branch: Branch) -> str:
    """The directive of a branch as it is written; an `#else` with what it is the other side of."""
    first = group.branches[0] if branch.word == "else" else branch
    words = " ".join(joined(b"\n".join(text.lines[first.first : first.last])).decode("utf-8", "replace").split())
    words = re.sub(r"^#\s+", "#", words)
    return f"#else of {words}" if branch.word == "else" else words
