"""This process -> others that work for it: how they are forked, how they begin, and one that works from the other end.

What a worker finds is plain values; what cannot be handed over, this process finds for itself.
"""

from __future__ import annotations

import fcntl
import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from cocci_gen.errors import CocciGenError
from cocci_gen.programs import ENDINGS, uninterrupted

T = TypeVar("T")
R = TypeVar("R")
#: What a worker may have found before somebody takes it: the most that a pipe holds for everybody.
_PIPE = 1 << 20


@contextmanager
def forking() -> Iterator[None]:
    """Workers are forked in the block.  Ctrl-C waits meanwhile: raised in what libraries do at a fork, Python says so and goes
    on, in a worker that then does not end, or in this process, where nobody would hear of it any more."""
    with uninterrupted():
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)  # which a worker inherits, until it has begun
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_work(parent: int) -> None:
    """In a worker process: end at once and in silence when told to, and when nobody is left to work for."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


def may_fork() -> bool:
    """Whether a process may be forked off this one that goes on with what this one knows: other threads would not be there."""
    return threading.active_count() == 1


class Second(Generic[T, R]):
    """A second process that does tasks from the last one to the first, while this one does other things; then this one does them
    from the first one on until they meet.  What comes out is the same whoever did it."""

    def __init__(self, tasks: Sequence[T], work: Callable[[T], R]) -> None:
        """`work` does a task; what it gives in the other process is pickled."""
        self._tasks = tasks
        self._work = work
        self._done: dict[int, R] = {}
        #: The tasks from this one on are done.
        self._back = len(tasks)
        #: Those ahead of this one are done here, or under way; the other process sees it.
        self._front = multiprocessing.RawValue("q", 0)
        self._pipe: Connection | None = None

    @contextmanager
    def working(self, apart: Callable[[], None], end: Callable[[], None]) -> Iterator[None]:
        """The other process works in the block, and has ended behind it; `apart` and `end` are what it does first and last."""
        context = multiprocessing.get_context("fork")
        pipe, there = context.Pipe(duplex=False)
        with suppress(OSError):
            fcntl.fcntl(there.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
        process = context.Process(target=self._go_back, args=(os.getpid(), there, apart, end), daemon=True)
        gc.freeze()  # what both know is not looked through, and so not copied, in either
        try:
            with forking():
                process.start()
            there.close()
            self._pipe = pipe
            yield
            while self._heard(pipe):
                pass
            process.join()
        finally:
            if process.pid is not None:
                process.terminate()
                process.join()
            self._pipe = None
            pipe.close()
            gc.unfreeze()

    def _go_back(self, parent: int, pipe: Connection, apart: Callable[[], None], end: Callable[[], None]) -> None:
        """In the other process: the tasks, from the last one on."""
        begin_work(parent)
        with suppress(CocciGenError, BrokenPipeError):  # the first process meets with the same, and tells of it
            apart()
            for number in reversed(range(len(self._tasks))):
                if number < self._front.value:
                    break
                pipe.send((number, self._work(self._tasks[number])))
            end()
        pipe.close()

    def listen(self) -> None:
        """Take what the other process has done by now, so that it can go on."""
        while self._pipe is not None and self._pipe.poll() and self._heard(self._pipe):
            pass

    def _heard(self, pipe: Connection) -> bool:
        """Wait for the next task that is done there; whether there was one, and the other process still works."""
        try:
            number, found = pipe.recv()
        except EOFError:
            self._pipe = None
            return False
        self._back = number
        self._done.setdefault(number, found)
        return True

    def results(self) -> list[R]:
        """What the tasks give, in their order; those that are not done nor under way are done here."""
        while (front := self._front.value) < self._back:
            self.listen()
            if self._pipe is not None and front == self._back - 1:
                self._heard(self._pipe)
            elif front < self._back:
                self._front.value = front + 1
                self._done[front] = self._work(self._tasks[front])
        return [self._done[number] for number in range(len(self._tasks))]
