"""Leftovers and the code that they are in -> the same without those in branches that only the new kernel compiles.

What stands under `#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)` was written for a 7.3: it follows already, and looks to a
rule like a call that does not.  Where the branch is for some kernel in between, something may have changed since, and the reason
says which kernels it is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.versions import guard_version, live

Version = tuple[int, int, int]


def without_new_branches(
    leftovers: Iterable[Leftover], texts: Mapping[str, bytes], versions: tuple[Version, Version]
) -> Iterator[Leftover]:
    """What is left, the whole texts by path, and the versions of both kernels -> what a person still has to look at."""
    old, new = versions
    if old >= new:
        yield from leftovers
        return
    former = _before(guard_version(old, new))

    @cache
    def lines(path: str, version: Version) -> list[bytes]:
        return live(texts[path], version).split(b"\n")

    def fresh(one: Leftover, version: Version) -> bool:
        """Whether the new kernel compiles a line, and one of that version does not."""
        number = one.line - 1
        known = one.path in texts and 0 <= number < len(lines(one.path, new))
        return known and bool(lines(one.path, new)[number].strip()) and not lines(one.path, version)[number].strip()

    for one in leftovers:
        if not fresh(one, former):
            since = f"; only kernels newer than {old[0]}.{old[1]} compile it, so see whether it follows already"
            yield replace(one, reason=f"{one.reason}{since}") if fresh(one, old) else one


def _before(version: Version) -> Version:
    """The last version ahead of one that a condition can name."""
    major, minor, small = version
    return (major, minor, small - 1) if small else (major, minor - 1, 255) if minor else (major - 1, 255, 255)
