#!/usr/bin/env python3
"""What a cluster of one's own brings, and what a million jobs cost.

Usage: .ci/bench_cluster.py KERNEL RUN [--jobs 200] [--stubs 1000000] [--sent 20000].  RUN is the folder of a scan of that
kernel: its semantic patches, on the files of its findings, are the jobs for one worker with one thread and then for two, on
this machine.  The stubs are jobs that nobody works on: first the client alone with its cache, then the client with a scheduler
and one worker.  The machine must be idle for the first; its load is printed.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.cluster import cluster
from cocci_gen.coccinelle.jobs import Clean, Finished, Job, Slice
from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.kernel.tree import KernelTree

#: As long as the average slice and its semantic patch, in bytes.
_SLICE, _PATCH = 20_000, 2_000


def real_jobs(kernel: Path, run: Path, count: int) -> list[Job]:
    """Semantic patches of a run on whole files: longer than slices, so that the work outweighs the sending."""
    with KernelTree.open(kernel) as tree:
        jobs = []
        for row in map(json.loads, (run / "findings.jsonl").read_text().splitlines()):
            if row["semantic_patch"] and row["file"].endswith(".c"):
                source = Slice(row["file"], tree.read(row["file"]))
                jobs.append(Job(row["fingerprint"], row["semantic_patch"], (), source))
    if not jobs:
        sys.exit(f"{run} has no finding with a semantic patch")
    return (jobs * (count // len(jobs) + 1))[:count]


def numbered(jobs: list[Job], number: int) -> list[Job]:
    """The same jobs under keys of their own."""
    return [
        Job(one.obligation, f"// {number}.{place}\n{one.semantic_patch}", one.defines, one.slice)
        for place, one in enumerate(jobs)
    ]


@contextmanager
def scheduler(workers: int) -> Iterator[tuple[str, int]]:
    """A scheduler with so many workers of one thread on the loopback; its address and its process."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "scheduler.json"
        base = [
            sys.executable,
            "-m",
            "distributed.cli.dask_scheduler",
            "--scheduler-file",
            str(where),
            "--no-dashboard",
        ]
        started = [subprocess.Popen([*base, "--host", "127.0.0.1", "--port", "0"], stderr=subprocess.DEVNULL)]
        try:
            while not where.exists():
                time.sleep(0.1)
            address = json.loads(where.read_text())["address"]
            words = ["--nthreads", "1", "--no-dashboard", "--nworkers", "1", "--local-directory", folder]
            worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, *words]
            started += [subprocess.Popen(worker, stderr=subprocess.DEVNULL) for _ in range(workers)]
            time.sleep(4.0)
            yield address, started[0].pid
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.wait(30.0)


def timed(jobs: list[Job], executor: Executor | None) -> float:
    """Seconds until all outcomes are there and kept, in a fresh cache."""
    with (
        tempfile.TemporaryDirectory() as folder,
        JobCache(Path(folder) / "jobs.sqlite") as cache,
        SpatchRunner(cache, 1, "spatch", executor) as runner,
    ):
        start = time.monotonic()
        for _ in runner.run(jobs):
            pass
        return time.monotonic() - start


def scaling(jobs: list[Job]) -> None:
    """One worker against two."""
    seconds = []
    for workers in (1, 2):
        with scheduler(workers) as (address, _), cluster(address, "spatch") as executor:
            for _ in SpatchRunner(JobCache(Path(tempfile.mkdtemp()) / "warm.sqlite"), 1, "spatch", executor).run(
                jobs[:4]
            ):
                pass
            seconds.append(timed(numbered(jobs, workers), executor))
            print(f"{len(jobs)} jobs, {workers} worker(s) of one thread: {seconds[-1]:.1f} s", flush=True)
    print(
        f"two workers against one: {seconds[0] / seconds[1]:.2f} (load of the machine {os.getloadavg()[0]:.1f})",
        flush=True,
    )


class Nobody(Executor):
    """Keeps every promise at once."""

    def submit(self, function: Callable[..., Any], /, *_: Any, **__: Any) -> Future[Any]:
        """A job -> clean."""
        del function
        done: Future[Any] = Future()
        done.set_result(Finished(Clean(), None))
        return done


def stub(*_: object) -> Finished:
    """Runs on a worker in place of a job."""
    return Finished(Clean(), None)


def stubs(count: int) -> Iterator[Job]:
    """Jobs that differ in their semantic patch only."""
    text = b"int f(void)\n{\n\treturn 0;\n}\n".ljust(_SLICE, b"\n")
    return (Job("stub", f"// {number}\n".ljust(_PATCH), (), Slice("fs/x.c", text)) for number in range(count))


def memory(process: int = os.getpid()) -> float:
    """Resident megabytes of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def processor(process: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def alone(count: int) -> None:
    """The client and its cache."""
    with tempfile.TemporaryDirectory() as folder, JobCache(Path(folder) / "jobs.sqlite") as cache:
        for what in ("first time", "again"):
            with SpatchRunner(cache, 1, "spatch", Nobody()) as runner:
                before = time.process_time()
                for _ in runner.run(stubs(count)):
                    pass
                spent = time.process_time() - before
            size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"client alone, {count} jobs, {what}: {spent / count * 1e6:.0f} us of CPU each, {spent:.0f} s, "
                f"{memory():.0f} MB, at most {peak:.0f}, cache {size:.0f} MB",
                flush=True,
            )


def sent(count: int) -> None:
    """Client, scheduler and one worker, with no more on their way than a run has."""
    from distributed import Client

    with scheduler(1) as (address, process), Client(address, set_as_default=False) as client:
        client.upload_file(__file__)
        pool = client.get_executor(pure=False)
        before, there = time.process_time(), processor(process)
        start, waiting = time.monotonic(), list[Future[Any]]()
        for job in stubs(count):
            waiting.append(pool.submit(stub, job))
            if len(waiting) >= 1000:
                waiting.pop(0).result()
        for one in waiting:
            one.result()
        spent = (time.process_time() - before) / count * 1e6
        used = (processor(process) - there) / count * 1e6
        rate = count / (time.monotonic() - start)
        print(
            f"{count} jobs sent: client {spent:.0f} us of CPU each and {memory():.0f} MB, scheduler {used:.0f} us and "
            f"{memory(process):.0f} MB, {rate:.0f} jobs a second",
            flush=True,
        )


def main() -> None:
    """All of it, one after another."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("kernel", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--stubs", type=int, default=1_000_000)
    parser.add_argument("--sent", type=int, default=20_000)
    asked = parser.parse_args()
    if asked.jobs:
        scaling(real_jobs(asked.kernel, asked.run, asked.jobs))
    if asked.stubs:
        alone(asked.stubs)
    if asked.sent:
        sent(asked.sent)


if __name__ == "__main__":
    main()
