"""IndexFile -> IndexStore, what it holds of blobs (outlines, functions, table entries) and of functions (graphs, mentions)."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from pathlib import Path

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.facts.tree.index_file import (
    BESIDE,
    BLOBS,
    DEFINITIONS,
    ENTRIES,
    FUNCTIONS,
    HOLES,
    MENTIONED,
    MENTIONS,
    ORDERED,
    PARSED,
    TOLD,
    IndexFile,
    sum_of,
    sum_of_row,
    sums,
)
from cocci_gen.facts.tree.kept_graphs import KeptGraphs
from cocci_gen.facts.tree.mentions import KeptMentions, in_words
from cocci_gen.facts.tree.outlines import in_order, numbered

#: Functions, tabled and assigned methods, targets, tags, calls.
SORTS = 6
#: The last of them is as much as all others, and most runs do without.
CALLS = SORTS - 1
#: Names of more blobs than these, and than a tenth of those that stand in order, are put in order.
_FEW, _TENTH = 500, 10
#: The same of outlines, which every process that asks puts in order for itself until they are: each night of a batch, say.
_FORTIETH = 40

#: Before the first rows of the three tables that tell what is mentioned.
_NOTHING = (0, 0, 0)

#: Of one blob, before it is parsed: its name, its outline as `outlines.packed` makes it, its definitions.
OutlineRow = tuple[str, tuple[bytes, ...], list[tuple[str, str, str]]]
#: Of one blob that was parsed: its name, its functions, its table entries, its holes, as the tables above hold them.
FactsRow = tuple[
    str, list[tuple[str, int, int, int, int, int]], list[tuple[str, str, str, str, int]], list[tuple[int, int]]
]


class IndexStore:
    """The file, open; graphs are written in batches."""

    def __init__(self, folder: Path) -> None:
        """Open or make the file in a folder of caches."""
        self.file = IndexFile(folder)
        self._graphs = KeptGraphs()
        self._new_graphs: list[tuple[str, int, bytes]] = []
        self._new_mentions: list[tuple[str, int, str, bytes]] = []
        self._new_texts: list[tuple[str, int, str, bytes]] = []
        self._new_beside: set[tuple[str, int, str, str]] = set()
        #: Functions of which it was noted what they mention.
        self._noted = 0

    def close(self) -> None:
        """Write the graphs that are new and close the file; where much was read, what it mentions is put in order."""
        try:
            self.save()
            if self._noted > _FEW:
                self.mentions()
        finally:
            self.file.close()
        self.file.vouch()

    def blobs(self) -> dict[str, int]:
        """Every blob that the file holds, with its number."""
        return {oid: number for number, oid in self.file.rows("SELECT id, oid FROM blob")}

    def numbers(self, oids: list[str]) -> dict[str, int]:
        """Those of some blobs that the file holds, with their numbers."""
        marks = ",".join("?" * len(oids))
        return {
            oid: number
            for number, oid in self.file.rows(f"SELECT id, oid FROM blob WHERE oid IN ({marks})", tuple(oids))
        }

    def names(self, sorts: Sequence[int]) -> list[tuple[bytes, dict[int, bytes]]]:
        """Of some sorts the names of most blobs as `outlines.in_order` keeps them, and those of the rest as `outlines.packed`
        does; where these are many, they are put in order first."""
        ordered = self._ordered(sorts)
        last = min((last for last, _ in ordered), default=0)
        rest = self._outlines(last)
        if len(rest) > _FEW + last // _FORTIETH:
            self._put_in_order(self._outlines(0) if last else rest)
            ordered, rest = self._ordered(sorts), []
        return [
            (ordered[place][1] if ordered else b"", {blob: names[sort] for blob, names in rest if names[sort]})
            for place, sort in enumerate(sorts)
        ]

    def last(self) -> int:
        """The greatest number of a blob; what comes gets a greater one."""
        return int(self.file.rows("SELECT coalesce(max(id), 0) FROM blob")[0][0])

    def names_behind(self, last: int) -> list[dict[int, bytes]]:
        """Of each sort the names of the blobs with a greater number, as `outlines.packed` keeps them."""
        rest = self._outlines(last)
        return [{blob: names[sort] for blob, names in rest if names[sort]} for sort in range(CALLS)]

    def _outlines(self, behind: int) -> list[tuple[int, tuple[bytes, ...]]]:
        """(blob, names as `outlines.packed` keeps them) of the blobs with a greater number."""
        rows = self.file.rows(f"{BLOBS} WHERE id > ?", (behind,))
        self.file.check(sound=all(sum_of((row[0], row[1]), row[2:-1]) == row[-1] for row in rows))
        return [(row[0], row[2:-1]) for row in rows]

    def _ordered(self, sorts: Sequence[int]) -> list[tuple[int, bytes]]:
        """Per sort the last blob whose names stand in order, and these names; none before anything was put in order."""
        rows = [row for sort in sorts for row in self.file.rows(f"{ORDERED} WHERE sort = ?", (sort,))]
        self.file.check(
            sound=all(sum_of(row[:2], row[2:-1]) == row[-1] for row in rows) and len(rows) in (0, len(sorts))
        )
        return [(last, numbers) for _, last, numbers, _ in rows]

    def _put_in_order(self, outlines: list[tuple[int, tuple[bytes, ...]]]) -> None:
        last = max(blob for blob, _ in outlines)
        with self.file.writing() as connection:
            for sort in range(SORTS):
                numbers = in_order((blob, names[sort]) for blob, names in outlines)
                row = (sort, last, numbers)
                connection.execute("INSERT OR REPLACE INTO ordered VALUES (?,?,?,?)", (*row, sum_of(row[:2], row[2:])))

    def parsed(self) -> set[int]:
        """The blobs whose functions, entries and holes are there."""
        return {blob for (blob,) in self.file.sound(self.file.rows(PARSED))}

    def is_parsed(self, blob: int) -> bool:
        """Whether those of one blob are there."""
        return bool(self.file.summed(f"{PARSED} WHERE blob = ?", blob))

    def functions(self, name: str) -> list[tuple[int, str, int, int, int, int, int]]:
        """(blob, name, start, end, line, last line, flags) of the functions of that name."""
        return self.file.summed(f"{FUNCTIONS} WHERE name = ?", name)

    def functions_in(self, blob: int) -> list[tuple[int, str, int, int, int, int, int]]:
        """The functions of a blob, in order."""
        return self.file.summed(f"{FUNCTIONS} WHERE blob = ? ORDER BY start", blob)

    def entries(self, method: str, among: Sequence[int] = ()) -> list[tuple[int, str, str, str, str, int]]:
        """(blob, tag, variable, method, function, line) of the table entries and assignments for a method name, in some blobs or
        in all."""
        marks = f" AND blob IN ({','.join('?' * len(among))})" if among else ""
        return self.file.sound(self.file.rows(f"{ENTRIES} WHERE method = ?{marks}", (method, *among)))

    def entries_naming(self, function: str) -> list[tuple[int, str, str, str, str, int]]:
        """The table entries and assignments that name a function."""
        return self.file.summed(f"{ENTRIES} WHERE function = ?", function)

    def holes(self, blob: int) -> list[tuple[int, int, int]]:
        """(blob, first, last) of the lines of a blob that did not parse."""
        return self.file.summed(f"{HOLES} WHERE blob = ?", blob)

    def definitions(self) -> list[tuple[int, str, str, str]]:
        """(blob, kind, name, parts as JSON) of everything that changes how files are read."""
        return self.file.sound(self.file.rows(DEFINITIONS))

    def insert_outlines(self, rows: list[OutlineRow]) -> None:
        """All rows of a chunk, or none."""
        with self.file.writing() as connection:
            for oid, names, definitions in rows:
                cursor = connection.execute("INSERT OR IGNORE INTO blob (oid) VALUES (?)", (oid,))
                if cursor.rowcount != 1:  # another run was quicker
                    continue
                blob = cursor.lastrowid
                connection.execute(
                    "UPDATE blob SET functions = ?, tabled = ?, assigned = ?, targets = ?, tags = ?, called = ?, sum = ?"
                    " WHERE id = ?",
                    (*names, sum_of((blob, oid), names), blob),
                )
                _insert(connection, "definition", [(blob, *one) for one in definitions])

    def insert_facts(self, rows: list[tuple[int, FactsRow]]) -> None:
        """What was parsed of some blobs, all of it or nothing."""
        with self.file.writing() as connection:
            for blob, (_, functions, entries, holes) in rows:
                cursor = connection.execute("INSERT OR IGNORE INTO parsed VALUES (?, ?)", (blob, sum_of_row((blob,))))
                if cursor.rowcount == 1:  # no other run was quicker
                    _insert(connection, "function", [(blob, *one) for one in functions])
                    _insert(connection, "entry", [(blob, *one) for one in entries])
                    _insert(connection, "hole", [(blob, *one) for one in holes])

    def graph(self, oid: str, start: int) -> tuple[Graph | None] | None:
        """The graph that was kept for the function at a byte of a blob (None where there was none to be had); None when
        nobody has asked for it yet, or what was kept is damaged."""
        rows = self.file.rows("SELECT body FROM graph WHERE oid = ? AND start = ?", (oid, start))
        try:
            return (self._graphs.read(rows[0][0]),) if rows else None
        except (zlib.error, ValueError, TypeError):
            return None  # the sum of zlib: the graph is made again

    def keep(self, oid: str, start: int, graph: Graph | None) -> Graph | None:
        """Keep a graph for the next time; returns the same, with what is equal in it and in others held once."""
        data, graph = self._graphs.written(graph)
        self._new_graphs.append((oid, start, data))
        if len(self._new_graphs) >= 500:
            self.save()
        return graph

    def mentions(self) -> KeptMentions:
        """The words that every function mentions whose graph or text was asked for, and what those hang on that hang on others
        beside what they lead to; where many of them do not stand in order yet, they are put in order first."""
        self.save()
        lasts, kept = self._mentioned()
        rows, ends = self._mentions_from(lasts)
        if len(rows) > _FEW + len(kept.blobs) // _TENTH:
            rows, ends = self._mentions_from(_NOTHING)
            kept = KeptMentions(
                [oid for oid, _, _ in rows],
                [name for _, name, _ in rows],
                in_order((number, words) for number, (_, _, words) in enumerate(rows)),
                {},
            )
            self._keep_mentioned(ends, kept)
            return kept
        first = len(kept.blobs)
        return KeptMentions(
            [*kept.blobs, *(oid for oid, _, _ in rows)],
            [*kept.names, *(name for _, name, _ in rows)],
            kept.ordered,
            {first + number: words for number, (_, _, words) in enumerate(rows)},
        )

    def _mentions_from(self, lasts: tuple[int, ...]) -> tuple[list[tuple[str, str, bytes]], tuple[int, ...]]:
        """(blob name, function, words as `outlines.numbered` keeps them) of the rows from one on in each of the three tables, and
        the last of each.  That one is read again: SQLite gives its number to what is put in its place."""
        found = [
            self.file.rows(f"{table} WHERE rowid >= ?", (last,))
            for table, last in zip((MENTIONS, TOLD, BESIDE), lasts, strict=True)
        ]
        self.file.check(sound=all(sum_of(row[:3], row[3:4]) == row[4] for rows in found[:2] for row in rows))
        self.file.check(sound=sums(row[:4] for row in found[2]) == [row[4] for row in found[2]])
        words = [(oid, name, words) for rows in found[:2] for oid, _, name, words, _, _ in rows]
        beside = [(oid, name, numbered((in_words(other),))) for oid, _, name, other, _, _ in found[2]]
        ends = (max((row[5] for row in rows), default=last) for rows, last in zip(found, lasts, strict=True))
        return [*words, *beside], tuple(ends)

    def _mentioned(self) -> tuple[tuple[int, ...], KeptMentions]:
        """What is mentioned as far as it stands in order, and the last row of each table that is among it."""
        for lasts, oids, names, numbers, total in self.file.rows(MENTIONED):
            self.file.check(sound=sum_of((lasts,), (oids, names, numbers)) == total)
            blobs, functions = (data.decode("utf-8", "surrogatepass").split("\0") for data in (oids, names))
            return tuple(map(int, lasts.split())), KeptMentions(blobs, functions, numbers, {})
        return _NOTHING, KeptMentions((), (), b"", {})

    def _keep_mentioned(self, lasts: tuple[int, ...], kept: KeptMentions) -> None:
        words = " ".join(map(str, lasts))
        oids, names = ("\0".join(one).encode("utf-8", "surrogatepass") for one in (kept.blobs, kept.names))
        data = oids, names, kept.ordered
        with self.file.writing() as connection:
            row = (0, words, *data, sum_of((words,), data))
            connection.execute("INSERT OR REPLACE INTO mentioned VALUES (?,?,?,?,?,?)", row)

    def note(self, oid: str, start: int, name: str, words: bytes) -> None:
        """Keep which words a function, or a macro, mentions."""
        self._new_mentions.append((oid, start, name, words))

    def note_text(self, oid: str, start: int, name: str, words: bytes) -> None:
        """Keep what a function calls whose text alone was asked for."""
        self._new_texts.append((oid, start, name, words))

    def note_beside(self, oid: str, start: int, name: str, function: str) -> None:
        """Keep that a function hangs on another one."""
        self._new_beside.add((oid, start, name, function))

    def save(self) -> None:
        """Write the graphs that are new."""
        if not any((self._new_graphs, self._new_mentions, self._new_texts, self._new_beside)):
            return
        with self.file.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO graph VALUES (?,?,?)", self._new_graphs)
            connection.executemany(
                "INSERT OR IGNORE INTO beside VALUES (?,?,?,?,?)", [(*row, sum_of_row(row)) for row in self._new_beside]
            )
            for verb, noted in (
                ("REPLACE INTO mention", self._new_mentions),
                ("IGNORE INTO told", self._new_texts),
            ):
                connection.executemany(
                    f"INSERT OR {verb} VALUES (?,?,?,?,?)", [(*row, sum_of(row[:3], row[3:])) for row in noted]
                )
        self._noted += len(self._new_mentions) + len(self._new_texts)
        self._new_graphs.clear()
        self._new_mentions.clear()
        self._new_texts.clear()
        self._new_beside.clear()


def _insert(connection: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        connection.executemany(
            f"INSERT INTO {table} VALUES ({','.join('?' * (len(rows[0]) + 1))})",
            [(*row, sum_of_row(row)) for row in rows],
        )
