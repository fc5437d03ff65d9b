"""A Job on a function of a file -> the same job on the function and what its text needs of the file, and the outcome back.

The semantic patches that templates make name no types: what stands around a function says nothing to them but what its words
mean to the parser, which macros, typedefs and enumerations decide.  So the job is the same in every version of a kernel that has
the same function, whatever else changes in its file, and spatch reads less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.job_runs import diff_of
from cocci_gen.coccinelle.jobs import NOWHERE, Failed, Job, Matched, NotParsed, Outcome, Patched

_TOKEN = re.compile(
    rb"""(?P<remark>/\*.*?\*/|//[^\n]*)
    |(?P<directive>^[ \t]*\#(?:[^\n\\]|\\\r?\n|\\.)*)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<word>[A-Za-z_]\w*)
    |(?P<sign>[(){};\[\]])""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_WORD = re.compile(rb"[A-Za-z_]\w*")
_MACRO = re.compile(rb"[ \t]*#[ \t]*(?:define|undef)[ \t]+(\w+)")
_REMARK = re.compile(rb"/\*.*?\*/|//[^\n]*", re.DOTALL)
#: The words that a semantic patch begins with, for people.
_HEAD = re.compile(r"(?://[^\n]*\n)+")
#: What a declaration begins with whose names decide how other code is read.
_NAMING = (b"typedef", b"enum")


@dataclass(frozen=True, slots=True)
class Packed:
    """A job on part of a file: `first` and `last` are the lines of the function in the `whole` file, `at` its first one here; all
    0 where the job is on the whole file."""

    job: Job
    whole: bytes
    first: int = 0
    last: int = 0
    at: int = 0


@dataclass(frozen=True, slots=True)
class _Item:
    """A macro or a declaration between functions: the names that it gives, and all its words."""

    text: bytes
    names: frozenset[bytes]
    words: frozenset[bytes]


def packed(job: Job) -> Packed:
    """The job on what its function needs; as it is where it is asked about more than a function, or may name types."""
    if job.focus is None or job.focus == NOWHERE or not job.as_written or job.defines:
        return Packed(job, job.slice.text)
    first, last = job.focus
    lines = job.slice.text.split(b"\n")
    parts = [b"\n".join(one) for one in (lines[: first - 1], lines[first - 1 : last], lines[last:])]
    above, below = (list(_items(part)) for part in (parts[0], parts[2]))
    needed = _needed(parts[1], [*above, *below])
    head = b"".join(one.text + b"\n" for one in above if one in needed)
    tail = b"".join(b"\n" + one.text for one in below if one in needed)
    at = head.count(b"\n") + 1
    text = head + parts[1] + tail + b"\n"
    patch = _HEAD.sub("", job.semantic_patch, count=1) if job.semantic_patch.startswith("//") else job.semantic_patch
    small = replace(job, semantic_patch=patch, slice=replace(job.slice, text=text), focus=(at, at + last - first))
    return Packed(small, job.slice.text, first, last, at)


def unpacked(pack: Packed, outcome: Outcome) -> Outcome:
    """What an outcome of the packed job means for the whole file; Failed where it says something of more than the function."""
    move = pack.first - pack.at
    if not pack.at:
        return outcome
    match outcome:
        case Matched(lines=lines):
            inside = all(pack.first <= line + move <= pack.last for line in lines)
            return replace(outcome, lines=tuple(line + move for line in lines)) if inside else _strange()
        case NotParsed(first=first, last=last) if last:
            return replace(outcome, first=max(first + move, pack.first), last=min(last + move, pack.last))
        case Patched(text=text):
            return _patched(pack, outcome, text)
    return outcome


def _patched(pack: Packed, outcome: Patched, text: bytes) -> Outcome:
    """The whole file with the function as the packed job has left it."""
    before = pack.job.slice.text.split(b"\n")
    above, below = before[: pack.at - 1], before[pack.at + pack.last - pack.first :]
    after = text.split(b"\n")
    end = len(after) - len(below)
    if after[: len(above)] != above or after[end:] != below:
        return _strange()
    lines = pack.whole.split(b"\n")
    whole = b"\n".join([*lines[: pack.first - 1], *after[len(above) : end], *lines[pack.last :]])
    return replace(outcome, text=whole, diff=diff_of(pack.whole, whole))


def _strange() -> Failed:
    return Failed("the semantic patch says something of what stands outside of the function")


def _needed(function: bytes, items: list[_Item]) -> set[_Item]:
    """The items that give a name which the function has, or one of those."""
    words = set(_WORD.findall(function))
    found: set[_Item] = set()
    while more := {one for one in items if one not in found and not words.isdisjoint(one.names)}:
        found |= more
        words |= {word for one in more for word in one.words}
    return found


def _items(text: bytes) -> Iterator[_Item]:
    """The macros, typedefs and enumerations of what stands between functions."""
    start, depth, opening, naming = -1, 0, b"", False
    outer: list[bytes] = []
    last = b""
    for token in _TOKEN.finditer(text):
        kind, what = token.lastgroup, token[0]
        if kind == "remark":
            continue
        if kind == "directive":
            if start < 0 and (macro := _MACRO.match(what)):
                yield _item(what, {macro[1]})
            continue
        if start < 0:
            start, outer, opening, naming = token.start(), [], b"", False
        if kind == "word" and (depth == 0 or naming):
            outer.append(what)
            naming = naming or what in _NAMING
        if kind == "sign":
            opening = last if what == b"{" and depth == 0 else opening
            depth = max(0, depth + (what in b"({[") - (what in b")}]"))
            if depth == 0 and (what == b";" or (what == b"}" and opening == b")")):
                if naming:
                    yield _item(text[start : token.end()], set(outer))
                start = -1
        last = what


def _item(text: bytes, names: set[bytes]) -> _Item:
    bare = _REMARK.sub(b" ", text)
    return _Item(
        b"\n".join(line.rstrip() for line in bare.split(b"\n") if line.strip()),
        frozenset(names),
        frozenset(_WORD.findall(bare)),
    )
