"""The functions and tables of the tree -> those that used what changed and do not any more: who made the step already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, MethodChanged, MethodGone, MethodRenamed, word_of
from cocci_gen.port.changes.mentions import places_of
from cocci_gen.port.lessons.examples import Pair, group_of
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.texts.plain_text import words_of

#: So many functions of the tree show how.
NEAREST = 3


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

    def without(self, excluded: Collection[str], most: int = NEAREST) -> dict[str, tuple[str, ...]]:
        """The shortest of them, one of each group that is not left out."""
        return {name: chosen for name, ones in self._found.items() if (chosen := _chosen(ones, excluded, most))}


def _chosen(steps: Iterable[_Step], excluded: Collection[str], most: int) -> tuple[str, ...]:
    chosen: dict[str, str] = {}
    for one in sorted(steps, key=lambda step: (step.size, step.place)):
        if one.group not in excluded and len(chosen) < most:
            chosen.setdefault(one.group, one.place)
    return tuple(chosen.values())
