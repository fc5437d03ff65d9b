"""Two opened kernels -> a Desk, all that a port works with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.changes.history import direction
from cocci_gen.port.texts.trees import Sources, of_revision, of_worktree
from cocci_gen.series.ladder.build_room import BuildRoom


@dataclass(frozen=True, slots=True)
class Desk:
    """The kernel that the code was written for and the one that it is carried to, opened and as texts; whether of the second the
    work tree is meant; whether both are of one repository, and what a person has to know of how they lie to each other there;
    what is kept from port to port, the folder of all caches, and how many processes run at a time."""

    trees: tuple[KernelTree, KernelTree]
    old: Sources
    new: Sources
    to_worktree: bool
    one_repository: bool
    remarks: tuple[str, ...]
    store: JobCache
    cache: Path
    jobs: int

    @contextmanager
    def build_room(self) -> Iterator[BuildRoom]:
        """Where code is compiled against the second kernel."""
        with BuildRoom(self.trees[1], self.cache, self.jobs) as room:
            yield room


def desk_of(
    trees: tuple[KernelTree, KernelTree],
    store: JobCache,
    cache: Path,
    jobs: int,
    *,
    to_worktree: bool,
    one_repository: bool,
) -> Desk:
    """Both kernels, the second at HEAD where its work tree is meant -> the desk; UsageProblem where the second is the older."""
    old, new = trees
    remarks = direction(old, old.commit, new.commit) if one_repository else ()
    texts = of_worktree(new) if to_worktree else of_revision(new)
    return Desk(trees, of_revision(old), texts, to_worktree, one_repository, remarks, store, cache, jobs)
