"""Code with conditions on the version of the kernel: the part of it that the new kernel compiles, and code that builds on both.

Only what the new kernel compiles is ported; what stands in the branches for older ones stays as it is, so that code which builds
on both kernels already changes no more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cocci_gen.code.texts.directives import settled, version_code
from cocci_gen.port.texts.lines import opcodes
from cocci_gen.port.texts.version_header import NEVER

#: A condition on the version, or one that was decided already (`#if 1`, as `code/texts/conditionals` writes it).
_DECIDED = re.compile(
    rb"^[ \t]*#[ \t]*(?:el)?if\b(?:[^\n]*\b(?:LINUX_VERSION_CODE|KERNEL_VERSION)\b|[ \t]+[01][ \t]*$)", re.MULTILINE
)
_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include\b", re.MULTILINE)
_VERSION_H = b"#include <linux/version.h>"
#: A change that wants more lines around it is not put under a condition of its own.
_MOST_LINES = 40


def live(text: bytes, version: tuple[int, int, int]) -> bytes:
    """What a kernel of that version compiles of a file; lines stay.  A file without conditions that the version decides, or that
    read `1` or `0`, stays as it is."""
    return settled(text, version_code(*version)) if _DECIDED.search(text) else text


def live_texts(
    whole: Mapping[str, bytes], decided: Mapping[str, bytes], version: tuple[int, int, int]
) -> dict[str, bytes]:
    """The same of many files, of which some are known with `1` and `0` for conditions (`decided`)."""
    return {path: live(decided.get(path, text), version) for path, text in whole.items()}


def restored(original: bytes, before: bytes, after: bytes) -> bytes | None:
    """A file, the live part of it, and that part after a change -> the file after it; None where the change reaches into what is
    not live."""
    if original == before:
        return after
    whole, old, new = original.split(b"\n"), before.split(b"\n"), after.split(b"\n")
    result: list[bytes] = []
    for tag, start, end, first, last in opcodes(old, new):
        if tag == "equal":
            result += whole[start:end]
        elif whole[start:end] != old[start:end]:
            return None
        else:
            result += new[first:last]
    return b"\n".join(result)


def guard_version(old: tuple[int, int, int], new: tuple[int, int, int]) -> tuple[int, int, int]:
    """The versions of both kernels -> the one from which on the new code holds: that of the newer kernel without its sublevel, as
    stable kernels change no interfaces; with it where nothing else differs."""
    return new if old[:2] == new[:2] else (*new[:2], 0)


def for_both(before: bytes, after: bytes, version: tuple[int, int, int], known_from: int = NEVER) -> bytes:
    """A file before and after its port to a kernel of that version -> one that builds on the old kernels as before, and on those
    from that version on as it was ported.  `known_from` is the line from which on the file knows the version
    (`port/version_header`)."""
    old, new = before.split(b"\n"), after.split(b"\n")
    changes = whole_changes(old, new)
    if not changes:
        return after
    result: list[bytes] = []
    done = 0
    for start, end, first, last in changes:
        result += old[done:start]
        words = b"KERNEL_VERSION(%d, %d, %d)" % version
        if last > first:
            result += [b"#if LINUX_VERSION_CODE >= " + words, *new[first:last]]
            result += [b"#else", *old[start:end]] if end > start else []
        else:
            result += [b"#if LINUX_VERSION_CODE < " + words, *old[start:end]]
        result.append(b"#endif")
        done = end
    text = b"\n".join([*result, *old[done:]])
    return text if known_from <= changes[0][0] else _with_header(text)


def _with_header(text: bytes) -> bytes:
    """The header that tells the version, in front of the first other one."""
    found = _INCLUDE.search(text)
    place = found.start() if found else 0
    return text[:place] + _VERSION_H + b"\n" + text[place:]


Change = tuple[int, int, int, int]


def whole_changes(old: Sequence[bytes], new: Sequence[bytes]) -> list[Change]:
    """The lines that differ (first and last before, first and last after), each change grown until it holds whole statements and
    heads on both sides; those that meet are one."""
    found: list[Change] = []
    for change in (code[1:] for code in opcodes(old, new) if code[0] != "equal"):
        grown = whole_change(change, old, new)
        while found and found[-1][1] >= grown[0]:
            last = found.pop()
            grown = (min(last[0], grown[0]), max(last[1], grown[1]), min(last[2], grown[2]), max(last[3], grown[3]))
        found.append(grown)
    return found


def whole_change(change: Change, old: Sequence[bytes], new: Sequence[bytes]) -> Change:
    """One change, grown until it holds whole statements and heads on both sides."""
    start, end, first, last = change
    for _ in range(_MOST_LINES):
        if start and first and not (_begins(old, start) and _begins(new, first)):
            start, first = start - 1, first - 1
        elif end < len(old) and last < len(new) and not (_closed(old[start:end]) and _closed(new[first:last])):
            end, last = end + 1, last + 1
        else:
            break
    return start, end, first, last


def _begins(lines: Sequence[bytes], place: int) -> bool:
    """Whether a statement or a head begins on a line: the line above ends one."""
    above = lines[place - 1].strip()
    if not above or above.startswith(b"#") or above.endswith((b";", b"{", b"}", b":", b"*/")):
        return not above.endswith(b"\\")
    return above.endswith(b",") and not _open(lines, place)


def _open(lines: Sequence[bytes], place: int) -> bool:
    """Whether a bracket is open above a line, looking back to the last line that ends a statement."""
    depth = 0
    for line in reversed(lines[max(0, place - _MOST_LINES) : place]):
        bare = line.strip()
        if bare.endswith((b";", b"{", b"}")) or not bare:
            break
        depth += bare.count(b"(") - bare.count(b")")
    return depth > 0


def _closed(lines: Sequence[bytes]) -> bool:
    """Whether some lines end where a statement or a head ends, with no bracket open."""
    text = b"\n".join(lines)
    if text.count(b"(") != text.count(b")"):
        return False
    bare = lines[-1].strip() if lines else b""
    if bare.endswith(b"\\"):
        return False
    return not bare or bare.startswith(b"#") or bare.endswith((b";", b"{", b"}", b":", b",", b")", b"*/"))
