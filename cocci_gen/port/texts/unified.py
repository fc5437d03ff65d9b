"""A file before and after -> a unified diff.

That of difflib takes lines that stand often in a long file (`}`) for changed ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from cocci_gen.findings.diff_heads import side_name
from cocci_gen.port.texts.lines import Opcode, opcodes

_AROUND = 3


def diff_of(path: str, before: bytes, after: bytes) -> bytes:
    """A unified diff that `git apply` takes; lines that stayed are none of it, however often they stand in the file."""
    if before == after:
        return b""
    old, new = (side_name(side, path).encode("utf-8", "surrogateescape") for side in ("a", "b"))
    lines = _lines(before), _lines(after)
    parts = [b"--- %s\n+++ %s\n" % (old, new)]
    for hunk in _Aligned(*lines).get_grouped_opcodes(_AROUND):
        start, end, first, last = hunk[0][1], hunk[-1][2], hunk[0][3], hunk[-1][4]
        parts.append(b"@@ -%s +%s @@\n" % (_span(start, end), _span(first, last)))
        for tag, here, there, now, later in hunk:
            parts += [(b" " if tag == "equal" else b"-") + line for line in lines[0][here:there]]
            parts += [b"+" + line for line in lines[1][now:later] if tag != "equal"]
    return b"".join(parts)


class _Aligned(SequenceMatcher[bytes]):
    """The lines of two texts side by side, aligned as `opcodes` has it."""

    def __init__(self, old: Sequence[bytes], new: Sequence[bytes]) -> None:
        super().__init__(None, old, new, autojunk=False)
        self._codes = opcodes(old, new)

    def get_opcodes(self) -> list[Opcode]:  # type: ignore[override]
        return list(self._codes)


def _span(start: int, end: int) -> bytes:
    """The lines of a hunk on one side, as diff tells them."""
    count = end - start
    if count == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + (count > 0), count)


def _lines(text: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in text.split(b"\n")]
    last = lines.pop()
    if last != b"\n":
        lines.append(last[:-1] + b"\n\\ No newline at end of file\n")
    return lines
