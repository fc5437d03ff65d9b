"""The headers of a kernel -> what an `#include` brings, and what each of them declares, read when first asked for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from cocci_gen.port.texts.trees import Sources

INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"\n]+)[>\"]", re.MULTILINE)
#: A macro, the head of a function, or what a macro with brackets makes of its arguments; `u64 (*hook)(void)` declares no u64.
_DECLARED = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+(\w+)|^(?![ \t#*/])[^\n;={}()]*?\b(\w+)[ \t]*\((?![ \t]*\*)", re.MULTILINE
)
#: A head whose name stands alone on the line below its type.
_BELOW = re.compile(rb"^[a-z][^\n;={}()#]*\n(\w+)\(", re.MULTILINE)
#: An array of the kernel.
_ARRAY = re.compile(rb"^extern[ \t][^;(){}\[\]]*?\b(\w+\[)", re.MULTILINE)
#: Where `<linux/x.h>` and `<asm/x.h>` are found.
_FOLDERS = (
    "include/",
    "include/uapi/",
    "arch/x86/include/",
    "arch/x86/include/uapi/",
    "include/asm-generic/",
    "include/uapi/asm-generic/",
)


class Includes:
    """What the headers of a kernel include and declare."""

    def __init__(self, kernel: Sources) -> None:
        self._kernel = kernel
        self._texts: dict[str, bytes] = {}
        self._known: dict[str, frozenset[str]] = {}
        self._declared: dict[str, frozenset[bytes]] = {}
        self._together: dict[frozenset[str], frozenset[bytes]] = {}

    def _found(self, name: str) -> Iterator[str]:
        """The paths that `<name>` may mean."""
        short = name.removeprefix("asm/")
        for folder in _FOLDERS:
            path = f"{folder}{short if folder.endswith('asm-generic/') else name}"
            if path in self._kernel.oids:
                yield path

    def _included(self, path: str, quote: bytes, name: str) -> Iterator[str]:
        """The paths that an `#include` of a header may mean; one in quotes is looked for beside it first."""
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        if quote == b'"' and beside in self._kernel.oids:
            yield beside
        else:
            yield from self._found(name)

    def closure(self, names: Iterable[str]) -> frozenset[str]:
        """The headers that some `#include <name>` bring, themselves included."""
        seen: set[str] = set()
        todo = {path for name in names for path in self._found(name)}
        while todo:
            seen |= todo
            unread = [path for path in todo if path not in self._known]
            for path, text in self.texts(unread):
                named = {(quote, name.decode("utf-8", "replace")) for quote, name in INCLUDE.findall(text)}
                self._known[path] = frozenset(found for one in named for found in self._included(path, *one))
            todo = {below for path in todo for below in self._known[path]} - seen
        return frozenset(seen)

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The texts of some headers, each read once."""
        listed = list(paths)
        self._texts.update(self._kernel.texts([path for path in listed if path not in self._texts]))
        return ((path, self._texts[path]) for path in listed)

    def has(self, path: str) -> bool:
        """Whether the kernel has a header."""
        return path in self._kernel.oids

    def includes(self, path: str) -> frozenset[str]:
        """The headers that one includes itself, as far as a closure has led to it."""
        return self._known.get(path, frozenset())

    def declared(self, paths: frozenset[str]) -> frozenset[bytes]:
        """The names of the functions and macros that some headers declare, those of arrays with their bracket (`hex_asc[`)."""
        if paths not in self._together:
            unread = [path for path in paths if path not in self._declared]
            for path, text in self.texts(unread):
                found = [name for names in _DECLARED.findall(text) for name in names]
                self._declared[path] = frozenset((*found, *_BELOW.findall(text), *_ARRAY.findall(text)))
            self._together[paths] = frozenset[bytes]().union(*(self._declared[path] for path in paths))
        return self._together[paths]
