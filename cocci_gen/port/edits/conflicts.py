"""The rules of a person beside each other and beside those of the tree -> where two of them want the same lines, in words.

Rules run one after another, so the first one takes the place and the second finds nothing: that must not pass in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.port.edits.application import Prelude, apply_rules
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.texts.lines import opcodes
from cocci_gen.port.texts.plain_text import words_of

#: Lines of a file, counted from 1, by path.
Lines = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Bench:
    """The code as it was, and what is needed to try one rule on it (as `apply_rules` takes it)."""

    texts: Mapping[str, bytes]
    decided: Mapping[str, bytes]
    version: tuple[int, int, int]
    runner: SpatchRunner
    prelude: Prelude

    def alone(self, rule: PortRule, paths: Sequence[str]) -> Lines:
        """The lines of some files that a rule changes when no other one has run."""
        texts = {path: self.texts[path] for path in paths}
        ported = apply_rules([rule], texts, self.runner, self.prelude, version=self.version, decided=self.decided)
        return {one.path: _changed(one.before, one.after) for one in ported.applied}


def conflicts(own: Sequence[PortRule], rules: Sequence[PortRule], bench: Bench) -> tuple[str, ...]:
    """A person's rules, all rules in their order (those of the person first), and the code -> what the person has to know."""
    return tuple(_told(own, rules, bench)) if own else ()


def _told(own: Sequence[PortRule], rules: Sequence[PortRule], bench: Bench) -> Iterator[str]:
    wanted = [bench.alone(rule, sorted(bench.texts)) for rule in own]
    for number, (rule, lines) in enumerate(zip(own, wanted, strict=True)):
        if not lines:
            yield f"{rule.title} changes nothing in this code"
        for earlier, others in zip(own[:number], wanted[:number], strict=True):
            for place in _common(others, lines):
                yield f"{earlier.title} and {rule.title} both change {place}: the first one had it"
        for other in rules[len(own) :]:
            paths = [path for path in sorted(lines) if other.may_change(_words(bench.texts[path], lines[path]))]
            for place in _common(lines, bench.alone(other, paths)) if paths else ():
                yield f"{rule.title} stands in place of `{other.title}` at {place}"


def _common(some: Lines, others: Lines) -> Iterator[str]:
    """The first line of each file that two rules change, as `path:line`."""
    for path in sorted(some.keys() & others.keys()):
        if both := some[path] & others[path]:
            yield f"{path}:{min(both)}"


def _words(text: bytes, lines: frozenset[int]) -> frozenset[bytes]:
    every = text.split(b"\n")
    return words_of(b"\n".join(every[number - 1] for number in sorted(lines)))


def _changed(before: bytes, after: bytes) -> frozenset[int]:
    """The lines before that a change took away, or behind which it put something."""
    found: set[int] = set()
    for tag, start, end, _, _ in opcodes(before.split(b"\n"), after.split(b"\n")):
        if tag != "equal":
            found |= set(range(start + 1, max(end, start + 1) + 1))
    return frozenset(found)
