"""SemanticPatch x source slice -> Outcome.

The one way to spatch.  A job is a pure function of its text, run in a folder of its own under plain file names and watched
by the clock (`job_runs`); here jobs go through an executor, in order, and every outcome is kept as soon as it is there.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from types import TracebackType

from cocci_gen import programs
from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.job_runs import find_version, parse_all, run_job, run_parse
from cocci_gen.coccinelle.jobs import (
    Clean,
    Engine,
    Failed,
    Finished,
    Job,
    Matched,
    NotParsed,
    Outcome,
    Patched,
    Slice,
    TimedOut,
    dump_outcome,
    dump_report,
    load_outcome,
    load_report,
)
from cocci_gen.coccinelle.packing import Packed, packed, unpacked
from cocci_gen.coccinelle.parse_report import Hole, ParseReport, not_examined
from cocci_gen.errors import StorageError
from cocci_gen.resources import data_folder

#: The words of stage 5; those that cached rows are made of are defined in `jobs` and `parse_report`.
__all__ = [
    "Clean",
    "Engine",
    "Failed",
    "Finished",
    "Hole",
    "Job",
    "Matched",
    "NotParsed",
    "Outcome",
    "ParseReport",
    "Patched",
    "Slice",
    "SpatchRunner",
    "TimedOut",
    "find_version",
    "run_job",
    "run_parse",
]

_MEMORY = 1 << 30
#: Jobs handed to the executor before the oldest outcome is fetched: one slow job must not leave the other cores idle.
_AHEAD = 1000


class SpatchRunner:
    """Jobs through one spatch, an executor and a cache, in order; a context manager that leaves no orphans."""

    def __init__(
        self,
        cache: JobCache,
        jobs: int | None = None,
        program: str = "spatch",
        executor: Executor | None = None,
        memory_bytes: int = _MEMORY,
    ) -> None:
        """Find spatch (SpatchUnavailable if it is missing or too old); `executor` replaces `jobs` local threads."""
        self._cache = cache
        self._jobs = jobs or len(os.sched_getaffinity(0))
        self._executor = executor
        self._runs: set[programs.Running] = set()
        #: How many outcomes came from the cache so far.
        self.cached_jobs = 0
        macros = (data_folder("templates") / "macros.h").read_bytes()
        self.engine = Engine(program, find_version(program), macros, memory_bytes)

    @property
    def version(self) -> str:
        """The version of spatch: `1.1.1`."""
        return self.engine.version

    def __enter__(self) -> SpatchRunner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill what still runs, for instance because whoever read the outcomes was interrupted."""
        for running in tuple(self._runs):
            running.kill_all()
        programs.kill_strays()

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Jobs -> (job, outcome) in the same order, whatever the number of workers; each kept as soon as it is there.

        An error of a job (SemanticPatchRefused, StorageError), Ctrl-C or closing the iterator ends the run: children
        are killed, jobs that have not begun are dropped, what is finished stays in the cache.
        """
        running = programs.Running()
        self._runs.add(running)
        pool = self._executor or ThreadPoolExecutor(self._jobs, thread_name_prefix="spatch")
        waiting: deque[tuple[Job, Future[Outcome]]] = deque()
        try:
            for job in jobs:
                waiting.append((job, self._begin(job, pool, running)))
                while waiting and (len(waiting) >= _AHEAD or waiting[0][1].done()):
                    yield _next(waiting)
            while waiting:
                yield _next(waiting)
        finally:
            running.kill_all()
            if self._executor is None:
                pool.shutdown(wait=True, cancel_futures=True)
            self._runs.discard(running)

    def parse_check(self, slice_: Slice, timeout: float = 60.0) -> ParseReport:
        """A slice -> which lines spatch can parse; a file that it does not survive is one big hole."""
        key = self.engine.parse_key(slice_.text)
        if known := load_report(self._cache.get(key)):
            return known
        report = run_parse(slice_.text, self.engine, timeout)
        if isinstance(report, ParseReport):
            self._cache.put(key, dump_report(report))
            return report
        reason = report.reason if isinstance(report, Failed) else f"spatch was stopped after {report.seconds:g} s"
        return not_examined(slice_.text, reason)

    def parses_all(self, texts: Sequence[bytes], timeout: float = 60.0) -> bool:
        """Whether spatch can parse all of each file; where it cannot, `parse_check` tells which lines."""
        return parse_all(texts, self.engine, timeout)

    def _begin(self, job: Job, pool: Executor, running: programs.Running) -> Future[Outcome]:
        """A job -> the promise of its outcome, which has been kept when the promise is fulfilled."""
        kept: Future[Outcome] = Future()
        pack = packed(job)
        job = pack.job
        key = self.engine.key(job)
        if (cached := load_outcome(self._cache.get(key))) is not None:
            self.cached_jobs += 1
            kept.set_result(unpacked(pack, cached))
            return kept
        if self._executor is None:
            future = pool.submit(self._work, job, running)
        else:  # a worker elsewhere kills its own, and knows what was known when the job was sent
            future = pool.submit(run_job, job, self.engine, self._known(job))
        future.add_done_callback(lambda done: self._keep(pack, key, done, kept))
        return kept

    def _work(self, job: Job, running: programs.Running) -> Finished:
        """In a thread of ours: look for the parse report only now, for another job may just have made it."""
        return run_job(job, self.engine, self._known(job), running)

    def _known(self, job: Job) -> ParseReport | None:
        return load_report(self._cache.get(self.engine.parse_key(job.slice.text)))

    def _keep(self, pack: Packed, key: str, done: Future[Finished], kept: Future[Outcome]) -> None:
        """Keep an outcome at once; only what would be the same next time, so neither time-outs nor failures."""
        if done.cancelled():
            kept.cancel()
        elif error := done.exception():
            kept.set_exception(error)
        else:
            finished = done.result()
            try:
                if finished.report is not None:
                    self._cache.put(self.engine.parse_key(pack.job.slice.text), dump_report(finished.report))
                if (row := dump_outcome(finished.outcome)) is not None:
                    self._cache.put(key, row)
            except StorageError as problem:
                kept.set_exception(problem)
            else:
                kept.set_result(unpacked(pack, finished.outcome))


def _next(waiting: deque[tuple[Job, Future[Outcome]]]) -> tuple[Job, Outcome]:
    job, future = waiting.popleft()
    return job, future.result()
