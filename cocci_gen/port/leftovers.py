"""The code after all rules -> Leftover, each place that still needs a person, with the reason and those who did it already."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cocci_gen.code.reading import arguments
from cocci_gen.port.evolutions import (
    ConstantGone,
    Evolution,
    FunctionChanged,
    FunctionGone,
    HeaderGone,
    MacroChanged,
    MacroGone,
    MemberGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    OfTag,
    StructGone,
    StructRenamed,
    described,
    word_of,
)
from cocci_gen.port.examples import Pair, group_of, words_of
from cocci_gen.port.given_types import lines_by_type
from cocci_gen.port.initialisers import Table
from cocci_gen.port.instances import Code
from cocci_gen.port.parameters import Kept, Retyped, without_name

_TAG = re.compile(r"\b(?:struct|union|enum)\s+(\w+)")
#: So many more places of one thing are named.
_MOST = 6
#: So many functions of the tree show how.
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Leftover:
    """One place: where, why, up to three functions of the tree that made the step (`old path: function()`), and the function of
    the code that it is about (`""` where the line says all)."""

    path: str
    line: int
    evolution: str
    reason: str
    nearest: tuple[str, ...]
    function: str = ""

    @property
    def place(self) -> str:
        """Where, without the file: `12`, `12 (ash_water)`."""
        return f"{self.line} ({self.function})" if self.function else str(self.line)

    def json(self) -> dict[str, object]:
        """For programs."""
        return {
            "file": self.path,
            "line": self.line,
            "function": self.function,
            "evolution": self.evolution,
            "reason": self.reason,
            "nearest": list(self.nearest),
        }


def grouped(leftovers: Iterable[Leftover]) -> Iterator[str]:
    """For a terminal: the same reason about the same thing once, with all its places, in the order of the first ones."""
    groups: dict[tuple[str, str], list[Leftover]] = defaultdict(list)
    for one in leftovers:
        groups[one.evolution, one.reason].append(one)
    for (evolution, reason), ones in groups.items():
        by_file: dict[str, list[str]] = defaultdict(list)
        for one in ones:
            by_file[one.path].append(one.place if one.line else "")
        yield f"{evolution}: {reason}"
        yield from (f"    {path}:{', '.join(dict.fromkeys(places))}".rstrip(":") for path, places in by_file.items())
        nearest = dict.fromkeys(name for one in ones for name in one.nearest)
        if nearest:
            yield f"    did it already: {', '.join(list(nearest)[:_NEAREST])}"


def places_of(evolution: Evolution, text: bytes) -> tuple[int, ...]:
    """The lines of a file on which code uses what an evolution changed, comments and strings aside; a member whose name others
    have as well counts where the file names its structure."""
    if word_of(evolution).encode() not in text:
        return ()  # most of what changed, in most files
    if isinstance(evolution, MemberGone) and not (evolution.alone or _names_struct(evolution.old.struct, text)):
        return ()
    pattern = _pattern(evolution)
    if _counts_when_called(evolution, text):
        pattern = re.compile(rb"(?<![.>\w])(" + word_of(evolution).encode() + rb")\b(?=[ \t]*\()")
    found = list(pattern.finditer(text)) if pattern is not None else []
    if isinstance(evolution, MemberGone):
        found += _in_tables(evolution, text)
    return tuple(text.count(b"\n", 0, match.start(1)) + 1 for match in found)


def _counts_when_called(evolution: Evolution, text: bytes) -> bool:
    """Whether the bare name means something else in a file: a macro with parameters is called or it is none, a function may hide
    behind a variable."""
    match evolution:
        case MacroGone(old=macro) | MacroChanged(old=macro):
            return macro.arity != -1
        case FunctionGone(old=function) | FunctionChanged(old=function):
            return _is_variable(function.name, text)
    return False


def _is_variable(name: str, text: bytes) -> bool:
    """Whether a file has a variable of this name: then only calls may mean a function."""
    word = re.escape(name.encode())
    types = rb"(?:\b(?:struct|union|enum)[ \t]+\w+|\b(?:int|long|short|char|bool|unsigned|\w+_t|[su]\d+))"
    return re.search(types + rb"[ \t]+[*]*" + word + rb"[ \t]*[;,=)\[]", text) is not None


def _names_struct(tag: str, text: bytes) -> bool:
    return re.search(rb"\bstruct[ \t\n]+" + re.escape(tag.encode()) + rb"\b", text) is not None


def _in_tables(evolution: MemberGone, text: bytes) -> list[re.Match[bytes]]:
    """The entries for a member in a file that fills such a structure; `.owner = THIS_MODULE` stands in many others."""
    tag, word = re.escape(evolution.old.struct.encode()), re.escape(evolution.old.name.encode())
    if not re.search(
        rb"\bstruct[ \t]+" + tag + rb"\b[^;(){}]*=[ \t\n]*\{|\([ \t]*struct[ \t]+" + tag + rb"[ \t]*\)[ \t\n]*\{", text
    ):
        return []
    return list(re.finditer(rb"(?:^|[{,])[ \t]*\.(" + word + rb")[ \t]*=", text, re.MULTILINE))


def _pattern(evolution: Evolution) -> re.Pattern[bytes] | None:
    word = re.escape(word_of(evolution).encode())
    match evolution:
        case MethodChanged() | MethodRenamed() | MethodGone():
            return re.compile(rb"^[ \t]*\.(" + word + rb")[ \t]*=|->(" + word + rb")\b", re.MULTILINE)
        case MemberGone() | MemberRetyped(is_wrapped=True):
            return re.compile(rb"(?:->|[\w\])][ \t]*\.)[ \t]*(" + word + rb")\b")
        case MemberRetyped(is_closed=True):
            return re.compile(rb"(?:->|[\w\])][ \t]*\.)[ \t]*(" + word + rb")[ \t]*(?:[-+|&^]|<<|>>)?=(?!=)")
        case HeaderGone():
            return re.compile(rb"^[ \t]*#[ \t]*include[ \t]*[<\"](" + word + rb")[>\"]", re.MULTILINE)
        case StructRenamed() | StructGone():
            return re.compile(rb"\bstruct[ \t\n]+(" + word + rb")\b")
        case FunctionGone() | FunctionChanged() | MacroGone() | MacroChanged() | ConstantGone():
            return re.compile(rb"(?<![.>\w])(" + word + rb")\b")
    return None


def other_places(path: str, others: Sequence[tuple[str, int]]) -> str:
    """Further places of what is told of a file, as (path, line): `12, fs/b.c:4 and 3 more`; "" for none."""
    named = [f"{other}:{line}" if other != path else str(line) for other, line in others]
    return ", ".join(named[:_MOST]) + (f" and {len(named) - _MOST} more" if len(named) > _MOST else "")


def blank_comments(text: bytes) -> bytes:
    """The text with comments and strings blanked, lines kept."""

    def blank(match: re.Match[bytes]) -> bytes:
        return re.sub(rb"[^\n]", b" ", match.group())

    return re.sub(rb"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"(?!\s*\n#)", blank, text, flags=re.S)


@dataclass(frozen=True, slots=True)
class Plain:
    """A file without comments and strings, and the words that are left."""

    code: bytes
    words: frozenset[bytes]


@lru_cache(maxsize=2048)
def plain(text: bytes) -> Plain:
    """Read once, however often a port asks for the same text."""
    code = blank_comments(text)
    return Plain(code, words_of(code))


#: The lines of a file on which the member of an evolution is that of another structure.
Others = Callable[[str, Evolution], frozenset[int]]


def nobody(path: str, evolution: Evolution) -> frozenset[int]:
    """No such line is known."""
    del path, evolution
    return frozenset()


def leftovers_of(
    evolutions: Iterable[Evolution],
    texts: Mapping[str, bytes],
    did: Mapping[str, tuple[str, ...]],
    own: frozenset[str],
    others: Others = nobody,
) -> Iterator[Leftover]:
    """What is gone and still used.

    `did` tells by evolution who made the step, `own` are names that the code itself defines, so that they are nobody else's, and
    `others` tells the lines on which a member of that name belongs to another structure.
    """
    read = {path: plain(text) for path, text in texts.items()}
    gone = [
        one for one in evolutions
        if isinstance(one, MethodGone | FunctionGone | MacroGone | ConstantGone | MemberGone | HeaderGone | OfTag)
        or (isinstance(one, MemberRetyped) and (one.is_closed or one.is_wrapped))
    ]  # fmt: skip
    for one in gone:
        word = word_of(one)
        if (word in own and not isinstance(one, OfTag)) or (isinstance(one, FunctionGone) and one.macros):
            continue
        for path, file in read.items():
            if not isinstance(one, HeaderGone) and word.encode() not in file.words:
                continue
            lines = dict.fromkeys(places_of(one, texts[path] if isinstance(one, HeaderGone) else file.code))
            foreign = others(path, one) if lines else ()
            for line in lines:
                if line not in foreign:
                    yield Leftover(path, line, one.id, described(one), did.get(one.id, ()))


def unchanged_calls(
    evolutions: Iterable[Evolution],
    before: Mapping[str, bytes],
    after: Code,
    did: Mapping[str, tuple[str, ...]],
    own: frozenset[str],
    kept: frozenset[str] = frozenset(),
) -> Iterator[Leftover]:
    """Calls of functions whose callers must change: those with as many arguments as before, or, where that tells nothing, those
    on lines that no rule changed, and those that give the old structure by name; one that gives the new one by name is right.
    `kept` are functions that nearly all of the tree calls with the same words, which is right where those words are of the new
    structure (a method's parameter)."""
    changed = [
        one
        for one in evolutions
        if isinstance(one, FunctionChanged | MacroChanged) and _matters(one) and one.old.name not in own
        and (one.old.name not in kept or _takes_another(one))
    ]  # fmt: skip
    for path, text in after.texts.items():
        clean, words = plain(text).code, plain(text).words
        lines, there = text.split(b"\n"), set(before[path].split(b"\n"))
        for one in changed:
            if one.old.name.encode() not in words:
                continue
            right, wrong = (
                lines_by_type(one, after, path) if isinstance(one, FunctionChanged) else (frozenset(), frozenset())
            )
            numbers = _numbers(one)
            given = _given(one.old.name, clean) if numbers else {}
            for line in dict.fromkeys(places_of(one, clean)):
                told = numbers[0] in given[line] if line in given else lines[line - 1] in there or line in wrong
                if told and line not in right:
                    yield Leftover(path, line, one.id, described(one), did.get(one.id, ()))


def _numbers(evolution: FunctionChanged | MacroChanged) -> tuple[int, ...]:
    """How many arguments are given, before and after, where that tells the one from the other; () where it does not."""
    if isinstance(evolution, MacroChanged):
        found = (evolution.old.arity, evolution.new.arity)
    else:
        found = (len(evolution.old.parameters), len(evolution.new.parameters))
        if any("..." in one for one in (*evolution.old.parameters, *evolution.new.parameters)):
            return ()
    return found if found[0] != found[1] and min(found) >= 0 else ()


def _given(name: str, text: bytes) -> Mapping[int, Collection[int]]:
    """By line: how many arguments the calls of a function on it have."""
    found: dict[int, list[int]] = defaultdict(list)
    for match in re.finditer(rb"(?<![.>\w])" + re.escape(name.encode()) + rb"[ \t]*\(", text):
        depth, end = 1, match.end()
        while depth and end < len(text):
            depth += (text[end : end + 1] == b"(") - (text[end : end + 1] == b")")
            end += 1
        inside = text[match.end() : end - 1].decode("utf-8", "replace")
        found[text.count(b"\n", 0, match.start()) + 1].append(len(arguments(inside)))
    return found


def _matters(evolution: FunctionChanged | MacroChanged) -> bool:
    """Whether a call as it was cannot be right: a parameter came, went or moved, or has another structure."""
    if isinstance(evolution, MacroChanged):
        return True
    return _takes_another(evolution) or any(not isinstance(step, Kept | Retyped) for step in evolution.steps)


def _takes_another(evolution: FunctionChanged | MacroChanged) -> bool:
    """Whether a parameter has another structure."""
    if isinstance(evolution, MacroChanged):
        return False
    old, new = evolution.old.parameters, evolution.new.parameters
    retyped = [(old[step.old], new[step.new]) for step in evolution.steps if isinstance(step, Retyped)]
    return any(_TAG.findall(before) != _TAG.findall(after) and not _takes_any(after) for before, after in retyped)


def _takes_any(parameter: str) -> bool:
    """Whether a parameter takes a pointer to whatever: `const void *fops` in place of a structure."""
    return without_name(parameter) == "const void *"


@dataclass(frozen=True, slots=True)
class _Step:
    """A place of the tree that made a step: the group of its file, how much there is to read, and its name."""

    group: str
    size: int
    place: str


class Nearest:
    """The functions of the tree that used what changed and do not any more, by evolution; for a method, the tables."""

    def __init__(self, evolutions: Iterable[Evolution], pairs: Iterable[Pair], tables: Iterable[Table]) -> None:
        by_word: dict[bytes, list[Evolution]] = defaultdict(list)
        for one in evolutions:
            by_word[word_of(one).encode()].append(one)
        self._found: dict[str, list[_Step]] = defaultdict(list)
        for pair in pairs:
            if pair.old.text != pair.new.text:
                for word in (by_word.keys() & words_of(pair.old.text)) - words_of(pair.new.text):
                    self._add(by_word[word], pair)
        for table in tables:
            for method in table.old.keys() - table.new.keys():
                for one in by_word.get(method.encode(), ()):
                    if isinstance(one, MethodGone | MethodRenamed) and one.old.struct == table.struct:
                        self._found[one.id].append(_Step(group_of(table.path), len(table.old), table.place))

    def _add(self, evolutions: Iterable[Evolution], pair: Pair) -> None:
        step = _Step(pair.group, len(pair.old.text), f"{pair.new.path}: {pair.new.name}()")
        for one in evolutions:
            if not isinstance(one, MethodChanged | MethodGone | MethodRenamed) and places_of(one, pair.old.text):
                self._found[one.id].append(step)

    def without(self, excluded: Collection[str], most: int = _NEAREST) -> dict[str, tuple[str, ...]]:
        """The shortest of them, one of each group that is not left out."""
        return {name: chosen for name, ones in self._found.items() if (chosen := _chosen(ones, excluded, most))}


def _chosen(steps: Iterable[_Step], excluded: Collection[str], most: int) -> tuple[str, ...]:
    chosen: dict[str, str] = {}
    for one in sorted(steps, key=lambda step: (step.size, step.place)):
        if one.group not in excluded and len(chosen) < most:
            chosen.setdefault(one.group, one.place)
    return tuple(chosen.values())
