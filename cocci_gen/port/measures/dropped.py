"""A file before, after a port, and as upstream has it -> what the port took away that upstream kept: calls, stores, errors.

Counted by name in a whole file, comments and strings aside: fewer than before, although upstream has as many as before.  What
went with a function that upstream does not have any more either is not counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.code.texts.source import file_facts
from cocci_gen.port.texts.plain_text import blank_comments

_CALL = re.compile(rb"\b([A-Za-z_]\w*)[ \t]*\(")
#: The last name of what is assigned to, also `x[i] = ...` and `x += ...`.
_STORE = re.compile(
    rb"([A-Za-z_]\w*)[ \t]*(?:\[[^\]\n]*\][ \t]*)*(?:(?:[-+|&^*/%]|<<|>>)?=(?!=)|\+\+|--)|(?:\+\+|--)([A-Za-z_]\w*)"
)
#: A code of an error, and a test.
_ERROR = re.compile(rb"-[ \t]*(E[A-Z0-9]+)\b|\b(if|while|for|switch)[ \t]*\(|[^?:\n](\?)[^?\n]")


@dataclass(frozen=True, slots=True)
class Dropped:
    """The names that are fewer than before although upstream kept them, each as often as it is missing."""

    calls: tuple[str, ...]
    stores: tuple[str, ...]
    errors: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """For a person."""
        yield from (f"call of {name}()" for name in self.calls)
        yield from (f"store to {name}" for name in self.stores)
        yield from (f"error or test {name}" for name in self.errors)


def dropped(old: bytes, now: bytes, true: bytes) -> Dropped:
    """The three states of a file -> what got lost on the way."""
    texts = [blank_comments(text) for text in (_without(old, now, true), now, true)]
    words = frozenset({"if", "while", "for", "switch"})
    calls = tuple(name for name in _missing(_CALL, texts) if name not in words)
    return Dropped(calls, tuple(_missing(_STORE, texts)), tuple(_missing(_ERROR, texts)))


def _without(old: bytes, now: bytes, true: bytes) -> bytes:
    """A file without the functions that neither the port nor upstream kept, if none got another name."""
    spans = file_facts(old, ()).functions
    ours, theirs = ({one.name for one in file_facts(text, ()).functions} for text in (now, true))
    if not ours <= {one.name for one in spans}:
        return old
    for one in sorted(spans, key=lambda one: -one.start):
        if one.name not in ours | theirs:
            old = old[: one.start] + old[one.end :]
    return old


def _missing(pattern: re.Pattern[bytes], texts: list[bytes]) -> Iterator[str]:
    before, after, upstream = (_counted(pattern, text) for text in texts)
    for name, count in sorted(before.items()):
        if after[name] < count <= upstream[name]:
            yield from [name.decode("utf-8", "replace")] * (count - after[name])


def _counted(pattern: re.Pattern[bytes], text: bytes) -> Counter[bytes]:
    return Counter(next(group for group in found.groups() if group) for found in pattern.finditer(text))
