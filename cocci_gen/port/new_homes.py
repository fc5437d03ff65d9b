"""Names that another header declares by now, and code that uses them -> the headers that its files need, and rules that add them.

A file that has the header by way of another one needs nothing.  What each header of the new kernel includes is read from there as
far as the code's own lines lead.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cocci_gen.port.evolutions import DeclarationsMoved, Evolution
from cocci_gen.port.examples import words_of
from cocci_gen.port.leftovers import Leftover, blank_comments
from cocci_gen.port.rules import Declarations, PortRule
from cocci_gen.port.trees import Sources

_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"\n]+)[>\"]", re.MULTILINE)
_LINE = re.compile(rb"^[ \t]*#[ \t]*(include|ifdef|ifndef|if|endif)\b[^\n]*$", re.MULTILINE)
_NAMED = re.compile(rb"<([\w./-]+)>")
#: Where `<linux/x.h>` and `<asm/x.h>` are found.
_FOLDERS = ("include/", "include/uapi/", "arch/x86/include/", "arch/x86/include/uapi/", "include/asm-generic/")
_TOLD = 4


@dataclass(frozen=True, slots=True)
class Needed:
    """A header that some files need: the evolution, and by file the names that they use, with the lines of the first uses."""

    evolution: DeclarationsMoved
    names: Mapping[str, tuple[str, ...]]
    places: tuple[str, ...]


class _Includes:
    """What the headers of a kernel include, read when first asked for."""

    def __init__(self, kernel: Sources) -> None:
        self._kernel = kernel
        self._known: dict[str, frozenset[str]] = {}

    def _found(self, name: str) -> Iterator[str]:
        """The paths that `<name>` may mean."""
        short = name.removeprefix("asm/")
        for folder in _FOLDERS:
            path = f"{folder}{short if folder.endswith('asm-generic/') else name}"
            if path in self._kernel.oids:
                yield path

    def closure(self, names: Iterable[str]) -> frozenset[str]:
        """The headers that some `#include <name>` bring, themselves included."""
        seen: set[str] = set()
        todo = {path for name in names for path in self._found(name)}
        while todo:
            seen |= todo
            unread = [path for path in todo if path not in self._known]
            for path, text in self._kernel.texts(unread):
                named = {name.decode("utf-8", "replace") for _, name in _INCLUDE.findall(text)}
                self._known[path] = frozenset(found for name in named for found in self._found(name))
            todo = {below for path in todo for below in self._known[path]} - seen
        return frozenset(seen)


def needed_headers(
    evolutions: Iterable[Evolution], kernel: Sources, texts: Mapping[str, bytes], own: Collection[str]
) -> tuple[Needed, ...]:
    """What changed, the new kernel, some code and the names that it defines itself -> the headers that its files use and do not
    have."""
    moved = {name.encode(): one for one in evolutions if isinstance(one, DeclarationsMoved) for name in one.names}
    for name in own:
        moved.pop(name.encode(), None)
    includes = _Includes(kernel)
    found: dict[DeclarationsMoved, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for path, text in sorted(texts.items()):
        used = words_of(blank_comments(text)) & moved.keys() if path.endswith(".c") else frozenset()
        if used:
            have = includes.closure(_system_headers(path, texts))
            for one in {moved[name] for name in used} if have else ():
                if one.old in have and one.new not in have:
                    names = sorted(name.decode() for name in used if moved[name] is one)
                    found[one][path] = tuple(names)
    return tuple(
        Needed(one, names, tuple(f"{path}:{_line(texts[path], some[0])}" for path, some in sorted(names.items())))
        for one, names in sorted(found.items(), key=lambda pair: pair[0].id)
    )


def _line(text: bytes, name: str) -> int:
    place = re.search(rb"\b" + re.escape(name.encode()) + rb"\b", blank_comments(text))
    return text.count(b"\n", 0, place.start()) + 1 if place else 1


def _system_headers(path: str, texts: Mapping[str, bytes]) -> frozenset[str]:
    """The headers of the kernel that a file includes, by way of the code's own as well."""
    by_name = defaultdict(list)
    for other in texts:
        by_name[other.rpartition("/")[2]].append(other)
    found: set[str] = set()
    seen: set[str] = set()
    todo = [path]
    while todo:
        here = todo.pop()
        seen.add(here)
        for _, name in _INCLUDE.findall(texts[here]):
            word = name.decode("utf-8", "replace")
            own = [
                one for one in by_name[word.rpartition("/")[2]] if one.endswith(f"/{word.lstrip('./')}") or one == word
            ]
            todo += [one for one in own if one not in seen]
            if not own:
                found.add(word)
    return frozenset(found)


def needed_rules(needed: Iterable[Needed], texts: Mapping[str, bytes]) -> list[PortRule]:
    """The headers that files need -> the rules that add each behind the last header of the kernel that a file has already."""
    rules = []
    for one in needed:
        by_anchor: dict[str, list[str]] = defaultdict(list)
        for path in one.names:
            anchor = _anchor(texts[path])
            if anchor:
                by_anchor[anchor].append(path)
        header = one.evolution.header
        for number, (anchor, paths) in enumerate(sorted(by_anchor.items())):
            names = sorted({name for path in paths for name in one.names[path]})
            told = ", ".join(names[:_TOLD]) + (" and others" if len(names) > _TOLD else "")
            text = (
                f"@there@\n@@\n #include <{header}>\n\n"
                f"@needed depends on !there@\n@@\n #include <{anchor}>\n+ #include <{header}>\n"
            )
            title = f"#include <{header}>, which declares {told} by now"
            name = f"{one.evolution.id}.{number}"
            rules.append(PortRule(name, one.evolution.id, title, text, Declarations(), (), frozenset(paths)))
    return rules


def without_place(needed: Iterable[Needed], texts: Mapping[str, bytes]) -> Iterator[Leftover]:
    """The headers for which a file has no line that they could stand behind."""
    for one in needed:
        for path, names in one.names.items():
            if not _anchor(texts[path]):
                reason = f"it needs #include <{one.evolution.header}>, which declares {names[0]} by now"
                yield Leftover(path, _line(texts[path], names[0]), one.evolution.id, reason, ())


def _anchor(text: bytes) -> str:
    """The last header of the kernel that a file includes outside of all conditions, of those of linux/ if there are any."""
    depth = 0
    found: list[str] = []
    for line in _LINE.finditer(text):
        word = line.group(1)
        depth += {b"include": 0, b"endif": -1}.get(word, 1)
        name = _NAMED.search(line.group()) if word == b"include" and depth == 0 else None
        if name is not None:
            found.append(name.group(1).decode())
    linux = [name for name in found if name.startswith("linux/")]
    chosen = linux or found
    return chosen[-1] if chosen and found.count(chosen[-1]) == 1 else ""
