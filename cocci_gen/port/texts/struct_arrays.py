"""C text and the tag of a structure -> StructArray, each array of it that is written out: `struct row a[] = { {...}, {} };`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cocci_gen.code.texts.dialect import closing
from cocci_gen.port.texts.plain_text import blank_comments

_ENTRY = re.compile(r"\s*\.\s*(\w+)\s*=\s*(.*\S)\s*\Z", re.DOTALL)
_EMPTY = re.compile(r"\{\s*0?\s*\}")


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its text without comments, and the entries of one that names each of its members."""

    text: str
    entries: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether it is there for the end alone: `{ }` or `{ 0 }`."""
        return _EMPTY.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class StructArray:
    """One array: its name, whether it is `static`, so that no other file names it, whether conditions decide what is in it, where
    it stands in its text, and its elements."""

    name: str
    static: bool
    conditional: bool
    start: int
    end: int
    elements: tuple[Element, ...]

    @property
    def ends_empty(self) -> bool:
        """Whether an empty element behind others marks the end."""
        return len(self.elements) > 1 and self.elements[-1].is_empty


def struct_arrays(text: bytes, tag: str) -> Iterator[StructArray]:
    """The arrays of a structure that stand once under their name, outside of functions."""
    if tag.encode() not in text:
        return
    blank = blank_comments(text).decode("latin-1")
    shown = text.decode("latin-1")
    head = re.compile(
        rf"(?m)^((?:\w+[ \t]+)*)struct[ \t]+{re.escape(tag)}[ \t]+(\w+)[ \t]*\[[^\]\n]*\][^={{;()]*=\s*\{{"
    )
    found = [_array(match, blank, shown) for match in head.finditer(blank)]
    names = [one.name for one in found if one is not None]
    yield from (one for one in found if one is not None and names.count(one.name) == 1)


def _array(head: re.Match[str], blank: str, shown: str) -> StructArray | None:
    end = closing(blank.encode("latin-1"), head.end() - 1)
    if end < 0:
        return None
    conditional = re.search(r"\n[ \t]*#", blank[head.end() : end]) is not None
    parts = _split(blank, head.end(), end)
    elements = tuple(_element(blank, shown, *part) for part in parts)
    return StructArray(head[2], "static" in head[1].split(), conditional, head.start(), end, elements)


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between the commas that stand in no brackets, without one of blanks alone."""
    depth, begin = 0, start
    found = []
    for match in re.finditer(r"[{}()\[\],]", text[start:end]):
        at = start + match.start()
        if match[0] == ",":
            if not depth:
                found.append((begin, at))
                begin = at + 1
        else:
            depth += 1 if match[0] in "{([" else -1
    found.append((begin, end))
    return [one for one in found if text[one[0] : one[1]].strip()]


def _element(blank: str, shown: str, start: int, end: int) -> Element:
    """An element; strings are read where comments are not."""
    text = re.sub(r"(?m)^[ \t]*#.*", "", blank[start:end]).strip()
    entries: dict[str, str] = {}
    if text.startswith("{") and text.endswith("}"):
        inside = (blank.index("{", start) + 1, blank.rindex("}", start, end))
        for part in _split(blank, *inside):
            # Blank text has the same length: a string is where blanks are, a comment behind the value is cut off with them.
            entry = _ENTRY.match(_with_strings(blank, shown, *part))
            if entry is None:
                entries.clear()
                break
            entries[entry[1]] = entry[2]
    return Element(text, entries)


def _with_strings(blank: str, shown: str, start: int, end: int) -> str:
    """A stretch without comments and with its strings."""
    text = re.sub(
        r'/\*.*?\*/|//[^\n]*|("(?:[^"\\\n]|\\.)*")', lambda one: one[1] or " ", shown[start:end], flags=re.DOTALL
    )
    return text if blank[start:end].strip() else ""
