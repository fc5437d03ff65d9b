"""A C text -> the same without preprocessor lines and `#else` branches, line structure kept."""

from __future__ import annotations

import re


def _blank_lines(lines: list[bytes], first: int, last: int) -> None:
    for number in range(first, last):
        lines[number] = b" " * len(lines[number])


def without_directives(text: bytes) -> bytes:
    """The text with preprocessor lines and `#else` branches overwritten by spaces (of `#if 0`, the first branch)."""
    if b"#" not in text:
        return text
    lines = text.split(b"\n")
    stack: list[bool] = []
    index = 0
    while index < len(lines):
        match = re.match(rb"[ \t]*#[ \t]*(\w+)[ \t]*(.*)", lines[index])
        last = index + 1
        if match:
            while last < len(lines) and lines[last - 1].rstrip().endswith(b"\\"):
                last += 1
            word = match.group(1)
            if word in (b"if", b"ifdef", b"ifndef"):
                stack.append(not (word == b"if" and match.group(2).strip() == b"0"))
            elif word in (b"else", b"elif") and stack:
                stack[-1] = not stack[-1] and word == b"else"
            elif word == b"endif" and stack:
                stack.pop()
            _blank_lines(lines, index, last)
        elif not all(stack):
            _blank_lines(lines, index, last)
        index = last
    return b"\n".join(lines)
