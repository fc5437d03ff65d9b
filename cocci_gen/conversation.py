"""A program that is kept running and answers what is written to it."""

from __future__ import annotations

import os
import select
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path

from cocci_gen import programs

_CHUNK = 1 << 18
#: The largest answer.
_LARGEST = 1 << 30


class SilenceError(Exception):
    """A program that answers requests has ended, or takes too long to answer."""


class Conversation:
    """A program that is kept running and answers what is written to it; end it with `close`.

    Not for several threads at a time.  What it says on stderr is not heard.
    """

    def __init__(self, argv: Sequence[str], *, cwd: Path, timeout: float, env: Mapping[str, str]) -> None:
        """Start it, as `run` does; `timeout` is for one answer.  SilenceError when it cannot be started."""
        self._timeout = timeout
        self._unread = bytearray()
        begun = programs.begin(argv, cwd=cwd, env=env)
        if isinstance(begun, programs.NotStarted):
            raise SilenceError(begun.reason)
        self._process = begun
        self._end = weakref.finalize(self, programs.end, begun, os.getpid())

    def close(self) -> None:
        """Kill it; nothing else is asked."""
        self._end()

    def say(self, request: bytes) -> None:
        """Write a request that fits into a pipe (64 kB) together with what has not been answered yet."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(request)
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise SilenceError("it has ended") from error

    def line(self) -> bytes:
        """The next line of the answer, without its end."""
        while (end := self._unread.find(b"\n")) < 0:
            if len(self._unread) > _CHUNK:
                raise SilenceError("it says what is no answer")
            self._hear()
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        return line

    def bytes(self, size: int) -> bytes:
        """So many bytes of the answer."""
        if size > _LARGEST:
            raise SilenceError(f"an answer of {size} bytes is too large")
        while len(self._unread) < size:
            self._hear()
        with memoryview(self._unread) as unread:  # a slice of the array itself would be copied twice
            answer = bytes(unread[:size])
        del self._unread[:size]
        return answer

    def _hear(self) -> None:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        if not waiting.poll(self._timeout * 1000):
            raise SilenceError(f"it has not answered within {self._timeout:g} s")
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            raise SilenceError("it has ended")
        self._unread += chunk
