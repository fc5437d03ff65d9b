"""Both trees' files -> rules for headers that moved, and headers that a file needs for what it now uses.

`#include <asm/unaligned.h>` became `<linux/unaligned.h>` in 97 of 99 files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, HeaderGone
from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.texts.trees import Sources

_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*<([\w./-]+)>", re.MULTILINE)


def includes_of(text: bytes) -> frozenset[str]:
    """The headers of the kernel that a text names."""
    return frozenset(name.decode() for name in _INCLUDE.findall(text))


@dataclass(frozen=True, slots=True)
class Includer:
    """A file that names a header which went, with the headers that it names before and after."""

    path: str
    before: frozenset[str]
    after: frozenset[str]


def includers(
    evolutions: Iterable[Evolution], old: Sources, new: Sources, roots: Iterable[str]
) -> tuple[Includer, ...]:
    """The files of both trees that named a header which went."""
    gone = {one.id for one in evolutions if isinstance(one, HeaderGone)}
    paths = [path for path in old.below(roots) if path in new.oids and new.oids[path] != old.oids[path]] if gone else []
    before = {path: names for path, text in old.texts(paths) if (names := includes_of(text)) & gone}
    return tuple(Includer(path, before[path], includes_of(text)) for path, text in new.texts(before))


def include_rules(
    evolutions: Iterable[Evolution], files: Iterable[Includer], excluded: Collection[str] = ()
) -> list[PortRule]:
    """Headers that went -> rules that name their successors, where the files of both trees agree on one."""
    taught = [one for one in files if group_of(one.path) not in excluded]
    rules = []
    for one in sorted((one for one in evolutions if isinstance(one, HeaderGone)), key=lambda one: one.id):
        users = [user for user in taught if one.id in user.before]
        votes: Counter[str] = Counter()
        for user in users:
            votes.update(user.after - user.before)
        for new_name, count in votes.most_common(1):
            shown = [user.path for user in users if new_name in user.after - user.before]
            others = [user.path for user in users if user.path not in shown]
            groups = {group_of(path) for path in shown}
            if enough(count, len(users), groups):
                ground = learned(shown, others, groups)
                text = f"@include@\n@@\n- #include <{one.id}>\n+ #include <{new_name}>\n"
                title = f"#include <{one.id}> becomes <{new_name}>"
                words = (frozenset({re.split(r"\W", one.id.rpartition("/")[2])[0]}),)
                rules.append(PortRule(f"include.{one.id}", one.id, title, text, ground, words))
    return rules
