"""The command line: every verb that looks at a commit says where the work tree has changes that it does not look at.

The one place that says so.  A commit that is not HEAD was asked for by name, and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.session import clean, note

if TYPE_CHECKING:
    from cocci_gen.kernel.modules import ModuleTree
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.runs.folder import RunHeader

#: How the changes can be looked at.
BY_CHECK = "`cocci-gen check --worktree` looks at the changes"
BY_PORT = "`port --to WORKTREE` takes the changes along"
#: Why the changes of the kernel below a module are not.
BELOW_MODULE = "a module is laid over a commit"
_TOLD = "cocci_gen.uncommitted"
#: So many ignored files are named.
_NAMED = 4


@contextmanager
def open_tree(kernel: Path, rev: str, way: str = BY_CHECK) -> Iterator[KernelTree]:
    """A kernel at a revision; "" for `way` where the verb looks at the work tree itself."""
    from cocci_gen.kernel.tree import KernelTree

    with KernelTree.open(kernel, rev) as tree:
        note_uncommitted(tree, way)
        yield tree


def note_uncommitted(tree: KernelTree, way: str = BY_CHECK) -> None:
    """Say of the repositories of a tree, which are those of the kernel and of a module laid over it, what is not committed."""
    from cocci_gen.kernel.modules import ModuleTree
    from cocci_gen.kernel.worktree import changed_paths

    told: set[Path] = click.get_current_context().meta.setdefault(_TOLD, set())
    for one in _repositories(tree) if way else ():
        if one.root in told or one.commit != one.resolve("HEAD"):
            continue
        told.add(one.root)
        if isinstance(tree, ModuleTree) and one.root == tree.module.root:
            _note_settings(tree)
        if changed := changed_paths(one, hurried=True):
            files = "1 file" if len(changed) == 1 else f"{len(changed)} files"
            note(f"{clean(str(one.root))} has uncommitted changes in {files}; this looks at HEAD ({way})")


def note_ignored(repository: KernelTree) -> None:
    """Say of a work tree that is looked at which of its files are not, since .gitignore hides them from git."""
    from cocci_gen.kernel.worktree import ignored_paths

    if ignored := ignored_paths(repository):
        count = "1 file is" if len(ignored) == 1 else f"{len(ignored)} files are"
        named = clean(", ".join(ignored[:_NAMED])) + (", ..." if len(ignored) > _NAMED else "")
        note(f"{count} ignored by git and not looked at: {named} (`git add -f` makes them part of the change)")


def _note_settings(tree: ModuleTree) -> None:
    """Say of a module whose [module] is not committed as it stands that the patches do not go to whom it names."""
    import tomllib

    from cocci_gen.findings.stored import read_plain
    from cocci_gen.kernel.modules import SETTINGS

    try:
        there = tomllib.loads(read_plain(tree.module.root, SETTINGS).decode()).get("module")
        taken = tomllib.loads(tree.module.settings().decode()).get("module")
    except (OSError, ValueError):  # not there, or broken: what is read will be told by who reads it
        return
    if there != taken:
        note(
            f"[module] in {clean(str(tree.module.root / SETTINGS))} is not committed so; patches go to whom HEAD names"
        )


def note_of_place(folder: Path, rev: str) -> None:
    """The same of a repository that others open; what is wrong with it they will tell."""
    from cocci_gen.errors import KernelTreeError

    try:
        with open_tree(folder, rev):
            pass
    except KernelTreeError:
        return


def note_of_run(header: RunHeader, kernel: Path | None = None) -> None:
    """The same of the repository that a finished run has looked at, which may have moved to `kernel`; nothing of a check, which
    shows what it laid over a commit, and be it the work tree."""
    if header.commit and not header.change:
        place = Path(header.tree) if header.module else kernel or Path(header.tree)
        note_of_place(place, header.commit)


def _repositories(tree: KernelTree) -> Iterator[KernelTree]:
    from cocci_gen.kernel.modules import ModuleTree, NoRepository

    if isinstance(tree, ModuleTree) and not isinstance(tree.module.repository, NoRepository):
        yield tree.module.repository.base
    yield tree.base
