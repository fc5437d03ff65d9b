"""The folder of a file system -> the structures that functions of it count references of, as things: one takes a reference in
`bed->users`, another gives it back and frees the bed with the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from cocci_gen.code.texts.remarks import blanked
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.words.folders import folders_of
from cocci_gen.kinds.takes.words.getters import WHERE_THERE, Known, getters_of
from cocci_gen.kinds.takes.words.members import structures
from cocci_gen.kinds.takes.words.texts import called_names
from cocci_gen.kinds.takes.words.things import Thing, own_thing
from cocci_gen.resources import data_tables

_COUNT = r"\s*\(\s*&\s*(\w+)\s*->\s*([\w.]+)\s*[,)]"
#: What stands inside of what a variable leads to, or is found by it.
_INSIDE = r"\s*\(\s*(?:&\s*(\w+)\s*->\s*\w+|[A-Z]\w*\s*\(\s*(\w+)\s*\))\s*\)"
#: The head of a function that is given such a structure.
_GIVEN = re.compile(r"\bstruct\s+(\w+)\s*\*\s*(\w+)\s*[,)]")
_WORD = re.compile(r"\w+")
#: What makes others find it: the first reference is for the place where they do.
_FOUND_BY = re.compile(r"\b\w*(?:insert|idr_alloc|xa_store|xa_alloc|hash_add)\w* ?\(")
#: What is compiled at times only: without it the count is the same.
_AT_TIMES = re.compile(r"(?ms)^[ \t]*#[ \t]*if.*?^[ \t]*#[ \t]*endif\b[^\n]*")
#: Who is told how something went ends that, and gives back only what that had.
_TOLD_HOW = re.compile(r"\bblk_status_t\b|\bint\s+(?:err|error|status|ret|result)\s*[,)]")
_LOOP = re.compile(r"\b(?:for|while) ?\(")


@dataclass(slots=True)
class _Counts:
    """The functions that count in one member of one structure: (name, arguments, whether nothing may be given) of those that
    give back; those that take and return nothing, that take and return what they are given, that make one, and that begin the
    count of what they are given, each with the number of that argument."""

    puts: dict[str, tuple[int, bool]] = field(default_factory=dict)
    takes: set[str] = field(default_factory=set)
    same: set[str] = field(default_factory=set)
    makes: set[str] = field(default_factory=set)
    begins: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Counting:
    """The files of a tree that count anything."""

    index: KernelIndex
    _files: tuple[str, ...] = ()

    def functions(self, root: str) -> Iterator[Definition]:
        """The functions of a file system that count, in order."""
        names = sorted({one for every in _words().values() for one in every})
        pattern, stems = (
            re.compile(rf"\b(?:{'|'.join(names)})\b(?:{_COUNT}|{_INSIDE})".encode()),
            tuple(map(str.encode, names)),
        )
        folders = folders_of(self.index)
        self._files = self._files or tuple(sorted({path for one in names for path in self.index.calling(one)}))
        for path in self._files:
            if folders.belongs(path, root):
                yield from self.index.functions_with(pattern, path, stems)


def counted_in(root: str, index: KernelIndex) -> Iterator[Thing]:
    """What a file system counts, by whom it is given back, and by whom it is taken as far as the count says that."""
    found: dict[tuple[str, str], _Counts] = {}
    for definition in shared(index, _Counting).functions(root):
        _read(_function(definition, index.text_of(definition)), found)
    for (structure, member), one in sorted(found.items()):
        if one.puts:
            one.puts.update(_wrappers(root, structure, one.puts, index))
            one.makes.update(_makers(root, structure, one.begins, index))
            known = Known(frozenset(one.puts), frozenset(one.makes), frozenset(one.takes), frozenset(one.same))
            getters = getters_of(root, structure, member, known, index) if member else frozenset[str]()
            yield _thing(root, structure, member, one, getters)


def _makers(root: str, structure: str, begins: Mapping[str, int], index: KernelIndex) -> Iterator[str]:
    """The functions of a file system that have the count of what they return a pointer to begun by another."""
    for name, at in sorted(begins.items()):
        called = re.compile(rf"\b{name}\s*\(((?:[^();]|\([^();]*\))*)\)")
        for definition in _callers(root, name, index):
            one = _function(definition, index.text_of(definition))
            given = [found[1].split(",")[at : at + 1] for found in called.finditer(one.body)]
            words = {text.strip() for each in given for text in each}
            if any(_made(one, word) == structure and not _is_for_others(word, one.body) for word in words):
                yield one.name


def _callers(root: str, name: str, index: KernelIndex) -> Iterator[Definition]:
    """The functions of a file system that call one of its own."""
    called = re.compile(rf"\b{name}\b".encode())
    for path in (path for path in index.calling(name) if folders_of(index).belongs(path, root)):
        yield from index.functions_with(called, path, (name.encode(),))


def _wrappers(
    root: str, structure: str, puts: Mapping[str, tuple[int, bool]], index: KernelIndex
) -> dict[str, tuple[int, bool]]:
    """The functions of a file system that do nothing but hand the structure which they are given to one that gives it back."""
    found: dict[str, tuple[int, bool]] = {}
    for name, (_, nothing) in sorted(puts.items()):
        only = re.compile(rf"\s*{name}\s*\(\s*(\w+)\s*(?:,[^;()]*)?\);\s*\}}\s*")
        for definition in _callers(root, name, index):
            one = _function(definition, index.text_of(definition))
            given = only.fullmatch(one.body)
            if given and one.given.get(given[1]) == structure and "(" not in one.parameters[1:]:
                found[one.name] = (one.parameters.count(",") + 1, nothing)
    return found


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    """What is done to a count -> the calls that do it."""
    tables = data_tables("kinds/takes/words/things.toml")
    counting = {key: tuple(every) for key, every in tables["counting"].items() if key != "parts"}
    return {**counting, "last": (*tables["tests"]["last"], *counting["locks"])}


@cache
def _links() -> frozenset[str]:
    """What links a structure into a list."""
    return frozenset(data_tables("kinds/takes/words/things.toml")["links"]["names"])


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_words()[key])}){_COUNT}\s*(\w*)")


@dataclass(frozen=True, slots=True)
class _Function:
    """The text of a function that counts, in parts; `given` are its parameters that point to structures."""

    name: str
    returns: str
    parameters: str
    body: str
    given: Mapping[str, str]

    def counted(self, key: str) -> list[tuple[str, str, str]]:
        """What it does to counts: the variable, the member, and the word behind that."""
        return _pattern(key).findall(self.body)

    def is_pointer_to(self, structure: str) -> bool:
        """Whether it returns a pointer to a structure."""
        return re.search(rf"\bstruct\s+{structure}\s*\*\s*$", self.returns) is not None


def _function(definition: Definition, code: bytes) -> _Function:
    text = blanked(code).decode("utf-8", "replace")
    head, _, body = text.partition("{")
    returns, _, parameters = head.partition(definition.name)
    given = {name: structure for structure, name in _GIVEN.findall(parameters)}
    return _Function(definition.name, returns, parameters, body, given)


def _read(one: _Function, found: dict[tuple[str, str], _Counts]) -> None:
    """Add what a function does to counts of what it is given, or makes."""
    more = [*one.counted("more"), *one.counted("tries")]
    if not more:
        _read_put(one, found)
        _read_put_inside(one, found)
        _read_maker(one, found)
    elif len(more) == 1 and not _does_more(replace(one, body=WHERE_THERE.sub("", one.body))):
        _read_taker(one, *more[0][:2], found)


def _read_put(one: _Function, found: dict[tuple[str, str], _Counts]) -> None:
    if _TOLD_HOW.search(one.parameters):
        return
    for found_at in _pattern("last").finditer(one.body):
        name, member = found_at[1], found_at[2]
        # A loop behind the last one goes over the parts of what is gone; one around it gives back many.
        if name in one.given and _ends(name, one.body) and not _LOOP.search(one.body, 0, found_at.start()):
            counts = found.setdefault((one.given[name], member), _Counts())
            counts.puts[one.name] = (one.parameters.count(",") + 1, _asks(name, one.body))


def _read_put_inside(one: _Function, found: dict[tuple[str, str], _Counts]) -> None:
    """The same of a function that does nothing but give back what counts for its one parameter: the inode in its structure."""
    given = [
        name
        for names in re.findall(rf"\b(?:{'|'.join(_words()['inside'])}){_INSIDE}", one.body)
        for name in names
        if name
    ]
    if len(given) == 1 and given[0] in one.given and "," not in one.parameters and not _does_more(one):
        counts = found.setdefault((one.given[given[0]], ""), _Counts())
        counts.puts[one.name] = (1, _asks(given[0], one.body))


def _read_taker(one: _Function, name: str, member: str, found: dict[tuple[str, str], _Counts]) -> None:
    if name not in one.given or name not in _WORD.findall(one.parameters.partition(",")[0]):
        return
    counts = found.setdefault((one.given[name], member), _Counts())
    if re.search(r"\bvoid\s*$", one.returns):
        counts.takes.add(one.name)
    elif one.is_pointer_to(one.given[name]) and re.search(rf"\breturn {name};", one.body):
        counts.same.add(one.name)


def _read_maker(one: _Function, found: dict[tuple[str, str], _Counts]) -> None:
    for name, member, value in one.counted("first"):
        if value not in ("", "1") or _is_for_others(name, one.body):
            continue
        if made := _made(one, name):
            found.setdefault((made, member), _Counts()).makes.add(one.name)
        elif name in one.given and re.search(r"\bvoid\s*$", one.returns):
            ahead = re.split(rf"\b{name}\s*[,)]", one.parameters, maxsplit=1)[0]
            found.setdefault((one.given[name], member), _Counts()).begins[one.name] = ahead.count(",")


def _made(one: _Function, name: str) -> str:
    """The structure that a function returns a pointer to, where it has such a one of a name for itself; "" for none."""
    structure = structures(one.body).get(name, "")
    return structure if structure and name not in one.given and one.is_pointer_to(structure) else ""


def _is_for_others(name: str, body: str) -> bool:
    """Whether the first reference is for a place where others find it, or one of several: a body counts in two members, links
    what it makes into a list, or puts it into something else, `block->parts[n] = part;`."""
    body = _AT_TIMES.sub("", body)
    firsts = [1 for one in _pattern("first").finditer(body) if one[1] == name and one[3] != "0"]
    stored = rf"(?:->|\.)[\w.\[\]>-]{{1,200}} = {name};"
    links = not _links().isdisjoint(called_names(body.encode()))
    return len(firsts) > 1 or bool(_FOUND_BY.search(body) or links or re.search(stored, body))


def _ends(name: str, body: str) -> bool:
    """Whether a body hands what it counts to a call as it is, which frees it; kref_put() does by what it is told."""
    return "kref_put" in body or re.search(rf"[(,]\s*{name}\s*[,)]", body) is not None


def asks_first(text: str) -> bool:
    """Whether a function that gives back asks first whether it is given anything."""
    head, _, body = text.partition("{")
    name = next((one for _, one in _GIVEN.findall(head)), "")
    return bool(name) and _asks(name, body)


def _asks(name: str, body: str) -> bool:
    """Whether a body asks whether there is anything of a name."""
    return re.search(rf"\bif \(!?{name}\b(?! ?->)|!{name}\b(?! ?->)|IS_ERR_OR_NULL ?\({name}\)", body) is not None


def _does_more(one: _Function) -> bool:
    """Whether a function that counts calls others than macros and what traces: one that links what it is given into a list counts
    for that list, and not for its caller."""
    asked = ("if",) if one.counted("tries") else ()  # whether it could
    calls = called_names(one.body.encode()).difference(_words()["more"], _words()["tries"], _words()["inside"], asked)
    return any(not name.isupper() and "trace" not in name for name in calls)


def _thing(root: str, structure: str, member: str, counts: _Counts, getters: frozenset[str]) -> Thing:
    """What is counted, in the form of things.toml; `getters` are seen to count it for those to whom they hand it back."""
    alone = [name for name, (arguments, _) in counts.puts.items() if arguments == 1]
    return own_thing(
        f"{root} {structure} {member}".rstrip(),
        structure,
        release=sorted(counts.puts),
        returning=sorted(counts.same | counts.makes | getters),
        fresh=sorted(counts.makes),
        null=sorted(name for name, (_, nothing) in counts.puts.items() if nothing),
        taking=sorted(counts.takes | counts.same),
        same=sorted(counts.same),
        counters=[member] if member else [],
        undo="".join(alone) if len(counts.puts) == 1 else "",
    )
