"""C files and the methods of interest -> Instance, a function that a table names for a method, and where both stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cocci_gen.code.texts.source import OPERATIONS, FileFacts, FunctionSpan, SourceEntry, file_facts
from cocci_gen.document.declarations import split_parameters
from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.port.texts.nested_entries import nested_entries

_STORED = re.compile(r"(\w+)\s*(->|\.)\s*\w+")
_ENTRY = re.compile(rb"\.[ \t]*(\w+)[ \t]*=[ \t]*&?(\w+)[ \t]*[,}\n]")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a function as it is written: its type and its parameters."""

    returns: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A function definition: its file, where it stands, its text."""

    path: str
    span: FunctionSpan
    text: bytes

    @property
    def name(self) -> str:
        """The function's name."""
        return self.span.name


@dataclass(frozen=True, slots=True)
class Instance:
    """`.method = function` in a table of `struct`; not `typed` where an assignment through a pointer, or a table that did not
    parse, leaves the structure to be told from the method's name."""

    struct: str
    method: str
    function: Written
    table_path: str
    line: int
    typed: bool


@dataclass(frozen=True, slots=True)
class Code:
    """C files, read: their texts, functions and table entries; by the name of a part, the structures of which those of the
    kernel hold one."""

    texts: Mapping[str, bytes]
    facts: Mapping[str, FileFacts]
    functions: Mapping[str, tuple[Written, ...]]
    held: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def resolve(self, name: str, path: str) -> Written | None:
        """The function that a name means in a file: its own, else that of the same folder, else the only one."""
        every = self.functions.get(name, ())
        folder = folder_of(path)
        for chosen in (
            [one for one in every if one.path == path],
            [one for one in every if folder_of(one.path) == folder and not one.span.static],
            [one for one in every if not one.span.static],
        ):
            if chosen:
                return chosen[0]
        return None

    def instances(self, methods: Collection[tuple[str, str]]) -> tuple[Instance, ...]:
        """(structure, method) pairs -> the functions that tables name for them; an entry of which the function is
        elsewhere is none."""
        found = []
        names = {method for _, method in methods}
        owners = defaultdict(set)
        for struct, method in methods:
            owners[method].add(struct)
        for path, facts in self.facts.items():
            for entry in facts.entries:
                if entry.method not in names:
                    continue
                tag = self.tag_of(entry, path)
                if (tag and (tag, entry.method) not in methods) or (not tag and len(owners[entry.method]) != 1):
                    continue
                struct = tag or next(iter(owners[entry.method]))
                function = self.resolve(entry.function, path)
                if function is not None:
                    found.append(Instance(struct, entry.method, function, path, entry.line, bool(tag)))
        return (*found, *self._in_other_tables(methods), *self._in_parts(owners))

    def tag_of(self, entry: SourceEntry, path: str) -> str:
        """The structure of an entry; that of `own_prot.recvmsg = f` and `own->recvmsg = f`, where `own_prot` is a variable of one
        structure in its file, or `own` a pointer to one; "" for an assignment through anything else."""
        stored = _STORED.fullmatch(entry.variable)
        if entry.tag or stored is None:
            return entry.tag
        name, arrow = stored.groups()
        star = rb"\*[ \t]*(?:const[ \t]+)?" if arrow == "->" else b""
        words = rb"\bstruct[ \t]+(\w+)[ \t]+(?:__\w+[ \t]+)*" + star
        declared = words + name.encode() + rb"(?:\[[^\]]*\])?[ \t]*[;=,)]"
        tags = set(re.findall(declared, self.texts[path]))
        return tags.pop().decode() if len(tags) == 1 else ""

    def parts(self, struct: str, method: str) -> dict[str, frozenset[str]]:
        """By file the parts of initialisers that are of a structure and name something for a method of it."""
        found: dict[str, set[str]] = defaultdict(set)
        for entry in nested_entries(self.texts, {method}):
            if entry.tag == struct:
                found[entry.path].add(entry.part)
        return {path: frozenset(parts) for path, parts in found.items()}

    def _in_other_tables(self, methods: Collection[tuple[str, str]]) -> Iterator[Instance]:
        """The instances in tables of structures that do not go by the names of tables of functions (`struct ctl_table t[] =`)."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for struct, method in methods:
            if not OPERATIONS.search(struct.encode()):
                wanted[struct].add(method)
        for struct, names in wanted.items():
            table_of = rb"\bstruct\s+" + struct.encode() + rb"\s+\w+(?:\[[^\]]*\])?\s*=\s*\{(?:[^{}\n]*|.*?^)\};"
            tables = re.compile(table_of, re.DOTALL | re.MULTILINE)
            for path, text in self.texts.items():
                for table in tables.finditer(text) if struct.encode() in text else ():
                    for entry in _ENTRY.finditer(text, *table.span()):
                        method, name = (group.decode() for group in entry.groups())
                        function = self.resolve(name, path) if method in names else None
                        if function is not None:
                            line = text.count(b"\n", 0, entry.start()) + 1
                            yield Instance(struct, method, function, path, line, typed=True)

    def _in_parts(self, owners: Mapping[str, Collection[str]]) -> Iterator[Instance]:
        """The instances in parts of initialisers (`.ctx = { .actor = f }`); `owners` are the structures that have a method."""
        for entry in nested_entries(self.texts, owners):
            structs = owners[entry.method]
            function = self.resolve(entry.function, entry.path)
            if not entry.tag and entry.part in self.held:
                structs = self.held[entry.part] & set(structs)
            if function is not None and (entry.tag in structs if entry.tag else len(structs) == 1):
                struct = entry.tag or next(iter(structs))
                yield Instance(struct, entry.method, function, entry.path, entry.line, bool(entry.tag))


def by_method(instances: Iterable[Instance]) -> dict[tuple[str, str], list[Instance]]:
    """Instances by structure and method."""
    found: dict[tuple[str, str], list[Instance]] = defaultdict(list)
    for one in instances:
        found[one.struct, one.method].append(one)
    return found


@dataclass(frozen=True, slots=True)
class Unread:
    """A table entry whose function stands in the code at hand, but could not be read: a macro makes its head, or a condition
    splits it."""

    struct: str
    method: str
    function: str
    path: str
    line: int


def unread(code: Code, methods: Collection[tuple[str, str]]) -> tuple[Unread, ...]:
    """(structure, method) pairs -> the entries for them whose function has a head somewhere that was not understood."""
    found = []
    for path, facts in code.facts.items():
        for entry in facts.entries:
            tag = code.tag_of(entry, path)
            if (tag, entry.method) not in methods or code.resolve(entry.function, path) is not None:
                continue
            head = re.compile(
                rb"^[a-z_][\w \t*]*?\b" + re.escape(entry.function.encode()) + rb"[ \t\n]*\(", re.MULTILINE
            )
            for other, text in code.texts.items():
                if other.endswith(".c") and (match := head.search(text)):
                    line = text.count(b"\n", 0, match.start()) + 1
                    found.append(Unread(tag, entry.method, entry.function, other, line))
                    break
    return tuple(dict.fromkeys(found))


def read_code(files: Iterable[tuple[str, bytes]], methods: frozenset[str]) -> Code:
    """(path, text) of C files -> Code; `methods` are those whose assignments count as entries."""
    texts: dict[str, bytes] = {}
    facts: dict[str, FileFacts] = {}
    functions: dict[str, list[Written]] = defaultdict(list)
    for path, text in files:
        texts[path] = text
        facts[path] = _facts(text, methods)
        for span in facts[path].functions:
            functions[span.name].append(Written(path, span, text[span.start : span.end]))
    return Code(texts, facts, {name: tuple(ones) for name, ones in functions.items()})


@lru_cache(maxsize=4096)
def _facts(text: bytes, methods: frozenset[str]) -> FileFacts:
    """What a file holds: most files of a module are read before and after a port, and are the same."""
    return file_facts(text, methods)


def head_of(function: Written) -> Head | None:
    """The head of a function, read from its text; None where a macro makes it or a condition splits it."""
    return head_in(function.text.decode("utf-8", "replace"), function.name)


def head_in(text: str, name: str) -> Head | None:
    """The same of a definition or declaration as it is written."""
    place = text.find(name)
    while place >= 0 and not text[place + len(name) :].lstrip().startswith("("):
        place = text.find(name, place + 1)
    if place < 0:
        return None
    opened = text.index("(", place)
    depth, end = 0, -1
    for index in range(opened, len(text)):
        depth += (text[index] == "(") - (text[index] == ")")
        if depth == 0:
            end = index
            break
    inside = text[opened + 1 : end]
    if end < 0 or "#" in inside or "#" in text[end : text.find("{", end)]:
        return None
    words = [word for word in text[:place].split() if word not in ("static", "inline", "extern", "__init")]
    return Head(" ".join(words), split_parameters(_without_comments(inside)))


def _without_comments(text: str) -> str:
    parts = text.split("/*")
    return parts[0] + " ".join(part.partition("*/")[2] for part in parts[1:])
