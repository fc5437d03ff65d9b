"""The address of a Dask scheduler -> an Executor whose workers run jobs.

A job carries its own input, so a worker needs no kernel and no shared disk.  Its answer goes into the cache of this
machine, under a key that names the spatch of this machine: a worker with another spatch, or another cocci-gen to read its
answer, is refused, when the work begins and, for workers come and go, again with every job.

Dask sends pickles both ways, and a pickle runs code when it is read: whoever may connect to the scheduler can run code on
the workers, and whoever answers for a worker on this machine.  So: a scheduler of your own, in a network of your own, or
certificates (`--tls`), which both sides check before a byte is read.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cocci_gen.coccinelle.cache import content_key
from cocci_gen.coccinelle.job_runs import find_version
from cocci_gen.coccinelle.jobs import Failed, Finished
from cocci_gen.errors import ClusterUnavailable, CocciGenError
from cocci_gen.resources import package_code

#: Seconds for the scheduler to answer, and for its first worker to be there.
_PATIENCE = 10.0
#: Seconds without any worker after which a run gives up: one that is restarted is back by then.
_ABANDONED = 120.0
#: Seconds between two looks at the workers.
_GLANCE = 2.0
_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss)://)?(?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the outcome of a job depends on besides the job: the spatch of this name, and the code that reads its answer."""

    program: str
    spatch: str
    code: str


def equipment(program: str) -> Equipment:
    """What this machine has; SpatchUnavailable when it has no spatch."""
    return Equipment(program, find_version(program), content_key(part for file in package_code() for part in file))


#: On a worker: what it had when it was last asked by `_greet`; looking again would cost a good part of a job.
_known_equipment = cache(equipment)


@contextmanager
def cluster(address: str, program: str, certificates: tuple[Path, ...] = ()) -> Iterator[Executor]:
    """An executor for jobs whose workers have what this machine has; ClusterUnavailable where there is none.

    `certificates` are the files of the authority, of our certificate and of its key, for a scheduler at tls://.
    """
    client = _connect(address, certificates)
    with _unheard(logging.getLogger("distributed.client")):
        try:
            needed = equipment(program)
            _check(client, address, needed)
            workers = _Workers(client.get_executor(pure=False), address, needed)
            with _watched(client, workers):
                yield workers
        finally:
            client.close()


@contextmanager
def _watched(client: Any, workers: _Workers) -> Iterator[None]:
    """Ends the work when all workers have gone and none comes back: Dask itself would wait for ever."""
    over = threading.Event()

    def watch() -> None:
        seen = time.monotonic()
        while not over.wait(_GLANCE):
            try:
                there = bool(client.nthreads())
            except (OSError, RuntimeError, TimeoutError, ValueError):
                return  # the scheduler is lost, or this run ends; both are told elsewhere
            seen = time.monotonic() if there else seen
            if time.monotonic() - seen >= _ABANDONED:
                workers.abandon()
                return

    thread = threading.Thread(target=watch, name="cluster-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_PATIENCE)


@contextmanager
def _unheard(log: logging.Logger) -> Iterator[None]:
    """Without the tracebacks that a client logs when its scheduler goes; what happened is told in one line."""
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def _connect(address: str, certificates: tuple[Path, ...]) -> Any:
    """A client of the scheduler."""
    found = _ADDRESS.fullmatch(address)
    if found is None or int(found[1]) > 65535:
        raise ClusterUnavailable(f"{address!r} is no address of a Dask scheduler; one looks like tcp://host:8786")
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterUnavailable(
            "--scheduler needs dask.distributed, which is not installed; pip install '.[dask]' in a clone of cocci-gen"
        ) from error
    if bool(certificates) != address.startswith(("tls://", "wss://")):
        raise ClusterUnavailable(
            f"{address} and --tls do not go together: certificates are for tls://, and tls:// needs them"
        )
    try:
        return Client(address, timeout=_PATIENCE, set_as_default=False, name="cocci-gen", **_security(certificates))
    except (OSError, ValueError) as error:
        raise ClusterUnavailable(
            f"no Dask scheduler answers at {address} within {_PATIENCE:g} s; start one (dask scheduler), or leave out "
            "--scheduler to use this machine alone"
        ) from error


def _security(certificates: tuple[Path, ...]) -> dict[str, object]:
    """The certificates as Dask takes them; ClusterUnavailable where one cannot be read."""
    if not certificates:
        return {}
    from distributed.security import Security

    for path in certificates:
        try:
            path.open("rb").close()
        except OSError as error:
            raise ClusterUnavailable(f"--tls {path}: cannot be read ({error.strerror})") from error
    authority, certificate, key = map(str, certificates)
    named = {"tls_ca_file": authority, "tls_client_cert": certificate, "tls_client_key": key}
    return {"security": Security(require_encryption=True, **named)}


def _check(client: Any, address: str, needed: Equipment) -> None:
    """ClusterUnavailable when there is no worker, or one that would answer otherwise than this machine."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        raise ClusterUnavailable(
            f"the Dask scheduler at {address} has no workers; start some (dask worker {address})"
        ) from error
    try:
        client.run_on_scheduler(_is_here)
    except ImportError as error:
        raise ClusterUnavailable(f"the Dask scheduler at {address} {_without_us(error)}") from error
    answers: Mapping[str, object] = client.run(_greet, needed.program, on_error="return")
    for worker, answer in sorted(answers.items()):
        if isinstance(answer, Equipment):
            _compare(worker, answer, needed)
        elif isinstance(answer, CocciGenError):
            raise ClusterUnavailable(f"the worker {worker}: {answer}")
        else:
            raise ClusterUnavailable(f"the worker {worker} {_without_us(answer)}")


def _is_here() -> bool:
    """Runs on the scheduler, which reads every job before it passes it on."""
    return True


def _greet(program: str) -> Equipment:
    """Runs on every worker when the work begins: what it has now."""
    _known_equipment.cache_clear()
    return _known_equipment(program)


def _compare(worker: str, found: Equipment, needed: Equipment) -> None:
    if found.spatch != needed.spatch:
        raise ClusterUnavailable(
            f"the worker {worker} has spatch {found.spatch}, and this machine has {needed.spatch}, which may answer "
            "otherwise; install the same Coccinelle on both"
        )
    if found.code != needed.code:
        raise ClusterUnavailable(
            f"the worker {worker} has another cocci-gen than this machine, which may read otherwise what spatch says; "
            "install the same on both"
        )


def _work(needed: Equipment, function: Callable[..., Finished], *args: object) -> Finished:
    """Runs on a worker: a job, if it is one that may."""
    from distributed import get_worker

    _compare(get_worker().address, _known_equipment(needed.program), needed)
    return function(*args)


class _Workers(Executor):
    """Sends jobs to the workers; whatever may befall a cluster is an outcome or a CocciGenError."""

    def __init__(self, pool: Executor, address: str, needed: Equipment) -> None:
        self._pool = pool
        self._address = address
        self._needed = needed
        self._lock = threading.Lock()
        self._waiting: set[Future[Any]] = set()
        self._abandoned = False

    def abandon(self) -> None:
        """No worker will do what is left: every promise ends with that sentence."""
        with self._lock:
            self._abandoned = True
            waiting = tuple(self._waiting)
        for promise in waiting:
            self._end(promise, lambda one: one.set_exception(self._nobody()))

    def _nobody(self) -> ClusterUnavailable:
        return ClusterUnavailable(
            f"the Dask scheduler at {self._address} has had no worker for {_ABANDONED:g} s; what was finished is kept, the "
            "same command goes on from there"
        )

    def _end(self, promise: Future[Any], end: Callable[[Future[Any]], None]) -> None:
        """Keep or give up a promise, once."""
        with self._lock:
            if promise not in self._waiting:
                return
            self._waiting.remove(promise)
        end(promise)

    def submit(self, function: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        """A job -> the promise of what `function` makes of it."""
        promise: Future[Any] = Future()
        with self._lock:
            if self._abandoned:
                raise self._nobody()
            self._waiting.add(promise)
        sent = self._pool.submit(_work, self._needed, function, *args)
        sent.add_done_callback(lambda done: self._tell(done, promise))
        return promise

    def _tell(self, done: Future[Finished], promise: Future[Any]) -> None:
        from distributed import KilledWorker

        if done.cancelled():
            error: BaseException | None = ClusterUnavailable(
                f"the connection to the Dask scheduler at {self._address} is lost; what was finished is kept, the same "
                "command goes on from there"
            )
        else:
            error = done.exception()
        if error is None:
            self._end(promise, lambda one: one.set_result(done.result()))
        elif isinstance(error, KilledWorker):
            died = Finished(Failed(f"{error.allowed_failures + 1} workers died of it"), None)
            self._end(promise, lambda one: one.set_result(died))
        elif isinstance(error, ImportError):
            without = ClusterUnavailable(f"a worker of {self._address} {_without_us(error)}")
            self._end(promise, lambda one: one.set_exception(without))
        else:
            self._end(promise, lambda one: one.set_exception(error))


def _without_us(problem: object) -> str:
    return f"cannot run cocci-gen ({problem}); install it there too: pip install '.[dask]' in a clone of cocci-gen"
