"""The findings of one function that keep things -> what those are, in words: each with how it is kept, and who took it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cocci_gen.series.words.breaches import FindingWords
from cocci_gen.series.words.listings import listed


def kept_words(findings: Sequence[FindingWords]) -> str:
    """`the dentry root still referenced and the mutex m still locked`: what is kept in the same way together."""
    hows: dict[str, list[str]] = {}
    for words in findings:
        hows.setdefault(words.called, []).append(words.how)
    groups: dict[str, list[str]] = {}
    for called, every in hows.items():
        groups.setdefault(listed(_once(sorted(every))), []).append(called)
    if {"locked", "held"} <= set(groups):  # a mutex is held as well
        groups["held"] += groups.pop("locked")
    return listed([f"{listed(things)} still {how}" for how, things in groups.items()])


def references(findings: Sequence[FindingWords]) -> str:
    """`its reference to the inode, taken by ihold(),`: each with the call that took it, where that is known."""
    takers = _once(words.taker for words in findings)
    things = _once(words.called for words in findings)
    if all(map(is_made, findings)):
        return f"{listed(things)}, allocated by {listed(takers)},"
    if len(things) > 1 and len(takers) > 1:
        each = _once(f"{words.called}{f' (from {words.taker})' if words.taker else ''}" for words in findings)
        return f"its references to {listed(each)}"
    which = f", taken by {takers[0]}," if len(takers) == 1 and takers[0] else ""
    return f"its reference{'s' if len(things) > 1 else ''} to {listed(things)}{which}"


def is_made(words: FindingWords) -> bool:
    """Whether what is kept is memory, and no reference: a structure of the file system's own that a call has allocated, or a
    name."""
    own = "_" in words.resource and re.search(r"(?<![a-z])alloc(?![a-z])", words.taker) is not None
    return own or words.allocated or words.how == "allocated"


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
