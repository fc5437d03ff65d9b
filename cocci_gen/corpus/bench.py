"""Files in memory -> the findings of the whole pipeline, by way of a throw-away git repository.

The corpus is judged by what users run: index, semantic patches, spatch, filters, nothing replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cocci_gen import programs
from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import Slice, SpatchRunner
from cocci_gen.corpus.silence import why_silent
from cocci_gen.errors import CocciGenError
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Finding
from cocci_gen.kernel.import_stream import commit, entry
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.scan.pipeline import (
    Examination,
    Scan,
    ScanOptions,
    beside_nearer,
    chosen_obligations,
    open_index,
    read_rules,
)

_COMMIT = commit("refs/heads/main", b"bench <bench@localhost> 1700000000 +0000", b"bench")


#: Files that one spatch parses; it overflows its stack on more than 200.
_TOGETHER = 50


def _holes(runner: SpatchRunner, text: bytes) -> str:
    """What spatch does not understand of a text, in words."""
    found = runner.parse_check(Slice("case.c", text)).holes
    return "; ".join(f"lines {hole.first} to {hole.last}: {hole.reason}" for hole in found)


class BenchTree:
    """Makes repositories below one folder and scans them; caches lie in the same folder and go with it."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self.folder = folder
        self.jobs = jobs
        self._made = 0
        self._last: tuple[Mapping[str, bytes], Scan] | None = None

    def repository(self, files: Mapping[str, bytes]) -> Path:
        """A bare repository with one commit that holds exactly these files."""
        self._made += 1
        root = self.folder / f"tree-{self._made}.git"
        root.mkdir(parents=True)
        self._git(root, ["init", "-q", "--bare", "-b", "main"])
        entries = (entry("100644", path, text) for path, text in sorted(files.items()))
        self._git(root, ["fast-import", "--quiet", "--force"], b"".join([_COMMIT, *entries]))
        return root

    def examine(self, files: Mapping[str, bytes], rules: Sequence[str] = ()) -> Scan:
        """Everything that a scan of these files says; globs of rules narrow it."""
        options = ScanOptions(jobs=self.jobs)
        with (
            KernelTree.open(self.repository(files)) as tree,
            JobCache(self.folder / "jobs.sqlite") as cache,
            SpatchRunner(cache, self.jobs) as runner,
        ):
            every = read_rules(tree)
            index = open_index(tree, self.folder, every, options, lambda stage, done, total: None)
            try:
                scan = beside_nearer(Examination(tree, index, runner, options).scan(chosen_obligations(every, rules)))
            finally:
                index.close()
        self._last = (files, scan)
        return scan

    def silence(self, files: Mapping[str, bytes], path: str, line: int, identity: str) -> str:
        """Why a scan of these files says nothing at a line about an obligation; the last scan is not made again."""
        scan = self._last[1] if self._last is not None and self._last[0] == files else self.examine(files)
        return why_silent(scan, path, line, identity)

    def scan(self, files: Mapping[str, bytes]) -> Sequence[Finding]:
        """The accepted findings, low ones included."""
        return [one.finding for one in self.examine(files).findings if isinstance(one.verdict, Accepted)]

    def parses(self, texts: Iterable[bytes]) -> Iterator[str]:
        """For each text "" when spatch understands all of it, else the lines that it does not."""
        with (
            JobCache(self.folder / "jobs.sqlite") as cache,
            SpatchRunner(cache, self.jobs) as runner,
            ThreadPoolExecutor(self.jobs) as pool,
        ):
            every = tuple(texts)
            chunks = [every[start : start + _TOGETHER] for start in range(0, len(every), _TOGETHER)]
            for chunk, whole in zip(chunks, pool.map(runner.parses_all, chunks), strict=True):
                yield from ("" if whole else _holes(runner, text) for text in chunk)

    def _git(self, root: Path, words: list[str], stdin: bytes = b"") -> None:
        environment = programs.clean_environment(self.folder)
        ended = programs.run(["git", *words], cwd=root, timeout=60.0, env=environment, stdin=stdin)
        if not isinstance(ended, programs.Completed) or ended.returncode:
            raise CocciGenError(f"cannot make the throw-away repository {root}: {programs.describe(ended)}")
