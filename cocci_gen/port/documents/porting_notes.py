"""What Documentation/filesystems/porting.rst says in the new kernel alone -> Leftovers about the code that uses what it
speaks of: a meaning that changed behind a type that stayed stands nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from cocci_gen.code.texts.source import SourceEntry
from cocci_gen.port.changes.evolutions import Evolution, MethodChanged
from cocci_gen.port.methods.head_plans import has_prototype
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.instances import Code, head_of
from cocci_gen.port.texts.lines import opcodes
from cocci_gen.port.texts.plain_text import plain
from cocci_gen.port.texts.trees import Sources

PORTING_RST = "Documentation/filesystems/porting.rst"
_RULE = re.compile(r"^-{3,}\s*$", re.MULTILINE)
_MARK = re.compile(r"\*\*[^*\n]+\*\*")
_RENAMED = re.compile(r"\b(?:(?:have|has) been|is|are|was|were) renamed(?: to)? ")
#: A line of a list of what is renamed.
_ARROW = re.compile(r"(?<![>.\w])([a-z_]\w{2,}) -> ([a-z_]\w{2,})\b")
_METHOD = re.compile(r"->(\w+)")
_FUNCTION = re.compile(r"(?<![>.\w])(\w{3,})\(\)")
#: Sentences that are so much alike differ in spelling alone.
_ALIKE = 0.9
_MOST = 320
#: A line of a list of what is renamed.
_ARROW = re.compile(r"(?<![>.\w])([a-z_]\w{2,}) -> ([a-z_]\w{2,})\b")
#: A note that speaks of the prototype of a method.
_PROTOTYPE = re.compile(r"\b(?:arguments?|parameters?|returns?|prototype)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """What a section says by now: the line on which it begins, the new sentences, the methods and functions that it is about:
    those of the first sentence that names any (further ones say what to call, `dput()`, and are called everywhere)."""

    line: int
    text: str
    methods: frozenset[str]
    functions: frozenset[str]

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """The functions that have another name by now, one by one in the order of both lists: `a() and b() have been renamed to
        x() and y()`, or by the lines of a list, `a -> x`."""
        found: list[tuple[str, str]] = []
        for sentence in _sentences(self.text):
            sides = [_FUNCTION.findall(side) for side in _RENAMED.split(sentence)]
            if len(sides) == len(("before", "after")) and len(sides[0]) == len(sides[1]):
                found += zip(*sides, strict=True)
        return (*found, *_listed(self.text))

    @property
    def says_more(self) -> bool:
        """Whether it says more of what was renamed than that."""
        sentences = _sentences(self.text)
        if not _listed(self.text):
            return len(sentences) > 1
        return not all("renamed" in one or _ARROW.search(one) for one in sentences)


def _listed(text: str) -> list[tuple[str, str]]:
    """What a list says that is renamed, old and new."""
    return _ARROW.findall(text) if "renamed" in text else []


def notes_between(old: Sources, new: Sources) -> tuple[Note, ...]:
    """Two kernels -> the notes that came between them; none where one of them has no such document."""
    if PORTING_RST not in old.oids or PORTING_RST not in new.oids:
        return ()
    before, after = (one.read(PORTING_RST).decode("utf-8", "replace") for one in (old, new))
    said = [one for _, section in _sections(before) for one in _sentences(section)]
    known = [_plain(one) for one in said]
    there = {*known, *(_plain(one.partition(";")[0]) for one in said)}  # the rest of a sentence may go, that is no news
    found = []
    for line, section in _sections(after):
        fresh = [one for one in _sentences(section) if _plain(one) not in there and not _spelled(_plain(one), known)]
        for one in fresh:
            methods, functions = frozenset(_METHOD.findall(one)), frozenset(_FUNCTION.findall(one))
            functions |= {name for pair in _listed(section) for name in pair if name in one}
            if methods or functions:
                found.append(Note(line, " ".join(fresh), methods, functions - methods))
                break
    general = _of_nothing(old, frozenset[str]().union(*(one.functions for one in found)))
    return tuple(replace(one, functions=one.functions - general) for one in found)


def _of_nothing(old: Sources, names: Collection[str]) -> frozenset[str]:
    """Those of some functions that the old headers declare and that take and return no structure: kmalloc() is called everywhere,
    and the document means the calls for an inode, which nobody can tell from the others."""
    if not names:
        return frozenset()
    listed = "|".join(sorted(names)).encode()
    declared = re.compile(rb"^([a-z_][^;{}#]*?)\b(" + listed + rb")[ \t]*\(([^;{}]*)\)", re.MULTILINE)
    found: dict[str, bool] = {}
    for _, text in old.texts(old.below(["include/linux"], (".h",))):
        for returns, name, taken in declared.findall(text):
            word = name.decode()
            found[word] = found.get(word, False) or b"struct" in returns + taken
    return frozenset(name for name, some in found.items() if not some)


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
    """The words; pages of the old documents are folios in the new ones, and that alone is no news."""
    return re.sub(r"\bfolio(?=s?\b)", "page", re.sub(r"\W+", " ", sentence).strip().lower())


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


def noted(
    notes: tuple[Note, ...],
    before: Code,
    after: Code,
    evolutions: Iterable[Evolution] = (),
    own: Collection[str] = (),
    fresh: Collection[str] = (),
) -> Iterator[Leftover]:
    """The notes, and the code before and after its port -> one leftover for each line of a table that names a method of a
    note, and for each call of a function of it; `own` are the names that the code defines itself, and
    `fresh` those that no header of the old kernel has: who calls one of these does what the note asks for already.

    What the port wrote itself needs no note, unless that is another name of which the note says more; nor does a function that
    had the new prototype of its method (one of the evolutions) before, where the prototype is what a note speaks of.
    """
    changed = {(one.old.struct, one.old.name): one for one in evolutions if isinstance(one, MethodChanged)}
    files = [(path, plain(text)) for path, text in sorted(after.texts.items())]
    for note in notes:
        names = [f"->{one}" for one in sorted(note.methods)] + [f"{one}()" for one in sorted(note.functions)]
        reason = f"{PORTING_RST}:{note.line} says since: {_short(note.text)}"
        renamed = {name for _, name in note.renamed} if note.says_more else ()
        for path, file in files:
            lines = {
                entry.line
                for entry in after.facts[path].entries
                if entry.tag
                and entry.method in note.methods
                and not (_PROTOTYPE.search(note.text) and _followed(entry, path, before, changed))
            }
            for function in (one for one in note.functions if one.encode() in file.words and one not in own):
                if function in fresh and function not in renamed:
                    continue
                calls = re.finditer(rb"(?<![.>\w])" + function.encode() + rb"[ \t]*\(", file.code)
                called = {file.code.count(b"\n", 0, match.start()) + 1 for match in calls}
                written = _written(function, before.texts.get(path, b""), after.texts[path])
                if function in renamed:
                    lines |= called & written if function in fresh else called
                else:
                    lines |= called - written
            for line in sorted(lines):
                yield Leftover(path, line, ", ".join(names[:4]), reason, ())


def _followed(entry: SourceEntry, path: str, before: Code, changed: Mapping[tuple[str, str], MethodChanged]) -> bool:
    """Whether the function of an entry had the new prototype of its method ahead of the port."""
    one = changed.get((entry.tag, entry.method))
    function = before.resolve(entry.function, path)
    head = head_of(function) if function else None
    return one is not None and head is not None and has_prototype(head, one.new) and not has_prototype(head, one.old)


def _written(function: str, before: bytes, after: bytes) -> set[int]:
    """The lines (from 1) on which a port put the name of a function that was not there."""
    old, new = before.split(b"\n"), after.split(b"\n")
    word = re.compile(rb"\b" + function.encode() + rb"\b")
    return {
        line + 1
        for tag, start, end, first, last in opcodes(old, new)
        if tag != "equal" and not word.search(b"\n".join(old[start:end]))
        for line in range(first, last)
    }


def _short(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST].rsplit(' ', 1)[0]} ..."
