"""IndexedFiles -> Resolution: a name and the file that says it -> the functions that it may mean there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from cocci_gen.code.texts.outline import static_alone
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.indexed_files import IndexedFiles
from cocci_gen.kernel.tree import KernelTree

#: The rank of headers: what a .c file defines hides their stubs.
_HEADER = 2


class Resolution:
    """The functions of one tree by name."""

    def __init__(self, tree: KernelTree, files: IndexedFiles) -> None:
        """`files` may be outlined later, before the first question."""
        self._tree = tree
        self._files = files
        self.definitions = lru_cache(maxsize=None)(self._definitions)
        self.definitions_in = lru_cache(maxsize=None)(self._definitions_in)
        self.resolve = lru_cache(maxsize=None)(self._resolve)
        self._visible_of = lru_cache(maxsize=None)(self._visible)

    def _definitions(self, name: str) -> tuple[Definition, ...]:
        """All functions of that name in the tree, in path order."""
        return self._files.defined(name, self._may_define(name))

    def _definitions_in(self, name: str, folder: str) -> tuple[Definition, ...]:
        """The functions of that name in the files of one folder, in path order; nothing else is parsed for it."""
        near = self._files.near(self._may_define(name), folder)
        return tuple(one for one in self._files.defined(name, near) if one.folder == folder)

    def _resolve(self, name: str, caller: str) -> tuple[Definition, ...]:
        """The definitions that `name` may mean in the file `caller`: those of the same file, else those of its folder,
        else every one that is visible from elsewhere; architecture variants and CONFIG twins may leave several.

        A .c file wins over a stub in a header.  Empty: nothing in the tree defines it as a function.
        """
        folder = folder_of(caller)
        near = self._files.near(self._may_define(name), folder)
        # What is further away is not parsed where what is near decides.
        for blobs in ([blob for blob in near if caller in self._files.places(blob)], near):
            found = [one for one in self._files.defined(name, blobs) if one.folder == folder]
            if found and (here := chosen(self._tree, found, caller)):
                return here
        if self._tree.home(caller):  # of a module: the kernel's functions hide behind its own, be they static
            return chosen(self._tree, self.definitions(name), caller)
        # Where a .c file has it, the headers are not parsed, nor, for a caller outside of arch/, the variants in there.
        for rank in range(1 if caller.startswith("arch/") else 0, _HEADER):
            seen = chosen(self._tree, self._visible_of(name, rank), caller)
            if any(one.path.endswith(".c") for one in seen):
                return seen
        return chosen(self._tree, self._visible_of(name, _HEADER), caller)

    def _may_define(self, name: str) -> list[int]:
        """The blobs whose outlines have the name."""
        return self._files.outlines.functions.blobs(name)

    def _visible(self, name: str, rank: int) -> tuple[Definition, ...]:
        """The functions of that name in files up to a rank but those that only their own .c file sees: what hundreds of drivers
        call `reset` is not parsed."""
        blobs = (blob for blob in self._may_define(name) if self._rank(blob) <= rank)
        return self._files.defined(name, [blob for blob in blobs if self._may_be_seen(blob, name)])

    def _rank(self, blob: int) -> int:
        """0 for a .c file, 1 for one of an architecture, then headers; the least of all places where the file lies."""
        return min(map(_rank, self._files.places(blob)))

    def _may_be_seen(self, blob: int, name: str) -> bool:
        path = self._files.places(blob)[0]
        if self._files.is_parsed(blob) or not path.endswith(".c"):
            return True
        return not static_alone(self._tree.read(path), name)


def chosen(tree: KernelTree, definitions: Iterable[Definition], caller: str) -> tuple[Definition, ...]:
    """Those of the definitions of one name that it may mean in a file."""
    # A name of a module is its own, whatever the kernel calls so, and never the kernel's.
    home = tree.home(caller)
    known = [(definition, tree.home(definition.path)) for definition in definitions]
    own = [definition for definition, whose in known if whose == home]
    every = own or [definition for definition, whose in known if not whose]
    here = [definition for definition in every if definition.path == caller]
    if here:
        return tuple(here)
    seen = [one for one in every if not one.span.static or one.path.endswith(".h")]
    wide = [one for one in seen if one.folder == folder_of(caller)] or seen
    compiled = [definition for definition in wide if definition.path.endswith(".c")]
    wide = compiled or wide
    generic = [definition for definition in wide if not definition.path.startswith("arch/")]
    if generic and not caller.startswith("arch/"):
        wide = generic
    includes = [definition for definition in wide if definition.path.startswith("include/")]
    return tuple(includes if includes and not compiled else wide)


def _rank(path: str) -> int:
    return _HEADER if not path.endswith(".c") else int(path.startswith("arch/"))
