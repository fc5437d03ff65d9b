"""Two states of a tree -> what of their C differs: functions, operations tables, macros."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cocci_gen.code.texts.source import file_facts
from cocci_gen.code.texts.tokens import tokens
from cocci_gen.kernel.tree import KernelTree

_DEFINE = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)((?:[^\n\\]|\\\r?\n|\\.)*)", re.MULTILINE)

#: A function or macro: path and name.
Place = tuple[str, str]
Tokens = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: functions with other tokens (or new, or gone), functions that tables name or do not name any more,
    macros with other tokens. Comments and white space make no difference: no rule reads them."""

    functions: frozenset[Place]
    tabled: frozenset[Place]
    macros: frozenset[Place]


@dataclass(frozen=True, slots=True)
class _File:
    """What one file says."""

    functions: dict[str, tuple[Tokens, ...]]
    entries: frozenset[tuple[str, str, str, str]]
    macros: dict[str, tuple[Tokens, ...]]


def changed_files(before: KernelTree, after: KernelTree) -> frozenset[str]:
    """The paths that are not the same file in both."""
    old, new = before.blobs(), after.blobs()
    other = (path for path, blob in new.items() if path not in old or old[path].oid != blob.oid)
    return frozenset([*other, *(old.keys() - new.keys())])


def difference(before: KernelTree, after: KernelTree, paths: Iterable[str], methods: frozenset[str]) -> Difference:
    """What differs in some C files and headers; `methods` are those whose tables count."""
    functions, tabled, macros = set[Place](), set[Place](), set[Place]()
    for path in paths:
        old, new = _read(before, path, methods), _read(after, path, methods)
        functions |= {(path, name) for name in _differing(old.functions, new.functions)}
        tabled |= {(path, entry[3]) for entry in old.entries ^ new.entries}
        macros |= {(path, name) for name in _differing(old.macros, new.macros)}
    return Difference(frozenset(functions), frozenset(tabled), frozenset(macros))


def _differing(old: dict[str, tuple[Tokens, ...]], new: dict[str, tuple[Tokens, ...]]) -> set[str]:
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def macros_in(text: bytes) -> dict[str, tuple[tuple[int, ...], tuple[bytes, ...]]]:
    """Name -> the lines of a file where that macro is defined, and what it is defined as there."""
    macros: dict[str, tuple[tuple[int, ...], tuple[bytes, ...]]] = {}
    line, place = 1, 0
    for found in _DEFINE.finditer(text):
        line, place = line + text.count(b"\n", place, found.start()), found.start()
        lines, texts = macros.get(found[1].decode(), ((), ()))
        macros[found[1].decode()] = ((*lines, line), (*texts, b" ".join(found[2].split())))
    return macros


def _read(tree: KernelTree, path: str, methods: frozenset[str]) -> _File:
    if path not in tree.blobs() or not tree.blobs()[path].mode.startswith("100"):  # a link, or a submodule of that name
        return _File({}, frozenset(), {})
    text = tree.read(path)
    facts = file_facts(text, methods)
    functions: dict[str, tuple[Tokens, ...]] = {}
    for span in facts.functions:
        functions[span.name] = (*functions.get(span.name, ()), tokens(text[span.start : span.end]))
    macros = {name: tuple(map(tokens, texts)) for name, (_, texts) in macros_in(text).items()}
    entries = frozenset((entry.tag, entry.variable, entry.method, entry.function) for entry in facts.entries)
    return _File(functions, entries, macros)
