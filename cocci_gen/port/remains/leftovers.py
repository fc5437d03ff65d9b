"""The code after all rules -> Leftover, each place that still needs a person, with the reason and those who did it already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.descriptions import described
from cocci_gen.port.changes.evolutions import (
    ConstantGone,
    Evolution,
    FunctionGone,
    HeaderGone,
    MacroGone,
    MemberGone,
    MemberRetyped,
    MethodGone,
    OfTag,
    word_of,
)
from cocci_gen.port.changes.mentions import places_of
from cocci_gen.port.remains.nearest import NEAREST
from cocci_gen.port.texts.plain_text import plain

#: So many more places of one thing are named.
_MOST = 6


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
            yield f"    did it already: {', '.join(list(nearest)[:NEAREST])}"


def other_places(path: str, others: Sequence[tuple[str, int]]) -> str:
    """Further places of what is told of a file, as (path, line): `12, fs/b.c:4 and 3 more`; "" for none."""
    named = [f"{other}:{line}" if other != path else str(line) for other, line in others]
    return ", ".join(named[:_MOST]) + (f" and {len(named) - _MOST} more" if len(named) > _MOST else "")


#: The lines of a file on which the member of an evolution is that of another structure, or of its own.
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
    reached: Others = nobody,
) -> Iterator[Leftover]:
    """What is gone and still used.

    `did` tells by evolution who made the step, `own` are names that the code itself defines, so that they are nobody else's, and
    `others` tells the lines on which a member of that name belongs to another structure, `reached` those on which it is that
    of its own, in a file that does not name it.
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
            for line in dict.fromkeys((*lines, *sorted(reached(path, one)))):
                if line not in foreign:
                    yield Leftover(path, line, one.id, described(one), did.get(one.id, ()))
