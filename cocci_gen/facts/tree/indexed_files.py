"""KernelTree and IndexStore -> IndexedFiles: the C files of one tree by blob, outlined all, parsed when they are asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cocci_gen.code.texts.source import FunctionSpan
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.extraction import facts_of, outlines_of, versioned
from cocci_gen.facts.tree.outlines import Names
from cocci_gen.facts.tree.store import CALLS, IndexStore
from cocci_gen.kernel.tree import KernelTree

#: Parts of a kernel tree that hold programs of user space or copies: no rule applies there and no name resolves there.
OUTSIDE = ("tools/", "scripts/", "samples/", "Documentation/", "usr/", "rust/")
#: Files that are parsed at a time where a few may do.
SOME = 8

#: A number is looked for in an ordered list of numbers in the time that so many are compared one by one.
_DEEP = 8

#: Told how many of how many are done.
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Progress that nobody wants to see."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """Which blobs may define a function, fill in a method in a table or by assignment, name a function in a table, and have a
    table of a structure."""

    functions: Names
    tabled: Names
    assigned: Names
    targets: Names
    tags: Names

    @property
    def every(self) -> tuple[Names, ...]:
        """The sorts of names, in their order."""
        return self.functions, self.tabled, self.assigned, self.targets, self.tags


class IndexedFiles:
    """The files of one tree that the index covers.  A blob that lies in several places is known by one number."""

    def __init__(self, tree: KernelTree, version: int, store: IndexStore) -> None:
        """`version` is the LINUX_VERSION_CODE of the tree; the store is not closed here."""
        self._tree = tree
        self._version = version
        self._store = store
        #: Path -> blob id of every file.
        self.oids = {
            path: blob.oid
            for path, blob in tree.blobs().items()
            if path.endswith((".c", ".h")) and blob.mode.startswith("100") and not path.startswith(OUTSIDE)
        }
        #: Blob id -> the paths where it lies, in order.
        self.paths: dict[str, list[str]] = {}
        self._by_folder: dict[str, list[str]] = {}
        for path in sorted(self.oids):
            self.paths.setdefault(self.oids[path], []).append(path)
            self._by_folder.setdefault(folder_of(path), []).append(path)
        self._numbers: Mapping[str, int] = {}
        self._blob_ids: dict[int, str] = {}
        self._in_folder: dict[str, set[int]] = {}
        self._parsed: set[int] = set()
        #: The names of the blobs up to this one were read.
        self._last = 0
        #: Name -> the functions of that name, in path order, of the blobs that are parsed.
        self._by_name: dict[str, tuple[Definition, ...]] = {}
        self.outlines = Outlines(*(Names(b"", {}, ()) for _ in range(CALLS)))
        #: Which blobs call or declare a function, once that is asked.
        self._called: Names | None = None
        self.functions_in = lru_cache(maxsize=1024)(self._functions_in)

    def follow(self, former: IndexedFiles) -> None:
        """Before anything is outlined: know what is known of another tree of this version in the same store."""
        self._numbers = {oid: number for oid, number in former._numbers.items() if oid in self.paths}
        self._parsed = set(former._parsed)
        self._last, self.outlines = former._last, former.outlines

    def outline(self, jobs: int, progress: Progress = silent) -> int:
        """Outline what the store does not hold yet, in `jobs` processes; how many blobs these were.

        Each chunk is committed when it is done, so an interrupted run goes on from there.
        """
        known = dict(self._numbers)
        known |= self._known([oid for oid in self.paths if oid not in known])
        missing = [oid for oid in self.paths if oid not in known]
        progress(0, len(missing))
        done = 0
        for rows in outlines_of(self._tree, missing, self._version, jobs):
            self._store.insert_outlines(rows)
            done += len(rows)
            progress(done, len(missing))
        self._number(known | self._known(missing) if missing else known)
        return len(missing)

    def _number(self, numbers: Mapping[str, int]) -> None:
        """Take the numbers that the store has for the blobs, and what it knows of them."""
        self._numbers = numbers
        self._blob_ids = {number: oid for oid, number in numbers.items()}
        self._in_folder = {}
        for oid, number in numbers.items():
            for path in self.paths[oid]:
                self._in_folder.setdefault(folder_of(path), set()).add(number)
        last = self._store.last()
        if self._last:  # that of the tree which this one follows
            every = zip(self.outlines.every, self._store.names_behind(self._last), strict=True)
            self.outlines = Outlines(*(names.over(self._blob_ids, more) for names, more in every))
        else:
            self._parsed = self._store.parsed()
            self.outlines = Outlines(
                *(Names(ordered, rest, self._blob_ids) for ordered, rest in self._store.names(range(CALLS)))
            )
        self._last, self._called = last, None

    def placed_otherwise(self, other: IndexedFiles) -> set[int]:
        """The blobs that lie elsewhere than in another tree in the same store, or in one of the two alone."""
        oids = {oid for oid, paths in self.paths.items() if other.paths.get(oid) != paths}
        oids |= other.paths.keys() - self.paths.keys()
        numbers = ((self._numbers.get(oid), other._numbers.get(oid)) for oid in oids)
        return {number for pair in numbers for number in pair if number is not None}

    def parse(self, blobs: Iterable[int], jobs: int = 0, progress: Progress = silent) -> None:
        """Parse those of the blobs that are not yet."""
        unread = sorted(blob for blob in blobs if blob not in self._parsed)
        missing = [self._blob_ids[blob] for blob in unread if not self._is_parsed_by_now(blob)]
        if not missing:
            return
        done = 0
        progress(0, len(missing))
        for rows in facts_of(self._tree, missing, self._version, jobs):
            self._store.insert_facts([(self._numbers[row[0]], row) for row in rows])
            self._parsed.update(self._numbers[row[0]] for row in rows)
            for name in {one[0] for row in rows for one in row[1]}:
                self._by_name.pop(name, None)
            done += len(rows)
            progress(done, len(missing))

    def is_parsed(self, blob: int) -> bool:
        """Whether what a blob holds is known, and not only its outline."""
        return blob in self._parsed

    def _is_parsed_by_now(self, blob: int) -> bool:
        """Whether another process has parsed a blob since this one began, so that it is known here too from now on."""
        if not self._store.is_parsed(blob):
            return False
        self._parsed.add(blob)
        for name in {row[1] for row in self._store.functions_in(blob)}:
            self._by_name.pop(name, None)
        return True

    def _known(self, oids: Collection[str]) -> dict[str, int]:
        """Those of some blobs that the store holds as this version compiles them, with their numbers."""
        if len(oids) > SOME:
            held = self._store.blobs()
        else:
            held = self._store.numbers([name for oid in oids for name in (oid, versioned(oid, self._version))])
        found = {oid: held[oid] for oid in oids if oid in held}
        for oid in oids if len(found) < len(oids) else ():
            if oid not in found and (number := held.get(versioned(oid, self._version))) is not None:
                found[oid] = number
        return found

    # What lies where.

    def places(self, blob: int) -> Sequence[str]:
        """The paths where a blob lies in this tree, in order; none for a blob of another one."""
        return self.paths.get(self._blob_ids.get(blob, ""), ())

    def in_folder(self, folder: str) -> Sequence[str]:
        """The files that lie in a folder itself, in order."""
        return self._by_folder.get(folder, ())

    def calling(self, name: str, folder: str | None = None) -> tuple[str, ...]:
        """The files, of all or of one folder, that call or declare what has a name, in order; one may but tell of it, or of
        another name."""
        if self._called is None:
            ((ordered, rest),) = self._store.names((CALLS,))
            self._called = Names(ordered, rest, self._blob_ids)
        blobs = self._called.blobs(name)
        if folder is None:
            return tuple(sorted(path for blob in blobs for path in self.places(blob)))
        return tuple(
            sorted(path for blob in self.near(blobs, folder) for path in self.places(blob) if folder_of(path) == folder)
        )

    def near(self, blobs: Sequence[int], folder: str) -> list[int]:
        """Those of some blobs, which are in order, that lie in a folder."""
        here = self._in_folder.get(folder, set())
        if len(here) * _DEEP < len(blobs):
            return [blob for blob in sorted(here) if _has(blobs, blob)]
        return [blob for blob in blobs if blob in here]

    # What stands in them.

    def _functions_in(self, path: str) -> tuple[Definition, ...]:
        """The functions of one file, in order."""
        oid = self.oids[path]
        self.parse((self._numbers[oid],))
        rows = self._store.functions_in(self._numbers[oid])
        return tuple(Definition(path, oid, _span(*row[1:])) for row in rows)

    def defined(self, name: str, blobs: Iterable[int]) -> tuple[Definition, ...]:
        """The functions of that name in the files of some blobs that may define it, in path order."""
        wanted = set(blobs)
        if not wanted:
            return ()
        self.parse(wanted)
        known = self._by_name.get(name)
        if known is None:
            known = self._by_name[name] = self._all_named(name)
        return tuple(definition for definition in known if self._numbers[definition.oid] in wanted)

    def _all_named(self, name: str) -> tuple[Definition, ...]:
        """The functions of that name in what is parsed of the tree."""
        found = []
        for blob, _, start, end, line, last, flags in self._store.functions(name):
            if blob in self._blob_ids:
                oid, span = self._blob_ids[blob], _span(name, start, end, line, last, flags)
                found += [Definition(path, oid, span) for path in self.paths[oid]]
        return tuple(sorted(found, key=lambda definition: (definition.path, definition.span.start)))

    def holes(self, path: str) -> tuple[tuple[int, int], ...]:
        """(first, last) lines of a file that no function covers and that did not parse."""
        number = self._numbers[self.oids[path]]
        self.parse((number,))
        return tuple(sorted((first, last) for _, first, last in self._store.holes(number)))


def _has(ordered: Sequence[int], wanted: int) -> bool:
    """Whether a number is one of some that are in order."""
    place = bisect_left(ordered, wanted)
    return place < len(ordered) and ordered[place] == wanted


def _span(name: str, start: int, end: int, line: int, last: int, flags: int) -> FunctionSpan:
    """A row of the store; extraction packs the flags."""
    return FunctionSpan(name, start, end, line, last, bool(flags & 1), bool(flags & 2), bool(flags & 4))
