"""A repository and a range of commits -> the commits in order, and each as a tree in memory over the first one."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.layers import LayeredTree
from cocci_gen.kernel.tree import KernelTree

#: More commits than this are a release, which `scan` looks at as a whole.
MOST_COMMITS = 500


@dataclass(frozen=True, slots=True)
class RangeCommit:
    """One commit of a range: its name, subject and parents."""

    oid: str
    subject: str
    parents: tuple[str, ...]


def commits_since(tree: KernelTree, since: str) -> tuple[RangeCommit, ...]:
    """A revision of the repository -> the commits that the tree's revision has and it has not, the oldest first.

    KernelTreeError for a revision that is not there, for a shallow history that lacks the border, and for too many.
    """
    ended = tree.base.resolve(since)
    listing = tree.git(
        "rev-list", "--reverse", "--topo-order", "--no-commit-header", f"--max-count={MOST_COMMITS + 1}",
        "--format=%H%x09%P%x09%s", f"{ended}..{tree.commit}",
    )  # fmt: skip
    found = []
    for line in listing.decode("utf-8", "replace").splitlines():
        oid, parents, subject = line.split("\t", 2)
        found.append(RangeCommit(oid, subject, tuple(parents.split())))
    if len(found) > MOST_COMMITS:
        raise KernelTreeError(
            f"{since}..{tree.revision} has more than {MOST_COMMITS} commits; `scan` both ends instead"
        )
    if any(not one.parents for one in found):
        raise KernelTreeError(
            f"the history of {tree.root} ends between {since} and {tree.revision}: a shallow clone? "
            f"`git fetch --unshallow` (or --deepen=N) brings what is missing"
        )
    return tuple(found)


def tree_at(base: KernelTree, commit: str) -> KernelTree:
    """Another commit of the same repository -> its tree, as a layer over the base: no second listing of all files."""
    if commit == base.commit:
        return base
    listing = base.git("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", base.commit, commit)
    entries = listing.decode("utf-8", "surrogateescape").split("\0")
    wanted, gone = dict[str, str](), set[str]()
    for facts, path in zip(entries[::2], entries[1::2], strict=False):
        _, mode, _, oid, _ = facts.lstrip(":").split(" ")
        if mode.startswith("100"):
            wanted[path] = oid
        else:
            gone.add(path)
    texts = dict(base.read_blobs(dict.fromkeys(wanted.values())))
    return LayeredTree(base, {path: texts[oid] for path, oid in wanted.items()}, gone)


def merged_alone(base: KernelTree, commit: RangeCommit) -> frozenset[str]:
    """The files of a merge that are as in none of its parents: what the merge itself has changed."""
    listing = base.git("diff-tree", "-c", "-r", "-z", "--name-only", "--no-commit-id", commit.oid)
    return frozenset(filter(None, listing.decode("utf-8", "surrogateescape").split("\0")))
