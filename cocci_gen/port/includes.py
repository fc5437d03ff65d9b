"""Both trees' files -> rules for headers that moved, and headers that a file needs for what it now uses.

`#include <asm/unaligned.h>` became `<linux/unaligned.h>` in 97 of 99 files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from cocci_gen.port.evolutions import Evolution, HeaderGone
from cocci_gen.port.examples import group_of
from cocci_gen.port.rules import Learned, PortRule
from cocci_gen.port.trees import Sources

_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*<([\w./-]+)>", re.MULTILINE)
_FEWEST, _GROUPS, _SHARE = 3, 2, 0.8


def includes_of(text: bytes) -> frozenset[str]:
    """The headers of the kernel that a text names."""
    return frozenset(name.decode() for name in _INCLUDE.findall(text))


def include_rules(
    evolutions: Iterable[Evolution], old: Sources, new: Sources, roots: Iterable[str], excluded: Collection[str] = ()
) -> list[PortRule]:
    """Headers that went -> rules that name their successors, where the files of both trees agree on one."""
    gone = {one.id: one for one in evolutions if isinstance(one, HeaderGone)}
    if not gone:
        return []
    paths = [
        path for path in old.below(roots)
        if new.oids.get(path, old.oids[path]) != old.oids[path] and group_of(path) not in excluded
    ]  # fmt: skip
    before = {path: names & set(gone) for path, text in old.texts(paths) if (names := includes_of(text)) & set(gone)}
    both = {path: includes_of(text) for path, text in old.texts(before)}
    after = {path: includes_of(text) for path, text in new.texts(before)}
    rules = []
    for name, one in sorted(gone.items()):
        users = [path for path, names in before.items() if name in names]
        votes: Counter[str] = Counter()
        for path in users:
            votes.update(after[path] - both[path])
        for new_name, count in votes.most_common(1):
            shown = [path for path in users if new_name in after[path] - both[path]]
            others = [path for path in users if path not in shown]
            groups = {group_of(path) for path in shown}
            if count >= _FEWEST and len(groups) >= _GROUPS and count >= _SHARE * len(users):
                ground = Learned(count, len(users), len(groups), tuple(shown[:12]), tuple(others[:12]))
                text = f"@include@\n@@\n- #include <{name}>\n+ #include <{new_name}>\n"
                title = f"#include <{name}> becomes <{new_name}>"
                words = (frozenset({re.split(r"\W", name.rpartition("/")[2])[0]}),)
                rules.append(PortRule(f"include.{name}", one.id, title, text, ground, words))
    return rules
