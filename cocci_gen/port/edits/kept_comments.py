"""A text before and after spatch -> the text after, with the comments that spatch lost though what stands around them stayed.

`return f(a, 0 /* rdev */);` that becomes `return ERR_PTR(f(a, 0));` loses one that is as right as before.  One that stood behind
a line that went goes with it, where spatch put it behind the line above, of which it says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from cocci_gen.port.texts.lines import opcodes

_TOKEN = re.compile(rb"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\w+|[^\w\s]", re.DOTALL)
_BEHIND = re.compile(rb"(.*\S)\s*(/\*(?:[^*]|\*(?!/))*\*/|//.*)")
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)


def with_comments(before: bytes, after: bytes) -> bytes:
    """Both texts -> the second one; a comment comes back only between the very two words that it stood between, or to the end of
    its line from that of a line that came behind it."""
    after = _at_their_lines(before, after)
    lost = Counter(_COMMENT.findall(before)) - Counter(_COMMENT.findall(after))
    if not lost:
        return after
    old, new = before.split(b"\n"), after.split(b"\n")
    result: list[bytes] = []
    for tag, start, end, first, last in opcodes(old, new):
        text = b"\n".join(new[first:last])
        if tag == "replace":
            text = _restored(b"\n".join(old[start:end]), text, lost)
        result += text.split(b"\n") if last > first else []
    return b"\n".join(result)


def _at_their_lines(before: bytes, after: bytes) -> bytes:
    """The text after, where a comment behind a line that stayed was taken along by one that came behind that."""
    old, new = before.split(b"\n"), after.split(b"\n")
    for tag, start, end, first, last in opcodes(old, new):
        if tag != "replace":
            continue
        for above, line in zip(old[start:end], old[start + 1 : end], strict=False):
            if found := _BEHIND.fullmatch(line):
                glued = above.rstrip() + found[2]
                new[first:last] = [above if one == glued else one for one in new[first:last]]
        for line in old[start:end]:
            found = _BEHIND.fullmatch(line)
            place = next((one for one in range(first, last - 1) if found and new[one].rstrip() == found[1]), -1)
            if found and place >= 0 and new[place + 1].endswith(found[2]) and new[place + 1] not in old:
                new[place], new[place + 1] = line, new[place + 1].removesuffix(found[2]).rstrip()
    return b"\n".join(new)


def _restored(before: bytes, after: bytes, lost: Counter[bytes]) -> bytes:
    """Some lines that changed, after the change, with those of the lost comments that have their place."""
    old, new = (
        [match.span() for match in _TOKEN.finditer(text) if not _COMMENT.match(match.group())]
        for text in (before, after)
    )
    was, now = ([text[slice(*span)] for span in spans] for text, spans in ((before, old), (after, new)))
    found: list[tuple[int, int, bytes]] = []
    for a, b, size in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks():
        for step in range(size - 1):
            between = before[old[a + step][1] : old[a + step + 1][0]]
            place = new[b + step][1], new[b + step + 1][0]
            comments = _COMMENT.findall(between)
            if comments and b"\n" not in between + after[slice(*place)] and all(lost[one] for one in comments):
                lost.subtract(comments)
                found.append((*place, between))
    for start, end, between in reversed(found):
        after = after[:start] + between + after[end:]
    return after
