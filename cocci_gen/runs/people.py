"""What people have said of findings, and the words of their own: which files count for a kernel, a module, a run of one."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from cocci_gen.errors import KernelTreeError, RuleDocumentError, UsageProblem
from cocci_gen.kernel.modules import SETTINGS, Module, ModuleTree, NoRepository
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.own_words import OwnWords, own_words_in, read_own_words
from cocci_gen.runs.baseline import DEFAULT_NAME, Baseline, parse_baseline, read_baseline
from cocci_gen.runs.folder import RunHeader


@dataclass(frozen=True, slots=True)
class People:
    """The baseline of a run, the file that it was read from ("" for none), and its [vocabulary]."""

    baseline: Baseline = field(default_factory=Baseline)
    file: str = ""
    words: OwnWords = field(default_factory=OwnWords)

    def over(self, other: People) -> People:
        """Both, these verdicts in place of the other's on the same finding."""
        files = ", ".join(filter(None, (other.file, self.file)))
        return People(self.baseline.over(other.baseline), files, other.words.and_(self.words))


def people_of(tree: KernelTree, named: Path | None) -> People:
    """The file that was named; else, for a module, the one that its revision holds, and the one in the current folder.

    UsageProblem for a named one that is not there, and for one inside the kernel tree: what a tree brings along is not
    what its user has decided, and a tree must not be written to.
    """
    if named is not None or not isinstance(tree, ModuleTree):
        return _here(tree.root, named)
    return _of_module(tree.module.root, committed(tree.module), tree.root)


def people_of_run(header: RunHeader, kernel: Path | None, named: Path | None) -> People:
    """The same for a finished run, whose trees may be gone; of a module counts what its revision holds by now."""
    root = kernel or header.kernel
    if named is not None or not header.module:
        return _here(root, named)
    return _of_module(Path(header.tree), committed_now(header), root)


def committed_now(header: RunHeader) -> People:
    """What the module of a run says by now, in its repository or folder; nothing where it is gone, or for a kernel."""
    if not header.module:
        return People()
    root = Path(header.tree)
    if not header.commit:
        return _read(_bytes(root / SETTINGS), f"{root / SETTINGS}")
    try:
        with KernelTree.open(root, header.revision) as tree:
            text = tree.text_of(SETTINGS) or b""
            return _read(text, _at(root, tree.commit))
    except KernelTreeError:
        return People()


def people_in(path: Path) -> People:
    """What a file says: its verdicts and its [vocabulary]."""
    return People(read_baseline(path), str(path.resolve()), read_own_words(path))


def refuse_inside(path: Path, root: Path) -> None:
    """UsageProblem for a baseline inside the kernel tree."""
    if _lies_in(path, root):
        raise UsageProblem(
            f"the baseline {path} lies in the kernel tree {root}; keep it with your own work and name it with --baseline"
        )


def _lies_in(path: Path, root: Path) -> bool:
    """Whether a file lies in a folder; resolve() fails on a link to itself."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def baseline_words(root: Path, counted: str) -> tuple[str, ...]:
    """The kernel tree and the file whose verdicts counted ("" for none) -> the option by which the next verb finds the same, none
    where it does by itself: inside the tree no verdicts may lie, and so they go beside it."""
    default, top = Path(DEFAULT_NAME).resolve(), root.resolve()
    if counted and Path(counted).is_file() and Path(counted).resolve() != default:
        return ("--baseline", counted)
    if not counted and default.is_relative_to(top):
        return ("--baseline", os.path.relpath(top.parent / DEFAULT_NAME))
    return ()


def _here(root: Path, named: Path | None) -> People:
    """The file that was named, else that of the current folder where there is one."""
    path = named or Path(DEFAULT_NAME)
    # A folder or a link to nowhere of that name is told where it is read: verdicts that nobody reads look like none.
    if named is None and (not os.path.lexists(path) or _lies_in(path, root)):
        return People()
    refuse_inside(path, root)
    return people_in(path)


def _of_module(root: Path, committed: People, kernel: Path) -> People:
    """What the module holds, under what the current folder says; its own work tree is the later state of the same file."""
    here = _here(kernel, None)
    return here if here.file == str((root / SETTINGS).resolve()) else here.over(committed)


def committed(module: Module) -> People:
    """What the revision of a module that is looked at says itself."""
    where = f"{module.root / SETTINGS}" if isinstance(module.repository, NoRepository) else ""
    return _read(module.settings(), where or _at(module.root, module.commit))


def _at(root: Path, commit: str) -> str:
    return f"{root / SETTINGS} ({commit[:12]})"


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _read(text: bytes, where: str) -> People:
    """What a text says; RuleDocumentError names the file and the line that is wrong."""
    if not text.strip():
        return People()
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise RuleDocumentError(where, line, "is not UTF-8; save the file as UTF-8") from error
    baseline, words = parse_baseline(decoded, Path(where)), own_words_in(decoded, where)
    says = baseline.rulings or words != OwnWords()
    return People(baseline, where, words) if says else People()
