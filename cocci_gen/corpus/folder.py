"""A corpus folder -> Corpus: small kernels, and cases that say line by line what is in them.

A case is `<struct>/<method>.<kind>/<name>.c`, with the repaired file beside it as `<name>.fixed.c`.  A case of the kind
`prototype` is a small locking.rst, `<name>.rst`, and may have a header `<name>.h`; two documents cannot share a tree, so each
has a kernel of its own.  `trees/common` and `trees/<version>` hold the rest of the small kernels that the cases are put into.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.corpus.cases import Case, Material, Problem, Twin, Word, read_case, stray_marks
from cocci_gen.document.obligations import WITHOUT_TEMPLATE
from cocci_gen.errors import CocciGenError

_FOLDER = re.compile(r"[a-z]\w*\.(?P<kind>[a-z]\w*)")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(?P<role>\.fixed\.c|\.fixed\.rst|\.c|\.rst|\.h)")
_NO_CASE = (
    "is no case; a case is STRUCT/METHOD.KIND/NAME.c, all lower case (NAME.rst, and NAME.h beside it, for prototype)"
)


@dataclass(frozen=True, slots=True)
class Kernel:
    """A small kernel: the cases that are scanned in it together, and all its other files."""

    version: str
    rest: Mapping[str, bytes]
    cases: tuple[Case, ...]

    def files(self) -> dict[str, bytes]:
        """Path -> text, the cases as they are."""
        return {**self.rest, **{case.tree_path: case.text for case in self.cases}}

    def mended(self) -> dict[str, bytes]:
        """Path -> text with the repaired files, and without the cases that have none."""
        return {**self.rest, **{c.tree_path: c.repair.text for c in self.cases if isinstance(c.repair, Twin)}}


@dataclass(frozen=True, slots=True)
class Corpus:
    """All cases, the kernels they belong into (version -> path -> text), and what is wrong with the folder itself."""

    cases: tuple[Case, ...]
    trees: Mapping[str, Mapping[str, bytes]]
    problems: tuple[Problem, ...]

    def kernel(self, version: str) -> dict[str, bytes]:
        """A whole small kernel of this version, all its cases in C included."""
        return self._shared(version).files()

    def kernels(self) -> tuple[Kernel, ...]:
        """Every kernel that has cases: one of each version for C, and one for each document."""
        shared = [self._shared(version) for version in sorted(self.trees)]
        own = [
            Kernel(case.kernel, {**self.trees[case.kernel], **case.headers}, (case,))
            for case in self.cases
            if case.is_document
        ]
        return tuple(kernel for kernel in (*shared, *own) if kernel.cases)

    def _shared(self, version: str) -> Kernel:
        cases = tuple(case for case in self.cases if case.kernel == version and not case.is_document)
        return Kernel(version, self.trees[version], cases)

    def tested(self) -> frozenset[str]:
        """Ids of the obligations with both a line that must be reported and one that must not."""
        said = {(f"{case.struct}.{mark.short}", mark.word) for case in self.cases for mark in case.marks}
        return frozenset(name for name, _ in said if {(name, Word.VIOLATES), (name, Word.OK)} <= said)


def read_corpus(folder: Path) -> Corpus:
    """The corpus in `folder`; CocciGenError when there is none."""
    trees = _read_trees(folder / "trees")
    if not trees:
        raise CocciGenError(f"{folder} holds no corpus: there is no kernel in {folder / 'trees'}")
    stems = {path.name for path in folder.glob("*/*.*") if path.is_dir() and path.parent.name not in ("trees", "port")}
    problems: list[Problem] = []
    cases: list[Case] = []
    for path in sorted(folder.glob("*/*/*")):
        relative = path.relative_to(folder).as_posix()
        if relative.startswith(("trees/", "port/")):
            continue
        role = _role(path)
        if role in (".c", ".rst"):
            case, wrong = read_case(relative, _material(path), stems, trees)
            cases.append(case)
            problems += wrong
        else:
            problems += _beside(path, relative) if role else [Problem(relative, 0, _NO_CASE)]
    folders = [path for path in folder.glob("*/*.*") if path.parent.name != "port"]  # a pair of kernels, without marks
    problems += _folder_problems(cases, {f"{path.parent.name}/{path.name}" for path in folders})
    return Corpus(tuple(cases), trees, tuple(sorted(problems, key=lambda problem: (problem.path, problem.line))))


def _role(path: Path) -> str:
    """The end of a file's name, which tells what it is; "" for a file that does not belong into its folder."""
    name, folder = _NAME.fullmatch(path.name), _FOLDER.fullmatch(path.parent.name)
    if name is None or folder is None:
        return ""
    allowed = (".rst", ".fixed.rst", ".h") if folder["kind"] in WITHOUT_TEMPLATE else (".c", ".fixed.c")
    return name["role"] if name["role"] in allowed else ""


def _material(path: Path) -> Material:
    twin, header = path.with_suffix(f".fixed{path.suffix}"), path.with_suffix(".h")
    return Material(
        path.read_bytes(),
        twin.read_bytes() if twin.exists() else None,
        header.read_bytes() if header.exists() else None,
    )


def _beside(path: Path, relative: str) -> Iterator[Problem]:
    """What can be wrong with a twin or a header alone: no case beside it, or marks in it."""
    name = path.name.partition(".")[0]
    if not any(path.with_name(f"{name}{suffix}").exists() for suffix in (".c", ".rst")):
        yield Problem(relative, 0, "has no case beside it")
    yield from stray_marks(relative, path.read_bytes())


def _read_trees(folder: Path) -> dict[str, dict[str, bytes]]:
    """`trees/` -> version -> path -> text, the common files included."""
    common = _read_tree(folder / "common")
    versions = sorted(path for path in folder.glob("*") if path.is_dir() and path.name != "common")
    return {path.name: {**common, **_read_tree(path)} for path in versions}


def _read_tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def _folder_problems(cases: Iterable[Case], folders: Iterable[str]) -> Iterator[Problem]:
    """Every folder of an obligation must show that it fires and that it can be silent."""
    own = ((case, mark) for case in cases for mark in case.marks if mark.short == case.stem)
    said = {(f"{case.struct}/{case.stem}", mark.word) for case, mark in own}
    for folder in sorted(folder for folder in folders if not folder.startswith("trees/")):
        for word in (Word.VIOLATES, Word.OK):
            if (folder, word) not in said:
                yield Problem(folder, 0, f"has no case with the mark '{word}: {folder.split('/')[1]}'")
