"""The work tree of a repository -> what is not committed there, read and never written.

`git status` is asked what differs from HEAD, index and untracked files included; the bytes come from the files themselves.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cocci_gen import programs
from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.module_makefiles import is_makefile
from cocci_gen.kernel.tree import KernelTree

#: Bytes of a file that is looked at.
_LARGEST = 16_000_000
#: Seconds that a note is worth.
_PATIENCE = 4.0
_STATUS = ("status", "--porcelain=v2", "-z", "--untracked-files=all", "--ignore-submodules=all")
#: How the names end of what a change can consist of.
_LOOKED_AT = (".c", ".h", ".rst")


@dataclass(frozen=True, slots=True)
class WorkTree:
    """What the checkout holds and HEAD does not: path -> bytes, and the paths that are gone."""

    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    gone: frozenset[str] = frozenset()


def changed_paths(tree: KernelTree, *, hurried: bool = False) -> tuple[str, ...]:
    """The paths of C files, headers, documents and makefiles that differ from HEAD; () for a bare repository.

    `hurried`: () also where git needs seconds for it, as in a checkout that was copied, whose files it has to read all.
    """
    if _bare(tree):
        return ()
    words = (*_STATUS, "--no-renames")
    ended = tree.run_git(*words, timeout=_PATIENCE) if hurried else tree.run_git(*words)
    if hurried and isinstance(ended, programs.ProgramTimedOut):
        return ()
    if not isinstance(ended, programs.Completed) or ended.returncode:
        raise KernelTreeError(f"git status failed in {tree.root}: {programs.describe(ended)}")
    listing = ended.stdout.decode("utf-8", "surrogateescape")
    found = set[str]()
    for entry in listing.split("\0"):
        if entry.startswith("? "):
            found.add(entry[2:])
        elif entry[:2] in ("1 ", "u "):
            found.add(entry.split(" ", 8 if entry[0] == "1" else 10)[-1])
    return tuple(sorted(path for path in found if path.endswith(_LOOKED_AT) or is_makefile(path)))


def ignored_paths(tree: KernelTree) -> tuple[str, ...]:
    """The same kind of files that .gitignore keeps from git, which therefore are no part of the changes; () for a bare one."""
    if _bare(tree):
        return ()
    listing = tree.git(*_STATUS, "--ignored=traditional").decode("utf-8", "surrogateescape")
    return tuple(sorted(one[2:] for one in listing.split("\0") if one.startswith("! ") and one.endswith(_LOOKED_AT)))


def _bare(tree: KernelTree) -> bool:
    return tree.root == tree.git_dir


def read_work_tree(tree: KernelTree) -> WorkTree:
    """The repository -> its uncommitted changes; KernelTreeError for one without a work tree."""
    if _bare(tree):
        raise KernelTreeError(f"{tree.root} is a bare repository; it has no work tree to look at")
    files, gone = dict[str, bytes](), set[str]()
    for path in changed_paths(tree):
        full = tree.root / path
        try:
            status = full.lstat()
            if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST:
                files[path] = full.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            gone.add(path)
        except OSError as error:
            raise KernelTreeError(f"{full} cannot be read: {error.strerror}") from error
    return WorkTree(files, frozenset(gone))
