"""Two lists of lines -> what became of which, as difflib tells it, but fast where most of a long file stayed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

Opcode = tuple[str, int, int, int, int]


def opcodes(old: Sequence[bytes], new: Sequence[bytes]) -> list[Opcode]:
    """(tag, first and last before, first and last after); the lines at both ends that are equal are not searched."""
    most = min(len(old), len(new))
    front = next((place for place in range(most) if old[place] != new[place]), most)
    back = next((count for count in range(most - front) if old[-1 - count] != new[-1 - count]), most - front)
    inner = SequenceMatcher(None, old[front : len(old) - back], new[front : len(new) - back], autojunk=False)
    found: list[Opcode] = [("equal", 0, front, 0, front)] if front else []
    found += [(tag, a + front, b + front, c + front, d + front) for tag, a, b, c, d in inner.get_opcodes()]
    if back:
        found.append(("equal", len(old) - back, len(old), len(new) - back, len(new)))
    return found


def moved_lines(before: bytes, after: bytes) -> dict[int, int]:
    """A text before and after a change -> where each of its lines stands by now (from 1); one that is there no more, where what
    came in its place begins."""
    found: dict[int, int] = {}
    for tag, start, end, first, last in opcodes(before.split(b"\n"), after.split(b"\n")):
        for step in range(end - start):
            found[start + step + 1] = (first + step if tag == "equal" else min(first + step, max(first, last - 1))) + 1
    return found
