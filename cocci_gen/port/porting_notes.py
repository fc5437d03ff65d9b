"""What Documentation/filesystems/porting.rst says in the new kernel alone -> Leftovers about the code that uses what it
speaks of: a meaning that changed behind a type that stayed stands nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from cocci_gen.port.instances import Code
from cocci_gen.port.leftovers import Leftover, plain
from cocci_gen.port.trees import Sources

PORTING_RST = "Documentation/filesystems/porting.rst"
_RULE = re.compile(r"^-{3,}\s*$", re.MULTILINE)
_MARK = re.compile(r"\*\*[^*\n]+\*\*")
_METHOD = re.compile(r"->(\w+)")
_FUNCTION = re.compile(r"(?<![>.\w])(\w{3,})\(\)")
#: Sentences that are so much alike differ in spelling alone.
_ALIKE = 0.9
_MOST = 320


@dataclass(frozen=True, slots=True)
class Note:
    """What a section says by now: the line on which it begins, the new sentences, the methods and functions that it is about:
    those of the first sentence that names any (further ones say what to call, `dput()`, and are called everywhere)."""

    line: int
    text: str
    methods: frozenset[str]
    functions: frozenset[str]


def notes_between(old: Sources, new: Sources) -> tuple[Note, ...]:
    """Two kernels -> the notes that came between them; none where one of them has no such document."""
    if PORTING_RST not in old.oids or PORTING_RST not in new.oids:
        return ()
    before, after = (one.read(PORTING_RST).decode("utf-8", "replace") for one in (old, new))
    known = [_plain(one) for _, section in _sections(before) for one in _sentences(section)]
    there = set(known)
    found = []
    for line, section in _sections(after):
        fresh = [one for one in _sentences(section) if _plain(one) not in there and not _spelled(_plain(one), known)]
        for one in fresh:
            methods, functions = frozenset(_METHOD.findall(one)), frozenset(_FUNCTION.findall(one))
            if methods or functions:
                found.append(Note(line, " ".join(fresh), methods, functions - methods))
                break
    return tuple(found)


def _sections(text: str) -> Iterator[tuple[int, str]]:
    """The sections between rules, each with the line (from 1) of its first word."""
    place = 0
    for end in [*(match.span() for match in _RULE.finditer(text)), (len(text), len(text))]:
        section = text[place : end[0]]
        lead = len(section) - len(section.lstrip())
        yield text.count("\n", 0, place + lead) + 1, section
        place = end[1]


def _sentences(section: str) -> list[str]:
    words = " ".join(_MARK.sub(" ", section).split())
    return [one for one in re.split(r"(?<=[.;:!?])\s+(?=[A-Z(\-])", words) if one]


def _plain(sentence: str) -> str:
    return re.sub(r"\W+", " ", sentence).strip().lower()


def _spelled(sentence: str, known: list[str]) -> bool:
    """Whether an old sentence says the same in another spelling."""
    matcher = SequenceMatcher(None, b="", autojunk=False)
    matcher.set_seq2(sentence)
    for one in known:
        if abs(len(one) - len(sentence)) <= 0.1 * len(sentence):
            matcher.set_seq1(one)
            if matcher.real_quick_ratio() > _ALIKE and matcher.quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE:
                return True
    return False


def noted(notes: tuple[Note, ...], code: Code) -> Iterator[Leftover]:
    """The notes and the code after its port -> one leftover for each line of a table that names a method of a note, and for each
    call of a function of it."""
    files = [(path, plain(text)) for path, text in sorted(code.texts.items())]
    for note in notes:
        names = [f"->{one}" for one in sorted(note.methods)] + [f"{one}()" for one in sorted(note.functions)]
        reason = f"{PORTING_RST}:{note.line} says since: {_short(note.text)}"
        for path, file in files:
            lines = {entry.line for entry in code.facts[path].entries if entry.tag and entry.method in note.methods}
            for function in (one for one in note.functions if one.encode() in file.words):
                for match in re.finditer(rb"(?<![.>\w])" + function.encode() + rb"[ \t]*\(", file.code):
                    lines.add(file.code.count(b"\n", 0, match.start()) + 1)
            for line in sorted(lines):
                yield Leftover(path, line, ", ".join(names[:4]), reason, ())


def _short(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST].rsplit(' ', 1)[0]} ..."
