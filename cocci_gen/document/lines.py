"""The bytes of a document -> lines of text that are safe to parse and to show.

locking.rst comes out of any tree that somebody points the tool at, so nothing about it is taken for granted: a document
that cannot be one is refused, a byte that a terminal could obey is replaced, and every replacement is noted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cocci_gen.errors import RuleDocumentError

MOST_BYTES = 1 << 18  # the real one has 30 KB
LONGEST_LINE = 4096  # the real one has lines of 100 characters
LONGEST_SENTENCE = 8192  # real ones have 2,300; readings look for words in any distance, which costs the square of it

# C0 and C1 controls but tab, line separators, and the marks that reorder or hide text on a terminal.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


@dataclass(frozen=True, slots=True)
class Note:
    """Something about one line that the reader of the document repaired or had to choose."""

    line: int
    text: str


def broken(path: str, line: int, problem: str, way_out: str) -> RuleDocumentError:
    """The error for a broken document: where, what, and the way out."""
    return RuleDocumentError(path, line, f"{problem}; {way_out}")


def read_lines(text: bytes, path: str) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """The lines of a document without their ends, and notes on what was replaced in them.

    Line N is at index N - 1. Only LF ends a line. Raises RuleDocumentError when the document is too large, a line too
    long, or when NUL bytes show that it is not text.
    """
    if len(text) > MOST_BYTES:
        raise broken(
            path, 1, f"{len(text)} bytes are too many for a rule document", f"give one below {MOST_BYTES} bytes"
        )
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise broken(path, 1, "is UTF-16", "save the file as UTF-8")
    lines: list[str] = []
    notes: list[Note] = []
    for number, raw in enumerate(text.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if len(raw) > LONGEST_LINE:
            raise broken(
                path, number, f"the line has {len(raw)} bytes", f"break it into lines below {LONGEST_LINE} bytes"
            )
        if b"\0" in raw:
            raise broken(path, number, "the line holds a NUL byte", "give a text file")
        line, note = _safe_line(raw.removesuffix(b"\r"))
        lines.append(line)
        notes += [Note(number, note)] if note else []
    return tuple(lines), tuple(notes)


def _safe_line(raw: bytes) -> tuple[str, str]:
    """One line as text, and what was replaced in it ("" for nothing)."""
    problems: list[str] = []
    try:
        line = raw.decode("utf-8")
    except UnicodeDecodeError:
        line = raw.decode("utf-8", "replace")
        problems.append("bytes that are not UTF-8 replaced")
    safe = _UNSAFE.sub("\ufffd", line)
    if safe != line:
        problems.append("control characters replaced")
    return safe, ", ".join(problems)


def squeeze(text: str) -> str:
    """The text on one line, each run of white space a single space."""
    return " ".join(text.split())
