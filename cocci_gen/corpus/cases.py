"""The texts of one case of the corpus -> Case, what must be found in it, line by line.

The header has the grammar of a semantic patch: SPDX line, `/// one sentence`, `// Key: value` (Kernel, Fixable, Source); a
document has `.. ` where C has `// `, and `.. /// one sentence`.  A mark ends the line that it speaks of:
`/* violates: writepage.unlocks */`, `/* ok: ... */`, and `todo-` before either for what is not so yet; ids are parted by
commas, and a confidence may follow each.  Whatever is broken becomes a `Problem`: one run shows all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import PurePosixPath

from cocci_gen.document.tables import LOCKING_RST

DEFAULT_KERNEL = "6.1"
_LONGEST_CASE = 60
_LICENCE = "SPDX-License-Identifier: GPL-2.0-only"
_KEYS = ("Kernel", "Fixable", "Source")
_COMMENT = re.compile(r"/\*\s*(.*?)\s*\*/")
_MARK = re.compile(r"([\w-]+):\s*(.+)")
_ID = re.compile(r"[a-z]\w*\.[a-z]\w*")


class Word(StrEnum):
    """What a mark says of its line; the `todo` ones tell what is wrong today and must be promoted once it is right."""

    VIOLATES = "violates"
    OK = "ok"
    TODO_VIOLATES = "todo-violates"
    TODO_OK = "todo-ok"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the corpus, or one difference between it and what a scan reported."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One expectation: what is to be reported on `line` for the obligation with the short id `short`."""

    line: int
    word: Word
    short: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Twin:
    """The repaired file, byte for byte."""

    text: bytes


@dataclass(frozen=True, slots=True)
class TwinMissing:
    """There should be a repaired file, and there is none yet."""


@dataclass(frozen=True, slots=True)
class Unfixable:
    """`Fixable: no`: something is reported and nothing may be changed."""


@dataclass(frozen=True, slots=True)
class NothingToFix:
    """A case without a `violates` mark that is to be repaired today."""


Repair = Twin | TwinMissing | Unfixable | NothingToFix


@dataclass(frozen=True, slots=True)
class Material:
    """What lies in the corpus under the name of one case: its text, its repaired text, and the header beside a document."""

    text: bytes
    twin: bytes | None
    header: bytes | None


@dataclass(frozen=True, slots=True)
class Case:
    """One file of the corpus; `text` has its marks blanked, line by line as it was, `source` is what `// Source:` says.

    A document (.rst) is the locking.rst of a kernel of its own; `header` is what that kernel has beside the others.
    """

    path: str
    struct: str
    stem: str
    kernel: str
    meaning: str
    text: bytes
    marks: tuple[Mark, ...]
    repair: Repair
    header: bytes | None
    source: str

    @property
    def is_document(self) -> bool:
        """Whether the case is a locking.rst and not a file system."""
        return self.path.endswith(".rst")

    @property
    def tree_path(self) -> str:
        """Where the case lies in its kernel: C in a file system of its own, so that cases cannot see each other."""
        if self.is_document:
            return LOCKING_RST
        return f"fs/{PurePosixPath(self.path).stem}/{self.stem.replace('.', '_')}.c"

    @property
    def twin_path(self) -> str:
        """Where the repaired file lies in the corpus."""
        path = PurePosixPath(self.path)
        return str(path.with_suffix(f".fixed{path.suffix}"))

    @property
    def headers(self) -> dict[str, bytes]:
        """The header of the case, by its path in the kernel."""
        return {f"include/linux/{PurePosixPath(self.path).stem}.h": self.header} if self.header is not None else {}


def read_case(
    path: str, material: Material, stems: Iterable[str], kernels: Iterable[str]
) -> tuple[Case, tuple[Problem, ...]]:
    """The case at `path`, as far as it can be understood; `stems` and `kernels` are what marks and keys may name."""
    reading = _Reading(path, frozenset(stems), frozenset(kernels))
    return reading.case(material), tuple(reading.problems)


def stray_marks(path: str, text: bytes) -> Iterator[Problem]:
    """The marks of a file that lies beside a case and must have none."""
    for number, line in enumerate(text.decode("utf-8", "replace").split("\n"), 1):
        if _mark_in(line) is not None:
            yield Problem(path, number, "a repaired file and a header carry no marks")


def _mark_in(line: str) -> re.Match[str] | None:
    """The comment of a line that was meant as a mark."""
    return next((comment for comment in _COMMENT.finditer(line) if _looks_like_mark(comment[1])), None)


def _looks_like_mark(comment: str) -> bool:
    """Whether a comment was meant as a mark, however it is misspelt: it names an id, or begins with a word of marks."""
    before, colon, _ = comment.partition(":")
    return bool(_ID.search(comment)) or (bool(colon) and before.strip() in [word.value for word in Word])


class _Reading:
    """The reading of one case: its problems gather here, and the case comes out as far as it could be understood."""

    def __init__(self, path: str, stems: frozenset[str], kernels: frozenset[str]) -> None:
        self.path = path
        self.stems = stems
        self.kernels = kernels
        self.comment = ".." if path.endswith(".rst") else "//"
        self.problems: list[Problem] = []

    def wrong(self, line: int, text: str) -> None:
        self.problems.append(Problem(self.path, line, text))

    def case(self, material: Material) -> Case:
        """The texts -> Case."""
        struct, stem, _ = self.path.split("/")
        lines = material.text.decode("utf-8", "surrogateescape").split("\n")
        if len(lines) > _LONGEST_CASE:
            self.wrong(_LONGEST_CASE, f"is longer than {_LONGEST_CASE - 1} lines; a case shows one thing")
        meaning, keys = self._header(lines)
        marks: list[Mark] = []
        for index, line in enumerate(lines):
            lines[index] = self._blanked(line, index + 1, marks)
        if not marks:
            self.wrong(0, "has no mark, so it expects nothing")
        kernel = keys.get("Kernel", DEFAULT_KERNEL)
        if kernel not in self.kernels:
            self.wrong(1, f"there is no kernel {kernel}; there are {', '.join(sorted(self.kernels))}")
            kernel = min(self.kernels)
        blanked = "\n".join(lines).encode("utf-8", "surrogateescape")
        repair = self._repair(keys.get("Fixable", "yes"), marks, material.twin)
        return Case(
            self.path,
            struct,
            stem,
            kernel,
            meaning,
            blanked,
            tuple(marks),
            repair,
            material.header,
            keys.get("Source", ""),
        )

    def _header(self, lines: list[str]) -> tuple[str, dict[str, str]]:
        """The comment lines at the top -> the `///` sentence and the keys."""
        licence = f"{self.comment} {_LICENCE}"
        sentence = "/// " if self.comment == "//" else f"{self.comment} /// "
        if lines[0] != licence:
            self.wrong(1, f"does not begin with {licence}")
        meaning: list[str] = []
        keys: dict[str, str] = {}
        for number, line in enumerate(lines[1:], 2):
            if not line.startswith(self.comment):
                break
            name, colon, value = line.removeprefix(f"{self.comment} ").partition(": ")
            if line.startswith(sentence):
                meaning.append(line.removeprefix(sentence))
            elif colon and value and name in _KEYS:
                keys[name] = value
            elif line != self.comment:
                self.wrong(
                    number, f"is neither '{sentence}sentence' nor '{self.comment} {'|'.join(_KEYS)}: value': {line}"
                )
        if not meaning:
            self.wrong(2, f"does not say in a '{sentence.strip()}' line what it is about")
        if keys.get("Fixable", "no") != "no":
            self.wrong(2, "the only thing that Fixable may say is 'no'")
        return " ".join(meaning), keys

    def _blanked(self, line: str, number: int, marks: list[Mark]) -> str:
        """One line -> the line without its mark; the mark goes into `marks`."""
        comment = _mark_in(line)
        if comment is None:
            return line
        said = _MARK.fullmatch(comment[1])
        if said is None or said[1] not in [word.value for word in Word]:
            self.wrong(number, f"is no mark: {comment[0]}; a mark is {', '.join(Word)}, a colon and ids")
        elif line[comment.end() :].strip():
            self.wrong(number, "a mark must end its line")
        else:
            marks += self._expectations(number, Word(said[1]), said[2])
        return line[: comment.start()].rstrip() + line[comment.end() :]

    def _expectations(self, number: int, word: Word, ids: str) -> Iterator[Mark]:
        """`writepage.unlocks low, writepage.writeback` -> a Mark for each."""
        for part in ids.split(","):
            short, _, confidence = part.strip().partition(" ")
            if short not in self.stems:
                near = get_close_matches(short, sorted(self.stems), n=3)
                perhaps = f"; perhaps {' or '.join(near)}" if near else ""
                self.wrong(number, f"there is no folder for {short!r}{perhaps}")
            elif confidence not in ("", "high", "moderate", "low"):
                self.wrong(number, f"{confidence!r} is no confidence: high, moderate or low")
            else:
                yield Mark(number, word, short, confidence or "high")

    def _repair(self, fixable: str, marks: list[Mark], twin: bytes | None) -> Repair:
        """What `Fixable:`, the marks and the twin say together."""
        fires = any(mark.word is Word.VIOLATES for mark in marks)
        if twin is not None and fixable == "no":
            self.wrong(2, "says 'Fixable: no' and has a repaired file beside it")
        elif twin is not None and not fires:
            self.wrong(0, "has a repaired file beside it and nothing to repair")
        elif twin is None and fires and fixable != "no":
            name = f".fixed{PurePosixPath(self.path).suffix}"
            self.wrong(0, f"has no repaired file ({name}) beside it; say 'Fixable: no' if it shall have none")
        elif fixable == "no" and not fires:
            self.wrong(2, "says 'Fixable: no' and has nothing to repair")
        if not fires or any(mark.word in (Word.TODO_VIOLATES, Word.TODO_OK) for mark in marks):
            return NothingToFix()
        if twin is None:
            return Unfixable() if fixable == "no" else TwinMissing()
        return Twin(twin)
