"""What went, and the functions and tables of both trees that do without it by now -> what most of them use instead, in words.

11 of the 13 files whose tables had ->mount name ->init_fs_context by now.  That is no rule, but it tells a person where to look.
What came for something else that went in the same step is nobody's successor: where write_one_page() went, unlock_page() went
too, and folio_unlock() came for that one, as all who had unlock_page() alone show.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from cocci_gen.code.texts.source import FileFacts
from cocci_gen.port.changes.evolutions import (
    ConstantGone,
    Evolution,
    FunctionGone,
    MacroGone,
    MemberGone,
    MethodGone,
    word_of,
)
from cocci_gen.port.changes.mentions import places_of
from cocci_gen.port.lessons.examples import Pair, group_of
from cocci_gen.port.texts.plain_text import blank_comments, words_of

#: A successor is used by so many, in so many groups, by this share of all, and so much more often than by those who had no need.
_FEWEST, _GROUPS, _SHARE, _LIFT = 3, 2, 0.5, 4.0
#: More names say nothing more.
_MOST = 2
_WORDS = frozenset({b"if", b"while", b"for", b"switch", b"return", b"sizeof", b"else", b"do"})
_USE = re.compile(rb"(->|\.)?\s*\b([A-Za-z_]\w*)\b\s*(\()?")


@dataclass(frozen=True, slots=True)
class _Step:
    """A function, or a file with tables, that changed: its group, the names that came, and those that went."""

    group: str
    came: frozenset[str]
    went: frozenset[str]


class Successors:
    """The steps of the tree, by what they got rid of; asked for the words about each without some groups."""

    def __init__(
        self,
        evolutions: Iterable[Evolution],
        pairs: Iterable[Pair],
        before: Mapping[str, FileFacts],
        after: Mapping[str, FileFacts],
    ) -> None:
        """What changed, the functions that stand in both trees, and what the files of both hold."""
        gone = [one for one in evolutions if isinstance(one, ConstantGone | FunctionGone | MacroGone | MemberGone)]
        methods = [one for one in evolutions if isinstance(one, MethodGone)]
        self._functions = _by_function(gone, pairs)
        self._tables = _by_table(methods, before, after)

    def without(self, excluded: Collection[str]) -> dict[str, str]:
        """By evolution: what its users use instead, in words; those of which the tree says nothing are not there."""
        found = {}
        for (every, by_id), users in ((self._functions, "functions"), (self._tables, "files")):
            kept = [one for one in every if one.group not in excluded]
            base = Counter(name for one in kept for name in one.came)
            by_lost: dict[str, list[_Step]] = defaultdict(list)
            for one in kept:
                for lost in one.went:
                    by_lost[lost].append(one)
            for name, steps in by_id.items():
                some = [one for one in steps if one.group not in excluded]
                told = [f"{count} use {word}" for word, count in _best(some, base, len(kept), by_lost)]
                if told:
                    found[name] = f"of {len(some)} {users} that do without it by now, {' and '.join(told)}"
        return found


def _best(
    steps: list[_Step], base: Counter[str], of: int, by_lost: Mapping[str, list[_Step]]
) -> Iterator[tuple[str, int]]:
    votes = Counter(name for one in steps for name in one.came)
    listed = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    chosen = []
    for name, count in listed:
        groups = {one.group for one in steps if name in one.came}
        rest, others = base[name] - count, of - len(steps)
        usual = rest / others if others > 0 else 0.0
        share = count / len(steps)
        if count >= _FEWEST and len(groups) >= _GROUPS and share >= _SHARE and share >= _LIFT * usual:
            chosen.append((name, count))
    return islice((one for one in chosen if not _is_of_another(one[0], steps, by_lost)), _MOST)


def _is_of_another(name: str, steps: list[_Step], by_lost: Mapping[str, list[_Step]]) -> bool:
    """Whether a name came for something else that went in the same steps: most of those who gave up that one alone took the name
    too, and most of those who kept it, or never had it, did not."""
    own = set(map(id, steps))
    for lost in frozenset[str]().union(*(one.went for one in steps if name in one.came)):
        alone = [one for one in by_lost[lost] if id(one) not in own]
        without = [one for one in steps if lost not in one.went]
        if len(alone) >= _FEWEST and _is_usual(name, alone) and not _is_usual(name, without):
            return True
    return False


def _is_usual(name: str, steps: Collection[_Step]) -> bool:
    """Whether a name came in most of some steps; in none of none."""
    return bool(steps) and sum(name in one.came for one in steps) >= _SHARE * len(steps)


def _by_function(gone: Iterable[Evolution], pairs: Iterable[Pair]) -> tuple[list[_Step], dict[str, list[_Step]]]:
    by_word: dict[bytes, list[Evolution]] = defaultdict(list)
    for one in gone:
        by_word[word_of(one).encode()].append(one)
    every: list[_Step] = []
    found: dict[str, list[_Step]] = defaultdict(list)
    for pair in pairs:
        if pair.old.text == pair.new.text:
            continue
        old = words_of(pair.old.text)
        new = words_of(pair.new.text)
        step = _Step(pair.group, _fresh(pair.new.text, old), _fresh(pair.old.text, new))
        every.append(step)
        for word in (by_word.keys() & old) - new:
            for one in by_word[word]:
                if places_of(one, pair.old.text):
                    found[one.id].append(step)
    return every, found


def _fresh(text: bytes, other: Collection[bytes]) -> frozenset[str]:
    """The functions, members and constants that a text uses and that are no words of the other one."""
    found = set()
    for reached, name, called in _USE.findall(blank_comments(text)):
        if name not in other and name not in _WORDS:
            word = name.decode()
            if reached:
                found.add(f"->{word}")
            elif called:
                found.add(f"{word}()")
            elif word.isupper():
                found.add(word)
    return frozenset(found)


def _by_table(
    gone: Iterable[MethodGone], before: Mapping[str, FileFacts], after: Mapping[str, FileFacts]
) -> tuple[list[_Step], dict[str, list[_Step]]]:
    wanted = {(one.old.struct, one.old.name): one.id for one in gone}
    every: list[_Step] = []
    found: dict[str, list[_Step]] = defaultdict(list)
    for path, facts in before.items():
        if path not in after:
            continue
        sides = [{(one.tag, one.method) for one in some.entries if one.tag} for some in (facts, after[path])]
        if sides[0] == sides[1]:
            continue
        came, went = (
            frozenset(f"{tag}.{method}" for tag, method in some) for some in (sides[1] - sides[0], sides[0] - sides[1])
        )
        step = _Step(group_of(path), came, went)
        every.append(step)
        for key in sides[0] - sides[1]:
            if key in wanted:
                found[wanted[key]].append(step)
    return every, found
