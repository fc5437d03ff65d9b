#!/usr/bin/env python3
"""How many jobs of one kernel are known from another, of those whose function has the same text at the same path in both.

Usage: .ci/bench_reuse.py KERNEL OTHER CACHE.  Both are scanned, with all rules; what the cache knows of them already is not done
again.  A job counts as known when the first kernel has one with the same key.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.packing import packed
from cocci_gen.coccinelle.spatch import Job, Outcome, SpatchRunner
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.scan.pipeline import Examination, ScanOptions, chosen_obligations, open_index, read_rules


class Noting(SpatchRunner):
    """Notes what it is asked."""

    jobs: tuple[Job, ...] = ()

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome]]:
        """The same, noted."""
        asked = tuple(jobs)
        self.jobs += asked
        return super().run(asked)


def jobs_of(kernel: Path, folder: Path) -> dict[str, tuple[str, str, bytes]]:
    """The key of each job of a scan -> obligation, path, text of the function."""
    options = ScanOptions()
    with (
        KernelTree.open(kernel) as tree,
        JobCache(folder / "jobs.sqlite") as cache,
        (runner := Noting(cache, options.jobs)),
        closing(
            open_index(tree, folder, (every := read_rules(tree)), options, lambda stage, done, total: None)
        ) as index,
    ):
        Examination(tree, index, runner, options).scan(chosen_obligations(every, ()))
        return {runner.engine.key(packed(job).job): described(job) for job in runner.jobs if job.focus}


def described(job: Job) -> tuple[str, str, bytes]:
    """Obligation, path, text of the function."""
    first, last = job.focus or (1, 0)
    return job.obligation, job.slice.path, b"\n".join(job.slice.text.split(b"\n")[first - 1 : last])


def main(kernel: Path, other: Path, cache: Path) -> None:
    """Scan both, print the figures."""
    first, second = jobs_of(kernel, cache), jobs_of(other, cache)
    texts = set(first.values())
    alike = {key for key, what in second.items() if what in texts}
    print(
        f"{kernel.name}: {len(first)} jobs; {other.name}: {len(second)} jobs, {len(second.keys() & first.keys())} of them known"
    )
    print(f"of {len(alike)} jobs on functions with the same text, {len(alike & first.keys())} are known")


if __name__ == "__main__":
    main(*(Path(word).resolve() for word in sys.argv[1:4]))
