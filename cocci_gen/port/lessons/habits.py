"""Functions of the new tree -> Habits, how one that has one thing comes to another: `struct inode *inode = file_inode(file)`.

Where a method changed a parameter and too few instances show what to do with the old one, the whole tree may show it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.texts.instances import Written

_PARAMETER = re.compile(r"\bstruct (\w+) \*(\w+)\s*[,)]")
_LOCAL = re.compile(r"^\t(?:const )?struct (\w+) \*\w+ = ([^;{}\n]+);", re.MULTILINE)
_NAME = re.compile(r"(?<![\w.>])[A-Za-z_]\w*")
#: A local that is a structure itself.
_PLAIN = re.compile(r"^\t+(struct \w+) (\w+)(?: = [^;{}\n]+)?;", re.MULTILINE)
#: A name of the function's own: no member, no function, no constant.
_OWN = re.compile(r"(?<![\w.>])(?!struct\b)(?<!struct )[a-z_]\w*\b(?!\s*\()")
#: A habit is what so many functions do, and this share of those that come from the one to the other at all.
_FEWEST, _SHARE = 10, 0.8


@dataclass(frozen=True, slots=True)
class Habit:
    """The value of a local, `{}` in it for the parameter; `shown` of `of` functions in `groups` parts of the tree do so."""

    value: str
    shown: int
    of: int
    groups: int

    @property
    def ground(self) -> Learned:
        """What a rule that follows it rests on."""
        return Learned(self.shown, self.of, self.groups, (), ())


class Habits:
    """Votes by the tags of what is wanted and what is there, and by group."""

    def __init__(self, functions: Iterable[Written]) -> None:
        votes: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        self._names: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        for one in functions:
            head, _, body = one.text.decode("utf-8", "replace").partition("{")
            parameters = {name: tag for tag, name in _PARAMETER.findall(head)}
            for tag, value in _LOCAL.findall(body) if parameters else ():
                used = [name for name in _NAME.findall(value) if name in parameters]
                others = [name for name in _OWN.findall(value) if name not in used]
                if len(used) == 1 and not others and parameters[used[0]] != tag:
                    template = re.sub(rf"(?<![\w.>]){used[0]}\b", "{}", value)
                    votes[tag, parameters[used[0]]][group_of(one.path)][template] += 1
            for kind, name in _PLAIN.findall(body):
                self._names[kind][group_of(one.path)][name] += 1
        self._votes = {tags: dict(ones) for tags, ones in votes.items()}

    def find(self, wanted: str, there: str, excluded: Collection[str]) -> Habit | None:
        """The habit by which one comes from `struct there *` to `struct wanted *`; None where the tree has none."""
        votes: Counter[str] = Counter()
        for group, some in self._votes.get((wanted, there), {}).items():
            if group not in excluded:
                votes.update(some)
        for value, count in votes.most_common(1):
            if count >= _FEWEST and count >= _SHARE * votes.total():
                groups = sum(
                    bool(some[value]) for group, some in self._votes[wanted, there].items() if group not in excluded
                )
                return Habit(value, count, votes.total(), groups)
        return None

    def name_of(self, kind: str, excluded: Collection[str]) -> str:
        """What the tree mostly calls a local of a type (`struct timespec64`), "" where it has none."""
        votes: Counter[str] = Counter()
        for group, some in self._names.get(kind, {}).items():
            if group not in excluded:
                votes.update(some)
        return max(votes, key=lambda name: (votes[name], name), default="")
