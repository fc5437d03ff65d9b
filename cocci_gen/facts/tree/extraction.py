"""Blobs of a kernel tree -> what the index keeps of each, read and parsed in several processes."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from cocci_gen.code.texts.outline import outline
from cocci_gen.code.texts.reading import definitions
from cocci_gen.code.texts.source import EVERY, file_facts
from cocci_gen.errors import CocciGenError
from cocci_gen.facts.tree.outlines import packed
from cocci_gen.facts.tree.store import FactsRow, OutlineRow
from cocci_gen.facts.tree.workers import begin_work, forking
from cocci_gen.kernel.tree import KernelTree

_R = TypeVar("_R")
#: What is outlined, and what is parsed, at a time.
_OUTLINED, _PARSED = 500, 60


#: In a worker process, what all of them are asked for; empty anywhere else.
_blobs: list[str] = []

#: What makes the facts of a file depend on the version of its tree.
_VERSIONED = (b"LINUX_VERSION_CODE", b"KERNEL_VERSION")


def versioned(oid: str, version: int) -> str:
    """The name under which the facts of a file are kept that asks for the version of its tree."""
    return f"{oid}@{version}"


def asks_for_version(text: bytes) -> bool:
    """Whether a file asks for the version of its tree."""
    return any(word in text for word in _VERSIONED)


def outlines_of(tree: KernelTree, missing: list[str], version: int, jobs: int) -> Iterator[list[OutlineRow]]:
    """The outlines of blobs, chunk by chunk as they are done."""
    return _in_chunks(_outlines_of, tree, missing, version, jobs, _OUTLINED)


def facts_of(tree: KernelTree, missing: list[str], version: int, jobs: int) -> Iterator[list[FactsRow]]:
    """What the syntax trees of blobs say, chunk by chunk as they are done, as a tree of this LINUX_VERSION_CODE compiles
    them; no `jobs` for this process alone."""
    return _in_chunks(_facts_of, tree, missing, version, jobs, _PARSED)


def _in_chunks(
    work: Callable[[KernelTree, list[str], int], list[_R]],
    tree: KernelTree,
    missing: list[str],
    version: int,
    jobs: int,
    size: int,
) -> Iterator[list[_R]]:
    # What is laid over the tree is little, and lies in this process.
    if held := [oid for oid in missing if oid in tree.held]:
        yield work(tree, held, version)
        missing, tree = [oid for oid in missing if oid not in tree.held], tree.base
    starts = range(0, len(missing), size)
    if len(starts) <= 1 or not jobs:
        yield from (work(tree, missing[start : start + size], version) for start in starts)
        return
    first, *further = (partial(_part, work, tree, start, size, version) for start in starts)
    with _working(jobs, missing, first) as (pool, begun):
        waiting = {begun}
        for part in further:
            waiting.add(pool.submit(part))
            if len(waiting) >= 3 * jobs:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        yield from (future.result() for future in as_completed(waiting))  # what is done is kept, come what may


def _part(
    work: Callable[[KernelTree, list[str], int], list[_R]], tree: KernelTree, start: int, size: int, version: int
) -> list[_R]:
    """In a worker process: its work on some of the blobs that it knows of."""
    return work(tree, _blobs[start : start + size], version)


@contextmanager
def _working(
    jobs: int, missing: list[str], first: Callable[[], list[_R]]
) -> Iterator[tuple[ProcessPoolExecutor, Future[list[_R]]]]:
    """A pool whose processes all run and know what is `missing`, and what comes of its first job; none is left when the block is
    left by an error.

    Jobs are a few bytes: what does not fit into the pipe when the last worker was killed is waited for by Python 3.11 for ever.
    """
    pool = None
    try:
        with forking():
            pool = ProcessPoolExecutor(jobs, initializer=_prepare_worker, initargs=(os.getpid(), missing))
            begun = pool.submit(first)
        yield pool, begun
        pool.shutdown()
    except BrokenProcessPool as error:
        time.sleep(0.3)  # Ctrl-C ends the workers too; its KeyboardInterrupt is then on its way
        raise CocciGenError(
            "a process that parses the tree was killed, most likely for want of memory; try a smaller -j"
        ) from error
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
        raise


def _prepare_worker(parent: int, missing: list[str]) -> None:
    """In a worker process that parses; `missing` is what all will be asked for."""
    _blobs[:] = missing
    begin_work(parent)
    gc.disable()  # syntax trees hold no cycles; looking for some costs a tenth of the time


def _definitions(text: bytes) -> list[tuple[str, str, str]]:
    """(kind, name, parts as JSON) of what a file defines for the reading of others."""
    return [(one.kind, one.name, json.dumps(one.parts)) for one in definitions(text)]


def _outlines_of(tree: KernelTree, oids: list[str], version: int) -> list[OutlineRow]:
    """The outlines of some blobs; in a worker process where there are many."""
    return [
        (_name_of(oid, text, version), packed(outline(text)), _definitions(text)) for oid, text in tree.read_blobs(oids)
    ]


def _facts_of(tree: KernelTree, oids: list[str], version: int) -> list[FactsRow]:
    """The facts of some blobs as plain tuples; in a worker process where there are many."""
    rows: list[FactsRow] = []
    for oid, text in tree.read_blobs(oids):
        facts = file_facts(text, EVERY, version)
        functions = [
            (
                span.name,
                span.start,
                span.end,
                span.line,
                span.last_line,
                span.static | span.inline << 1 | span.whole << 2,
            )
            for span in facts.functions
        ]
        entries = [(entry.tag, entry.variable, entry.method, entry.function, entry.line) for entry in facts.entries]
        rows.append((oid, functions, entries, list(facts.holes)))
    return rows


def _name_of(oid: str, text: bytes, version: int) -> str:
    return versioned(oid, version) if asks_for_version(text) else oid
