"""Kernel tree -> KernelIndex.

Who implements which method, where each function stands, and the control flow of those that are asked for.  Everything is
stored per git blob in SQLite, so a second run over the same tree, or over another tree that shares files, parses nothing
twice.  Only outlines are made of all files: one is parsed when its outline has a name that is asked for (a sixth of 6.1).
Control flow is read on demand: the rules ask for a few thousand of the half million functions.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.directives import version_code
from cocci_gen.code.texts.reading import Definition as ReadDefinition
from cocci_gen.code.texts.reading import Reading
from cocci_gen.code.texts.stems import places_of
from cocci_gen.facts.tree.definitions import Definition, Implementation, SourceLine, TableEntry, Unresolved
from cocci_gen.facts.tree.extraction import asks_for_version, versioned
from cocci_gen.facts.tree.headers import HeaderStructs
from cocci_gen.facts.tree.indexed_files import SOME, IndexedFiles, Progress, silent
from cocci_gen.facts.tree.mentions import Mentions, called_in, called_in_folder, judging, named_anywhere, words_of
from cocci_gen.facts.tree.methods import may_be_set
from cocci_gen.facts.tree.moved import home_of
from cocci_gen.facts.tree.outlines import numbered
from cocci_gen.facts.tree.readings import Readings
from cocci_gen.facts.tree.resolution import Resolution
from cocci_gen.facts.tree.searches import SPECS, SearchStore
from cocci_gen.facts.tree.stand_ins import left_out, stands_for
from cocci_gen.facts.tree.store import IndexStore
from cocci_gen.facts.tree.tables import Tables
from cocci_gen.kernel.tree import KernelTree

_MAKEFILE = re.compile(rb"^(?P<name>VERSION|PATCHLEVEL|SUBLEVEL)[ \t]*=[ \t]*(?P<number>\d+)", re.M)


class KernelIndex:
    """The index of one revision; `update` brings the store up to date, the rest are questions."""

    def __init__(
        self, tree: KernelTree, folder: Path, methods: frozenset[str], former: KernelIndex | None = None
    ) -> None:
        """`methods` are the method names to look for in assignments.  The whole tree is indexed whatever is to be examined: a
        table, a helper or an architecture variant in a folder that nobody asked about decides all the same.  `former` is the
        index of a tree that differs little: the first `update` takes over from it what is the same here."""
        self.tree = tree
        self.methods = methods
        #: LINUX_VERSION_CODE of the tree, 0 where its Makefile does not tell.
        self.version = version_of(tree)
        #: What others know of the tree (facts/tree/shared).
        self.shared: dict[Callable[..., object], object] = {}
        self._store = IndexStore(folder)
        self._searches = SearchStore(folder)
        self._files = IndexedFiles(tree, self.version, self._store)
        self._resolution = Resolution(tree, self._files)
        self._tables = Tables(self._files, self._store, methods)
        self._readings = Readings(self.version, ())
        self.structs = HeaderStructs(tree)
        #: The functions whose text alone was read.
        self._told: set[Definition] = set()
        # Of the functions of one name, and of the entries for one method.
        self.definitions, self.resolve = self._resolution.definitions, self._resolution.resolve
        self.entries, self.entries_of = self._tables.entries, self._tables.entries_of
        self.tabled_in = self._tables.tabled_in
        self._homes: dict[tuple[str, str], str] = {}
        self.home = self._home
        self._may_be_set = lru_cache(maxsize=None)(partial(may_be_set, self))
        self._bound_to = lru_cache(maxsize=None)(self._bind)
        self.reading = lru_cache(maxsize=None)(self._reading)
        # All rules of 6.1 together ask for 22,700 functions, 184,000 times; a graph takes about 7 kB in each of two processes,
        # and to hold no more than these has some read again, at a sixth of a millisecond each.
        self.graph = lru_cache(maxsize=8_000)(self._graph)
        # One obligation after another is asked about in all files, folder by folder where functions are looked at ahead.
        self.text = lru_cache(maxsize=512)(tree.read)
        # Of most files a few functions are asked for: some 15 MB, without which git is asked for twice as many files.
        self._own_text = lru_cache(maxsize=16_384)(self._cut)
        self.search = lru_cache(maxsize=None)(self._search)
        self._former = former if former is not None and self._may_follow(former) else None
        #: The same where whom the rules are asked about is looked for: `FocusedIndex` looks at its own files only.
        self.search_here = self.search

    def close(self) -> None:
        """Write the control flow that was read and close the store."""
        self.graph.cache_clear()
        self._searches.close()
        self._store.close()

    def save(self) -> None:
        """Write what was read so far."""
        self._store.save()

    def part(self) -> None:
        """In a process that was forked off: share nothing that two processes cannot use, the file of the index and git."""
        self.tree.part()
        self._store.file.part()
        self._searches.part()

    @property
    def files(self) -> int:
        """How many C files the index covers."""
        return len(self._files.oids)

    def update(
        self,
        jobs: int,
        progress: Progress = silent,
        wanted: Collection[tuple[str, str]] = (),
        parsing: Progress = silent,
    ) -> int:
        """Outline what the store does not hold yet, in `jobs` processes; returns how many blobs these were.

        Where many are new, the files that fill in one of the `wanted` methods (of a structure) are parsed too, which is quicker
        now than one by one.
        """
        if self._former is not None:
            self._follow_files(self._former)
        outlined = self._files.outline(jobs, progress)
        if self._former is not None:
            self._follow(self._former)
        self._former = None
        self._readings = Readings(self.version, self._placed_definitions(), self.tree.home)
        if outlined > SOME:  # else the few that are not parsed yet are when somebody asks
            blobs = {blob for struct, method in wanted for blob in self._tables.filling(method, struct)}
            self._files.parse(blobs, jobs, parsing)
        return outlined

    def _may_follow(self, former: KernelIndex) -> bool:
        """Whether another index reads files as this one does, and keeps them in the same store under the same numbers."""
        same = former.version == self.version and former.methods == self.methods
        return same and former._store.file.number == self._store.file.number

    def _follow_files(self, former: KernelIndex) -> None:
        self._files.follow(former._files)

    def _follow(self, former: KernelIndex) -> None:
        """Take over what another index knows and what is the same here."""
        other = self._tables.follow(former._tables)
        if self.structs.follow(former.structs):
            self._homes |= {key: home for key, home in former._homes.items() if key[1] not in other}

    # Questions.

    def definitions_in(self, name: str, folder: str) -> tuple[Definition, ...]:
        """The functions of that name in the files of one folder, in path order; nothing else is parsed for it."""
        return self._resolution.definitions_in(name, folder)

    def functions_in(self, path: str) -> tuple[Definition, ...]:
        """The functions of one file, in order."""
        return self._files.functions_in(path)

    def files_in(self, folder: str) -> Sequence[str]:
        """The indexed files that lie in a folder itself, in order."""
        return self._files.in_folder(folder)

    def calling(self, name: str) -> tuple[str, ...]:
        """The files that call or declare what has a name, in order; one may but tell of it, or of another name."""
        return self._files.calling(name)

    def calling_in(self, name: str, folder: str) -> tuple[str, ...]:
        """Those of them that lie in a folder itself."""
        return self._files.calling(name, folder)

    def functions_with(
        self, pattern: re.Pattern[bytes], path: str, stems: Collection[bytes] = ()
    ) -> tuple[Definition, ...]:
        """The functions of a file in whose text a pattern stands, in order; of one that begins with a whole name, `stems` are
        what stands in each such name."""
        text = self.text(path)
        places = places_of(pattern, stems, text) if stems else [found.start() for found in pattern.finditer(text)]
        here = self.functions_in(path) if places else ()
        return tuple(one for one in here if bisect_left(places, one.span.start) < bisect_left(places, one.span.end))

    def tabled(self, method: str, most: int) -> tuple[TableEntry, ...]:
        """The entries that tables have for a method: all of them, or some with more than `most` functions."""
        return self._tables.tabled(method, most)

    def entries_naming(self, function: str) -> tuple[TableEntry, ...]:
        """Every table entry of any kind that names a function, in path order."""
        return self._tables.entries_naming(function)

    def implementations(self, struct: str, method: str) -> tuple[tuple[Implementation, ...], tuple[Unresolved, ...]]:
        """The functions that tables of `struct` (or plain assignments) name for `method`, and entries that lead nowhere.

        What is assigned counts where it takes and returns what the header has the method take and return.
        A method that has moved is looked for in the structure that the headers name.
        """
        return self._bound_to(self.home(struct, method), method)

    def _home(self, struct: str, method: str) -> str:
        """The structure whose tables implement a method of another one: itself, or where it has moved to."""
        if (struct, method) not in self._homes:
            self._homes[struct, method] = home_of(self, struct, method)
        return self._homes[struct, method]

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
        return self._files.holes(path)

    def paths(self) -> Mapping[str, str]:
        """Path -> blob id of every indexed file."""
        return self._files.oids

    def places(self, oid: str) -> Sequence[str]:
        """The paths where a blob lies in this tree, in order; none for a blob of another one."""
        return self._files.paths.get(oid, ())

    def _search(self, pattern: str) -> tuple[SourceLine, ...]:
        """The lines of indexed files that an extended regular expression fits; the tree is searched once, by git."""
        hits = self.tree.grep_over(self._searches.hits(self.tree.base, pattern), pattern, *SPECS)
        return tuple(SourceLine(*hit) for hit in hits if hit[0] in self._files.oids)

    def _placed_definitions(self) -> Iterator[tuple[str, ReadDefinition]]:
        """What files define for the reading of others, with their paths."""
        for blob, kind, name, parts in self._store.definitions():
            for path in self._files.places(blob):
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
        text = self._own_text(definition)
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

    @property
    def leading(self) -> KernelIndex:
        """The index of all by way of whom an obligation may come to who is asked about."""
        return self

    def counts(self, path: str) -> bool:  # noqa: ARG002 - FocusedIndex leaves some out
        """Whether the rules are asked about a file."""
        return True

    def is_asked(self, definition: Definition) -> bool:  # noqa: ARG002 - FocusedIndex leaves some out
        """Whether the rules are asked about a function."""
        return True

    def text_of(self, definition: Definition) -> bytes:
        """The text of a function, for who does without its graph: what the text calls counts as mentioned."""
        text = self._own_text(definition)
        self.note_text(definition, text)
        return text

    def _cut(self, definition: Definition) -> bytes:
        return self.text(definition.path)[definition.span.start : definition.span.end]

    def reads_beside(self, definition: Definition, function: str) -> None:
        """Remember that what is said of a function hangs on another one that it does not lead to."""
        self._store.note_beside(definition.oid, definition.span.start, definition.name, function)

    def judged_by(self, definition: Definition, function: str) -> None:
        """Remember the same of what is told of a function alone: whoever leads to it reads nothing that hangs on the other."""
        self.reads_beside(definition, judging(function))

    def reads_callers_in_folder(self, definition: Definition, function: str) -> None:
        """Remember that what is said of a function hangs on who calls another one in its folder."""
        self.reads_beside(definition, called_in_folder(definition.folder, function))

    def reads_who_names(self, definition: Definition, name: str) -> None:
        """Remember that what is said of a function hangs on where in the tree a name stands."""
        self.reads_beside(definition, named_anywhere(name))

    def note_text(self, definition: Definition, text: bytes) -> None:
        """Remember that the text of a function was read, and what it calls."""
        if definition not in self._told:
            self._told.add(definition)
            self._store.note_text(definition.oid, definition.span.start, definition.name, numbered(called_in(text)))

    def note(self, path: str, start: int, name: str, graph: Graph | None) -> None:
        """Remember that a function (or, with a negative number, a macro) was read, and which words it mentions."""
        self._store.note(self._files.oids[path], start, name, numbered(words_of(graph)))

    def mentions(self, others: Mapping[str, str]) -> Mentions:
        """What the functions mention that some run has read; `others` are further blobs with the paths where they lie."""
        paths = {**self._files.paths, **{oid: [path] for oid, path in others.items()}}
        return Mentions(self._store.mentions(), paths)


def version_of(tree: KernelTree) -> int:
    """LINUX_VERSION_CODE as the top Makefile of a tree makes it; 0 where there is none that tells."""
    found = {match["name"]: int(match["number"]) for match in _MAKEFILE.finditer(tree.text_of("Makefile") or b"")}
    if not {b"VERSION", b"PATCHLEVEL"} <= found.keys():
        return 0
    return version_code(found[b"VERSION"], found[b"PATCHLEVEL"], found.get(b"SUBLEVEL", 0))
