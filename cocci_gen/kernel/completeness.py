"""A tree of a partial clone -> KernelTreeError before anything is scanned, where files of it are not here."""

from __future__ import annotations

from cocci_gen import programs
from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.modules import ModuleTree, NoRepository
from cocci_gen.kernel.tree import KernelTree


def check_complete(tree: KernelTree) -> None:
    """Every repository that a tree is made of has all files of its revision; KernelTreeError says how to get them.

    Only a partial clone (`git clone --filter=...`) is looked at; elsewhere what is missing is damage, which git tells of.
    """
    _check(tree.base)
    if isinstance(tree, ModuleTree) and not isinstance(tree.module.repository, NoRepository):
        _check(tree.module.repository.base)


def _check(tree: KernelTree) -> None:
    if not (words := tree.partial()):
        return
    try:
        oids = sorted({blob.oid for blob in tree.blobs().values() if blob.mode != "160000"})
    except KernelTreeError as error:
        raise KernelTreeError(f"{_head(tree, words)}: not even its folders are here; {_way_out(tree)}") from error
    ended = tree.run_git("cat-file", "--batch-check", stdin="\n".join((*oids, "")).encode())
    lines = ended.stdout.splitlines() if isinstance(ended, programs.Completed) else []
    missing = sum(line.endswith(b" missing") for line in lines)
    if missing:
        raise KernelTreeError(
            f"{_head(tree, words)}: {missing} of {len(oids)} files of {tree.revision} are not here; {_way_out(tree)}"
        )


def _head(tree: KernelTree, words: str) -> str:
    return f"{tree.root} is a partial clone ({words})"


def _way_out(tree: KernelTree) -> str:
    return f"`git -C {tree.root} fetch --refetch --no-filter` brings them, or clone without --filter"
