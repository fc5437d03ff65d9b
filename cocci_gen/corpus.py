"""Beside the stages: a corpus folder -> Corpus: small kernels, and cases that say line by line what is in them.

A case is `<struct>/<method>.<kind>/<name>.c`, with the repaired file beside it as `<name>.fixed.c`.  Its header has the
grammar of a semantic patch: SPDX line, `/// one sentence`, `// Key: value` (Kernel, Fixable, Source).  A mark ends the
line that it speaks of: `/* violates: writepage.unlocks */`, `/* ok: ... */`, and `todo-` before either for what is not
so yet; ids are parted by commas, and a confidence may follow each.  `trees/common` and `trees/<version>` hold the rest
of the small kernels that the cases are put into.  Whatever is broken becomes a `Problem`: one run shows all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from cocci_gen.errors import CocciGenError

DEFAULT_KERNEL = "6.1"
_LONGEST_CASE = 60
_SPDX = "// SPDX-License-Identifier: GPL-2.0-only"
_KEY = re.compile(r"// (\w+): (.+)")
_COMMENT = re.compile(r"/\*\s*(.*?)\s*\*/")
_MARK = re.compile(r"([\w-]+):\s*(.+)")
_ID = re.compile(r"[a-z]\w*\.[a-z]\w*")
_NAME = re.compile(r"([a-z0-9][a-z0-9-]*)(\.fixed)?\.c")


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
class Case:
    """One file of the corpus; `text` has its marks blanked, line by line as it was, `source` is what `// Source:` says."""

    path: str
    struct: str
    stem: str
    kernel: str
    meaning: str
    text: bytes
    marks: tuple[Mark, ...]
    repair: Repair
    source: str = ""

    @property
    def tree_path(self) -> str:
        """Where the case lies in its kernel: a file system of its own, so that cases cannot see each other."""
        name = PurePosixPath(self.path).name.removesuffix(".c")
        return f"fs/{name}/{self.stem.replace('.', '_')}.c"


@dataclass(frozen=True, slots=True)
class Corpus:
    """All cases, the kernels they belong into (version -> path -> text), and what is wrong with the folder itself."""

    cases: tuple[Case, ...]
    trees: Mapping[str, Mapping[str, bytes]]
    problems: tuple[Problem, ...]

    def kernel(self, version: str) -> dict[str, bytes]:
        """A whole small kernel of this version, all its cases included."""
        return {**self.trees[version], **{case.tree_path: case.text for case in self.cases if case.kernel == version}}

    def tested(self) -> frozenset[str]:
        """Ids of the obligations with both a line that must be reported and one that must not."""
        said = {(f"{case.struct}.{mark.short}", mark.word) for case in self.cases for mark in case.marks}
        return frozenset(name for name, _ in said if {(name, Word.VIOLATES), (name, Word.OK)} <= said)


def read_corpus(folder: Path) -> Corpus:
    """The corpus in `folder`; CocciGenError when there is none."""
    trees = _read_trees(folder / "trees")
    if not trees:
        raise CocciGenError(f"{folder} holds no corpus: there is no kernel in {folder / 'trees'}")
    stems = {path.name for path in folder.glob("*/*.*") if path.is_dir() and path.parent.name != "trees"}
    problems: list[Problem] = []
    cases: list[Case] = []
    for path in sorted(folder.glob("*/*/*")):
        if path.parts[len(folder.parts)] == "trees":
            continue
        relative = path.relative_to(folder).as_posix()
        name = _NAME.fullmatch(path.name)
        if name is None or not _ID.fullmatch(path.parent.name):
            problems.append(Problem(relative, 0, "is no case; a case is STRUCT/METHOD.KIND/NAME.c, all lower case"))
        elif name[2]:
            problems += _twin_problems(path, relative)
        else:
            reading = _Reading(relative, stems, frozenset(trees))
            case = reading.case(path.read_bytes(), _twin(path))
            cases.append(case)
            problems += reading.problems
    problems += _folder_problems(cases, {f"{path.parent.name}/{path.name}" for path in folder.glob("*/*.*")})
    return Corpus(tuple(cases), trees, tuple(sorted(problems, key=lambda problem: (problem.path, problem.line))))


def _read_trees(folder: Path) -> dict[str, dict[str, bytes]]:
    """`trees/` -> version -> path -> text, the common files included."""
    common = _read_tree(folder / "common")
    versions = sorted(path for path in folder.glob("*") if path.is_dir() and path.name != "common")
    return {path.name: {**common, **_read_tree(path)} for path in versions}


def _read_tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def _twin(path: Path) -> bytes | None:
    twin = path.with_name(path.name.removesuffix(".c") + ".fixed.c")
    return twin.read_bytes() if twin.exists() else None


def _twin_problems(path: Path, relative: str) -> Iterator[Problem]:
    """What can be wrong with a twin alone: no case beside it, or marks in it."""
    if not path.with_name(path.name.removesuffix(".fixed.c") + ".c").exists():
        yield Problem(relative, 0, "has no case beside it")
    for number, line in enumerate(path.read_text("utf-8", "replace").split("\n"), 1):
        if any(_looks_like_mark(comment[1]) for comment in _COMMENT.finditer(line)):
            yield Problem(relative, number, "a repaired file carries no marks")


def _folder_problems(cases: Iterable[Case], folders: Iterable[str]) -> Iterator[Problem]:
    """Every folder of an obligation must show that it fires and that it can be silent."""
    own = ((case, mark) for case in cases for mark in case.marks if mark.short == case.stem)
    said = {(f"{case.struct}/{case.stem}", mark.word) for case, mark in own}
    for folder in sorted(folder for folder in folders if not folder.startswith("trees/")):
        for word in (Word.VIOLATES, Word.OK):
            if (folder, word) not in said:
                yield Problem(folder, 0, f"has no case with the mark '{word}: {folder.split('/')[1]}'")


def _looks_like_mark(comment: str) -> bool:
    """Whether a comment was meant as a mark, however it is misspelt: it names an id, or begins with a word of marks."""
    before, colon, _ = comment.partition(":")
    return bool(_ID.search(comment)) or (bool(colon) and before.strip() in [word.value for word in Word])


class _Reading:
    """The reading of one case: its problems gather here, and the case comes out as far as it could be understood."""

    def __init__(self, path: str, stems: Iterable[str], kernels: frozenset[str]) -> None:
        self.path = path
        self.stems = frozenset(stems)
        self.kernels = kernels
        self.problems: list[Problem] = []

    def wrong(self, line: int, text: str) -> None:
        self.problems.append(Problem(self.path, line, text))

    def case(self, text: bytes, twin: bytes | None) -> Case:
        """Text of the case and of its twin -> Case."""
        struct, stem, _ = self.path.split("/")
        lines = text.decode("utf-8", "surrogateescape").split("\n")
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
        repair = self._repair(keys.get("Fixable", "yes"), marks, twin)
        source = keys.get("Source", "")
        return Case(self.path, struct, stem, kernel, meaning, blanked, tuple(marks), repair, source)

    def _header(self, lines: list[str]) -> tuple[str, dict[str, str]]:
        """The comment lines at the top -> the `///` sentence and the keys."""
        if lines[0] != _SPDX:
            self.wrong(1, f"does not begin with {_SPDX}")
        meaning: list[str] = []
        keys: dict[str, str] = {}
        for number, line in enumerate(lines[1:], 2):
            if not line.startswith("//"):
                break
            key = _KEY.fullmatch(line)
            if line.startswith("/// "):
                meaning.append(line[4:])
            elif key and key[1] in ("Kernel", "Fixable", "Source"):
                keys[key[1]] = key[2]
            elif line != "//":
                self.wrong(number, f"is neither '/// sentence' nor '// Kernel|Fixable|Source: value': {line}")
        if not meaning:
            self.wrong(2, "does not say in a '///' line what it is about")
        if keys.get("Fixable", "no") != "no":
            self.wrong(2, "the only thing that Fixable may say is 'no'")
        return " ".join(meaning), keys

    def _blanked(self, line: str, number: int, marks: list[Mark]) -> str:
        """One line -> the line without its mark; the mark goes into `marks`."""
        comment = _COMMENT.search(line)
        if comment is None or not _looks_like_mark(comment[1]):
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
                self.wrong(number, f"there is no folder for {short!r}; there are {', '.join(sorted(self.stems))}")
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
            self.wrong(0, "has no repaired file (.fixed.c) beside it; say 'Fixable: no' if it shall have none")
        elif fixable == "no" and not fires:
            self.wrong(2, "says 'Fixable: no' and has nothing to repair")
        if not fires or any(mark.word in (Word.TODO_VIOLATES, Word.TODO_OK) for mark in marks):
            return NothingToFix()
        if twin is None:
            return Unfixable() if fixable == "no" else TwinMissing()
        return Twin(twin)
