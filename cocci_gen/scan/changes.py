"""Two trees -> Changed, what differs between them where that is plain: bodies of functions, and macros of .c files.

What headers declare, tables, documents, and words that are looked for in whole folders are more than that; the answer is None
then, and everything is to be scanned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cocci_gen.code.texts.reading import definitions
from cocci_gen.code.texts.source import EVERY, FileFacts, SourceEntry, file_facts
from cocci_gen.facts.pages.backing_devices import calls_looked_for
from cocci_gen.facts.pages.unmapped import SETS_TABLE
from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.facts.tree.differences import changed_files, macros_in
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.indexed_files import OUTSIDE
from cocci_gen.facts.tree.mentions import Place, called_in
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.returns.unset_flags import SETS_FLAG
from cocci_gen.kinds.takes.words.texts import called, handed, only_calls
from cocci_gen.scan.relined import Lines, line_map

_DOCUMENTS = "Documentation/"
#: More changed files than this are no small change.
_MOST_FILES = 100

#: A comment, or (to be kept) a string or a character.
_REMARK = re.compile(rb"""/\*.*?\*/|//[^\n]*|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+')""", re.S)
_WORD = re.compile(rb"\w+")
#: A .c file that another one includes: its macros are seen there.
_INCLUDED = r'include.*[.]c"'
#: Name -> the lines where a macro stands, and its texts, as `macros_in` gives them.
MacroTexts = Mapping[str, tuple[tuple[int, ...], tuple[bytes, ...]]]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a plain change touches: functions with another text; names by which they are known in the whole tree, and those by
    which only their own file knows them; the files in which more than remarks below all functions changed, and where their lines
    stand now; what the functions call, before or after (the folder and the name); the words of the lines that only one of the two
    trees has in a file; and the folders in which other functions may be led to, or by other ways."""

    functions: frozenset[Place]
    wide: frozenset[str]
    own: frozenset[Place]
    files: frozenset[str]
    lines: Lines = field(default_factory=dict)
    calls: frozenset[Place] = frozenset()
    words: frozenset[str] = frozenset()
    led: frozenset[str] = frozenset()

    @property
    def is_nothing(self) -> bool:
        """Whether no code is another, or stands elsewhere."""
        return not self.functions | self.own and not self.files


def plain_change(before: KernelTree, after: KernelTree, index: KernelIndex) -> Changed | None:
    """What differs between two trees, `index` being that of the second; None when it is more than bodies of functions."""
    files = changed_files(before, after)
    code = sorted(path for path in files if path.endswith((".c", ".h")) and not path.startswith(OUTSIDE))
    said = any(path.startswith(_DOCUMENTS) for path in files)  # rules may stand in any of them
    if said or "Makefile" in files or len(code) > _MOST_FILES:
        return None
    changes: list[Changed] = []
    for path in code:
        found = _file_change(before, after, path, index)
        if found is None:
            return None
        changes.append(found)
    return _all_of(changes)


def _all_of(changes: Sequence[Changed]) -> Changed:
    """What several files change together."""
    return Changed(
        functions=frozenset().union(*(one.functions for one in changes)),
        wide=frozenset().union(*(one.wide for one in changes)),
        own=frozenset().union(*(one.own for one in changes)),
        files=frozenset().union(*(one.files for one in changes)),
        lines={path: lines for one in changes for path, lines in one.lines.items()},
        calls=frozenset().union(*(one.calls for one in changes)),
        words=frozenset().union(*(one.words for one in changes)),
        led=frozenset().union(*(one.led for one in changes)),
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One file before or after the change: its text, what stands in it, and its functions and macros by name."""

    text: bytes
    facts: FileFacts
    functions: Mapping[str, tuple[tuple[int, bytes], ...]]
    macros: MacroTexts
    entries: tuple[SourceEntry, ...]

    @property
    def tabled(self) -> list[tuple[str, str, str, str]]:
        """What the tables of the file say, wherever they stand."""
        return [(one.tag, one.variable, one.method, one.function) for one in self.entries]

    def has_static(self, name: str) -> bool:
        """Whether the functions of this name, if there are any, are known to their file alone."""
        return all(span.static for span in self.facts.functions if span.name == name)


def _file_change(before: KernelTree, after: KernelTree, path: str, index: KernelIndex) -> Changed | None:
    blobs = before.blobs().get(path), after.blobs().get(path)
    if blobs[0] is None or blobs[1] is None or blobs[0].mode != blobs[1].mode:
        return None
    old, new = (_side(tree.read(path), index) for tree in (before, after))
    if _is_more(old, new, path):
        return None
    other = _other_macros(old.macros, new.macros)
    if other and any(f'{_name(path)}"' in hit.text for hit in index.search(_INCLUDED)):
        return None
    names = _otherwise(old, new)
    if any(index.entries_naming(name) for name in names if not (name in old.functions and name in new.functions)):
        return None
    names |= _made_of(other, old) | _made_of(other, new)
    static = {name for name in names if path.endswith(".c") and old.has_static(name) and new.has_static(name)}
    calls = {
        word.decode()
        for name in names
        for side in (old, new)
        for text in _texts(side, name)
        for word in called_in(text)
    }
    return Changed(
        functions=frozenset((path, name) for name in names),
        wide=frozenset(names - static),
        own=frozenset((path, name) for name in static),
        files=frozenset[str]() if _is_in_place(old, new) else frozenset({path}),
        lines={path: line_map(old.text, new.text)},
        calls=frozenset((folder_of(path), name) for name in calls),
        words=_words_of_other_lines(old.text, new.text),
        led=frozenset(
            {folder_of(path)} if any(_leads_otherwise(old, new, name, path, index) for name in names) else ()
        ),
    )


def _leads_otherwise(old: _Side, new: _Side, name: str, path: str, index: KernelIndex) -> bool:
    """Whether a function of one side leads to others of its folder, or by other ways, than it does on the other side."""
    folder = folder_of(path)

    def near(names: Iterable[str]) -> list[str]:
        return [one for one in names if index.definitions_in(one, folder) or index.tabled_in(one, folder)]

    sides = (
        [(near(called(text)), near(handed(text)), only_calls(text)) for text in _texts(side, name)]
        for side in (old, new)
    )
    before, after = sides
    return before != after


def _side(text: bytes, index: KernelIndex) -> _Side:
    facts = file_facts(text, EVERY, index.version)
    entries = tuple(one for one in facts.entries if one.tag or one.method in index.methods)
    return _Side(text, facts, _functions(text, facts), macros_in(text), entries)


def _is_more(old: _Side, new: _Side, path: str) -> bool:
    """Whether more than bodies of functions and macros differs: tables, declarations, what did not parse, words looked for."""
    if any(one.findall(old.text) != one.findall(new.text) for one in (*calls_looked_for(), SETS_FLAG, SETS_TABLE)):
        return True
    if _unread(old) != _unread(new) or old.tabled != new.tabled:
        return True
    if list(definitions(old.text)) != list(definitions(new.text)):
        return True
    return path.endswith(".h") and _outside_bodies(old) != _outside_bodies(new)


def _otherwise(old: _Side, new: _Side) -> set[str]:
    """The functions that are not the same on both sides."""
    return {name for name in old.functions.keys() | new.functions.keys() if _texts(old, name) != _texts(new, name)}


def _made_of(macros: set[bytes], side: _Side) -> set[str]:
    """The functions in which one of these macros stands."""
    return {name for name, every in side.functions.items() if any(macros & _words(text) for _, text in every)}


def _is_in_place(old: _Side, new: _Side) -> bool:
    """Whether remarks alone differ, below all code."""
    same = old.functions == new.functions and old.macros == new.macros and old.entries == new.entries
    return same and _code(old.text) == _code(new.text)


def _other_macros(before: MacroTexts, after: MacroTexts) -> set[bytes]:
    """The names of macros that one of two texts has otherwise, and of those that are made of them."""
    found = {
        name for name in before.keys() | after.keys() if before.get(name, ((), ()))[1] != after.get(name, ((), ()))[1]
    }
    grown = True
    while grown:
        words = {name.encode() for name in found}
        more = {
            name for one in (before, after) for name, (_, texts) in one.items() if any(words & _words(t) for t in texts)
        }
        grown = bool(more - found)
        found |= more
    return {name.encode() for name in found}


def _words(text: bytes) -> set[bytes]:
    return set(_WORD.findall(text))


def _words_of_other_lines(old: bytes, new: bytes) -> frozenset[str]:
    """The words of the lines that stand in one of two texts alone: who asks of a whole tree whether a word stands there."""
    lines = set(old.split(b"\n")) ^ set(new.split(b"\n"))
    return frozenset(word.decode() for word in _words(b"\n".join(lines)) if word.isascii())


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _outside_bodies(side: _Side) -> list[bytes]:
    """The words of a file without comments and without what stands in the bodies of functions."""
    text, parts, start = side.text, [], 0
    for span in sorted(side.facts.functions, key=lambda span: span.start):
        head = text[span.start : span.end].partition(b"{")[0]
        parts += [text[start : max(start, span.start)], head]
        start = max(start, span.end)
    return _code(b"\n".join([*parts, text[start:]]))


def _texts(side: _Side, name: str) -> list[bytes]:
    return [text for _, text in side.functions.get(name, ())]


def _unread(side: _Side) -> list[bytes]:
    """The lines of a file that did not parse: a function may stand there that nobody sees."""
    lines = side.text.split(b"\n")
    return [line for first, last in side.facts.holes for line in lines[first - 1 : last]]


def _code(text: bytes) -> list[bytes]:
    """The words of a text without comments."""
    return _REMARK.sub(lambda match: match[1] or b" ", text).split()


def _functions(text: bytes, facts: FileFacts) -> dict[str, tuple[tuple[int, bytes], ...]]:
    """Name -> line and text of the functions of that name."""
    found: dict[str, tuple[tuple[int, bytes], ...]] = {}
    for span in facts.functions:
        found[span.name] = (*found.get(span.name, ()), (span.line, text[span.start : span.end]))
    return found
