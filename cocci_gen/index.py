"""Stage 3 of 8: kernel tree -> KernelIndex.

Who implements which method, where each function stands, and the control flow of those that are asked for.  Everything is
stored per git blob in SQLite, so a second run over the same tree, or over another tree that shares files, parses nothing
twice.  Control flow is read on demand: the rules ask for a few thousand of the half million functions.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import re
import signal
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cocci_gen.c_source import EXTRACTION, FunctionSpan, file_facts
from cocci_gen.control_flow import FLOW, Assignment, Call, Graph, Node, Parameter, graph_of
from cocci_gen.errors import CocciGenError, KernelTreeError
from cocci_gen.kernel_tree import KernelTree
from cocci_gen.programs import Completed

#: Parts of a kernel tree that hold programs of user space or copies: no rule applies there and no name resolves there.
OUTSIDE = ("tools/", "scripts/", "samples/", "Documentation/", "usr/", "rust/")
_CHUNK_BLOBS = 250
#: One line of `git grep -n -z` in a revision.
_HIT = re.compile(r"^[^:]*:(?P<path>[^\0]*)\0(?P<line>\d+)\0(?P<text>.*)$")

#: From so many new files on, the look-up indexes are built afterwards.
_BULK = 2000
_INDEXES = ("function_name", "function_blob", "entry_method", "entry_function", "hole_blob")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS blob (id INTEGER PRIMARY KEY, oid TEXT UNIQUE NOT NULL);
CREATE TABLE IF NOT EXISTS function (
  blob INTEGER NOT NULL, name TEXT NOT NULL, start INTEGER, end INTEGER, line INTEGER, last INTEGER, flags INTEGER);
CREATE INDEX IF NOT EXISTS function_name ON function (name);
CREATE INDEX IF NOT EXISTS function_blob ON function (blob);
CREATE TABLE IF NOT EXISTS entry (
  blob INTEGER NOT NULL, tag TEXT, variable TEXT, method TEXT NOT NULL, function TEXT NOT NULL, line INTEGER);
CREATE INDEX IF NOT EXISTS entry_method ON entry (method);
CREATE INDEX IF NOT EXISTS entry_function ON entry (function);
CREATE TABLE IF NOT EXISTS hole (blob INTEGER NOT NULL, first INTEGER, last INTEGER);
CREATE INDEX IF NOT EXISTS hole_blob ON hole (blob);
CREATE TABLE IF NOT EXISTS graph (oid TEXT NOT NULL, start INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (oid, start));
"""


class IndexStoreError(CocciGenError):
    """The file that holds the index cannot be used."""


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
    """`.method = function` in `variable`, a `struct`, or `variable->method = function` (struct "")."""

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


_Row = tuple[
    str, list[tuple[str, int, int, int, int, int]], list[tuple[str, str, str, str, int]], list[tuple[int, int]]
]


def _prepare_worker(parent: int) -> None:
    """In a worker process: end at once and in silence when told to, and when nobody is left to work for."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    gc.disable()  # syntax trees hold no cycles; looking for some costs a tenth of the time
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


@lru_cache(maxsize=1)
def _opened(root: str, commit: str) -> KernelTree:
    """The tree that a worker reads from, opened once; the process ends with it."""
    return KernelTree.open(Path(root), commit)


def _extract(root: str, commit: str, oids: list[str], methods: frozenset[str]) -> list[_Row]:
    """In a worker process: the facts of some blobs as plain tuples."""
    return _rows_of(_opened(root, commit), oids, methods)


def _rows_of(tree: KernelTree, oids: list[str], methods: frozenset[str]) -> list[_Row]:
    rows: list[_Row] = []
    for oid, text in tree.read_blobs(oids):
        facts = file_facts(text, methods)
        functions = [
            (
                span.name,
                span.start,
                span.end,
                span.line,
                span.last_line,
                span.static | span.inline << 1 | span.whole << 2,
            )
            for span in facts.functions
        ]
        entries = [(entry.tag, entry.variable, entry.method, entry.function, entry.line) for entry in facts.entries]
        rows.append((oid, functions, entries, list(facts.holes)))
    return rows


def _open_store(folder: Path, methods: frozenset[str]) -> sqlite3.Connection:
    name = f"index-{EXTRACTION}.{FLOW}-{abs(hash_of(methods)):08x}.sqlite"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(folder / name, timeout=60.0, check_same_thread=False)
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=NORMAL")
        store.executescript(_SCHEMA)
    except (OSError, sqlite3.Error) as error:
        raise IndexStoreError(
            f"{folder / name}: cannot open the index ({error}); move the file away or name another --cache"
        ) from error
    return store


def hash_of(words: Iterable[str]) -> int:
    """A number that stays the same between processes for the same words."""
    return zlib.crc32("\n".join(sorted(words)).encode())


class KernelIndex:
    """The index of one revision; `update` brings the store up to date, the rest are questions."""

    def __init__(self, tree: KernelTree, folder: Path, methods: frozenset[str], paths: tuple[str, ...] = ()) -> None:
        """`methods` are the method names to look for in assignments; with `paths`, only files below them are indexed,
        together with include/, lib/ and mm/ (where the generic code lives)."""
        self.tree = tree
        self.methods = methods
        self._store = _open_store(folder, methods)
        roots = tuple(path.rstrip("/") for path in paths)
        support = ("include", "lib", "mm", "fs", "block")
        self._sources = {
            path: blob
            for path, blob in tree.blobs().items()
            if path.endswith((".c", ".h"))
            and blob.mode.startswith("100")
            and not path.startswith(OUTSIDE)
            and (not roots or path.startswith(tuple(f"{root}/" for root in roots + support)) or path in roots)
        }
        self._paths: dict[str, list[str]] = {}
        for path in sorted(self._sources):
            self._paths.setdefault(self._sources[path].oid, []).append(path)
        self._blob_ids: dict[int, str] = {}
        self.definitions = lru_cache(maxsize=None)(self._definitions)
        self.resolve = lru_cache(maxsize=None)(self._resolve)
        # All rules of 6.1 together ask for 14,000 functions; a graph takes about 10 kB.
        self.graph = lru_cache(maxsize=40_000)(self._graph)
        self.text = lru_cache(maxsize=64)(tree.read)
        self.search = lru_cache(maxsize=None)(self._search)
        self._new_graphs: list[tuple[str, int, str]] = []

    def close(self) -> None:
        """Write the control flow that was read and close the store."""
        try:
            self._save_graphs()
        finally:
            self._store.close()

    @property
    def files(self) -> int:
        """How many C files the index covers."""
        return len(self._sources)

    def update(self, jobs: int, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Parse what the store does not hold yet, in `jobs` processes; returns how many blobs were parsed.

        Each chunk is committed when it is done, so an interrupted run goes on from there.
        """
        known = {oid for (oid,) in self._run("SELECT oid FROM blob")}
        missing = [oid for oid in self._paths if oid not in known]
        progress(0, len(missing))
        done = 0
        if len(missing) > _BULK:
            self._store.executescript("".join(f"DROP INDEX IF EXISTS {name};" for name in _INDEXES))
        for rows in self._extracted(missing, jobs):
            self._insert(rows)
            done += len(rows)
            progress(done, len(missing))
        if missing:
            self._store.executescript(_SCHEMA)
            self._run("ANALYZE")
        self._blob_ids = {number: oid for number, oid in self._run("SELECT id, oid FROM blob") if oid in self._paths}
        return len(missing)

    def _extracted(self, missing: list[str], jobs: int) -> Iterator[list[_Row]]:
        chunks = [missing[start : start + _CHUNK_BLOBS] for start in range(0, len(missing), _CHUNK_BLOBS)]
        root, commit = str(self.tree.root), self.tree.commit
        if len(chunks) <= 1:
            yield from (_rows_of(self.tree, chunk, self.methods) for chunk in chunks)
            return
        with ProcessPoolExecutor(jobs, initializer=_prepare_worker, initargs=(os.getpid(),)) as pool:
            waiting: set[Future[list[_Row]]] = set()
            try:
                for chunk in chunks:
                    waiting.add(pool.submit(_extract, root, commit, chunk, self.methods))
                    if len(waiting) >= 3 * jobs:
                        finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                        yield from (future.result() for future in finished)
                yield from (future.result() for future in waiting)
            except BrokenProcessPool as error:
                time.sleep(0.3)  # Ctrl-C ends the workers too; its KeyboardInterrupt is then on its way
                raise CocciGenError(
                    "a process that parses the tree was killed, most likely for want of memory; try a smaller -j"
                ) from error
            except BaseException:
                for process in multiprocessing.active_children():
                    process.terminate()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._store.execute(statement, values)
        except sqlite3.Error as error:
            raise IndexStoreError(
                f"the index cannot be read or written: {error}; free some space, or move the file away"
            ) from error

    def _insert(self, rows: list[_Row]) -> None:
        try:
            with self._store:
                for oid, functions, entries, holes in rows:
                    cursor = self._store.execute("INSERT OR IGNORE INTO blob (oid) VALUES (?)", (oid,))
                    if cursor.rowcount != 1:  # another run was quicker
                        continue
                    blob = cursor.lastrowid
                    self._store.executemany(
                        "INSERT INTO function VALUES (?,?,?,?,?,?,?)", ((blob, *row) for row in functions)
                    )
                    self._store.executemany("INSERT INTO entry VALUES (?,?,?,?,?,?)", ((blob, *row) for row in entries))
                    self._store.executemany("INSERT INTO hole VALUES (?,?,?)", ((blob, *row) for row in holes))
        except sqlite3.Error as error:
            raise IndexStoreError(
                f"the index cannot be written: {error}; free some space, or name another --cache"
            ) from error

    # Questions.

    def _definitions(self, name: str) -> tuple[Definition, ...]:
        """All functions of that name in the tree, in path order."""
        rows = self._run("SELECT blob, start, end, line, last, flags FROM function WHERE name = ?", (name,)).fetchall()
        found = []
        for blob, start, end, line, last, flags in rows:
            oid = self._blob_ids.get(blob, "")
            span = FunctionSpan(name, start, end, line, last, bool(flags & 1), bool(flags & 2), bool(flags & 4))
            found += [Definition(path, oid, span) for path in self._paths.get(oid, ())]
        return tuple(sorted(found, key=lambda definition: (definition.path, definition.span.start)))

    def functions_in(self, path: str) -> tuple[Definition, ...]:
        """The functions of one file, in order."""
        oid = self._sources[path].oid
        rows = self._run(
            "SELECT name, start, end, line, last, flags FROM function JOIN blob ON blob.id = function.blob "
            "WHERE oid = ? ORDER BY start",
            (oid,),
        ).fetchall()
        return tuple(
            Definition(
                path, oid, FunctionSpan(name, start, end, line, last, bool(flags & 1), bool(flags & 2), bool(flags & 4))
            )
            for name, start, end, line, last, flags in rows
        )

    def _resolve(self, name: str, caller: str) -> tuple[Definition, ...]:
        """The definitions that `name` may mean in the file `caller`: those of the same file, else those of its folder,
        else every one that is visible from elsewhere; architecture variants and CONFIG twins may leave several.

        A .c file wins over a stub in a header.  Empty: nothing in the tree defines it as a function.
        """
        every = self.definitions(name)
        here = [definition for definition in every if definition.path == caller]
        if here:
            return tuple(here)
        folder = caller.rpartition("/")[0]
        near = [
            d for d in every if d.path.rpartition("/")[0] == folder and (not d.span.static or d.path.endswith(".h"))
        ]
        wide = near or [d for d in every if not d.span.static or d.path.endswith(".h")]
        compiled = [definition for definition in wide if definition.path.endswith(".c")]
        wide = compiled or wide
        generic = [definition for definition in wide if not definition.path.startswith("arch/")]
        if generic and not caller.startswith("arch/"):
            wide = generic
        includes = [definition for definition in wide if definition.path.startswith("include/")]
        return tuple(includes if includes and not compiled else wide)

    def entries(self, method: str) -> tuple[TableEntry, ...]:
        """Every table entry and assignment for a method name, in path order."""
        rows = self._run("SELECT blob, tag, variable, function, line FROM entry WHERE method = ?", (method,)).fetchall()
        found = [
            TableEntry(tag, variable, method, function, path, line)
            for blob, tag, variable, function, line in rows
            for path in self._paths.get(self._blob_ids.get(blob, ""), ())
        ]
        return tuple(sorted(found, key=lambda entry: (entry.path, entry.line)))

    def entries_naming(self, function: str) -> tuple[TableEntry, ...]:
        """Every table entry of any kind that names a function, in path order."""
        rows = self._run(
            "SELECT blob, tag, variable, method, line FROM entry WHERE function = ?", (function,)
        ).fetchall()
        found = [
            TableEntry(tag, variable, method, function, path, line)
            for blob, tag, variable, method, line in rows
            for path in self._paths.get(self._blob_ids.get(blob, ""), ())
        ]
        return tuple(sorted(found, key=lambda entry: (entry.path, entry.line)))

    def implementations(self, struct: str, method: str) -> tuple[tuple[Implementation, ...], tuple[Unresolved, ...]]:
        """The functions that tables of `struct` (or plain assignments) name for `method`, and entries that lead nowhere."""
        found: dict[Definition, list[TableEntry]] = {}
        lost = []
        for entry in self.entries(method):
            if entry.struct not in (struct, ""):
                continue
            resolved = self.resolve(entry.function, entry.path)
            for definition in resolved:
                found.setdefault(definition, []).append(entry)
            if not resolved and entry.struct:
                lost.append(Unresolved(entry))
        order = sorted(found, key=lambda definition: (definition.path, definition.span.start))
        return tuple(Implementation(definition, tuple(found[definition])) for definition in order), tuple(lost)

    def holes(self, path: str) -> tuple[tuple[int, int], ...]:
        """(first, last) lines of a file that no function covers and that did not parse."""
        oid = self._sources[path].oid
        rows = self._run(
            "SELECT first, last FROM hole JOIN blob ON blob.id = hole.blob WHERE oid = ?", (oid,)
        ).fetchall()
        return tuple(sorted((first, last) for first, last in rows))

    def paths(self) -> Mapping[str, str]:
        """Path -> blob id of every indexed file."""
        return {path: blob.oid for path, blob in self._sources.items()}

    def _search(self, pattern: str) -> tuple[SourceLine, ...]:
        """The lines of indexed files that an extended regular expression fits; the tree is searched once, by git."""
        words = ("grep", "-n", "-z", "-I", "--no-color", "-E", "-e", pattern, self.tree.commit, "--", "*.c", "*.h")
        ended = self.tree.run_git(*words)
        if not isinstance(ended, Completed) or ended.returncode not in (0, 1):  # 1: nothing fits
            raise KernelTreeError(f"git grep failed in {self.tree.root}; is the repository whole?")
        hits = (_HIT.match(row) for row in ended.stdout.decode("utf-8", "surrogateescape").split("\n"))
        return tuple(
            SourceLine(hit["path"], int(hit["line"]), hit["text"])
            for hit in hits
            if hit and hit["path"] in self._sources
        )

    # Control flow, on demand.

    def _graph(self, definition: Definition) -> Graph | None:
        """The control flow of a function, from the store or by parsing its text now."""
        key = (definition.oid, definition.span.start)
        row = self._run("SELECT body FROM graph WHERE oid = ? AND start = ?", key).fetchone()
        if row is not None:
            return _loaded(json.loads(row[0]))
        text = self.text(definition.path)[definition.span.start : definition.span.end]
        graph = graph_of(text, definition.span.line)
        self._new_graphs.append((*key, json.dumps(_dumped(graph), separators=(",", ":"))))
        if len(self._new_graphs) >= 500:
            self._save_graphs()
        return graph

    def _save_graphs(self) -> None:
        if not self._new_graphs:
            return
        try:
            with self._store:
                self._store.executemany("INSERT OR IGNORE INTO graph VALUES (?,?,?)", self._new_graphs)
        except sqlite3.Error as error:
            raise IndexStoreError(
                f"the index cannot be written: {error}; free some space, or name another --cache"
            ) from error
        self._new_graphs.clear()


def _dumped(graph: Graph | None) -> object:
    if graph is None:
        return None
    nodes = [
        [
            node.kind, node.line, node.text,
            [[call.callee, call.direct, call.arguments, call.line] for call in node.calls],
            [[a.left, a.right, a.operator, a.declares, a.line] for a in node.assignments],
            node.successors,
        ]
        for node in graph.nodes
    ]  # fmt: skip
    return [graph.name, graph.returns, [[p.name, p.type] for p in graph.parameters], nodes, graph.labels, graph.whole]


def _loaded(data: list | None) -> Graph | None:  # type: ignore[type-arg]
    if data is None:
        return None
    name, returns, parameters, nodes, labels, whole = data
    return Graph(
        name,
        returns,
        tuple(Parameter(*parameter) for parameter in parameters),
        tuple(
            Node(
                kind,
                line,
                text,
                tuple(Call(callee, direct, tuple(arguments), at) for callee, direct, arguments, at in calls),
                tuple(Assignment(*assignment) for assignment in assignments),
                tuple((number, label) for number, label in successors),
            )
            for kind, line, text, calls, assignments, successors in nodes
        ),
        tuple((label, number) for label, number in labels),
        whole,
    )
