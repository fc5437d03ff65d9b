"""Two trees -> Changed, what differs between them where that is plain: bodies of functions, and macros of .c files.

What headers declare, tables, documents, and words that are looked for in whole folders are more than that; the answer is None
then, and everything is to be scanned.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cocci_gen.code.reading import definitions
from cocci_gen.code.source import EVERY, FileFacts, file_facts
from cocci_gen.facts.backing_devices import calls_looked_for
from cocci_gen.facts.definitions import folder_of
from cocci_gen.facts.differences import changed_files, macros_in
from cocci_gen.facts.index import KernelIndex
from cocci_gen.facts.indexed_files import OUTSIDE
from cocci_gen.facts.mentions import Place, called_in
from cocci_gen.facts.unmapped import SETS_TABLE
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.returns.unset_flags import SETS_FLAG
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
    stand now; and what the functions call, before or after (the folder and the name)."""

    functions: frozenset[Place]
    wide: frozenset[str]
    own: frozenset[Place]
    files: frozenset[str]
    lines: Lines = field(default_factory=dict)
    calls: frozenset[Place] = frozenset()

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
    functions, wide, own, touched, calls = set[Place](), set[str](), set[Place](), set[str](), set[Place]()
    lines: dict[str, Mapping[int, int]] = {}
    for path in code:
        found = _file_change(before, after, path, index)
        if found is None:
            return None
        functions |= found.functions
        wide |= found.wide
        own |= found.own
        touched |= found.files
        lines |= found.lines
        calls |= found.calls
    return Changed(frozenset(functions), frozenset(wide), frozenset(own), frozenset(touched), lines, frozenset(calls))


def _file_change(before: KernelTree, after: KernelTree, path: str, index: KernelIndex) -> Changed | None:
    old, new = before.blobs().get(path), after.blobs().get(path)
    if old is None or new is None or old.mode != new.mode:
        return None
    texts = before.read(path), after.read(path)
    if any(one.findall(texts[0]) != one.findall(texts[1]) for one in (*calls_looked_for(), SETS_FLAG, SETS_TABLE)):
        return None
    facts = tuple(file_facts(text, EVERY, index.version) for text in texts)
    entries = [[e for e in one.entries if e.tag or e.method in index.methods] for one in facts]
    tabled = [[(e.tag, e.variable, e.method, e.function) for e in one] for one in entries]
    if _unread(texts[0], facts[0]) != _unread(texts[1], facts[1]):
        return None
    if tabled[0] != tabled[1] or list(definitions(texts[0])) != list(definitions(texts[1])):
        return None
    if path.endswith(".h") and _outside_bodies(texts[0], facts[0]) != _outside_bodies(texts[1], facts[1]):
        return None
    macros = [macros_in(text) for text in texts]
    other = _other_macros(*macros)
    if other and any(f'{_name(path)}"' in hit.text for hit in index.search(_INCLUDED)):
        return None
    known = [_functions(text, one) for text, one in zip(texts, facts, strict=True)]
    names = {name for name in known[0].keys() | known[1].keys() if _texts(known[0], name) != _texts(known[1], name)}
    fresh = {name for name in names if name not in known[0] or name not in known[1]}
    if any(index.entries_naming(name) for name in fresh):
        return None
    names |= {name for one in known for name, every in one.items() if any(other & _words(text) for _, text in every)}
    static = {
        name
        for name in names
        if path.endswith(".c") and all(span.static for one in facts for span in one.functions if span.name == name)
    }
    places = frozenset((path, name) for name in names)
    in_place = known[0] == known[1] and macros[0] == macros[1] and entries[0] == entries[1]
    files = frozenset[str]() if in_place and _code(texts[0]) == _code(texts[1]) else frozenset({path})
    own = frozenset((path, name) for name in static)
    called = {
        word.decode() for name in names for one in known for text in _texts(one, name) for word in called_in(text)
    }
    calls = frozenset((folder_of(path), name) for name in called)
    return Changed(places, frozenset(names - static), own, files, {path: line_map(*texts)}, calls)


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


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _outside_bodies(text: bytes, facts: FileFacts) -> list[bytes]:
    """The words of a text without comments and without what stands in the bodies of functions."""
    parts, start = [], 0
    for span in sorted(facts.functions, key=lambda span: span.start):
        head = text[span.start : span.end].partition(b"{")[0]
        parts += [text[start : max(start, span.start)], head]
        start = max(start, span.end)
    return _code(b"\n".join([*parts, text[start:]]))


def _texts(functions: Mapping[str, tuple[tuple[int, bytes], ...]], name: str) -> list[bytes]:
    return [text for _, text in functions.get(name, ())]


def _unread(text: bytes, facts: FileFacts) -> list[bytes]:
    """The lines of a text that did not parse: a function may stand there that nobody sees."""
    lines = text.split(b"\n")
    return [line for first, last in facts.holes for line in lines[first - 1 : last]]


def _code(text: bytes) -> list[bytes]:
    """The words of a text without comments."""
    return _REMARK.sub(lambda match: match[1] or b" ", text).split()


def _functions(text: bytes, facts: FileFacts) -> dict[str, tuple[tuple[int, bytes], ...]]:
    """Name -> line and text of the functions of that name."""
    found: dict[str, tuple[tuple[int, bytes], ...]] = {}
    for span in facts.functions:
        found[span.name] = (*found.get(span.name, ()), (span.line, text[span.start : span.end]))
    return found
