"""A macro that is called like a function -> Macro, its body as the Graph of one.

`#define LOCK_NODE(inode) inode_lock(&(inode)->vfs)` takes a lock under a name that no index of functions knows, and so does the
bare name of `#define lock_node inode_lock`, by which code for several kernels calls what was renamed.  A file sees the macros
that it defines itself and those of the headers that it names in quotes, by the search path of its build too, and one of a module
what the headers of that define; those of include/ are the kernel's own words.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kernel.nearest import nearest

#: Headers are followed this far: a file, its headers, and theirs.
_LEVELS = 2
#: A header that is not beside a file has so many folders in common with it.
_SHARED = 2
#: Longer bodies are no wrappers.
_LONGEST = 4000

_DEFINE = re.compile(
    rb"(?m)^[ \t]*#[ \t]*define[ \t]+(?P<name>\w+)\((?P<parameters>(?:[^)\n\\]|\\\r?\n)*)\)(?P<body>(?:[^\n\\]|\\\r?\n|\\.)*)"
)
#: The end of a line that goes on in the next one.
_CONTINUED = re.compile(rb"\\\r?\n\s*")
#: Another name of a function; what it is called with goes on as it came.
_RENAMED = re.compile(rb"(?m)^[ \t]*#[ \t]*define[ \t]+(?P<name>\w+)[ \t]+(?P<other>[A-Za-z_]\w*)[ \t]*\r?$")
_PARAMETERS = tuple(f"given_{number}" for number in range(8))
_QUOTED = re.compile(rb'(?m)^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"')


@dataclass(frozen=True, slots=True)
class Macro:
    """Where a macro stands, and what it does."""

    path: str
    graph: Graph


class Macros:
    """The macros that the files of one index see; every answer is remembered."""

    def __init__(self, index: KernelIndex) -> None:
        self.index = index
        self._paths = frozenset(index.paths())
        self._headers: dict[str, list[str]] = {}
        for path in self._paths:
            if path.endswith(".h"):
                self._headers.setdefault(posixpath.basename(path), []).append(path)
        self._files: dict[str, tuple[Mapping[str, tuple[str, bytes, int]], tuple[str, ...]]] = {}
        self._found: dict[tuple[str, str], Macro | None] = {}
        self._modules: dict[str, Mapping[str, tuple[str, ...]]] = {}

    def of(self, name: str, path: str) -> Macro | None:
        """The macro of that name as the file `path` sees it; None where it sees none."""
        key = (name, path)
        if key not in self._found:
            self._found[key] = self._search(name, path)
        return self._found[key]

    def _search(self, name: str, path: str) -> Macro | None:
        level, seen = [path], {path}
        for _ in range(_LEVELS + 1):
            following: list[str] = []
            for file in level:
                macros, headers = self._file(file)
                if name in macros:
                    return self._made(file, name)
                following += [header for header in headers if header not in seen]
                seen.update(headers)
            level = following
        return self._of_module(name, path)

    def _of_module(self, name: str, path: str) -> Macro | None:
        """The macro of the header that lies nearest to a file, of those of its module that define one of that name: the search
        path of its build leads there."""
        home = self.index.tree.home(path)
        if home and home not in self._modules:
            self._modules[home] = self._headers_of(home)
        header = nearest(path, self._modules.get(home, {}).get(name, ()))
        return self._made(header, name) if header else None

    def _made(self, file: str, name: str) -> Macro | None:
        """A macro that a file defines; what it does goes into what the answers of the index rest on."""
        parameters, body, line = self._file(file)[0][name]
        found = _macro(file, name, parameters, body, line)
        self.index.note(file, -line, name, found.graph if found is not None else None)
        return found

    def _headers_of(self, home: str) -> Mapping[str, tuple[str, ...]]:
        """Name -> the headers of a module that define a macro of it."""
        found: dict[str, list[str]] = {}
        for path in sorted(one for one in self._paths if one.endswith(".h") and self.index.tree.home(one) == home):
            for name in self._file(path)[0]:
                found.setdefault(name, []).append(path)
        return {name: tuple(every) for name, every in found.items()}

    def _header(self, path: str, named: str) -> str:
        """The header that a file names in quotes: beside it, else the one below the same two folders that lies nearest, as the
        search path of its build would find it (which may copy it to a folder of another name)."""
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), named))
        if beside in self._paths:
            return beside
        return nearest(path, self._headers.get(posixpath.basename(named), ()), _SHARED)

    def _file(self, path: str) -> tuple[Mapping[str, tuple[str, bytes, int]], tuple[str, ...]]:
        """Name -> (parameters, body, line) of the macros of a file, and the headers that it names in quotes."""
        if path not in self._files:
            text = self.index.text(path) if path in self._paths else b""
            macros = _renamed(text) | {
                match["name"].decode(): (
                    _CONTINUED.sub(b" ", match["parameters"]).decode("utf-8", "surrogateescape"),
                    match["body"],
                    text.count(b"\n", 0, match.start("body")) + 1,
                )
                for match in _DEFINE.finditer(text)
                if len(match["body"]) <= _LONGEST
            }
            named = (one.decode("utf-8", "replace") for one in _QUOTED.findall(text))
            headers = (self._header(path, one) for one in named)
            self._files[path] = macros, tuple(header for header in headers if header)
        return self._files[path]


def _renamed(text: bytes) -> dict[str, tuple[str, bytes, int]]:
    """The bare names that stand for another one, as macros that pass on whatever they are called with."""
    given = ", ".join(_PARAMETERS)
    return {
        match["name"].decode(): (
            given,
            match["other"] + f"({given})".encode(),
            text.count(b"\n", 0, match.start()) + 1,
        )
        for match in _RENAMED.finditer(text)
        if match["name"] != match["other"]
    }


def _macro(path: str, name: str, parameters: str, body: bytes, line: int) -> Macro | None:
    """The macro as a function of the same parameters, on the same lines."""
    names = [word.strip() for word in parameters.split(",") if re.fullmatch(r"\w+", word.strip())]
    head = f"static void {name}({', '.join(f'void *{one}' for one in names) or 'void'}) {{ ".encode()
    text = head + re.sub(rb"\\[ \t\r]*\n", b"\n", body) + b"; }"
    graph = graph_of(text, line)
    return Macro(path, graph) if graph is not None else None


def macros_of(index: KernelIndex) -> Macros:
    """The one look-up of an index, which remembers what it found."""
    return shared(index, Macros)
