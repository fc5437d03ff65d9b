"""Kernel tree -> KernelIndex.

Who implements which method, where each function stands, and the control flow of those that are asked for.  Everything is
stored per git blob in SQLite, so a second run over the same tree, or over another tree that shares files, parses nothing
twice.  Only outlines are made of all files: one is parsed when its outline has a name that is asked for (a sixth of 6.1).
Control flow is read on demand: the rules ask for a few thousand of the half million functions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from cocci_gen.code.control_flow import Graph
from cocci_gen.code.directives import version_code
from cocci_gen.code.flow_builder import graph_of
from cocci_gen.code.outline import static_alone
from cocci_gen.code.reading import Definition as ReadDefinition
from cocci_gen.code.reading import Reading
from cocci_gen.code.source import FunctionSpan
from cocci_gen.facts.extraction import asks_for_version, facts_of, outlines_of, versioned
from cocci_gen.facts.headers import HeaderStructs
from cocci_gen.facts.mentions import Mentions, called_in, words_of
from cocci_gen.facts.methods import may_be_set
from cocci_gen.facts.moved import home_of
from cocci_gen.facts.outlines import Names, numbered
from cocci_gen.facts.readings import Readings
from cocci_gen.facts.searches import SPECS, SearchStore
from cocci_gen.facts.stand_ins import left_out, stands_for
from cocci_gen.facts.store import SORTS, IndexStore
from cocci_gen.kernel.tree import KernelTree

#: Parts of a kernel tree that hold programs of user space or copies: no rule applies there and no name resolves there.
OUTSIDE = ("tools/", "scripts/", "samples/", "Documentation/", "usr/", "rust/")
#: The rank of headers: what a .c file defines hides their stubs.
_HEADER = 2
#: Files that are parsed at a time where a few may do.
_SOME = 8
_MAKEFILE = re.compile(rb"^(?P<name>VERSION|PATCHLEVEL|SUBLEVEL)[ \t]*=[ \t]*(?P<number>\d+)", re.M)


#: Told how many of how many are done.
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Progress that nobody wants to see."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A function of this tree: file, blob and span."""

    path: str
    oid: str
    span: FunctionSpan

    @property
    def name(self) -> str:
        """The function's name."""
        return self.span.name


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a file of this tree."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """`.method = function` in `variable`, a `struct`, or `variable->method = function` (struct ""); a function that is given to
    a generic one has that one as `variable`, with brackets."""

    struct: str
    variable: str
    method: str
    function: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Implementation:
    """A function that some operations table names for a method, and all tables that name it."""

    definition: Definition
    entries: tuple[TableEntry, ...]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An operations table entry whose function has no definition that this tree shows."""

    entry: TableEntry


class KernelIndex:
    """The index of one revision; `update` brings the store up to date, the rest are questions."""

    def __init__(self, tree: KernelTree, folder: Path, methods: frozenset[str]) -> None:
        """`methods` are the method names to look for in assignments.  The whole tree is indexed whatever is to be examined: a
        table, a helper or an architecture variant in a folder that nobody asked about decides all the same."""
        self.tree = tree
        self.methods = methods
        #: LINUX_VERSION_CODE of the tree, 0 where its Makefile does not tell.
        self.version = version_of(tree)
        #: What others know of the tree (facts/shared).
        self.shared: dict[Callable[..., object], object] = {}
        self._store = IndexStore(folder)
        self._searches = SearchStore(folder)
        self._oids = {
            path: blob.oid
            for path, blob in tree.blobs().items()
            if path.endswith((".c", ".h")) and blob.mode.startswith("100") and not path.startswith(OUTSIDE)
        }
        self._paths: dict[str, list[str]] = {}
        self._by_folder: dict[str, list[str]] = {}
        for path in sorted(self._oids):
            self._paths.setdefault(self._oids[path], []).append(path)
            self._by_folder.setdefault(_folder(path), []).append(path)
        self._numbers: Mapping[str, int] = {}
        self._readings = Readings(self.version, ())
        self._blob_ids: dict[int, str] = {}
        self._in_folder: dict[str, set[int]] = {}
        #: The blobs that are parsed.
        self._parsed: set[int] = set()
        self._functions, self._tabled, self._assigned, self._targets, self._tags = (
            Names(b"", {}, ()) for _ in range(SORTS)
        )
        self.definitions = lru_cache(maxsize=None)(self._definitions)
        self.resolve = lru_cache(maxsize=None)(self._resolve)
        self._visible_of = lru_cache(maxsize=None)(self._visible)
        self.home = lru_cache(maxsize=None)(partial(home_of, self))
        self.structs = HeaderStructs(tree)
        self._may_be_set = lru_cache(maxsize=None)(partial(may_be_set, self))
        # All rules of 6.1 together ask for 14,000 functions; a graph takes about 10 kB.
        self.reading = lru_cache(maxsize=None)(self._reading)
        self.graph = lru_cache(maxsize=40_000)(self._graph)
        self.text = lru_cache(maxsize=256)(tree.read)
        self._functions_of = lru_cache(maxsize=1024)(self._read_functions)
        self.search = lru_cache(maxsize=None)(self._search)
        #: The same where whom the rules are asked about is looked for: `FocusedIndex` looks at its own files only.
        self.search_here = self.search
        #: The functions whose text alone was read.
        self._told: set[Definition] = set()
        self.entries = lru_cache(maxsize=None)(self._entries)
        self.entries_of = lru_cache(maxsize=None)(self._entries_of)
        self._bound_to = lru_cache(maxsize=None)(self._bind)
        self._tabled_near = lru_cache(maxsize=None)(self._read_tabled)
        self._defined_near = lru_cache(maxsize=None)(self._read_near)
        #: Name -> the functions of that name, in path order, of the blobs that are parsed.
        self._by_name: dict[str, tuple[Definition, ...]] = {}

    def close(self) -> None:
        """Write the control flow that was read and close the store."""
        self.graph.cache_clear()
        self._searches.close()
        self._store.close()

    @property
    def files(self) -> int:
        """How many C files the index covers."""
        return len(self._oids)

    def update(
        self,
        jobs: int,
        progress: Progress = _silent,
        wanted: Collection[tuple[str, str]] = (),
        parsing: Progress = _silent,
    ) -> int:
        """Outline what the store does not hold yet, in `jobs` processes; returns how many blobs these were.

        Where many are new, the files that fill in one of the `wanted` methods (of a structure) are parsed too, which is quicker
        now than one by one.
        Each chunk is committed when it is done, so an interrupted run goes on from there.
        """
        known = self._known(self._paths)
        missing = [oid for oid in self._paths if oid not in known]
        progress(0, len(missing))
        done = 0
        for rows in outlines_of(self.tree, missing, self.version, jobs):
            self._store.insert_outlines(rows)
            done += len(rows)
            progress(done, len(missing))
        self._numbers = known | self._known(missing) if missing else known
        self._blob_ids = {number: oid for oid, number in self._numbers.items()}
        self._in_folder = {}
        for oid, number in self._numbers.items():
            for path in self._paths[oid]:
                self._in_folder.setdefault(_folder(path), set()).add(number)
        self._readings = Readings(self.version, self._placed_definitions())
        self._parsed = self._store.parsed()
        self._functions, self._tabled, self._assigned, self._targets, self._tags = (
            Names(ordered, rest, self._blob_ids) for ordered, rest in self._store.names()
        )
        if len(missing) > _SOME:  # else the few that are not parsed yet are when somebody asks
            self._parse({blob for struct, method in wanted for blob in self._filling(method, struct)}, jobs, parsing)
        return len(missing)

    def _parse(self, blobs: Iterable[int], jobs: int = 0, progress: Progress = _silent) -> None:
        """Parse those of the blobs that are not yet."""
        missing = [self._blob_ids[blob] for blob in sorted(blobs) if blob not in self._parsed]
        if not missing:
            return
        done = 0
        progress(0, len(missing))
        for rows in facts_of(self.tree, missing, self.version, jobs):
            self._store.insert_facts([(self._numbers[row[0]], row) for row in rows])
            self._parsed.update(self._numbers[row[0]] for row in rows)
            for name in {one[0] for row in rows for one in row[1]}:
                self._by_name.pop(name, None)
            done += len(rows)
            progress(done, len(missing))

    def _known(self, oids: Collection[str]) -> dict[str, int]:
        """Those of some blobs that the store holds as this version compiles them, with their numbers."""
        if len(oids) > _SOME:
            held = self._store.blobs()
        else:
            held = self._store.numbers([name for oid in oids for name in (oid, versioned(oid, self.version))])
        found = {oid: held[oid] for oid in oids if oid in held}
        for oid in oids if len(found) < len(oids) else ():
            if oid not in found and (number := held.get(versioned(oid, self.version))) is not None:
                found[oid] = number
        return found

    # Questions.

    def _definitions(self, name: str) -> tuple[Definition, ...]:
        """All functions of that name in the tree, in path order."""
        blobs = self._functions.blobs(name)
        return self._defined(name, blobs) if blobs else ()

    def _defined(self, name: str, blobs: Iterable[int]) -> tuple[Definition, ...]:
        """The functions of that name in the files of some blobs that may define it."""
        wanted = set(blobs)
        self._parse(wanted)
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
                found += [Definition(path, oid, span) for path in self._paths[oid]]
        return tuple(sorted(found, key=lambda definition: (definition.path, definition.span.start)))

    def definitions_in(self, name: str, folder: str) -> tuple[Definition, ...]:
        """The functions of that name in the files of one folder, in path order; nothing else is parsed for it."""
        return self._defined_near(name, folder)

    def _read_near(self, name: str, folder: str) -> tuple[Definition, ...]:
        near = self._near(self._functions.blobs(name), folder)
        return tuple(one for one in self._defined(name, near) if _folder(one.path) == folder) if near else ()

    def functions_in(self, path: str) -> tuple[Definition, ...]:
        """The functions of one file, in order."""
        return self._functions_of(path)

    def files_in(self, folder: str) -> Sequence[str]:
        """The indexed files that lie in a folder itself, in order."""
        return self._by_folder.get(folder, ())

    def functions_with(self, pattern: re.Pattern[bytes], path: str) -> tuple[Definition, ...]:
        """The functions of a file in whose text a pattern stands, in order."""
        places = [found.start() for found in pattern.finditer(self.text(path))]
        here = self.functions_in(path) if places else ()
        return tuple(one for one in here if any(one.span.start <= place < one.span.end for place in places))

    def _read_functions(self, path: str) -> tuple[Definition, ...]:
        oid = self._oids[path]
        self._parse((self._numbers[oid],))
        rows = self._store.functions_in(self._numbers[oid])
        return tuple(Definition(path, oid, _span(*row[1:])) for row in rows)

    def _resolve(self, name: str, caller: str) -> tuple[Definition, ...]:
        """The definitions that `name` may mean in the file `caller`: those of the same file, else those of its folder,
        else every one that is visible from elsewhere; architecture variants and CONFIG twins may leave several.

        A .c file wins over a stub in a header.  Empty: nothing in the tree defines it as a function.
        """
        folder = _folder(caller)
        near = self._near(self._functions.blobs(name), folder)
        # What is further away is not parsed where what is near decides.
        for blobs in ([blob for blob in near if caller in self._paths[self._blob_ids[blob]]], near):
            found = [one for one in self._defined(name, blobs) if _folder(one.path) == folder] if blobs else []
            if found and (chosen := self._chosen(found, caller)):
                return chosen
        if self.tree.home(caller):  # of a module: the kernel's functions hide behind its own, be they static
            return self._chosen(self.definitions(name), caller)
        # Where a .c file has it, the headers are not parsed, nor, for a caller outside of arch/, the variants in there.
        for rank in range(1 if caller.startswith("arch/") else 0, _HEADER):
            chosen = self._chosen(self._visible_of(name, rank), caller)
            if any(one.path.endswith(".c") for one in chosen):
                return chosen
        return self._chosen(self._visible_of(name, _HEADER), caller)

    def _visible(self, name: str, rank: int) -> tuple[Definition, ...]:
        """The functions of that name in files up to a rank but those that only their own .c file sees: what hundreds of drivers
        call `reset` is not parsed."""
        blobs = self._functions.blobs(name)
        return self._defined(name, [b for b in blobs if self._rank(b) <= rank and self._may_be_seen(b, name)])

    def _rank(self, blob: int) -> int:
        """0 for a .c file, 1 for one of an architecture, then headers; the least of all places where the file lies."""
        return min(map(_rank, self._paths[self._blob_ids[blob]]))

    def _may_be_seen(self, blob: int, name: str) -> bool:
        path = self._paths[self._blob_ids[blob]][0]
        if blob in self._parsed or not path.endswith(".c"):
            return True
        return not static_alone(self.tree.read(path), name)

    def _near(self, blobs: Iterable[int], folder: str) -> list[int]:
        """Those of some blobs that lie in a folder."""
        here = self._in_folder.get(folder, set())
        return [blob for blob in blobs if blob in here]

    def _chosen(self, definitions: Iterable[Definition], caller: str) -> tuple[Definition, ...]:
        """Those of the definitions of one name that it may mean in a file."""
        # A name of a module is its own, whatever the kernel calls so, and never the kernel's.
        home = self.tree.home(caller)
        known = [(definition, self.tree.home(definition.path)) for definition in definitions]
        own = [definition for definition, whose in known if whose == home]
        every = own or [definition for definition, whose in known if not whose]
        here = [definition for definition in every if definition.path == caller]
        if here:
            return tuple(here)
        folder = _folder(caller)
        near = [d for d in every if _folder(d.path) == folder and (not d.span.static or d.path.endswith(".h"))]
        wide = near or [d for d in every if not d.span.static or d.path.endswith(".h")]
        compiled = [definition for definition in wide if definition.path.endswith(".c")]
        wide = compiled or wide
        generic = [definition for definition in wide if not definition.path.startswith("arch/")]
        if generic and not caller.startswith("arch/"):
            wide = generic
        includes = [definition for definition in wide if definition.path.startswith("include/")]
        return tuple(includes if includes and not compiled else wide)

    def _entries(self, method: str) -> tuple[TableEntry, ...]:
        """Every table entry and assignment for a method name, in path order."""
        self._parse((*self._tabled.blobs(method), *self._assigned.blobs(method)))
        return self._placed(self._store.entries(method))

    def _entries_of(self, method: str, struct: str) -> tuple[TableEntry, ...]:
        """Every entry of tables of `struct`, and assignment, for a method name, in path order."""
        self._parse(self._filling(method, struct))
        return tuple(one for one in self._placed(self._store.entries(method)) if one.struct in (struct, ""))

    def _filling(self, method: str, struct: str) -> set[int]:
        """The blobs that may fill in a method of a structure."""
        return (set(self._tabled.blobs(method)) & set(self._tags.blobs(struct))) | set(self._assigned.blobs(method))

    def tabled_in(self, method: str, folder: str) -> tuple[TableEntry, ...]:
        """The entries that tables in the files of a folder have for a method."""
        return self._tabled_near(method, folder)

    def _read_tabled(self, method: str, folder: str) -> tuple[TableEntry, ...]:
        near = self._near(self._tabled.blobs(method), folder)
        self._parse(near)
        rows = self._store.entries(method, near) if near else []
        return tuple(e for e in self._placed(rows) if e.struct and _folder(e.path) == folder)

    def tabled(self, method: str, most: int) -> tuple[TableEntry, ...]:
        """The entries that tables have for a method: all of them, or some with more than `most` functions."""
        missing = [blob for blob in self._tabled.blobs(method) if blob not in self._parsed]
        while True:
            found = tuple(one for one in self._placed(self._store.entries(method)) if one.struct)
            if not missing or len({(one.function, one.path) for one in found}) > most:
                return found
            self._parse(missing[:_SOME])
            missing = missing[_SOME:]

    def entries_naming(self, function: str) -> tuple[TableEntry, ...]:
        """Every table entry of any kind that names a function, in path order."""
        self._parse(self._targets.blobs(function))
        return self._placed(self._store.entries_naming(function))

    def _placed(self, rows: list[tuple[int, str, str, str, str, int]]) -> tuple[TableEntry, ...]:
        """Rows of the store -> the entries of this tree; an assignment counts only to a method that the rules speak of."""
        found = [
            TableEntry(tag, variable, method, function, path, line)
            for blob, tag, variable, method, function, line in rows
            if tag or method in self.methods
            for path in self._paths.get(self._blob_ids.get(blob, ""), ())
        ]
        return tuple(sorted(found, key=lambda entry: (entry.path, entry.line)))

    def implementations(self, struct: str, method: str) -> tuple[tuple[Implementation, ...], tuple[Unresolved, ...]]:
        """The functions that tables of `struct` (or plain assignments) name for `method`, and entries that lead nowhere.

        What is assigned counts where it takes and returns what the header has the method take and return.
        A method that has moved is looked for in the structure that the headers name.
        """
        return self._bound_to(self.home(struct, method), method)

    def _bind(self, home: str, method: str) -> tuple[tuple[Implementation, ...], tuple[Unresolved, ...]]:
        return self._bound(home, self.entries_of(method, home))

    def _bound(
        self, struct: str, entries: Iterable[TableEntry]
    ) -> tuple[tuple[Implementation, ...], tuple[Unresolved, ...]]:
        """The functions that those of the entries name which fill in a table of `struct`."""
        found: dict[Definition, list[TableEntry]] = {}
        lost = []
        for entry in entries:
            if entry.struct not in (struct, ""):
                continue
            resolved = self.resolve(entry.function, entry.path)
            if not resolved and entry.struct:
                if left_out(self, entry):
                    continue
                resolved = self.resolve(stands_for(self, entry), entry.path)
            for definition in resolved:
                if entry.struct or entry.variable.endswith("()") or self._may_be_set(struct, entry.method, definition):
                    found.setdefault(definition, []).append(entry)
            if not resolved and entry.struct:
                lost.append(Unresolved(entry))
        order = sorted(found, key=lambda definition: (definition.path, definition.span.start))
        return tuple(Implementation(definition, tuple(found[definition])) for definition in order), tuple(lost)

    def holes(self, path: str) -> tuple[tuple[int, int], ...]:
        """(first, last) lines of a file that no function covers and that did not parse."""
        oid = self._oids[path]
        self._parse((self._numbers[oid],))
        return tuple(sorted((first, last) for _, first, last in self._store.holes(self._numbers[oid])))

    def paths(self) -> Mapping[str, str]:
        """Path -> blob id of every indexed file."""
        return self._oids

    def _search(self, pattern: str) -> tuple[SourceLine, ...]:
        """The lines of indexed files that an extended regular expression fits; the tree is searched once, by git."""
        hits = self.tree.grep_over(self._searches.hits(self.tree.base, pattern), pattern, *SPECS)
        return tuple(SourceLine(*hit) for hit in hits if hit[0] in self._oids)

    def _placed_definitions(self) -> Iterator[tuple[str, ReadDefinition]]:
        """What files define for the reading of others, with their paths."""
        for blob, kind, name, parts in self._store.definitions():
            for path in self._paths.get(self._blob_ids.get(blob, ""), ()):
                yield path, ReadDefinition(kind, name, tuple(json.loads(parts)))

    def _reading(self, path: str) -> Reading:
        """How a file is to be read."""
        return self._readings.of(path)

    def names_no_gfp(self, name: str) -> bool:
        """Whether an allocation of that name takes GFP_KERNEL unless it is told a mask."""
        return name in self._readings.gfp_kernel

    # Control flow, on demand.

    def _graph(self, definition: Definition) -> Graph | None:
        """The control flow of a function, from the store or by parsing its text now."""
        reading = self.reading(definition.path)
        for name in (definition.oid, versioned(definition.oid, self.version), f"{definition.oid}@{reading.digest}"):
            kept = self._store.graph(name, definition.span.start)
            if kept is not None:
                return kept[0]
        text = self.text(definition.path)[definition.span.start : definition.span.end]
        graph = graph_of(text, definition.span.line, reading)
        name = versioned(definition.oid, self.version) if asks_for_version(text) else definition.oid
        name = f"{definition.oid}@{reading.digest}" if reading.concerns(text) else name
        graph = self._store.keep(name, definition.span.start, graph)
        self.note(definition.path, definition.span.start, definition.name, graph)
        return graph

    @property
    def everywhere(self) -> KernelIndex:
        """The same index with nobody left out of whom the rules are asked about."""
        return self

    def is_asked(self, definition: Definition) -> bool:  # noqa: ARG002 - FocusedIndex leaves some out
        """Whether the rules are asked about a function."""
        return True

    def text_of(self, definition: Definition) -> bytes:
        """The text of a function, for who does without its graph: what the text calls counts as mentioned."""
        text = self.text(definition.path)[definition.span.start : definition.span.end]
        self.note_text(definition, text)
        return text

    def reads_beside(self, definition: Definition, function: str) -> None:
        """Remember that what is said of a function hangs on another one that it does not lead to."""
        self._store.note_beside(definition.oid, definition.span.start, definition.name, function)

    def note_text(self, definition: Definition, text: bytes) -> None:
        """Remember that the text of a function was read, and what it calls."""
        if definition not in self._told:
            self._told.add(definition)
            self._store.note_text(definition.oid, definition.span.start, definition.name, numbered(called_in(text)))

    def note(self, path: str, start: int, name: str, graph: Graph | None) -> None:
        """Remember that a function (or, with a negative number, a macro) was read, and which words it mentions."""
        self._store.note(self._oids[path], start, name, numbered(words_of(graph)))

    def mentions(self, others: Mapping[str, str]) -> Mentions:
        """What the functions mention that some run has read; `others` are further blobs with the paths where they lie."""
        paths = {**self._paths, **{oid: [path] for oid, path in others.items()}}
        return Mentions(self._store.mentions(), paths)


def version_of(tree: KernelTree) -> int:
    """LINUX_VERSION_CODE as the top Makefile of a tree makes it; 0 where there is none that tells."""
    found = {match["name"]: int(match["number"]) for match in _MAKEFILE.finditer(tree.text_of("Makefile") or b"")}
    if not {b"VERSION", b"PATCHLEVEL"} <= found.keys():
        return 0
    return version_code(found[b"VERSION"], found[b"PATCHLEVEL"], found.get(b"SUBLEVEL", 0))


def _rank(path: str) -> int:
    return _HEADER if not path.endswith(".c") else int(path.startswith("arch/"))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _span(name: str, start: int, end: int, line: int, last: int, flags: int) -> FunctionSpan:
    """A row of the store; extraction packs the flags."""
    return FunctionSpan(name, start, end, line, last, bool(flags & 1), bool(flags & 2), bool(flags & 4))
